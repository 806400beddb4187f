"""A demand from its filing to a delivery: assigned, answered, contested, met; by whom, and how
often.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fixtures import demanding, withholding
from fixtures.callers import client, data_client, once
from fixtures.database import clock_was_read, run_sql
from fixtures.demanding import ask, pointers, shown
from fixtures.exchanging import WITHHOLD, change_items, last_fact, task_kinds, told, trail
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError, ProgrammingError

from catalog.demand.repository import cases
from catalog.demand.service import replying
from exchange.approvals import service as approvals
from exchange.approvals.schemas import Reply
from exchange.deliveries.tasks import meet_demand, prove
from exchange.requests import repository as requests
from exchange.requests import service as asking
from shuqiao.db import reading, unit_of_work
from shuqiao.jobs import list_jobs
from shuqiao.settings import settings
from tests.catalog.negative import deeds

At = Callable[[str], World]
EDUCATION, POLICE = DEPARTMENTS["education"], DEPARTMENTS["police"]


def refused_by(world: World, number: str) -> list[tuple[str, str]]:
    """What is wrong with a refusal by this entry of the negative list."""
    body = {"kind": "refuse", "reason": "已列入负面清单。", "negative_no": number}
    answer = ask(world, "provider_head", "answers", body)
    assert answer.status_code == 422, answer.text
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    return lambda day: monkeypatch.setattr(settings(), "clock", f"{day}T09:00:00+08:00")


class TestFiling:
    def test_goes_to_the_administration_which_names_who_answers(self, world_at: At) -> None:
        world = world_at("filed_demand")
        found = shown(world)
        assert (found["status"], found["consumer"], found["provider"]) == ("filed", POLICE[0], None)
        assert [each["name"] for each in found["wanted"]] == ["学校名称", "地址"]
        assert (found["responsible"], found["due_on"] is not None) == ("applicant 同志", True)
        assert "assign_demand" in task_kinds(world, "data_admin")
        named = ask(world, "data_admin", "assignments", {"provider": EDUCATION[1]})
        assert named.status_code == 201, named.text
        assert (named.json()["status"], named.json()["provider"]) == ("claimed", EDUCATION[0])
        assert "assign_demand" not in task_kinds(world, "data_admin")
        assert "answer_demand" in task_kinds(world, "provider_head")
        assert trail(world.demand_no) == ["demand:filed", "demand:assigned"]

    def test_the_proposed_department_may_claim_it_at_once(self, world_at: At) -> None:
        world = world_at("proposed_demand")
        assert any("claim it" in text for text in told(world, "provider_head"))
        assert ask(world, "provider_head", "claims").json()["status"] == "claimed"
        assert ask(world, "provider_head", "claims").json()["code"] == "demand_not_now"

    def test_nobody_claims_what_was_proposed_to_another(self, world_at: At) -> None:
        world = world_at("proposed_demand")
        assert ask(world, "consumer_head", "claims").status_code == 403
        assert ask(world, "stranger", "claims").status_code == 404

    def test_names_every_field_that_is_wrong(self, world_at: At) -> None:
        world = world_at("filed_demand")
        wrong = {
            "items": [{"name": "学校名称", "element": "DE-999999"}],
            "until": "2020-01-01",
            "duty_no": "DU-2026-000404",
            "item": "019a9e5c-0000-7000-8000-000000000011",
        }
        body = {**demanding.WANTED, **wrong}
        answer = client(world, "applicant").post("/api/v1/demands", json=body, headers=once())
        assert set(pointers(answer)) == {"#/items/0/element", "#/until", "#/duty_no", "#/item"}
        own = {**demanding.WANTED, "provider": POLICE[1]}
        answer = client(world, "applicant").post("/api/v1/demands", json=own, headers=once())
        assert pointers(answer) == ["#/provider"]

    def test_who_wants_it_does_not_answer(self, world_at: At) -> None:
        world = world_at("filed_demand")
        body = {"provider": POLICE[1]}
        assert pointers(ask(world, "data_admin", "assignments", body)) == ["#/provider"]
        with pytest.raises(IntegrityError, match="not_of_the_provider"):
            run_sql("UPDATE demand SET provider_id = consumer_id")


class TestAnswers:
    def test_an_entry_serves_it_and_the_request_is_one_click_away(self, world_at: At) -> None:
        world = world_at("claimed_demand")
        body = {"kind": "share", "entry": world.resource_code}
        found = ask(world, "provider_head", "answers", body).json()
        assert (found["status"], found["entry"]) == ("answered", "307001/000001")
        assert "apply_for_demand" in task_kinds(world, "applicant")
        page = client(world, "applicant").get(f"/demands/{world.demand_no}").text
        href = f"/requests/new?resource={world.resource_code}&amp;demand={world.demand_no}"
        assert href in page
        at = f"/requests/new?resource={world.resource_code}&demand={world.demand_no}"
        assert f'value="{world.demand_no}"' in client(world, "applicant").get(at).text
        again = ask(world, "provider_head", "answers", body)
        assert (again.status_code, again.json()["code"]) == (409, "demand_not_now")

    def test_what_will_be_collected_comes_back_on_its_day(
        self, world_at: At, on_day: Callable[[date], None]
    ) -> None:
        world = world_at("claimed_demand")
        body = {"kind": "collect", "collect_by": "2026-06-30"}
        assert ask(world, "provider_head", "answers", body).json()["status"] == "collecting"
        back = []
        for day, ago in ((29, "7 hours"), (30, "5 hours"), (30, "7 hours")):
            on_day(date(2026, 6, day))
            clock_was_read(ago)
            with unit_of_work() as session:
                back.append(replying.fall_due(session))
        assert back == [0, 0, 1], "not by one reading of the clock"
        with reading() as session:
            found = cases.by_no(session, world.demand_no)
            assert found is not None and found.status == "claimed"
        assert task_kinds(world, "provider_head").count("answer_demand") == 1

    def test_another_departments_goes_back_with_whose_it_is(self, world_at: At) -> None:
        world = world_at("claimed_demand")
        body = {
            "kind": "not_ours",
            "reason": "由民政部门采集。",
            "suggested": DEPARTMENTS["civil"][1],
        }
        found = ask(world, "provider_head", "answers", body).json()
        assert (found["status"], found["provider"]) == ("filed", DEPARTMENTS["civil"][0])
        assert found["answers"][0]["suggested"] == DEPARTMENTS["civil"][0]
        assert "assign_demand" in task_kinds(world, "data_admin")

    def test_without_whose_it_is_the_administration_looks_anew(self, world_at: At) -> None:
        world = world_at("claimed_demand")
        body = {"kind": "not_ours", "reason": "本部门不采集。"}
        found = ask(world, "provider_head", "answers", body).json()
        assert (found["status"], found["provider"]) == ("filed", None)
        assert shown(world, "provider_head")["status"] == "filed"

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"kind": "share"}, {"#/entry"}),
            ({"kind": "share", "entry": "307001-000404"}, {"#/entry"}),
            ({"kind": "collect", "collect_by": "2020-01-01"}, {"#/collect_by"}),
            ({"kind": "not_ours"}, {"#/reason"}),
            (
                {"kind": "refuse", "reason": "工作需要"},
                {"#/legal_kind", "#/legal_document", "#/legal_article"},
            ),
            (
                {"kind": "refuse", "reason": "工作需要", "legal_kind": "law"},
                {"#/legal_document", "#/legal_article"},
            ),
            ({"kind": "refuse", "reason": "x", "negative_no": "NE-1"}, {"#/negative_no"}),
        ],
    )
    def test_each_kind_needs_its_fields(
        self, world_at: At, body: dict[str, Any], expected: set[str]
    ) -> None:
        world = world_at("claimed_demand")
        assert set(pointers(ask(world, "provider_head", "answers", body))) == expected

    def test_a_negative_entry_in_force_is_a_basis_too(self, world_at: At) -> None:
        world = world_at("negative_in_force")
        world.demand_no = demanding.file_it(world)
        demanding.assign_it(world)
        body = {"kind": "refuse", "reason": "已列入负面清单。", "negative_no": world.negative_no}
        assert ask(world, "provider_head", "answers", body).json()["status"] == "refused"
        page = client(world, "applicant").get(f"/demands/{world.demand_no}").text
        assert f'href="/negative-entries/{world.negative_no}"' in page

    def test_but_only_one_in_force_that_binds_the_department(self, world_at: At) -> None:
        world = world_at("negative_in_force")
        deeds.hire_head(world)
        stated = deeds.item("营业收入", stated={})
        deeds.published(world, stated, who="consumer_registrar", title="企业收入")
        proposed = withholding.propose(world, items=[{"resource": "307001/000001", "name": "地址"}])
        (elsewhere,) = (e.entry_no for e in deeds.entries() if e.resource_id is not None)
        world.demand_no = demanding.file_it(world)
        demanding.assign_it(world)
        for number, code in (
            ("NE-2026-009999", "unknown"),
            (proposed, "unknown"),
            (elsewhere, "elsewhere"),
        ):
            assert refused_by(world, number) == [("#/negative_no", code)]
        end = {"ended_on": "2026-02-10", "document": "主席令第90号", "reason": "条文已删除"}
        path = f"/api/v1/negative-entries/{world.negative_no}/endings"
        assert client(world, "data_admin").post(path, json=end, headers=once()).status_code == 201
        assert refused_by(world, world.negative_no) == [("#/negative_no", "not_in_force")]

    def test_the_database_keeps_no_refusal_without_basis(self, world_at: At) -> None:
        world_at("refused_demand")
        for change in ('"legal_article": ""', '"legal_kind": null', '"reason": ""'):
            with pytest.raises(IntegrityError, match="refuse"):
                run_sql(
                    "INSERT INTO demand_answer SELECT (jsonb_populate_record(given,"
                    f""" '{{"position": 9, {change}}}')).* FROM demand_answer AS given"""
                )

    def test_an_answer_stays_as_it_was_given(self, world_at: At) -> None:
        world_at("refused_demand")
        with pytest.raises(ProgrammingError, match="permission denied"):
            run_sql("UPDATE demand_answer SET reason = '别的理由'")

    def test_only_the_asked_departments_sharing_head_answers(self, world_at: At) -> None:
        world = world_at("claimed_demand")
        body = demanding.REFUSAL
        for who, status in (("approver", 403), ("consumer_head", 403), ("data_admin", 403)):
            assert ask(world, who, "answers", body).status_code == status
        assert ask(world, "stranger", "answers", body).status_code == 404


class TestWithheld:
    """A demand aimed at a withheld item is answered with the basis, not dropped."""

    @pytest.fixture
    def world(self, world_at: At) -> World:
        world = world_at("published_resource")
        change_items(world, WITHHOLD, item=world.item_ids[3])
        world.demand_no = demanding.file_it(world, item=str(world.item_ids[3]))
        return world

    def test_it_cannot_be_ended_before_it_is_answered(self, world: World) -> None:
        assert shown(world)["withheld_item"] == "307001/000001 经度"
        for reason in ("nobody_has", "withheld_by_law", "no_longer_needed"):
            ended = ask(world, "data_admin", "closings", {"reason": reason})
            assert (ended.status_code, ended.json()["code"]) == (409, "demand_not_closable")
        demanding.assign_it(world)
        ended = ask(world, "data_admin", "closings", {"reason": "nobody_has"})
        assert (ended.status_code, ended.json()["code"]) == (409, "demand_not_now")

    def test_its_entry_does_not_serve_it(self, world: World) -> None:
        demanding.assign_it(world)
        body = {"kind": "share", "entry": world.resource_code}
        assert pointers(ask(world, "provider_head", "answers", body)) == ["#/entry"]
        answered = ask(world, "provider_head", "answers", demanding.REFUSAL)
        assert answered.json()["status"] == "refused"

    def test_the_entry_that_strikes_it_is_offered_as_the_basis(self, world: World) -> None:
        demanding.assign_it(world)
        (no,) = shown(world)["withheld_by"]
        page = client(world, "provider_head").get(f"/demands/{world.demand_no}").text
        assert f'name="negative_no" type="text" value="{no}"' in page
        assert f'href="/negative-entries/{no}"' in page

    def test_the_form_is_filled_from_the_link(self, world: World) -> None:
        page = client(world, "applicant").get(f"/demands/new?item={world.item_ids[3]}").text
        assert "中小学校名录：经度" in page
        assert f'name="item" value="{world.item_ids[3]}"' in page


class TestRefusal:
    def test_is_contested_and_mediated(self, world_at: At) -> None:
        world = world_at("refused_demand")
        assert "accept_demand_refusal" in task_kinds(world, "applicant")
        contested = ask(world, "applicant", "contests", {"reason": "该条不构成依据。"})
        assert contested.json()["status"] == "contested"
        assert "settle_demand" in task_kinds(world, "data_admin")
        settled = {"outcome": "sent_back", "reason": "所引条款不适用。"}
        assert ask(world, "applicant", "settlements", settled).status_code == 403
        assert ask(world, "data_admin", "settlements", settled).json()["status"] == "claimed"

    def test_that_stands_after_mediation_is_lawful(self, world_at: At) -> None:
        world = world_at("contested_demand")
        body = {"outcome": "upheld", "reason": "依据成立。"}
        found = ask(world, "data_admin", "settlements", body).json()
        assert (found["status"], found["unmet_reason"]) == ("unmet", "withheld_by_law")
        assert ask(world, "data_admin", "settlements", body).status_code == 409

    def test_is_accepted_as_lawful(self, world_at: At) -> None:
        world = world_at("refused_demand")
        found = ask(world, "applicant", "closings", {"reason": "withheld_by_law"}).json()
        assert (found["status"], found["unmet_reason"]) == ("unmet", "withheld_by_law")

    def test_by_law_is_no_reason_where_nobody_refused(self, world_at: At) -> None:
        world = world_at("answered_demand")
        ended = ask(world, "applicant", "closings", {"reason": "withheld_by_law"})
        assert ended.json()["code"] == "demand_not_closable"
        ended = ask(world, "applicant", "closings", {"reason": "not_suitable"})
        assert ended.json()["status"] == "unmet"

    def test_whoever_answered_does_not_mediate(self, world_at: At) -> None:
        world = world_at("contested_demand")
        run_sql(
            "UPDATE app_user SET roles = roles || ARRAY['data_admin']"
            " WHERE account = 'provider_head'"
        )
        body = {"outcome": "upheld", "reason": "依据成立。"}
        assert ask(world, "provider_head", "settlements", body).status_code == 403


class TestMeeting:
    def test_nothing_but_a_finished_delivery_meets_it(self, world_at: At) -> None:
        """Through the real path: request, reply, grant, transfer, job."""
        world = world_at("shared_demand")
        assert shown(world)["status"] == "being_shared"
        assert shown(world)["heard"][0]["request_no"] == world.request_no
        grant_no = granted(world)
        assert shown(world)["status"] == "being_shared"
        with data_client(world, "applicant") as consumer:
            answer = consumer.get(f"/api/v1/grants/{grant_no}/data")
        assert answer.status_code == 200, answer.text
        assert shown(world)["status"] == "being_shared"
        with reading() as session:
            jobs = [job for job in list_jobs(session) if job.task.endswith("meet_demand")]
        assert [job.args for job in jobs] == [{"delivery_no": answer.headers["shuqiao-delivery"]}]
        for _again in range(2):
            meet_demand(**jobs[0].args)
        found = shown(world)
        assert (found["status"], found["delivery_no"]) == ("met", jobs[0].args["delivery_no"])
        assert trail(world.demand_no)[-2:] == ["demand:requested", "demand:met"]
        assert last_fact(world.demand_no)["why"]["delivery"] == found["delivery_no"]

    def test_the_database_calls_nothing_met_without_delivery(self, world_at: At) -> None:
        world_at("shared_demand")
        with pytest.raises(IntegrityError, match="met"):
            run_sql("UPDATE demand SET status = 'met', ended_at = now()")

    def test_a_request_that_comes_to_nothing_lets_it_wait_again(self, world_at: At) -> None:
        world = world_at("shared_demand")
        with unit_of_work() as session:
            request = requests.by_no(session, world.request_no, lock=True)
            assert request is not None
            who = world.subjects["applicant"]
            asking.withdraw(session, who, request, request.version, "写错了")
        assert shown(world)["status"] == "answered"
        assert "apply_for_demand" in task_kinds(world, "applicant")

    def test_a_refused_one_does_so_too(self, world_at: At) -> None:
        world = world_at("shared_demand")
        refuse(world)
        assert shown(world)["status"] == "answered"

    def test_only_a_department_that_wants_it_cites_it_for_its_entry(self, world_at: At) -> None:
        world = world_at("answered_demand")
        body = {
            "resource_code": world.resource_code,
            "item_ids": [str(world.item_ids[0])],
            "demand_no": world.demand_no,
            "basis": "依据",
            "scenario": "场景",
            "scope": "范围",
            "share_way": "batch",
            "until": "2026-12-31",
        }
        answer = client(world, "stranger").post("/api/v1/requests", json=body, headers=once())
        assert pointers(answer) == ["#/demand_no"]
        mine = client(world, "applicant").post("/api/v1/requests", json=body, headers=once())
        assert mine.json()["demand_no"] == world.demand_no
        closed = ask(world, "applicant", "closings", {"reason": "no_longer_needed"})
        assert closed.status_code == 201
        body["scenario"] = "另一场景"
        late = client(world, "applicant").post("/api/v1/requests", json=body, headers=once())
        assert pointers(late) == ["#/demand_no"]


class TestSeen:
    def test_by_its_departments_the_administration_and_the_security_reviewer(
        self, world_at: At
    ) -> None:
        world = world_at("filed_demand")
        for who in ("applicant", "consumer_head", "data_admin", "reviewer"):
            assert shown(world, who)["demand_no"] == world.demand_no
        path = f"/api/v1/demands/{world.demand_no}"
        for who in ("provider_head", "stranger"):
            assert client(world, who).get(path).status_code == 404
            assert client(world, who).get("/api/v1/demands").json()["items"] == []
        demanding.assign_it(world)
        assert shown(world, "provider_head")["status"] == "claimed"

    def test_queues_show_whose_turn_it_is(self, world_at: At) -> None:
        world = world_at("claimed_demand")

        def queued(who: str, queue: str) -> list[str]:
            answer = client(world, who).get(f"/api/v1/demands?queue={queue}").json()
            return [each["demand_no"] for each in answer["items"]]

        assert queued("provider_head", "to_answer") == [world.demand_no]
        assert queued("applicant", "mine") == [world.demand_no]
        assert queued("applicant", "to_answer") == queued("data_admin", "to_assign") == []

    def test_a_stale_version_is_told(self, world_at: At) -> None:
        world = world_at("filed_demand")
        headers = {**once(), "if-match": '"v9"'}
        answer = client(world, "data_admin").post(
            f"/api/v1/demands/{world.demand_no}/assignments",
            json={"provider": EDUCATION[1]},
            headers=headers,
        )
        assert (answer.status_code, answer.json()["code"]) == (412, "demand_changed")


def granted(world: World, no: str = "") -> str:
    """The request is answered with a yes, its grant is active; gives its number."""
    reply = {"items": [{"item_id": each, "outcome": "granted"} for each in world.item_ids]}
    with unit_of_work() as session:
        request = requests.by_no(session, no or world.request_no, lock=True)
        assert request is not None
        body = Reply.model_validate(reply)
        approvals.prepare(session, world.subjects["approver"], request, request.version, body)
    with unit_of_work() as session:
        request = requests.by_no(session, no or world.request_no, lock=True)
        assert request is not None
        who = world.subjects["provider_head"]
        grant = approvals.release(session, who, request, request.version, "同意")
        assert grant is not None
        number = grant.grant_no
    prove(number)
    return number


def refuse(world: World) -> None:
    said = {"outcome": "refused", "reason": "beyond_necessity", "remark": "只需名称"}
    reply = {"items": [{"item_id": each, **said} for each in world.item_ids]}
    with unit_of_work() as session:
        request = requests.by_no(session, world.request_no, lock=True)
        assert request is not None
        body = Reply.model_validate(reply)
        approvals.prepare(session, world.subjects["approver"], request, request.version, body)
    with unit_of_work() as session:
        request = requests.by_no(session, world.request_no, lock=True)
        assert request is not None
        who = world.subjects["provider_head"]
        approvals.release(session, who, request, request.version, "不同意")
