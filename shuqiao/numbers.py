"""Public numbers such as ``REQ-2026-000123``: one series per prefix and year; those of a register
have no gap.
"""

from typing import Final

from sqlalchemy import text
from sqlmodel import Session

from shuqiao.clock import today
from shuqiao.db import unit_of_work

#: Who waits for the number after a colleague's waits in a queue that moves, so for as long as a
#: statement may take; for all other locks the time is as before again.
_NEXT: Final = text(
    "WITH patient AS MATERIALIZED ("
    " SELECT current_setting('lock_timeout') AS was, set_config('lock_timeout', '0', true) AS told)"
    " INSERT INTO number_series (prefix, year, last)"
    " SELECT :prefix, :year, 1 FROM patient WHERE told = '0'"
    " ON CONFLICT (prefix, year) DO UPDATE SET last = number_series.last + 1"
    " RETURNING last,"
    " (SELECT set_config('lock_timeout', was, true) FROM patient WHERE number_series.last > 0)"
)


def next_number(session: Session, prefix: str) -> str:
    """The next public number of ``prefix`` in this year.

    The row lock makes the series free of gaps.
    """
    year = today().year
    drawn = session.connection().execute(_NEXT, {"prefix": prefix, "year": year}).one()
    return f"{prefix}-{year}-{drawn.last:06d}"


def number_apart(prefix: str) -> str:
    """The next public number of a series that may have gaps, whose cases come fast: the row is let
    go of at once, so that nobody waits for another's commit.

    Nothing is written to disk for it: a case that is, after it, brings it along, and a number that
    was lost with the server is nobody's.
    """
    with unit_of_work() as session:
        session.connection().execute(text("SET LOCAL synchronous_commit = off"))
        return next_number(session, prefix)
