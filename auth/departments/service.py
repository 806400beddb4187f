"""The register of departments: create, rename, look up."""

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from auth.departments import repository
from auth.departments.errors import NameChanged
from auth.departments.models import Department
from shuqiao.codes.credit import check_credit_code
from shuqiao.db import insert_once
from shuqiao.errors import Conflict, NotFound
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.subject import Subject


def create_department(session: Session, subject: Subject, *, code: str, name: str) -> Department:
    """Register a department under its GB 32100 code. Raises ``Invalid`` or ``Conflict``."""
    check_credit_code(code, pointer="/code", kinds=settings().department_code_kinds)
    taken = repository.of_code_or_name(session, code, name)
    if taken is not None:
        raise Conflict(_("A department with this code or name exists: %(name)s", name=taken.name))
    department = Department(code=code, name=name)
    insert_once(
        session,
        department,
        Conflict(_("A department with this code or name exists: %(name)s", name=name)),
    )
    obj = ObjectRef("Department", code)
    append(session, subject, Event.DEPARTMENT_CREATED, stream=f"auth:department:{code}", obj=obj)
    return department


def rename_department(
    session: Session, subject: Subject, found: Department, *, name: str, before: str
) -> Department:
    """Give a department another name; its code never changes.

    ``before`` is the name that was shown.

    Raises ``NameChanged`` (412) when somebody was faster, ``Conflict`` when another department has
    the name.
    """
    if found.name != before:
        raise NameChanged
    refusal = Conflict(_("A department with this code or name exists: %(name)s", name=name))
    if repository.is_taken(session, name, apart_from=found.id):
        raise refusal
    found.name = name
    insert_once(session, found, refusal)
    append(
        session,
        subject,
        Event.DEPARTMENT_RENAMED,
        stream=found.audit_stream(),
        obj=found.audit_ref(),
        change=(before, name),
    )
    return found


def department_by_code(session: Session, code: str) -> Department:
    """The department of this code. Raises ``NotFound``."""
    found = repository.by_code(session, code)
    if found is None:
        raise NotFound(_("No department has the code %(code)s", code=code))
    return found
