"""Steps that race each other over connections of their own: exactly one
wins, and the trail tells one story.
"""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

import pytest
from fixtures.callers import client, once
from fixtures.exchanging import (
    changing,
    changing_grant,
    clock_of,
    grant_now,
    looking,
    request_now,
    run_sql,
    task_kinds,
    told,
    trail,
)
from fixtures.worlds import World
from fixtures.written import FIVE

from catalog.resources import repository as resources
from exchange.deliveries.service import proving, recording
from exchange.deliveries.service.plans import compile_grant
from exchange.deliveries.service.recording import Ended, Left
from exchange.deliveries.words import DeliveryStatus, EndReason
from exchange.grants.service import granting
from exchange.grants.words import GrantStatus
from exchange.requests import service as asking
from exchange.requests.schemas import RequestCreate
from exchange.requests.words import RequestStatus
from shuqiao.context import working_on
from shuqiao.db import unit_of_work
from shuqiao.errors import ShuqiaoError
from shuqiao.jobs import list_jobs
from shuqiao.settings import settings
from shuqiao.web.etags import etag

T = TypeVar("T")
At = Callable[[str], World]
RACERS: Final = 8


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight racers on a busy machine wait longer for a lock or a connection than people should."""
    monkeypatch.setenv("SHUQIAO_LOCK_TIMEOUT_MS", "20000")
    monkeypatch.setenv("SHUQIAO_STATEMENT_TIMEOUT_MS", "30000")
    monkeypatch.setenv("SHUQIAO_DB_POOL_SIZE", "16")
    monkeypatch.setenv("SHUQIAO_DB_POOL_TIMEOUT_SECONDS", "20")
    settings.cache_clear()


def race(runners: list[Callable[[], T]]) -> list[T]:
    """All at once, each in a thread of its own, released by one barrier."""
    barrier = threading.Barrier(len(runners))

    def start(place: int) -> T:
        with working_on(request_id=f"racer-{place}", client_ip="192.0.2.9"):
            barrier.wait(30)
            return runners[place]()

    with ThreadPoolExecutor(len(runners)) as pool:
        return list(pool.map(start, range(len(runners))))


def outcome(step: Callable[[], object]) -> int:
    """200, or the status of the refusal."""
    try:
        step()
    except ShuqiaoError as refused:
        return refused.status
    return 200


def test_of_eight_releases_one_issues_the_grant(committed_world: At) -> None:
    world = committed_world("prepared_request")
    version = request_now(world).version
    callers = [client(world, "provider_head") for _ in range(RACERS)]

    def release(place: int) -> int:
        answer = callers[place].post(
            f"/api/v1/requests/{world.request_no}/releases",
            json={"outcome": "released"},
            headers={"if-match": etag(version), **once()},
        )
        return answer.status_code

    statuses = Counter(race([lambda place=place: release(place) for place in range(RACERS)]))  # type: ignore[misc]
    assert statuses[201] == 1, statuses
    assert statuses[409] + statuses[412] == RACERS - 1, statuses
    assert (request_now(world).status, request_now(world).version) == (
        RequestStatus.APPROVED,
        version + 1,
    )
    assert run_sql("SELECT 1 FROM share_grant") == 1
    assert trail(world.request_no)[-2:] == ["request:reply_prepared", "request:approved"]
    assert trail(grant_now(world).grant_no) == ["grant:issued"]
    assert run_sql("SELECT 1 FROM approval_step WHERE kind = 'released'") == 1
    with looking() as session:
        assert len(list_jobs(session, task=granting.PROVE)) == 1
    assert told(world, "applicant").count("Your request %(no)s was answered: %(outcome)s") == 1


def test_of_eight_consents_one_starts_the_clock(committed_world: At) -> None:
    world = committed_world("asked_request")
    version = request_now(world).version

    def consent() -> None:
        with changing(world) as (session, request):
            asking.consent(session, world.subjects["consumer_head"], request, version, "情况属实")

    statuses = Counter(race([lambda: outcome(consent)] * RACERS))
    assert statuses[200] == 1 and statuses[409] + statuses[412] == RACERS - 1, statuses
    assert trail(world.request_no) == [
        "request:created",
        "request:consent_asked",
        "request:submitted",
    ]
    assert clock_of(world.request_no).closed_on is None
    assert task_kinds(world, "approver") == ["submitted_approver"]
    assert len(told(world, "applicant")) == 1


def test_consent_and_withdrawal_at_once_leave_one_story(committed_world: At) -> None:
    world = committed_world("asked_request")
    version = request_now(world).version

    def consent() -> None:
        with changing(world) as (session, request):
            asking.consent(session, world.subjects["consumer_head"], request, version, "情况属实")

    def withdraw() -> None:
        with changing(world) as (session, request):
            asking.withdraw(session, world.subjects["applicant"], request, version, "不再需要")

    statuses = sorted(race([lambda: outcome(consent), lambda: outcome(withdraw)]))
    assert statuses in ([200, 409], [200, 412])
    status = request_now(world).status
    events = {
        RequestStatus.SUBMITTED: "request:submitted",
        RequestStatus.WITHDRAWN: "request:withdrawn",
    }
    assert trail(world.request_no)[2:] == [events[status]]
    assert task_kinds(world, "consumer_head") == []


def test_requests_created_at_once_are_numbered_without_a_gap(committed_world: At) -> None:
    world = committed_world("published_resource")
    body = {"resource_code": world.resource_code, "item_ids": list(world.item_ids), **FIVE}

    def create(*, fails: bool) -> str:
        with unit_of_work() as session:
            resource = resources.by_code(session, world.resource_code)
            assert resource is not None
            made = asking.create(
                session, world.subjects["applicant"], resource, RequestCreate.model_validate(body)
            )
            if fails:
                raise ShuqiaoError
            return made.request_no

    def attempt(place: int) -> str:
        try:
            return create(fails=place % 3 == 2)  # two of eight give their number back
        except ShuqiaoError:
            return ""

    numbers = race([lambda place=place: attempt(place) for place in range(RACERS)])  # type: ignore[misc]
    made = sorted(number for number in numbers if number)
    assert made == [f"REQ-2026-{place:06d}" for place in range(1, 7)]
    assert all(trail(number) == ["request:created"] for number in made)


class TestRevokeAndProve:
    def revoke(self, world: World) -> None:
        with changing_grant(world) as (session, grant):
            granting.revoke(
                session, world.subjects["provider_head"], grant, grant.version, "停止共享"
            )

    def test_a_revocation_while_the_plan_is_tried_stays(
        self, committed_world: At, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world, scan = committed_world("pending_grant"), proving.scan

        def interrupted(*args: Any) -> Any:
            yield from scan(*args)
            with ThreadPoolExecutor(1) as other:
                other.submit(self.revoke, world).result(30)

        monkeypatch.setattr(proving, "scan", interrupted)
        proving.prove(world.grant_no)
        assert grant_now(world).status is GrantStatus.REVOKED
        assert trail(world.grant_no) == ["grant:issued", "grant:revoked"]
        assert "%(title)s can be fetched now: %(no)s" not in told(world, "applicant")

    def test_two_proofs_and_a_revocation_at_once_end_revoked(self, committed_world: At) -> None:
        world = committed_world("pending_grant")
        prove: Callable[[], None] = lambda: proving.prove(world.grant_no)  # noqa: E731
        race([prove, lambda: self.revoke(world), prove])
        assert grant_now(world).status is GrantStatus.REVOKED
        assert trail(world.grant_no) in (
            ["grant:issued", "grant:revoked"],
            ["grant:issued", "grant:activated", "grant:revoked"],
        )
        assert clock_of(world.grant_no).closed_on is not None

    def test_two_proofs_at_once_activate_once(self, committed_world: At) -> None:
        world = committed_world("pending_grant")
        race([lambda: proving.prove(world.grant_no)] * 4)
        assert (grant_now(world).status, grant_now(world).version) == (GrantStatus.ACTIVE, 2)
        assert trail(world.grant_no) == ["grant:issued", "grant:activated"]


def test_of_eight_ends_of_a_delivery_and_the_sweeper_one_is_recorded(committed_world: At) -> None:
    world = committed_world("active_grant")
    subject, grant = world.subjects["applicant"], grant_now(world)
    with looking() as session:
        plan = compile_grant(session, grant).plan
    started = recording.start(subject, grant, plan, face="arrow")
    run_sql("UPDATE delivery SET seen_at = now() - interval '1 minute'")
    stop = recording.EndRecorder(subject, started.delivery_id)
    ends: list[Callable[[], object]] = [
        lambda rows=rows: stop(  # type: ignore[misc]
            Ended(DeliveryStatus.STOPPED, EndReason.STALLED, Left(rows, rows, None))
        )
        for rows in range(7)
    ]
    race([*ends, recording.close_lost])
    events = trail(started.delivery_no)
    assert events[0] == "delivery:started" and events[1:] in (
        ["delivery:stopped"],
        ["delivery:failed"],
    )
