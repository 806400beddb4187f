"""HTTP of duties."""

from fastapi import APIRouter

from audit.receipts import receipt
from auth.duties import repository as duties
from auth.duties import service as dutying
from auth.duties.schemas import DutyEnd, DutyRead, DutyRecord
from auth.once import OnceDep
from auth.organisation.access import BrowsedDepartment, DutiableDepartment, DutyNo
from auth.organisation.schemas import DutyChanged, DutyList
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["departments"], route_class=StrictRoute)


@router.get(
    "/departments/{code}/duties", operation_id="duties_list", summary="Duties of a department"
)
def list_duties(found: BrowsedDepartment, session: ReadSessionDep) -> DutyList:
    found_duties = duties.of_department(session, found.object.id)
    return DutyList(items=[DutyRead.of(duty) for duty in found_duties])


@router.post(
    "/departments/{code}/duties",
    status_code=201,
    operation_id="duties_record",
    summary="Record a duty",
)
def record_duty(
    body: DutyRecord, found: DutiableDepartment, session: SessionDep, once: OnceDep
) -> DutyChanged:
    duty = dutying.record(session, found.subject, found.object, body)
    return once.keep(DutyChanged(**dict(DutyRead.of(duty)), **receipt(session)))


@router.post(
    "/departments/{code}/duties/{duty_no}/end",
    status_code=201,
    operation_id="duties_end",
    summary="End a duty",
)
def end_duty(
    duty_no: DutyNo, body: DutyEnd, found: DutiableDepartment, session: SessionDep, once: OnceDep
) -> DutyChanged:
    duty = dutying.end(session, found.subject, found.object, duty_no, body)
    return once.keep(DutyChanged(**dict(DutyRead.of(duty)), **receipt(session)))
