"""The trail over HTTP: filters, pages, and that reading and exporting are themselves recorded."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fixtures.callers import client
from fixtures.worlds import World
from sqlmodel import select

from audit.models import AuditEvent
from shuqiao.db import reading
from shuqiao_client.verifier import verify

At = Callable[[str], World]
EVENTS, EXPORTS = "/api/v1/audit-events", "/api/v1/audit-exports"


def events_of(world: World, account: str = "reviewer", **query: Any) -> Any:
    answer = client(world, account).get(EVENTS, params=query)
    assert answer.status_code == 200, answer.text
    return answer


def own(tag: str) -> list[AuditEvent]:
    with reading() as session:
        query = select(AuditEvent).where(
            AuditEvent.stream == "trail:reviewer", AuditEvent.action == tag
        )
        found = list(session.exec(query))
        session.expunge_all()
        return found


def test_it_shows_the_case_newest_first(world_at: At) -> None:
    world = world_at("submitted_request")
    items = events_of(world, stream=world.request_no).json()["items"]
    assert [(item["seq"], item["event"]["act"]) for item in items] == [
        (3, "exchange:request:submitted"),
        (2, "exchange:request:consent_asked"),
        (1, "exchange:request:created"),
    ]
    assert items[0]["label"] == "本部门同意，统一受理"


def test_every_reading_is_recorded_with_its_filter_and_proven_in_the_answer(world_at: At) -> None:
    world = world_at("accounts")
    answer = events_of(world, result="deny")
    (event,) = own("audit:trail:read")
    assert answer.headers["shuqiao-event-id"] == str(event.id)
    assert answer.headers["shuqiao-leaf-hash"] == event.leaf_hash.hex()
    assert json.loads(event.canon)["why"] == {"filter": {"result": "deny"}}


def test_pages_follow_each_other_without_gap_or_repetition(world_at: At) -> None:
    world = world_at("published_resource")
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 5, "action": "catalog:*"}
    while True:
        page = events_of(world, **query).json()
        seen += [item["event_id"] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    whole = [
        item["event_id"] for item in events_of(world, limit=200, action="catalog:*").json()["items"]
    ]
    assert seen == whole
    assert len(whole) > 5
    assert len(set(seen)) == len(seen)


def test_a_cursor_does_not_continue_another_query(world_at: At) -> None:
    world = world_at("published_resource")
    cursor = events_of(world, limit=1, action="catalog:*").json()["next"]
    answer = client(world, "reviewer").get(
        EVENTS, params={"limit": 1, "action": "auth:*", "cursor": cursor}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("name", "value"),
    [("result", "maybe"), ("action", "x:y:z"), ("from", "yesterday"), ("actor", "a b")],
)
def test_a_filter_that_cannot_be_read_is_named(world_at: At, name: str, value: str) -> None:
    world = world_at("accounts")
    answer = client(world, "reviewer").get(EVENTS, params={name: value})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"#/{name}"]
    assert own("audit:trail:read") == []


@pytest.mark.parametrize("who", ["applicant", "data_admin", "system_admin", "provider_head"])
def test_nobody_else_reads_or_exports_it(world_at: At, who: str) -> None:
    world = world_at("accounts")
    caller = client(world, who)
    assert caller.get(EVENTS).status_code == 403
    assert caller.post(EXPORTS, json={}).status_code == 403
    assert client(world, None).get(EVENTS).status_code == 401
    denied = events_of(world, stream=f"trail:{who}").json()["items"]
    assert [item["event"]["act"] for item in denied] == ["auth:action:denied"] * 2


def test_a_whole_export_verifies_and_names_its_own_event(
    committed_world: At, tmp_path: Path
) -> None:
    world = committed_world("submitted_request")
    answer = client(world, "reviewer").post(EXPORTS, json={})
    assert answer.status_code == 200
    file = tmp_path / "trail.jsonl"
    file.write_bytes(answer.content)
    assert int(answer.headers["content-length"]) == len(answer.content)
    head = json.loads(answer.content.splitlines()[0])
    assert head["whole"] is True
    assert head["export_event"]["event_id"] == answer.headers["shuqiao-event-id"]
    report = verify(file)
    assert report.verified, report.problems
    (event,) = own("audit:trail:exported")
    assert str(event.id) == answer.headers["shuqiao-event-id"]


def test_a_narrowed_export_holds_only_what_was_asked_for(committed_world: At) -> None:
    world = committed_world("submitted_request")
    answer = client(world, "reviewer").post(
        EXPORTS, json={"stream": world.request_no, "from": "2026-02-11"}
    )
    head, *lines = [json.loads(line) for line in answer.content.splitlines()]
    assert head["whole"] is False
    assert {json.loads(line["canon"])["stream"] for line in lines} == {world.request_no}
    assert len(lines) == 3


def test_an_export_with_an_unknown_field_is_refused(world_at: At) -> None:
    world = world_at("accounts")
    answer = client(world, "reviewer").post(EXPORTS, json={"since": "2026-02-11"})
    assert answer.status_code == 422
    assert own("audit:trail:exported") == []
