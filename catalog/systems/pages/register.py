"""Pages of information systems: the register, one system, the forms of both."""

from typing import Annotated

from fastapi import Query
from sqlmodel import Session
from starlette.responses import Response

from auth.guard import Authorized, is_allowed
from auth.once import OnceDep
from catalog.systems import repository
from catalog.systems.access import (
    SYSTEMS,
    EditableSystem,
    EditableSystemSeen,
    ReadableSystem,
    SystemLister,
    SystemRegistrar,
)
from catalog.systems.lifecycle import EDIT, MOVES, REGISTER
from catalog.systems.models import InformationSystem
from catalog.systems.schemas import SystemCreate, SystemMove, SystemUpdate, WantedSystems
from catalog.systems.service import register as registering
from catalog.systems.views.register import (
    SystemFormPage,
    SystemPage,
    SystemsPage,
    form_page,
    system_page,
    systems_page,
)
from catalog.systems.words import SystemStatus
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.subject import Subject
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()

Done = Annotated[str, Query(max_length=20)]


@router.page("/systems")
def index(
    subject: SystemLister,
    session: ReadSessionDep,
    wanted: PageDep,
    q: Annotated[str, Query(max_length=100)] = "",
    owner: Annotated[str, Query(max_length=18)] = "",
    status: Annotated[str, Query(max_length=20)] = "",
) -> SystemsPage:
    """The systems the reader may see; what is looked for stays in the address."""
    known = SystemStatus(status) if status in set(SystemStatus) else None
    return systems_page(
        session,
        subject,
        wanted,
        WantedSystems(q=q, owner=owner, status=known),
        may_register=is_allowed(subject, Action.SYSTEM_REGISTER, SYSTEMS),
    )


def new_page(session: Session, subject: Subject, form: Form) -> SystemFormPage:
    return form_page(session, subject, form)


@router.page("/systems/new")
def ask(subject: SystemRegistrar, session: ReadSessionDep) -> SystemFormPage:
    """The form of a system that is not registered yet."""
    return new_page(session, subject, Form())


@router.form("/systems/new", again=new_page)
def register(
    subject: SystemRegistrar, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    system = registering.register(session, subject, form.parse(SystemCreate))
    return once.go_to(f"/systems/{system.system_no}?done={REGISTER.word}")


@router.page("/systems/{no}")
def one(found: ReadableSystem, session: ReadSessionDep, done: Done = "") -> SystemPage:
    """One system with its days, its duties, and what may be done with it."""
    return system_page(session, found, Form(), done)


@router.form("/systems/{no}/states", again=system_page)
def move(found: EditableSystem, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = form.parse(SystemMove)
    registering.move(session, found.subject, found.object, body, version=form.version)
    step = MOVES[body.status]
    return once.go_to(f"/systems/{found.object.system_no}?done={step.word}")


def edit_page(session: Session, found: Authorized[InformationSystem], form: Form) -> SystemFormPage:
    return form_page(session, found.subject, form, found.object)


@router.page("/systems/{no}/edit")
def describe(found: EditableSystemSeen, session: ReadSessionDep) -> SystemFormPage:
    """The form with what is said of the system."""
    system = found.object
    served = repository.duties_of(session, {system.id}).get(system.id, ())
    said = system.model_dump(include=set(SystemUpdate.model_fields))
    said["duties"] = [duty.duty_no for duty in served]
    return edit_page(session, found, Form.of(said))


@router.form("/systems/{no}/edit", again=edit_page)
def edit(found: EditableSystem, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = form.parse(SystemUpdate)
    registering.edit(session, found.subject, found.object, body, version=form.version)
    return once.go_to(f"/systems/{found.object.system_no}?done={EDIT.word}")
