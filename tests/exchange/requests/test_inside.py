"""A request that never left its department is shown to nobody outside,
by whatever way it is asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest
from fixtures import callers
from fixtures.exchanging import changing, granting, looking, request_now
from fixtures.routes import PAGE
from fixtures.worlds import World
from starlette.testclient import TestClient

from auth.steps import Step
from exchange.requests import lifecycle, service
from exchange.requests.views import queue
from exchange.requests.words import RequestStatus
from shuqiao.ids import uuid7
from shuqiao.web.paging import PageRequest

At = Callable[[str], World]
#: How a request can end up inside: the state of the story it starts from, and the steps then taken.
INSIDE: Final[Mapping[str, tuple[str, tuple[Step[RequestStatus], ...]]]] = {
    "drafted": ("draft_request", ()),
    "withdrawn as a draft": ("draft_request", (lifecycle.WITHDRAW,)),
    "asked": ("asked_request", ()),
    "withdrawn before consent": ("asked_request", (lifecycle.WITHDRAW,)),
    "returned": ("asked_request", (lifecycle.RETURN,)),
    "returned and withdrawn": ("asked_request", (lifecycle.RETURN, lifecycle.WITHDRAW)),
}
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


def take(world: World, step: Step[RequestStatus]) -> None:
    """The step as the person who may."""
    applicant, head = world.subjects["applicant"], world.subjects["consumer_head"]
    with changing(world) as (session, request):
        at = request, request.version
        if step is lifecycle.EDIT:
            service.edit(session, applicant, *at, service.answers(session, request))
        elif step is lifecycle.ASK_CONSENT:
            service.ask_consent(session, applicant, *at)
        elif step is lifecycle.WITHDRAW:
            service.withdraw(session, applicant, *at, "不再需要")
        else:
            decided = {
                lifecycle.CONSENT: service.consent,
                lifecycle.RETURN: service.return_to_applicant,
            }
            decided[step](session, head, *at, "请补充依据")


def brought(world_at: At, way: str) -> World:
    state, steps = INSIDE[way]
    world = world_at(state)
    for step in steps:
        take(world, step)
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


@pytest.mark.parametrize("way", INSIDE)
def test_what_never_left_is_found_by_nobody_outside(way: str, world_at: At) -> None:
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


def test_what_left_is_still_there_when_it_is_taken_back(world_at: At) -> None:
    world = world_at("submitted_request")
    take(world, lifecycle.WITHDRAW)
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
