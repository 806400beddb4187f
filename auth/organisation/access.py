"""From the address to the department or area that somebody reads or describes."""

from typing import Annotated, Final

from fastapi import Path
from sqlmodel import Session

from auth.areas.models import Area
from auth.areas.service import area_by_code
from auth.departments.models import Department
from auth.departments.service import department_by_code
from auth.guard import Authorized, Place, may, may_at
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject

DEPARTMENTS: Final = Place("Departments", "auth:departments")
AREAS: Final = Place("Areas", "auth:areas")

DepartmentCode = Annotated[str, Path(max_length=18)]
AreaCode = Annotated[str, Path(max_length=18)]
DutyNo = Annotated[str, Path(max_length=40)]


def department_seen(code: DepartmentCode, session: ReadSessionDep) -> Department:
    return _department(session, code, lock=False)


def department_to_change(code: DepartmentCode, session: SessionDep) -> Department:
    """The department, its row locked: changes of one department follow each other."""
    return _department(session, code, lock=True)


def area_seen(code: AreaCode, session: ReadSessionDep) -> Area:
    return _area(session, code, lock=False)


def area_to_change(code: AreaCode, session: SessionDep) -> Area:
    return _area(session, code, lock=True)


def _department(session: Session, code: str, *, lock: bool) -> Department:
    try:
        return department_by_code(session, code, lock=lock)
    except NotFound:
        raise NotFound from None


def _area(session: Session, code: str, *, lock: bool) -> Area:
    try:
        return area_by_code(session, code, lock=lock)
    except NotFound:
        raise NotFound from None


Browser = Annotated[Subject, may_at(Action.DEPARTMENT_BROWSE, DEPARTMENTS)]
BrowsedDepartment = Annotated[
    Authorized[Department], may(Action.DEPARTMENT_BROWSE, department_seen)
]
#: For the form that describes it.
DescribableDepartmentSeen = Annotated[
    Authorized[Department], may(Action.DEPARTMENT_DESCRIBE, department_seen)
]
DescribableDepartment = Annotated[
    Authorized[Department], may(Action.DEPARTMENT_DESCRIBE, department_to_change)
]
#: For the forms of its duties.
DutiableDepartmentSeen = Annotated[Authorized[Department], may(Action.DUTY_RECORD, department_seen)]
DutiableDepartment = Annotated[
    Authorized[Department], may(Action.DUTY_RECORD, department_to_change)
]
#: For the form of its quota.
BoundableDepartmentSeen = Annotated[
    Authorized[Department], may(Action.DEPARTMENT_SET_QUOTA, department_seen)
]
BoundableDepartment = Annotated[
    Authorized[Department], may(Action.DEPARTMENT_SET_QUOTA, department_to_change)
]
Reorganiser = Annotated[Subject, may_at(Action.DEPARTMENT_REORGANISE, DEPARTMENTS)]

AreaBrowser = Annotated[Subject, may_at(Action.AREA_BROWSE, AREAS)]
BrowsedArea = Annotated[Authorized[Area], may(Action.AREA_BROWSE, area_seen)]
AreaRegistrar = Annotated[Subject, may_at(Action.AREA_REGISTER, AREAS)]
#: For the page that asks on which day it ended.
EndableAreaSeen = Annotated[Authorized[Area], may(Action.AREA_REGISTER, area_seen)]
EndableArea = Annotated[Authorized[Area], may(Action.AREA_REGISTER, area_to_change)]
