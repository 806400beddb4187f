"""Every SQL statement about conformity reports."""

from collections.abc import Collection, Sequence
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import exists, func, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import Session, col, delete, select, update

from catalog.conformity.models import ConformityReport, ConformityRun
from catalog.editions.models import Edition
from catalog.editions.words import EditionStatus
from catalog.resources.models import ResourceItem
from shuqiao.clock import now

_Report = ConformityReport
_FAILURES: Final = cast("QueryableAttribute[Any]", _Report.failures)


def of_editions(session: Session, ids: Collection[UUID]) -> dict[UUID, ConformityReport]:
    """The reports of editions, without the failures they name."""
    query = select(_Report).where(col(_Report.edition_id).in_(ids)).options(defer(_FAILURES))
    return {row.edition_id: row for row in session.exec(query) if row.edition_id}


def forget_cells(session: Session, resource_id: UUID) -> None:
    """Of editions of the entry whose rows were removed: the values that their reports name go too,
    under the event of the removal. Counts stay.
    """
    cleared = select(Edition.id).where(
        Edition.resource_id == resource_id, col(Edition.cleared_at).is_not(None)
    )
    named = update(_Report).where(
        col(_Report.resource_id) == resource_id,
        col(_Report.edition_id).in_(cleared),
        func.jsonb_array_length(_Report.failures) > 0,
    )
    session.exec(named.values(failures=[]))


def of_draft(
    session: Session, resource_id: UUID, attachment_id: UUID, standards: str
) -> ConformityReport | None:
    query = select(_Report).where(
        _Report.resource_id == resource_id,
        _Report.attachment_id == attachment_id,
        _Report.standards == standards,
        col(_Report.edition_id).is_(None),
    )
    return session.exec(query.options(defer(_FAILURES))).first()


def before(session: Session, edition: Edition) -> ConformityReport | None:
    """The report of the latest earlier edition that has one."""
    query = (
        select(_Report)
        .join(Edition, col(Edition.id) == col(_Report.edition_id))
        .where(Edition.resource_id == edition.resource_id, Edition.number < edition.number)
    )
    return session.exec(
        query.order_by(col(Edition.number).desc()).options(defer(_FAILURES)).limit(1)
    ).first()


def failures(session: Session, report_id: UUID) -> list[list[Any]]:
    query = select(_Report.failures).where(_Report.id == report_id)
    return list(session.exec(query).one())


def named(session: Session, ids: Collection[UUID]) -> dict[UUID, int]:
    """How many failures each report names."""
    counted = func.jsonb_array_length(col(_Report.failures))
    query = select(_Report.id, counted).where(col(_Report.id).in_(ids))
    return {report: int(count) for report, count in session.exec(query)} if ids else {}


def begin(session: Session, about: UUID, resource_id: UUID, rows: int) -> None:
    """A check begins, or begins again."""
    row = {"about": about, "resource_id": resource_id, "rows_known": rows, "rows_done": 0}
    begun = insert(ConformityRun).values(**row, touched_at=now())
    session.execute(
        begun.on_conflict_do_update(
            index_elements=["about"],
            set_={"rows_known": rows, "rows_done": 0, "touched_at": now()},
        )
    )


def note(session: Session, about: UUID, rows: int) -> None:
    done = update(ConformityRun).where(col(ConformityRun.about) == about)
    session.exec(done.values(rows_done=rows, touched_at=now()))


def end(session: Session, about: UUID) -> None:
    session.exec(delete(ConformityRun).where(col(ConformityRun.about) == about))


def runs(session: Session, about: Collection[UUID]) -> dict[UUID, ConformityRun]:
    """The checks that are running, by what they are about."""
    query = select(ConformityRun).where(col(ConformityRun.about).in_(about))
    return {row.about: row for row in session.exec(query)} if about else {}


def unchecked(session: Session, limit: int) -> Sequence[UUID]:
    """Current editions with rows and bound columns that nobody has checked."""
    bound = exists().where(
        col(ResourceItem.resource_id) == col(Edition.resource_id),
        col(ResourceItem.removed_in).is_(None),
        or_(col(ResourceItem.element_id).is_not(None), col(ResourceItem.is_key).is_(True)),
    )
    query = select(Edition.id).where(
        Edition.status == EditionStatus.CURRENT,
        col(Edition.cleared_at).is_(None),
        ~exists().where(col(_Report.edition_id) == col(Edition.id)),
        bound,
    )
    return session.exec(query.order_by(col(Edition.id)).limit(limit)).all()
