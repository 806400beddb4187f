"""The rules of consulting about struck items: it opens by itself, both sides state, the provider
concludes and files, its sharing head may terminate. Flushes and records, never commits.
"""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session

from audit.events import Event
from auth.cases import check, take
from auth.succession.service.handing import handed_over
from auth.succession.service.holdings import Ruling
from catalog.negative.checks import basis_of
from catalog.negative.models import NegativeEntry
from catalog.negative.repository import entries as negative
from catalog.resources import repository as resources
from exchange.consultations import lifecycle, repository
from exchange.consultations.checks import check_conclusion, check_termination
from exchange.consultations.models import (
    ConsultationItem,
    ConsultationStatement,
    GrantConsultation,
    GrantFiling,
)
from exchange.consultations.repository import Struck
from exchange.consultations.schemas import Conclusion, FilingMade, SideStatement
from exchange.consultations.words import ConsultationStatus, FilingStatus, Side
from exchange.grants import repository as grants
from exchange.grants.lifecycle import TERMINATE
from exchange.grants.models import ShareGrant
from exchange.grants.schemas import Termination
from exchange.grants.service import granting
from shuqiao.clock import now, today
from shuqiao.desk import clocks
from shuqiao.numbers import next_number
from shuqiao.subject import Subject

_WORKER: Final = Subject.system("worker")


def follow(session: Session, grant: ShareGrant) -> None:
    """Open what the strikes of ``grant`` (locked) ask for, and let go what is over; a repeat is a
    no-op.
    """
    for record, filing in repository.unsettled(session, grant.id):
        if grant.standing.is_over or not repository.is_needed(session, record.id):
            _drop(session, record, filing)
    struck = repository.unheard(session, grant.id)
    if struck and not grant.standing.is_over:
        _open(session, grant, struck)


def _open(session: Session, grant: ShareGrant, struck: Sequence[Struck]) -> None:
    """One case of a grant at a time: what is struck while it is open joins it."""
    entries = negative.by_ids(session, {each.entry_id for each in struck})
    record = next(
        (
            each
            for each in repository.of_grant(session, grant.id)
            if each.status is ConsultationStatus.OPEN
        ),
        None,
    )
    is_new = record is None
    if record is None:
        record = GrantConsultation(
            consultation_no=next_number(session, "CO"),
            grant_id=grant.id,
            grant_no=grant.grant_no,
            resource_title=grant.resource_title,
            consumer_id=grant.consumer_id,
            provider_id=grant.provider_id,
        )
        session.add(record)
        session.flush()
    _add_items(session, record, struck, entries)
    why = {
        "grant": grant.grant_no,
        "items": [each.item_id for each in struck],
        "negative_entries": sorted({entries[each.entry_id].entry_no for each in struck}),
    }
    words = {
        "items": "、".join(each.name for each in struck),
        "basis": "；".join(dict.fromkeys(_basis(entries[each.entry_id]) for each in struck)),
    }
    step = lifecycle.OPEN if is_new else lifecycle.EXTEND
    take(session, _WORKER, record, step, why=why, words=words)
    if is_new:
        _prepare_filing(session, record)


def _add_items(
    session: Session,
    record: GrantConsultation,
    struck: Sequence[Struck],
    entries: Mapping[UUID, NegativeEntry],
) -> None:
    for each in struck:
        entry = entries[each.entry_id]
        session.merge(
            ConsultationItem(
                consultation_id=record.id,
                item_id=each.item_id,
                name=each.name,
                entry_id=entry.id,
                entry_no=entry.entry_no,
                basis=_basis(entry),
                since=each.since,
            )
        )
    session.flush()


def _basis(entry: NegativeEntry) -> str:
    return f"{basis_of(entry)}（{entry.entry_no}）"


def _prepare_filing(session: Session, record: GrantConsultation) -> None:
    filing = GrantFiling(
        filing_no=next_number(session, "FL"),
        consultation_id=record.id,
        consultation_no=record.consultation_no,
        grant_no=record.grant_no,
        consumer_id=record.consumer_id,
        provider_id=record.provider_id,
    )
    session.add(filing)
    session.flush()
    why = {"consultation": record.consultation_no}
    take(session, _WORKER, filing, lifecycle.PREPARE_FILING, why=why)


def _drop(session: Session, record: GrantConsultation, filing: GrantFiling) -> None:
    if record.status is ConsultationStatus.OPEN:
        take(session, _WORKER, record, lifecycle.DROP)
    if filing.status is FilingStatus.DUE:
        take(session, _WORKER, filing, lifecycle.DROP_FILING)


def follow_grant(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """What is open about a grant goes on between the departments that hold it now."""
    grant = grants.by_no(session, number)
    assert grant is not None, "it has just gone over"
    _go_over(session, subject, grant, ruling)


def follow_entry(session: Session, subject: Subject, code: str, ruling: Ruling) -> None:
    """The same of every grant on an entry."""
    entry = resources.by_code(session, code)
    assert entry is not None, "it has just gone over"
    for grant in grants.holding(session, entry.id):
        _go_over(session, subject, grant, ruling)


def _go_over(session: Session, subject: Subject, grant: ShareGrant, ruling: Ruling) -> None:
    """The record, and the filing where it is due; one that became needless falls away by itself."""
    after = grant.consumer_id, grant.provider_id
    for record, filing in repository.unsettled(session, grant.id):
        if grant.standing.is_over or (record.consumer_id, record.provider_id) == after:
            continue
        record.consumer_id, record.provider_id = after
        handed_over(session, subject, record, Event.CONSULTATION_SUCCEEDED, ruling)
        if filing.status is FilingStatus.DUE:
            filing.consumer_id, filing.provider_id = after
            handed_over(session, subject, filing, Event.FILING_SUCCEEDED, ruling)


def state(
    session: Session, subject: Subject, record: GrantConsultation, body: SideStatement
) -> GrantConsultation:
    """The own side says its word; the other one is told. Raises ``ConsultationNotNow``."""
    assert subject.department_id is not None and subject.user_id is not None
    check(record, lifecycle.STATE)
    side = Side.PROVIDER if subject.department_id == record.provider_id else Side.CONSUMER
    session.add(
        ConsultationStatement(
            consultation_id=record.id,
            side=side,
            department_id=subject.department_id,
            statement=body.statement,
            stated_by=subject.user_id,
        )
    )
    session.flush()
    why, words = {"side": side}, {"side": side.label}
    take(session, subject, record, lifecycle.STATE, why=why, words=words)
    return record


def conclude(
    session: Session, subject: Subject, record: GrantConsultation, version: int, body: Conclusion
) -> GrantConsultation:
    """Both sides' words and the outcome become the record.

    Raises ``ConsultationNotNow``, ``ConsultationChanged``, and ``Invalid`` where a side that can
    still speak was not heard.
    """
    check(record, lifecycle.CONCLUDE, version)
    said = repository.sides(session, record.id)
    check_conclusion(body.outcome, said, is_time_over=_is_time_over(session, record))
    record.outcome, record.conclusion = body.outcome, body.conclusion
    record.concluded_by, record.concluded_at = subject.user_id, now()
    why, words = {"outcome": body.outcome}, {"outcome": body.outcome.label}
    take(session, subject, record, lifecycle.CONCLUDE, version, why=why, words=words)
    return record


def _is_time_over(session: Session, record: GrantConsultation) -> bool:
    running = clocks.clocks_of(session, record.consultation_no)
    return any(each.due_on is not None and each.due_on < today() for each in running)


def file(
    session: Session, subject: Subject, record: GrantConsultation, body: FilingMade
) -> GrantConsultation:
    """The provider's sharing head files it with the data administration; at any time, also before
    the consultation is concluded. Raises ``ConsultationNotNow``.
    """
    filing = repository.filing_of(session, record.id, lock=True)
    check(filing, lifecycle.FILE)
    filing.statement = body.statement
    filing.filed_by, filing.filed_at = subject.user_id, now()
    why = {"consultation": record.consultation_no, "grant": record.grant_no}
    take(session, subject, filing, lifecycle.FILE, why=why)
    return record


def terminate(
    session: Session, subject: Subject, grant: ShareGrant, version: int, wanted: Termination
) -> ShareGrant:
    """A person ends the suspended grant, by reason, consultation record and filing (Order 809,
    Art. 27).

    Raises ``GrantWrongState``, ``GrantChanged``, and ``Invalid`` naming each part that is missing.
    """
    granting.check_step(grant, TERMINATE, version)
    record = repository.by_no(session, wanted.consultation_no)
    filing = repository.filing_of(session, record.id) if record is not None else None
    if filing is not None and filing.filing_no != wanted.filing_no:
        filing = None
    is_one_open = any(
        each.status is ConsultationStatus.OPEN for each in repository.of_grant(session, grant.id)
    )
    check_termination(grant, wanted, record, filing, is_one_open=is_one_open)
    return granting.terminate(session, subject, grant, version, wanted)
