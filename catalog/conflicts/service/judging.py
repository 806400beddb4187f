"""Before whom a source conflict comes, and the way to a superior that is not on this platform."""

from sqlmodel import Session

from audit.events import Event
from auth.cases import ask, check, take
from auth.departments import repository as departments
from catalog.conflicts import lifecycle, repository
from catalog.conflicts.models import SourceConflict
from catalog.conflicts.schemas import Referral
from catalog.conflicts.words import ConflictStatus
from catalog.sources.checks.instances import instance_of
from catalog.sources.service import judging
from shuqiao.clock import now
from shuqiao.desk import todos
from shuqiao.subject import Subject


def assign(session: Session, conflict: SourceConflict) -> bool:
    """Find who decides, by level and area of the two sides as they are stated today. Gives whether
    that is another one than before.
    """
    one = departments.by_id(session, conflict.opener_id)
    other = departments.by_id(session, conflict.rival_id)
    return judging.seat(session, conflict, instance_of(one, other))


def follow(session: Session) -> int:
    """Find anew who decides on what is open; gives how many conflicts went to another one. What was
    brought before one that is not here stays there.
    """
    moved = [each for each in repository.to_be_judged(session) if assign(session, each)]
    for conflict in moved:
        judging.routed(session, conflict, Event.CONFLICT_ROUTED)
        reviewed, decide = lifecycle.REVIEW_TODO, lifecycle.DECIDE_TODO
        refer_kind = lifecycle.REFER_TODO.kind
        if conflict.status is ConflictStatus.REVIEWING:
            judging.ask_anew(session, conflict, reviewed)
        elif conflict.status is ConflictStatus.HEARD:
            judging.ask_anew(session, conflict, decide, refer_kind)
            ask_to_refer(session, conflict)
    return len(moved)


def ask_to_refer(session: Session, conflict: SourceConflict) -> None:
    """What nobody here decides is brought before whoever does, instead of decided."""
    if conflict.is_elsewhere and not conflict.is_referred:
        kind = lifecycle.DECIDE_TODO.kind
        todos.done(session, case_no=conflict.conflict_no, kind=kind, by=None)
        ask(session, conflict, lifecycle.REFER_TODO)


def refer(
    session: Session, subject: Subject, conflict: SourceConflict, body: Referral
) -> SourceConflict:
    """Note that it was brought before the superior administration, with the document; what that
    decides is recorded as the decision. Raises ``ConflictNotNow``.
    """
    check(conflict, lifecycle.REFER)
    conflict.referred_to, conflict.referred_document = body.to, body.document
    conflict.referred_at = now()
    why = {"to": body.to, "document": body.document, "instance": conflict.instance}
    take(session, subject, conflict, lifecycle.REFER, why=why, words={"to": body.to})
    return conflict
