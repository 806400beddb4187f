"""Entries of the negative list of ended departments go over to the successor, and strike there what
they struck before.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from audit.events import Event
from auth.succession.service.handing import handed_over
from auth.succession.service.holdings import Held, Ruling
from catalog.negative.models import NegativeEntry
from catalog.negative.repository import covers, entries
from catalog.negative.service import striking
from catalog.negative.service.proposing import STANDING, basis_of
from catalog.negative.words import LIVE, EntryStatus
from catalog.resources import repository as resources
from shuqiao.subject import Subject

_LEFT = (EntryStatus.PROPOSED, *STANDING)


def held(session: Session, department_id: UUID) -> Sequence[Held]:
    """What was proposed by itself; the rest goes with its entry of the catalogue."""
    return [
        Held(
            each.entry_no,
            f"{basis_of(each)}（{each.status.label}）",
            f"/negative-entries/{each.entry_no}",
        )
        for each in entries.standing_alone(session, department_id, _LEFT)
    ]


def succeed(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """An entry is the successor's from now on: it answers for the basis and reviews it."""
    entry = entries.by_no(session, number, lock=True)
    assert entry is not None, "what is left was read in this transaction"
    _go_over(session, subject, entry, ruling)


def follow_entry(session: Session, subject: Subject, code: str, ruling: Ruling) -> None:
    """What an entry of the catalogue proposed goes over with it."""
    resource = resources.by_code(session, code)
    if resource is None:
        return
    covers.queue(session, ruling.before.id)
    for entry in entries.of_resource(session, resource.entry_id, _LEFT, lock=True):
        _go_over(session, subject, entry, ruling)


def _go_over(session: Session, subject: Subject, entry: NegativeEntry, ruling: Ruling) -> None:
    """What it strikes stays struck; what the successor published within its reach is struck now."""
    covers.queue(session, ruling.after.id)
    entry.department_id = ruling.after.id
    handed_over(session, subject, entry, Event.NEGATIVE_SUCCEEDED, ruling)
    for contest in entries.contests_of(session, entry.id, is_open=True):
        if contest.opener_id != ruling.after.id:
            contest.department_id = ruling.after.id
            handed_over(session, subject, contest, Event.NEGATIVE_CONTEST_SUCCEEDED, ruling)
    if entry.status not in LIVE:
        return
    there = {each.item_id for each in covers.open_covers(session, entry_id=entry.id)}
    rows = striking.within(session, entry, reaches_all=entry.reaches_all)
    new = [row for row in rows if row.item.id not in there]
    striking.strike(session, subject, entry, new)
