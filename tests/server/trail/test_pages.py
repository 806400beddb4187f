"""Pages of the trail, read as a browser without scripts does."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from fixtures.callers import client, once
from fixtures.page_forms import PAGE, hidden, shown
from fixtures.routes import events
from fixtures.states import STATES
from fixtures.world import Worlds
from fixtures.worlds import World
from sqlmodel import col, select

from audit.events import Event
from audit.models import AuditEvent
from auth.roles import Role
from exchange.grants.words import GrantStatus
from server.trail.forms import KEYS
from server.trail.words.asked import KINDS
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
    assert 'value="from:2025-11-11 -stream:trail:reviewer"' in html
    assert world.request_no in html
    assert "applicant 同志" in html


def test_the_form_becomes_a_query_line_in_the_address(world_at: At) -> None:
    world = world_at("submitted_request")
    reviewer = client(world, "reviewer")
    blank = dict.fromkeys(KEYS, "")
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


def test_words_name_people_departments_and_cases(world_at: At) -> None:
    world = world_at("active_grant")
    reviewer = client(world, "reviewer")
    found = f"/trail?q=grant:{world.grant_no}"
    html = shown(reviewer, found).split("<tbody>")[1]
    assert "exchange:grant:issued" in html and "exchange:request:created" in html
    assert "catalog:resource:published" not in html
    html = shown(reviewer, f"/trail?q=resource:{world.resource_code}").split("<tbody>")[1]
    for action in ("exchange:grant:issued", "exchange:request:created"):
        assert action in html
    assert "auth:session:opened" not in html
    html = shown(reviewer, '/trail?q=actor:"applicant 同志" action:exchange:*').split("<tbody>")[1]
    assert "exchange:request:created" in html and "exchange:grant:issued" not in html
    html = shown(reviewer, "/trail?q=-actor:applicant action:exchange:*").split("<tbody>")[1]
    assert "exchange:request:created" not in html and "exchange:grant:issued" in html
    home = world.subjects["applicant"].department_name
    html = shown(reviewer, f"/trail?q=org:{home} action:exchange:*").split("<tbody>")[1]
    assert "exchange:request:created" in html and "exchange:request:approved" not in html
    html = shown(reviewer, f"/trail?q=-org:{home} action:exchange:*").split("<tbody>")[1]
    assert "exchange:request:created" not in html and "exchange:request:approved" in html


def test_what_an_address_did_and_what_carried_a_column(committed_world: At) -> None:
    world = committed_world("finished_delivery")
    reviewer = client(world, "reviewer")
    html = shown(reviewer, "/trail?q=columns:学校名称 action:exchange:delivery:*")
    assert "exchange:delivery:started" in html.split("<tbody>")[1]
    shown(reviewer, "/trail?q=ip:192.0.2.1")
    html = shown(reviewer, "/trail?q=columns:没有这一列 action:exchange:delivery:*")
    assert "没有符合条件的事件" in html
    html = shown(reviewer, "/trail?q=ip:192.0.2.1 action:exchange:request:created")
    assert world.request_no in html.split("<tbody>")[1]
    assert "没有符合条件的事件" in shown(reviewer, "/trail?q=ip:192.0.2.99")


@pytest.mark.parametrize(
    "word", ["actor:lisi", "-actor:lisi", "org:没有的部门", "resource:1/1", "grant:GR-2026-999999"]
)
def test_a_name_that_nothing_bears_is_a_mistake(world_at: At, word: str) -> None:
    """What is not found must mean that nothing happened."""
    html = shown(client(world_at("accounts"), "reviewer"), f"/trail?q={word}", status=422)
    assert 'href="#f-q"' in html and word.partition(":")[2] in html


def said(html: str) -> str:
    """What the page of an event tells in words, and its ways on."""
    return html.split('<dl class="sq-summary">')[1].split("</nav>")[0]


def test_an_event_is_told_in_words(world_at: At) -> None:
    world = world_at("active_grant")
    event = newest(world.grant_no)
    html = shown(client(world, "reviewer"), f"/trail/{event.id}")
    told = said(html)
    assert event.action == "exchange:grant:activated"
    assert f"{GrantStatus.PENDING_DELIVERY.label} → {GrantStatus.ACTIVE.label}" in told
    assert f'href="/trail?q=grant:{world.grant_no}"' in told
    assert f"stream%3A{world.grant_no}" in told and "前一条" in told
    issued = next(each for each in events_of(world.grant_no) if each.seq == 1)
    told = said(shown(client(world, "reviewer"), f"/trail/{issued.id}"))
    assert f'href="/trail?q=object:{world.request_no}"' in told
    assert f'href="/catalog/{world.resource_code}"' in told, "what whoever reviews may open"
    words = re.sub(r"<[^>]*>", " ", told)
    assert str(Role.SHARING_HEAD.label) in words and "sharing_head" not in words
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", words), "ids have names"


def test_a_refusal_is_told_by_its_rule(world_at: At) -> None:
    world = world_at("accounts")
    shown(client(world, "applicant"), "/trail", status=403)
    with reading() as session:
        query = select(AuditEvent).where(AuditEvent.result == "deny")
        denied = session.exec(query.order_by(col(AuditEvent.id).desc())).first()
        assert denied is not None
        session.expunge_all()
    told = re.sub(r"<[^>]*>", " ", said(shown(client(world, "reviewer"), f"/trail/{denied.id}")))
    assert "审计轨迹" in told and "规则" in told
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", told), "no sentence is English"


def test_who_received_which_columns(committed_world: At) -> None:
    world = committed_world("finished_delivery")
    reviewer = client(world, "reviewer")
    found = shown(reviewer, f"/trail/received?resource={world.resource_code}")
    row = found.split("<tbody>")[1]
    assert "applicant 同志" in row and world.grant_no in row and "学校名称" in row
    event = newest("trail:reviewer")
    assert event.action == "audit:trail:read"
    assert world.resource_code.replace("-", "/") in bytes(event.canon).decode()
    path = f"/trail/received?resource={world.resource_code}&columns=没有"
    assert "没有交付记录" in shown(reviewer, path)
    answer = reviewer.get("/api/v1/audit-receipts", params={"resource": world.resource_code})
    (received,) = answer.json()["items"]
    assert received["columns"] == ["学校代码", "学校名称", "地址", "经度"]
    assert (received["account"], received["rows"]) == ("applicant", received["rows"])
    assert shown(reviewer, "/trail/received").count("<tbody>") == 0


def events_of(stream: str) -> list[AuditEvent]:
    with reading() as session:
        found = list(session.exec(select(AuditEvent).where(AuditEvent.stream == stream)).all())
        session.expunge_all()
        return found


def led_to(world: World, visited: set[str]) -> dict[str, int]:
    """Opens the page of one event of each action that is not in ``visited``, and what it leads to
    as whoever may read the trail; what is not there, with its status.
    """
    wrong: dict[str, int] = {}
    for who in ("reviewer", "audit_admin"):
        reader, opened = client(world, who), set()
        for event in events():
            if event.action in visited | opened:
                continue
            opened.add(event.action)
            told = said(shown(reader, f"/trail/{event.id}"))
            for href in map(unescape, re.findall(r'href="([^"]+)"', told)):
                status = reader.get(href, headers=PAGE).status_code
                if status != 200:
                    wrong[f"{event.action} by {who}: {href}"] = status
    visited |= opened
    return wrong


@pytest.mark.parametrize("state", ["taken_down", "merged_provider"])
def test_the_page_of_an_event_leads_somewhere(world_at: At, state: str) -> None:
    assert led_to(world_at(state), set()) == {}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_kind_of_event_has_a_page_that_leads_somewhere(worlds: Worlds) -> None:
    visited: set[str] = set()
    for state in STATES:
        with worlds.rolling_back(worlds.at(state)) as world:
            assert led_to(world, visited) == {}, state
    assert len(visited) > 90


def test_what_was_thrown_away_is_found_all_the_same(world_at: At) -> None:
    """It lives on in the trail alone; neither the query nor the page of its events breaks."""
    world = world_at("draft_resource")
    registrar, path = client(world, "registrar"), f"/api/v1/resources/{world.resource_code}"
    version = {"if-match": registrar.get(path).headers["etag"]}
    assert registrar.delete(path, headers={**once(), **version}).status_code in (200, 204)
    found = shown(client(world, "reviewer"), f"/trail?q=resource:{world.resource_code}")
    assert "catalog:resource:discarded" in found.split("<tbody>")[1]
    assert led_to(world, set()) == {}


def test_a_record_of_another_shape_is_shown_as_it_is(committed_world: At, worlds: Worlds) -> None:
    """Whoever changed it past every guard does not keep a reviewer from seeing that."""
    world = committed_world("active_grant")
    event = newest(world.grant_no)
    odd = b'{"why":{"rules":5,"code":[{}]},"actor":{"role":7},"chg":[]}'
    for canon, seen in ((odd, '"rules": 5'), (b"[" * 5_000, "[" * 5_000)):
        with worlds.as_superuser(world) as superuser:
            superuser.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
            superuser.execute(
                "UPDATE audit_event SET canon = %s, leaf_hash = sha256('\\x00'::bytea || %s)"
                " WHERE id = %s",
                [canon, canon, event.id],
            )
        assert seen in unescape(shown(client(world, "reviewer"), f"/trail/{event.id}"))
        asked = {"stream": world.grant_no}
        assert (
            client(world, "reviewer").get("/api/v1/audit-events", params=asked).status_code == 200
        )
