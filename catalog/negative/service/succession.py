"""Entries of the negative list go over: those of a catalogue entry with it, the others by
themselves; so do contests, on either side. What is struck stays struck; what the successor has
published within the reach is struck with it.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from audit.events import Event
from auth.cases import take
from auth.succession.errors import CannotSucceed
from auth.succession.service.handing import handed_over
from auth.succession.service.holdings import Held, Ruling
from catalog.negative.lifecycle import contests as contesting
from catalog.negative.lifecycle import entries as lifecycle
from catalog.negative.models import NegativeContest, NegativeEntry
from catalog.negative.repository import covers, entries
from catalog.negative.service.proposing import STANDING
from catalog.negative.service.striking import extend
from catalog.negative.words import LIVE, EntryStatus
from catalog.resources import repository as resources
from shuqiao.i18n import _
from shuqiao.subject import Subject


def held(session: Session, department_id: UUID) -> Sequence[Held]:
    """The entries of a department that no entry of the catalogue stands for."""
    return [
        Held(
            each.entry_no,
            f"{each.basis_name}（{each.state.label}）",
            lifecycle.PAGE.format_map(each.told()),
        )
        for each in entries.alone_of(session, department_id)
    ]


def succeed(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """An entry goes over with the contests of its basis."""
    entry = entries.by_no(session, number, lock=True)
    assert entry is not None, "what is left was read in this transaction"
    covers.queue(session, ruling.after.id)
    _go_over(session, subject, entry, ruling)
    if entry.status in LIVE:
        extend(session, subject, entry)


def follow_entry(session: Session, subject: Subject, code: str, ruling: Ruling) -> None:
    """What an entry of the catalogue proposed goes over with it; what acts in the department of the
    successor acts on it from now on.
    """
    resource = resources.by_code(session, code)
    assert resource is not None, "it has just gone over"
    for home in (ruling.before.id, ruling.after.id):
        covers.queue(session, home)
    standing = (EntryStatus.PROPOSED, *STANDING)
    for entry in entries.of_resource(session, resource.id, standing, lock=True):
        _go_over(session, subject, entry, ruling)
    for entry in covers.live_entries(session, ruling.after.id):
        extend(session, subject, entry)


def held_contests(session: Session, department_id: UUID) -> Sequence[Held]:
    """The contests that a department raised and that are not settled."""
    return [
        Held(each.contest_no, each.entry_no, contesting.PAGE.format_map(each.told()))
        for each in entries.contests_by(session, department_id)
    ]


def succeed_contest(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """A contest goes on in the name of the successor; it falls away where the entry is the
    successor's, or the successor contests it already. Raises ``CannotSucceed``.
    """
    found = entries.contest_by_no(session, number, lock=True)
    assert found is not None, "what is left was read in this transaction"
    after = ruling.after.id
    is_open = found.state in contesting.LAPSE.at
    others = entries.contests_of(session, found.entry_id, is_open=True)
    has_own = any(each.opener_id == after for each in others)
    if is_open and (has_own or found.department_id == after):
        take(session, subject, found, contesting.LAPSE, why=ruling.why())
        return
    if has_own:
        raise CannotSucceed(
            _("The successor contests %(entry)s itself: decide on that first", **found.told())
        )
    found.opener_id = after
    handed_over(session, subject, found, Event.CONTEST_SUCCEEDED, ruling)


def _go_over(session: Session, subject: Subject, entry: NegativeEntry, ruling: Ruling) -> None:
    entry.department_id = ruling.after.id
    handed_over(session, subject, entry, Event.NEGATIVE_SUCCEEDED, ruling)
    for found in entries.contests_of(session, entry.id, is_open=True):
        _answer_for(session, subject, found, ruling)


def _answer_for(session: Session, subject: Subject, found: NegativeContest, ruling: Ruling) -> None:
    """The successor answers for the basis; nobody contests the own one."""
    if found.opener_id == ruling.after.id and found.state in contesting.LAPSE.at:
        take(session, subject, found, contesting.LAPSE, why=ruling.why())
    else:
        found.department_id = ruling.after.id
        handed_over(session, subject, found, Event.CONTEST_SUCCEEDED, ruling)
