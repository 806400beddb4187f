"""Editions as they are read, and what their check found."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from audit.schemas import EventReceipt
from catalog.editions.models import DataRefresh, Edition
from catalog.editions.words import EditionStatus
from shuqiao.texts import Strict, example


class CoverageFinding(BaseModel):
    """Rows outside of one part of the declared coverage; ``empty``: those that say nothing."""

    part: str
    outside: int
    empty: int


class EditionReport(BaseModel):
    """What the check of an edition found: counts, never values.

    Against the edition ``compared_with``: rows added and removed, and rows ``changed`` whose key
    (the items ``key``) stayed; without a key a changed row is one removed and one added.
    ``outside``: rows that the declared coverage does not hold.
    """

    compared_with: int | None = None
    rows_before: int | None = None
    rows_after: int | None = None
    added: int | None = None
    removed: int | None = None
    changed: int | None = None
    key: list[str] = []
    is_other_shape: bool = False
    outside: int = 0
    findings: list[CoverageFinding] = []

    @property
    def is_clean(self) -> bool:
        return not self.is_other_shape and not self.outside


class LiveProfile(BaseModel):
    """What a connected table that is read live held when it became current, as counted there.

    ``rows``: those that were looked at; ``is_capped``: there are more; ``failed``: why it could not
    be counted. Rows outside of the declared coverage are never delivered.
    """

    profiled_at: datetime
    rows: int | None = None
    is_capped: bool = False
    outside: int | None = None
    findings: list[CoverageFinding] = []
    failed: str | None = None


class EditionRead(BaseModel):
    """One edition of an entry's data. ``cleared_at``: when its rows were removed by the rules of
    retention (留存规定); number, counts and digests stay.

    ``damaged_at``: since when its stored rows are known to be damaged; nothing of it is delivered.

    ``report`` is for the registrars of the provider, as are editions that never were current.
    """

    number: int
    status: EditionStatus
    is_live: bool
    rows: int | None
    arrived_at: datetime
    current_from: datetime | None
    ended_at: datetime | None
    cleared_at: datetime | None
    damaged_at: datetime | None
    version: int
    report: EditionReport | None
    profile: LiveProfile | None

    @classmethod
    def of(cls, row: Edition, *, with_report: bool) -> Self:
        report = EditionReport.model_validate(row.report) if row.report and with_report else None
        profile = LiveProfile.model_validate(row.profile) if row.profile else None
        named = set(cls.model_fields) - {"report", "is_live", "profile"}
        return cls(
            report=report,
            profile=profile,
            is_live=row.live_id is not None,
            **row.model_dump(include=named),
        )


class EditionChanged(EditionRead, EventReceipt):
    """An edition after a step."""


class RefreshUpdate(Strict):
    """Whether the connected table is copied anew by the update cycle of the entry."""

    model_config = example(is_on=True)

    is_on: bool


class RefreshRead(BaseModel):
    """``due_at``: the next copy; ``failed_at``: of the last one, if it failed."""

    is_on: bool
    due_at: datetime | None
    failed_at: datetime | None
    version: int

    @classmethod
    def of(cls, row: DataRefresh) -> Self:
        return cls(**row.model_dump(include=set(cls.model_fields)))


class RefreshChanged(RefreshRead, EventReceipt):
    """The renewal after it was switched."""
