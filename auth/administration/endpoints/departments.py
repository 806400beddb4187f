"""HTTP of the register of departments."""

from typing import Annotated, Final

from fastapi import APIRouter
from sqlmodel import Session

from audit.receipts import receipt
from auth.administration import views
from auth.administration.access import DEPARTMENTS, department_seen, department_to_change
from auth.administration.schemas import (
    DepartmentChanged,
    DepartmentCreate,
    DepartmentList,
    DepartmentRead,
    DepartmentRename,
)
from auth.departments import service as departments
from auth.departments.models import Department
from auth.guard import Authorized, may, may_at
from auth.once import OnceDep
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.subject import Subject
from shuqiao.web.examples import Example, example
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["accounts"], route_class=StrictRoute)

#: A department of the examples' world: the provider.
_PROVIDER: Final = {"code": "11150000009900021B"}


@router.get("/departments", operation_id="departments_list", summary="Departments")
@example(
    Example(
        world="accounts", who="audit_admin", success=200, visibility="owner", forbidden="applicant"
    )
)
def list_departments(
    subject: Annotated[Subject, may_at(Action.DEPARTMENT_READ, DEPARTMENTS)],
    session: ReadSessionDep,
) -> DepartmentList:
    return DepartmentList(items=[_department_read(row) for row in views.departments(session)])


@router.post(
    "/departments", status_code=201, operation_id="departments_create", summary="Add a department"
)
@example(
    Example(
        world="accounts",
        who="system_admin",
        success=201,
        visibility="owner",
        forbidden="security_admin",
        event="auth:department:created",
        body={"code": "11150000009900056X", "name": "内蒙古自治区水利厅"},
    )
)
def create_department(
    body: DepartmentCreate,
    subject: Annotated[Subject, may_at(Action.DEPARTMENT_CREATE, DEPARTMENTS)],
    session: SessionDep,
    once: OnceDep,
) -> DepartmentChanged:
    made = departments.create_department(session, subject, code=body.code, name=body.name)
    return once.keep(_department_changed(session, made))


@router.get("/departments/{code}", operation_id="departments_show", summary="One department")
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
def show_department(
    found: Annotated[Authorized[Department], may(Action.DEPARTMENT_READ, department_seen)],
    session: ReadSessionDep,
) -> DepartmentRead:
    return _department_read(views.department_row(session, found.object))


@router.put("/departments/{code}", operation_id="departments_rename", summary="Rename a department")
@example(
    Example(
        world="accounts",
        who="system_admin",
        success=200,
        visibility="owner",
        forbidden="security_admin",
        path=_PROVIDER,
        event="auth:department:renamed",
        body={"name": "内蒙古自治区教育和科技厅", "name_before": "内蒙古自治区教育厅"},
    )
)
def rename_department(
    body: DepartmentRename,
    session: SessionDep,
    found: Annotated[Authorized[Department], may(Action.DEPARTMENT_RENAME, department_to_change)],
) -> DepartmentChanged:
    made = departments.rename_department(
        session, found.subject, found.object, name=body.name, before=body.name_before
    )
    return _department_changed(session, made)


def _department_read(row: views.DepartmentRow) -> DepartmentRead:
    return DepartmentRead(
        code=row.code, name=row.name, accounts=row.accounts, vacant=list(row.vacant)
    )


def _department_changed(session: Session, made: Department) -> DepartmentChanged:
    shown = _department_read(views.department_row(session, made))
    return DepartmentChanged(**shown.model_dump(), **receipt(session))
