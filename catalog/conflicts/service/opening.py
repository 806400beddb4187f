"""How a source conflict begins: disputed, answered, perhaps withdrawn."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from auth.cases import check, take
from auth.duties import repository as duties
from auth.guard import Place
from catalog.conflicts import lifecycle, repository
from catalog.conflicts.errors import ConflictStands
from catalog.conflicts.models import SourceConflict, SourceStatement
from catalog.conflicts.schemas import ConflictOpen, OpinionCreate, StatementCreate
from catalog.conflicts.service import judging
from catalog.elements.models import DataElement
from catalog.resources import repository as resources
from catalog.sources import repository as sources
from catalog.sources import service as naming
from catalog.sources.checks import OpenConflict
from catalog.sources.models import SourceClaim
from catalog.sources.schemas import ClaimCreate
from catalog.sources.words import OPEN as OPEN_CLAIMS
from catalog.sources.words import ClaimStatus
from shuqiao import observed
from shuqiao.clock import today
from shuqiao.db import insert_once
from shuqiao.errors import FieldError, Forbidden, Invalid
from shuqiao.i18n import _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject

#: A claim that can be disputed, and one that can be confirmed by the decision.
STANDING = frozenset({*OPEN_CLAIMS, ClaimStatus.CONFIRMED})


def open_conflict(
    session: Session, subject: Subject, element: DataElement, body: ConflictOpen
) -> SourceConflict:
    """Dispute the source that stands, or a claim to be it: the own department claims it too.

    Raises ``Invalid`` naming the field, ``ConflictStands``, and as ``propose`` of a claim does.
    """
    if subject.user_id is None or subject.department_id is None:
        raise Forbidden(_("Only a person of a department disputes a source"))
    disputed = _disputed(session, subject, element, body)
    _check_evidence(session, subject, body)
    own = naming.propose(
        session, subject, element, _claim_like(session, disputed, body), is_rival=True
    )
    conflict = SourceConflict(
        conflict_no=next_number(session, "CF"),
        element_id=element.id,
        element_name=element.name,
        claim_id=disputed.id,
        own_claim_id=own.id,
        opener_id=subject.department_id,
        rival_id=disputed.department_id,
    )
    judging.assign(session, conflict)
    insert_once(session, conflict, ConflictStands())
    _keep(session, subject, conflict, body)
    why = {"element": element.identifier, "against": disputed.claim_no, "claim": own.claim_no}
    take(session, subject, conflict, lifecycle.OPEN, why=why)
    return conflict


def state(
    session: Session, subject: Subject, conflict: SourceConflict, body: StatementCreate
) -> SourceConflict:
    """The other side states why it is the source. Raises ``ConflictNotNow``, ``Invalid``."""
    check(conflict, lifecycle.STATE)
    _check_evidence(session, subject, body)
    _keep(session, subject, conflict, body)
    judging.assign(session, conflict)
    take(session, subject, conflict, lifecycle.STATE)
    judging.ask_to_refer(session, conflict)
    return conflict


def close_hearings(session: Session) -> int:
    """Go on without those who said nothing in time; gives how many."""
    on = observed.sure_day(session)
    silent = repository.unheard(session, on) if on else []
    for conflict in silent:
        judging.assign(session, conflict)
        take(session, Subject.system("worker"), conflict, lifecycle.CLOSE_HEARING)
        judging.ask_to_refer(session, conflict)
    return len(silent)


def attach_opinion(
    session: Session, subject: Subject, conflict: SourceConflict, body: OpinionCreate
) -> SourceConflict:
    """Put the opinion of the establishment office beside it; a later one takes its place, and the
    trail keeps both numbers. Raises ``ConflictNotNow``.
    """
    check(conflict, lifecycle.ATTACH_OPINION)
    conflict.opinion, conflict.opinion_document = body.opinion, body.document
    conflict.version += 1
    why = {"document": body.document}
    take(session, subject, conflict, lifecycle.ATTACH_OPINION, why=why)
    return conflict


def withdraw(session: Session, subject: Subject, conflict: SourceConflict) -> SourceConflict:
    """The side that disputed no longer does; its claim goes with it. Raises ``ConflictNotNow``."""
    check(conflict, lifecycle.WITHDRAW)
    own = sources.by_id(session, conflict.own_claim_id, lock=True)
    if own.status in OPEN_CLAIMS:
        naming.withdraw(session, subject, own, is_settled=True)
    take(session, subject, conflict, lifecycle.WITHDRAW)
    return conflict


def open_conflicts(session: Session, element_ids: Sequence[UUID]) -> Sequence[OpenConflict]:
    """What is not settled about these elements, for the room of the claims."""
    return [
        OpenConflict(
            each.conflict_no,
            lifecycle.PAGE.format_map(each.told()),
            frozenset(
                claim_id
                for claim_id in (each.claim_id, each.own_claim_id, each.review_claim_id)
                if claim_id is not None
            ),
            Place("SourceConflict", each.audit_stream(), each.policy_facts().attributes),
        )
        for each in repository.open_about(session, element_ids)
    ]


def _disputed(
    session: Session, subject: Subject, element: DataElement, body: ConflictOpen
) -> SourceClaim:
    """The claim, in the queue of its element. Raises ``Invalid``, ``ConflictStands``."""
    sources.queue(session, element)
    found = sources.by_no(session, body.against, lock=True)
    if found is None or found.element_id != element.id or found.status not in STANDING:
        detail = _("This is no claim of the element that stands")
        fix = _("Name the source that stands, or a claim that waits for its decision.")
        raise Invalid(errors=[FieldError("/against", "not_standing", detail, fix)])
    if found.department_id == subject.department_id:
        detail = _("This is the claim of your own department")
        fix = _("Dispute the claim of another department.")
        raise Invalid(errors=[FieldError("/against", "own", detail, fix)])
    present = repository.open_about_claim(session, found.id)
    if present is not None:
        is_side = subject.department_id in (present.opener_id, present.rival_id)
        raise ConflictStands(present.conflict_no if is_side else "")
    return found


def _claim_like(session: Session, disputed: SourceClaim, body: ConflictOpen) -> ClaimCreate:
    """The opener's claim: for the same objects and area, on what its statement rests on."""
    return ClaimCreate(
        scope=scope_of(session, disputed),
        area_code=disputed.area_code,
        duty_no=body.duty_no,
        document=body.document,
        article=body.article,
        collected_by=body.collected_by,
    )


def scope_of(session: Session, claim: SourceClaim) -> str | None:
    if claim.scope_id is None:
        return None
    return sources.scope_names(session, {claim.scope_id})[claim.scope_id]


def _keep(
    session: Session, subject: Subject, conflict: SourceConflict, body: StatementCreate
) -> None:
    assert subject.user_id is not None
    assert subject.department_id is not None
    said = body.model_dump(include={"statement", "document", "article", "entries"})
    session.add(
        SourceStatement(
            conflict_id=conflict.id,
            department_id=subject.department_id,
            duty_no=body.duty_no or "",
            stated_by=subject.user_id,
            **said,
        )
    )


def _check_evidence(session: Session, subject: Subject, body: StatementCreate) -> None:
    """Entries are there, and a duty is the own department's. Raises ``Invalid``."""
    known = set(resources.known(session, body.entries)) if body.entries else set()
    detail, fix = _("There is no such resource"), _("Use the code of an entry, or leave it out.")
    errors = [
        FieldError(f"/entries/{place}", "unknown", detail, fix)
        for place, code in enumerate(body.entries)
        if code not in known
    ]
    if body.duty_no is not None and not _has_duty(session, subject, body.duty_no):
        detail = _("The department has no such duty today")
        fix = _("Choose one of the duties of the department, or name a document.")
        errors.append(FieldError("/duty_no", "unknown_duty", detail, fix))
    if errors:
        raise Invalid(errors=errors)


def _has_duty(session: Session, subject: Subject, number: str) -> bool:
    assert subject.department_id is not None
    found = duties.by_no(session, subject.department_id, number)
    return found is not None and (found.valid_until is None or found.valid_until >= today())
