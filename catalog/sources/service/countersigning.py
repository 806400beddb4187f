"""Countersigning (数源确认会签): every department that collects the element says what it thinks."""

from collections.abc import Sequence

from sqlmodel import Session

from auth.cases import check, take
from auth.departments.models import Department
from catalog.sources import lifecycle, repository
from catalog.sources.models import SourceClaim, SourceCountersign
from catalog.sources.schemas import CountersignAnswer
from catalog.sources.words import Answer, CountersignStatus
from shuqiao.clock import now, today
from shuqiao.desk import clocks
from shuqiao.errors import Conflict, FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject


def missing(session: Session, claim: SourceClaim) -> Sequence[Department]:
    """Departments that collect the element, are another one, and were not asked yet."""
    asked = {each.department_id for each in repository.countersigns(session, claim.id)}
    return [
        each
        for each in repository.collectors(session, claim.element_id, claim.area_code)
        if each.id != claim.department_id and each.id not in asked
    ]


def ask(session: Session, subject: Subject, claim: SourceClaim) -> SourceClaim:
    """Ask whoever collects the element and was not asked yet; each has a clock of its own.

    Raises ``ClaimNotNow``, ``Conflict`` where nobody is left to ask.
    """
    check(claim, lifecycle.ASK)
    wanted = missing(session, claim)
    if not wanted:
        raise Conflict(_("Every other department that collects the element was asked already"))
    place = len(repository.countersigns(session, claim.id))
    for number, department in enumerate(wanted, start=place + 1):
        sign = SourceCountersign(
            countersign_no=f"{claim.claim_no}#{number}",
            claim_id=claim.id,
            department_id=department.id,
            element_name=claim.element_name,
        )
        session.add(sign)
        session.flush()
        take(session, subject, sign, lifecycle.ASK_ONE, why={"department": department.code})
    codes = [department.code for department in wanted]
    take(session, subject, claim, lifecycle.ASK, why={"departments": codes})
    return claim


def answer(
    session: Session, subject: Subject, sign: SourceCountersign, body: CountersignAnswer
) -> SourceCountersign:
    """Agree, or object with reasons. Raises ``Invalid`` without them, ``ClaimNotNow``."""
    is_objection = body.answer is Answer.OBJECTED
    if is_objection and not body.reason:
        fix = _("Say by which duty or document another department is the source.")
        detail = _("An objection needs a reason")
        raise Invalid(errors=[FieldError("/reason", "required", detail, fix)])
    step = lifecycle.OBJECT if is_objection else lifecycle.AGREE
    check(sign, step)
    sign.reason, sign.signed_at = body.reason, now()
    take(session, subject, sign, step, why={"reason": body.reason} if body.reason else None)
    return sign


def close(session: Session, subject: Subject, claim: SourceClaim, *, decided: bool = False) -> None:
    """Close what is still asked: silent where the claim was ``decided`` after its time, else
    dropped.
    """
    for sign in repository.countersigns(session, claim.id):
        if sign.status is CountersignStatus.ASKED:
            to = CountersignStatus.SILENT if decided else CountersignStatus.DROPPED
            take(session, subject, sign, lifecycle.CLOSE, to=to)


def is_waiting(session: Session, sign: SourceCountersign) -> bool:
    """Whether the department may still answer: it was asked, and its time is not over."""
    if sign.status is not CountersignStatus.ASKED:
        return False
    (clock,) = clocks.clocks_of(session, sign.countersign_no)
    return clock.due_on is None or clock.due_on >= today()
