"""Three years are three years of the calendar."""

from datetime import date

import pytest

from exchange.requests.checks import longest_until


@pytest.mark.parametrize(
    ("asked", "last"),
    [
        ("2026-02-11", "2029-02-11"),
        ("2025-03-01", "2028-03-01"),  # a 29 February between
        ("2025-02-28", "2028-02-28"),  # the year it ends in has a 29 February
        ("2028-02-29", "2031-02-28"),  # the year it ends in has none
        ("2026-12-31", "2029-12-31"),
    ],
)
def test_a_term_ends_on_the_same_day_three_years_on(asked: str, last: str) -> None:
    assert longest_until(date.fromisoformat(asked)) == date.fromisoformat(last)
