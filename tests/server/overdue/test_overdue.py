"""What is overdue: each head their department's, the data administration every limit of law."""

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from fixtures.callers import client, once
from fixtures.exchanging import grant_now, task_kinds
from fixtures.page_forms import shown
from fixtures.worlds import World

from auth.escalation import escalate
from shuqiao.db import unit_of_work
from shuqiao.settings import settings
from shuqiao.web.etags import etag

At = Callable[[str], World]


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda day: monkeypatch.setattr(settings(), "clock", f"{day}T09:00:00+08:00")


def listed(world: World, who: str, query: str = "") -> list[dict[str, Any]]:
    answer = client(world, who).get(f"/api/v1/overdue{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_a_limit_of_law_is_seen_by_the_head_and_the_administration(
    world_at: At, late: Callable[[str], None]
) -> None:
    """The reply is due on 3 March."""
    world = world_at("submitted_request")
    late("2026-03-03")
    assert listed(world, "head") == []
    late("2026-03-06")
    (row,) = listed(world, "head")
    assert listed(world, "data_admin") == listed(world, "provider_head") == [row]
    assert listed(world, "consumer_head") == [], "not their turn"
    assert (row["case_no"], row["clock"], row["overdue_since"]) == (
        *(world.request_no, "reply"),
        "2026-03-03",
    )
    assert (row["working_days_late"], row["is_breach"], row["basis"]) == (3, True, "statutory")
    assert (row["turn"], row["department"]) == ("审核人", "内蒙古自治区教育厅")
    assert "809" in row["basis_label"]
    for who in ("registrar", "applicant", "system_admin", "reviewer"):
        assert client(world, who).get("/api/v1/overdue").status_code in (403, 404), who

    page = shown(client(world, "data_admin"), "/overdue")
    assert row["what"] in page and "审核人" in page and "第二十一条" in page
    assert "/overdue" in shown(client(world, "head"), "/desk")
    narrowed = shown(client(world, "head"), "/overdue?basis=policy&clock=&case_no=")
    assert "没有逾期事项" in narrowed
    assert listed(world, "head", "?basis=statutory&clock=reply&case_no=REQ") == [row]
    assert listed(world, "head", "?clock=delivery") == []
    file = client(world, "head").get("/overdue/export?clock=reply")
    (line,) = list(csv.DictReader(StringIO(file.content.decode("utf-8-sig"))))
    assert (line["办件编号"], line["超期工作日"]) == (world.request_no, "3")


def test_what_the_platform_sets_stays_inside_the_department(
    world_at: At, late: Callable[[str], None]
) -> None:
    world = world_at("asked_request")
    late("2026-06-30")
    (row,) = listed(world, "consumer_head")
    assert (row["clock"], row["basis"], row["basis_label"]) == (
        *("own_consent", "policy"),
        "平台约定",
    )
    assert listed(world, "data_admin") == listed(world, "head") == []


def test_a_suspended_item_that_nobody_settles_is_overdue_until_somebody_does(
    world_at: At, late: Callable[[str], None]
) -> None:
    world = world_at("suspended_item")
    late("2026-03-05")
    (row,) = listed(world, "head")
    assert (row["case_no"], row["clock"], row["turn"]) == (
        *(world.grant_no, "suspended_item"),
        "审核人",
    )
    with unit_of_work() as session:
        assert escalate(session) == 1
    assert "overdue_settle_grant_items" in task_kinds(world, "head")
    assert listed(world, "head") == [row], "who is urged is no second row"
    body = {"item_id": str(world.item_ids[3]), "outcome": "left"}
    settled = client(world, "approver").post(
        f"/api/v1/grants/{world.grant_no}/item-decisions",
        json=body,
        headers={**once(), "if-match": etag(grant_now(world).version)},
    )
    assert settled.status_code == 201, settled.text
    assert listed(world, "head") == []
    assert task_kinds(world, "head") == [], "nor is anybody urged any more"
