"""A report for people, in Chinese or English, and for programs."""

from collections.abc import Iterator
from typing import Any

from .kept import NotComparable
from .report import Problem, Report
from .words import (
    FACTS,
    HEADINGS,
    NOT_COMPARABLE,
    PROBLEMS,
    UNCHECKED,
    VERDICTS,
    WHY,
    Language,
    say,
    shown,
)


def as_lines(report: Report, language: Language) -> Iterator[str]:
    """First what was not checked, then what is wrong, then the verdict."""
    if report.unchecked:
        yield say(HEADINGS["unchecked"], language)
    for code, facts in report.unchecked.items():
        yield f"  {code}\t{say(UNCHECKED[code], language, **facts)}"
    for each in report.problems:
        where = each.where
        if isinstance(where, int):
            where = say(HEADINGS["line"], language, number=where)
        yield f"{each.code}\t{shown(where)}\t{_what(each, language)}"
    if report.more:
        yield say(HEADINGS["more"], language, count=report.more)
    yield f"{report.verdict}; {_verdict(report, language)}"


def as_json(report: Report, language: Language) -> dict[str, Any]:
    """All that is known, with stable codes."""
    return {
        "verdict": report.verdict,
        "verified": report.verified,
        "whole": report.is_whole,
        "exported_at": report.exported_at,
        "events": report.events,
        "streams": report.streams,
        "unchecked": [
            {"code": code, "what": say(UNCHECKED[code], language, **facts)}
            for code, facts in report.unchecked.items()
        ],
        "problems": [
            {
                "code": each.code,
                "where": f"line {each.where}" if isinstance(each.where, int) else each.where,
                "what": _what(each, language),
            }
            for each in report.problems
        ],
        "more_problems": report.more,
    }


def why_not(refused: NotComparable, language: Language) -> str:
    """Why what was kept elsewhere cannot be compared with."""
    return say(NOT_COMPARABLE[str(refused)], language)


def _what(problem: Problem, language: Language) -> str:
    facts = dict(problem.facts)
    if "why" in facts:
        facts["why"] = say(WHY[str(facts["why"])], language)
    return say(PROBLEMS[problem.code], language, **facts)


def _verdict(report: Report, language: Language) -> str:
    facts = say(
        FACTS,
        language,
        events=report.events,
        streams=report.streams,
        at=report.exported_at or "-",
    )
    problems = len(report.problems) + report.more
    return say(VERDICTS[report.verdict], language, facts=facts, problems=problems)
