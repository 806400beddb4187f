"""Every SQL statement about consultations and filings."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from auth.visibility import visible
from exchange.consultations.models import (
    ConsultationItem,
    ConsultationStatement,
    GrantConsultation,
    GrantFiling,
)
from exchange.consultations.words import ConsultationStatus, FilingStatus, Side
from exchange.grants.models import ShareGrant
from policies.actions import Action
from shuqiao.db import column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: Struck items of a grant, written down as such, that no consultation speaks of since then; of
#: several entries the first.
_UNHEARD: Final = text("""
    SELECT DISTINCT ON (granted_item.position) granted_item.item_id, granted_item.name,
        granted_item.suspended_at AS since, negative_cover.entry_id
    FROM granted_item
    JOIN negative_cover ON negative_cover.item_id = granted_item.item_id AND until IS NULL
    WHERE granted_item.grant_id = :grant AND granted_item.suspended_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM consultation_item
        JOIN grant_consultation ON grant_consultation.id = consultation_item.consultation_id
        WHERE grant_consultation.grant_id = granted_item.grant_id
        AND grant_consultation.status <> 'dropped'
        AND consultation_item.item_id = granted_item.item_id
        AND consultation_item.since >= granted_item.suspended_at)
    ORDER BY granted_item.position, negative_cover.since, negative_cover.entry_id
""")
#: Whether an item of a consultation still stays for the reason for which it was opened.
_IS_NEEDED: Final = text("""
    SELECT EXISTS (SELECT 1 FROM consultation_item
        JOIN grant_consultation ON grant_consultation.id = consultation_item.consultation_id
        JOIN granted_item ON granted_item.grant_id = grant_consultation.grant_id
            AND granted_item.item_id = consultation_item.item_id
        WHERE consultation_id = :id AND granted_item.suspended_at IS NOT NULL)
""")

_COLUMNS: Final[dict[str, Any]] = {
    "consumer": column(GrantConsultation.consumer_id),
    "provider": column(GrantConsultation.provider_id),
}


class Struck(NamedTuple):
    """A granted item that does not leave since then, and the entry that strikes it."""

    item_id: UUID
    name: str
    since: datetime
    entry_id: UUID


def by_no(session: Session, no: str, *, lock: bool = False) -> GrantConsultation | None:
    query = select(GrantConsultation).where(GrantConsultation.consultation_no == no)
    return session.exec(query.with_for_update() if lock else query).first()


def page(
    session: Session, subject: Subject, wanted: PageRequest
) -> tuple[Sequence[GrantConsultation], str | None]:
    """Those that ``subject`` may read, the newest first."""
    query = select(GrantConsultation).where(visible(Action.CONSULTATION_READ, subject, _COLUMNS))
    order = column(GrantConsultation.consultation_no)
    rows = session.exec(wanted.keyset(query, order, descending=True)).all()
    return wanted.cut(rows, lambda row: (row.consultation_no,))


def of_grant(session: Session, grant_id: UUID) -> Sequence[GrantConsultation]:
    """The newest first."""
    query = select(GrantConsultation).where(GrantConsultation.grant_id == grant_id)
    return session.exec(query.order_by(col(GrantConsultation.consultation_no).desc())).all()


def grant_of(session: Session, record: GrantConsultation) -> ShareGrant:
    return session.exec(select(ShareGrant).where(ShareGrant.id == record.grant_id)).one()


def unsettled(session: Session, grant_id: UUID) -> Sequence[tuple[GrantConsultation, GrantFiling]]:
    """Those of a grant that are open, or whose filing is due, locked."""
    query = (
        select(GrantConsultation, GrantFiling)
        .join(GrantFiling, col(GrantFiling.consultation_id) == GrantConsultation.id)
        .where(
            GrantConsultation.grant_id == grant_id,
            (col(GrantConsultation.status) == ConsultationStatus.OPEN)
            | (col(GrantFiling.status) == FilingStatus.DUE),
        )
    )
    return session.exec(
        query.order_by(col(GrantConsultation.consultation_no)).with_for_update()
    ).all()


def unheard(session: Session, grant_id: UUID) -> Sequence[Struck]:
    found = session.connection().execute(_UNHEARD, {"grant": grant_id})
    return [Struck(*row) for row in found]


def is_needed(session: Session, consultation_id: UUID) -> bool:
    return bool(session.connection().execute(_IS_NEEDED, {"id": consultation_id}).scalar_one())


def filing_of(session: Session, consultation_id: UUID, *, lock: bool = False) -> GrantFiling:
    """Every consultation has its one."""
    query = select(GrantFiling).where(GrantFiling.consultation_id == consultation_id)
    return session.exec(query.with_for_update() if lock else query).one()


def filings(session: Session, ids: Collection[UUID]) -> Mapping[UUID, GrantFiling]:
    """By consultation."""
    query = select(GrantFiling).where(col(GrantFiling.consultation_id).in_(ids))
    return {each.consultation_id: each for each in session.exec(query)}


def items(session: Session, ids: Collection[UUID]) -> Mapping[UUID, list[ConsultationItem]]:
    """By consultation, in the order in which they were struck."""
    found: dict[UUID, list[ConsultationItem]] = {each: [] for each in ids}
    query = select(ConsultationItem).where(col(ConsultationItem.consultation_id).in_(ids))
    for row in session.exec(
        query.order_by(col(ConsultationItem.since), col(ConsultationItem.name))
    ):
        found[row.consultation_id].append(row)
    return found


def statements(
    session: Session, ids: Collection[UUID]
) -> Mapping[UUID, list[ConsultationStatement]]:
    """By consultation, in the order in which they were made."""
    found: dict[UUID, list[ConsultationStatement]] = {each: [] for each in ids}
    query = select(ConsultationStatement).where(col(ConsultationStatement.consultation_id).in_(ids))
    for row in session.exec(
        query.order_by(col(ConsultationStatement.stated_at), col(ConsultationStatement.id))
    ):
        found[row.consultation_id].append(row)
    return found


def sides(session: Session, consultation_id: UUID) -> Collection[Side]:
    """Who has said something."""
    query = select(ConsultationStatement.side).where(
        ConsultationStatement.consultation_id == consultation_id
    )
    return {Side(each) for each in session.exec(query)}
