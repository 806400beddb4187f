"""A request that never left its department is shown to nobody outside,
by whatever way it is asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest
from fixtures import callers
from fixtures.exchanging import (
    changing,
    east_of,
    granting,
    looking,
    prepare_anew,
    refusing,
    request_now,
)
from fixtures.routes import PAGE
from fixtures.worlds import World
from starlette.testclient import TestClient

from auth.steps import Step
from exchange.approvals import service as approvals
from exchange.requests import lifecycle, service
from exchange.requests.views import queue
from exchange.requests.words import RequestStatus
from shuqiao.ids import uuid7
from shuqiao.web.paging import PageRequest

At = Callable[[str], World]
Way = tuple[tuple[Step[RequestStatus], RequestStatus], ...]
#: What may become of any request: taken back, or returned.
LATER: Final = (lifecycle.WITHDRAW, lifecycle.RETURN)


def ways() -> list[Way]:
    """From the table of the life cycle: for a request that has left its department and for one that
    has not, the shortest way into every state, and on from there to where it was withdrawn or
    returned, and withdrawn after that.
    """
    first: dict[tuple[RequestStatus, bool], Way] = {(RequestStatus.DRAFT, False): ()}
    waiting = list(first)
    for place in waiting:
        for step, after in _moves(place[0]):
            way = (*first[place], (step, after))
            if first.setdefault((after, has_left(way)), way) is way:
                waiting.append((after, has_left(way)))
    found = dict.fromkeys(first.values())
    for _again in range(2):
        for way in list(found):
            found |= dict.fromkeys((*way, move) for move in _moves(_end(way)) if move[0] in LATER)
    return list(found)


def _moves(status: RequestStatus) -> list[tuple[Step[RequestStatus], RequestStatus]]:
    return [
        (step, after)
        for before, step, after in lifecycle.LIFECYCLE.moves()
        if before is status and after is not status
    ]


def _end(way: Way) -> RequestStatus:
    return way[-1][1] if way else RequestStatus.DRAFT


def has_left(way: Way) -> bool:
    """Written out once more: it is the consent that lets a request out, and nothing takes it in."""
    return any(step is lifecycle.CONSENT for step, _after in way)


def named(way: Way) -> str:
    return " ".join(f"{step.name}:{after}" for step, after in way) or "drafted"


INSIDE: Final = [way for way in ways() if not has_left(way)]
LEFT: Final = [way for way in ways() if has_left(way)]
OUTSIDERS: Final = ("approver", "provider_head", "both", "data_admin")
LISTS: Final = (
    "/api/v1/requests",
    "/api/v1/todos",
    "/api/v1/messages",
    "/requests",
    "/tasks",
    "/tasks?tab=done",
    "/desk",
    "/",
)


def take(world: World, step: Step[RequestStatus], to: RequestStatus | None = None) -> None:
    """The step as the person who may; a release with the reply that leads to ``to``."""
    applicant, head = world.subjects["applicant"], world.subjects["consumer_head"]
    approver, provider_head = world.subjects["approver"], world.subjects["provider_head"]
    if step is lifecycle.RELEASE and to is not None and to is not RequestStatus.APPROVED:
        is_part = to is RequestStatus.PARTLY_APPROVED
        prepare_anew(
            world, granting(world, row_filter=east_of(world)) if is_part else refusing(world)
        )
    with changing(world) as (session, request):
        at = request, request.version
        if step is lifecycle.EDIT:
            service.edit(session, applicant, *at, service.answers(session, request))
        elif step is lifecycle.ASK_CONSENT:
            service.ask_consent(session, applicant, *at)
        elif step is lifecycle.WITHDRAW:
            service.withdraw(session, applicant, *at, "不再需要")
        elif step is lifecycle.PREPARE_REPLY:
            approvals.prepare(session, approver, *at, granting(world))
        else:
            decided = {
                lifecycle.CONSENT: (service.consent, head),
                lifecycle.RETURN: (service.return_to_applicant, head),
                lifecycle.SEND_BACK: (approvals.send_back, provider_head),
                lifecycle.RELEASE: (approvals.release, provider_head),
            }
            act, who = decided[step]
            act(session, who, *at, "请补充依据")


def brought(world_at: At, way: Way) -> World:
    world = world_at("draft_request")
    for step, after in way:
        take(world, step, after)
    assert request_now(world).status is _end(way)
    return world


def answers(client: TestClient, world: World) -> Mapping[str, int]:
    """The status of every address of the request, asked as somebody
    with a decision to make would.
    """
    no, form = world.request_no, {"csrf_token": client.headers["x-csrf-token"], "version": "1"}
    said: dict[str, int] = {}
    for path in (f"/api/v1/requests/{no}", f"/requests/{no}", f"/requests/{no}/decision"):
        said[f"GET {path}"] = client.get(path, headers=PAGE).status_code
    bodies: Mapping[str, Any] = {
        "decisions": granting(world).model_dump(mode="json"),
        "releases": {"outcome": "released"},
    }
    for part, body in bodies.items():
        headers = {**callers.once(), "if-match": f'"v{request_now(world).version}"'}
        said[part] = client.post(
            f"/api/v1/requests/{no}/{part}", json=body, headers=headers
        ).status_code
    for part in ("decision", "decisions", "releases"):
        fields = {**form, "once_key": uuid7().hex}
        said[f"page {part}"] = client.post(
            f"/requests/{no}/{part}", data=fields, headers=PAGE
        ).status_code
    return said


def test_the_ways_lead_into_every_state_inside_and_outside() -> None:
    s = RequestStatus
    assert {_end(way) for way in LEFT} | {s.DRAFT, s.OWN_CONSENT} == set(s)
    assert {_end(way) for way in INSIDE} == {s.DRAFT, s.OWN_CONSENT, s.WITHDRAWN}
    ends = {tuple(step for step, _after in way[-2:]) for way in INSIDE}
    assert (lifecycle.RETURN, lifecycle.WITHDRAW) in ends


@pytest.mark.parametrize("way", INSIDE, ids=named)
def test_what_never_left_is_found_by_nobody_outside(way: Way, world_at: At) -> None:
    world = brought(world_at, way)
    for account in OUTSIDERS:
        client = callers.client(world, account)
        assert {
            path for path, status in answers(client, world).items() if status != 404
        } == set(), account
        for path in LISTS:
            answer = client.get(path, headers=PAGE if not path.startswith("/api") else {})
            assert answer.status_code == 200, path
            assert world.request_no not in answer.text, (account, path)
    assert (
        callers.client(world, "applicant").get(f"/api/v1/requests/{world.request_no}").status_code
        == 200
    )


@pytest.mark.parametrize("way", LEFT, ids=named)
def test_what_left_is_still_there_whatever_becomes_of_it(way: Way, world_at: At) -> None:
    world = brought(world_at, way)
    for account in OUTSIDERS:
        client = callers.client(world, account)
        assert client.get(f"/api/v1/requests/{world.request_no}").status_code == 200
        assert world.request_no in client.get("/requests", headers=PAGE).text


@pytest.mark.parametrize("steps", [(), (lifecycle.WITHDRAW,)])
def test_the_provider_reads_nothing_of_how_a_request_was_written(
    world_at: At, steps: tuple[Step[RequestStatus], ...]
) -> None:
    world = world_at("draft_request")
    for step in (
        lifecycle.EDIT,
        lifecycle.ASK_CONSENT,
        lifecycle.RETURN,
        lifecycle.ASK_CONSENT,
        lifecycle.CONSENT,
        *steps,
    ):
        take(world, step)
    inside = ("修改共享申请草稿", "拟定共享申请", "退回")
    own = callers.client(world, "applicant").get(f"/requests/{world.request_no}", headers=PAGE).text
    theirs = (
        callers.client(world, "approver").get(f"/requests/{world.request_no}", headers=PAGE).text
    )
    assert [words for words in inside if words in theirs] == []
    assert [words for words in inside if words not in own] == []


def test_who_moves_to_another_department_leaves_the_view_of_what_they_did(world_at: At) -> None:
    world = world_at("submitted_request")
    take(world, lifecycle.WITHDRAW)
    head, elsewhere = world.subjects["consumer_head"], world.subjects["stranger"].department_id
    with looking() as session:
        (task,) = queue.done_tasks(session, head, PageRequest())[0]
        assert task.status is RequestStatus.WITHDRAWN
        assert queue.done_tasks(session, replace(head, department_id=elsewhere), PageRequest()) == (
            [],
            None,
        )
