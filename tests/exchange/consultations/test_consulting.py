"""Consultation, filing and termination: opened by themselves, heard on both sides, decided by a
person who has all three (Order 809, Art. 27).
"""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures.callers import client, once
from fixtures.exchanging import (
    changing_grant,
    clock_of,
    grant_now,
    last_fact,
    looking,
    run_sql,
    task_kinds,
    told,
    trail,
)
from fixtures.page_forms import filled, shown
from fixtures.striking import (
    BASIS,
    ENTRY,
    conclude,
    consultation_now,
    file,
    lift,
    resume,
    state,
    strike,
    written_down,
)
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError

from exchange.consultations import repository
from exchange.consultations.tasks import follow
from exchange.consultations.words import ConsultationStatus, FilingStatus, Outcome
from exchange.grants.lifecycle import TERMINATE
from exchange.grants.service import granting
from exchange.grants.words import GrantStatus
from shuqiao.errors import Invalid
from shuqiao.web.etags import etag

At = Callable[[str], World]
REASON = "信息项已依法列入负面清单"
ASKED = (
    "Under %(grant)s these items leave no more: %(items)s. Basis: %(basis)s. Your department is "
    "consulted and may state its side"
)


def terminate(world: World, **changes: Any) -> Any:
    """What the provider's sharing head gets; ``None`` leaves a part out."""
    said = {
        "reason": REASON,
        "consultation_no": world.consultation_no,
        "filing_no": world.filing_no,
    } | changes
    return client(world, "provider_head").post(
        f"/api/v1/grants/{world.grant_no}/terminations",
        json={name: value for name, value in said.items() if value is not None},
        headers={**once(), "if-match": etag(grant_now(world).version)},
    )


def missing(answer: Any) -> tuple[int, set[str]]:
    return answer.status_code, {each["pointer"].lstrip("#") for each in answer.json()["errors"]}


def test_consultation_and_filing_open_by_themselves(world_at: At) -> None:
    world = world_at("active_grant")
    strike(world.item_ids[3])
    written_down(world)
    record = consultation_now(world)
    assert record is not None and record.status is ConsultationStatus.OPEN
    assert trail(record.consultation_no) == ["consultation:opened"]
    assert trail(world.filing_no) == ["filing:opened"]
    assert clock_of(record.consultation_no).kind == "consultation"
    assert clock_of(world.filing_no).kind == "consultation_filing"
    assert "consult_consumer" in task_kinds(world, "approver")
    assert "file_consultation" in task_kinds(world, "provider_head")
    assert told(world, "applicant").count(ASKED) == 1
    with looking() as session:
        ((item,),) = repository.items(session, [record.id]).values()
    assert (item.entry_no, item.name) == (ENTRY, "经度")
    assert BASIS in item.basis


def test_a_repeat_opens_nothing_more(world_at: At) -> None:
    world = world_at("struck_grant")
    for _again in range(2):
        follow(world.grant_no)
    assert run_sql("SELECT 1 FROM grant_consultation") == 1
    assert told(world, "applicant").count(ASKED) == 1


def test_what_is_struck_again_after_it_was_resumed_is_another_case(world_at: At) -> None:
    world = world_at("struck_grant")
    lift()
    resume(world, 3)
    follow(world.grant_no)
    strike(world.item_ids[3], no="NE-2026-000002")
    written_down(world)
    assert run_sql("SELECT 1 FROM grant_consultation") == 2
    assert run_sql("SELECT 1 FROM grant_consultation WHERE status = 'open'") == 1


class TestConcluding:
    def test_both_sides_are_heard_first(self, world_at: At) -> None:
        world = world_at("emptied_grant")
        with pytest.raises(Invalid) as refused:
            conclude(world)
        assert refused.value.errors[0].code == "provider_unheard"
        state(world, "approver")
        for outcome in (Outcome.AGREED, Outcome.DISAGREED):
            with pytest.raises(Invalid) as refused:
                conclude(world, outcome=outcome)
            assert refused.value.errors[0].code == "not_as_stated"
        with pytest.raises(Invalid) as refused:
            conclude(world, outcome=Outcome.UNANSWERED)
        assert refused.value.errors[0].code == "consumer_unheard"
        state(world, "applicant")
        with pytest.raises(Invalid) as refused:
            conclude(world, outcome=Outcome.UNANSWERED)
        assert refused.value.errors[0].code == "not_as_stated"
        conclude(world, outcome=Outcome.DISAGREED)
        found = consultation_now(world)
        assert found is not None and found.status is ConsultationStatus.CONCLUDED
        assert last_fact(world.consultation_no)["why"] == {"outcome": "disagreed"}

    def test_a_consumer_that_says_nothing_in_time_holds_nothing_up(self, world_at: At) -> None:
        world = world_at("emptied_grant")
        state(world, "approver")
        run_sql(
            "UPDATE case_clock SET due_on = '2026-02-01' WHERE case_no = :no",
            no=world.consultation_no,
        )
        conclude(world, outcome=Outcome.UNANSWERED)
        found = consultation_now(world)
        assert found is not None and found.outcome is Outcome.UNANSWERED

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE grant_consultation SET conclusion = '改了'",
            "UPDATE grant_consultation SET outcome = 'disagreed'",
            "UPDATE grant_filing SET statement = '改了'",
        ],
    )
    def test_what_was_concluded_and_filed_stays(self, world_at: At, change: str) -> None:
        world_at("terminable_grant")
        with pytest.raises(IntegrityError, match="stays as it was"):
            run_sql(change)

    def test_the_database_asks_for_the_statements_too(self, world_at: At) -> None:
        world_at("emptied_grant")
        with pytest.raises(IntegrityError, match="concluded by what the sides stated"):
            run_sql(
                "UPDATE grant_consultation SET status = 'concluded', outcome = 'agreed',"
                " conclusion = '同意', concluded_at = now(), concluded_by ="
                " (SELECT id FROM app_user LIMIT 1)"
            )

    def test_the_whole_of_it_on_pages(self, committed_world: At) -> None:
        world = committed_world("emptied_grant")
        at = f"/consultations/{world.consultation_no}"
        for account in ("approver", "applicant"):
            caller = client(world, account)
            answer = filled(caller, at, f"{at}/statements", {"statement": f"{account}的意见"})
            assert answer.status_code == 303, answer.text
        said = {"outcome": "agreed", "conclusion": "双方同意。"}
        answer = filled(client(world, "approver"), at, f"{at}/conclusions", said)
        assert answer.status_code == 303, answer.text
        head = client(world, "provider_head")
        answer = filled(head, at, f"{at}/filings", {"statement": "特此备案。"})
        assert answer.status_code == 303, answer.text
        page = shown(client(world, "applicant"), at)
        assert "approver的意见" in page and "applicant的意见" in page and "双方同意。" in page
        grant = f"/grants/{world.grant_no}"
        asked = shown(head, f"{grant}/termination")
        numbers = {"consultation_no": world.consultation_no, "filing_no": world.filing_no}
        assert all(f'value="{number}"' in asked for number in numbers.values())
        ends = {"reason": REASON, **numbers}
        answer = filled(head, f"{grant}/termination", f"{grant}/terminations", ends)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{grant}?done=terminated")
        page = shown(client(world, "applicant"), grant)
        assert REASON in page and world.consultation_no in page


class TestTerminating:
    """Rule 17: reason, consultation record, filing; missing any, it is refused."""

    @pytest.mark.parametrize("part", ["reason", "consultation_no", "filing_no"])
    def test_rule_17_a_termination_without_a_part_is_refused(
        self, committed_world: At, part: str
    ) -> None:
        world = committed_world("terminable_grant")
        for nothing in (None, ""):
            assert missing(terminate(world, **{part: nothing})) == (422, {f"/{part}"})
        assert grant_now(world).status is GrantStatus.SUSPENDED

    def test_rule_17_before_the_consultation_is_concluded(self, committed_world: At) -> None:
        world = committed_world("heard_consultation")
        file(world)
        assert missing(terminate(world)) == (422, {"/consultation_no"})

    def test_rule_17_before_it_is_filed(self, committed_world: At) -> None:
        world = committed_world("heard_consultation")
        conclude(world)
        assert missing(terminate(world)) == (422, {"/filing_no"})

    def test_rule_17_by_what_belongs_to_nothing(self, committed_world: At) -> None:
        world = committed_world("terminable_grant")
        unknown = terminate(world, consultation_no="CO-2026-000099")
        assert missing(unknown) == (422, {"/consultation_no", "/filing_no"})
        assert missing(terminate(world, filing_no="FL-2026-000099")) == (422, {"/filing_no"})

    def test_rule_17_while_another_consultation_is_open(self, committed_world: At) -> None:
        world = committed_world("terminable_grant")
        first = world.consultation_no, world.filing_no
        run_sql("UPDATE granted_item SET suspended_at = suspended_at + interval '1 hour'")
        follow(world.grant_no)
        assert run_sql("SELECT 1 FROM grant_consultation WHERE status = 'open'") == 1
        world.consultation_no, world.filing_no = first
        assert missing(terminate(world)) == (422, {"/consultation_no"})

    def test_rule_17_with_all_three_a_person_ends_it(self, committed_world: At) -> None:
        world = committed_world("terminable_grant")
        answer = terminate(world)
        assert answer.status_code == 201, answer.text
        grant = grant_now(world)
        assert (grant.status, grant.ground) == (GrantStatus.TERMINATED, None)
        assert last_fact(world.grant_no)["why"] == {
            "reason": REASON,
            "consultation_no": world.consultation_no,
            "filing_no": world.filing_no,
        }
        assert answer.json()["consultation_no"] == world.consultation_no
        assert task_kinds(world, "approver") == []
        words = "The grant %(no)s was terminated after the consultation: %(reason)s"
        assert words in told(world, "applicant")

    def test_rule_17_the_database_asks_for_it_too(self, world_at: At) -> None:
        world = world_at("heard_consultation")
        with pytest.raises(IntegrityError, match="needs its consultation and its filing"):
            run_sql(
                "UPDATE share_grant SET status = 'terminated', ground = NULL, end_reason = 'x',"
                " consultation_no = :co, filing_no = :fl",
                co=world.consultation_no,
                fl=world.filing_no,
            )

    def test_only_what_is_left_empty_is_terminated(self, committed_world: At) -> None:
        world = committed_world("struck_grant")
        state(world, "approver")
        state(world, "applicant")
        conclude(world)
        file(world)
        answer = terminate(world)
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
        assert GrantStatus.ACTIVE not in TERMINATE.at

    def test_an_end_by_time_lets_the_rest_go(self, world_at: At) -> None:
        world = world_at("emptied_grant")
        with changing_grant(world) as (session, grant):
            granting.expire(session, grant)
        follow(world.grant_no)
        found = consultation_now(world)
        assert found is not None and found.status is ConsultationStatus.DROPPED
        with looking() as session:
            assert repository.filing_of(session, found.id).status is FilingStatus.DROPPED
        assert "consult_consumer" not in task_kinds(world, "approver")
        assert "file_consultation" not in task_kinds(world, "provider_head")


def test_the_list_shows_both_sides_their_consultations_and_nobody_else(world_at: At) -> None:
    world = world_at("struck_grant")
    for who, count in (("applicant", 1), ("approver", 1), ("data_admin", 1), ("stranger", 0)):
        found = client(world, who).get("/api/v1/consultations").json()["items"]
        assert [each["consultation_no"] for each in found] == [world.consultation_no] * count
        page = shown(client(world, who), "/consultations")
        assert (f'href="/consultations/{world.consultation_no}"' in page) == bool(count)
        assert ("暂无协商" in page) != bool(count)
