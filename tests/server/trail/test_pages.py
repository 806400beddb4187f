"""Pages of the trail, read as a browser without scripts does."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from fixtures.callers import client
from fixtures.page_forms import PAGE, hidden, shown
from fixtures.worlds import World
from sqlmodel import col, select

from audit.events import Event
from audit.models import AuditEvent
from server.trail.words import KINDS
from shuqiao.db import reading

At = Callable[[str], World]


def newest(stream: str) -> AuditEvent:
    with reading() as session:
        query = (
            select(AuditEvent)
            .where(AuditEvent.stream == stream)
            .order_by(col(AuditEvent.seq).desc())
        )
        found = session.exec(query).first()
        assert found is not None
        session.expunge_all()
        return found


def test_without_a_query_the_last_three_months_are_shown(world_at: At) -> None:
    world = world_at("submitted_request")
    html = shown(client(world, "reviewer"), "/trail")
    assert 'value="from:2025-11-11"' in html
    assert world.request_no in html
    assert "applicant 同志" in html


def test_the_form_becomes_a_query_line_in_the_address(world_at: At) -> None:
    world = world_at("submitted_request")
    reviewer = client(world, "reviewer")
    blank = dict.fromkeys(("action", "result", "actor", "stream", "object", "from", "to"), "")
    sent = {**blank, "action": "exchange:*", "actor": "applicant"}
    answer = reviewer.get("/trail", params=sent, headers=PAGE)
    assert answer.status_code == 303
    target = urlsplit(answer.headers["location"])
    assert parse_qs(target.query) == {"q": ["action:exchange:* actor:applicant"]}
    html = shown(reviewer, f"{target.path}?{target.query}")
    assert "exchange:request:created" in html
    assert "auth:session:opened" not in html.split("<tbody>")[1]


def test_the_form_offers_every_kind_and_the_actions_of_the_chosen_one(world_at: At) -> None:
    assert {event.rpartition(":")[0] for event in Event} == set(KINDS)
    reviewer = client(world_at("accounts"), "reviewer")
    html = shown(reviewer, "/trail")
    assert '<option value="exchange:grant:*">' in html
    assert "exchange:grant:revoked（" not in html and 'value="exchange:grant:revoked"' not in html
    html = shown(reviewer, "/trail?q=action:exchange:grant:*")
    assert '<option value="exchange:grant:*" selected>' in html
    assert '<option value="exchange:grant:revoked">' in html
    assert 'value="exchange:request:submitted"' not in html


@pytest.mark.parametrize(
    ("query", "anchor"), [("q=who:li", "f-q"), ("action=&result=deny&from=soon", "f-from")]
)
def test_a_mistake_is_told_where_it_was_typed_and_nothing_is_read(
    world_at: At, query: str, anchor: str
) -> None:
    world = world_at("submitted_request")
    html = shown(client(world, "reviewer"), f"/trail?{query}", status=422)
    assert f'href="#{anchor}"' in html
    assert f'id="{anchor}"' in html
    assert world.request_no not in html.split("</form>")[-1]


def test_looking_at_the_page_is_recorded(world_at: At) -> None:
    world = world_at("accounts")
    answer = client(world, "reviewer").get("/trail?q=result:deny", headers=PAGE)
    event = newest("trail:reviewer")
    assert event.action == "audit:trail:read"
    assert answer.headers["shuqiao-event-id"] == str(event.id)


def test_one_event_shows_its_record_and_hash(world_at: At) -> None:
    world = world_at("draft_request")
    event = newest(world.request_no)
    html = shown(client(world, "reviewer"), f"/trail/{event.id}")
    assert event.leaf_hash.hex() in html
    assert "exchange:request:created" in html
    assert "记录内容与叶哈希一致" in html
    assert newest("trail:reviewer").object_id == str(event.id)


def test_an_event_that_is_not_there_is_not_found(world_at: At) -> None:
    world = world_at("accounts")
    shown(client(world, "reviewer"), "/trail/00000000-0000-7000-8000-000000000000", status=404)


def test_the_export_button_gives_the_file_of_the_query(committed_world: At) -> None:
    world = committed_world("submitted_request")
    reviewer = client(world, "reviewer")
    sent = {
        **hidden(shown(reviewer, "/trail"), "/trail/exports"),
        "q": f"stream:{world.request_no}",
    }
    answer = reviewer.post("/trail/exports", data=sent, headers=PAGE)
    assert answer.status_code == 200
    assert (
        answer.headers["content-disposition"]
        == 'attachment; filename="audit-20260211-090000.jsonl"'
    )
    assert len(answer.content.splitlines()) == 4
    assert newest("trail:reviewer").action == "audit:trail:exported"


def test_the_page_is_for_reviewers_only(world_at: At) -> None:
    world = world_at("submitted_request")
    for who in ("applicant", "data_admin"):
        shown(client(world, who), "/trail", status=403)
    answer = client(world, None).get("/trail", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/trail")
