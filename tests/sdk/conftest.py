"""Servers, snapshots and clients for the tests of the SDK."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from fixtures import callers
from fixtures.worlds import World

from exchange.deliveries.service.chunks import ArrowChunks
from server.process import control
from server.process import data as data_role
from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.arrow.terms.mask_kinds import KeepPrefix, Pseudonym
from shuqiao.settings import settings
from shuqiao_client import Client, Profile, words
from tests.sdk import stand_in
from tests.sdk.stand_in import Answer, StandIn
from tests.shuqiao.arrow.tables import KEYS, plan, snapshot

TOKEN = "sq_0123456789_a-secret-that-must-not-leak"
GRANT = "GR-2026-000001"
#: The program as it is installed.
SQ = Path(sys.executable).with_name("sq")
CODE = "307001-000001"
ITEMS = [
    {
        "id": "11111111-1111-7111-8111-111111111111",
        "name": "学校代码",
        "column_name": "code",
        "data_type": "C",
    },
    {
        "id": "22222222-2222-7222-8222-222222222222",
        "name": "学校名称",
        "column_name": "name",
        "data_type": "C",
    },
    {
        "id": "33333333-3333-7333-8333-333333333333",
        "name": "地址",
        "column_name": "address",
        "data_type": "C",
    },
    {
        "id": "44444444-4444-7444-8444-444444444444",
        "name": "地址",
        "column_name": "address_2",
        "data_type": "C",
    },
]
ENTRY = {
    "code": "307001/000001",
    "title": "中小学校名录",
    "provider": "教育厅",
    "abstract": "学校",
    "share_type": "conditional",
    "share_condition": "履职需要",
    "published_version": 1,
    "published_at": "2026-02-11T09:00:00+08:00",
    "items": ITEMS,
}
ME = {
    "account": "gong",
    "name": "龚申请",
    "department": "公安厅",
    "roles": ["applicant"],
    "auth": "token",
}


@pytest.fixture(autouse=True)
def _language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test starts in Chinese, whatever the machine or the test before spoke."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "SHUQIAO_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    yield
    words._chosen.clear()


@pytest.fixture(scope="session")
def servers() -> Iterator[tuple[StandIn, StandIn]]:
    """Two servers for the whole run: stopping one takes longer than most tests."""
    with stand_in.running() as first, stand_in.running() as second:
        yield first, second


@pytest.fixture
def service(servers: tuple[StandIn, StandIn]) -> StandIn:
    """A server that knows nothing yet."""
    servers[0].forget()
    return servers[0]


@pytest.fixture
def elsewhere(servers: tuple[StandIn, StandIn]) -> StandIn:
    """A second server, on an origin of its own."""
    servers[1].forget()
    return servers[1]


@pytest.fixture
def client(service: StandIn) -> Iterator[Client]:
    with Client(Profile(service.origin, TOKEN)) as opened:
        yield opened


@pytest.fixture
def table() -> pa.Table:
    rows = 5_000
    return pa.table(
        {
            "学校代码": pa.array([f"33{i:08d}" for i in range(rows)]),
            "学校名称": pa.array([None if i % 7 == 0 else f"第{i}中学" for i in range(rows)]),
            "经度": pa.array(
                [None if i % 11 == 0 else 119 + i / rows * 2 for i in range(rows)], pa.float64()
            ),
            "班级数": pa.array(range(rows), pa.int32()),
            "说明": pa.array(
                [f"{i}{'数' * 400}" for i in range(rows)]
            ),  # wide, so that there are several batches
        }
    )


@pytest.fixture
def ready(tmp_path: Path, table: pa.Table) -> DeliveryPlan:
    """A plan that hands on stored batches as they are; several batches."""
    return plan(snapshot(tmp_path / "snapshots", table))


@pytest.fixture
def masked(tmp_path: Path, table: pa.Table) -> DeliveryPlan:
    """A plan with a row filter and two masks."""
    where = {"op": "ge", "item": "经度", "value": 120.2}
    masks = {"学校代码": Pseudonym(), "学校名称": KeepPrefix(1)}
    return plan(
        snapshot(tmp_path / "snapshots", table), ["学校代码", "学校名称", "经度"], masks, where
    )


def pieces_of(plan: DeliveryPlan) -> list[bytes]:
    """Schema, batches and closing bytes as the data role sends them."""

    async def gathered() -> tuple[list[bytes], bytes]:
        chunks = ArrowChunks(plan, KEYS)
        pieces = [bytes(piece) async for piece, _rows in chunks.pieces()]
        return pieces, chunks.last()[0]

    pieces, last = asyncio.run(gathered())
    return [*pieces, last]


def data(pieces: list[bytes], *, is_cut: bool = False) -> Answer:
    headers = {
        "content-type": stand_in.STREAM,
        "shuqiao-delivery": "DL-2026-000001",
        "shuqiao-event-id": "e-1",
    }
    return Answer(200, pieces, headers, is_cut)


def grant(origin: str, **changed: Any) -> dict[str, Any]:
    """A grant as the service shows it, its data at ``origin``."""
    return {
        "grant_no": GRANT,
        "request_no": "REQ-2026-000001",
        "status": "active",
        "version": 2,
        "resource_code": "307001/000001",
        "resource_title": "中小学校名录",
        "consumer": "公安厅",
        "provider": "教育厅",
        "items": [{"item_id": ITEMS[0]["id"], "name": "学校代码", "mask_label": "假名"}],
        "valid_until": "2026-12-31",
        "data_url": f"{origin}/api/v1/grants/{changed.get('grant_no', GRANT)}/data",
        **changed,
    }


def share_request(**changed: Any) -> dict[str, Any]:
    """A request as the service shows it."""
    party = {"id": "55555555-5555-7555-8555-555555555555", "name": "公安厅"}
    clock = {
        "kind": "reply",
        "limit_basis": "statutory",
        "instrument": "国务院令第809号",
        "article": "22",
        "limit_days": 10,
        "started_on": "2026-02-11",
        "due_on": "2026-03-03",
        "closed_on": None,
        "status": "running",
        "derivation": [],
        "uninterrupted_due_on": "2026-03-03",
    }
    return {
        "request_no": "REQ-2026-000001",
        "status": "draft",
        "status_label": "草稿",
        "version": 1,
        "resource_code": "307001/000001",
        "resource_title": "中小学校名录",
        "consumer": party,
        "provider": {**party, "name": "教育厅"},
        "applicant": {**party, "name": "龚申请"},
        "items": ITEMS[:1],
        "basis": "法",
        "scenario": "核对",
        "scope": "支队",
        "share_way": "batch",
        "until": "2026-12-31",
        "created_at": "2026-02-11T09:00:00+08:00",
        "clocks": [clock],
        **changed,
    }


@pytest.fixture
def serve_data(service: StandIn) -> Callable[[Answer], None]:
    """Makes the service offer one active grant whose data is the given answer."""

    def offer(found: Answer) -> None:
        service.on("GET", f"/grants/{GRANT}", stand_in.answer(grant(service.origin)))
        service.on("GET", f"/grants/{GRANT}/data", found)

    return offer


@pytest.fixture
def profile_file(service: StandIn, tmp_path: Path) -> Path:
    path = tmp_path / "profile.json"
    path.write_text(json.dumps({"endpoint": service.origin, "token": TOKEN}), encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture
def live(
    committed_world: Callable[[str], World], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], tuple[World, Profile]]]:
    """``live("published_resource")``: the state, served on two ports,
    and the applicant's profile.
    """
    with ExitStack() as stack:

        def enter(state: str) -> tuple[World, Profile]:
            world = committed_world(state)
            origin = stack.enter_context(stand_in.serving(data_role.create_app(), lifespan="on"))
            monkeypatch.setenv("SHUQIAO_DATA_URL", origin)
            settings.cache_clear()
            endpoint = stack.enter_context(stand_in.serving(control.create_app()))
            return world, Profile(endpoint, token_of(world, "applicant"))

        yield enter


def token_of(world: World, account: str) -> str:
    with callers.client(world, account) as browser:
        answer = browser.post("/api/v1/tokens", json={"name": "夜间取数"}, headers=callers.once())
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["token"]
    return token
