"""HTTP of the register of departments."""

from fastapi import APIRouter
from sqlmodel import Session

from audit.receipts import receipt
from auth.administration import views
from auth.administration.access import (
    DepartmentCreator,
    DepartmentsReader,
    ReadableDepartment,
    RenamableDepartment,
)
from auth.administration.schemas import (
    DepartmentChanged,
    DepartmentCreate,
    DepartmentList,
    DepartmentRead,
    DepartmentRename,
)
from auth.departments import service as departments
from auth.departments.models import Department
from auth.once import OnceDep
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["accounts"], route_class=StrictRoute)


@router.get("/departments", operation_id="departments_list", summary="Departments")
def list_departments(subject: DepartmentsReader, session: ReadSessionDep) -> DepartmentList:
    return DepartmentList(items=[_department_read(row) for row in views.departments(session)])


@router.post(
    "/departments", status_code=201, operation_id="departments_create", summary="Add a department"
)
def create_department(
    body: DepartmentCreate, subject: DepartmentCreator, session: SessionDep, once: OnceDep
) -> DepartmentChanged:
    made = departments.create_department(session, subject, code=body.code, name=body.name)
    return once.keep(_department_changed(session, made))


@router.get("/departments/{code}", operation_id="departments_show", summary="One department")
def show_department(found: ReadableDepartment, session: ReadSessionDep) -> DepartmentRead:
    return _department_read(views.department_row(session, found.object))


@router.put("/departments/{code}", operation_id="departments_rename", summary="Rename a department")
def rename_department(
    body: DepartmentRename, session: SessionDep, found: RenamableDepartment
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
