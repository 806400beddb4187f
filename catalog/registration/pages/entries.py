"""The registrar's desk (编目员): my registrations, a new one, its
sections one by one, the check before submission.
"""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.guard import Authorized, is_allowed
from auth.identify import SubjectDep
from auth.once import OnceDep
from catalog.attachments import repository as attachments
from catalog.registration import service
from catalog.registration.access import (
    EditableResourceSeen,
    NewEntry,
    NewEntryOfForm,
    SubmittableResource,
    SubmittableResourceSeen,
    new_entry,
)
from catalog.registration.views.entries import SHARE_TYPE_HINTS, answers, returned, rows_shown
from catalog.registration.views.progress import progress_of
from catalog.registration.views.sections import changed_since
from catalog.registration.views.similar import similar
from catalog.registration.words import COUNTED, FIELDS, LABELS, SECTION_OF, Section
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.errors import Incomplete
from catalog.resources.lifecycle import LIFECYCLE, REGISTER, SUBMIT
from catalog.resources.models import DataResource
from catalog.resources.schemas import ResourceCreate
from catalog.resources.views import TONES, due, is_editable, people, turn
from catalog.resources.words import ResourceStatus, ShareType
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.errors import Invalid, PreconditionFailed
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.engine import page
from shuqiao.web.forms import Form, FormDep, FormInvalid
from shuqiao.web.paging import PageDep

router = APIRouter()

#: What a step just taken is confirmed with, by the ``done`` of the
#: address; a section's own name says it was saved.
_DONE: Final = {"discarded": _("The draft is discarded")}


@router.get("/resources")
def list_page(
    request: Request,
    subject: SubjectDep,
    session: ReadSessionDep,
    wanted: PageDep,
    status: ResourceStatus | None = None,
) -> Response:
    """The registrations of the reader's department, last changed first."""
    if subject.department_id is None:
        return page(request, "registration/list.html", _no_rows(subject))
    rows, following = resources.page(
        session, subject, wanted, status=status, provider_id=subject.department_id
    )
    values = {
        "rows": rows_shown(session, rows),
        "status": status,
        "is_first": wanted.after is None,
        "counts": resources.counts_by_status(session, subject, subject.department_id),
        "statuses": list(ResourceStatus),
        "next_href": wanted.href(following) if following else "",
        "may_register": _may_register(subject),
    }
    return page(request, "registration/list.html", values)


@router.get("/resources/new")
def new_page(
    request: Request,
    found: NewEntry,
    session: ReadSessionDep,
    title: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The three things a draft needs; asked by htmx for a title, the
    resources that are called nearly the same.
    """
    return _new(
        request,
        session,
        found.subject,
        Form.of({"title": title, "share_type": ShareType.UNCONDITIONAL.value}),
    )


@router.post("/resources/new", status_code=303)
def create(
    request: Request, found: NewEntryOfForm, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    try:
        made = registering.register(session, found.subject, form.parse(ResourceCreate))
    except (FormInvalid, Invalid) as error:
        start_over(session)
        failed = error.form if isinstance(error, FormInvalid) else form.refused(error)
        return _new(request, session, found.subject, failed, status=422)
    return RedirectResponse(
        once.keep_redirect(f"{registering.edit_href(made)}?done={REGISTER.word}"), 303
    )


@router.get("/resources/{code}/edit")
def edit_page(
    request: Request,
    found: EditableResourceSeen,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The task list of one registration; once it is submitted, where it stands."""
    resource, subject = found.object, found.subject
    entry = registering.read(session, resource)
    progress, back = progress_of(session, subject, resource, entry), returned(session, resource)
    files = attachments.attachments_of(session, resource.id)
    changed = changed_since(entry, files, back.entry, back.at) if back and back.entry else set()
    values = {
        "resource": resource,
        "entry": entry,
        "tone": TONES[resource.status],
        "progress": progress,
        "returned": back,
        "changed": changed,
        "is_editable": is_editable(resource),
        "done": _done(done),
        "submitted": SUBMIT.done if done == SUBMIT.word else None,
        "similar": similar(session, subject, resource.title, but=resource.code)
        if is_editable(resource)
        else [],
        "turn": turn(resource),
        "due": due(session, resource),
        "sections": list(COUNTED),
        "check": Section.CHECK,
        "address": registering.edit_href(resource),
        **people(session, resource),
    }
    return page(request, "registration/tasks.html", values)


@router.get("/resources/{code}/edit/check")
def check_page(
    request: Request, found: SubmittableResourceSeen, session: ReadSessionDep
) -> Response:
    """Every answer with the way to change it, all that is missing, and the submission."""
    if not is_editable(found.object):
        return RedirectResponse(registering.edit_href(found.object), 303)
    return _check(request, session, found)


@router.post("/resources/{code}/submissions", status_code=303)
def submit(
    request: Request, found: SubmittableResource, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    """Hand the entry to the department head, as it was shown on the page of the answers."""
    try:
        registering.check_seen(found.object, form.version)
        service.submit(session, found.subject, found.object)
    except (PreconditionFailed, Incomplete) as error:
        start_over(session)
        return _check(request, session, found, failed=error.title, status=error.status)
    return RedirectResponse(
        once.keep_redirect(f"{registering.edit_href(found.object)}?done={SUBMIT.word}"), 303
    )


def _may_register(subject: Subject) -> bool:
    return is_allowed(subject, Action.RESOURCE_REGISTER, new_entry(subject))


def _no_rows(subject: Subject) -> dict[str, Any]:
    return {
        "rows": [],
        "status": None,
        "statuses": list(ResourceStatus),
        "counts": {},
        "next_href": "",
        "is_first": True,
        "may_register": _may_register(subject),
    }


def _new(
    request: Request, session: Session, subject: Subject, form: Form, *, status: int = 200
) -> Response:
    used = resources.class_codes(session, subject.department_id) if subject.department_id else []
    values = {
        "form": form,
        "labels": LABELS,
        "class_codes": used,
        "share_types": [(kind.value, kind.label, SHARE_TYPE_HINTS[kind]) for kind in ShareType],
        "similar": similar(session, subject, form.text("title")),
        "resource": None,
    }
    return page(request, "registration/new.html", values, status=status, block="similar")


def _check(
    request: Request,
    session: Session,
    found: Authorized[DataResource],
    *,
    failed: Message | None = None,
    status: int = 200,
) -> Response:
    resource = found.object
    entry, address = registering.read(session, resource), registering.edit_href(resource)
    progress = progress_of(session, found.subject, resource, entry)
    values = {
        "resource": resource,
        "entry": entry,
        "progress": progress,
        "address": address,
        "labels": LABELS,
        "section_of": SECTION_OF,
        "answers": {section: answers(entry, section, address) for section in FIELDS},
        "files": attachments.attachments_of(session, resource.id),
        "failed": failed,
        "step": SUBMIT,
        "sections": list(Section),
        "here_section": Section.CHECK,
        "is_drafted": _drafted(progress),
        **people(session, resource),
    }
    return page(request, "registration/check.html", values, status=status)


def _drafted(progress: Any) -> list[Section]:
    """Sections with a draft that is not part of what would be submitted."""
    return [state.section for state in progress.states if state.stage.value == "draft"]


def _done(word: str) -> Message | None:
    if word in FIELDS:
        return _("“%(section)s” is saved", section=Section(word).label)
    said = LIFECYCLE.done(word) if word == REGISTER.word else None
    return said.title if said else _DONE.get(word)
