"""The register of departments: create, rename, describe, look up."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from auth.areas import repository as areas
from auth.areas.models import Area
from auth.areas.service import unknown_area
from auth.departments import repository
from auth.departments.checks import problems
from auth.departments.errors import (
    DepartmentChanged,
    DepartmentEnded,
    DepartmentLooksAlike,
    NameChanged,
)
from auth.departments.models import Department, Reorganisation, ReorganisedDepartment
from auth.departments.schemas import ActRecord, DepartmentDescribe
from auth.departments.words import Act, Level, Regime, Side
from shuqiao.clock import today
from shuqiao.codes.credit import check_credit_code
from shuqiao.db import insert_once
from shuqiao.errors import Conflict, FieldError, Invalid, NotFound
from shuqiao.i18n import _
from shuqiao.jobs import enqueue
from shuqiao.numbers import next_number
from shuqiao.settings import settings
from shuqiao.skeletons import skeleton
from shuqiao.subject import Subject
from shuqiao.web.slots import Slot

#: Finds anew which data administration decides what; the catalogue stands above.
FIND_JUDGES: Final = "catalog.conflicts.find_judges"
#: What follows from a new name, by the act and the former name: the catalogue stands above.
RENAMED: Final[Slot[Callable[[Session, Subject, Department, Reorganisation, str], None]]] = Slot(
    lambda _session, _subject, _department, _act, _before: None
)


def create_department(session: Session, subject: Subject, *, code: str, name: str) -> Department:
    """Register a department under its GB 32100 code. Raises ``Invalid`` or ``Conflict``."""
    check_credit_code(code, pointer="/code", kinds=settings().department_code_kinds)
    taken = repository.of_code_or_name(session, code, name)
    if taken is not None:
        raise Conflict(_("A department with this code or name exists: %(name)s", name=taken.name))
    department = Department(code=code, name=name, name_skeleton=_look(session, name))
    insert_once(
        session,
        department,
        Conflict(_("A department with this code or name exists: %(name)s", name=name)),
    )
    obj = ObjectRef("Department", code)
    append(session, subject, Event.DEPARTMENT_CREATED, stream=f"auth:department:{code}", obj=obj)
    return department


def rename_department(
    session: Session,
    subject: Subject,
    found: Department,
    *,
    name: str,
    before: str,
    act: ActRecord | None = None,
) -> Department:
    """Give a department another name; its code never changes, and the former name stays readable.

    ``before`` is the name that was shown; ``act``: by which document, and from when.

    Raises ``NameChanged`` (412) when somebody was faster, ``Conflict`` when another department has
    the name, ``DepartmentEnded``, ``Invalid`` for a day to come.
    """
    if found.name != before:
        raise NameChanged
    must_be_open(found)
    refusal = Conflict(_("A department with this code or name exists: %(name)s", name=name))
    if repository.is_taken(session, name, apart_from=found.id):
        raise refusal
    found.name_skeleton = _look(session, name, apart_from=found.id)
    found.name, found.looks_like_id, found.version = name, None, found.version + 1
    insert_once(session, found, refusal)
    recorded = record_act(
        session, Act.RENAMED, act or ActRecord(), before=[(found, before)], after=[(found, name)]
    )
    RENAMED.held(session, subject, found, recorded, before)
    append(
        session,
        subject,
        Event.DEPARTMENT_RENAMED,
        stream=found.audit_stream(),
        obj=found.audit_ref(),
        change=(before, name),
    )
    return found


def _look(session: Session, name: str, *, apart_from: UUID | None = None) -> str:
    """What ``name`` looks like, which no other department's does.

    Raises ``DepartmentLooksAlike``; of two at the same moment the index refuses the second.
    """
    looks = skeleton(name)
    alike = repository.looking_like(session, looks, apart_from=apart_from)
    if alike is not None:
        raise DepartmentLooksAlike(alike.name, alike.code)
    return looks


def set_quota(
    session: Session, subject: Subject, found: Department, quota_mb: int | None, *, version: int
) -> Department:
    """Say how much ``found`` (locked) may keep on the disk, in MB of 1,048,576 bytes; None: what
    the installation says. One below what it keeps already takes nothing away.

    ``version``: the one that was seen. Raises ``DepartmentChanged`` (412), ``DepartmentEnded``.
    """
    if found.version != version:
        raise DepartmentChanged
    must_be_open(found)
    before, found.quota_mb, found.version = found.quota_mb, quota_mb, found.version + 1
    session.flush()
    append(
        session,
        subject,
        Event.DEPARTMENT_QUOTA_SET,
        stream=found.audit_stream(),
        obj=found.audit_ref(),
        change=(str(before or ""), str(quota_mb or "")),
    )
    return found


def describe(
    session: Session, subject: Subject, found: Department, body: DepartmentDescribe, *, version: int
) -> Department:
    """Replace all that is said of ``found`` (locked) beside code and name.

    ``version``: the one that was seen.

    Raises ``DepartmentChanged`` (412), ``DepartmentEnded``, or ``Invalid`` naming the fields.
    """
    if found.version != version:
        raise DepartmentChanged
    must_be_open(found)
    parent, area = _parent_and_area(session, found, body)
    errors = [*problems(body, parent, area), *_tree(session, found, body.level, parent)]
    if errors:
        raise Invalid(errors=errors)
    changed = []
    wanted = {
        **body.model_dump(exclude={"parent_code"}),
        "parent_id": parent.id if parent is not None else None,
    }
    for field, value in wanted.items():
        if getattr(found, field) != value:
            setattr(found, field, value)
            changed.append(field)
    found.version += 1
    insert_once(session, found, Conflict(_("The tree changed in the meantime; load it again")))
    find_judges(session)
    append(
        session,
        subject,
        Event.DEPARTMENT_DESCRIBED,
        stream=found.audit_stream(),
        obj=found.audit_ref(),
        why={"changed": sorted(changed), "parent": body.parent_code or ""},
    )
    return found


def find_judges(session: Session) -> None:
    """Levels, areas or data administrations are others than before."""
    enqueue(session, FIND_JUDGES, queueing_lock=FIND_JUDGES)


def record_act(
    session: Session,
    kind: Act,
    act: ActRecord,
    *,
    before: Iterable[tuple[Department, str]],
    after: Iterable[tuple[Department, str]],
) -> Reorganisation:
    """Keep an act with who stood before and after it, under the names of then.

    The events are the caller's. Raises ``Invalid`` for a day to come.
    """
    made = Reorganisation(
        act_no=next_number(session, "RO"),
        kind=kind,
        document_no=act.document_no,
        effective_on=effective_day(act.effective_on),
    )
    session.add(made)
    session.flush()
    for side, stood in ((Side.BEFORE, before), (Side.AFTER, after)):
        session.add_all(
            ReorganisedDepartment(
                reorganisation_id=made.id, side=side, department_id=department.id, name=name
            )
            for department, name in stood
        )
    session.flush()
    return made


def effective_day(wanted: date | None) -> date:
    """The day from which an act takes effect: today, or a day before. Raises ``Invalid``."""
    if wanted is not None and wanted > today():
        detail = _("The act is not in effect yet")
        fix = _("Record it on the day on which it takes effect, or give an earlier day")
        raise Invalid(errors=[FieldError("/effective_on", "day_to_come", detail, fix)])
    return wanted or today()


def department_by_code(session: Session, code: str, *, lock: bool = False) -> Department:
    """The department of this code. Raises ``NotFound``."""
    found = repository.by_code(session, code, lock=lock)
    if found is None:
        raise NotFound(_("No department has the code %(code)s", code=code))
    return found


def must_be_open(department: Department) -> None:
    """Nothing new begins in a department that has ended. Raises ``DepartmentEnded``."""
    if department.ended_on is not None:
        raise DepartmentEnded(department.name, department.ended_on)


def must_all_be_open(session: Session, *ids: UUID) -> None:
    """The same of the departments with these ids."""
    for department_id in ids:
        must_be_open(repository.by_id(session, department_id))


def may_have_source_named(department: Department) -> bool:
    """Whether the data administration may name a source over this department (Art. 19): not where
    the Regulations apply by reference only (Art. 43), nor where it has ended.
    """
    return department.regime is not Regime.BY_REFERENCE and department.ended_on is None


def may_be_reprimanded(department: Department) -> bool:
    """Whether lists of reprimand (通报) and rates may contain this department (Art. 43)."""
    return department.regime is not Regime.BY_REFERENCE


def is_by_reference(session: Session, department_id: UUID) -> bool:
    """Whether limits bind this department for reference only (参照时限, Art. 43)."""
    return repository.by_id(session, department_id).regime is Regime.BY_REFERENCE


def _parent_and_area(
    session: Session, found: Department, body: DepartmentDescribe
) -> tuple[Department | None, Area | None]:
    """The department above and the area. Raises ``Invalid`` for what is not there or has ended."""
    errors = []
    parent = repository.by_code(session, body.parent_code) if body.parent_code else None
    area = areas.by_code(session, body.area_code) if body.area_code else None
    if body.parent_code and (parent is None or parent.ended_on is not None):
        detail = _("No department with this code goes on")
        fix = _("Choose one of the departments of the register that has not ended")
        errors.append(FieldError("/parent_code", "unknown_department", detail, fix))
    if body.area_code and area is None:
        errors.append(unknown_area("/area_code"))
    if area is not None and area.valid_until is not None and found.area_code != area.code:
        detail = _("The area %(name)s has ended", name=area.name)
        fix = _("Choose the area that came after it")
        errors.append(FieldError("/area_code", "area_ended", detail, fix))
    if errors:
        raise Invalid(errors=errors)
    return parent, area


def _tree(
    session: Session, found: Department, level: Level | None, parent: Department | None
) -> list[FieldError]:
    errors = []
    if parent is not None and found.id in repository.above(session, parent.id):
        detail = _("%(name)s is this department itself, or lies below it", name=parent.name)
        fix = _("Choose a department that does not lie below this one")
        errors.append(FieldError("/parent_code", "circle", detail, fix))
    for child in repository.below(session, found.id):
        points = child.level is Level.USING_POINT and level is not Level.TOWNSHIP
        if points or (level and child.level and child.level.depth < level.depth):
            detail = _("%(name)s below this department would not fit any more", name=child.name)
            fix = _("Change the departments below first, or choose another level")
            errors.append(FieldError("/level", "below_does_not_fit", detail, fix))
            break
    return errors
