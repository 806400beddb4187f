"""Before whom a source conflict comes, and the way to a superior that is not on this platform."""

from sqlmodel import Session

from auth.cases import ask, check, take
from auth.departments import repository as departments
from catalog.conflicts import lifecycle, repository
from catalog.conflicts.checks import instance_of
from catalog.conflicts.models import SourceConflict
from catalog.conflicts.schemas import Referral
from shuqiao.clock import now
from shuqiao.desk import todos
from shuqiao.subject import Subject


def assign(session: Session, conflict: SourceConflict) -> None:
    """Find who decides, by level and area of the two sides as they are stated today."""
    one = departments.by_id(session, conflict.opener_id)
    other = departments.by_id(session, conflict.rival_id)
    instance = instance_of(one, other)
    if instance is None:
        conflict.instance, conflict.judge_id = "", None
        return
    judge = repository.administration(session, instance.level, instance.area_code)
    conflict.instance, conflict.judge_id = instance.key, judge.id if judge else None


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
