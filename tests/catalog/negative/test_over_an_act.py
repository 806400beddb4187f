"""An act about departments frees nothing that the negative list strikes."""

from collections.abc import Callable

import pytest
from fixtures import withholding
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.exchanging import trail
from fixtures.people import DEPARTMENTS
from fixtures.succeeding import RULING, act, code
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError

from catalog.negative.service import striking
from catalog.resources import repository as resources
from catalog.resources.errors import Incomplete
from shuqiao.db import unit_of_work
from tests.catalog.negative import deeds
from tests.catalog.negative.deeds import item

At = Callable[[str], World]


def name(world: World, act_no: str, kind: str, successor: str = "police") -> None:
    body = {**RULING, "kind": kind, "successor": code(successor)}
    path = f"/api/v1/reorganisations/{act_no}/succession"
    answer = client(world, "data_admin").post(path, json=body, headers=once())
    assert answer.status_code == 201, answer.text


def publish_again(world: World) -> None:
    """What every publication of the entry of the catalogue does about its items."""
    with unit_of_work() as session:
        found = resources.by_code(session, world.resource_code, lock=True)
        assert found is not None
        striking.settle(session, world.subjects["data_admin"], found, ())


def test_what_went_over_stays_struck_before_its_entry_follows(world_at: At) -> None:
    """The successor publishes again before anybody named whose the basis is now."""
    world = world_at("negative_in_force")
    name(world, act(world, "merged", ["education"], ["police"]), "entry")
    publish_again(world)
    assert deeds.struck(world.resource_code)["经度"] == [world.negative_no]


def test_a_split_keeps_what_is_struck_by_name_with_another_successor(world_at: At) -> None:
    world = world_at("consented_negative")
    beside = deeds.published(world, item("经度"), title="教育机构位置")
    withholding.in_force(world, world.negative_no)
    assert deeds.struck(beside)["经度"] == [world.negative_no]
    act_no = act(world, "split", ["education"], ["police", "civil"])
    name(world, act_no, "negative_entry", "civil")
    name(world, act_no, "entry", "police")
    publish_again(world)
    assert deeds.struck(beside)["经度"] == [world.negative_no]
    assert deeds.struck(world.resource_code)["经度"] == [world.negative_no]


def test_the_entry_acts_in_the_successor_and_is_reviewed_by_it(world_at: At) -> None:
    world = world_at("contested_negative")
    deeds.hire_head(world)
    own = deeds.published(world, item("经度"), who="consumer_registrar", title="警务站点")
    assert deeds.struck(own)["经度"] == []
    act_no = act(world, "merged", ["education"], ["civil"])
    path = f"/api/v1/reorganisations/{act_no}/succession"
    left = client(world, "data_admin").get(path).json()["left"]
    assert "negative_entry" in {each["kind"] for each in left}
    name(world, act_no, "negative_entry", "civil")
    shown = client(world, "data_admin").get(f"/api/v1/negative-entries/{world.negative_no}").json()
    assert shown["department"] == DEPARTMENTS["civil"][0]
    assert trail(world.negative_no)[-1] == "negative_entry:succeeded"
    assert trail(world.contest_no)[-1] == "negative_contest:succeeded"
    assert deeds.struck(own)["经度"] == [], "of another department"


def test_what_the_successor_publishes_under_the_name_is_struck(world_at: At) -> None:
    world = world_at("negative_in_force")
    deeds.hire_head(world)
    own = deeds.published(world, item("经度"), who="consumer_registrar", title="警务站点")
    name(world, act(world, "merged", ["education"], ["police"]), "negative_entry")
    assert deeds.struck(own)["经度"] == [world.negative_no]
    later = deeds.draft(world, item("经 度"), who="consumer_registrar", title="另一目录")
    with pytest.raises(Incomplete):
        deeds.submit(world, later, "consumer_registrar")


def test_what_an_entry_of_the_catalogue_proposed_goes_with_it(world_at: At) -> None:
    world = world_at("adopted_element")
    made = deeds.published(world, item("住址", stated={}))
    (before,) = deeds.entries()
    name(world, act(world, "merged", ["education"], ["police"]), "entry")
    (entry,) = deeds.entries()
    assert entry.department_id == world.subjects["applicant"].department_id
    assert entry.version > before.version
    assert deeds.struck(made)["住址"] == [entry.entry_no]


@pytest.mark.parametrize("table", ["negative_entry", "negative_contest"])
def test_nothing_goes_over_without_an_act(world_at: At, table: str) -> None:
    world_at("contested_negative")
    bureau = f"(SELECT id FROM department WHERE code = '{code('bureau')}')"
    with pytest.raises(IntegrityError, match="only after an act"):
        run_sql(f"UPDATE {table} SET department_id = {bureau}")


def test_whoever_proposed_does_not_consent(world_at: At) -> None:
    world = world_at("proposed_negative")
    run_sql(
        "UPDATE app_user SET roles = roles || ARRAY['department_head'] WHERE account = 'registrar'"
    )
    path = f"/api/v1/negative-entries/{world.negative_no}/consents"
    body = {"outcome": "consented"}
    answer = client(world, "registrar").post(path, json=body, headers=once())
    assert answer.status_code == 403, answer.text
