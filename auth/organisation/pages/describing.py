"""Pages by which the data administration describes a department and records its duties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session
from starlette.responses import Response

from auth.departments import repository as register
from auth.departments import service as departments
from auth.departments.forms import with_codes
from auth.departments.models import Department
from auth.departments.schemas import DepartmentDescribe, DepartmentQuota
from auth.departments.views import Named, named
from auth.departments.words import Level, Line, Regime
from auth.duties import repository as duties
from auth.duties import service as dutying
from auth.duties.models import Duty
from auth.duties.schemas import DutyEnd, DutyRecord
from auth.guard import Authorized
from auth.once import OnceDep
from auth.organisation.access import (
    BoundableDepartment,
    BoundableDepartmentSeen,
    DescribableDepartment,
    DescribableDepartmentSeen,
    DutiableDepartment,
    DutiableDepartmentSeen,
    DutyNo,
)
from auth.organisation.forms import DESCRIPTION, DUTY, QUOTA
from auth.organisation.views.department import Proposal, areas_near, proposal
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.i18n import Message
from shuqiao.settings import settings
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page import Page
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@dataclass(frozen=True, slots=True)
class DescriptionPage(Page):
    """What is said of a department, to be changed. ``proposed``: what its credit code points to."""

    template = "organisation/description.html"
    form: Form
    labels: Mapping[str, Message]
    department: Department
    proposed: Proposal | None
    named: Named
    levels: Sequence[tuple[str, Message]]
    lines: Sequence[tuple[str, Message]]
    regimes: Sequence[tuple[str, Message]]


def description_page(
    session: Session, found: Authorized[Department], form: Form
) -> DescriptionPage:
    department = found.object
    is_open = department.level is None and department.area_code is None
    return DescriptionPage(
        form=form,
        labels=DESCRIPTION,
        department=department,
        proposed=proposal(session, department) if is_open else None,
        named=named(session, areas_near(session, department)),
        levels=[(word.value, word.label) for word in Level],
        lines=[(word.value, word.label) for word in Line],
        regimes=[(word.value, word.label) for word in Regime],
    )


@router.page("/departments/{code}/description")
def ask(found: DescribableDepartmentSeen, session: ReadSessionDep) -> DescriptionPage:
    """The form with what is stated; where nothing is, with what the credit code proposes."""
    department = found.object
    said: dict[str, object] = {
        name: getattr(department, name)
        for name in DESCRIPTION
        if name != "parent_code" and getattr(department, name)
    }
    if department.parent_id is not None:
        said["parent_code"] = register.by_id(session, department.parent_id).code
    proposed = proposal(session, department)
    if proposed is not None and department.level is None and department.area_code is None:
        said |= {"level": proposed.level, "area_code": proposed.area.code}
    return description_page(session, found, Form.of(said))


@router.form("/departments/{code}/description", again=description_page)
def describe(
    found: DescribableDepartment, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    fields = {"of_areas": ["area_code"], "of_departments": ["parent_code"]}
    body = with_codes(session, form, **fields).parse(DepartmentDescribe)
    departments.describe(session, found.subject, found.object, body, version=form.version)
    return once.go_to(f"/departments/{found.object.code}?done=described")


@dataclass(frozen=True, slots=True)
class QuotaPage(Page):
    """How much a department may keep on the disk, to be changed. ``usual_mb``: what holds without
    a value of its own.
    """

    template = "organisation/quota.html"
    form: Form
    labels: Mapping[str, Message]
    department: Department
    usual_mb: int


def quota_page(session: Session, found: Authorized[Department], form: Form) -> QuotaPage:
    usual_mb = settings().department_quota_bytes // 1_048_576
    return QuotaPage(form, QUOTA, found.object, usual_mb)


@router.page("/departments/{code}/quota")
def ask_for_quota(found: BoundableDepartmentSeen, session: ReadSessionDep) -> QuotaPage:
    return quota_page(session, found, Form.of({"quota_mb": found.object.quota_mb}))


@router.form("/departments/{code}/quota", again=quota_page)
def set_quota(
    found: BoundableDepartment, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    wanted = form.parse(DepartmentQuota).quota_mb
    departments.set_quota(session, found.subject, found.object, wanted, version=form.version)
    return once.go_to(f"/departments/{found.object.code}?done=quota")


@dataclass(frozen=True, slots=True)
class DutyPage(Page):
    """A duty to be recorded."""

    template = "organisation/duty.html"
    form: Form
    labels: Mapping[str, Message]
    department: Department


def duty_page(session: Session, found: Authorized[Department], form: Form) -> DutyPage:
    return DutyPage(form, DUTY, found.object)


@router.page("/departments/{code}/duties/new")
def ask_for_duty(found: DutiableDepartmentSeen, session: ReadSessionDep) -> DutyPage:
    return duty_page(session, found, Form())


@router.form("/departments/{code}/duties/new", again=duty_page)
def record_duty(
    found: DutiableDepartment, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    dutying.record(session, found.subject, found.object, form.parse(DutyRecord))
    return once.go_to(f"/departments/{found.object.code}?done=duty#duties")


@dataclass(frozen=True, slots=True)
class DutyEndPage(Page):
    """The question on which day a duty ends."""

    template = "organisation/duty_end.html"
    form: Form
    labels: Mapping[str, Message]
    department: Department
    duty: Duty


def duty_end_page(
    session: Session, found: Authorized[Department], duty_no: DutyNo, form: Form
) -> DutyEndPage:
    duty = duties.by_no(session, found.object.id, duty_no)
    if duty is None:
        raise NotFound
    return DutyEndPage(form, DUTY, found.object, duty)


@router.page("/departments/{code}/duties/{duty_no}/end")
def ask_to_end(
    found: DutiableDepartmentSeen, duty_no: DutyNo, session: ReadSessionDep
) -> DutyEndPage:
    return duty_end_page(session, found, duty_no, Form())


@router.form("/departments/{code}/duties/{duty_no}/end", again=duty_end_page)
def end_duty(
    found: DutiableDepartment, duty_no: DutyNo, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    dutying.end(session, found.subject, found.object, duty_no, form.parse(DutyEnd))
    return once.go_to(f"/departments/{found.object.code}?done=duty_ended#duties")
