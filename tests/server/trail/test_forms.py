"""The query line of the trail: what it means, what it refuses, and that
the form writes the same.
"""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.events import Event
from audit.queries import TrailFilter
from server.trail.errors import QueryRefused
from server.trail.forms import KEYS, asked, line_of, parse, parts_of, usual_line, with_left_out
from server.trail.schemas import LONGEST, Asked


def refusals(line: str) -> list[tuple[str, str]]:
    with pytest.raises(QueryRefused) as refused:
        parse(line)
    return [(error.pointer, error.code) for error in refused.value.errors]


def test_every_word_narrows() -> None:
    who = "action:exchange:* actor:li result:deny stream:REQ-2026-000001 object:GR-2026-000001"
    what = "resource:307001/000001 grant:GR-2026-000001 org:市教育局 columns:学校代码"
    assert parse(f"{who} {what} ip:10.1.2.3 from:2026-02-01 to:2026-02-11") == Asked(
        TrailFilter(
            stream="REQ-2026-000001",
            action="exchange:*",
            result="deny",
            object_id="GR-2026-000001",
            since=datetime(2026, 1, 31, 16, tzinfo=UTC),
            until=datetime(2026, 2, 11, 16, tzinfo=UTC),
            ip="10.1.2.3",
            column="学校代码",
        ),
        {
            "actor": "li",
            "resource": "307001/000001",
            "grant": "GR-2026-000001",
            "org": "市教育局",
        },
        [],
    )


def test_what_stands_behind_a_minus_sign_is_left_out() -> None:
    said = parse("result:deny -actor:system:worker -action:audit:* －stream:trail:li")
    assert said.chosen == TrailFilter(result="deny")
    assert said.without == [
        Asked(names={"actor": "system:worker"}),
        Asked(TrailFilter(action="audit:*")),
        Asked(TrailFilter(stream="trail:li")),
    ]
    assert with_left_out({"result": "deny"}, "actor:system:worker -action:audit:*").without == [
        Asked(names={"actor": "system:worker"}),
        Asked(TrailFilter(action="audit:*")),
    ]


def test_a_value_with_blanks_stands_between_quotation_marks() -> None:
    for line in ('actor:"张 三" result:deny', "actor:“张 三” result:deny"):
        assert parse(line) == Asked(TrailFilter(result="deny"), {"actor": "张 三"}, [])
    assert line_of({"actor": "张  三", "result": "deny"}) == 'actor:"张 三" result:deny'
    assert parts_of(line_of({"actor": "张 三"})) == {"actor": "张 三"}


def test_the_last_day_is_included() -> None:
    assert parse("to:2026-02-11").chosen.until == datetime(2026, 2, 11, 16, tzinfo=UTC)
    assert parse("from:2026-02-11 to:2026-02-11").chosen.since == datetime(
        2026, 2, 10, 16, tzinfo=UTC
    )


def test_a_moment_with_its_zone_is_exact() -> None:
    assert parse("from:2026-02-11T09:00:00+08:00").chosen.since == datetime(
        2026, 2, 11, 1, tzinfo=UTC
    )


def test_nothing_asks_for_everything() -> None:
    assert parse("  ") == Asked(without=[])
    assert parse("action:*").chosen.is_whole


def test_full_width_signs_are_read_as_plain_ones() -> None:
    assert parse("ｒｅｓｕｌｔ：ｄｅｎｙ\u3000from：２０２６-02-01") == parse(
        "result:deny from:2026-02-01"
    )


def test_a_value_may_hold_colons() -> None:
    assert parse("actor:system:worker stream:trail:reviewer").names["actor"] == "system:worker"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("学校", "unknown_word"),
        ("actor", "unknown_word"),
        ("actor:", "unknown_word"),
        ("who:li", "unknown_word"),
        ("actor:li actor:wang", "repeated_word"),
        ("result:denied", "bad_value"),
        ("action:exchange:request:aproved", "bad_value"),
        ("action:exhange:*", "bad_value"),
        ("action:ex*change", "bad_value"),
        ("from:2026-02-30", "bad_value"),
        ("from:20260201", "bad_value"),
        ("from:2026-02-11T09:00:00", "bad_value"),
        ("to:9999-12-31", "bad_value"),
        ("from:2026-02-12 to:2026-02-11", "bad_period"),
        ("actor:" + "a" * 121, "bad_value"),
        ("ip:10.1.2", "bad_value"),
        ("-result:denied", "bad_value"),
        ("-who:li", "unknown_word"),
        ("stream:" + "a" * LONGEST, "too_long"),
    ],
)
def test_what_cannot_be_read_is_named(line: str, code: str) -> None:
    assert refusals(line) == [("/q", code)]


def test_every_mistake_is_told_at_once() -> None:
    assert len(refusals("who:li result:no from:soon".replace("who:li", "actor:li"))) == 2
    assert len(refusals("who:li what:x")) == 2


def test_programs_get_the_mistake_at_the_parameter() -> None:
    with pytest.raises(QueryRefused) as refused:
        asked({"result": "denied", "from": "soon"})
    assert [error.pointer for error in refused.value.errors] == ["/result", "/from"]


@pytest.mark.parametrize("event", list(Event))
def test_every_known_action_can_be_asked_for(event: Event) -> None:
    assert parse(f"action:{event.value}").chosen.action == event.value


_WORDS = st.text(st.characters(categories=["Lu", "Nd"], max_codepoint=127), min_size=1)


@given(st.dictionaries(st.sampled_from(KEYS), _WORDS))
def test_the_line_says_what_the_form_said(parts: dict[str, str]) -> None:
    line = line_of(parts)
    if len(line) <= LONGEST:
        assert parts_of(line) == parts


@given(st.text())
def test_any_text_is_read_or_refused(line: str) -> None:
    with suppress(QueryRefused):
        assert isinstance(parse(line), Asked)


@pytest.mark.parametrize(
    ("today", "line"),
    [
        ("2026-02-11", "from:2025-11-11 -stream:trail:li"),
        ("2026-05-31", "from:2026-02-28 -stream:trail:li"),
        ("2026-03-31", "from:2025-12-31 -stream:trail:li"),
        ("2026-01-01", "from:2025-10-01 -stream:trail:li"),
    ],
)
def test_the_usual_window_is_three_months_of_business_time(
    today: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shuqiao.settings import settings

    monkeypatch.setenv("SHUQIAO_CLOCK", f"{today}T09:00:00+08:00")
    settings.cache_clear()
    assert usual_line("li") == line
