"""Public numbers such as ``REQ-2026-000123``: one gap-free series per prefix and year."""

from sqlalchemy import text
from sqlmodel import Session

from shuqiao.clock import today


def next_number(session: Session, prefix: str) -> str:
    """The next public number of ``prefix`` in this year.

    The row lock makes the series free of gaps.
    """
    year = today().year
    last = session.connection().execute(
        text(
            "INSERT INTO number_series (prefix, year, last) VALUES (:prefix, :year, 1)"
            " ON CONFLICT (prefix, year) DO UPDATE SET last = number_series.last + 1 RETURNING last"
        ),
        {"prefix": prefix, "year": year},
    )
    return f"{prefix}-{year}-{last.scalar_one():06d}"
