"""What an ended department leaves behind among the standards and their sources goes over, too."""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures import disputing, sourcing
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.exchanging import last_fact, looking, trail
from fixtures.people import DEPARTMENTS
from fixtures.succeeding import RULING, act, code
from fixtures.worlds import World
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from catalog.sources import repository as sources
from shuqiao.db import reading

At = Callable[[str], World]
CIVIL = DEPARTMENTS["civil"][0]
NEW = {
    "name": "在校生数",
    "definition": "学年初在校的学生人数",
    "data_type": "I",
    "reason": "口径不一",
}


def succession(world: World, act_no: str) -> Any:
    path = f"/api/v1/reorganisations/{act_no}/succession"
    return client(world, "data_admin").get(path).json()


def name(world: World, act_no: str, kind: str, successor: str) -> Any:
    body = {**RULING, "kind": kind, "successor": code(successor)}
    path = f"/api/v1/reorganisations/{act_no}/succession"
    answer = client(world, "data_admin").post(path, json=body, headers=once())
    assert answer.status_code == 201, answer.text
    return answer.json()


def left(world: World, act_no: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in succession(world, act_no)["left"]:
        found[each["kind"]] = found.get(each["kind"], 0) + 1
    return found


def conflict(world: World) -> Any:
    return client(world, "data_admin").get(f"/api/v1/source-conflicts/{world.conflict_no}").json()


def claim(no: str) -> Any:
    with looking() as session:
        return sources.by_no(session, no)


def tasks_of(key: str) -> list[str]:
    """Kinds of the open tasks of a department."""
    with reading() as session:
        rows = session.connection().execute(
            text(
                "SELECT kind FROM todo JOIN department d ON d.id = department_id"
                " WHERE d.code = :code AND done_at IS NULL ORDER BY kind"
            ),
            {"code": code(key)},
        )
        return list(rows.scalars())


class TestOneSideOfAConflict:
    @pytest.mark.parametrize(("ended", "side"), [("police", "opener"), ("education", "rival")])
    @pytest.mark.parametrize("kind", ["conflict", "claim"])
    def test_goes_over_with_its_claim_whichever_is_named(
        self, world_at: At, ended: str, side: str, kind: str
    ) -> None:
        world = world_at("opened_conflict")
        act_no = act(world, "merged", [ended], ["civil"])
        assert left(world, act_no) == {"claim": 1, "conflict": 1}
        done = name(world, act_no, kind, "civil")
        assert (done["left"], done["status"]) == ([], "settled")
        found = conflict(world)
        assert (found[side], found["status"]) == (CIVIL, "opened")
        own = claim(found["own_claim" if side == "opener" else "claim"])
        assert own.department_id == world.subjects["stranger"].department_id
        assert trail(world.conflict_no)[-1] == "source_conflict:succeeded"
        if side == "rival":
            assert tasks_of("civil") == ["state_source_conflict"]
            assert tasks_of("education") == []

    def test_the_loser_may_be_succeeded_while_a_review_can_be_asked_for(self, world_at: At) -> None:
        world = world_at("decided_conflict")
        act_no = act(world, "merged", ["police"], ["civil"])
        assert left(world, act_no) == {"conflict": 1}
        name(world, act_no, "conflict", "civil")
        assert (conflict(world)["opener"], conflict(world)["status"]) == (CIVIL, "decided")


class TestBothSidesBecomeOne:
    @pytest.mark.parametrize("kind", ["conflict", "claim"])
    @pytest.mark.parametrize("stage", ["opened_conflict", "heard_conflict"])
    def test_the_conflict_falls_away_and_the_confirmed_claim_is_left(
        self, world_at: At, stage: str, kind: str
    ) -> None:
        world = world_at(stage)
        act_no = act(world, "merged", ["police", "education"], ["civil"])
        assert left(world, act_no) == {"claim": 2, "conflict": 2}
        assert name(world, act_no, "claim" if kind == "claim" else "conflict", "civil")
        self._settle(world, act_no)
        found = conflict(world)
        assert (found["status"], CIVIL in found["lapse_reason"]) == ("withdrawn", True)
        assert (found["opener"], found["rival"]) == (CIVIL, CIVIL)
        assert claim(found["claim"]).status == "confirmed"
        assert claim(found["own_claim"]).status == "withdrawn"
        assert trail(world.conflict_no)[-1] == "source_conflict:lapsed"
        assert trail(found["own_claim"])[-2:] == ["source:succeeded", "source:lapsed"]
        assert last_fact(found["own_claim"])["why"]["kept"] == found["claim"]

    @staticmethod
    def _settle(world: World, act_no: str) -> None:
        for kind in list(left(world, act_no)):
            name(world, act_no, kind, "civil")
        assert succession(world, act_no)["status"] == "settled"
        assert tasks_of("civil") == [], "nothing is left to do about it"

    def test_one_of_the_two_goes_on_in_its_own_name(self, world_at: At) -> None:
        world = world_at("heard_conflict")
        act_no = act(world, "merged", ["police"], ["education"])
        name(world, act_no, "claim", "education")
        found = conflict(world)
        assert found["status"] == "withdrawn"
        assert claim(found["claim"]).status == "confirmed"

    def test_of_two_claims_that_wait_the_earlier_is_left(self, world_at: At) -> None:
        world = world_at("claimed_source")
        world.conflict_no = disputing.open_it(world)
        act_no = act(world, "merged", ["police", "education"], ["civil"])
        name(world, act_no, "conflict", "civil")
        found = conflict(world)
        assert claim(found["claim"]).status in ("proposed", "countersigning")
        assert claim(found["own_claim"]).status == "withdrawn"

    def test_under_review_the_decision_stands(self, world_at: At) -> None:
        world = world_at("appealed_conflict")
        act_no = act(world, "merged", ["police", "education"], ["civil"])
        name(world, act_no, "claim", "civil")
        found = conflict(world)
        assert (found["status"], found["decided_by"] is None) == ("withdrawn", False)
        assert claim(found["claim"]).status == "confirmed"

    def test_a_claim_that_was_to_come_in_its_place_falls_away(self, world_at: At) -> None:
        world = world_at("named_source")
        said = {"department": code("police"), "replaces": world.claim_no}
        later = sourcing.propose(world, "data_admin", **said)
        act_no = act(world, "merged", ["police"], ["education"])
        name(world, act_no, "claim", "education")
        assert (claim(world.claim_no).status, claim(later).status) == ("confirmed", "withdrawn")


class TestCountersigning:
    def test_the_successor_is_asked_instead(self, world_at: At) -> None:
        world = world_at("countersigned_source")
        act_no = act(world, "merged", ["education"], ["civil"])
        assert left(world, act_no)["countersign"] == 1
        assert name(world, act_no, "countersign", "civil")
        assert tasks_of("civil") == ["countersign_source"]
        assert trail(world.claim_no)[-1] == "source:countersign_succeeded"

    def test_nobody_countersigns_the_own_claim(self, world_at: At) -> None:
        world = world_at("countersigned_source")
        act_no = act(world, "merged", ["education"], ["police"])
        assert name(world, act_no, "countersign", "police")
        assert tasks_of("police") == []
        assert trail(world.claim_no)[-1] == "source:countersign_dropped"


class TestProposals:
    def test_go_over_with_the_element_and_its_correction(self, world_at: At) -> None:
        world = world_at("returned_proposal")
        act_no = act(world, "merged", ["police"], ["civil"])
        assert left(world, act_no)["proposal"] == 1
        name(world, act_no, "proposal", "civil")
        path = f"/api/v1/element-proposals/{world.proposal_no}"
        assert client(world, "data_admin").get(path).json()["proposer"] == CIVIL
        assert tasks_of("civil") == ["correct_element_proposal"]
        assert "proposal:succeeded" in trail(world.proposal_no)

    def test_an_opinion_is_asked_of_the_successor(self, world_at: At) -> None:
        world = world_at("heard_change")
        asked = [
            key for key in ("education", "police") if "answer_element_proposal" in tasks_of(key)
        ]
        (ended,) = asked
        act_no = act(world, "merged", [ended], ["civil"])
        assert left(world, act_no)["opinion"] == 1
        name(world, act_no, "opinion", "civil")
        assert tasks_of("civil") == ["answer_element_proposal"]
        assert "opinion" not in left(world, act_no)


class TestRest:
    def test_the_successor_reports_to_the_census_for_both(self, world_at: At) -> None:
        world = world_at("open_census")
        act_no = act(world, "merged", ["education"], ["civil"])
        assert left(world, act_no)["census_return"] == 1
        name(world, act_no, "census_return", "civil")
        assert "census_return" not in left(world, act_no)
        assert tasks_of("education") == []
        assert tasks_of("civil") == ["census_return"], "its own, once"

    @pytest.mark.parametrize(
        ("stage", "kind", "table"),
        [
            ("checked_form", "collection_check", "collection_check"),
            ("repeated_form", "repeated_form", "repeated_form"),
        ],
    )
    def test_checks_and_reports_go_over(
        self, world_at: At, stage: str, kind: str, table: str
    ) -> None:
        world = world_at(stage)
        act_no = act(world, "merged", ["police"], ["civil"])
        assert left(world, act_no)[kind] == 1
        name(world, act_no, kind, "civil")
        with reading() as session:
            query = f"SELECT d.code FROM {table} JOIN department d ON d.id = owner_id"
            assert session.connection().execute(text(query)).scalar_one() == code("civil")

    @pytest.mark.parametrize(
        ("stage", "table", "column"),
        [
            ("opened_conflict", "source_conflict", "opener_id"),
            ("opened_conflict", "source_conflict", "rival_id"),
            ("countersigned_source", "source_countersign", "department_id"),
            ("returned_proposal", "element_proposal", "proposer_id"),
            ("open_census", "census_return", "owner_id"),
            ("checked_form", "collection_check", "owner_id"),
            ("repeated_form", "repeated_form", "owner_id"),
        ],
    )
    def test_nothing_goes_over_without_an_act(
        self, world_at: At, stage: str, table: str, column: str
    ) -> None:
        world_at(stage)
        bureau = f"(SELECT id FROM department WHERE code = '{code('bureau')}')"
        with pytest.raises(IntegrityError, match="only after an act"):
            run_sql(f"UPDATE {table} SET {column} = {bureau} WHERE {column} <> {bureau}")


@pytest.mark.parametrize(
    ("stage", "ended", "who", "path", "body"),
    [
        (
            "opened_conflict",
            "education",
            "provider_head",
            "/source-conflicts/{world.conflict_no}/statements",
            disputing.SAID,
        ),
        (
            "opened_conflict",
            "police",
            "consumer_head",
            "/source-conflicts/{world.conflict_no}/withdrawals",
            None,
        ),
        (
            "countersigned_source",
            "education",
            "provider_head",
            "/source-claims/{world.claim_no}/countersigns/1/answers",
            {"answer": "agreed"},
        ),
        (
            "adopted_element",
            "education",
            "registrar",
            "/elements/{world.element_identifier}/source-claims",
            sourcing.BASIS,
        ),
        ("adopted_element", "education", "registrar", "/element-proposals", NEW),
    ],
)
def test_nobody_speaks_for_a_department_that_has_ended(
    world_at: At, stage: str, ended: str, who: str, path: str, body: Any
) -> None:
    world = world_at(stage)
    act(world, "merged", [ended], ["civil"])
    address = f"/api/v1{path.format(world=world)}"
    answer = client(world, who).post(address, json=body, headers=once())
    assert answer.status_code == 403, answer.text
    assert "successor" in answer.text or "承继" in answer.text
