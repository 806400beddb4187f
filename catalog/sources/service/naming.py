"""The word of the data administration: name a source, give it to another, except, end."""

from uuid import UUID

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.cases import check, take
from auth.departments import repository as departments
from auth.roles import Role
from catalog.elements import repository as elements
from catalog.sources import lifecycle, repository
from catalog.sources.checks import CONFLICTS, SOURCE_CHANGED, may_have_source, undisputed
from catalog.sources.checks.instances import lies_in
from catalog.sources.errors import (
    ConflictOpen,
    CountersigningOpen,
    ExceptionExists,
    SourceStands,
)
from catalog.sources.models import ONE_SOURCE, SourceClaim, SourceException
from catalog.sources.schemas import ClaimDecision, ClaimReason, ExceptedArea
from catalog.sources.service import countersigning, judging
from catalog.sources.words import ClaimStatus, CountersignStatus, Ground
from shuqiao.clock import now, today
from shuqiao.db import first_of, insert_once
from shuqiao.desk import messages
from shuqiao.errors import Conflict, FieldError, Forbidden, Invalid
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject


def confirm(
    session: Session,
    subject: Subject,
    claim: SourceClaim,
    body: ClaimDecision,
    version: int | None = None,
    *,
    is_settled: bool = False,
) -> SourceClaim:
    """Name the source; a claim that replaces another one re-assigns the element.

    ``version``: the one that was seen. ``is_settled``: by the decision of a conflict, which heard
    the departments.

    Raises ``ClaimNotNow``, ``ClaimChanged``, ``CountersigningOpen``, ``ConflictOpen``,
    ``SourceStands``, ``NotInForce``, ``NoSourceNeeded``, ``Invalid`` where a reason is due.
    """
    check(claim, lifecycle.CONFIRM, version)
    _own_words(session, subject, claim)
    if not is_settled:
        judging.must_name_decision(session, claim, body.reason)
    if claim.replaces_id is not None:
        standing = repository.by_id(session, claim.replaces_id, lock=True)
        return reassign(session, subject, standing, claim, body, is_settled=is_settled)
    ground = _judged(session, claim, body, is_settled=is_settled)
    return _name(session, subject, claim, body, ground)


def reassign(
    session: Session,
    subject: Subject,
    standing: SourceClaim,
    to: SourceClaim,
    body: ClaimDecision,
    *,
    is_settled: bool = False,
) -> SourceClaim:
    """End ``standing`` and begin ``to`` on the same day; the exceptions go on. Entries of both
    departments are to be updated (Art. 17), and whoever follows the element is told.

    Raises as ``confirm``; ``SourceStands`` when the two are not for the same objects and area.
    """
    check(to, lifecycle.CONFIRM)
    check(standing, lifecycle.RE_ASSIGN)
    places = [(each.element_id, each.scope_id, each.area_code) for each in (standing, to)]
    if places[0] != places[1]:
        raise SourceStands(standing.claim_no, _department(session, standing))
    ground = _judged(session, to, body, is_settled=is_settled)
    successor = _department(session, to)
    standing.ended_on, standing.end_reason = today(), body.reason
    why = {"successor": to.claim_no, "reason": body.reason}
    words = {"successor": successor}
    take(session, subject, standing, lifecycle.RE_ASSIGN, why=why, words=words)
    _carry_over(session, standing, to)
    _name(session, subject, to, body, ground)
    _follow_up(session, subject, standing, to)
    return to


def refuse(
    session: Session,
    subject: Subject,
    claim: SourceClaim,
    body: ClaimReason,
    version: int | None = None,
    *,
    is_settled: bool = False,
) -> SourceClaim:
    """Do not confirm a claim, and say why. Raises ``ClaimNotNow``, ``ClaimChanged``,
    ``ConflictOpen``.
    """
    check(claim, lifecycle.REFUSE, version)
    _own_words(session, subject, claim)
    if not is_settled:
        undisputed(session, claim)
        judging.must_name_decision(session, claim, body.reason)
    why = _sign(subject, claim, body.reason)
    take(session, subject, claim, lifecycle.REFUSE, why=why)
    countersigning.close(session, subject, claim)
    return claim


def end(session: Session, subject: Subject, claim: SourceClaim, body: ClaimReason) -> SourceClaim:
    """End a source without another one. Raises ``ClaimNotNow``, ``ConflictOpen``."""
    check(claim, lifecycle.END)
    undisputed(session, claim)
    claim.ended_on, claim.end_reason = today(), body.reason
    take(session, subject, claim, lifecycle.END, why={"reason": body.reason})
    return claim


def except_area(
    session: Session, subject: Subject, claim: SourceClaim, body: ExceptedArea
) -> SourceClaim:
    """Let an area below have a source of its own. Raises ``Invalid``, ``ExceptionExists``."""
    check(claim, lifecycle.EXCEPT)
    if body.area_code == claim.area_code or not lies_in(body.area_code, claim.area_code):
        detail = _("An exception is for an area below the one of the claim")
        fix = _("Choose an area below it, each once.")
        raise Invalid(errors=[FieldError("/area_code", "outside", detail, fix)])
    row = SourceException(claim_id=claim.id, recorded_by=subject.user_id, **body.model_dump())
    insert_once(session, row, ExceptionExists())
    why = {"area": body.area_code, "reason": body.reason}
    take(session, subject, claim, lifecycle.EXCEPT, why=why)
    session.flush()
    session.refresh(claim)
    return claim


def has_spoken(session: Session, subject: Subject, claim: SourceClaim) -> bool:
    """Whether the person countersigned the claim, and so does not decide on it."""
    signs = repository.countersigns(session, claim.id)
    return subject.user_id in {sign.signer_id for sign in signs if sign.signer_id is not None}


def hindrance(session: Session, claim: SourceClaim) -> Message | None:
    """What keeps a claim that waits from being confirmed now, for whoever is to decide."""
    try:
        may_have_source(elements.by_ids(session, [claim.element_id])[claim.element_id])
        _judged(session, claim, ClaimDecision(reason="…"), is_settled=False)
    except Conflict as refusal:
        return refusal.detail or refusal.title
    return None


def _own_words(session: Session, subject: Subject, claim: SourceClaim) -> None:
    """Raises ``Forbidden``; the database says so too."""
    if has_spoken(session, subject, claim):
        raise Forbidden(_("Whoever countersigned a claim does not decide on it"))


def _judged(
    session: Session, claim: SourceClaim, body: ClaimDecision, *, is_settled: bool
) -> Ground:
    """On what the source rests. Raises what still stands in the way of naming it."""
    if is_settled:
        return Ground.DECIDED
    for conflict in CONFLICTS.held(session, [claim.element_id]):
        if claim.is_rival or claim.id in conflict.claim_ids or not conflict.claim_ids:
            raise ConflictOpen(
                _("%(no)s is open: it decides which department it is.", no=conflict.number)
            )
    if claim.is_upper:
        return Ground.UPPER
    signs = repository.countersigns(session, claim.id)
    left = [each.name for each in countersigning.missing(session, claim)]
    if left:
        raise CountersigningOpen(
            _("Ask these to countersign first: %(names)s", names="、".join(left))
        )
    if any(countersigning.is_waiting(session, sign) for sign in signs):
        raise CountersigningOpen
    if not signs:
        return Ground.SOLE
    if not body.reason:
        fix = _("Say why this department, and answer the objections.")
        detail = _("What was countersigned is decided with a reason")
        raise Invalid(errors=[FieldError("/reason", "required", detail, fix)])
    return Ground.COUNTERSIGNED


def _name(
    session: Session, subject: Subject, claim: SourceClaim, body: ClaimDecision, ground: Ground
) -> SourceClaim:
    may_have_source(repository.element_as_it_stays(session, claim.element_id))
    for standing in repository.overlapping(session, claim, {ClaimStatus.CONFIRMED}):
        raise SourceStands(standing.claim_no, _department(session, standing))
    signs = repository.countersigns(session, claim.id)
    silent = [each.countersign_no for each in signs if each.status is CountersignStatus.ASKED]
    with first_of(session, ONE_SOURCE, lambda: _stands(session, claim.id)):
        why = {**_sign(subject, claim, body.reason), "ground": ground, "silent": silent}
        claim.ground, claim.confirmed_on = ground, today()
        take(session, subject, claim, lifecycle.CONFIRM, why=why)
    countersigning.close(session, subject, claim, decided=ground is Ground.COUNTERSIGNED)
    return claim


def _stands(session: Session, claim_id: UUID) -> SourceStands:
    """The refusal by the database itself, where nobody waited in the queue."""
    claim = repository.by_id(session, claim_id)
    (standing, *_others) = repository.overlapping(session, claim, {ClaimStatus.CONFIRMED})
    return SourceStands(standing.claim_no, _department(session, standing))


def _sign(subject: Subject, claim: SourceClaim, reason: str) -> dict[str, object]:
    """Keep who decides and why, and mark what is decided about the own department (本部门自审)."""
    claim.decider_id, claim.decided_at, claim.reason = subject.user_id, now(), reason
    claim.is_self_reviewed = subject.department_id == claim.department_id
    said = {"reason": reason} if reason else {}
    return {**said, "self_reviewed": True} if claim.is_self_reviewed else {**said}


def _department(session: Session, claim: SourceClaim) -> str:
    return departments.by_id(session, claim.department_id).name


def _carry_over(session: Session, standing: SourceClaim, to: SourceClaim) -> None:
    held = {each.area_code for each in repository.exceptions(session, [to.id])}
    session.add_all(
        SourceException(claim_id=to.id, **each.model_dump(exclude={"claim_id"}))
        for each in repository.exceptions(session, [standing.id])
        if each.area_code not in held
    )
    session.flush()
    session.refresh(to)


def _follow_up(session: Session, subject: Subject, standing: SourceClaim, to: SourceClaim) -> None:
    """The entries of both departments are to be updated; the registrars of all that follow the
    element are told.
    """
    words = {
        "name": to.element_name,
        "before": _department(session, standing),
        "after": _department(session, to),
        "no": to.claim_no,
    }
    basis = _("The source of “%(name)s” changed from %(before)s to %(after)s (%(no)s)").filled(
        words
    )
    sides = {standing.department_id, to.department_id}
    entries = repository.published_entries(session, to.element_id)
    for entry in entries:
        if entry.provider_id in sides:
            said = basis.render("zh_CN")
            SOURCE_CHANGED.held(session, subject, entry, today(), to.audit_ref(), said)
    people = {
        user.id
        for department_id in {entry.provider_id for entry in entries} - sides
        for user in accounts.holders(session, Role.REGISTRAR, department_id)
    }
    messages.send(session, user_ids=people, what=basis, href=f"/source-claims/{to.claim_no}")
