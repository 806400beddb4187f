"""Acceptance scenarios 1, 2 and 5 with the real lists, as far as a list decides them."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from fixtures.callers import client
from fixtures.listed import codes, make, send
from fixtures.worlds import World

At = Callable[[str], World]


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("accounts")


def test_scenario_2_an_earlier_list_with_codes_that_were_used_again(
    world: World, shared_data: Path
) -> None:
    identifier = make(world, standard_no="GB/T 2260")
    current = (shared_data / "divisions" / "divisions.csv").read_bytes()
    assert send(world, identifier, current).json()["code_count"] == 3_351
    content = (shared_data / "divisions" / "raw" / "gb2260_2019_with_revoked.csv").read_bytes()
    early = {"label": "2019", "in_force_from": "2019-01-01", "revoked_column": "revoked"}
    refused = send(world, identifier, content, **early).json()
    assert [error["code"] for error in refused["errors"]] == ["repeated_code"]
    assert "：2（" in refused["errors"][0]["detail"]
    why = {
        "reported": hashlib.sha256(content).hexdigest(),
        "repeated_code": "232701、419001 原表各有两个名称，按公布的代码表保留",
    }
    taken = send(world, identifier, content, **early, **why)
    assert taken.status_code == 201, taken.text
    assert taken.json()["code_count"] == 6_564

    def labels(code: str, **asked: str) -> list[tuple[str, bool]]:
        found = codes(world, identifier, code=code, **asked)
        return [(each["label"], each["is_revoked"]) for each in found]

    assert labels("410307", on="2020-01-01") == [("洛龙区", True)]
    assert labels("410311", on="2020-01-01") == [("洛龙区", False)]
    assert labels("410307") == [("偃师区", False)]
    assert labels("410308", edition="2") == [("开发区", True)]
    assert labels("410308", edition="1") == [("孟津区", False)]
    for code, label in (("410322", "孟津县"), ("410381", "偃师市")):
        assert labels(code, edition="2") == [(label, False)]
        assert labels(code, edition="1") == []
    assert labels("232701", edition="2") == [("加格达奇区", False), ("漠河市", False)]
    assert len(labels("419001", edition="2")) == 2


def test_a_list_without_its_leading_zeros_does_not_become_a_domain(
    world: World, shared_data: Path
) -> None:
    identifier = make(world, "国民经济行业分类", standard_no="GB/T 4754")
    content = (shared_data / "standards" / "GB-4754-2017.csv").read_bytes()
    sha = hashlib.sha256(content).hexdigest()
    why = {"reported": sha, "lost_zeros": "x", "repeated_code": "x", "repeated_row": "x"}
    refused = send(world, identifier, content, **why)
    assert refused.status_code == 422
    found = {error["code"]: error["detail"] for error in refused.json()["errors"]}
    assert set(found) == {"lost_zeros", "repeated_code"}
    assert client(world, "applicant").get(f"/api/v1/domains/{identifier}").json()["editions"] == []


@pytest.mark.parametrize(
    ("file", "count"),
    [
        ("GB-3304-1991.csv", 56),
        ("GB-4763-2008.csv", 10),
        ("GB-6864-2003.csv", 56),
        ("ISO-4217-CN.csv", 178),
    ],
)
def test_the_lists_that_are_right_are_taken(
    world: World, shared_data: Path, file: str, count: int
) -> None:
    column = "code_letter" if file.startswith("GB-3304") else "code"
    identifier = make(world, file)
    content = (shared_data / "standards" / file).read_bytes()
    answer = send(world, identifier, content, code_column=column)
    assert answer.status_code == 201, answer.text
    assert answer.json()["code_count"] == count
