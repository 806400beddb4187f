"""Demands go over with an act; none sleeps, and nobody mediates their own dispute."""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures import demanding
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.demanding import ask, shown
from fixtures.exchanging import trail
from fixtures.people import DEPARTMENTS
from fixtures.succeeding import RULING, act, code
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError

from catalog.demand.service import meeting
from shuqiao.db import unit_of_work

At = Callable[[str], World]
CIVIL, POLICE = DEPARTMENTS["civil"][0], DEPARTMENTS["police"][0]
RECEIVED = "DL-2026-000001"


def name(world: World, act_no: str, successor: str, kind: str = "demand") -> Any:
    body = {**RULING, "kind": kind, "successor": code(successor)}
    path = f"/api/v1/reorganisations/{act_no}/succession"
    return client(world, "data_admin").post(path, json=body, headers=once())


def home(world: World, key: str) -> Any:
    who = {"police": "applicant", "civil": "stranger"}[key]
    return world.subjects[who].department_id


def deliver(world: World, key: str, no: str = "") -> None:
    with unit_of_work() as session:
        meeting.delivered(session, no or world.demand_no, home(world, key), RECEIVED)


class TestAnAct:
    def test_the_successor_answers(self, world_at: At) -> None:
        world = world_at("claimed_demand")
        act_no = act(world, "merged", ["education"], ["civil"])
        assert name(world, act_no, "civil", "demand_answer").status_code == 201
        assert shown(world)["provider"] == CIVIL
        assert trail(world.demand_no)[-1] == "demand:succeeded"

    def test_the_successor_wants_it_and_is_served(self, world_at: At) -> None:
        world = world_at("shared_demand")
        act_no = act(world, "merged", ["police"], ["civil"])
        assert name(world, act_no, "civil").status_code == 201
        found = shown(world)
        assert [each["department"] for each in found["heard"]] == [CIVIL]
        assert (found["consumer"], found["heard"][0]["request_no"]) == (CIVIL, world.request_no)
        deliver(world, "civil")
        assert shown(world)["status"] == "met"

    def test_no_voice_goes_over_without_one(self, world_at: At) -> None:
        world_at("filed_demand")
        bureau = f"(SELECT id FROM department WHERE code = '{code('bureau')}')"
        with pytest.raises(IntegrityError, match="only after an act"):
            run_sql(f"UPDATE demand_voice SET department_id = {bureau}")


class TestNoneSleeps:
    def test_one_voice_is_served_and_the_other_has_not_asked(self, world_at: At) -> None:
        world = self._two(world_at)
        deliver(world, "police")
        assert shown(world)["status"] == "answered"
        assert trail(world.demand_no)[-2:] == ["demand:served", "demand:waits"]

    def test_the_one_that_asked_leaves(self, world_at: At) -> None:
        world = self._two(world_at)
        gone = ask(world, "applicant", "withdrawals", {"reason": "不再需要"})
        assert gone.status_code == 201, gone.text
        found = shown(world)
        assert (found["status"], found["consumer"]) == ("answered", CIVIL)

    def test_the_request_of_the_other_comes_to_nothing(self, world_at: At) -> None:
        world = self._two(world_at)
        subject = world.subjects["data_admin"]
        with unit_of_work() as session:
            meeting.requested(session, subject, world.demand_no, "REQ-X", home(world, "civil"))
        deliver(world, "police")
        assert shown(world)["status"] == "being_shared"
        with unit_of_work() as session:
            meeting.request_ended(session, subject, world.demand_no, "REQ-X")
        assert shown(world)["status"] == "answered"

    def test_what_a_department_receives_is_for_all_its_voices(self, world_at: At) -> None:
        world = world_at("answered_demand")
        other = demanding.file_it(world, title="学校名录之二")
        self._merge(world, other)
        demanding.shared_demand(world)
        deliver(world, "police")
        assert shown(world)["status"] == "met"

    def _two(self, world_at: At) -> World:
        world = world_at("answered_demand")
        self._merge(world, demanding.file_it(world, "stranger"))
        demanding.shared_demand(world)
        return world

    @staticmethod
    def _merge(world: World, no: str) -> None:
        merged = ask(world, "data_admin", "mergers", {"into": world.demand_no}, no)
        assert merged.status_code == 201, merged.text


def test_none_joins_to_be_served_by_its_own_entry(world_at: At) -> None:
    world = world_at("filed_demand")
    demanding.assign_it(world, provider=code("civil"))
    run_sql(
        "UPDATE demand SET status = 'answered',"
        " resource_id = (SELECT id FROM data_resource ORDER BY id LIMIT 1)"
    )
    other = demanding.file_it(world, "registrar")
    answer = ask(world, "data_admin", "mergers", {"into": world.demand_no}, other)
    assert (answer.status_code, answer.json()["code"]) == (409, "demand_not_mergeable")


class TestNobodyDecidesAlone:
    def test_whoever_contested_does_not_mediate(self, world_at: At) -> None:
        world = world_at("contested_demand")
        self._appoint("applicant")
        body = {"outcome": "sent_back", "reason": "依据不成立。"}
        assert ask(world, "applicant", "settlements", body).status_code == 403

    def test_whoever_refused_does_not_end_it(self, world_at: At) -> None:
        world = world_at("refused_demand")
        self._appoint("provider_head")
        body = {"reason": "withheld_by_law"}
        assert ask(world, "provider_head", "closings", body).status_code == 403

    @staticmethod
    def _appoint(account: str) -> None:
        run_sql(
            "UPDATE app_user SET roles = roles || ARRAY['data_admin'] WHERE account = :account",
            account=account,
        )
