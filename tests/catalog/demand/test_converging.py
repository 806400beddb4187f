"""Demands that want the same go on as one, and keep the voices of all."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fixtures import demanding
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.demanding import ask, pointers, shown
from fixtures.exchanging import told, trail
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError

from catalog.demand.errors import NotMergeable
from catalog.demand.repository import cases
from catalog.demand.schemas import DemandAssign
from catalog.demand.service import filing, meeting, merging
from shuqiao.context import working_on
from shuqiao.db import unit_of_work
from shuqiao.errors import ShuqiaoError

At = Callable[[str], World]
CIVIL, POLICE = DEPARTMENTS["civil"][0], DEPARTMENTS["police"][0]


def merge(world: World, no: str = "", into: str = "") -> Any:
    body = {"into": into or world.other_demand_no}
    return ask(world, "data_admin", "mergers", body, no or world.demand_no)


class TestMerger:
    def test_is_proposed_and_keeps_each_voice(self, world_at: At) -> None:
        world = world_at("two_demands")
        path = f"/api/v1/demands/{world.demand_no}/candidates"
        similar = client(world, "data_admin").get(path).json()["similar"]
        assert [each["demand_no"] for each in similar] == [world.other_demand_no]
        assert any("学校名称、地址" in word for word in similar[0]["why"])
        merged = merge(world)
        assert merged.status_code == 201, merged.text
        assert (merged.json()["status"], merged.json()["into"]) == ("merged", world.other_demand_no)
        heard = shown(world, no=world.other_demand_no)["heard"]
        assert [(each["department"], each["filed_as"], each["need"]) for each in heard] == [
            (POLICE, world.demand_no, "核对学校名称和地址。"),
            (CIVIL, world.other_demand_no, "核对困境儿童就学。"),
        ]
        assert trail(world.demand_no)[-1] == "demand:merged"
        assert trail(world.other_demand_no)[-1] == "demand:joined"

    def test_every_voice_sees_it_and_is_told_of_each_step(self, world_at: At) -> None:
        world = world_at("two_demands")
        assert (
            client(world, "applicant").get(f"/api/v1/demands/{world.other_demand_no}").status_code
            == 404
        )
        merge(world)
        assert shown(world, "applicant", world.other_demand_no)["voices"] == 2
        demanding.assign_it(world, world.other_demand_no)
        for who in ("applicant", "stranger"):
            assert any("is to be answered by" in text for text in told(world, who)), who
        contest = {"kind": "share", "entry": world.resource_code}
        answered = ask(world, "provider_head", "answers", contest, world.other_demand_no)
        assert answered.status_code == 201
        for who in ("applicant", "stranger"):
            assert any("apply for it" in text for text in told(world, who)), who

    def test_goes_neither_in_a_circle_nor_twice(self, world_at: At) -> None:
        world = world_at("two_demands")
        assert pointers(merge(world, into=world.demand_no)) == ["#/into"]
        assert pointers(merge(world, into="DM-2026-000404")) == ["#/into"]
        assert merge(world).status_code == 201
        assert merge(world).json()["code"] == "demand_not_now"
        back = merge(world, world.other_demand_no, world.demand_no)
        assert (back.status_code, back.json()["code"]) == (409, "demand_not_mergeable")

    def test_the_database_merges_into_what_goes_on_only(self, world_at: At) -> None:
        world = world_at("two_demands")
        merge(world)
        with pytest.raises(IntegrityError, match="goes on"):
            run_sql(
                "UPDATE demand SET status = 'merged', ended_at = now(),"
                " into_id = (SELECT id FROM demand WHERE demand_no = :no)"
                " WHERE demand_no = :other",
                no=world.demand_no,
                other=world.other_demand_no,
            )
        with pytest.raises(IntegrityError, match="stays as it is"):
            run_sql("UPDATE demand SET status = 'filed' WHERE demand_no = :no", no=world.demand_no)

    def test_never_into_one_that_its_own_department_is_to_answer(self, world_at: At) -> None:
        world = world_at("filed_demand")
        civil = DEPARTMENTS["civil"][1]
        world.other_demand_no = demanding.file_it(world, "stranger")
        demanding.assign_it(world, provider=civil)
        refused = merge(world, world.other_demand_no, world.demand_no)
        assert (refused.status_code, refused.json()["code"]) == (409, "demand_not_mergeable")

    def test_only_the_administration_merges(self, world_at: At) -> None:
        world = world_at("two_demands")
        body = {"into": world.other_demand_no}
        assert ask(world, "applicant", "mergers", body).status_code == 403
        assert ask(world, "stranger", "mergers", body).status_code == 404


class TestVoices:
    @pytest.fixture
    def world(self, world_at: At) -> World:
        """Merged under the one of the police, and served by the entry."""
        world = world_at("two_demands")
        merge(world, world.other_demand_no, world.demand_no)
        demanding.assign_it(world)
        demanding.answer_it(world, kind="share", entry=world.resource_code)
        return world

    def test_one_goes_the_demand_stays(self, world: World) -> None:
        left = ask(world, "applicant", "withdrawals", {"reason": "不再需要"}).json()
        assert (left["status"], left["consumer"], left["voices"]) == ("answered", CIVIL, 1)
        assert (
            ask(world, "stranger", "withdrawals", {"reason": "x"}).json()["status"] == "withdrawn"
        )

    def test_one_alone_does_not_end_it_for_the_others(self, world: World) -> None:
        ended = ask(world, "applicant", "closings", {"reason": "not_suitable"})
        assert (ended.status_code, ended.json()["code"]) == (409, "demand_not_closable")
        ended = ask(world, "data_admin", "closings", {"reason": "not_suitable"})
        assert ended.json()["status"] == "unmet"

    def test_it_is_met_when_the_last_has_its_data(self, world: World) -> None:
        demanding.ask_for_it(world)
        police, civil = (world.subjects[who].department_id for who in ("applicant", "stranger"))
        assert police is not None and civil is not None
        with unit_of_work() as session:
            meeting.delivered(session, world.demand_no, police, "DL-2026-000001")
        found = shown(world)
        assert (found["status"], found["delivery_no"]) == ("answered", "")
        assert [each["delivery_no"] for each in found["heard"]] == ["DL-2026-000001", ""]
        with unit_of_work() as session:
            meeting.requested(session, world.subjects["stranger"], world.demand_no, "REQ-2", civil)
            meeting.delivered(session, world.demand_no, civil, "DL-2026-000002")
        found = shown(world)
        assert (found["status"], found["delivery_no"]) == ("met", "DL-2026-000002")

    def test_it_is_met_when_the_last_without_data_goes(self, world: World) -> None:
        demanding.ask_for_it(world)
        police = world.subjects["applicant"].department_id
        assert police is not None
        with unit_of_work() as session:
            meeting.delivered(session, world.demand_no, police, "DL-2026-000001")
        gone = ask(world, "stranger", "withdrawals", {"reason": "不再需要"}).json()
        assert (gone["status"], gone["delivery_no"]) == ("met", "DL-2026-000001")


def race(steps: list[Callable[[], object]]) -> list[int]:
    """All at once over connections of their own; 200, or the status of the refusal."""
    barrier = threading.Barrier(len(steps))

    def run(place: int) -> int:
        with working_on(request_id=f"racer-{place}", client_ip="192.0.2.9"):
            barrier.wait(30)
            try:
                steps[place]()
            except ShuqiaoError as refused:
                return refused.status
            return 200

    with ThreadPoolExecutor(len(steps)) as pool:
        return sorted(pool.map(run, range(len(steps))))


class TestAtOnce:
    def test_of_two_mergers_that_cross_one_wins(self, committed_world: At) -> None:
        world = committed_world("two_demands")
        numbers = (world.demand_no, world.other_demand_no)

        def merging_into(no: str, into: str) -> Callable[[], object]:
            def step() -> None:
                with unit_of_work() as session:
                    from_, who = demanding_seen(session, no), world.subjects["data_admin"]
                    merging.merge(session, who, from_, into, None)

            return step

        found = race([merging_into(*numbers), merging_into(*reversed(numbers))])
        assert found == [200, 409]
        states = {shown(world, no=no)["status"] for no in numbers}
        assert states == {"merged", "filed"}

    def test_who_saw_both_before_the_other_merger_is_too_late(self, committed_world: At) -> None:
        """What was loaded is read anew under the locks."""
        world = committed_world("two_demands")
        who = world.subjects["data_admin"]
        with unit_of_work() as late:
            seen = demanding_seen(late, world.demand_no)
            assert demanding_seen(late, world.other_demand_no).status == "filed"
            with unit_of_work() as early:
                other = demanding_seen(early, world.other_demand_no)
                merging.merge(early, who, other, world.demand_no, None)
            with pytest.raises(NotMergeable):
                merging.merge(late, who, seen, world.other_demand_no, None)

    def test_of_a_claim_and_two_assignments_one_answers(self, committed_world: At) -> None:
        world = committed_world("proposed_demand")

        def claim() -> None:
            with unit_of_work() as session:
                found = demanding.demand(session, world)
                filing.claim(session, world.subjects["provider_head"], found, 1)

        def assign() -> None:
            with unit_of_work() as session:
                found = demanding.demand(session, world)
                body = DemandAssign(provider=demanding.EDUCATION)
                filing.assign(session, world.subjects["data_admin"], found, body, 1)

        codes = race([claim, assign, assign])
        assert codes[0] == 200 and set(codes[1:]) <= {409, 412}
        assert shown(world)["status"] == "claimed"
        assert len(trail(world.demand_no)) == 2

    def test_a_second_click_files_nothing_twice(self, committed_world: At) -> None:
        world = committed_world("published_resource")
        key = once()
        answers = [
            client(world, "applicant").post("/api/v1/demands", json=demanding.WANTED, headers=key)
            for _click in range(2)
        ]
        assert [each.status_code for each in answers] == [201, 201]
        assert len({each.json()["demand_no"] for each in answers}) == 1
        assert len(client(world, "applicant").get("/api/v1/demands").json()["items"]) == 1


def demanding_seen(session: Any, no: str) -> Any:
    """As the route of mergers loads it: not locked."""
    return cases.by_no(session, no)
