"""Recording a fact: in the change's own transaction, numbered without a gap, in exactly the bytes
that are hashed.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from fixtures.routes import events
from fixtures.worlds import World
from sqlmodel import Session

from audit.append import ObjectRef, Recorded, append, recorded
from audit.canonical import canonical_bytes, leaf_hash
from audit.events import Event
from audit.models import AuditEvent
from audit.receipts import receipt
from shuqiao.context import working_on
from shuqiao.db import unit_of_work
from shuqiao.subject import Subject

At = Callable[[str], World]
SOMEBODY = Subject(
    uuid4(),
    "li",
    "李",
    uuid4(),
    "教育厅",
    frozenset({"approver", "sharing_head"}),
    "token",
    uuid4(),
)
THING = ObjectRef("ShareRequest", "REQ-2026-000009", 3)


def test_the_record_says_who_did_what_to_which_when_and_why(session: Session) -> None:
    with working_on(request_id="request-42", client_ip="192.0.2.9"):
        done = append(
            session,
            SOMEBODY,
            Event.REQUEST_SUBMITTED,
            stream="REQ-2026-000009",
            obj=THING,
            why={
                "rules": {"B", "A"},
                "days": 10,
                "none": None,
                "item": UUID(int=7),
                "list": (1, "x"),
            },
            change=("draft", "submitted"),
        )
    row = session.get_one(AuditEvent, done.event_id)
    record = json.loads(row.canon)
    assert record["v"] == 1
    assert (record["id"], record["stream"], record["seq"]) == (
        str(done.event_id),
        "REQ-2026-000009",
        1,
    )
    assert record["ts"] == "2026-02-11T01:00:00.000000+00:00"
    assert record["actor"] == {
        "id": str(SOMEBODY.user_id),
        "account": "li",
        "dept": str(SOMEBODY.department_id),
        "auth": "token",
        "role": ["approver", "sharing_head"],
        "credential": str(SOMEBODY.credential_id),
    }
    assert record["obj"] == {"type": "ShareRequest", "id": "REQ-2026-000009", "ver": 3}
    assert (record["rid"], record["ip"]) == ("request-42", "192.0.2.9")
    assert record["chg"] == {"from": "draft", "to": "submitted"}
    assert record["why"] == {
        "rules": ["A", "B"],
        "days": 10,
        "item": str(UUID(int=7)),
        "list": [1, "x"],
    }
    assert (
        "李" not in row.canon.decode()
    )  # people are ids; names live in a table that can forget them


def test_what_allowed_it_is_in_the_record_and_nothing_where_no_rule_was_asked(
    session: Session,
) -> None:
    asked = SOMEBODY.allowed_by(("EXC-REQ-1", "EXC-OWN-1"), "ab" * 32)
    records = []
    for subject in (asked, SOMEBODY):
        done = append(session, subject, Event.REQUEST_CREATED, stream="REQ-2026-000009", obj=THING)
        records.append(json.loads(session.get_one(AuditEvent, done.event_id).canon))
    assert records[0]["policy"] == {"rules": ["EXC-REQ-1", "EXC-OWN-1"], "hash": "ab" * 32}
    assert "policy" not in records[1]


def test_the_stored_bytes_are_canonical_and_hashed(session: Session) -> None:
    done = append(
        session,
        SOMEBODY,
        Event.REQUEST_CREATED,
        stream="REQ-2026-000009",
        obj=THING,
        why={"note": "“引号”\n"},
    )
    row = session.get_one(AuditEvent, done.event_id)
    assert canonical_bytes(json.loads(row.canon)) == bytes(row.canon)
    assert leaf_hash(bytes(row.canon)) == bytes(row.leaf_hash)
    assert done.leaf_hash == bytes(row.leaf_hash).hex()


def test_the_columns_only_repeat_the_record(session: Session) -> None:
    done = append(
        session,
        SOMEBODY,
        Event.REQUEST_CREATED,
        stream="REQ-2026-000009",
        obj=THING,
        result="error",
    )
    row = session.get_one(AuditEvent, done.event_id)
    record = json.loads(row.canon)
    assert (row.stream, row.seq, row.action, row.result) == (
        record["stream"],
        record["seq"],
        record["act"],
        record["res"],
    )
    assert (row.actor, row.object_type, row.object_id) == (
        record["actor"]["account"],
        record["obj"]["type"],
        record["obj"]["id"],
    )
    assert row.at.isoformat(timespec="microseconds") == record["ts"]


def test_a_receipt_lists_every_event_of_the_transaction(session: Session) -> None:
    first = append(session, SOMEBODY, Event.REQUEST_APPROVED, stream="REQ-2026-000009", obj=THING)
    second = append(session, SOMEBODY, Event.GRANT_ISSUED, stream="GR-2026-000004", obj=THING)
    assert recorded(session) == [first, second]
    found = receipt(session)
    assert (found["event_id"], found["leaf_hash"]) == (second.event_id, second.leaf_hash)
    assert [event.event_id for event in found["events"]] == [first.event_id, second.event_id]


def test_a_transaction_without_an_event_has_no_receipt(session: Session) -> None:
    with pytest.raises(LookupError):
        receipt(session)


def test_numbers_of_a_stream_have_no_gap_whatever_races(committed_world: At) -> None:
    """Six writers on four streams, a third of the transactions taken back."""
    committed_world("accounts")
    known = {event.id for event in events()}
    start = threading.Barrier(6)

    def write(writer: int) -> None:
        start.wait(timeout=30)
        for turn in range(6):
            try:
                with unit_of_work() as session:
                    _append(session, f"case-{(writer + turn) % 4}")
                    if (writer + turn) % 3 == 0:
                        raise InterruptedError
            except InterruptedError:
                continue

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    numbers: dict[str, list[int]] = defaultdict(list)
    for event in events():
        if event.id not in known:
            numbers[event.stream].append(event.seq)
    assert sum(map(len, numbers.values())) == 6 * 6 * 2 // 3
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in numbers.values())


def test_numbers_follow_the_order_of_commits(committed_world: At) -> None:
    """The second writer waits for the first: a later number is never seen before an earlier one."""
    committed_world("accounts")
    entered, order = threading.Event(), []

    def second() -> None:
        entered.wait(timeout=30)
        with unit_of_work() as session:
            _append(session, "case")
        order.append("second")

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(second)
        with unit_of_work() as session:
            first = _append(session, "case")
            entered.set()
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
            order.append("first")
        waiting.result(timeout=30)
    assert first.seq == 1
    assert order == ["first", "second"]


def _append(session: Session, stream: str) -> Recorded:
    return append(session, SOMEBODY, Event.REQUEST_CREATED, stream=stream, obj=THING)
