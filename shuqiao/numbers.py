"""Public numbers such as ``REQ-2026-000123``: one series without gaps per prefix and year."""

from sqlalchemy import text
from sqlmodel import Session

from shuqiao.clock import today


def next_number(session: Session, prefix: str) -> str:
    """The lowest number of ``prefix`` in this year that nobody has and nobody is just taking.

    Nobody waits for another's commit: an advisory lock goes with the number, and so with the
    transaction that takes it (``take_number``, migration 0064). One that is rolled back gives its
    number to the next who asks.
    """
    year = today().year
    taken = session.connection().execute(
        text("SELECT take_number(:prefix, :year)"), {"prefix": prefix, "year": year}
    )
    return f"{prefix}-{year}-{taken.scalar_one():06d}"
