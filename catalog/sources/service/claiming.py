"""Claiming to be the source, and the object scopes for which one can be claimed."""

from uuid import UUID

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.areas import repository as areas
from auth.areas.service import unknown_area
from auth.areas.words import NATION
from auth.cases import check, take
from auth.departments import repository as departments
from auth.departments.models import Department
from auth.departments.service import must_be_open
from auth.duties import repository as duties
from auth.duties.models import Duty
from auth.roles import Role
from catalog.elements.models import DataElement
from catalog.sources import lifecycle, repository
from catalog.sources.checks import may_have_source, nameable, undisputed
from catalog.sources.checks.instances import instance_of, lies_in
from catalog.sources.errors import (
    ClaimedAlready,
    ScopeExists,
    SourceStands,
)
from catalog.sources.models import ObjectScope, SourceClaim, SourceException
from catalog.sources.schemas import ClaimCreate, ScopeRegister
from catalog.sources.service import countersigning, judging
from catalog.sources.words import OPEN, ClaimStatus
from shuqiao.clock import today
from shuqiao.db import insert_once
from shuqiao.desk import todos
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject


def register_scope(
    session: Session, subject: Subject, element: DataElement, body: ScopeRegister
) -> ObjectScope:
    """Register a part of the element's objects. Raises ``ScopeExists``, ``NoSourceNeeded``."""
    may_have_source(element)
    scope = ObjectScope(element_id=element.id, **body.model_dump())
    insert_once(session, scope, ScopeExists())
    append(
        session,
        subject,
        Event.SOURCE_SCOPED,
        stream=element.audit_stream(),
        obj=element.audit_ref(),
        why={"scope": scope.name},
    )
    return scope


def propose(
    session: Session,
    subject: Subject,
    element: DataElement,
    body: ClaimCreate,
    *,
    is_rival: bool = False,
) -> SourceClaim:
    """Claim to be the source; where others collect the element too, they are asked to countersign.

    ``is_rival``: as a side of a source conflict, over whatever stands; its decision settles it.

    Raises ``Invalid`` naming the field, ``NotInForce``, ``NoSourceNeeded``, ``SourceStands``,
    ``ClaimedAlready``, ``DepartmentEnded``.
    """
    assert subject.user_id is not None
    repository.queue(session, element)
    may_have_source(repository.element_as_it_stays(session, element.id))
    is_by_administration = subject.has(Role.DATA_ADMIN)
    department = _department(session, subject, body)
    own = departments.by_id(session, subject.department_id) if subject.department_id else None
    errors = _nameable(session, department, own if is_by_administration else None, body)
    errors += _reserved(body) if not is_by_administration else []
    duty = _duty(session, department, body, errors)
    claim = SourceClaim(
        claim_no=next_number(session, "SC"),
        element_id=element.id,
        element_name=element.name,
        scope_id=_scope(session, element, body, errors),
        department_id=department.id,
        area_code=_area(
            session, department, own, body, errors, is_administration=is_by_administration
        ),
        duty_id=duty.id if duty else None,
        proposer_id=subject.user_id,
        is_by_administration=is_by_administration,
        is_rival=is_rival,
        **body.model_dump(include={"document", "article", "collected_by", "is_upper"}),
    )
    if claim.is_upper:
        judging.assign_recorder(claim, own)
    elif not is_rival:
        judging.assign(session, claim, department)
    replaced = _replaced(session, claim, body, errors) if is_by_administration else None
    errors += _outside(claim, body)
    if errors:
        raise Invalid(errors=errors)
    claim.replaces_id = replaced.id if replaced else None
    session.add(claim)
    session.flush()
    _except(session, subject, claim, body)
    if not is_rival:
        _refuse_second(session, claim, replaced)
    why = {"element": element.identifier, "department": department.code, "area": claim.area_code}
    take(session, subject, claim, lifecycle.PROPOSE, why=why)
    if is_rival:  # the conflict has the task: its decision settles the claim
        todos.done(session, case_no=claim.claim_no, by=None)
    if not is_rival and not claim.is_upper and countersigning.missing(session, claim):
        countersigning.ask(session, subject, claim)
    return claim


def withdraw(
    session: Session, subject: Subject, claim: SourceClaim, *, is_settled: bool = False
) -> SourceClaim:
    """The side that made the claim takes it back; ``is_settled``: with its conflict.

    Raises ``ClaimNotNow``, ``ConflictOpen``.
    """
    check(claim, lifecycle.WITHDRAW)
    if not is_settled:
        undisputed(session, claim)
    take(session, subject, claim, lifecycle.WITHDRAW)
    countersigning.close(session, subject, claim)
    return claim


def _refuse_second(session: Session, claim: SourceClaim, replaced: SourceClaim | None) -> None:
    for standing in repository.overlapping(session, claim, {ClaimStatus.CONFIRMED}):
        if replaced is None or standing.id != replaced.id:
            raise SourceStands(standing.claim_no, _name(session, standing))
    for other in repository.overlapping(session, claim, OPEN):
        raise ClaimedAlready(other.claim_no, _name(session, other))


def _name(session: Session, claim: SourceClaim) -> str:
    return departments.by_id(session, claim.department_id).name


def _department(session: Session, subject: Subject, body: ClaimCreate) -> Department:
    """The own one, or for the data administration any that is registered. Raises ``Invalid``."""
    assert subject.department_id is not None
    own = departments.by_id(session, subject.department_id)
    if body.department is None or body.department == own.code:
        must_be_open(own)
        return own
    if not subject.has(Role.DATA_ADMIN):
        detail = _("A department claims for itself only")
        fix = _("Leave it out, or let the data administration open the naming.")
        raise Invalid(errors=[FieldError("/department", "not_own", detail, fix)])
    found = departments.by_code(session, body.department)
    if found is None:
        fix = _("Use the unified social credit code of a registered department.")
        detail = _("No such department")
        raise Invalid(errors=[FieldError("/department", "unknown", detail, fix)])
    must_be_open(found)
    return found


def _reserved(body: ClaimCreate) -> list[FieldError]:
    fix = _("Leave it out.")
    return [
        FieldError(pointer, "administration_only", _("The data administration says this"), fix)
        for pointer, is_given in (
            ("/is_upper", body.is_upper),
            ("/replaces", body.replaces is not None),
        )
        if is_given
    ]


def _duty(
    session: Session, department: Department, body: ClaimCreate, errors: list[FieldError]
) -> Duty | None:
    """The duty named, where one is; else there is a document. An upper source has a document."""
    if body.duty_no is None:
        if not body.document:
            detail = _("A claim rests on a duty, or on a document")
            fix = _("Name the duty by its number, or the document with its article.")
            errors.append(FieldError("/document", "no_basis", detail, fix))
        return None
    found = duties.by_no(session, department.id, body.duty_no)
    if found is None or (found.valid_until is not None and found.valid_until < today()):
        detail = _("The department has no such duty today")
        fix = _("Choose one of the duties of the department, or name a document.")
        errors.append(FieldError("/duty_no", "unknown_duty", detail, fix))
    if body.is_upper and not body.document:
        detail = _("An upper source is recorded with a document")
        errors.append(FieldError("/document", "required", detail, _("Name the document.")))
    return found


def _scope(
    session: Session, element: DataElement, body: ClaimCreate, errors: list[FieldError]
) -> UUID | None:
    if body.scope is None:
        return None
    for scope in repository.scopes(session, element.id):
        if scope.name == body.scope:
            return scope.id
    detail = _("The element has no object scope of this name")
    fix = _("Choose one of its object scopes, or leave it out for all objects.")
    errors.append(FieldError("/scope", "unknown_scope", detail, fix))
    return None


def _area(
    session: Session,
    department: Department,
    administration: Department | None,
    body: ClaimCreate,
    errors: list[FieldError],
    *,
    is_administration: bool,
) -> str:
    """Where it is to be the source: within the area of the department and of the administration
    that names it; unless said, the smaller of them.
    """
    theirs = department.area_code
    ours = administration.area_code if administration else None
    if body.area_code is None:
        if is_administration and theirs and ours and lies_in(ours, theirs):
            return ours
        return theirs or ours or NATION
    if body.area_code != NATION and areas.by_code(session, body.area_code) is None:
        errors.append(unknown_area("/area_code"))
    elif theirs and not lies_in(body.area_code, theirs):
        detail = _("The area does not lie in the area of the department")
        fix = _("Choose the area of the department, or one below it.")
        errors.append(FieldError("/area_code", "outside", detail, fix))
    elif is_administration and ours and not lies_in(body.area_code, ours):
        detail = _("The area does not lie in the area of your data administration")
        fix = _("Choose your own area, or one below it.")
        errors.append(FieldError("/area_code", "outside_own", detail, fix))
    return body.area_code


def _nameable(
    session: Session, department: Department, administration: Department | None, body: ClaimCreate
) -> list[FieldError]:
    instance = instance_of(department)
    whose = judging.called(session, instance) if instance else department.name
    return nameable(department, administration, is_upper=body.is_upper, whose=whose)


def _replaced(
    session: Session, claim: SourceClaim, body: ClaimCreate, errors: list[FieldError]
) -> SourceClaim | None:
    if body.replaces is None:
        return None
    found = repository.by_no(session, body.replaces)
    if found is not None and found.judge_id not in (None, claim.judge_id):
        whose = judging.decides(session, found)
        detail = _("It is for another administration to decide: %(whose)s", whose=whose)
        fix = _("Name a source of your own level and area, or bring it before that one.")
        errors.append(FieldError("/replaces", "elsewhere", detail, fix))
        return None
    told = (claim.element_id, claim.scope_id, claim.area_code)
    if (
        found is not None
        and found.status is ClaimStatus.CONFIRMED
        and (found.element_id, found.scope_id, found.area_code) == told
    ):
        return found
    detail = _("This is not the source that stands for the same objects and the same area")
    fix = _("Name the confirmed claim of this element, scope and area.")
    errors.append(FieldError("/replaces", "not_standing", detail, fix))
    return None


def _outside(claim: SourceClaim, body: ClaimCreate) -> list[FieldError]:
    return [
        FieldError(
            f"/excepted/{place}/area_code",
            "outside",
            _("An exception is for an area below the one of the claim"),
            _("Choose an area below it, each once."),
        )
        for place, each in enumerate(body.excepted)
        if each.area_code == claim.area_code
        or not lies_in(each.area_code, claim.area_code)
        or each.area_code in {other.area_code for other in body.excepted[:place]}
    ]


def _except(session: Session, subject: Subject, claim: SourceClaim, body: ClaimCreate) -> None:
    session.add_all(
        SourceException(claim_id=claim.id, recorded_by=subject.user_id, **each.model_dump())
        for each in body.excepted
    )
    session.flush()
    session.refresh(claim)
