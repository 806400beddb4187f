"""Loading the notice of a year: what waited gets its date, a correction is the next version, and a
year that was not announced is not made up.
"""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from fixtures.announced import NOTICE, csv_of, days
from fixtures.callers import client, once
from fixtures.exchanging import last_fact, trail
from fixtures.worlds import World
from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from shuqiao.db import reading, unit_of_work
from shuqiao.desk import clocks, todos
from shuqiao.desk.models import ClockStatus
from shuqiao.limits import Basis, Instrument, Limit
from shuqiao.subject import Subject

At = Callable[[str], World]
CASE = "REQ-2026-000077"
ORDER = Instrument("条例", "Regulation", "国务院令第809号", "Order 809")


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("accounts")


def load(world: World, body: dict[str, Any], *, year: int = 2027) -> Any:
    sent = client(world, "system_admin").post(
        f"/api/v1/calendars/{year}", json=body, headers=once()
    )
    return sent


def load_file(world: World, content: bytes, name: str = "2027.csv") -> Any:
    return client(world, "system_admin").post(
        "/api/v1/calendars/2027/files",
        params=NOTICE,
        files={"file": (name, content)},
        headers=once(),
    )


def workbook(lines: list[dict[str, str]]) -> bytes:
    """With real dates, below a title."""
    kept = BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        sheet, dates = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["日期", "类型", "名称"])
        for row, line in enumerate(lines, 1):
            sheet.write_datetime(row, 0, date.fromisoformat(line["date"]), dates)  # type: ignore[arg-type]
            sheet.write_row(row, 1, ["班" if line["kind"] == "work" else "休", line["name"]])
    return kept.getvalue()


def wait(session: Session) -> None:
    """A case whose limit runs into 2027."""
    limit = Limit(10, Basis.STATUTORY, "21", ORDER)
    clocks.start(session, case_no=CASE, kind="reply", limit=limit, started_on=date(2026, 12, 28))
    obj, who = ObjectRef("ShareRequest", CASE), Subject.system("test")
    append(session, who, Event.REQUEST_SUBMITTED, stream=CASE, obj=obj)


def test_rule_06_what_waited_for_a_year_gets_its_date_and_nothing_is_guessed(world: World) -> None:
    with unit_of_work() as session:
        wait(session)
        (clock,) = clocks.clocks_of(session, CASE)
        assert (clock.status, clock.due_on) == (ClockStatus.CALENDAR_MISSING, None)
    with reading() as session:
        (task,) = todos.open_for(session, world.subjects["system_admin"])
        assert (task.kind, task.href) == ("load_calendar", "/calendars")

    answer = load(world, {**NOTICE, "days": days()})
    assert answer.status_code == 201, answer.text
    assert (answer.json()["version"], answer.json()["moved"]) == (1, 1)
    with reading() as session:
        (clock,) = clocks.clocks_of(session, CASE)
        # 29, 30, 31 December, then 4 to 8, 11 and 12 January.
        assert (clock.status, clock.due_on) == (ClockStatus.RUNNING, date(2027, 1, 12))
        assert todos.open_for(session, world.subjects["system_admin"]) == []
    assert trail(CASE)[-1] == "clock:recounted"
    fact = last_fact("calendar:2027")
    assert (fact["act"], fact["why"]["notice_no"]) == ("desk:calendar:loaded", NOTICE["notice_no"])


def test_a_year_is_loaded_once_and_corrected_by_the_next_version(world: World) -> None:
    assert load(world, {**NOTICE, "days": days()}).status_code == 201
    assert load(world, {**NOTICE, "days": days()}).status_code == 409
    assert load(world, {**NOTICE, "days": days(), "replaces": 2}).status_code == 409
    added = [*days(), {"date": "2027-12-31", "kind": "off", "name": "元旦"}]
    corrected = load(world, {**NOTICE, "days": added, "replaces": 1})
    assert (corrected.status_code, corrected.json()["version"]) == (201, 2)
    shown = client(world, "applicant").get("/api/v1/calendars/2027").json()
    assert [(each["version"], each["days_off"]) for each in shown["versions"]] == [(2, 29), (1, 28)]
    assert [each["act"] for each in (last_fact("calendar:2027"),)] == ["desk:calendar:loaded"]
    assert trail("calendar:2027") == ["calendar:loaded", "calendar:loaded"]


ORDINARY = [{"date": "2027-02-20", "kind": "work", "name": "春节"}]


@pytest.mark.parametrize(
    ("changed", "place", "code"),
    [
        ({"days": ORDINARY}, "#/days", "holidays_missing"),
        ({"days": days(without="端午节")}, "#/days", "holidays_missing"),
        ({"notice_no": "通知"}, "#/notice_no", "no_notice"),
        ({"notice_no": "国办发明电〔2024〕12号"}, "#/notice_no", "no_notice"),
        (
            {"days": [*days(), {"date": "2027-03-01", "kind": "work", "name": "春节"}]},
            "#/days/30/kind",
            "ordinary_day",
        ),
        (
            {"days": [*days(), {"date": "2028-01-01", "kind": "off", "name": "元旦"}]},
            "#/days/30/date",
            "other_year",
        ),
        ({"days": [*days(), days()[0]]}, "#/days/30/date", "repeated"),
    ],
)
def test_what_is_no_notice_is_refused_by_its_place(
    world: World, changed: dict[str, Any], place: str, code: str
) -> None:
    answer = load(world, {**NOTICE, "days": days(), **changed})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == (place, code)
    assert client(world, "applicant").get("/api/v1/calendars/2027").status_code == 404


def test_a_year_that_cannot_have_been_announced_is_refused(world: World) -> None:
    """It is February 2026."""
    answer = load(world, {**NOTICE, "days": days()}, year=2028)
    assert "not_announced" in {error["code"] for error in answer.json()["errors"]}


def test_an_empty_source_is_no_source(world: World) -> None:
    answer = load(world, {**NOTICE, "source": " ", "days": days()})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/source")


@pytest.mark.parametrize("make", [csv_of, workbook])
def test_a_file_says_the_same_as_the_lines(
    world: World, make: Callable[[list[dict[str, str]]], bytes]
) -> None:
    name = "2027.csv" if make is csv_of else "2027.xlsx"
    answer = load_file(world, make(days()), name)
    assert (answer.status_code, answer.json().get("days_off")) == (201, 28), answer.text
    assert answer.json()["days_worked"] == 2


def test_bad_lines_of_a_file_are_named(world: World) -> None:
    broken = csv_of([*days(), {"date": "2027-13-01", "kind": "off", "name": "x"}])
    worked = csv_of([*days(), {"date": "2027-03-01", "kind": "work", "name": "春节"}])
    for content in (broken, worked):
        answer = load_file(world, content)
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert error["pointer"] == "#/file" and "第 32 行" in error["detail"]
    missing = load_file(world, b"day,kind,name\n2027-01-01,off,x\n").json()["errors"]
    assert [error["code"] for error in missing] == ["column_missing"]
