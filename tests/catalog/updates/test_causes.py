"""A cause is recorded once for all the entries that it concerns; which kind opens what stands in
one table; the board shows everything that is due.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fixtures.callers import client, once
from fixtures.exchanging import clock_of, task_kinds, trail
from fixtures.page_forms import shown
from fixtures.worlds import World
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from audit.append import ObjectRef
from catalog.copies import service as copies
from catalog.publication.views.owed import owed
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.words import ShareType
from catalog.updates import service
from catalog.updates.lifecycle import OPENS
from catalog.updates.repository import owed as repository
from catalog.updates.words import ChangeKind
from shuqiao.db import reading, unit_of_work
from shuqiao.errors import Invalid
from shuqiao.limits import Basis
from shuqiao.subject import Subject

At = Callable[[str], World]
LAW = {"kind": "law", "on": "2026-02-10", "basis": "《义务教育法》修改"}
DATA = {"kind": "new_data", "on": "2026-02-10", "basis": "校车管理系统上线"}


def post(world: World, who: str, path: str, body: dict[str, Any]) -> Any:
    return client(world, who).post(f"/api/v1{path}", json=body, headers=once())


def get(world: World, who: str, path: str) -> Any:
    return client(world, who).get(f"/api/v1{path}").json()


def pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [each["pointer"] for each in answer.json()["errors"]]


def opened(world: World, kind: ChangeKind, on: str = "2026-02-10") -> Any:
    """What a step of the platform opens for the entry."""
    with unit_of_work() as session:
        entry = resources.by_code(session, world.resource_code, lock=True)
        assert entry is not None
        about, day = ObjectRef("Thing", "TH-2026-000001"), date.fromisoformat(on)
        system = Subject.system("test")
        change = service.open_for(
            session, system, entry, kind, on=day, cause=about, basis="负面清单"
        )
        return change.change_no if change is not None else None


def test_every_kind_is_in_the_table() -> None:
    assert set(OPENS) == set(ChangeKind)


def test_one_act_opens_a_task_with_its_limit_for_every_entry(world_at: At) -> None:
    world = world_at("published_resource")
    made = post(world, "data_admin", "/update-causes", {**LAW, "codes": [world.resource_code]})
    assert made.status_code == 201, made.text
    (change,) = made.json()["changes"]
    assert (change["due_on"], change["limit_basis"]) == ("2026-03-02", "statutory")
    assert task_kinds(world, "registrar") == ["update_resource"]
    assert trail(made.json()["cause_no"]) == ["update_cause:recorded"]
    again = post(world, "data_admin", "/update-causes", {**LAW, "codes": [world.resource_code]})
    assert (again.status_code, change["change_no"] in again.text) == (409, True)
    single = f"/resources/{world.resource_code}/change-events"
    assert post(world, "registrar", single, LAW).status_code == 409, "the same by the other way"
    assert post(world, "registrar", single, {**LAW, "kind": "basis_lapsed"}).status_code == 422


def test_whom_a_cause_reaches_is_seen_before(world_at: At) -> None:
    world = world_at("changed_law")
    code, path = world.resource_code.replace("-", "/"), "/update-causes/reach"
    (found,) = get(world, "registrar", f"{path}?code={world.resource_code}")["items"]
    assert (found["code"], found["owed"]) == (code, [world.change_no])
    element = f"{path}?element={world.element_identifier}"
    assert [each["code"] for each in get(world, "data_admin", element)["items"]] == [code]
    for nothing in ("", "?basis=没有这样的依据", "?department=11150000009900021B&basis=没有"):
        assert get(world, "data_admin", path + nothing)["items"] == []
    page = shown(client(world, "registrar"), f"/update-causes/new?codes={world.resource_code}")
    assert world.change_no in page and f'value="{code}"' in page


def test_a_department_records_for_its_own_entries_alone(world_at: At) -> None:
    world = world_at("published_resource")
    body = {**LAW, "codes": ["307001-999999", world.resource_code]}
    assert pointers(post(world, "consumer_registrar", "/update-causes", body)) == [
        "#/codes/0",
        "#/codes/1",
    ]
    path = f"/update-causes/reach?code={world.resource_code}"
    assert get(world, "consumer_registrar", path)["items"] == []
    assert pointers(post(world, "registrar", "/update-causes", LAW)) == ["#/codes"]
    other = {**DATA, "data": [{"name": "甲", "department": "11150000009900021B"}]}
    assert post(world, "consumer_registrar", "/update-causes", other).status_code == 422


def test_new_data_is_met_by_the_publication_of_the_entry_named(world_at: At) -> None:
    world = world_at("new_data")
    assert clock_of(world.change_no).basis == Basis.POLICY
    assert str(clock_of(world.change_no).due_on) == "2026-03-17", "20 working days, by the platform"
    same = {**DATA, "data": [{"name": "校车运行信息"}]}
    assert post(world, "registrar", "/update-causes", same).status_code == 409
    ask = {"working_days": 1, "reason": "需要核实"}
    path = f"/change-events/{world.change_no}"
    assert post(world, "registrar", f"{path}/extensions", ask).status_code == 409
    assert pointers(post(world, "registrar", f"{path}/entry", {"resource_code": "1-1"})) == [
        "#/resource_code"
    ]
    named = post(world, "registrar", f"{path}/entry", {"resource_code": world.resource_code})
    assert (named.status_code, named.json()["status"]) == (201, "due")
    with unit_of_work() as session:
        entry = resources.by_code(session, world.resource_code, lock=True)
        assert entry is not None
        service.meet(session, world.subjects["data_admin"], entry)
    assert get(world, "registrar", path)["status"] == "met"


def test_what_needs_no_update_is_dismissed_with_reasons(world_at: At) -> None:
    world = world_at("changed_law")
    path = f"/change-events/{world.change_no}/dismissal"
    assert post(world, "registrar", path, {"reason": "不涉及"}).status_code == 403
    assert post(world, "data_admin", path, {"reason": ""}).status_code == 422
    assert post(world, "data_admin", path, {"reason": "不涉及"}).json()["status"] == "dismissed"
    assert task_kinds(world, "registrar") == []
    assert post(world, "data_admin", path, {"reason": "不涉及"}).status_code == 409
    assert clock_of(world.change_no).closed_on is not None


@pytest.mark.parametrize(
    ("kind", "basis", "due_on"),
    [
        (ChangeKind.NEGATIVE_ENTRY, Basis.POLICY, "2026-03-02"),
        (ChangeKind.BASIS_LAPSED, Basis.STATUTORY, "2026-03-02"),
    ],
)
def test_the_platform_opens_by_the_table(
    world_at: At, kind: ChangeKind, basis: Basis, due_on: str
) -> None:
    world = world_at("published_resource")
    change_no = opened(world, kind)
    clock = clock_of(change_no)
    assert (clock.basis, str(clock.due_on)) == (basis, due_on)
    assert opened(world, kind) == change_no, "the same step again opens nothing more"
    assert task_kinds(world, "registrar") == ["update_resource"]
    cause = f"/update-causes/{get(world, 'data_admin', f'/change-events/{change_no}')['cause_no']}"
    assert get(world, "data_admin", cause)["about"] == "Thing TH-2026-000001"


def test_a_name_opens_nothing_and_a_day_to_come_is_refused(world_at: At) -> None:
    world = world_at("published_resource")
    assert opened(world, ChangeKind.DEPARTMENT_RENAMED) is None
    with pytest.raises(Invalid):
        opened(world, ChangeKind.NEGATIVE_ENTRY, "2026-02-12")


def test_the_board_shows_what_is_due_together_and_to_whom_it_may(world_at: At) -> None:
    world = world_at("changed_law")
    negative = opened(world, ChangeKind.NEGATIVE_ENTRY)
    rows = get(world, "registrar", "/updates")["items"]
    assert [each["change_no"] for each in rows] == [world.change_no, negative]
    assert {each["working_days_left"] for each in rows} == {9}
    assert get(world, "applicant", "/updates")["items"] == []
    assert get(world, "consumer_registrar", "/updates")["items"] == []
    of_law = get(world, "data_admin", "/updates?basis=statutory")["items"]
    assert [each["change_no"] for each in of_law] == [world.change_no]
    assert get(world, "data_admin", "/updates?urgency=overdue")["items"] == []
    (total,) = get(world, "data_admin", "/updates/figures")["items"]
    assert (total["entries"], total["updates"], total["of_law"]) == (1, 2, 1)
    page = shown(client(world, "head"), "/updates")
    assert page.count(world.resource_code) == 1, "an entry is named once"
    assert "平台约定" in page
    table = client(world, "data_admin").get("/updates/export").text
    assert world.change_no in table and negative in table


def test_a_reviewer_is_told_when_the_version_touches_nothing_of_the_cause(world_at: At) -> None:
    world = world_at("published_resource")
    opened(world, ChangeKind.NEGATIVE_ENTRY)
    admin = world.subjects["data_admin"]
    with unit_of_work() as session:
        entry = resources.by_code(session, world.resource_code, lock=True)
        assert entry is not None
        copies.open_copy(session, world.subjects["registrar"], entry, entry.version)
        copy = resources.working_copy(session, entry, lock=True)
        assert copy is not None
        copy.abstract = "只改摘要。"
        session.flush()
        read = registering.read(session, copy)
        assert [each.is_touched for each in owed(session, admin, copy, read)] == [False]
        item = read.items[0].model_copy(update={"share_type": ShareType.WITHHELD})
        changed = read.model_copy(update={"items": [item, *read.items[1:]]})
        assert [each.is_touched for each in owed(session, admin, copy, changed)] == [True]
        session.rollback()


def test_a_renamed_department_leaves_a_cause_without_tasks(world_at: At) -> None:
    world = world_at("published_resource")
    code = "11150000009900021B"
    now = client(world, "data_admin").get(f"/api/v1/departments/{code}").json()["name"]
    body = {"name": "内蒙古自治区教育委员会", "name_before": now}
    answer = client(world, "system_admin").put(f"/api/v1/departments/{code}", json=body)
    assert answer.status_code in (200, 201), answer.text
    with reading() as session:
        cause = repository.cause_by_no(session, "UC-2026-000001")
        assert cause is not None and cause.kind is ChangeKind.DEPARTMENT_RENAMED
        assert repository.of_cause(session, cause.id) == []


def test_a_system_shows_its_new_data_and_the_way_to_declare_it(world_at: At) -> None:
    world = world_at("registered_system")
    page = f"/systems/{world.system_no}"
    data = {"name": "校车运行信息", "system": world.system_no}
    made = post(world, "registrar", "/update-causes", {**DATA, "data": [data]})
    assert made.status_code == 201, made.text
    html = shown(client(world, "registrar"), page)
    assert made.json()["changes"][0]["change_no"] in html
    form = shown(client(world, "registrar"), f"/update-causes/new-data?system={world.system_no}")
    assert f'value="{world.system_no}"' in form
    assert pointers(
        post(world, "consumer_registrar", "/update-causes", {**DATA, "data": [data]})
    ) == ["#/data/0/system"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE update_cause SET basis = 'x'",
        "UPDATE catalogue_change SET kind = 'duty'",
        "UPDATE catalogue_change SET changed_on = '2026-02-09'",
        "UPDATE catalogue_change SET resource_code = ''",
        "UPDATE catalogue_change SET status = 'dismissed'",
        "UPDATE update_cause SET recorder_id = NULL, department_id = NULL",
    ],
)
def test_the_database_holds_a_cause_and_its_updates_together(world_at: At, change: str) -> None:
    world_at("changed_law")
    with pytest.raises(DBAPIError), unit_of_work() as session:
        session.connection().execute(text(change))


def test_the_review_page_names_what_the_publication_meets(world_at: At) -> None:
    world = world_at("reviewed_change")
    change_no = opened(world, ChangeKind.NEGATIVE_ENTRY)
    html = shown(client(world, "data_admin"), f"/resources/{world.resource_code}/review")
    assert change_no in html and "按负面清单重新确定共享属性" in html
