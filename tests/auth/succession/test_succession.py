"""After a merger or a split every object gets its successor, once, by the document."""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures.callers import client, data_client, once
from fixtures.database import run_sql
from fixtures.exchanging import clock_of, task_kinds, trail
from fixtures.page_forms import shown
from fixtures.succeeding import RULING, act, code
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError

from auth.sessions.service import sessions
from catalog.systems.schemas import SystemCreate
from exchange.deliveries.service import recording
from exchange.deliveries.service.plans import compile_grant
from exchange.deliveries.service.standing import Standing
from exchange.grants import repository as grants
from exchange.grants.models import ShareGrant
from server.reference.samples import of_body
from shuqiao.db import reading, unit_of_work

At = Callable[[str], World]


def succession(world: World, act_no: str, who: str = "data_admin") -> Any:
    return client(world, who).get(f"/api/v1/reorganisations/{act_no}/succession").json()


def name(world: World, act_no: str, kind: str, successor: str, **said: Any) -> Any:
    body = {**RULING, "kind": kind, "successor": code(successor), **said}
    path = f"/api/v1/reorganisations/{act_no}/succession"
    return client(world, "data_admin").post(path, json=body, headers=once())


def left(world: World, act_no: str) -> dict[str, int]:
    """How many objects of each kind have no successor yet."""
    found: dict[str, int] = {}
    for each in succession(world, act_no)["left"]:
        found[each["kind"]] = found.get(each["kind"], 0) + 1
    return found


def grant(world: World) -> ShareGrant:
    with reading() as session:
        found = grants.by_no(session, world.grant_no)
        assert found is not None
        session.expunge(found)
        return found


def system(world: World, who: str, called: str) -> None:
    body = of_body(SystemCreate) | {"name": called}
    assert client(world, who).post("/api/v1/systems", json=body, headers=once()).status_code == 201


def pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [each["pointer"] for each in answer.json()["errors"]]


def test_a_merged_provider_hands_over_its_entries_with_their_numbers(world_at: At) -> None:
    world = world_at("active_grant")
    system(world, "registrar", "学籍系统")
    act_no = act(world, "merged", ["education"], ["civil"])
    assert left(world, act_no) == {"entry": 1, "system": 1}
    assert task_kinds(world, "data_admin") == ["name_successors"]
    assert "2" in shown(client(world, "data_admin"), "/desk")
    code_of_entry = world.resource_code.replace("-", "/")
    moved = name(world, act_no, "entry", "civil")
    assert moved.status_code == 201, moved.text
    assert left(world, act_no) == {"system": 1}
    entry = client(world, "applicant").get(f"/api/v1/resources/{world.resource_code}").json()
    assert (entry["code"], entry["provider"]) == (code_of_entry, "内蒙古自治区民政厅")
    first = client(world, "applicant").get(f"/catalog/{world.resource_code}?version=1")
    assert "内蒙古自治区教育厅" in first.text, "the name of then stays in what was published"
    clock = clock_of("CE-2026-000001")
    assert (str(clock.started_on), clock.article) == ("2026-02-10", "17")
    assert "grant:succeeded" in trail(world.grant_no)
    assert name(world, act_no, "system", "civil").json()["status"] == "settled"
    assert task_kinds(world, "data_admin") == []
    assert name(world, act_no, "system", "civil").status_code == 409, "nothing moves twice"
    assert trail(act_no)[-1] == "succession:settled"


def test_a_successor_fetches_what_duty_and_matter_pass_on(world_at: At) -> None:
    world = world_at("active_grant")
    proved = grant(world).plan_fingerprint
    act_no = act(world, "merged", ["police"], ["civil"])
    assert left(world, act_no) == {"grant": 1}
    assert name(world, act_no, "grant", "civil").status_code == 201
    assert grant(world).plan_fingerprint == proved
    with data_client(world, "stranger") as successor:
        assert successor.get(f"/api/v1/grants/{world.grant_no}/data").status_code == 200
    with data_client(world, "applicant") as former:
        assert former.get(f"/api/v1/grants/{world.grant_no}/data").status_code in (403, 404)


def test_what_does_not_pass_is_suspended_for_disposal(world_at: At) -> None:
    world = world_at("active_grant")
    act_no = act(world, "merged", ["police"], ["civil"])
    assert name(world, act_no, "grant", "civil", is_passed_on=False).status_code == 201
    assert trail(world.grant_no)[-2:] == ["grant:succeeded", "grant:item_suspended"]
    assert "settle_grant_items" in task_kinds(world, "approver")
    with data_client(world, "stranger") as successor:
        answer = successor.get(f"/api/v1/grants/{world.grant_no}/data")
    assert answer.status_code in (403, 409), answer.text


def test_a_transfer_that_runs_is_not_cut_by_the_succession(world_at: At) -> None:
    """It goes on in the name of the department that began it; the next one is the successor's."""
    world = world_at("active_grant")
    with unit_of_work() as session:
        found = sessions.find(session, world.cookies["applicant"])
        assert found is not None
        plan = compile_grant(session, grant(world)).plan
    running = recording.start(found.subject, grant(world), plan, face="arrow").delivery_id
    proofs = {running: grant(world).plan_fingerprint}
    act_no = act(world, "merged", ["police"], ["civil"])
    assert name(world, act_no, "grant", "civil").status_code == 201
    with reading() as session:
        assert Standing().ask(session, proofs).ended == {}
    run_sql("UPDATE share_grant SET status = 'revoked'")
    with reading() as session:
        assert list(Standing().ask(session, proofs).ended) == [running]


def test_a_split_names_the_successor_of_each_object(world_at: At) -> None:
    """Five systems of one department: three go to one, two to the other."""
    world = world_at("organised")
    for number in range(5):
        system(world, "consumer_registrar", f"系统{number}")
    act_no = act(world, "split", ["police"], ["civil", "education"])
    numbers = [each["number"] for each in succession(world, act_no)["left"]]
    assert len(numbers) == 5
    assert name(world, act_no, "system", "civil", numbers=numbers[:3]).status_code == 201
    assert left(world, act_no) == {"system": 2}
    assert pointers(name(world, act_no, "system", "civil", numbers=numbers[:1])) == ["#/numbers/0"]
    assert pointers(name(world, act_no, "system", "bureau")) == ["#/successor"]
    done = name(world, act_no, "system", "education").json()
    assert (done["status"], len(done["left"]), len(done["succeeded"])) == ("settled", 0, 5)
    owners = [each["successor"] for each in done["succeeded"]]
    assert sorted(map(owners.count, set(owners))) == [2, 3]


def test_sensitive_data_never_moves_with_others(world_at: At) -> None:
    world = world_at("draft_resource")
    run_sql("UPDATE resource_item SET is_personal = true WHERE position = 0")
    act_no = act(world, "merged", ["education"], ["civil"])
    (entry,) = succession(world, act_no)["left"]
    assert entry["is_sensitive"]
    assert pointers(name(world, act_no, "entry", "civil")) == ["#/numbers"]
    alone = {"numbers": [entry["number"]]}
    assert pointers(name(world, act_no, "entry", "civil", **alone)) == ["#/is_confirmed"]
    assert name(world, act_no, "entry", "civil", **alone, is_confirmed=True).status_code == 201


def test_a_working_copy_goes_with_its_entry(world_at: At) -> None:
    world = world_at("changing_resource")
    act_no = act(world, "merged", ["education"], ["police"])
    assert left(world, act_no) == {"entry": 1}
    assert name(world, act_no, "entry", "police").status_code == 201
    path = f"/api/v1/resources/{world.resource_code}/working-copy"
    copy = client(world, "consumer_registrar").get(path)
    assert copy.json()["provider"] == "内蒙古自治区公安厅"


def test_a_request_under_way_goes_on(world_at: At) -> None:
    world = world_at("submitted_request")
    act_no = act(world, "merged", ["education"], ["civil"])
    assert name(world, act_no, "entry", "civil").status_code == 201
    assert trail(world.request_no)[-1] == "request:succeeded"


def test_a_grant_between_two_that_became_one_ends(world_at: At) -> None:
    world = world_at("active_grant")
    act_no = act(world, "merged", ["education"], ["police"])
    assert name(world, act_no, "entry", "police").status_code == 201
    assert grant(world).status == "revoked"


def test_no_object_changes_its_department_without_an_act(world_at: At) -> None:
    world_at("published_resource")
    civil = "(SELECT id FROM department WHERE name LIKE '%民政厅')"
    with pytest.raises(IntegrityError):
        run_sql(f"UPDATE data_resource SET provider_id = {civil}")


def test_an_act_that_ends_nobody_with_holdings_asks_for_nothing(world_at: At) -> None:
    world = world_at("organised")
    act_no = act(world, "merged", ["civil"], ["police"])
    assert succession(world, act_no)["status"] is None
    assert name(world, act_no, "system", "police").status_code == 409
