"""Days as people write them."""

from datetime import date

import pytest
from pydantic import BaseModel

from shuqiao.web.forms import Form, FormInvalid
from shuqiao.web.typed_days import iso_day


class Line(BaseModel):
    on: date | None = None
    text: str = ""


class Whole(BaseModel):
    until: date
    lines: list[Line] = []
    days: list[date] = []


@pytest.mark.parametrize(
    "typed",
    [
        *("2026-01-20", "2026-1-20", "2026/1/20", "2026.1.20", "20260120", "2026年1月20日"),
        *(
            "2026年01月20号",
            "2026 年 1 月 20 日",
            "２０２６－１－２０",
            " 2026-01-20 ",
            "2026–1–20",
        ),
    ],
)
def test_a_day_is_taken_as_people_write_it(typed: str) -> None:
    assert Form.of({"until": typed}).parse(Whole).until == date(2026, 1, 20)


@pytest.mark.parametrize("typed", ["明年年底", "2026-01", "26-1-20", "2026-01-20-1", "202601201"])
def test_anything_else_stays_as_it_was_typed_and_is_refused(typed: str) -> None:
    assert iso_day(typed) == typed
    with pytest.raises(FormInvalid) as refused:
        Form.of({"until": typed}).parse(Whole)
    assert refused.value.form.text("until") == typed
    assert "日期" in str(refused.value.form.error("until"))


@pytest.mark.parametrize("typed", ["2026年2月30日", "2026/13/1", "20260230", "2026-0-1"])
def test_a_day_that_no_calendar_has_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(FormInvalid) as refused:
        Form.of({"until": typed}).parse(Whole)
    assert "没有这一天" in str(refused.value.form.error("until"))


def test_it_is_shown_again_as_the_house_writes_it() -> None:
    typed = {"until": "2026年1月20日", "lines.0.on": "2026/2/3", "lines.0.text": "2026/2/3"}
    with pytest.raises(FormInvalid) as refused:
        Form.of({**typed, "days": ["2026.3.4", "x"]}).parse(Whole)
    again = refused.value.form
    assert again.text("until") == "2026-01-20"
    assert again.text("lines.0.on") == "2026-02-03"
    assert again.text("lines.0.text") == "2026/2/3", "a text is no day"
    assert again.all("days") == ("2026-03-04", "x")
