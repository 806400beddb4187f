"""Whether this process may go by the time: its operating system's clock held against the
database's.

A deadline, the last day of a grant and the order of two events are as true as the clock. Two clocks
that agree are believed; of two that do not, nobody here can say which is wrong, so the process
serves nothing and takes no job until they agree again. The database is read every
``SHUQIAO_CLOCK_CHECK_SECONDS``; a jump of the operating system's clock is seen at once, since time
is counted on by another one.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from shuqiao import real_time
from shuqiao.db import connection_apart, reading
from shuqiao.errors import Unavailable
from shuqiao.i18n import _
from shuqiao.settings import settings

log = structlog.get_logger("clock")

_SECOND: Final = 1_000_000_000
#: Microseconds: the database keeps no more.
_READ: Final = text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
_READ_MS: Final = 1_000
#: So far a reading may lie beside the count before that is put right: time does not go back and
#: forth with every reading.
_BESIDE_NS: Final = 20_000_000


class ClocksApart(Unavailable):
    """The reason names both times; nothing was done."""

    code = "clocks_apart"
    title = _("The clocks of this service and of its database do not agree, so nothing is done")
    advice = _("It serves again by itself as soon as they agree. Tell whoever runs it.")


@dataclass(frozen=True, slots=True)
class Apart:
    """What the two clocks say at the same moment; aware, UTC."""

    system: datetime
    database: datetime

    @property
    def seconds(self) -> float:
        return abs((self.database - self.system).total_seconds())

    def told(self) -> dict[str, str]:
        """Both times, to the second, as programs read them."""
        return {
            "system": self.system.isoformat(timespec="seconds"),
            "database": self.database.isoformat(timespec="seconds"),
        }


@dataclass(slots=True)
class _Known:
    """What this process has seen so far; ``gap_ns``: database minus operating system."""

    gap_ns: int | None = None
    is_watched: bool = False
    was_apart: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


_known = _Known()


def look(session: Session) -> None:
    """Read the database's clock once. An answer that took longer than the limit says nothing."""
    limit = int(settings().clock_limit_seconds * _SECOND)
    connection = session.connection()
    asked, system = time.monotonic_ns(), real_time.system_ns()
    database = int(connection.execute(_READ).scalar_one()) * 1_000
    half = (time.monotonic_ns() - asked) // 2
    if half > limit:
        return
    with _known.lock:
        _known.gap_ns = database - (system + half)
        if not real_time.is_followed():
            real_time.follow(database, asked + half)
            return
        # One that has jumped is not followed: the time counted so far stays the better guess.
        is_beside = abs(real_time.now_ns() - half - database) > half + _BESIDE_NS
        if is_beside and abs(_known.gap_ns) <= limit:
            real_time.follow(database, asked + half)


def gap_seconds() -> float | None:
    """How far the database was ahead of the operating system when it was read last; None: never."""
    return None if _known.gap_ns is None else _known.gap_ns / _SECOND


def apart() -> Apart | None:
    """The two times when they are further apart than ``SHUQIAO_CLOCK_LIMIT_SECONDS``.

    None: they agree, or a process that is not watched has never compared them.
    """
    if _known.gap_ns is None:
        return None
    limit, system = settings().clock_limit_seconds * _SECOND, real_time.system_ns()
    counted = real_time.now_ns() - system
    for gap in (_known.gap_ns, counted):
        if abs(gap) > limit:
            return Apart(_moment(system), _moment(system + gap))
    return None


def refusal() -> ClocksApart | None:
    """Why nothing may be done now; None: the clocks agree."""
    found = apart()
    if found is not None:
        return ClocksApart(
            _(
                "The operating system says %(system)s, the database %(database)s; more than "
                "%(limit)s seconds apart. Set both clocks (NTP)",
                limit=f"{settings().clock_limit_seconds:g}",
                **found.told(),
            )
        )
    if _known.is_watched and _known.gap_ns is None:
        return ClocksApart(_("The clock of the database could not be read yet"))
    return None


def watch(also: Callable[[Engine], None] | None = None) -> Callable[[], None]:
    """Compare now and from now on, in a thread with a connection of its own; nothing is done before
    the first reading. Gives what ends it. ``also`` is done beside it, by the same connection.
    """
    own = connection_apart("shuqiao-clock", statement_ms=_READ_MS, lock_ms=_READ_MS)
    stop = threading.Event()
    _known.is_watched = True

    def look_around() -> None:
        _look(own)
        if also is not None:
            also(own)

    def go_on() -> None:
        while not stop.wait(settings().clock_check_seconds):
            look_around()
        own.dispose()

    look_around()
    thread = threading.Thread(target=go_on, name="clock", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join(_READ_MS / 1_000)

    return end


def _look(own: Engine) -> None:
    try:
        with reading(own) as session:
            look(session)
    except SQLAlchemyError:
        return  # whoever asks for something is told that the database is away
    except Exception as fault:  # a thread that dies of it would believe the last reading for ever
        log.exception("clock_unread", error=type(fault).__name__, exc_info=fault)
    _tell()


def _tell() -> None:
    """Once when they part and once when they agree again."""
    found = apart()
    if (found is not None) == _known.was_apart:
        return
    _known.was_apart = found is not None
    if found is None:
        log.info("clocks_agree")
    else:
        log.error("clocks_apart", seconds=round(found.seconds, 1), **found.told())


def _moment(ns: int) -> datetime:
    return datetime.fromtimestamp(ns / _SECOND, UTC)
