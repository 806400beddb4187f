"""HTTP of the register of departments: read by everybody, written by administrators."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from audit.receipts import receipt
from auth.administration.access import DepartmentCreator, RenamableDepartment
from auth.administration.schemas import DepartmentCreate, DepartmentRename
from auth.departments import repository as register
from auth.departments import service as departments
from auth.departments.models import Department
from auth.departments.schemas import DepartmentDescribe, DepartmentQuota, WantedDepartments
from auth.departments.words import Level
from auth.once import OnceDep
from auth.organisation.access import (
    BoundableDepartment,
    BrowsedDepartment,
    Browser,
    DescribableDepartment,
)
from auth.organisation.schemas import DepartmentChanged, DepartmentList, DepartmentShown
from auth.organisation.views.department import list_rows, shown
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.subject import Subject
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["departments"], route_class=StrictRoute)


@router.get("/departments", operation_id="departments_list", summary="Departments")
def list_departments(
    subject: Browser,
    session: ReadSessionDep,
    q: Annotated[str, Query(max_length=100, description="Words of names, former ones too")] = "",
    area: Annotated[
        str, Query(pattern="^([1-9][0-9]{5})?$", description="Code of an area, with those below it")
    ] = "",
    parent: Annotated[str, Query(max_length=18, description="Code of the department above")] = "",
    level: Annotated[Level | None, Query(description="Level of government")] = None,
) -> DepartmentList:
    """By code, ended ones too."""
    wanted = WantedDepartments(q, area, parent, level)
    rows = register.found(session, wanted)
    return DepartmentList(items=list_rows(session, subject, rows))


@router.post(
    "/departments", status_code=201, operation_id="departments_create", summary="Add a department"
)
def create_department(
    body: DepartmentCreate,
    subject: DepartmentCreator,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> DepartmentChanged:
    made = departments.create_department(session, subject, code=body.code, name=body.name)
    return once.keep(_changed(session, subject, made, response))


@router.get("/departments/{code}", operation_id="departments_show", summary="One department")
def show_department(
    found: BrowsedDepartment, session: ReadSessionDep, response: Response
) -> DepartmentShown:
    response.headers["ETag"] = etag(found.object.version)
    return shown(session, found.subject, found.object)


@router.put("/departments/{code}", operation_id="departments_rename", summary="Rename a department")
def rename_department(
    body: DepartmentRename, session: SessionDep, found: RenamableDepartment, response: Response
) -> DepartmentChanged:
    made = departments.rename_department(
        session,
        found.subject,
        found.object,
        name=body.name,
        before=body.name_before,
        act=body.act,
    )
    return _changed(session, found.subject, made, response)


@router.put(
    "/departments/{code}/description",
    operation_id="departments_describe",
    summary="Describe a department",
)
def describe_department(
    body: DepartmentDescribe,
    session: SessionDep,
    found: DescribableDepartment,
    version: IfMatchDep,
    response: Response,
) -> DepartmentChanged:
    """Replaces all that is said of it beside code and name."""
    made = departments.describe(session, found.subject, found.object, body, version=version)
    return _changed(session, found.subject, made, response)


@router.put(
    "/departments/{code}/quota",
    operation_id="departments_set_quota",
    summary="Set a department's storage quota",
)
def set_quota(
    body: DepartmentQuota,
    session: SessionDep,
    found: BoundableDepartment,
    version: IfMatchDep,
    response: Response,
) -> DepartmentChanged:
    """Null: what holds for the whole installation. What is kept already stays."""
    made = departments.set_quota(
        session, found.subject, found.object, body.quota_mb, version=version
    )
    return _changed(session, found.subject, made, response)


def _changed(
    session: Session, subject: Subject, made: Department, response: Response
) -> DepartmentChanged:
    response.headers["ETag"] = etag(made.version)
    return DepartmentChanged(**dict(shown(session, subject, made)), **receipt(session))
