"""What ends by the calendar is written as ended only by a time that the database was seen to have
at least six hours ago.

A clock that jumps ahead takes every last day with it, and what is written then is written for good.
So the workers note the database's time every ten minutes, and a sweeper that ends or removes
anything goes by the newest note that is six hours old: two readings of the clock, six hours apart
by the database itself, must agree that the day is over. A jump of some hours, whatever its width,
finds no such note and ends nothing; notes of a future that did not come are never old enough.
Nobody is served longer by it: whoever fetches or signs in is judged by the date itself.
"""

from datetime import date, datetime
from typing import Final

from sqlalchemy import text
from sqlmodel import Session

from shuqiao import clock

#: Hours between the two readings.
MARGIN_HOURS: Final = 6

_NOTE: Final = text("""
    INSERT INTO clock_reading (read_at) SELECT clock_timestamp() WHERE NOT EXISTS (
        SELECT FROM clock_reading
        WHERE read_at BETWEEN clock_timestamp() - interval '10 minutes' AND clock_timestamp())
    ON CONFLICT DO NOTHING
""")
#: Of the old ones the newest is enough.
_FORGET: Final = text("""
    DELETE FROM clock_reading WHERE read_at < (
        SELECT max(read_at) FROM clock_reading
        WHERE read_at <= clock_timestamp() - make_interval(hours => :hours))
""")
_SURE: Final = text("""
    SELECT max(read_at) FROM clock_reading
    WHERE read_at <= clock_timestamp() - make_interval(hours => :hours)
""")


def note(session: Session) -> None:
    """Note what the database's clock shows, once in ten minutes however many ask."""
    if session.connection().execute(_NOTE).rowcount:
        session.connection().execute(_FORGET, {"hours": MARGIN_HOURS})


def sure_time(session: Session) -> datetime | None:
    """The database's time that is certainly over, aware; None: nothing is, so nothing ends yet."""
    found: datetime | None = (
        session.connection().execute(_SURE, {"hours": MARGIN_HOURS}).scalar_one()
    )
    return found


def sure_moment(session: Session) -> datetime | None:
    """The same on the clock of the business."""
    found = sure_time(session)
    return None if found is None else clock.business_time(found)


def sure_day(session: Session) -> date | None:
    """The Beijing day that has certainly come: what ended before it has ended."""
    found = sure_moment(session)
    return None if found is None else clock.day_of(found)
