"""The lists as programs and pages ask for them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from catalog.lists.repository import lines as repository
from catalog.lists.repository import versions
from catalog.lists.repository.lines import Wanted
from catalog.lists.schemas import Comparison, Scope, Summary, Totals, VersionRead
from catalog.lists.service import comparing
from catalog.lists.service.dating import Dated, check_scope, end_of, moment
from catalog.lists.words import ListKind
from shuqiao.clock import today
from shuqiao.subject import Subject


def wanted(session: Session, kind: ListKind, scope: Scope, asked: Dated) -> Wanted:
    """The list that is asked for. Raises ``Invalid`` naming the parameter."""
    check_scope(session, scope)
    return Wanted(kind, moment(session, kind, scope, asked), scope)


def summary(session: Session, subject: Subject, scope: Scope, at: datetime) -> Summary:
    """How long the lists of items are."""
    rows = [
        Totals(
            department=department.name,
            department_code=department.code,
            responsibility=kept,
            negative=withheld,
            entries=entries,
        )
        for department, kept, withheld, entries in repository.totals(session, subject, at, scope)
    ]
    return Summary(
        as_of=at,
        responsibility=sum(each.responsibility for each in rows),
        negative=sum(each.negative for each in rows),
        entries=sum(each.entries for each in rows),
        departments=rows,
    )


def version_reads(rows: Sequence[versions.Dated]) -> list[VersionRead]:
    """Versions as they are shown."""
    return [
        VersionRead(
            **row.model_dump(exclude={"department_id", "transaction"}),
            department=department.name,
            department_code=department.code,
            cause_label=str(row.cause.label),
        )
        for row, department in rows
    ]


def compared(
    session: Session, subject: Subject, kind: ListKind, scope: Scope, since: Dated, until: Dated
) -> Comparison:
    """A list at two moments; without the first, as it was at the end of the month before.
    Raises ``Invalid`` naming the parameter.
    """
    after = wanted(session, kind, scope, until).at
    if since.on is None and since.version is None:
        before = end_of_month_before()
    else:
        before = moment(session, kind, scope, since)
    return comparing.between(session, subject, kind, scope, before, after)


def end_of_month_before() -> datetime:
    """The last moment of the month before this one."""
    return end_of(today().replace(day=1) - timedelta(days=1))
