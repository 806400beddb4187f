"""The desk: tasks by urgency with what is left of their time, messages read by their owner only."""

import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import date

import pytest
from fixtures.worlds import World

from audit.append import ObjectRef, append
from audit.events import Event
from shuqiao.db import reading, unit_of_work
from shuqiao.desk import messages, todos
from shuqiao.desk.models import CaseClock, ClockStatus
from shuqiao.i18n import Message
from shuqiao.limits import Basis, Instrument
from shuqiao.subject import Subject
from tests.server.conftest import Visiting

At = Callable[[str], World]


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("accounts")


def ask(world: World, case_no: str, due_on: date | None, who: str = "applicant") -> None:
    person = world.subjects[who].user_id
    with unit_of_work() as session:
        todos.ask(
            session,
            case_no=case_no,
            kind="answer",
            role="applicant",
            user_id=person,
            clock="reply",
            what=Message("<b>答复</b>"),
            href="/requests",
        )
        if due_on is not None:
            session.add(running(case_no, due_on))
            obj, who_else = ObjectRef("ShareRequest", case_no), Subject.system("test")
            append(session, who_else, Event.REQUEST_SUBMITTED, stream=case_no, obj=obj)


def running(case_no: str, due_on: date) -> CaseClock:
    order = Instrument("条例", "Regulation", "国务院令第809号", "Order 809")
    return CaseClock(
        case_no=case_no,
        kind="reply",
        article="21",
        basis=Basis.STATUTORY,
        instrument=asdict(order),
        limit_days=1,
        started_on=due_on,
        counting_from=due_on,
        due_on=due_on,
        status=ClockStatus.RUNNING,
    )


def tell(world: World, *words: str, who: str = "applicant") -> list[str]:
    person = world.subjects[who].user_id
    assert person is not None
    with unit_of_work() as session:
        return [
            str(
                messages.send(session, user_ids=[person], what=Message(text), href="/catalog")[0].id
            )
            for text in words
        ]


def unread(world: World, who: str = "applicant") -> int:
    with reading() as session:
        return messages.unread_count(session, world.subjects[who])


def test_the_most_urgent_task_comes_first_with_its_time(world: World, visiting: Visiting) -> None:
    for case_no, due in (
        ("C-none", None),
        ("C-later", date(2026, 3, 3)),
        ("C-today", date(2026, 2, 11)),
        ("C-late", date(2026, 2, 9)),
        ("C-soon", date(2026, 2, 12)),
        ("C-uncounted", date(2031, 5, 6)),
    ):
        ask(world, case_no, due)
    html = visiting(world, "applicant").get("/desk").text
    assert re.findall(r">(C-\w+)<", html) == [
        "C-late",
        "C-today",
        "C-soon",
        "C-later",
        "C-uncounted",
        "C-none",
    ]
    for words in (
        "已超期 2 个工作日",
        "今日到期",
        "剩余 1 个工作日",
        "剩余 10 个工作日",
        "待办 6 件",
    ):
        assert words in html
    assert "<b>" not in html
    assert "&lt;b&gt;答复" in html


def test_an_empty_desk_says_so(world: World, visiting: Visiting) -> None:
    html = visiting(world, "reviewer").get("/desk").text
    assert "没有待办事项" in html
    assert "没有消息" in html


def test_nobody_sees_the_tasks_and_messages_of_others(world: World, visiting: Visiting) -> None:
    ask(world, "C-mine", None)
    tell(world, "只给申请人")
    own, other = (visiting(world, who).get("/desk").text for who in ("applicant", "stranger"))
    for words in ("C-mine", "只给申请人"):
        assert words in own
        assert words not in other


def test_the_desk_is_for_those_who_are_signed_in(world: World, visiting: Visiting) -> None:
    answer = visiting(world, None).get("/desk?unread=true")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?next=/desk%3Funread%3Dtrue",
    )


def test_messages_are_marked_as_read_one_by_one_or_together(
    world: World, visiting: Visiting
) -> None:
    first, *rest = tell(world, "一", "二", "三")
    client = visiting(world, "applicant")
    answer = client.post("/desk/messages/reads", data={"message": first})
    assert (answer.status_code, answer.headers["location"], unread(world)) == (
        303,
        "/desk#messages",
        2,
    )
    assert "二" in client.get("/desk?unread=true").text
    assert ">一<" not in client.get("/desk?unread=true").text
    client.post("/desk/messages/reads", data={"message": [first, *rest]})
    assert unread(world) == 0
    assert client.post("/desk/messages/reads", data={"message": first}).status_code == 303


def test_nobody_marks_the_messages_of_others(world: World, visiting: Visiting) -> None:
    mine = tell(world, "一")
    assert (
        visiting(world, "stranger").post("/desk/messages/reads", data={"message": mine}).status_code
        == 303
    )
    assert unread(world) == 1


@pytest.mark.parametrize("sent", [{"message": "x"}, {"message": ["1"] * 300}, {"other": "1"}])
def test_nonsense_is_400_and_marks_nothing(
    world: World, visiting: Visiting, sent: dict[str, str]
) -> None:
    tell(world, "一")
    assert visiting(world, "applicant").post("/desk/messages/reads", data=sent).status_code == 400
    assert unread(world) == 1


def test_all_are_marked_up_to_the_newest_that_was_shown(world: World, visiting: Visiting) -> None:
    _first, newest = tell(world, "一", "二")
    client = visiting(world, "applicant")
    assert f'name="until" value="{newest}"' in client.get("/desk").text
    tell(world, "后来")
    assert client.post("/desk/messages/reads", data={"until": newest}).status_code == 303
    assert unread(world) == 1
    assert "后来" in client.get("/desk?unread=true").text


def test_messages_are_told_apart_by_what_they_are_about(world: World, visiting: Visiting) -> None:
    tell(world, "目录的")
    person = world.subjects["applicant"].user_id
    assert person is not None
    with unit_of_work() as session:
        for words, href in (
            ("申请的", "/requests/R"),
            ("共享授权的", "/deliveries/D"),
            ("其他的", "/jobs/1"),
        ):
            messages.send(session, user_ids=[person], what=Message(words), href=href)
    client = visiting(world, "applicant")
    for kind, words in (
        ("catalogue", "目录的"),
        ("request", "申请的"),
        ("grant", "共享授权的"),
        ("other", "其他的"),
    ):
        html = client.get(f"/desk?kind={kind}").text
        assert re.findall(r">(目录的|申请的|共享授权的|其他的)<", html) == [words]
        listed = client.get("/api/v1/messages", params={"kind": kind}).json()
        assert [(each["what"], each["kind"]) for each in listed["items"]] == [(words, kind)]
    assert client.get("/desk?kind=nothing").status_code == 422


def test_many_messages_are_paged_and_each_is_shown_once(world: World, visiting: Visiting) -> None:
    tell(world, *(f"第{number}条消息" for number in range(45)))
    client, seen, href = visiting(world, "applicant"), [], "/desk"
    while href:
        html = client.get(href).text
        seen += re.findall(r">(第\d+条消息)<", html)
        following = re.search(r'href="([^"]+)#messages" rel="next"', html)
        href = following[1].replace("&amp;", "&") if following else ""
    assert seen == [f"第{number}条消息" for number in reversed(range(45))]


def test_marking_needs_the_form_token(world: World, visiting: Visiting) -> None:
    sent = {"message": tell(world, "一")}
    client = visiting(world, "applicant")
    del client.headers["x-csrf-token"]
    assert client.post("/desk/messages/reads", data=sent).status_code == 403
    assert unread(world) == 1


def test_the_number_in_the_bar_is_counted_for_every_page(world: World, visiting: Visiting) -> None:
    ask(world, "C-1", None)
    ask(world, "C-2", None)
    client = visiting(world, "applicant")
    for path in ("/", "/catalog", "/desk", "/help", "/problems/not_found"):
        assert "（2 件待办）" in client.get(path).text, path
    assert "（2 件待办）" in client.get("/jobs").text
