"""Pages of departments (部门), for the three administrators."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from auth.administration import views
from auth.administration.access import ACCOUNTS, DEPARTMENTS, department_seen, department_to_change
from auth.administration.pages.accounts import failed, status_of, to_page
from auth.administration.schemas import DepartmentCreate, DepartmentRename
from auth.departments import service as departments
from auth.departments.models import Department
from auth.guard import Authorized, is_allowed, may, may_at
from auth.once import OnceDep
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.errors import Conflict, Invalid
from shuqiao.i18n import Message, _
from shuqiao.ids import uuid7
from shuqiao.subject import Subject
from shuqiao.web.engine import page
from shuqiao.web.examples import Example, example
from shuqiao.web.forms import Form, FormDep, FormInvalid

router = APIRouter(prefix="/admin")

LABELS: Final[Mapping[str, Message]] = {
    "code": _("Unified social credit code"),
    "name": _("Name"),
    "name_before": _("Name"),
}
DONE: Final[Mapping[str, Message]] = {
    "added": _("The department has been added"),
    "renamed": _("The department has been renamed"),
}
_PROVIDER: Final = {"code": "11150000009900021B"}

SeenDepartment = Annotated[Authorized[Department], may(Action.DEPARTMENT_READ, department_seen)]


@router.get("/departments")
@example(
    Example(
        world="accounts", who="audit_admin", success=200, visibility="owner", forbidden="applicant"
    )
)
def departments_page(
    request: Request,
    subject: Annotated[Subject, may_at(Action.DEPARTMENT_READ, DEPARTMENTS)],
    session: ReadSessionDep,
    done: str = "",
) -> Response:
    """All departments with their accounts and the roles nobody holds (岗位空缺)."""
    return _departments(request, session, subject, Form.of(), done=done)


@router.post("/departments", status_code=303)
@example(
    Example(
        world="accounts",
        who="system_admin",
        success=303,
        visibility="owner",
        forbidden="security_admin",
        event="auth:department:created",
        body={"code": "11150000009900056X", "name": "内蒙古自治区水利厅"},
    )
)
def add_department(
    request: Request,
    subject: Annotated[Subject, may_at(Action.DEPARTMENT_CREATE, DEPARTMENTS)],
    session: SessionDep,
    form: FormDep,
    once: OnceDep,
) -> Response:
    try:
        body = form.parse(DepartmentCreate)
        departments.create_department(session, subject, code=body.code, name=body.name)
    except (FormInvalid, Invalid, Conflict) as error:
        start_over(session)
        return _departments(request, session, subject, failed(form, error), status=status_of(error))
    return to_page(once, "/admin/departments?done=added")


@router.get("/departments/{code}")
@example(
    Example(
        world="accounts",
        who="security_admin",
        success=200,
        visibility="owner",
        forbidden="applicant",
        path=_PROVIDER,
    )
)
def department_page(
    request: Request, found: SeenDepartment, session: ReadSessionDep, done: str = ""
) -> Response:
    """One department: who holds which role, and its name."""
    form = Form.of({"name": found.object.name, "name_before": found.object.name})
    return _department(request, session, found, form, done=done)


@router.post("/departments/{code}", status_code=303)
@example(
    Example(
        world="accounts",
        who="system_admin",
        success=303,
        visibility="owner",
        forbidden="security_admin",
        path=_PROVIDER,
        event="auth:department:renamed",
        body={"name": "内蒙古自治区教育和科技厅", "name_before": "内蒙古自治区教育厅"},
    )
)
def rename_department(
    request: Request,
    found: Annotated[Authorized[Department], may(Action.DEPARTMENT_RENAME, department_to_change)],
    session: SessionDep,
    form: FormDep,
    once: OnceDep,
) -> Response:
    try:
        body = form.parse(DepartmentRename)
        departments.rename_department(
            session, found.subject, found.object, name=body.name, before=body.name_before
        )
    except (FormInvalid, Invalid, Conflict) as error:
        start_over(session)
        return _department(request, session, found, failed(form, error), status=status_of(error))
    return to_page(once, f"/admin/departments/{found.object.code}?done=renamed")


def _departments(
    request: Request,
    session: Session,
    subject: Subject,
    form: Form,
    *,
    done: str = "",
    status: int = 200,
) -> Response:
    values = {
        "rows": views.departments(session),
        "form": form,
        "labels": LABELS,
        "done": DONE.get(done),
        "may_create": is_allowed(subject, Action.DEPARTMENT_CREATE, DEPARTMENTS),
        "once_key": uuid7().hex,
    }
    return page(request, "administration/departments.html", values, status=status)


def _department(
    request: Request,
    session: Session,
    found: Authorized[Department],
    form: Form,
    *,
    done: str = "",
    status: int = 200,
) -> Response:
    values = {
        "row": views.department_row(session, found.object),
        "form": form,
        "labels": LABELS,
        "done": DONE.get(done),
        "may_rename": is_allowed(found.subject, Action.DEPARTMENT_RENAME, found.object),
        "may_create": is_allowed(found.subject, Action.ACCOUNT_CREATE, ACCOUNTS),
        "once_key": uuid7().hex,
    }
    return page(request, "administration/department.html", values, status=status)
