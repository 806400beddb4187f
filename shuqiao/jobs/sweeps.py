"""Sweeps: work that recurs by itself. One worker runs them on a timer (``sweeping``), and no job is
written for them: of each there is one row that says when it ran last and is due again.

A sweep may be run again at any time, as a job may; what a killed worker had begun is due again
after ``AGAIN_SECONDS``. One that fails is tried again with growing pauses, and its row says why and
since when; one that succeeds is quiet.
"""

import re
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, ParamSpec, TypeVar

import structlog
from sqlalchemy import Connection, TextClause, text
from sqlmodel import Session, col, select

from shuqiao import tracing
from shuqiao.context import working_on
from shuqiao.db import unit_of_work
from shuqiao.jobs.failures import LONGEST_PAUSE_SECONDS, describe
from shuqiao.jobs.models import SweepRun

log = structlog.get_logger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

#: So long after its begin a sweep whose worker died is due again.
AGAIN_SECONDS: Final = 60


class Rest(Enum):
    """What a sweep gives back that has not done all: it is due again at the next beat."""

    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Sweep:
    """``run`` once every ``seconds``, whatever the number of workers."""

    name: str
    seconds: int
    run: Callable[[], object]

    @property
    def is_frequent(self) -> bool:
        """Runs so often that its runs are not noted one by one."""
        return self.seconds < AGAIN_SECONDS


@dataclass(frozen=True, slots=True)
class Failing:
    """A sweep whose last run failed: class of the error, a one-line reason without secrets."""

    name: str
    error: str
    reason: str
    tries: int
    since: datetime
    next_at: datetime


#: By name; filled by importing the modules that name them.
SWEEPS: Final[dict[str, Sweep]] = {}
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_KNOWN: Final = text(
    "WITH gone AS (DELETE FROM sweep WHERE task <> ALL(:tasks))"
    " INSERT INTO sweep (task, tries, next_at) SELECT unnest(CAST(:tasks AS text[])), 0, now()"
    " ON CONFLICT DO NOTHING"
)
_DUE: Final = text("SELECT task FROM sweep WHERE next_at <= clock_timestamp() ORDER BY next_at")
_LATER: Final = "next_at = clock_timestamp() + make_interval(secs => {seconds}) WHERE task = :task"
_BEGUN: Final = text(
    f"UPDATE sweep SET began_at = clock_timestamp(), {_LATER.format(seconds=':seconds')}"
)
_ENDED: Final = text(
    "UPDATE sweep SET ended_at = clock_timestamp(), error = NULL, reason = NULL, tries = 0,"
    f" failing_since = NULL, {_LATER.format(seconds=':seconds')}"
)
_FAILED: Final = text(
    "UPDATE sweep SET error = :error, reason = :reason, tries = tries + 1,"
    " failing_since = coalesce(failing_since, clock_timestamp()),"
    f" {_LATER.format(seconds='least(:longest, power(2, least(tries, 16)))')}"
)


def every(seconds: int, name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let one worker run the function, which is called without arguments, once in ``seconds``."""
    if not _NAME.fullmatch(name) or seconds < 1:
        raise ValueError(f"a sweep needs a dotted name and a period, not {name!r} and {seconds}")

    def named(run: Callable[P, R]) -> Callable[P, R]:
        SWEEPS[name] = Sweep(name, seconds, run)
        return run

    return named


def know_all(connection: Connection) -> None:
    """A row for each sweep of this program, due at once where it is new; none for any other."""
    connection.execute(_KNOWN, {"tasks": sorted(SWEEPS)})


def due(connection: Connection) -> Sequence[Sweep]:
    """Those that are due, the longest waiting first."""
    return [SWEEPS[task] for task in connection.execute(_DUE).scalars() if task in SWEEPS]


def run(each: Sweep, *, is_noted: bool = True) -> bool:
    """Run it once; gives whether it succeeded. A success that is not ``is_noted`` leaves the row as
    it is.
    """
    if not each.is_frequent:
        _note(_BEGUN, each, seconds=min(each.seconds, AGAIN_SECONDS))
    try:
        with working_on(request_id=f"sweep-{each.name}"), tracing.span(each.name):
            done = each.run()
    except Exception as failure:
        error, reason = describe(failure)
        frames = "".join(traceback.format_tb(failure.__traceback__)[-6:])
        log.warning("sweep_failed", task=each.name, error=error, reason=reason, frames=frames)
        longest = min(max(each.seconds, AGAIN_SECONDS), LONGEST_PAUSE_SECONDS)
        _note(_FAILED, each, error=error, reason=reason, longest=longest)
        return False
    if is_noted or done is Rest.LEFT:
        _note(_ENDED, each, seconds=0 if done is Rest.LEFT else each.seconds)
    return True


def failing(session: Session) -> Sequence[Failing]:
    """Those whose last run failed, the longest failing first."""
    rows = select(SweepRun).where(col(SweepRun.failing_since).is_not(None))
    return [
        Failing(
            row.task, row.error or "", row.reason or "", row.tries, row.failing_since, row.next_at
        )
        for row in session.exec(rows.order_by(col(SweepRun.failing_since), col(SweepRun.task)))
        if row.failing_since is not None
    ]


def last_ended(session: Session, name: str) -> datetime | None:
    """When it succeeded last; None: not yet."""
    found = session.get(SweepRun, name)
    return found.ended_at if found else None


def _note(statement: TextClause, each: Sweep, **given: object) -> None:
    with unit_of_work() as session:
        session.connection().execute(statement, {"task": each.name, **given})
