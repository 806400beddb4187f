"""The nightly sweep: what it finds, replaces, keeps and forgets; what people say of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.page_forms import PAGE, hidden, shown
from fixtures.registering import tags
from fixtures.worlds import World
from sqlalchemy import text
from sqlmodel import col, select

from audit.models import AuditEvent
from catalog.duplicates.models import DuplicateSweep, KeptProfile
from catalog.duplicates.tasks import sweep
from shuqiao.db import reading

_RIGHTS = text(
    "SELECT privilege_type FROM information_schema.role_table_grants"
    " WHERE table_name = 'duplicate_ruling' AND grantee = current_user ORDER BY 1"
)
At = Callable[[str], World]


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("suspected_duplicate")


@pytest.fixture
def draft(world_at: At) -> World:
    """The same of an entry that is still worked on."""
    world = world_at("likely_elements")
    sweep()
    world.suspicion_id = UUID(listed(world)[0]["id"])
    return world


def listed(world: World, who: str = "registrar", state: str = "") -> list[dict[str, Any]]:
    query = f"?state={state}" if state else ""
    answer = client(world, who).get(f"/api/v1/duplicates{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def dismiss(world: World, who: str = "registrar") -> Any:
    return client(world, who).post(
        f"/api/v1/duplicates/{world.suspicion_id}/dismissals",
        json={"reason": "是内部简称"},
        headers=once(),
    )


def test_what_is_likely_is_listed_with_its_reasons(world: World) -> None:
    (first, *_others) = listed(world)
    assert (first["item_name"], first["element_name"]) == ("学校名称", "学校名称")
    assert (first["state"], first["provider"]) == ("open", "内蒙古自治区教育厅")
    assert first["evidence"][0]["words"] == "名称相同"


def test_a_sweep_leaves_one_event_and_takes_the_place_of_the_last(world: World) -> None:
    before = [each["id"] for each in listed(world)]
    assert sweep() == len(before)
    assert [each["id"] for each in listed(world)] == before, "the same rows, under the same ids"
    with reading() as session:
        swept = session.exec(select(DuplicateSweep).order_by(col(DuplicateSweep.id))).all()
        query = select(AuditEvent).where(AuditEvent.action == "catalog:duplicate:swept")
        events = session.exec(query.order_by(col(AuditEvent.stream))).all()
        assert [each.sweep_no for each in swept] == [each.stream for each in events]
        assert len(events) == 2


def test_what_is_no_longer_like_an_element_is_gone(draft: World) -> None:
    run_sql("UPDATE resource_item SET name = '甲', column_name = '乙' WHERE name = '学校名称'")
    sweep()
    assert "学校名称" not in [each["element_name"] for each in listed(draft)]


def test_what_is_bound_stands_as_bound_and_stays(draft: World) -> None:
    run_sql(
        "UPDATE resource_item SET element_id = suspected_duplicate.element_id"
        f" FROM suspected_duplicate WHERE suspected_duplicate.id = '{draft.suspicion_id}'"
        " AND resource_item.id = item_id"
    )
    assert [each["id"] for each in listed(draft, state="bound")] == [str(draft.suspicion_id)]
    sweep()
    assert [each["id"] for each in listed(draft, state="bound")] == [str(draft.suspicion_id)]


def test_what_was_dismissed_stays_silent_until_the_evidence_changes(draft: World) -> None:
    answer = dismiss(draft)
    assert (answer.status_code, answer.json()["state"]) == (201, "dismissed")
    assert answer.json()["reason"] == "是内部简称"
    assert tags(draft)[-1] == "catalog:duplicate:dismissed"
    sweep()
    assert str(draft.suspicion_id) not in [each["id"] for each in listed(draft, state="open")]
    run_sql("UPDATE resource_item SET column_name = 'xxmc' WHERE name = '学校名称'")
    sweep()
    assert str(draft.suspicion_id) in [each["id"] for each in listed(draft, state="open")]


def test_what_is_settled_is_not_settled_again(world: World) -> None:
    assert dismiss(world).status_code == 201
    answer = dismiss(world, "data_admin")
    assert (answer.status_code, answer.json()["code"]) == (409, "duplicate_settled")


def test_what_was_said_never_changes(world: World) -> None:
    dismiss(world)
    with reading() as session:
        rights = session.connection().execute(_RIGHTS).scalars().all()
    assert rights == ["INSERT", "SELECT"]


def test_a_draft_is_told_to_its_department_alone(draft: World) -> None:
    assert listed(draft) and listed(draft, "head")
    assert listed(draft, "data_admin") == []
    path = f"/api/v1/duplicates/{draft.suspicion_id}"
    assert client(draft, "data_admin").get(path).status_code == 404
    assert client(draft, "registrar").get(path).status_code == 200


def test_profiles_are_kept_without_a_value_and_go_with_the_data(draft: World) -> None:
    with reading() as session:
        kept = session.exec(select(KeptProfile.column_name, KeptProfile.digests)).all()
    assert {name for name, _digests in kept} == {"代码", "名称", "地址", "经度"}
    written = b"".join(digests for _name, digests in kept)
    assert "一小".encode() not in written and b"0101" not in written
    run_sql("DELETE FROM attachment")
    sweep()
    with reading() as session:
        assert session.exec(select(KeptProfile.column_name)).all() == []


def test_pages_show_the_list_and_one_with_the_way_to_settle_it(world: World) -> None:
    assert 'href="/duplicates"' in shown(client(world, "data_admin"), "/elements")
    html = shown(client(world, "data_admin"), "/duplicates")
    assert "疑似重复" in html and "学校名称" in html and "名称相同" in html
    registrar = client(world, "registrar")
    page = f"/duplicates/{world.suspicion_id}"
    html = shown(registrar, page)
    assert f"/resources/{world.resource_code}/bindings" in html
    action = f"{page}/dismissals"
    fields = hidden(html, action)
    again = registrar.post(action, data=fields, headers=PAGE)
    assert again.status_code == 422 and "原因" in again.text
    fields = hidden(shown(registrar, page), action)
    sent = registrar.post(action, data={**fields, "reason": "内部简称"}, headers=PAGE)
    assert sent.status_code == 303
    html = shown(registrar, f"{page}?done=dismissed")
    assert "内部简称" in html and action not in html


def test_the_list_as_a_file(world: World) -> None:
    answer = client(world, "registrar").get("/duplicates/export?state=open")
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + len(listed(world, state="open"))
    assert "DE-000002" in rows[1]
