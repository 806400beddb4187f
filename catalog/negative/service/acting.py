"""Entries that come into force and end: with a publication, by themselves, by what becomes of their
basis.
"""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlmodel import Session

from auth.cases import check, take
from auth.steps import Step
from catalog.negative.lifecycle import contests as contesting
from catalog.negative.lifecycle import entries as lifecycle
from catalog.negative.lifecycle.entries import EntryState
from catalog.negative.models import NegativeEntry
from catalog.negative.repository import covers, entries
from catalog.negative.schemas import EntryEnd, EntryKeep, EntryReview
from catalog.negative.service import proposing, striking
from catalog.negative.words import ContestStatus, EndKind, EntryStatus, ReviewOutcome
from catalog.resources.models import DataResource
from shuqiao.clock import now, today
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject


def queue(session: Session, resource: DataResource) -> None:
    """Wait until nobody else publishes in the department or puts an entry in force there. Before a
    publication looks what is struck.
    """
    covers.queue(session, resource.provider_id)


def publish_with(
    session: Session, subject: Subject, resource: DataResource, proposer_id: UUID
) -> None:
    """An entry of the catalogue (published in this transaction, in the queue of its department)
    puts in force what it states, ends what it states no longer, and has its items struck.
    """
    new = proposing.propose(session, subject, resource, proposer_id)
    gone = proposing.unwanted(session, resource)
    by_basis = {each.supersedes_id: each for each in new if each.supersedes_id}
    told = {each.id for each in new}
    for entry in new:
        _enter(session, subject, entry, lifecycle.ENTER, but=resource.id)
    for old in gone:
        successor = by_basis.get(old.id)
        if successor is not None:
            supersede(session, subject, old, successor)
            told.add(old.id)
        elif old.status is not EntryStatus.LAPSED:
            _share_again(session, subject, old, resource)
            told.add(old.id)
    striking.settle(session, subject, resource, told)
    for old in gone:
        if old.status is not EntryStatus.LAPSED:
            striking.release(session, subject, old)


def take_down(session: Session, subject: Subject, resource: DataResource) -> None:
    """An entry of the catalogue is taken down: nothing of it is struck, and what it stood for
    ends with it.
    """
    queue(session, resource)
    proposing.drop(session, subject, resource)
    told = set()
    gone = entries.of_resource(session, resource.id, proposing.STANDING, lock=True)
    for old in gone:
        if old.status is not EntryStatus.LAPSED:
            _share_again(session, subject, old, resource)
            told.add(old.id)
    striking.settle(session, subject, resource, told)
    for old in gone:
        if old.id in told:
            striking.release(session, subject, old)


def review(
    session: Session, subject: Subject, entry: NegativeEntry, body: EntryReview
) -> NegativeEntry:
    """The data administration puts a proposed entry in force, or does not.

    Raises ``EntryNotNow``; ``Invalid`` for a reach that the clause does not say.
    """
    if body.outcome is ReviewOutcome.REFUSED:
        check(entry, lifecycle.REFUSE)
        told = {"remark": body.remark}
        entry.ended_at, entry.end_kind, entry.end_reason = now(), EndKind.REFUSED, body.remark
        take(session, subject, entry, lifecycle.REFUSE, why=told, words=told)
        return entry
    check(entry, lifecycle.PUBLISH)
    if body.reaches_all and not entry.reach_clause:
        raise Invalid(errors=[_NO_CLAUSE])
    if entry.review_on <= today():
        raise Invalid(errors=[passed("/review_on")])
    old = entries.by_ids(session, [entry.supersedes_id] if entry.supersedes_id else [])
    _enter(session, subject, entry, lifecycle.PUBLISH, reaches_all=body.reaches_all)
    for each in old.values():
        if each.state in lifecycle.SUPERSEDE.at:
            supersede(session, subject, each, entry)
            striking.release(session, subject, each)
    return entry


def keep(
    session: Session, subject: Subject, entry: NegativeEntry, body: EntryKeep
) -> NegativeEntry:
    """The owner looked at the basis again and keeps the entry until another day. Raises
    ``EntryNotNow``, ``Invalid``.
    """
    check(entry, lifecycle.KEEP)
    if body.review_on <= today():
        raise Invalid(errors=[passed("/review_on")])
    entry.review_on = body.review_on
    why = {"review_on": body.review_on, "remark": body.remark}
    take(session, subject, entry, lifecycle.KEEP, why=why)
    return entry


def end(session: Session, subject: Subject, entry: NegativeEntry, body: EntryEnd) -> NegativeEntry:
    """The data administration records that the basis ended. Raises ``EntryNotNow``, ``Invalid``."""
    check(entry, lifecycle.LAPSE)
    if body.ended_on > today():
        detail = _("The basis has not ended yet")
        fix = _("Give the day on which it ended, up to today.")
        raise Invalid(errors=[FieldError("/ended_on", "in_future", detail, fix)])
    why = {"reason": body.reason, "document": body.document, "ended_on": body.ended_on}
    _lapse(session, subject, entry, EndKind.BASIS_REPEALED, body.reason, why)
    return entry


def fall_due(session: Session, on: date) -> int:
    """Note whose day of review has come: nothing else changes; gives how many."""
    found = entries.due_for_review(session, on)
    for entry in found:
        why = {"review_on": entry.review_on}
        take(session, _SYSTEM, entry, lifecycle.FALL_DUE, why=why, since=entry.review_on)
    return len(found)


def expire(session: Session, on: date) -> int:
    """End what rests on a basis whose last day is over; gives how many."""
    count = 0
    for number in entries.expired(session, on):
        entry = entries.by_no(session, number, lock=True)
        if entry is not None and entry.state in lifecycle.LAPSE.at:
            why = {"ended_on": entry.basis_ends_on}
            _lapse(session, _SYSTEM, entry, EndKind.BASIS_EXPIRED, "", why)
            count += 1
    return count


def supersede(session: Session, subject: Subject, old: NegativeEntry, new: NegativeEntry) -> None:
    """Another entry stands in the place of ``old``; what that strikes is released afterwards."""
    old.ended_at, old.end_kind = now(), EndKind.SUPERSEDED
    take(session, subject, old, lifecycle.SUPERSEDE, why={"by": new.entry_no})
    settle_contests(session, subject, old)


def settle_contests(session: Session, subject: Subject, entry: NegativeEntry) -> None:
    """The entry is another one now, or acts no more: what was decided about it is done."""
    for contest in entries.contests_of(session, entry.id, is_open=True):
        if contest.status is ContestStatus.TO_CHANGE:
            take(session, subject, contest, contesting.CHANGE, why={"entry": entry.status.value})


def passed(pointer: str) -> FieldError:
    """A day of review that has come already."""
    fix = _("Give a day to come on which the basis is looked at again.")
    return FieldError(pointer, "in_past", _("The day of the next review has come already"), fix)


def _enter(
    session: Session,
    subject: Subject,
    entry: NegativeEntry,
    step: Step[EntryState],
    *,
    reaches_all: bool = False,
    but: UUID | None = None,
) -> None:
    """``but``: the entry of the catalogue that settles its own items."""
    rows = striking.within(session, entry, reaches_all=reaches_all, but=but)
    striking.strike(session, subject, entry, rows)
    entry.in_force_at, entry.reaches_all = now(), reaches_all
    entry.reach_confirmed_by = subject.user_id if reaches_all else None
    entry.is_self_reviewed = subject.department_id == entry.department_id
    why: dict[str, object] = {"struck": len(rows), "reaches_all": reaches_all}
    if entry.is_self_reviewed:
        why |= {"self_reviewed": True}
    take(session, subject, entry, step, why=why)


def _lapse(
    session: Session,
    subject: Subject,
    entry: NegativeEntry,
    kind: EndKind,
    reason: str,
    why: Mapping[str, object],
) -> None:
    settle_contests(session, subject, entry)
    striking.owe_update(session, subject, entry)
    entry.ended_at, entry.end_kind, entry.end_reason = now(), kind, reason
    take(session, subject, entry, lifecycle.LAPSE, why=why)


def _share_again(
    session: Session, subject: Subject, old: NegativeEntry, resource: DataResource
) -> None:
    old.ended_at, old.end_kind = now(), EndKind.RECLASSIFIED
    why = {"resource": resource.code}
    take(session, subject, old, lifecycle.RECLASSIFY, why=why)
    settle_contests(session, subject, old)


_SYSTEM = Subject.system("worker")
_NO_CLAUSE = FieldError(
    "/reaches_all",
    "no_clause",
    _("The proposal quotes no clause that reaches all departments"),
    _("Leave it to the department, or have the clause quoted in a new proposal."),
)
