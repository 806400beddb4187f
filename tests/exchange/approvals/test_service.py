"""Deciding: two pairs of eyes, kept by the services and by the database; a yes becomes exactly the
grant it says.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from fixtures.exchanging import (
    WITHHOLD,
    change_items,
    changing,
    clock_of,
    east_of,
    grant_now,
    granting,
    last_fact,
    looking,
    prepare,
    prepare_anew,
    refusing,
    release,
    request_now,
    run_sql,
    task_kinds,
    tasks,
    told,
    trail,
)
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError, ProgrammingError

from exchange.approvals import service
from exchange.approvals.errors import NothingToDeliver, SamePerson, TermOver
from exchange.approvals.views import steps
from exchange.grants import repository as grants
from exchange.grants.words import GrantStatus
from exchange.requests.words import RequestStatus
from shuqiao.errors import Invalid
from shuqiao.ids import uuid7
from shuqiao.jobs import JobState, list_jobs
from shuqiao.settings import settings

At = Callable[[str], World]
PROVE = "exchange.deliveries.prove"


def add_step(world: World, kind: str, account: str) -> int:
    """A step written past the services."""
    return run_sql(
        "INSERT INTO approval_step (id, request_id, kind, actor_id, remark, at)"
        " VALUES (:id, :case, :kind, :actor, '', now())",
        id=uuid7(),
        case=request_now(world).id,
        kind=kind,
        actor=world.subjects[account].user_id,
    )


def proofs(world: World) -> list[dict[str, Any]]:
    """Arguments of the waiting jobs that try a grant."""
    with looking() as session:
        return [job.args for job in list_jobs(session, task=PROVE, state=JobState.QUEUED)]


def shown_steps(world: World, account: str) -> list[str]:
    with looking() as session:
        return [
            step.kind
            for step in steps.steps_for(session, world.subjects[account], request_now(world))
        ]


class TestPrepare:
    def test_the_sharing_head_is_asked_and_the_clock_runs_on(self, world_at: At) -> None:
        world = world_at("prepared_request")
        (task,) = tasks(world, "provider_head")
        assert (task.kind, task.due_on) == ("reply_prepared_sharing_head", date(2026, 3, 3))
        assert task_kinds(world, "approver") == []
        assert clock_of(world.request_no).closed_on is None
        why = last_fact(world.request_no)["why"]
        assert (why["granted"], why["refused"]) == ([str(item) for item in world.item_ids], [])
        assert why["rows_limited"] is False

    def test_the_consumer_learns_nothing_of_it(self, world_at: At) -> None:
        world = world_at("prepared_request")
        assert shown_steps(world, "approver") == ["prepared"]
        assert shown_steps(world, "applicant") == shown_steps(world, "consumer_head") == []
        assert told(world, "applicant") == ["Your request %(no)s is at the unified intake"]

    def test_a_mistake_leaves_nothing_behind(self, world_at: At) -> None:
        world = world_at("submitted_request")
        with pytest.raises(Invalid):
            prepare(world, granting(world, valid_until="2030-01-01"))
        assert request_now(world).status is RequestStatus.SUBMITTED
        assert shown_steps(world, "approver") == []
        assert trail(world.request_no)[-1] == "request:submitted"

    def test_without_stored_data_nothing_can_be_granted_but_everything_refused(
        self, world_at: At
    ) -> None:
        world = world_at("submitted_request")
        run_sql("UPDATE edition SET status = 'kept', ended_at = now()")
        with pytest.raises(NothingToDeliver):
            prepare(world, granting(world))
        prepare(world, refusing(world))
        release(world)
        assert request_now(world).status is RequestStatus.REFUSED


class TestTwoPairsOfEyes:
    def test_whoever_prepared_cannot_release(self, world_at: At) -> None:
        world = world_at("submitted_request")
        prepare(world, granting(world), account="both")
        with pytest.raises(SamePerson) as refused:
            release(world, account="both")
        assert (refused.value.status, refused.value.code) == (403, "same_person")
        assert request_now(world).status is RequestStatus.REPLY_PREPARED
        assert release(world) is not None

    def test_the_database_refuses_the_same_person_to_the_application_role(
        self, world_at: At
    ) -> None:
        world = world_at("prepared_request")
        with looking() as session:
            assert (
                session.connection().exec_driver_sql("SELECT current_user").scalar()
                == "shuqiao_app"
            )
        with pytest.raises(IntegrityError, match="whoever prepared a reply cannot release it"):
            add_step(world, "released", "approver")
        assert add_step(world, "released", "provider_head") == 1

    @pytest.mark.parametrize("kind", ["prepared", "released", "sent_back"])
    @pytest.mark.parametrize(
        "account", ["applicant", "consumer_approver", "stranger", "data_admin"]
    )
    def test_the_database_lets_only_the_provider_decide(
        self, world_at: At, kind: str, account: str
    ) -> None:
        with pytest.raises(IntegrityError, match="nobody decides for the own department"):
            add_step(world_at("prepared_request"), kind, account)

    def test_the_service_cannot_get_past_the_database(self, world_at: At) -> None:
        world = world_at("submitted_request")
        with pytest.raises(IntegrityError, match="nobody decides for the own department"):
            prepare(world, granting(world), account="consumer_approver")
        assert request_now(world).status is RequestStatus.SUBMITTED

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE approval_step SET remark = '改'",
            "DELETE FROM approval_step",
            "TRUNCATE approval_step",
        ],
    )
    def test_a_step_once_taken_cannot_be_changed(self, world_at: At, statement: str) -> None:
        world_at("prepared_request")
        with pytest.raises(ProgrammingError, match="permission denied"):
            run_sql(statement)


class TestRelease:
    def test_a_full_yes_becomes_a_grant_with_everything_asked_for(self, world_at: At) -> None:
        world = world_at("pending_grant")
        request, grant = request_now(world), grant_now(world)
        assert (request.status, grant.status) == (
            RequestStatus.APPROVED,
            GrantStatus.PENDING_DELIVERY,
        )
        assert request.decided_at is not None
        assert (grant.request_no, grant.valid_until, grant.row_filter) == (
            request.request_no,
            request.until,
            None,
        )
        assert (grant.consumer_id, grant.provider_id) == (request.consumer_id, request.provider_id)
        assert (grant.purpose, grant.resource_version) == (
            request.scenario,
            request.resource_version,
        )
        assert trail(world.request_no)[-1] == "request:approved"
        assert trail(world.grant_no) == ["grant:issued"]

    def test_the_reply_clock_ends_and_the_delivery_clock_starts(self, world_at: At) -> None:
        world = world_at("pending_grant")
        assert clock_of(world.request_no).closed_on == date(2026, 2, 11)
        clock = clock_of(world.grant_no)
        assert (clock.kind, clock.limit_days, clock.started_on) == (
            "delivery",
            20,
            date(2026, 2, 11),
        )
        assert (clock.due_on, clock.closed_on) == (date(2026, 3, 17), None)

    def test_both_of_the_consumer_are_told_and_the_delivery_is_next(self, world_at: At) -> None:
        world = world_at("pending_grant")
        for account in ("applicant", "consumer_head"):
            assert told(world, account)[0] == "Your request %(no)s was answered: %(outcome)s"
        assert task_kinds(world, "provider_head") == []
        assert task_kinds(world, "approver") == ["ready_grant"], "until the delivery is proven"

    def test_a_partial_yes_becomes_a_grant_of_exactly_that(self, world_at: At) -> None:
        world = world_at("prepared_request")
        code, name, address, _position = world.item_ids
        answers = [
            {
                "item_id": str(address),
                "outcome": "granted",
                "mask": {"kind": "keep_prefix", "prefix": 6},
            },
            {"item_id": str(code), "outcome": "granted"},
            *(
                {
                    "item_id": str(item),
                    "outcome": "refused",
                    "reason": "beyond_necessity",
                    "remark": "超出所需",
                }
                for item in (name, _position)
            ),
        ]
        prepare_anew(
            world,
            granting(world, items=answers, row_filter=east_of(world), valid_until="2026-06-30"),
        )
        release(world)
        grant = grant_now(world)
        assert request_now(world).status is RequestStatus.PARTLY_APPROVED
        assert (grant.valid_until, grant.row_filter) == (date(2026, 6, 30), east_of(world))
        with looking() as session:
            items = [
                (item.item_id, item.name, item.column_name, item.mask)
                for item in grants.items(session, grant)
            ]
        assert items == [
            (address, "地址", "地址", {"kind": "keep_prefix", "prefix": 6}),
            (code, "学校代码", "代码", None),
        ]
        assert last_fact(grant.grant_no)["why"]["items"] == [str(address), str(code)]
        assert trail(world.request_no)[-1] == "request:partly_approved"

    def test_every_item_but_not_every_row_is_a_partial_yes(self, world_at: At) -> None:
        world = world_at("prepared_request")
        prepare_anew(world, granting(world, row_filter=east_of(world)))
        release(world)
        assert request_now(world).status is RequestStatus.PARTLY_APPROVED

    def test_a_refusal_makes_no_grant_no_clock_and_no_job(self, world_at: At) -> None:
        world = world_at("prepared_request")
        prepare_anew(world, refusing(world))
        assert release(world) is None
        assert (request_now(world).status, proofs(world)) == (RequestStatus.REFUSED, [])
        assert clock_of(world.request_no).closed_on == date(2026, 2, 11)
        assert trail(world.request_no)[-1] == "request:refused"
        with looking() as session:
            assert grants.by_request(session, world.request_no) is None

    def test_grant_and_job_come_together(self, world_at: At) -> None:
        world = world_at("prepared_request")
        assert proofs(world) == []
        grant = release(world)
        assert grant is not None
        assert proofs(world) == [{"grant_no": grant.grant_no}]

    def test_grant_and_job_are_rolled_back_together(self, world_at: At) -> None:
        world = world_at("prepared_request")
        with suppress(ZeroDivisionError), changing(world) as (session, request):
            service.release(
                session, world.subjects["provider_head"], request, request.version, "同意"
            )
            assert len(list_jobs(session, task=PROVE)) == 1
            raise ZeroDivisionError
        assert (proofs(world), trail("GR-2026-000001")) == ([], [])
        assert request_now(world).status is RequestStatus.REPLY_PREPARED
        assert clock_of(world.request_no).closed_on is None

    def test_data_without_a_granted_column_any_more_stops_the_release(self, world_at: At) -> None:
        world = world_at("prepared_request")
        change_items(
            world,
            "UPDATE resource_item SET column_name = '不再有' WHERE id = :id",
            id=world.item_ids[1],
        )
        with pytest.raises(Invalid) as refused:
            release(world)
        assert [(error.pointer, error.code) for error in refused.value.errors] == [
            ("/items/1/outcome", "no_column")
        ]
        assert request_now(world).status is RequestStatus.REPLY_PREPARED

    def test_data_that_is_gone_meanwhile_stops_the_release(self, world_at: At) -> None:
        world = world_at("prepared_request")
        run_sql("UPDATE edition SET status = 'kept', ended_at = now()")
        with pytest.raises(NothingToDeliver):
            release(world)
        assert request_now(world).status is RequestStatus.REPLY_PREPARED
        assert trail(world.request_no)[-1] == "request:reply_prepared"

    def test_an_item_withheld_meanwhile_stops_the_release(self, world_at: At) -> None:
        world = world_at("prepared_request")
        change_items(world, WITHHOLD, item=world.item_ids[0])
        with pytest.raises(Invalid) as refused:
            release(world)
        assert [error.code for error in refused.value.errors] == ["negative_item"]
        assert request_now(world).status is RequestStatus.REPLY_PREPARED

    @pytest.mark.parametrize(
        ("granted_until", "day"), [(None, "2027-01-01"), ("2026-06-30", "2026-07-01")]
    )
    def test_a_term_that_ended_meanwhile_stops_a_yes(
        self, world_at: At, monkeypatch: pytest.MonkeyPatch, granted_until: str | None, day: str
    ) -> None:
        world = world_at("prepared_request")
        prepare_anew(world, granting(world, valid_until=granted_until))
        monkeypatch.setattr(settings(), "clock", f"{day}T09:00:00+08:00")
        with pytest.raises(TermOver) as refused:
            release(world)
        assert (refused.value.status, refused.value.code) == (409, "term_over")
        assert request_now(world).status is RequestStatus.REPLY_PREPARED
        with looking() as session:
            assert grants.by_request(session, world.request_no) is None

    def test_a_no_can_be_released_after_the_term(
        self, world_at: At, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = world_at("prepared_request")
        prepare_anew(world, refusing(world))
        monkeypatch.setattr(settings(), "clock", "2027-01-01T09:00:00+08:00")
        release(world)
        assert request_now(world).status is RequestStatus.REFUSED

    def test_a_yes_can_be_released_on_the_last_day_of_the_term(
        self, world_at: At, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = world_at("prepared_request")
        monkeypatch.setattr(settings(), "clock", "2026-12-31T09:00:00+08:00")
        release(world)
        assert request_now(world).status is RequestStatus.APPROVED

    def test_what_was_released_is_shown_to_the_consumer(self, world_at: At) -> None:
        assert shown_steps(world_at("pending_grant"), "applicant") == ["prepared", "released"]


class TestSendBack:
    @pytest.mark.parametrize("remark", ["", " "])
    def test_it_needs_a_word(self, world_at: At, remark: str) -> None:
        world = world_at("prepared_request")
        with pytest.raises(Invalid) as refused, changing(world) as (session, request):
            service.send_back(
                session, world.subjects["provider_head"], request, request.version, remark
            )
        assert [(error.pointer, error.code) for error in refused.value.errors] == [
            ("/remark", "required")
        ]

    def test_the_approver_is_asked_again_and_the_new_reply_is_the_one_released(
        self, world_at: At
    ) -> None:
        world = world_at("prepared_request")
        with changing(world) as (session, request):
            service.send_back(
                session, world.subjects["provider_head"], request, request.version, "请缩短期限"
            )
        assert (task_kinds(world, "provider_head"), task_kinds(world, "approver")) == (
            [],
            ["submitted_approver"],
        )
        assert clock_of(world.request_no).closed_on is None
        prepare(world, granting(world, valid_until="2026-03-31"))
        assert shown_steps(world, "approver") == ["prepared", "sent_back", "prepared"]
        release(world)
        assert grant_now(world).valid_until == date(2026, 3, 31)

    def test_who_prepared_first_may_release_what_another_prepared_anew(self, world_at: At) -> None:
        world = world_at("submitted_request")
        prepare(world, granting(world), account="both")
        prepare_anew(world, granting(world))
        assert release(world, account="both") is not None

    def test_a_reply_that_was_sent_back_stays_with_the_provider(self, world_at: At) -> None:
        world = world_at("prepared_request")
        prepare_anew(world, refusing(world))
        release(world)
        assert shown_steps(world, "applicant") == ["prepared", "released"]
