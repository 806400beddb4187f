"""A source conflict: opened, heard, decided, once reviewed; by nobody who acted for a side."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from fixtures import disputing, sourcing
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.exchanging import task_kinds, told
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from fixtures.written import entry
from sqlalchemy.exc import IntegrityError

from catalog.conflicts import service
from catalog.conflicts.errors import ConflictStands, ReviewTermOver
from catalog.conflicts.schemas import ConflictOpen, ReviewPlea
from catalog.resources import repository as resources
from catalog.resources import service as service_of_entries
from catalog.resources.fields.origin import Origin
from catalog.sources import repository as sources
from shuqiao.db import reading, unit_of_work
from shuqiao.settings import settings

At = Callable[[str], World]
OnDay = Callable[[date], None]
EDUCATION, POLICE = DEPARTMENTS["education"][0], DEPARTMENTS["police"][0]


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> OnDay:
    return lambda day: monkeypatch.setattr(settings(), "clock", f"{day}T09:00:00+08:00")


def ask(world: World, who: str, path: str, body: Any = None) -> Any:
    seen = {}
    if path.startswith("/source-claims/"):
        case = "/".join(path.split("/")[:3])
        seen = {"if-match": client(world, who).get(f"/api/v1{case}").headers["etag"]}
    return client(world, who).post(f"/api/v1{path}", json=body, headers={**once(), **seen})


def act(world: World, who: str, what: str, body: Any = None) -> Any:
    return ask(world, who, f"/source-conflicts/{world.conflict_no}/{what}", body)


def shown(world: World, who: str = "data_admin") -> Any:
    return client(world, who).get(f"/api/v1/source-conflicts/{world.conflict_no}").json()


def source(world: World) -> list[str]:
    """The departments that are the source now."""
    path = f"/api/v1/elements/{world.element_identifier}/source"
    return [each["department"] for each in client(world, "applicant").get(path).json()["sources"]]


def decision(world: World, named: str) -> dict[str, str]:
    return {"named": named, **disputing.DECISION}


class TestHearing:
    def test_both_sides_have_their_say_before_anything_is_decided(self, world_at: At) -> None:
        world = world_at("opened_conflict")
        found = shown(world)
        assert (found["status"], found["opener"], found["rival"]) == ("opened", POLICE, EDUCATION)
        assert [each["department"] for each in found["statements"]] == [POLICE]
        assert "state_source_conflict" in task_kinds(world, "provider_head")
        early = act(world, "data_admin", "decisions", decision(world, found["claim"]))
        assert (early.status_code, early.json()["code"]) == (409, "source_conflict_not_now")
        assert act(world, "consumer_head", "statements", disputing.SAID).status_code == 403
        said = act(world, "provider_head", "statements", disputing.SAID)
        assert said.status_code == 201, said.text
        assert [each["department"] for each in said.json()["statements"]] == [POLICE, EDUCATION]
        assert task_kinds(world, "data_admin").count("decide_source_conflict") == 1
        assert act(world, "provider_head", "statements", disputing.SAID).status_code == 409

    def test_silence_is_passed_over_when_its_time_is_over(
        self, world_at: At, on_day: OnDay
    ) -> None:
        world = world_at("opened_conflict")
        due = date.fromisoformat(shown(world)["due_on"])
        closed = []
        for day in (due, due + timedelta(days=1), due + timedelta(days=2)):
            on_day(day)
            with unit_of_work() as session:
                closed.append(service.close_hearings(session))
        assert closed == [0, 1, 0]
        with unit_of_work() as session:
            assert disputing.conflict(session, world).status == "heard"

    def test_the_source_goes_on_and_nobody_else_names_it_meanwhile(self, world_at: At) -> None:
        world = world_at("opened_conflict")
        assert source(world) == [EDUCATION]
        own = shown(world)["own_claim"]
        passed = ask(world, "data_admin", f"/source-claims/{own}/confirmations", {"reason": "x"})
        assert (passed.status_code, passed.json()["code"]) == (409, "source_conflict_open")

    def test_a_third_department_is_not_told_which_conflict_stands(self, world_at: At) -> None:
        world = world_at("opened_conflict")
        home = world.subjects["data_admin"].department_id
        third = replace(world.subjects["consumer_registrar"], department_id=home)
        body = ConflictOpen.model_validate({**disputing.SAID, "against": world.claim_no})
        with unit_of_work() as session, pytest.raises(ConflictStands) as refused:
            service.open_conflict(session, third, sourcing.element(session, world), body)
        assert world.conflict_no not in str(refused.value.detail)

    def test_a_statement_names_a_duty_of_its_own_department(self, world_at: At) -> None:
        world = world_at("opened_conflict")
        path = f"/source-conflicts/{world.conflict_no}/statements"
        said = {"statement": "本部门依职责采集。", "duty_no": "DU-2026-000404"}
        refused = ask(world, "provider_head", path, said)
        assert [each["pointer"] for each in refused.json()["errors"]] == ["#/duty_no"]

    def test_a_claim_is_disputed_once_and_never_ones_own(self, world_at: At) -> None:
        world = world_at("opened_conflict")
        path = f"/elements/{world.element_identifier}/source-conflicts"
        body = {**disputing.SAID, "against": world.claim_no}
        again = ask(world, "consumer_registrar", path, body)
        assert (again.status_code, again.json()["code"]) == (409, "source_conflict_stands")
        assert world.conflict_no in again.json()["detail"]
        own = ask(world, "registrar", path, body)
        assert own.json()["errors"][0]["pointer"] == "#/against"
        unknown = ask(world, "registrar", path, {**body, "against": "SC-2026-000404"})
        assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (422, "not_standing")

    def test_the_opinion_of_the_establishment_office_lies_beside_it(self, world_at: At) -> None:
        world = world_at("opened_conflict")
        body = {"opinion": "该职责归教育厅。", "document": "编办函〔2026〕8号"}
        assert act(world, "data_admin", "opinions", body).status_code == 201
        assert shown(world)["opinion_document"] == "编办函〔2026〕8号"
        assert act(world, "consumer_head", "opinions", body).status_code == 403

    def test_withdrawn_it_takes_the_claim_of_its_side_along(self, world_at: At) -> None:
        world = world_at("opened_conflict")
        own = shown(world)["own_claim"]
        assert act(world, "provider_head", "withdrawals").status_code == 403
        assert act(world, "consumer_head", "withdrawals").json()["status"] == "withdrawn"
        with reading() as session:
            claim = sources.by_no(session, own)
            assert claim is not None and claim.status == "withdrawn"
        assert source(world) == [EDUCATION]


class TestDecision:
    @pytest.mark.parametrize("is_openers", [False, True])
    def test_it_names_one_of_the_two(self, world_at: At, is_openers: bool) -> None:
        world = world_at("heard_conflict")
        found = shown(world)
        named = found["own_claim" if is_openers else "claim"]
        decided = act(world, "data_admin", "decisions", decision(world, named))
        assert decided.status_code == 201, decided.text
        expected = POLICE if is_openers else EDUCATION
        assert (decided.json()["source"], source(world)) == (expected, [expected])
        assert decided.json()["review_until"] is not None
        for who in ("provider_head", "consumer_head"):
            assert any("a review may be asked for once" in text for text in told(world, who))

    def test_it_names_nobody_else(self, world_at: At) -> None:
        world = world_at("heard_conflict")
        wrong = act(world, "data_admin", "decisions", decision(world, "SC-2026-000404"))
        assert wrong.json()["errors"][0]["pointer"] == "#/named"
        assert source(world) == [EDUCATION]

    def test_a_claim_that_waits_can_be_disputed_too(self, world_at: At) -> None:
        world = world_at("claimed_source")
        world.conflict_no = disputing.open_it(world)
        disputing.state_it(world)
        disputing.decide_it(world, shown(world)["own_claim"])
        assert source(world) == [POLICE]

    def test_sides_do_not_decide_and_the_own_case_is_marked(self, world_at: At) -> None:
        """The bureau disputes: whoever spoke for it decides nothing, its other administrator does,
        and that is marked (本部门自审).
        """
        world = world_at("named_source")
        path = f"/elements/{world.element_identifier}/source-conflicts"
        run_sql(
            "UPDATE app_user SET roles = roles || ARRAY['registrar'] WHERE account='data_admin'"
        )
        body = {**disputing.SAID, "against": world.claim_no}
        opened = ask(world, "data_admin", path, body)
        assert opened.status_code == 201, opened.text
        world.conflict_no = opened.json()["conflict_no"]
        disputing.state_it(world)
        named = decision(world, world.claim_no)
        refused = act(world, "data_admin", "decisions", named)
        assert refused.status_code == 403
        disputing.hire_another_admin(world)
        decided = act(world, disputing.SECOND, "decisions", named)
        assert decided.json()["is_self_reviewed"] is True, decided.text

    @pytest.mark.parametrize("named", ["claim", "own_claim"])
    def test_who_claimed_for_a_side_does_not_decide(self, world_at: At, named: str) -> None:
        """The administration may open the naming for a department; its person then is no judge."""
        world = world_at("adopted_element")
        other = {"department": DEPARTMENTS["education"][1]}
        world.claim_no = sourcing.propose(world, "data_admin", **other)
        world.conflict_no = disputing.open_it(world)
        disputing.state_it(world)
        body = decision(world, shown(world)[named])
        assert act(world, "data_admin", "decisions", body).status_code == 403
        disputing.hire_another_admin(world)
        assert act(world, disputing.SECOND, "decisions", body).status_code == 201

    @pytest.mark.parametrize(
        ("who", "claim", "what", "body"),
        [
            ("data_admin", "claim", "ends", {"reason": "x"}),
            ("data_admin", "own_claim", "refusals", {"reason": "x"}),
            ("consumer_registrar", "own_claim", "withdrawals", None),
        ],
    )
    def test_nothing_becomes_of_the_two_claims_meanwhile(
        self, world_at: At, who: str, claim: str, what: str, body: Any
    ) -> None:
        """Else nobody would be left whom the decision can name."""
        world = world_at("heard_conflict")
        refused = ask(world, who, f"/source-claims/{shown(world)[claim]}/{what}", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "source_conflict_open")
        named = decision(world, shown(world)[claim])
        assert act(world, "data_admin", "decisions", named).status_code == 201

    def test_the_database_lets_no_side_decide(self, world_at: At) -> None:
        world_at("decided_conflict")
        for column in (
            "decider_id = actor_ids[1]",
            "reasons = 'x'",
            "named_claim_id = own_claim_id",
        ):
            with pytest.raises(IntegrityError):
                run_sql(f"UPDATE source_conflict SET {column}")


class TestReview:
    def test_once_by_the_side_that_was_not_named(self, world_at: At) -> None:
        world = world_at("decided_conflict")
        plea = {"plea": "未考虑第五条。"}
        won = act(world, "provider_head", "review-requests", plea)
        assert won.json()["errors"][0]["code"] == "was_named"
        assert act(world, "consumer_head", "review-requests", plea).status_code == 201
        again = act(world, "consumer_head", "review-requests", plea)
        assert again.json()["code"] == "source_conflict_not_now"
        assert source(world) == [EDUCATION]

    def test_within_the_time_that_the_platform_sets(self, world_at: At, on_day: OnDay) -> None:
        world = world_at("decided_conflict")
        on_day(date.fromisoformat(shown(world)["review_until"]) + timedelta(days=1))
        who, plea = world.subjects["consumer_head"], ReviewPlea(plea="x")
        with unit_of_work() as session:
            found = disputing.conflict(session, world)
            with pytest.raises(ReviewTermOver):
                service.ask_review(session, who, found, plea)

    @pytest.mark.parametrize("outcome", ["upheld", "changed"])
    def test_another_person_decides_on_it_for_good(self, world_at: At, outcome: str) -> None:
        world = world_at("appealed_conflict")
        body = {"outcome": outcome, "reasons": "复核意见。"}
        assert act(world, "data_admin", "reviews", body).status_code == 403
        done = act(world, disputing.SECOND, "reviews", body)
        assert (done.status_code, done.json()["status"]) == (201, outcome), done.text
        expected = EDUCATION if outcome == "upheld" else POLICE
        assert (done.json()["source"], source(world)) == (expected, [expected])
        for who in ("consumer_head", "provider_head"):
            assert act(world, who, "review-requests", {"plea": "x"}).status_code == 409

    def test_the_database_lets_the_first_decider_not_review(self, world_at: At) -> None:
        world_at("appealed_conflict")
        with pytest.raises(IntegrityError, match="another_person"):
            run_sql(
                "UPDATE source_conflict SET status = 'upheld', reviewer_id = decider_id,"
                " reviewed_at = now(), review_reasons = 'x'"
            )


def change_items(world: World) -> None:
    """The registrar says that the own department collects it."""
    with unit_of_work() as session:
        found = resources.by_code(session, world.resource_code, lock=True)
        assert found is not None
        entry = service_of_entries.read(session, found)
        body = service_of_entries.as_written(entry)
        body.items[0].origin = Origin.model_validate({"kind": "collected"})
        who = world.subjects["consumer_registrar"]
        service_of_entries.edit(session, who, found, body, version=found.version)


class TestSeen:
    def test_by_its_sides_the_administration_and_the_security_reviewer(self, world_at: At) -> None:
        world = world_at("opened_conflict")
        for who in ("registrar", "applicant", "data_admin", "reviewer"):
            assert shown(world, who)["conflict_no"] == world.conflict_no
        path = f"/api/v1/source-conflicts/{world.conflict_no}"
        assert client(world, "stranger").get(path).status_code == 404
        assert client(world, "stranger").get("/api/v1/source-conflicts").json()["items"] == []

    def test_others_see_on_the_element_that_one_is_open(self, world_at: At) -> None:
        world = world_at("opened_conflict")
        page = client(world, "stranger").get(f"/elements/{world.element_identifier}").text
        assert "该数据元的数源有争议" in page and world.conflict_no not in page
        own = client(world, "registrar").get(f"/elements/{world.element_identifier}").text
        assert f"/source-conflicts/{world.conflict_no}" in own

    def test_which_one_is_told_to_nobody_else(self, world_at: At) -> None:
        """Nor by the page of the source, nor by the entry of a third department."""
        world = world_at("opened_conflict")
        run_sql("UPDATE app_user SET roles = roles || ARRAY['registrar'] WHERE account='stranger'")
        page = f"/elements/{world.element_identifier}/source"
        third = client(world, "stranger")
        assert "数源冲突" in third.get(page).text
        assert world.conflict_no not in third.get(page).text
        assert world.conflict_no in client(world, "registrar").get(page).text
        written = entry()
        collected = {"element": world.element_identifier, "origin": {"kind": "collected"}}
        written["items"][0] |= collected
        made = ask(world, "stranger", "/resources", written).json()["code"].replace("/", "-")
        seen = third.get(f"/api/v1/resources/{made}").headers["etag"]
        path = f"/api/v1/resources/{made}/submissions"
        refused = third.post(path, headers={**once(), "if-match": seen})
        (error,) = [each for each in refused.json()["errors"] if "origin" in each["pointer"]]
        assert error["fix"] == "数源冲突办理期间，请写明重复采集理由。"

    def test_a_second_collection_says_why_while_it_is_open(self, world_at: At) -> None:
        world = world_at("opened_conflict")
        world.resource_code = sourcing.collect(world, "consumer_registrar").replace("/", "-")
        change_items(world)
        code = world.resource_code
        path = f"/api/v1/resources/{code}/submissions"
        with client(world, "consumer_registrar") as registrar:
            seen = registrar.get(f"/api/v1/resources/{code}").headers["etag"]
            refused = registrar.post(path, headers={**once(), "if-match": seen}).json()
        found = {(each["pointer"], each["code"]) for each in refused["errors"]}
        assert ("#/items/0/origin/reason", "missing") in found
        assert world.conflict_no in str(refused)
