"""Contests of a basis (申请复核): a department doubts it, the owner answers, the data
administration decides. Until then, and unless the entry is changed, it acts.
"""

from datetime import date

from sqlmodel import Session

from auth.cases import check, take
from catalog.negative.errors import ContestStands, EntryNotNow
from catalog.negative.lifecycle import contests as lifecycle
from catalog.negative.lifecycle.entries import COVER
from catalog.negative.models import NegativeContest, NegativeEntry
from catalog.negative.repository import entries
from catalog.negative.schemas import ContestAnswer, ContestCreate, ContestDecision
from catalog.negative.words import LIVE, ContestOutcome
from shuqiao.clock import now
from shuqiao.db import insert_once
from shuqiao.errors import Forbidden
from shuqiao.i18n import _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject


def contest(
    session: Session, subject: Subject, entry: NegativeEntry, body: ContestCreate
) -> NegativeContest:
    """Contest the basis of an entry in force. Raises ``EntryNotNow``, ``ContestStands``."""
    if subject.user_id is None or subject.department_id is None:
        raise Forbidden(_("Only a person of a department contests a basis"))
    if entry.status not in LIVE:
        raise EntryNotNow(lifecycle.RAISE.label, entry.state.label)
    made = NegativeContest(
        contest_no=next_number(session, "NC"),
        entry_id=entry.id,
        entry_no=entry.entry_no,
        opener_id=subject.department_id,
        department_id=entry.department_id,
        reasons=body.reasons,
        raised_by=subject.user_id,
    )
    insert_once(session, made, ContestStands())
    take(session, subject, made, lifecycle.RAISE, why={"entry": entry.entry_no})
    return made


def answer(
    session: Session, subject: Subject, found: NegativeContest, body: ContestAnswer
) -> NegativeContest:
    """The owner answers for its basis. Raises ``ContestNotNow``."""
    check(found, lifecycle.ANSWER)
    found.answer, found.answered_at = body.answer, now()
    take(session, subject, found, lifecycle.ANSWER)
    return found


def decide(
    session: Session, subject: Subject, found: NegativeContest, body: ContestDecision
) -> NegativeContest:
    """The data administration upholds the basis, or has the entry changed: then its owner has the
    time of the platform to propose it anew. Raises ``ContestNotNow``.
    """
    upheld = body.outcome is ContestOutcome.UPHELD
    step = lifecycle.UPHOLD if upheld else lifecycle.HAVE_CHANGED
    check(found, step)
    found.decision, found.decided_at = body.decision, now()
    found.is_self_reviewed = subject.department_id in (found.opener_id, found.department_id)
    why = {"entry": found.entry_no}
    why |= {"self_reviewed": "true"} if found.is_self_reviewed else {}
    take(session, subject, found, step, why=why)
    entry = entries.by_no(session, found.entry_no)
    assert entry is not None
    if not upheld and entry.state not in COVER.at:  # changed while it was decided
        take(session, subject, found, lifecycle.CHANGE, why={"entry": entry.status.value})
    return found


def close_answering(session: Session, on: date) -> int:
    """Bring before the data administration what the owner let its time pass on; gives how many."""
    found = entries.unanswered(session, on)
    for each in found:
        take(session, Subject.system("worker"), each, lifecycle.CLOSE_ANSWERING)
    return len(found)
