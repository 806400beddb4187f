"""A department asks once at a time for a resource and a purpose: a second request is refused and
leads to the first.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pytest
from fixtures.callers import client, once
from fixtures.exchanging import changing_grant, request_now, run_sql, trail
from fixtures.page_forms import PAGE, filled, hidden, shown
from fixtures.worlds import World
from fixtures.written import FIVE

from catalog.resources import repository as resources
from exchange.grants.service import granting
from exchange.requests import repository, service
from exchange.requests.errors import AskedAlready
from exchange.requests.schemas import RequestCreate, purpose_digest
from exchange.requests.words import RequestStatus
from shuqiao.context import working_on
from shuqiao.db import unit_of_work
from shuqiao.web.etags import etag

At = Callable[[str], World]
#: The story's purpose as another hand types it: wide letters, other blanks, a break.
RETYPED: Final = {
    "basis": f"  {FIVE['basis']}\n",
    "scenario": FIVE["scenario"][:3] + "　" + FIVE["scenario"][3:],
}
OTHER: Final = {"scenario": "核查居住证办理条件"}


def draft(world: World, **changes: Any) -> str:
    """One request more of the story's applicant, still a draft; gives its number."""
    asked = {"resource_code": world.resource_code, "item_ids": list(world.item_ids), **FIVE}
    body = RequestCreate.model_validate(asked | changes)
    with unit_of_work() as session:
        resource = resources.by_code(session, world.resource_code)
        assert resource is not None
        return service.create(session, world.subjects["applicant"], resource, body).request_no


def ask(world: World, number: str) -> None:
    with unit_of_work() as session:
        request = repository.by_no(session, number, lock=True)
        assert request is not None
        service.ask_consent(session, world.subjects["applicant"], request, request.version)


def test_a_purpose_is_known_however_it_is_typed() -> None:
    same = purpose_digest("《条例》第3条 ABC", "核对 学籍")
    assert purpose_digest("《条例》第３条\nａｂｃ", "核对学籍 ") == same
    others = [("《条例》第4条 ABC", "核对学籍"), ("《条例》第3条", "ABC核对学籍")]
    assert all(purpose_digest(*other) != same for other in others)


@pytest.mark.parametrize(
    "state", ["asked_request", "submitted_request", "prepared_request", "pending_grant"]
)
def test_a_second_request_is_refused_and_leads_to_the_first(world_at: At, state: str) -> None:
    world = world_at(state)
    second, events = draft(world, **RETYPED), trail(world.request_no)
    answer = client(world, "applicant").post(
        f"/api/v1/requests/{second}/submissions", headers={**once(), "if-match": etag(1)}
    )
    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "asked_already")
    assert said["see"] == f"/requests/{world.request_no}"
    assert world.request_no in said["detail"]
    assert (trail(second), trail(world.request_no)) == (["request:created"], events)


@pytest.mark.parametrize("state", ["asked_request", "active_grant"])
def test_another_purpose_is_asked_for_beside_it(world_at: At, state: str) -> None:
    world = world_at(state)
    number = draft(world, **OTHER)
    ask(world, number)
    assert trail(number)[-1] == "request:consent_asked"


def test_what_was_taken_back_or_has_ended_stands_in_nobodys_way(world_at: At) -> None:
    world = world_at("active_grant")
    first, second = world.request_no, draft(world)
    with pytest.raises(AskedAlready) as refused:
        ask(world, second)
    assert refused.value.see == f"/requests/{first}"
    with changing_grant(world) as (session, grant):
        granting.revoke(
            session, world.subjects["provider_head"], grant, grant.version, "使用目的已经实现"
        )
    ask(world, second)
    third = draft(world)
    with pytest.raises(AskedAlready):
        ask(world, third)
    with unit_of_work() as session:
        found = repository.by_no(session, second, lock=True)
        assert found is not None
        service.withdraw(session, world.subjects["applicant"], found, found.version, "不再需要")
    ask(world, third)


def test_another_department_is_neither_refused_nor_told(world_at: At) -> None:
    world = world_at("submitted_request")
    stranger = client(world, "stranger")
    body = {
        "resource_code": world.resource_code,
        "item_ids": [str(item) for item in world.item_ids],
        **FIVE,
    }
    made = stranger.post("/api/v1/requests", json=body, headers=once())
    page = shown(stranger, f"/requests/{made.json()['request_no']}/check")
    assert world.request_no not in page
    answer = stranger.post(
        f"/api/v1/requests/{made.json()['request_no']}/submissions",
        headers={**once(), "if-match": etag(1)},
    )
    assert answer.status_code == 201


def test_the_pages_warn_while_it_is_written_and_lead_to_the_first(world_at: At) -> None:
    world = world_at("submitted_request")
    applicant, link = client(world, "applicant"), f'href="/requests/{world.request_no}"'
    form = f"/requests/new?resource={world.resource_code}"
    assert link not in shown(applicant, form)
    typed = {
        "item_ids": [str(world.item_ids[0])],
        **{name: str(value) for name, value in FIVE.items()},
        **RETYPED,
    }
    kept = {**hidden(shown(applicant, form), "/requests/new"), **typed}
    assert link in applicant.post("/requests/new/draft", data=kept, headers=PAGE).text
    assert link in shown(applicant, form)
    other = applicant.post("/requests/new/draft", data={**kept, **OTHER}, headers=PAGE)
    assert (other.status_code, link in other.text) == (200, False)
    check = f"/requests/{draft(world)}/check"
    assert link in shown(applicant, check)
    refused = filled(applicant, check, check.replace("/check", "/submissions"), {})
    assert refused.status_code == 409
    assert link in refused.text
    assert "贵单位" in refused.text


def test_of_two_at_the_same_moment_one_is_asked(committed_world: At) -> None:
    world = committed_world("draft_request")
    numbers = [world.request_no, draft(world, **RETYPED)]
    barrier = threading.Barrier(len(numbers))

    def start(number: str) -> str:
        with working_on(request_id=number, client_ip="192.0.2.9"):
            barrier.wait(30)
            try:
                ask(world, number)
            except AskedAlready as refused:
                return refused.see
            return "asked"

    with ThreadPoolExecutor(len(numbers)) as pool:
        found = list(pool.map(start, numbers))
    assert found.count("asked") == 1
    first = numbers[found.index("asked")]
    assert found[1 - found.index("asked")] == f"/requests/{first}"
    assert run_sql("SELECT 1 FROM share_request WHERE status = 'own_consent'") == 1
    world.request_no = first
    assert request_now(world).status is RequestStatus.OWN_CONSENT
