"""Every SQL statement about proposals."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import any_, literal
from sqlmodel import Session, col, select

from auth.departments.models import Department
from auth.visibility import Columns, visible
from catalog.elements.models import DataElement
from catalog.elements.words import ElementStatus
from catalog.proposals.models import ElementOpinion, ElementProposal
from catalog.proposals.words import ProposalStatus
from policies.actions import Action
from shuqiao.db import column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: Where the attributes that rules read of a proposal stand in its row.
_FACTS: Columns = {
    "proposed_by": column(ElementProposal.proposer_id),
    "author": column(ElementProposal.author_id),
    "has_left": col(ElementProposal.recorded_at).is_not(None),
}
OPEN = (ProposalStatus.PROPOSED, ProposalStatus.RECORDED, ProposalStatus.RETURNED)


def by_no(session: Session, no: str, *, lock: bool = False) -> ElementProposal | None:
    query = select(ElementProposal).where(ElementProposal.proposal_no == no)
    return session.exec(query.with_for_update() if lock else query).first()


def page(
    session: Session, subject: Subject, wanted: PageRequest, status: ProposalStatus | None = None
) -> tuple[Sequence[ElementProposal], str | None]:
    """Those that ``subject`` may read, the newest first."""
    query = select(ElementProposal).where(visible(Action.PROPOSAL_READ, subject, _FACTS))
    if status is not None:
        query = query.where(ElementProposal.status == status)
    by = column(ElementProposal.proposal_no)
    rows = session.exec(wanted.keyset(query, by, descending=True)).all()
    return wanted.cut(rows, lambda row: (row.proposal_no,))


def open_about(session: Session, element_id: UUID) -> ElementProposal | None:
    """The proposal about an element that is on its way."""
    query = select(ElementProposal).where(
        ElementProposal.element_id == element_id, col(ElementProposal.status).in_(OPEN)
    )
    return session.exec(query).first()


def on_their_way(session: Session, department_id: UUID) -> Sequence[ElementProposal]:
    """The open proposals of a department, by number."""
    query = select(ElementProposal).where(
        ElementProposal.proposer_id == department_id, col(ElementProposal.status).in_(OPEN)
    )
    return session.exec(query.order_by(col(ElementProposal.proposal_no))).all()


def asked_of(session: Session, department_id: UUID) -> Sequence[ElementProposal]:
    """The proposals that are heard and on which a department was asked, by number."""
    query = select(ElementProposal).where(
        ElementProposal.status == ProposalStatus.RECORDED,
        literal(department_id) == any_(column(ElementProposal.asked_ids)),
    )
    return session.exec(query.order_by(col(ElementProposal.proposal_no))).all()


def drafts_of(session: Session, department_id: UUID) -> Sequence[DataElement]:
    """The drafts of a department about which no proposal is open, by identifier."""
    proposed = select(ElementProposal.element_id).where(col(ElementProposal.status).in_(OPEN))
    query = select(DataElement).where(
        DataElement.proposer_id == department_id,
        DataElement.status == ElementStatus.DRAFT,
        col(DataElement.id).not_in(proposed),
    )
    return session.exec(query.order_by(col(DataElement.identifier))).all()


def about(session: Session, subject: Subject, element_id: UUID) -> Sequence[ElementProposal]:
    """Every proposal about an element that ``subject`` may read, the newest first."""
    query = select(ElementProposal).where(
        ElementProposal.element_id == element_id, visible(Action.PROPOSAL_READ, subject, _FACTS)
    )
    return session.exec(query.order_by(col(ElementProposal.proposal_no).desc())).all()


def element_of(session: Session, proposal: ElementProposal, *, lock: bool = False) -> DataElement:
    query = select(DataElement).where(DataElement.id == proposal.element_id)
    return session.exec(query.with_for_update() if lock else query).one()


def elements_of(
    session: Session, proposal: ElementProposal
) -> tuple[DataElement, DataElement | None]:
    """The element and its successor, both locked: of two proposals that name the same two, one is
    decided after the other.
    """
    ids = [each for each in (proposal.element_id, proposal.successor_id) if each is not None]
    query = select(DataElement).where(col(DataElement.id).in_(ids)).order_by(col(DataElement.id))
    found = {each.id: each for each in session.exec(query.with_for_update())}
    successor = found[proposal.successor_id] if proposal.successor_id else None
    return found[proposal.element_id], successor


def identifiers(session: Session, ids: Iterable[UUID | None]) -> Mapping[UUID, str]:
    """Of elements, by id."""
    query = select(DataElement.id, DataElement.identifier).where(
        col(DataElement.id).in_({each for each in ids if each})
    )
    return dict(session.exec(query).all())


def opinions(session: Session, proposal_id: UUID) -> Sequence[tuple[ElementOpinion, str]]:
    """What departments said, with their names, hearing by hearing, the oldest first."""
    query = (
        select(ElementOpinion, Department.name)
        .join(Department, col(Department.id) == col(ElementOpinion.department_id))
        .where(ElementOpinion.proposal_id == proposal_id)
    )
    return session.exec(query.order_by(col(ElementOpinion.given_at), col(ElementOpinion.id))).all()


def answered(session: Session, proposal: ElementProposal) -> set[UUID]:
    """The departments that gave their opinion in the hearing."""
    query = select(ElementOpinion.department_id).where(
        ElementOpinion.proposal_id == proposal.id, ElementOpinion.round == proposal.round
    )
    return set(session.exec(query))
