"""Pages of departments (部门), for the three administrators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

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
from auth.administration.schemas import DepartmentCreate, DepartmentRename
from auth.administration.views import DepartmentRow
from auth.departments import service as departments
from auth.departments.models import Department
from auth.guard import Authorized, is_allowed
from auth.once import OnceDep
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page import Page
from shuqiao.web.page_router import PageRouter

router = PageRouter(prefix="/admin")

LABELS: Final[Mapping[str, Message]] = {
    "code": _("Unified social credit code"),
    "name": _("Name"),
    "name_before": _("Name"),
    "document_no": _("Number of the document"),
    "effective_on": _("In effect from"),
}
DONE: Final[Mapping[str, Message]] = {
    "added": _("The department has been added"),
    "renamed": _("The department has been renamed"),
}


@dataclass(frozen=True, slots=True)
class DepartmentsPage(Page):
    """All departments with their accounts and the roles nobody holds (岗位空缺)."""

    template = "administration/departments.html"
    form: Form
    labels: Mapping[str, Message]
    rows: Sequence[DepartmentRow]
    done: Message | None
    may_create: bool


def departments_page(
    session: Session, subject: Subject, form: Form, done: str = ""
) -> DepartmentsPage:
    return DepartmentsPage(
        form=form,
        labels=LABELS,
        rows=views.departments(session),
        done=DONE.get(done),
        may_create=is_allowed(subject, Action.DEPARTMENT_CREATE, DEPARTMENTS),
    )


@dataclass(frozen=True, slots=True)
class DepartmentPage(Page):
    """One department: who holds which role, and its name."""

    template = "administration/department.html"
    form: Form
    labels: Mapping[str, Message]
    row: DepartmentRow
    done: Message | None
    may_rename: bool
    may_create: bool


def department_page(
    session: Session, found: Authorized[Department], form: Form, done: str = ""
) -> DepartmentPage:
    return DepartmentPage(
        form=form,
        labels=LABELS,
        row=views.department_row(session, found.object),
        done=DONE.get(done),
        may_rename=is_allowed(found.subject, Action.DEPARTMENT_RENAME, found.object),
        may_create=is_allowed(found.subject, Action.ACCOUNT_CREATE, ACCOUNTS),
    )


@router.page("/departments")
def index(subject: DepartmentsReader, session: ReadSessionDep, done: str = "") -> DepartmentsPage:
    return departments_page(session, subject, Form(), done)


@router.form("/departments", again=departments_page)
def add(subject: DepartmentCreator, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = form.parse(DepartmentCreate)
    departments.create_department(session, subject, code=body.code, name=body.name)
    return once.go_to("/admin/departments?done=added")


@router.page("/departments/{code}")
def one(found: ReadableDepartment, session: ReadSessionDep, done: str = "") -> DepartmentPage:
    form = Form.of({"name": found.object.name, "name_before": found.object.name})
    return department_page(session, found, form, done)


@router.form("/departments/{code}", again=department_page)
def rename(
    found: RenamableDepartment, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    body = form.parse(DepartmentRename)
    departments.rename_department(
        session,
        found.subject,
        found.object,
        name=body.name,
        before=body.name_before,
        act=body.act,
    )
    return once.go_to(f"/admin/departments/{found.object.code}?done=renamed")
