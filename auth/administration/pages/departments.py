"""Pages of departments (部门), for the three administrators."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from auth.administration import views
from auth.administration.access import (
    ACCOUNTS,
    DEPARTMENTS,
    DepartmentCreator,
    DepartmentsReader,
    ReadableDepartment,
    RenamableDepartment,
)
from auth.administration.forms import failed, status_of
from auth.administration.pages.accounts import to_page
from auth.administration.schemas import DepartmentCreate, DepartmentRename
from auth.departments import service as departments
from auth.departments.models import Department
from auth.guard import Authorized, is_allowed
from auth.once import OnceDep
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.errors import Conflict, Invalid
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.engine import page
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


@router.get("/departments")
def departments_page(
    request: Request, subject: DepartmentsReader, session: ReadSessionDep, done: str = ""
) -> Response:
    """All departments with their accounts and the roles nobody holds (岗位空缺)."""
    return _departments(request, session, subject, Form.of(), done=done)


@router.post("/departments", status_code=303)
def add_department(
    request: Request, subject: DepartmentCreator, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    try:
        body = form.parse(DepartmentCreate)
        departments.create_department(session, subject, code=body.code, name=body.name)
    except (FormInvalid, Invalid, Conflict) as error:
        start_over(session)
        return _departments(request, session, subject, failed(form, error), status=status_of(error))
    return to_page(once, "/admin/departments?done=added")


@router.get("/departments/{code}")
def department_page(
    request: Request, found: ReadableDepartment, session: ReadSessionDep, done: str = ""
) -> Response:
    """One department: who holds which role, and its name."""
    form = Form.of({"name": found.object.name, "name_before": found.object.name})
    return _department(request, session, found, form, done=done)


@router.post("/departments/{code}", status_code=303)
def rename_department(
    request: Request, found: RenamableDepartment, session: SessionDep, form: FormDep, once: OnceDep
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
    }
    return page(request, "administration/department.html", values, status=status)
