"""How far the check of an edition, or of the data of a draft, has come and what it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from catalog.conformity import repository
from catalog.conformity.models import ConformityReport, ConformityRun
from catalog.conformity.schemas import ColumnRead, ConformityRead
from catalog.conformity.service import standards
from catalog.conformity.service.checking import held_by
from catalog.conformity.words import CheckState
from catalog.editions import repository as editions
from catalog.editions.models import Edition
from catalog.editions.service.editions import coming
from catalog.resources.lifecycle import PUBLISHED
from catalog.resources.models import DataResource
from shuqiao.clock import now, today
from shuqiao.i18n import Message, _, ngettext

#: A check that said nothing for so long stands still: its worker is gone, another takes it up.
_STILL: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Standing:
    """``report_id``: of the report, once there is one; ``edition``: its number, None of a draft."""

    read: ConformityRead
    report_id: UUID | None = None
    edition: int | None = None

    @property
    def is_under_way(self) -> bool:
        return self.read.state in (CheckState.WAITING, CheckState.RUNNING)

    @property
    def words(self) -> Message:
        """The whole of it in one line."""
        if self.read.state is not CheckState.DONE:
            return self.read.state.label
        bad = [each for each in self.read.columns if each.failed]
        if not bad and self.read.is_whole is False:
            count = f"{self.read.rows:,}"
            return _("The first %(count)s rows keep to their standards", count=count)
        if not bad:
            return _("Keeps to its standards")
        return ngettext(
            "%(count)s of %(total)s columns has values that break its standard",
            "%(count)s of %(total)s columns have values that break their standards",
            len(bad),
            total=len(self.read.columns),
        )

    @property
    def tone(self) -> str:
        if self.read.state is CheckState.DONE:
            return "warning" if self.read.failed else "success"
        return "info" if self.is_under_way else "neutral"

    @property
    def findings(self) -> list[Message]:
        """Every rule that is broken, in words."""
        return [finding for each in self.read.columns for finding in of_column(each)]


def of_column(column: ColumnRead) -> list[Message]:
    """The rules of a column that are broken: how many of how many values, and which rule."""
    return [
        _(
            "“%(item)s”: %(failed)s of %(checked)s values – %(rule)s",
            item=column.item,
            failed=f"{each.failed:,}",
            checked=f"{each.checked:,}",
            rule=each.detail,
        )
        for each in column.rules
        if each.failed
    ]


def of_edition(session: Session, edition: Edition) -> Standing:
    return of_editions(session, edition.resource_id, [edition])[edition.id]


def of_editions(
    session: Session, resource_id: UUID, rows: Sequence[Edition]
) -> Mapping[UUID, Standing]:
    """Editions of one entry, by id."""
    reports = repository.of_editions(session, [each.id for each in rows])
    named = repository.named(session, [each.id for each in reports.values()])
    runs = repository.runs(session, [row.id for row in rows if row.id not in reports])
    is_bound = bool(held_by(session, resource_id, today()))
    found = {}
    for row in rows:
        report = reports.get(row.id)
        if report is not None:
            found[row.id] = _done(report, named[report.id], row.number)
        elif row.cleared_at is not None:
            found[row.id] = Standing(ConformityRead(state=CheckState.CLEARED), edition=row.number)
        else:
            read = _under_way(runs.get(row.id), row.rows, is_bound=is_bound)
            found[row.id] = Standing(read, edition=row.number)
    return found


def of_row(session: Session, row: DataResource) -> Standing | None:
    """What is worked on, with the data that it would be published with, or the current edition of
    what is published; None without data.
    """
    if row.state == PUBLISHED:
        current = editions.current(session, row.id)
        return of_edition(session, current) if current else None
    data = coming(session, [row]).get(row.id)
    if data is None:
        return None
    columns = held_by(session, row.id, today())
    report = repository.of_draft(session, row.id, data.id, standards.digest(columns))
    if report is not None:
        return _done(report, repository.named(session, [report.id])[report.id], None)
    run = repository.runs(session, [row.id]).get(row.id)
    return Standing(_under_way(run, data.rows, is_bound=bool(columns)))


def _done(report: ConformityReport, named: int, edition: int | None) -> Standing:
    return Standing(ConformityRead.of(report, named), report.id, edition)


def _under_way(run: ConformityRun | None, rows: int | None, *, is_bound: bool) -> ConformityRead:
    if not is_bound:
        return ConformityRead(state=CheckState.UNBOUND)
    if run is None or run.touched_at + _STILL < now():
        return ConformityRead(state=CheckState.WAITING, rows_known=rows)
    return ConformityRead(
        state=CheckState.RUNNING, rows_known=run.rows_known, rows_done=run.rows_done
    )
