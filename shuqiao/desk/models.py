"""Tables of the desk: working days, clocks, to-do, messages, outbox. People and cases are known by
id only.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7
from shuqiao.limits import Basis, Instrument, Limit


class CalendarYear(Table, table=True):
    """A year whose State Council notice (国务院办公厅节假日安排通知) is
    loaded, and in which version; other years cannot be counted.
    """

    __tablename__ = "calendar_year"

    year: int = Field(primary_key=True, sa_type=SmallInteger)
    version: int = Field(sa_type=SmallInteger)


class CalendarVersion(Table, table=True):
    """What was loaded for a year, as it was: a correction is the next version, and none is ever
    changed.
    """

    __tablename__ = "calendar_version"

    year: int = Field(primary_key=True, sa_type=SmallInteger)
    version: int = Field(primary_key=True, sa_type=SmallInteger)
    #: Number of the notice (文号); empty for those that came with the program.
    notice_no: str = Field(max_length=60)
    #: Where the notice was read.
    source: str = Field(max_length=200)
    #: ``[{day, is_workday, name}]``
    days: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    loaded_at: datetime = Field(sa_type=Timestamp)


class WorkCalendar(Table, table=True):
    """A day that differs from Monday–Friday: a holiday, or a weekend worked instead (调休).

    ``notice_year`` is the year of the notice that says so: the notice of 2019 also moved three days
    of December 2018.
    """

    __tablename__ = "work_calendar"

    day: date = Field(primary_key=True)
    is_workday: bool
    note: str = Field(max_length=60)
    source: str = Field(max_length=200)
    notice_year: int = Field(sa_type=SmallInteger, foreign_key="calendar_year.year", index=True)


class ClockStatus(StrEnum):
    """``calendar_missing``: the case moves on, but its due date waits
    for the calendar (日历未加载).
    """

    RUNNING = "running"
    STOPPED = "stopped"
    CLOSED = "closed"
    CALENDAR_MISSING = "calendar_missing"


class CaseClock(Table, table=True):
    """One statutory time limit of one case, in working days.

    Dates are Beijing days; the limit ends at 24:00.
    """

    __tablename__ = "case_clock"
    __unaudited__: ClassVar[bool] = True  # moved by the steps of its case, and those have events
    __table_args__ = (
        Index(
            "case_clock_open_key",
            "case_no",
            "kind",
            unique=True,
            postgresql_where=text("closed_on IS NULL"),
        ),
        Index("case_clock_due_idx", "due_on", postgresql_where=text("closed_on IS NULL")),
        CheckConstraint("limit_days > 0 AND extended_days >= 0 AND spent_days >= 0", name="days"),
        CheckConstraint("(status = 'closed') = (closed_on IS NOT NULL)", name="closed"),
        CheckConstraint(
            "(status = 'running') = (due_on IS NOT NULL) OR status = 'closed'", name="due"
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    case_no: str = Field(max_length=40, index=True)
    #: ``reply``, ``delivery``, ``correction`` … as in ``policies/deadlines.toml``.
    kind: str = Field(max_length=40)
    #: The article of ``instrument``: ``{zh, en, number, number_en}``.
    article: str = Field(max_length=120)
    basis: Basis = Field(sa_type=choice(Basis, "basis"))
    instrument: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
    limit_days: int
    extended_days: int = 0
    started_on: date
    #: Working days used before the last stop, and the day from which the rest is counted.
    spent_days: int = 0
    counting_from: date
    stopped_on: date | None = None
    resumed_on: date | None = None
    closed_on: date | None = None
    due_on: date | None = None
    #: The due date as if the clock had never been stopped; the overdue list warns on it.
    uninterrupted_due_on: date | None = None
    status: ClockStatus = Field(sa_type=choice(ClockStatus, "status"))
    #: The days counted up to ``due_on``: ``[{day, counted, number, why}]``.
    derivation: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(JSONB, nullable=False)
    )
    #: Every change of the dates, oldest first: ``[{at, why, due_on, uninterrupted_due_on}]``.
    history: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(JSONB, nullable=False)
    )
    version: int = 1
    #: How many steps of the way of what is overdue have been told of it.
    escalated: int = Field(default=0, sa_type=SmallInteger)

    @property
    def limit(self) -> Limit:
        """What the clock was started with, whatever the tables say by now."""
        return Limit(self.limit_days, self.basis, self.article, Instrument(**self.instrument))


class Todo(Table, table=True):
    """Something somebody must do (待办): addressed to a role of a department, or to one person."""

    __tablename__ = "todo"
    __unaudited__: ClassVar[bool] = True
    __table_args__ = (
        Index(
            "todo_open_key",
            "case_no",
            "kind",
            "role",
            "department_id",
            "user_id",
            unique=True,
            postgresql_where=text("done_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("todo_role_idx", "role", "department_id", postgresql_where=text("done_at IS NULL")),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    case_no: str = Field(max_length=40)
    kind: str = Field(max_length=60)
    role: str = Field(max_length=40)
    department_id: UUID | None = None
    user_id: UUID | None = Field(default=None, index=True)
    what: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    href: str = Field(max_length=500)
    #: Kind of the clock of the case by which it is due; empty: by none. The date is the clock's.
    clock: str = Field(default="", max_length=40)
    created_at: datetime = Field(sa_type=Timestamp)
    done_at: datetime | None = Field(default=None, sa_type=Timestamp)
    done_by: UUID | None = None


class InboxMessage(Table, table=True):
    """Something somebody should know (消息)."""

    __tablename__ = "message"
    __unaudited__: ClassVar[bool] = True
    __table_args__ = (Index("message_inbox_idx", "user_id", "id"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    user_id: UUID
    what: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    href: str = Field(max_length=500)
    created_at: datetime = Field(sa_type=Timestamp)
    read_at: datetime | None = Field(default=None, sa_type=Timestamp)


class Outbox(Table, table=True):
    """Something to be handed to channels outside, written in the transaction of its cause."""

    __tablename__ = "outbox"
    __unaudited__: ClassVar[bool] = True
    __table_args__ = (
        Index("outbox_unsent_idx", "created_at", postgresql_where=text("sent_at IS NULL")),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    topic: str = Field(max_length=80)
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    created_at: datetime = Field(sa_type=Timestamp)
    #: Which channel took it; ``in_house`` means our own message list and nothing outside.
    channel: str | None = Field(default=None, max_length=40)
    sent_at: datetime | None = Field(default=None, sa_type=Timestamp)
    attempts: int = 0


class FormDraft(Table, table=True):
    """What a person has typed into a form so far, right or wrong; overwritten at each save, emptied
    when it is sent.
    """

    __tablename__ = "form_draft"
    __unaudited__: ClassVar[bool] = True
    __table_args__ = (UniqueConstraint("user_id", "form", "case_no"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    user_id: UUID
    #: Which form, for example ``resource/items``; and of which case: a
    #: resource code, a request number.
    form: str = Field(max_length=60)
    case_no: str = Field(max_length=40)
    #: Field name → texts as typed.
    fields: dict[str, list[str]] = Field(sa_column=Column(JSONB, nullable=False))
    saved_at: datetime = Field(sa_type=Timestamp)
    #: Key of the form that was sent; then there is no draft, and what comes late is not kept.
    sent_key: str | None = Field(default=None, max_length=255)
