"""What an ended department has on the negative list, wants, was asked, and consults about goes over
to its successor.
"""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures import demanding, withholding
from fixtures.callers import client
from fixtures.database import run_sql
from fixtures.exchanging import last_fact, trail
from fixtures.people import DEPARTMENTS
from fixtures.striking import consultation_now, lift
from fixtures.succeeding import act, code
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError

from catalog.negative.schemas import ContestDecision
from catalog.negative.service import decide
from catalog.updates.repository.owed import open_of_entry
from shuqiao.db import unit_of_work
from tests.auth.succession.test_standards import left, name, succession, tasks_of
from tests.catalog.negative import deeds
from tests.catalog.negative.deeds import item

At = Callable[[str], World]
CIVIL, POLICE = DEPARTMENTS["civil"][0], DEPARTMENTS["police"][0]
ITEM = "经度"


def contest(world: World) -> Any:
    path = f"/api/v1/negative-contests/{world.contest_no}"
    return client(world, "data_admin").get(path).json()


def negative(world: World, no: str) -> Any:
    return client(world, "data_admin").get(f"/api/v1/negative-entries/{no}").json()


class TestNegativeEntries:
    def test_what_is_proposed_waits_for_the_successor(self, world_at: At) -> None:
        world = world_at("proposed_negative")
        act_no = act(world, "merged", ["education"], ["civil"])
        assert left(world, act_no)["negative_entry"] == 1
        name(world, act_no, "negative_entry", "civil")
        assert negative(world, world.negative_no)["department"] == CIVIL
        assert tasks_of("civil") == ["consent_to_negative"]
        assert last_fact(world.negative_no)["why"]["act_no"] == act_no
        assert trail(world.negative_no)[-1] == "negative_entry:succeeded"

    @pytest.mark.parametrize("order", [("negative_entry", "entry"), ("entry", "negative_entry")])
    def test_what_is_struck_stays_struck_whichever_goes_first(
        self, world_at: At, order: tuple[str, str]
    ) -> None:
        world = world_at("negative_in_force")
        act_no = act(world, "merged", ["education"], ["civil"])
        for kind in order:
            name(world, act_no, kind, "civil")
            assert deeds.struck(world.resource_code)[ITEM] == [world.negative_no]
        assert succession(world, act_no)["status"] == "settled"

    def test_it_strikes_what_the_successor_has_published(self, world_at: At) -> None:
        world = world_at("negative_in_force")
        deeds.hire_head(world)
        own = deeds.published(world, item(ITEM), who="consumer_registrar", title="位置")
        before = deeds.shares(own)
        assert deeds.struck(own)[ITEM] == []
        act_no = act(world, "merged", ["education"], ["police"])
        name(world, act_no, "negative_entry", "police")
        assert deeds.struck(own)[ITEM] == [world.negative_no]
        assert deeds.shares(own) == before, "the share attribute is the owner's"
        with unit_of_work() as session:
            (change,) = open_of_entry(session, own)
        assert change.kind == "negative_entry"

    def test_what_a_catalogue_entry_proposed_goes_with_it(self, world_at: At) -> None:
        world = world_at("adopted_element")
        resource = deeds.published(world, item(ITEM, stated={}))
        (entry,) = deeds.entries()
        act_no = act(world, "merged", ["education"], ["civil"])
        assert "negative_entry" not in left(world, act_no)
        name(world, act_no, "entry", "civil")
        assert negative(world, entry.entry_no)["department"] == CIVIL
        assert deeds.struck(resource)[ITEM] == [entry.entry_no]

    def test_what_acts_in_the_successors_department_acts_on_what_it_takes_over(
        self, world_at: At
    ) -> None:
        world = world_at("adopted_element")
        deeds.hire_head(world)
        deeds.published(world, item(ITEM, stated={}), who="consumer_registrar", title="位置")
        taken = deeds.published(world, item(ITEM), title="学校位置")
        assert deeds.struck(taken)[ITEM] == []
        act_no = act(world, "merged", ["education"], ["police"])
        name(world, act_no, "entry", "police")
        (entry,) = deeds.entries()
        assert deeds.struck(taken)[ITEM] == [entry.entry_no]


class TestContests:
    @pytest.mark.parametrize(
        ("ended", "kind", "task"),
        [
            ("police", "negative_contest", []),
            ("education", "negative_entry", ["answer_contest"]),
        ],
    )
    def test_goes_on_with_the_successor_of_either_side(
        self, world_at: At, ended: str, kind: str, task: list[str]
    ) -> None:
        world = world_at("contested_negative")
        act_no = act(world, "merged", [ended], ["civil"])
        assert left(world, act_no)[kind] == 1
        name(world, act_no, kind, "civil")
        side = "opener" if ended == "police" else "owner"
        assert (contest(world)[side], contest(world)["status"]) == (CIVIL, "raised")
        assert tasks_of("civil") == task
        assert trail(world.contest_no)[-1] == "negative_contest:succeeded"

    @pytest.mark.parametrize("stage", ["contested_negative", "answered_contest"])
    @pytest.mark.parametrize(
        ("ended", "after", "kind"),
        [
            ("police", "education", "negative_contest"),
            ("education", "police", "negative_entry"),
        ],
    )
    def test_nobody_contests_the_own_entry(
        self, world_at: At, stage: str, ended: str, after: str, kind: str
    ) -> None:
        world = world_at(stage)
        act_no = act(world, "merged", [ended], [after])
        name(world, act_no, kind, after)
        assert contest(world)["status"] == "lapsed"
        assert "answer_contest" not in tasks_of(after)
        assert trail(world.contest_no)[-1] == "negative_contest:lapsed"
        assert deeds.struck(world.resource_code)[ITEM] == [world.negative_no]

    def test_what_was_decided_binds_the_successor(self, world_at: At) -> None:
        world = world_at("answered_contest")
        with unit_of_work() as session:
            found = withholding.contest_of(session, world.contest_no)
            body = ContestDecision.model_validate({"outcome": "to_change", "decision": "范围过宽"})
            decide(session, world.subjects["data_admin"], found, body)
        act_no = act(world, "merged", ["education"], ["police"])
        name(world, act_no, "negative_entry", "police")
        assert (contest(world)["status"], contest(world)["owner"]) == ("to_change", POLICE)
        assert tasks_of("police") == ["change_contested"]


class TestDemands:
    def test_the_need_goes_over_as_it_was_filed(self, world_at: At) -> None:
        world = world_at("claimed_demand")
        act_no = act(world, "merged", ["police"], ["civil"])
        assert left(world, act_no) == {"demand": 1}
        name(world, act_no, "demand", "civil")
        found = demanding.shown(world)
        (voice,) = found["heard"]
        assert (found["consumer"], voice["department"]) == (CIVIL, CIVIL)
        assert voice["filed_as"] == world.demand_no
        assert (
            client(world, "stranger").get(f"/api/v1/demands/{world.demand_no}").status_code == 200
        )
        assert trail(world.demand_no)[-1] == "demand:succeeded"

    def test_the_successor_answers(self, world_at: At) -> None:
        world = world_at("claimed_demand")
        act_no = act(world, "merged", ["education"], ["civil"])
        assert left(world, act_no)["demand_answer"] == 1
        name(world, act_no, "demand_answer", "civil")
        assert demanding.shown(world)["provider"] == CIVIL
        assert "answer_demand" in tasks_of("civil")
        assert tasks_of("education") == []

    @pytest.mark.parametrize(
        ("ended", "after", "kind"),
        [("police", "education", "demand"), ("education", "police", "demand_answer")],
    )
    def test_nobody_answers_the_own_demand(
        self, world_at: At, ended: str, after: str, kind: str
    ) -> None:
        world = world_at("claimed_demand")
        act_no = act(world, "merged", [ended], [after])
        name(world, act_no, kind, after)
        assert demanding.shown(world)["status"] == "withdrawn"
        assert last_fact(world.demand_no)["why"]["act_no"] == act_no
        assert "answer_demand" not in tasks_of(after)

    def test_of_several_voices_the_others_stay(self, world_at: At) -> None:
        world = world_at("two_demands")
        merged = demanding.ask(
            world, "data_admin", "mergers", {"into": world.demand_no}, world.other_demand_no
        )
        assert merged.status_code in (200, 201), merged.text
        demanding.assign_it(world)
        act_no = act(world, "merged", ["education"], ["civil"])
        name(world, act_no, "demand_answer", "civil")
        found = demanding.shown(world)
        assert (found["status"], found["provider"], found["voices"]) == ("claimed", CIVIL, 1)
        assert found["consumer"] == POLICE

    def test_what_has_ended_stays(self, world_at: At) -> None:
        world = world_at("claimed_demand")
        run_sql("UPDATE demand SET status = 'withdrawn', ended_at = now()")
        act_no = act(world, "merged", ["police"], ["civil"])
        assert "demand" not in left(world, act_no)
        assert demanding.shown(world)["consumer"] == POLICE


class TestConsultations:
    @pytest.mark.parametrize("is_lifted", [False, True])
    def test_go_on_with_the_grant_in_the_same_step(self, world_at: At, is_lifted: bool) -> None:
        world = world_at("struck_grant")
        if is_lifted:
            lift()
        act_no = act(world, "merged", ["police"], ["civil"])
        name(world, act_no, "grant", "civil")
        record = consultation_now(world)
        assert record is not None
        assert record.consumer_id == world.subjects["stranger"].department_id
        for no in (world.consultation_no, world.filing_no):
            assert last_fact(no)["why"]["act_no"] == act_no
        path = f"/api/v1/consultations/{world.consultation_no}"
        assert client(world, "stranger").get(path).status_code == 200

    def test_the_successor_of_the_provider_consults_and_files(self, world_at: At) -> None:
        world = world_at("struck_grant")
        act_no = act(world, "merged", ["education"], ["civil"])
        name(world, act_no, "entry", "civil")
        assert {"consult_consumer", "file_consultation"} <= set(tasks_of("civil"))
        assert trail(world.filing_no)[-1] == "filing:succeeded"


@pytest.mark.parametrize(
    ("stage", "table", "column"),
    [
        ("negative_in_force", "negative_entry", "department_id"),
        ("contested_negative", "negative_contest", "department_id"),
        ("contested_negative", "negative_contest", "opener_id"),
        ("filed_demand", "demand_voice", "department_id"),
        ("struck_grant", "grant_consultation", "consumer_id"),
        ("struck_grant", "grant_filing", "provider_id"),
    ],
)
def test_nothing_goes_over_without_an_act(
    world_at: At, stage: str, table: str, column: str
) -> None:
    world_at(stage)
    bureau = f"(SELECT id FROM department WHERE code = '{code('bureau')}')"
    with pytest.raises(IntegrityError, match="only after an act"):
        run_sql(f"UPDATE {table} SET {column} = {bureau}")
