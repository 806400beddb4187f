"""Statutory clocks as pages show them."""

from datetime import date

import pytest
from sqlmodel import Session

from shuqiao.desk import clocks, notices
from shuqiao.desk.due import due_of
from shuqiao.desk.models import CaseClock
from shuqiao.i18n import Message
from shuqiao.limits import Basis, Instrument, Limit, numeral

ORDER = Instrument("条例", "Regulation", "国务院令第809号", "Order 809")
NOTICE = Instrument("办法", "Measures", "政办发〔2025〕12号")


@pytest.fixture
def reply(session: Session) -> CaseClock:
    """Ten working days from 11 February 2026, over the Spring Festival."""
    return started(session, Limit(10, Basis.STATUTORY, "21", ORDER))


def started(session: Session, limit: Limit) -> CaseClock:
    notices.load_packaged_calendars(session)
    return clocks.start(
        session,
        case_no="REQ-2026-000001",
        kind="reply",
        limit=limit,
        started_on=date(2026, 2, 11),
    )


def at(day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from shuqiao.settings import settings

    monkeypatch.setenv("SHUQIAO_CLOCK", f"{day}T09:00:00+08:00")
    settings.cache_clear()


def test_a_running_clock_says_what_is_left_and_by_which_rule(
    session: Session, reply: CaseClock
) -> None:
    due = due_of(session, reply)
    assert (due.due_on, due.remaining, due.state) == (date(2026, 3, 3), 10, "running")
    assert due.rule.render("zh_CN") == "法定时限：《条例》（国务院令第809号）第二十一条，10个工作日"
    assert (
        due.rule.render("en") == "Statutory limit, Regulation (Order 809), Art. 21: 10 working days"
    )


def test_a_limit_of_the_place_names_its_document(session: Session) -> None:
    clock = started(session, Limit(5, Basis.LOCAL, "9", NOTICE))
    due = due_of(session, clock)
    assert due.rule.render("zh_CN") == "地方规定：《办法》（政办发〔2025〕12号）第九条，5个工作日"
    assert clock.limit.source.render("zh_CN") == "地方规定，政办发〔2025〕12号第九条"
    assert clock.limit.source.render("en") == "Local rule, 政办发〔2025〕12号, Art. 9"


@pytest.mark.parametrize(
    ("basis", "state"),
    [(Basis.STATUTORY, "overdue"), (Basis.LOCAL, "overdue"), (Basis.POLICY, "running")],
)
def test_only_a_limit_of_law_can_be_overdue(
    session: Session, monkeypatch: pytest.MonkeyPatch, basis: Basis, state: str
) -> None:
    clock = started(session, Limit(10, basis, "21", ORDER))
    at("2026-03-06", monkeypatch)
    due = due_of(session, clock)
    assert (due.state, due.remaining) == (state, -3)
    late = clocks.overdue(session, on=date(2026, 3, 6))
    assert [each.clock.id for each in late] == ([clock.id] if basis.is_law else [])


def test_what_the_platform_set_itself_quotes_no_law(session: Session) -> None:
    clock = started(session, Limit(3, Basis.POLICY, "", ORDER))
    assert clock.limit.source.render("zh_CN") == "平台约定"
    assert due_of(session, clock).rule.render("zh_CN") == "平台约定：3个工作日"


def test_holidays_in_a_row_share_one_line_and_every_working_day_has_its_own(
    session: Session, reply: CaseClock
) -> None:
    lines = [(day, words.render("zh_CN")) for day, words in due_of(session, reply).steps]
    assert lines[0][0] == date(2026, 2, 11)
    assert lines[0][1].endswith("（不计）")
    assert (
        sum("第" in words and "日）" in words and "不计" not in words for _, words in lines) == 10
    )
    assert lines[-1][0] == date(2026, 3, 3)
    assert any(words.startswith("至2026-02-2") for _, words in lines)
    assert len(lines) < (date(2026, 3, 3) - date(2026, 2, 11)).days


def test_past_its_date_it_counts_working_days_overdue(
    session: Session, reply: CaseClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("2026-03-06", monkeypatch)
    due = due_of(session, reply)
    assert (due.state, due.remaining) == ("overdue", -3)


@pytest.mark.parametrize(("closed", "state"), [("2026-03-03", "met"), ("2026-03-04", "overdue")])
def test_a_closed_clock_was_met_or_not(
    session: Session, reply: CaseClock, closed: str, state: str
) -> None:
    clocks.close(session, case_no=reply.case_no, kind="reply", on=date.fromisoformat(closed))
    assert due_of(session, reply).state == state


def test_beside_a_stopped_clock_the_uninterrupted_date_is_shown(
    session: Session, reply: CaseClock
) -> None:
    why = Message("Started")
    clocks.stop(session, case_no=reply.case_no, kind="reply", on=date(2026, 2, 12), why=why)
    due = due_of(session, reply)
    assert (due.state, due.due_on, due.uninterrupted_on) == ("stopped", None, date(2026, 3, 3))


def test_without_a_calendar_no_date_is_guessed(session: Session) -> None:
    notices.load_packaged_calendars(session)
    clock = clocks.start(
        session,
        case_no="REQ-2031-000001",
        kind="reply",
        limit=Limit(10, Basis.STATUTORY, "21", ORDER),
        started_on=date(2031, 2, 11),
    )
    due = due_of(session, clock)
    assert (due.due_on, due.remaining, due.steps) == (None, None, ())


@pytest.mark.parametrize(
    ("article", "said"),
    [
        ("1", "一"),
        ("10", "十"),
        ("12", "十二"),
        ("20", "二十"),
        ("21", "二十一"),
        ("201", "201"),
        ("", ""),
    ],
)
def test_articles_are_numbered_as_chinese_law_does(article: str, said: str) -> None:
    assert numeral(article) == said
