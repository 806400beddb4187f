"""Entries and contests as programs read them."""

from collections.abc import Sequence
from typing import Final

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.departments import repository as departments
from auth.guard import is_allowed
from catalog.elements import repository as elements
from catalog.negative.models import NegativeContest, NegativeEntry, NegativeTarget
from catalog.negative.repository import covers
from catalog.negative.repository import entries as repository
from catalog.negative.schemas import (
    ContestRead,
    CoverRead,
    EntryRead,
    EntryShown,
    TargetRead,
)
from catalog.negative.service import striking
from catalog.resources import repository as resources
from policies.actions import Action
from shuqiao.desk import clocks
from shuqiao.desk.due import Due, dues_of
from shuqiao.subject import Subject

_OF_ENTRY: Final = {
    *("entry_no", "status", "review_step", "basis_kind", "basis_name", "basis_number"),
    *("basis_article", "business", "reaches_all", "in_force_at", "review_on", "version"),
}
_DETAILS: Final = {
    *("basis_text", "reason", "reach_clause", "basis_ends_on", "is_self_reviewed"),
    *("consented_at", "ended_at", "end_kind", "end_reason", "created_at"),
}
_OF_CONTEST: Final = {
    *("contest_no", "entry_no", "status", "reasons", "raised_at", "answer", "answered_at"),
    *("decision", "decided_at", "is_self_reviewed", "version"),
}


def read_models(session: Session, rows: Sequence[NegativeEntry]) -> list[EntryRead]:
    """Entries as lists show them."""
    ids = [row.id for row in rows]
    named, struck = covers.targets(session, ids), covers.count_open(session, ids)
    homes = {
        each.id: each for each in departments.of_ids(session, {row.department_id for row in rows})
    }
    return [
        EntryRead(
            **row.model_dump(include=_OF_ENTRY),
            department=homes[row.department_id].name,
            department_code=homes[row.department_id].code,
            status_label=str(row.state.label),
            basis_kind_label=str(row.basis_kind.label),
            names=[each.name for each in named[row.id]],
            struck=struck.get(row.id, 0),
        )
        for row in rows
    ]


def read_model(session: Session, subject: Subject, entry: NegativeEntry) -> EntryShown:
    """An entry with all that stands in it, what it strikes, and the contests that ``subject`` may
    read.
    """
    (shown,) = read_models(session, [entry])
    people = accounts.user_names(
        session, {each for each in (entry.proposer_id, entry.approver_id) if each}
    )
    contests = repository.contests_seen(session, subject, entry.id)
    due = due_of(session, entry.entry_no)
    return EntryShown(
        **dict(shown),
        **entry.model_dump(include=_DETAILS),
        targets=_targets(session, covers.targets(session, [entry.id])[entry.id]),
        covers=_covers(session, subject, entry),
        contests=[contest_model(session, each) for each in contests],
        resource=_code(session, subject, entry),
        proposed_by=people[entry.proposer_id],
        approved_by=people[entry.approver_id] if entry.approver_id else None,
        supersedes=repository.number_of(session, entry.supersedes_id),
        superseded_by=repository.successor_of(session, entry.id),
        due_on=due.due_on if due else None,
    )


def contest_model(session: Session, contest: NegativeContest) -> ContestRead:
    """A contest as programs read it."""
    names = departments.names(session, {contest.opener_id, contest.department_id})
    people = accounts.user_names(session, {contest.decider_id} if contest.decider_id else set())
    due = due_of(session, contest.contest_no)
    return ContestRead(
        **contest.model_dump(include=_OF_CONTEST),
        opener=names[contest.opener_id],
        owner=names[contest.department_id],
        status_label=str(contest.status.label),
        decided_by=people[contest.decider_id] if contest.decider_id else None,
        due_on=due.due_on if due else None,
    )


def _targets(session: Session, rows: Sequence[NegativeTarget]) -> list[TargetRead]:
    named = elements.identifiers_by_id(
        session, {each.element_id for each in rows if each.element_id}
    )
    return [
        TargetRead(
            kind="item" if each.item_id else "resource" if each.resource_id else "element",
            name=each.name,
            element=named.get(each.element_id) if each.element_id else None,
        )
        for each in rows
    ]


def _covers(session: Session, subject: Subject, entry: NegativeEntry) -> list[CoverRead]:
    """What of it the reader may see in the catalogue."""
    return [
        CoverRead(
            resource=row.resource.code,
            title=row.resource.title,
            item=row.item.name,
            is_marked=striking.is_marked(row),
            since=cover.since,
            until=cover.until,
        )
        for cover, row in covers.covered_by(session, entry.id)
        if is_allowed(subject, Action.RESOURCE_READ, row.resource)
    ]


def _code(session: Session, subject: Subject, entry: NegativeEntry) -> str | None:
    if entry.resource_id is None:
        return None
    found = resources.found_by_id(session, entry.resource_id)
    is_seen = found is not None and is_allowed(subject, Action.RESOURCE_READ, found)
    return found.code if found is not None and is_seen else None


def due_of(session: Session, number: str) -> Due | None:
    running = [each for each in clocks.clocks_of(session, number) if not each.closed_on]
    return next(iter(dues_of(session, running)), None)
