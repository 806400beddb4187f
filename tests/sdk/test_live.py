"""The SDK against the real service: both HTTP roles on real ports over
a real database that commits.
"""

import json
import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import polars
import pytest
from fixtures import callers
from fixtures.states import STATES
from fixtures.worlds import World
from fixtures.written import FIVE

from exchange.grants import repository as grants
from exchange.grants.service import granting
from shuqiao.db import unit_of_work
from shuqiao_client import Client, Profile, errors
from tests.sdk.conftest import SQ

NAMES = ["学校代码", "学校名称", "地址", "经度"]


def play(world: World, *steps: str) -> None:
    """The other people's steps, by the services."""
    for step in steps:
        STATES[step][1](world)


def test_a_data_user_finds_applies_and_fetches(
    live: Callable[[str], tuple[World, Profile]],
) -> None:
    world, profile = live("published_resource")
    with Client(profile) as client:
        assert client.me().account == "applicant"
        hit = client.catalog.search("学校", share_type="conditional").first()
        assert hit is not None
        assert hit.code.replace("/", "-") == world.resource_code
        assert client.catalog.search("没有这个词").to_polars().height == 0
        resource = client.resource(hit.code)
        assert [item.name for item in resource.items] == NAMES
        with pytest.raises(errors.NoActiveGrant):
            resource.to_polars()

        drafted = client.requests.create(
            resource,
            items=NAMES,
            basis=FIVE["basis"],
            scenario=FIVE["scenario"],
            scope=FIVE["scope"],
            until=date(2026, 12, 31),
        )
        stale = client.requests.show(drafted.request_no)
        assert drafted.submit().status == "own_consent"
        with pytest.raises(errors.Changed):
            stale.withdraw("不再需要")
        with pytest.raises(errors.Conflict):
            drafted.submit()
        assert [each.request_no for each in client.requests.list(status="own_consent")] == [
            drafted.request_no
        ]

        world.request_no = drafted.request_no
        play(world, "submitted_request", "prepared_request")
        assert drafted.refresh().status == "reply_prepared"
        assert drafted.due_on == date(2026, 3, 3)
        play(world, "pending_grant", "active_grant")

        frame = resource.to_polars()
        assert (frame.columns, frame.height) == (NAMES, 4)
        assert client.last_receipt is not None
        assert client.last_receipt.grant_no == world.grant_no
        kept = client.deliveries.receipt(client.last_receipt.delivery_no)
        assert kept == client.last_receipt.raw
        delivery = client.deliveries.get(client.last_receipt.delivery_no)
        assert (delivery.status, delivery.rows) == ("finished", 4)


@pytest.mark.slow
def test_granted_data_in_every_form_and_nothing_beyond_the_grant(
    live: Callable[[str], tuple[World, Profile]],
) -> None:
    world, profile = live("active_grant")
    with Client(profile) as client:
        handle = client.grant(world.grant_no)
        assert [item.name for item in handle.items] == NAMES
        table = handle.to_arrow(columns=["学校名称", "经度"])
        assert table.column_names == ["学校名称", "经度"]
        assert table["经度"].to_pylist() == [120.31, 120.19, 120.25, None]
        assert list(handle.to_pandas()["学校代码"]) == ["0101", "0102", "0103", "0104"]
        assert duckdb.from_arrow(handle.reader()).aggregate("count(经度)").fetchall() == [(3,)]
        with pytest.raises(errors.ColumnNotGranted, match="校长电话"):
            handle.to_arrow(columns=["校长电话"])
        with unit_of_work() as session:
            found = grants.by_no(session, world.grant_no, lock=True)
            assert found is not None
            granting.revoke(
                session, world.subjects["provider_head"], found, found.version, "使用目的已经实现"
            )
        with pytest.raises(errors.NotAllowed):
            handle.to_arrow()
        with pytest.raises(errors.NoActiveGrant):
            client.resource(world.resource_code).to_arrow()


@pytest.mark.slow
def test_a_token_that_was_revoked_no_longer_works(
    live: Callable[[str], tuple[World, Profile]],
) -> None:
    world, profile = live("accounts")
    with Client(profile) as client:
        client.me()
        with callers.client(world, "applicant") as browser:
            [token] = browser.get("/api/v1/tokens").json()["items"]
            browser.post(
                f"/api/v1/tokens/{token['id']}/revocations", headers=callers.once()
            ).raise_for_status()
        with pytest.raises(errors.NotSignedIn):
            client.me()


@pytest.mark.slow
def test_the_program_does_the_same_from_login_to_file(
    live: Callable[[str], tuple[World, Profile]], tmp_path: Path
) -> None:
    world, profile = live("active_grant")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}

    def sq(*arguments: str, text: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [SQ, *arguments],
            env=environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=60,
        )

    login = sq("auth", "login", "--endpoint", profile.endpoint, text=profile.token)
    assert login.returncode == 0, login.stderr
    [hit] = json.loads(sq("catalog", "search", "学校", "--json").stdout)
    target = tmp_path / "学校.parquet"
    done = sq(
        "resource", "get", hit["code"], "-o", str(target), "--columns", "学校名称,经度", "--json"
    )
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert (facts["grant_no"], facts["rows"]) == (world.grant_no, 4)
    assert polars.read_parquet(target)["学校名称"].to_list() == ["一小", "二小", "三中", "四中"]
    refused = sq(
        "resource",
        "get",
        world.grant_no,
        "-o",
        str(tmp_path / "x.csv"),
        "--columns",
        "校长电话",
        "--json",
    )
    assert (refused.returncode, refused.stdout) == (5, "")
    assert json.loads(refused.stderr)["code"] == "column_not_granted"
    assert sq("request", "show", "REQ-2026-999999").returncode == 3
    assert not (tmp_path / "x.csv").exists()
