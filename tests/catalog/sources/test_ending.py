"""What ends: sources with their element, or carried to the one that replaces it; object scopes; and
what the database keeps of a claim that was decided.
"""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures import disputing, sourcing
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.exchanging import last_fact, looking, task_kinds, told, trail
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError, ProgrammingError

from catalog.elements import repository as elements
from catalog.elements.schemas import ElementCreate
from catalog.elements.service import adopting
from catalog.proposals import repository as proposals
from catalog.proposals.schemas import EndingCreate, ProposalDecision
from catalog.proposals.service import deciding, filing
from catalog.proposals.words import ProposalOutcome
from catalog.sources import repository
from catalog.sources.models import SourceClaim
from shuqiao.db import unit_of_work
from shuqiao.subject import Subject

At = Callable[[str], World]
YES = ProposalDecision(outcome=ProposalOutcome.PUBLISHED, remark="各部门已同意")
SCOPE = {"name": "社会组织", "belongs": "首位为 5，由民政部门赋码"}


def post(world: World, who: str, path: str, body: Any = None, **headers: str) -> Any:
    sent = client(world, who)
    return sent.post(f"/api/v1{path}", json=body, headers={**once(), **headers})


def successor() -> str:
    """Another element that is adopted; its identifier."""
    said = {"name": "学校标识", "definition": "学校的唯一标识", "data_type": "C"}
    with unit_of_work() as session:
        body = ElementCreate.model_validate(said)
        return adopting.adopt(session, Subject.system("cli"), body).identifier


def let_end(world: World, **said: Any) -> None:
    """The element of the world is replaced or retired, all the way to the publication."""
    with unit_of_work() as session:
        element = elements.by_identifier(session, world.element_identifier, lock=True)
        assert element is not None
        body = EndingCreate.model_validate({"reason": "口径合并", **said})
        made = filing.propose_ending(session, world.subjects["registrar"], element, body)
        no = made.proposal_no
    for step in (deciding.record, deciding.decide):
        with unit_of_work() as session:
            proposal = proposals.by_no(session, no, lock=True)
            assert proposal is not None
            more = (YES,) if step is deciding.decide else ()
            step(session, world.subjects["data_admin"], proposal, *more, proposal.version)


def claims(identifier: str) -> list[SourceClaim]:
    with looking() as session:
        found = elements.by_identifier(session, identifier)
        assert found is not None
        return list(repository.of_element(session, found.id))


class TestElements:
    def test_sources_end_with_a_retired_element(self, world_at: At) -> None:
        world = world_at("named_source")
        let_end(world)
        (claim,) = claims(world.element_identifier)
        assert (claim.status, str(claim.ended_on)) == ("ended", "2026-02-11")
        assert world.element_identifier in claim.end_reason
        assert trail(world.claim_no)[-1] == "source:ended"
        assert any("no longer the source" in each for each in told(world, "registrar"))

    def test_claims_that_wait_fall_away_with_what_was_asked_about_them(self, world_at: At) -> None:
        world = world_at("countersigned_source")
        let_end(world)
        (claim,) = claims(world.element_identifier)
        assert claim.status == "withdrawn"
        assert "source:lapsed" in trail(world.claim_no)
        assert "countersign_source" not in task_kinds(world, "provider_head")
        assert "name_source" not in task_kinds(world, "data_admin")

    def test_an_open_conflict_about_it_falls_away(self, world_at: At) -> None:
        world = world_at("heard_conflict")
        let_end(world)
        path = f"/api/v1/source-conflicts/{world.conflict_no}"
        found = client(world, "data_admin").get(path).json()
        assert (found["status"], found["source"]) == ("withdrawn", None)
        assert world.element_identifier in found["lapse_reason"]
        assert {each.status for each in claims(world.element_identifier)} == {"ended", "withdrawn"}
        assert "decide_source_conflict" not in task_kinds(world, "data_admin")
        page = client(world, "data_admin").get(f"/source-conflicts/{world.conflict_no}").text
        assert found["lapse_reason"] in page

    def test_replaced_its_sources_go_over_where_the_act_says_so(self, world_at: At) -> None:
        world = world_at("named_source")
        other = successor()
        let_end(world, successor=other, carries_sources=True)
        (old,) = claims(world.element_identifier)
        (new,) = claims(other)
        assert (old.status, new.status, new.ground) == ("ended", "confirmed", "carried")
        assert old.ended_on == new.confirmed_on, "without a gap"
        told = (old.department_id, old.area_code, old.document, old.article)
        assert (new.department_id, new.area_code, new.document, new.article) == told
        assert trail(new.claim_no) == ["source:carried"]
        assert last_fact(new.claim_no)["why"]["from"] == old.claim_no

    def test_without_that_word_they_end(self, world_at: At) -> None:
        world = world_at("named_source")
        other = successor()
        let_end(world, successor=other)
        assert claims(other) == []

    def test_a_source_of_the_successor_is_not_doubled(self, world_at: At) -> None:
        world = world_at("named_source")
        other = successor()
        before, world.element_identifier = world.element_identifier, other
        taken = sourcing.propose(world, "consumer_registrar")
        world.claim_no = taken
        sourcing.named_source(world)
        world.element_identifier = before
        let_end(world, successor=other, carries_sources=True)
        assert [each.claim_no for each in claims(other)] == [taken]

    def test_the_scopes_go_along(self, world_at: At) -> None:
        world = world_at("adopted_element")
        path = f"/elements/{world.element_identifier}/source/scopes"
        assert post(world, "data_admin", path, SCOPE).status_code == 201
        world.claim_no = sourcing.propose(world, "registrar", scope=SCOPE["name"])
        sourcing.named_source(world)
        other = successor()
        let_end(world, successor=other, carries_sources=True)
        source = client(world, "applicant").get(f"/api/v1/elements/{other}/source").json()
        assert [each["scope"] for each in source["sources"]] == [SCOPE["name"]]
        assert [each["belongs"] for each in source["scopes"]] == [SCOPE["belongs"]]

    def test_only_to_an_element_that_needs_a_source(self, world_at: At) -> None:
        world = world_at("named_source")
        path = f"/elements/{world.element_identifier}/endings"
        body = {"reason": "x", "carries_sources": True}
        refused = post(world, "registrar", path, body)
        assert [each["pointer"] for each in refused.json()["errors"]] == ["#/carries_sources"]

    def test_the_database_lets_no_ended_or_derived_element_keep_a_source(
        self, world_at: At
    ) -> None:
        world_at("named_source")
        for change in (
            "sourcing = 'derived', derivation = 'x'",
            "status = 'retired', ended_on = now(), end_reason = 'x'",
        ):
            with pytest.raises(IntegrityError, match="has no source"):
                run_sql(f"UPDATE data_element SET {change}")


class TestScopes:
    def scoped(self, world: World) -> int:
        path = f"/elements/{world.element_identifier}/source/scopes"
        made = post(world, "data_admin", path, SCOPE)
        return int(made.json()["number"])

    def end(
        self, world: World, number: int, who: str = "data_admin", reason: str = "职责调整"
    ) -> Any:
        path = f"/elements/{world.element_identifier}/source/scopes/{number}/ends"
        return post(world, who, path, {"reason": reason})

    def test_one_without_a_live_claim_ends_and_its_name_is_free(self, world_at: At) -> None:
        world = world_at("adopted_element")
        number = self.scoped(world)
        assert self.end(world, number, "registrar").status_code == 403
        assert self.end(world, number, reason="").status_code == 422
        ended = self.end(world, number)
        assert (ended.status_code, ended.json()["ended_on"]) == (201, "2026-02-11"), ended.text
        assert trail(world.element_identifier)[-1] == "source:scope_ended"
        assert self.end(world, number).status_code == 409
        source = f"/api/v1/elements/{world.element_identifier}/source"
        assert client(world, "applicant").get(source).json()["scopes"] == []
        said = {**sourcing.BASIS, "scope": SCOPE["name"]}
        path = f"/elements/{world.element_identifier}/source-claims"
        refused = post(world, "registrar", path, said)
        assert refused.json()["errors"][0]["pointer"] == "#/scope"
        assert self.scoped(world) != number

    @pytest.mark.parametrize("is_named", [False, True])
    def test_one_with_a_live_claim_does_not(self, world_at: At, is_named: bool) -> None:
        world = world_at("adopted_element")
        number = self.scoped(world)
        world.claim_no = sourcing.propose(world, "registrar", scope=SCOPE["name"])
        if is_named:
            sourcing.named_source(world)
        refused = self.end(world, number)
        assert (refused.status_code, refused.json()["code"]) == (409, "scope_in_use")
        assert world.claim_no in refused.json()["detail"]
        with pytest.raises(IntegrityError, match="ends once"):
            run_sql("UPDATE object_scope SET ended_on = now(), end_reason = 'x'")

    def test_by_the_page(self, world_at: At) -> None:
        world = world_at("adopted_element")
        number = self.scoped(world)
        page = f"/elements/{world.element_identifier}/source"
        ends = f"/source/scopes/{number}/ends"
        assert ends in client(world, "data_admin").get(page).text
        assert ends not in client(world, "registrar").get(page).text
        assert self.end(world, number + 1).status_code == 404

    def test_the_database_lets_nobody_claim_for_one_that_ended(self, world_at: At) -> None:
        world = world_at("adopted_element")
        number = self.scoped(world)
        world.claim_no = sourcing.propose(world, "registrar", scope=SCOPE["name"])
        post(world, "registrar", f"/source-claims/{world.claim_no}/withdrawals")
        assert self.end(world, number).status_code == 201
        again = (
            "INSERT INTO source_claim (id, claim_no, element_id, element_name, scope_id,"
            " department_id, area_code, element_number, area_span, document, article, collected_by,"
            " is_upper, is_by_administration, is_rival, status, is_self_reviewed, reason,"
            " end_reason, proposer_id, version, created_at) SELECT gen_random_uuid(), 'SC-x',"
            " element_id, element_name, scope_id, department_id, area_code, element_number,"
            " area_span, document, article, collected_by, is_upper, is_by_administration, is_rival,"
            " 'proposed', false, '', '', proposer_id, 1, now() FROM source_claim"
        )
        with pytest.raises(IntegrityError, match="object scope has ended"):
            run_sql(again)


class TestWhatWasDecidedStays:
    @pytest.mark.parametrize(
        "change",
        ["reason = 'x'", "decided_at = now()", "is_self_reviewed = true", "ground = 'upper'"],
    )
    def test_of_a_confirmed_claim(self, world_at: At, change: str) -> None:
        world_at("named_source")
        with pytest.raises(IntegrityError, match="stays as it is"):
            run_sql(f"UPDATE source_claim SET {change}")

    @pytest.mark.parametrize("change", ["document = 'x'", "is_rival = true", "proposer_id = NULL"])
    def test_what_it_says_is_no_column_of_the_application(self, world_at: At, change: str) -> None:
        world_at("claimed_source")
        with pytest.raises(ProgrammingError, match="permission denied"):
            run_sql(f"UPDATE source_claim SET {change}")

    def test_who_countersigned_does_not_decide(self, world_at: At) -> None:
        world = world_at("countersigned_source")
        path = f"/source-claims/{world.claim_no}/countersigns/1/answers"
        assert post(world, "provider_head", path, {"answer": "agreed"}).status_code == 201
        signer = world.subjects["provider_head"].user_id
        with pytest.raises(IntegrityError, match="countersigned"):
            run_sql(
                "UPDATE source_claim SET status = 'refused', decider_id = :who, decided_at = now(),"
                " reason = 'x'",
                who=signer,
            )
        bureau = world.subjects["data_admin"].department_id
        run_sql(
            "UPDATE app_user SET roles = '{data_admin}', department_id = :home WHERE id = :who",
            who=signer,
            home=bureau,
        )
        page = client(world, "provider_head").get(f"/source-claims/{world.claim_no}").text
        assert "/decisions" not in page
        refused = post(
            world,
            "provider_head",
            f"/source-claims/{world.claim_no}/refusals",
            {"reason": "x"},
            **{"if-match": '"v1"'},
        )
        assert refused.status_code in (403, 412), refused.text

    def test_who_claimed_for_a_side_does_not_decide_the_conflict(self, world_at: At) -> None:
        world = world_at("heard_conflict")
        with pytest.raises(IntegrityError, match="claimed"):
            run_sql(
                "UPDATE source_conflict SET status = 'decided', decided_at = now(), reasons = 'x',"
                " basis = 'x', named_claim_id = claim_id, decider_id ="
                " (SELECT proposer_id FROM source_claim WHERE id = claim_id)"
            )
        assert world.conflict_no


class TestVersions:
    @pytest.mark.parametrize(
        ("what", "body"), [("confirmations", {}), ("refusals", {"reason": "x"})]
    )
    def test_what_was_seen_is_asked_for(self, world_at: At, what: str, body: Any) -> None:
        world = world_at("claimed_source")
        path = f"/source-claims/{world.claim_no}/{what}"
        assert post(world, "data_admin", path, body).status_code == 428
        stale = post(world, "data_admin", path, body, **{"if-match": '"v9"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "claim_changed")
        seen = client(world, "data_admin").get(f"/api/v1/source-claims/{world.claim_no}")
        done = post(world, "data_admin", path, body, **{"if-match": seen.headers["etag"]})
        assert done.status_code == 201, done.text


class TestButtons:
    def test_a_disputed_claim_is_left_to_its_conflict(self, world_at: At) -> None:
        world = world_at("heard_conflict")
        own = (
            client(world, "data_admin").get(f"/api/v1/source-conflicts/{world.conflict_no}").json()
        )
        for who, no in (
            ("data_admin", own["own_claim"]),
            ("data_admin", own["claim"]),
            ("consumer_registrar", own["own_claim"]),
        ):
            page = client(world, who).get(f"/source-claims/{no}").text
            for address in ("/decisions", "/withdrawals", f"/{no}/end"):
                assert address not in page, (who, no, address)
            assert world.conflict_no in page

    def test_what_cannot_be_confirmed_now_can_be_refused(self, world_at: At) -> None:
        world = world_at("countersigned_source")
        page = client(world, "data_admin").get(f"/source-claims/{world.claim_no}").text
        assert ('value="confirmed"' in page, 'value="refused"' in page) == (False, True)

    def test_who_claimed_for_a_side_is_not_asked_to_decide(self, world_at: At) -> None:
        world = world_at("adopted_element")
        other = {"department": DEPARTMENTS["education"][1]}
        world.claim_no = sourcing.propose(world, "data_admin", **other)
        world.conflict_no = disputing.open_it(world)
        disputing.state_it(world)
        disputing.hire_another_admin(world)
        path = f"/source-conflicts/{world.conflict_no}"
        assert "/decisions" not in client(world, "data_admin").get(path).text
        assert "/decisions" in client(world, disputing.SECOND).get(path).text

    def test_a_returned_proposal_is_corrected_by_its_author(self, world_at: At) -> None:
        world = world_at("returned_proposal")
        run_sql(
            "UPDATE app_user SET department_id = (SELECT department_id FROM app_user WHERE"
            " account = 'consumer_registrar') WHERE account = 'data_admin'"
        )
        path = f"/element-proposals/{world.proposal_no}"
        assert f"{path}/revision" not in client(world, "data_admin").get(path).text
        assert f"{path}/revision" in client(world, "consumer_registrar").get(path).text
