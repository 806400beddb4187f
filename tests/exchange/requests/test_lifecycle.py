"""Every step in every status, through the services and the database:
where it leads, or that nothing happens.
"""

from collections.abc import Callable, Mapping
from typing import Final

import pytest
from fixtures.exchanging import (
    changing,
    east_of,
    granting,
    prepare_anew,
    refusing,
    release,
    request_now,
    trail,
)
from fixtures.worlds import World
from fixtures.written import FIVE
from sqlmodel import Session

from auth.steps import Step
from exchange.approvals import service as approvals
from exchange.requests import lifecycle, service
from exchange.requests.errors import RequestChanged, WrongState
from exchange.requests.lifecycle import LIFECYCLE
from exchange.requests.models import ShareRequest
from exchange.requests.schemas import RequestAnswers
from exchange.requests.words import RequestStatus

At = Callable[[str], World]
S, Row = RequestStatus, Step[RequestStatus]
#: The rows that a request which is there can take.
ROWS: Final = [step for step in LIFECYCLE.steps if step.at]

#: Written out once more on purpose: the table of the code is what is tested.
LEADS_TO: Final[Mapping[tuple[RequestStatus, Row], tuple[RequestStatus, str]]] = {
    (S.DRAFT, lifecycle.EDIT): (S.DRAFT, "request:edited"),
    (S.DRAFT, lifecycle.ASK_CONSENT): (S.OWN_CONSENT, "request:consent_asked"),
    (S.DRAFT, lifecycle.WITHDRAW): (S.WITHDRAWN, "request:withdrawn"),
    (S.OWN_CONSENT, lifecycle.CONSENT): (S.SUBMITTED, "request:submitted"),
    (S.OWN_CONSENT, lifecycle.RETURN): (S.DRAFT, "request:returned"),
    (S.OWN_CONSENT, lifecycle.WITHDRAW): (S.WITHDRAWN, "request:withdrawn"),
    (S.SUBMITTED, lifecycle.PREPARE_REPLY): (S.REPLY_PREPARED, "request:reply_prepared"),
    (S.SUBMITTED, lifecycle.WITHDRAW): (S.WITHDRAWN, "request:withdrawn"),
    (S.REPLY_PREPARED, lifecycle.SEND_BACK): (S.SUBMITTED, "request:reply_sent_back"),
    (S.REPLY_PREPARED, lifecycle.RELEASE): (S.APPROVED, "request:approved"),
    (S.REPLY_PREPARED, lifecycle.WITHDRAW): (S.WITHDRAWN, "request:withdrawn"),
}
#: The state of the story that has a request in this status; the others are reached from there.
STATES: Final[Mapping[RequestStatus, str]] = {
    S.DRAFT: "draft_request",
    S.OWN_CONSENT: "asked_request",
    S.SUBMITTED: "submitted_request",
    S.REPLY_PREPARED: "prepared_request",
    S.APPROVED: "pending_grant",
    S.PARTLY_APPROVED: "prepared_request",
    S.REFUSED: "prepared_request",
    S.WITHDRAWN: "draft_request",
}


def answers(world: World) -> RequestAnswers:
    return RequestAnswers.model_validate({"item_ids": [world.item_ids[0]], **FIVE})


Taken = Callable[[Session, World, ShareRequest, int], object]
TAKE: Final[Mapping[Row, Taken]] = {
    lifecycle.EDIT: lambda s, w, r, v: service.edit(s, w.subjects["applicant"], r, v, answers(w)),
    lifecycle.ASK_CONSENT: lambda s, w, r, v: service.ask_consent(s, w.subjects["applicant"], r, v),
    lifecycle.CONSENT: lambda s, w, r, v: service.consent(
        s, w.subjects["consumer_head"], r, v, "情况属实"
    ),
    lifecycle.RETURN: lambda s, w, r, v: service.return_to_applicant(
        s, w.subjects["consumer_head"], r, v, "请补充依据"
    ),
    lifecycle.WITHDRAW: lambda s, w, r, v: service.withdraw(
        s, w.subjects["applicant"], r, v, "不再需要"
    ),
    lifecycle.PREPARE_REPLY: lambda s, w, r, v: approvals.prepare(
        s, w.subjects["approver"], r, v, granting(w)
    ),
    lifecycle.RELEASE: lambda s, w, r, v: approvals.release(
        s, w.subjects["provider_head"], r, v, "同意"
    ),
    lifecycle.SEND_BACK: lambda s, w, r, v: approvals.send_back(
        s, w.subjects["provider_head"], r, v, "请缩小范围"
    ),
}


def take(world: World, step: Row, *, behind: int = 0) -> None:
    """The step with the version its caller saw, perhaps some steps ``behind``."""
    with changing(world) as (session, request):
        TAKE[step](session, world, request, request.version - behind)


def in_status(world_at: At, status: RequestStatus) -> World:
    world = world_at(STATES[status])
    if status is S.PARTLY_APPROVED:
        prepare_anew(world, granting(world, row_filter=east_of(world)))
    if status is S.REFUSED:
        prepare_anew(world, refusing(world))
    if status in (S.PARTLY_APPROVED, S.REFUSED):
        release(world)
    if status is S.WITHDRAWN:
        take(world, lifecycle.WITHDRAW)
    assert request_now(world).status is status
    return world


def test_no_status_or_step_is_left_out() -> None:
    assert set(STATES) == set(RequestStatus)
    assert set(TAKE) == set(ROWS)
    assert {(before, step) for before, step, _after in LIFECYCLE.moves() if before} == set(LEADS_TO)


def test_each_state_that_waits_waits_for_who_takes_a_step_of_it() -> None:
    for state, todo in LIFECYCLE.waiting().items():
        assert any(todo.seat in step.by for step in LIFECYCLE.possible(state))
    assert set(LIFECYCLE.waiting()) == {S.OWN_CONSENT, S.SUBMITTED, S.REPLY_PREPARED}


@pytest.mark.parametrize("status", RequestStatus)
@pytest.mark.parametrize("step", ROWS, ids=lambda step: step.name)
def test_each_step_leads_where_it_may_or_changes_nothing(
    world_at: At, status: RequestStatus, step: Row
) -> None:
    world = in_status(world_at, status)
    before, events = request_now(world).model_dump(), trail(world.request_no)
    if (status, step) not in LEADS_TO:
        with pytest.raises(WrongState) as refused:
            take(world, step)
        assert (refused.value.status, refused.value.code) == (409, "wrong_state")
        assert (request_now(world).model_dump(), trail(world.request_no)) == (before, events)
        return
    take(world, step)
    target, event = LEADS_TO[status, step]
    after = request_now(world)
    assert (after.status, after.version) == (target, before["version"] + 1)
    assert trail(world.request_no) == [*events, event]


@pytest.mark.parametrize(
    ("status", "step"), LEADS_TO, ids=lambda each: getattr(each, "name", str(each))
)
def test_a_step_on_an_older_version_is_refused(
    world_at: At, status: RequestStatus, step: Row
) -> None:
    world = in_status(world_at, status)
    before, events = request_now(world).model_dump(), trail(world.request_no)
    with pytest.raises(RequestChanged) as refused:
        take(world, step, behind=1)
    assert (refused.value.status, refused.value.code) == (412, "request_changed")
    assert (request_now(world).model_dump(), trail(world.request_no)) == (before, events)


def test_a_returned_request_goes_its_way_again(world_at: At) -> None:
    world = world_at("asked_request")
    for step in (
        lifecycle.RETURN,
        lifecycle.ASK_CONSENT,
        lifecycle.CONSENT,
        lifecycle.PREPARE_REPLY,
        lifecycle.SEND_BACK,
        lifecycle.PREPARE_REPLY,
    ):
        take(world, step)
    take(world, lifecycle.RELEASE)
    assert request_now(world).status is S.APPROVED
    assert trail(world.request_no) == [
        "request:created",
        "request:consent_asked",
        "request:returned",
        "request:consent_asked",
        "request:submitted",
        "request:reply_prepared",
        "request:reply_sent_back",
        "request:reply_prepared",
        "request:approved",
    ]
