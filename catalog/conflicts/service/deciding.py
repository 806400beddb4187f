"""How a source conflict ends: decided by the data administration, and once reviewed."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session

from auth.cases import check, take
from auth.departments import repository as departments
from catalog.conflicts import lifecycle
from catalog.conflicts.errors import DecidedAbove, ReviewTermOver
from catalog.conflicts.models import SourceConflict
from catalog.conflicts.schemas import ConflictDecision, ReviewDecision, ReviewPlea
from catalog.conflicts.service import judging
from catalog.conflicts.service.opening import STANDING, scope_of
from catalog.conflicts.words import ConflictStatus, ReviewOutcome
from catalog.elements import repository as elements
from catalog.elements.models import DataElement
from catalog.sources import repository as sources
from catalog.sources import service as naming
from catalog.sources.models import SourceClaim
from catalog.sources.schemas import ClaimCreate, ClaimDecision, ClaimReason
from catalog.sources.words import OPEN as OPEN_CLAIMS
from catalog.sources.words import ClaimStatus
from policies.clocks import Clock
from policies.deadlines import deadlines
from shuqiao.clock import now, today
from shuqiao.desk.calendar import CalendarMissing, add_working_days
from shuqiao.errors import FieldError, Forbidden, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject

#: Characters of the reason that a claim keeps; the conflict keeps all.
_REASON: Final = 1_000


def decide(
    session: Session, subject: Subject, conflict: SourceConflict, body: ConflictDecision
) -> SourceConflict:
    """Name the source: the claim of one side is confirmed, that of the other ends. The law knows no
    appeal; a review may be asked for once (平台约定).

    Raises ``ConflictNotNow``, ``Invalid``, ``Forbidden`` for whoever acted for a side.
    """
    check(conflict, lifecycle.DECIDE)
    sides = _claims(session, conflict)
    _check_apart(subject, conflict, sides)
    named = next((claim for claim in sides if claim.claim_no == body.named), None)
    if named is None or named.status not in STANDING:
        detail = _("This is not one of the two claims, or it no longer stands")
        fix = _("Name one of these: %(numbers)s.", numbers=_numbers(sides))
        raise Invalid(errors=[FieldError("/named", "not_a_side", detail, fix)])
    (other,) = (claim for claim in sides if claim.id != named.id)
    _settle(session, subject, named, other, body.reasons)
    source, until = _name(session, named.department_id), _review_until(session)
    conflict.named_claim_id, conflict.decided_at = named.id, now()
    conflict.reasons, conflict.basis = body.reasons, body.basis
    conflict.is_self_reviewed = subject.department_id in (conflict.opener_id, conflict.rival_id)
    conflict.review_until = until
    why = {"source": named.claim_no, "basis": body.basis}
    why |= {"self_reviewed": "true"} if conflict.is_self_reviewed else {}
    take(session, subject, conflict, lifecycle.DECIDE, why=why, words={"source": source})
    return conflict


def ask_review(
    session: Session, subject: Subject, conflict: SourceConflict, body: ReviewPlea
) -> SourceConflict:
    """The side that was not named asks for the one review; its claim is made anew, on the same
    basis. Raises ``ConflictNotNow``, ``ReviewTermOver``, ``Invalid``.
    """
    check(conflict, lifecycle.ASK_REVIEW)
    if conflict.referred_document:
        raise DecidedAbove(conflict.referred_to)
    if conflict.review_until is not None and today() > conflict.review_until:
        raise ReviewTermOver(conflict.review_until.isoformat())
    named = sources.by_id(session, _told(conflict.named_claim_id))
    if subject.department_id == named.department_id:
        detail = _("Your department was named")
        fix = _("The other side may ask for a review.")
        raise Invalid(errors=[FieldError("/plea", "was_named", detail, fix)])
    lost = next(claim for claim in _claims(session, conflict) if claim.id != named.id)
    again = _again(session, lost)
    element = _element(session, conflict)
    anew = naming.propose(session, subject, element, again, is_rival=True)
    judging.assign(session, conflict)
    conflict.review_claim_id, conflict.review_asked_at = anew.id, now()
    conflict.review_plea = body.plea
    take(session, subject, conflict, lifecycle.ASK_REVIEW, why={"claim": anew.claim_no})
    return conflict


def review(
    session: Session, subject: Subject, conflict: SourceConflict, body: ReviewDecision
) -> SourceConflict:
    """Another person of the data administration than the first upholds the decision, or names the
    other department. Raises ``ConflictNotNow``, ``Forbidden``.
    """
    check(conflict, lifecycle.REVIEW)
    _check_apart(subject, conflict, _claims(session, conflict))
    if subject.user_id == conflict.decider_id:
        raise Forbidden(_("Whoever made the decision does not review it"))
    named = sources.by_id(session, _told(conflict.named_claim_id), lock=True)
    anew = sources.by_id(session, _told(conflict.review_claim_id), lock=True)
    is_changed = body.outcome is ReviewOutcome.CHANGED
    if is_changed:
        _settle(session, subject, anew, named, body.reasons)
    elif anew.status in OPEN_CLAIMS:
        naming.refuse(session, subject, anew, _reason(body.reasons), is_settled=True)
    to = ConflictStatus.CHANGED if is_changed else ConflictStatus.UPHELD
    source = anew if is_changed else named
    words = {"source": _name(session, source.department_id)}
    why = {"source": source.claim_no}
    conflict.review_reasons, conflict.reviewed_at = body.reasons, now()
    take(session, subject, conflict, lifecycle.REVIEW, to=to, why=why, words=words)
    return conflict


def _again(session: Session, lost: SourceClaim) -> ClaimCreate:
    numbers = sources.duty_numbers(session, {lost.duty_id} if lost.duty_id else set())
    return ClaimCreate(
        scope=scope_of(session, lost),
        area_code=lost.area_code,
        duty_no=numbers.get(lost.duty_id) if lost.duty_id else None,
        document=lost.document,
        article=lost.article,
        collected_by=lost.collected_by,
    )


def has_acted(session: Session, subject: Subject, conflict: SourceConflict) -> bool:
    """Whether the person spoke for a side, or claimed in its name."""
    ids = (conflict.claim_id, conflict.own_claim_id)
    return _has_acted(subject, conflict, [sources.by_id(session, each) for each in ids])


def _has_acted(subject: Subject, conflict: SourceConflict, sides: Sequence[SourceClaim]) -> bool:
    return subject.user_id in {*conflict.actor_ids, *(each.proposer_id for each in sides)}


def _check_apart(subject: Subject, conflict: SourceConflict, sides: Sequence[SourceClaim]) -> None:
    """Nobody decides a case in which they spoke; the database says so too."""
    if _has_acted(subject, conflict, sides):
        raise Forbidden(_("Whoever acted for a side of the conflict does not decide it"))


def _claims(session: Session, conflict: SourceConflict) -> list[SourceClaim]:
    """The two claims, locked: the one disputed, and the opener's."""
    sources.queue(session, _element(session, conflict))
    ids = (conflict.claim_id, conflict.own_claim_id)
    return [sources.by_id(session, each, lock=True) for each in ids]


def _settle(
    session: Session, subject: Subject, named: SourceClaim, other: SourceClaim, reasons: str
) -> None:
    """End the claim of the one that is not named, and confirm the other."""
    body = ClaimDecision(reason=reasons[:_REASON])
    if other.status is ClaimStatus.CONFIRMED:
        naming.reassign(session, subject, other, named, body, is_settled=True)
        return
    if other.status in OPEN_CLAIMS:
        naming.refuse(session, subject, other, _reason(reasons), is_settled=True)
    if named.status is not ClaimStatus.CONFIRMED:
        naming.confirm(session, subject, named, body, is_settled=True)


def _reason(reasons: str) -> ClaimReason:
    return ClaimReason(reason=reasons[:_REASON])


def _review_until(session: Session) -> date | None:
    days = deadlines()[Clock.SOURCE_REVIEW_TERM].working_days
    try:
        return add_working_days(session, today(), days)
    except CalendarMissing:
        return None


def _name(session: Session, department_id: UUID) -> str:
    return departments.by_id(session, department_id).name


def _numbers(claims: Sequence[SourceClaim]) -> str:
    return "、".join(claim.claim_no for claim in claims if claim.status in STANDING)


def _told(claim_id: UUID | None) -> UUID:
    assert claim_id is not None
    return claim_id


def _element(session: Session, conflict: SourceConflict) -> DataElement:
    return elements.by_ids(session, [conflict.element_id])[conflict.element_id]
