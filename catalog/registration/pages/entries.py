"""The registrar's desk (编目员): my registrations, a new one, its
sections one by one, the check before submission.
"""

from typing import Annotated

from fastapi import Query
from starlette.responses import RedirectResponse, Response

from auth.cases import check
from auth.guard import is_allowed
from auth.identify import SubjectDep
from auth.once import OnceDep
from catalog.registration import service
from catalog.registration.access import (
    EditableResourceSeen,
    NewEntry,
    NewEntryOfForm,
    ReclassifiableResource,
    ReclassifiableResourceSeen,
    SubmittableResource,
    SubmittableResourceSeen,
)
from catalog.registration.views.entry_pages import (
    CheckPage,
    ClassPage,
    TasksPage,
    check_page,
    class_page,
    tasks_page,
)
from catalog.registration.views.list_page import (
    NewRegistrationPage,
    RegistrationsPage,
    new_page,
    registrations_page,
)
from catalog.resources import service as registering
from catalog.resources.access import new_entry
from catalog.resources.errors import Incomplete
from catalog.resources.lifecycle import CHOOSE_CLASS, REGISTER, SUBMIT
from catalog.resources.schemas import ClassChoice, ResourceCreate
from catalog.resources.views import is_editable
from catalog.resources.words import ResourceStatus, ShareType
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep, FormInvalid
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()


@router.page("/resources")
def index(
    subject: SubjectDep,
    session: ReadSessionDep,
    wanted: PageDep,
    status: ResourceStatus | None = None,
    done: Annotated[str, Query(max_length=20)] = "",
) -> RegistrationsPage:
    """The registrations of the reader's department, last changed first."""
    may_register = is_allowed(subject, Action.RESOURCE_REGISTER, new_entry(subject))
    return registrations_page(
        session, subject, wanted, status, may_register=may_register, done=done
    )


@router.page("/resources/new")
def write(
    found: NewEntry,
    session: ReadSessionDep,
    title: Annotated[str, Query(max_length=200)] = "",
) -> NewRegistrationPage:
    """The three things a draft needs; asked by htmx for a title, the
    resources that are called nearly the same.
    """
    filled = {"title": title, "share_type": ShareType.UNCONDITIONAL.value}
    return new_page(session, found, Form.of(filled))


@router.form("/resources/new", again=new_page)
def create(found: NewEntryOfForm, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    made = registering.register(session, found.subject, form.parse(ResourceCreate))
    return once.go_to(f"{registering.edit_href(made)}?done={REGISTER.word}")


@router.page("/resources/{code}/edit")
def tasks(
    found: EditableResourceSeen,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> TasksPage:
    """The task list of one registration; once it is submitted, where it stands."""
    return tasks_page(session, found, done)


@router.page("/resources/{code}/class")
def ask_for_class(found: ReclassifiableResourceSeen, session: ReadSessionDep) -> ClassPage:
    """The question for another class; the draft goes on under another address."""
    check(found.object, CHOOSE_CLASS)
    return class_page(session, found, Form.of({"class_code": found.object.class_code}))


@router.form("/resources/{code}/class", again=class_page)
def choose_class(
    found: ReclassifiableResource, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    chosen = form.parse(ClassChoice).class_code
    made = registering.choose_class(
        session, found.subject, found.object, chosen, version=form.version
    )
    return once.go_to(f"{registering.edit_href(made)}?done={CHOOSE_CLASS.word}")


@router.page("/resources/{code}/edit/check")
def answers(found: SubmittableResourceSeen, session: ReadSessionDep) -> CheckPage | Response:
    """Every answer with the way to change it, all that is missing, and the submission."""
    if not is_editable(found.object):
        return RedirectResponse(registering.edit_href(found.object), 303)
    return check_page(session, found, Form())


@router.form("/resources/{code}/submissions", again=check_page)
def submit(
    found: SubmittableResource, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    """Hand the entry to the department head, as it was shown on the page of the answers."""
    registering.check_seen(found.object, form.version)
    try:
        service.submit(session, found.subject, found.object)
    except Incomplete as lacking:  # the page names what is missing, with the way to it
        raise FormInvalid(form.flawed("", lacking.title)) from None
    return once.go_to(f"{registering.edit_href(found.object)}?done={SUBMIT.word}")
