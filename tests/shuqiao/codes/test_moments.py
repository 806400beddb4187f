"""GB/T 7408.1: dates and times, of one value and of a column."""

import pyarrow as pa

from shuqiao.codes import moments
from shuqiao.codes.columns import moments as columns

DATES = {
    "2025-08-01": None,
    "2024-02-29": None,
    "2025-02-29": moments.DAY,
    "1900-02-29": moments.DAY,
    "0000-01-01": moments.DAY,
    "20250801": moments.FORM,
    "2025-8-1": moments.FORM,
    "2025/08/01": moments.FORM,
    "２025-08-01": moments.FORM,
    "": moments.FORM,
}
TIMES = {
    "09:30": None,
    "09:30:00": None,
    "09:30:00.123456789": None,
    "09:30:00,5+08:00": None,
    "23:59:59Z": None,
    "24:00:00": moments.CLOCK,
    "23:59:60": moments.CLOCK,
    "09:30:00.": moments.FORM,
    "09:30:00.1234567890": moments.FORM,
    "09:30:00-00:00": moments.ZONE,
    "09:30:00+24:00": moments.ZONE,
    "09:30:00+0800": moments.FORM,
    "9:30": moments.FORM,
}


def column_of(told: dict[str, moments.Fault | None]) -> list[int | None]:
    return [0 if fault is None else moments.FAULTS.index(fault) + 1 for fault in told.values()]


def test_dates() -> None:
    assert {text: moments.date_fault_of(text) for text in DATES} == DATES
    found = columns.date_faults_of(pa.array([*DATES, None]))
    assert found.to_pylist() == [*column_of(DATES), None]


def test_times() -> None:
    assert {text: moments.time_fault_of(text) for text in TIMES} == TIMES
    assert columns.time_faults_of(pa.array(list(TIMES))).to_pylist() == column_of(TIMES)


def test_dates_with_times() -> None:
    told = {f"2025-08-01T{time}": fault for time, fault in TIMES.items()}
    told |= {f"{day}T24:00:00": moments.DAY for day in ("2025-02-29", "2025-13-01")}
    told |= {"2025-08-01 09:30:00": moments.FORM, "2025-08-01t09:30:00": moments.FORM}
    assert {text: moments.datetime_fault_of(text) for text in told} == told
    assert columns.datetime_faults_of(pa.array(list(told))).to_pylist() == column_of(told)
