"""Pages of writing a request: the form whose draft always saves, and
the same form for a draft to correct.
"""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.departments import repository as departments
from auth.guard import Authorized, is_allowed
from auth.once import OnceDep
from catalog.resources.models import DataResource
from catalog.resources.words import ShareWay
from exchange.requests import lifecycle, repository, service
from exchange.requests.access import (
    EditableRequest,
    EditableRequestSeen,
    RequestableResource,
    RequestableResourceOfForm,
)
from exchange.requests.checks import LONGEST_YEARS
from exchange.requests.forms import asked_again, first_values, present_values
from exchange.requests.models import ShareRequest
from exchange.requests.schemas import RequestAnswers, RequestCreate
from exchange.requests.views.ahead import ahead, ahead_of_new, expected
from exchange.requests.views.changes import last_return
from exchange.requests.views.lists import duties, items_shown
from exchange.requests.words import FIELDS
from policies.actions import Action
from shuqiao.clock import BEIJING
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.desk import drafts
from shuqiao.errors import Invalid
from shuqiao.ids import uuid7
from shuqiao.subject import Subject
from shuqiao.web.engine import page
from shuqiao.web.forms import Form, FormDep, FormInvalid

router = APIRouter()

#: Names under which drafts of the two forms are kept.
NEW: Final = "request/new"
EDIT: Final = "request/edit"
_PAGE_FIELDS: Final = frozenset({"csrf_token", "once_key", "version", "intent", "resource_code"})


@router.get("/requests/new")
def new_page(
    request: Request,
    found: RequestableResource,
    session: ReadSessionDep,
    like: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The form; with ``like`` filled from an earlier request of the
    same department, so that nothing is asked twice.
    """
    earlier = repository.by_no(session, like) if like else None
    if earlier is not None and not is_allowed(found.subject, Action.REQUEST_READ, earlier):
        earlier = None
    kept = _kept(session, found.subject, NEW, found.object.code)
    if earlier is not None:
        form = Form.of(asked_again(session, earlier))
    else:
        form = Form.of(kept.fields if kept else first_values(found.object))
    return _new(request, session, found, form, kept=kept, is_shown=earlier is None)


@router.post("/requests/new", status_code=303)
def create(
    request: Request,
    found: RequestableResourceOfForm,
    session: SessionDep,
    form: FormDep,
    once: OnceDep,
) -> Response:
    """Make the request of the form; what is not right yet stays a draft, as it was typed."""
    subject, resource = found.subject, found.object
    if form.text("intent") == "draft":
        _keep(session, subject, NEW, resource.code, form)
        return RedirectResponse(
            once.keep_redirect(f"/requests/new?resource={resource.url_code}"), 303
        )
    try:
        made = service.create(session, subject, resource, _answered(form).parse(RequestCreate))
    except (FormInvalid, Invalid) as error:
        start_over(session)
        kept = _keep(session, subject, NEW, resource.code, form)
        return _new(request, session, found, _failed(form, error), kept=kept, status=422)
    _forget(session, subject, NEW, resource.code)
    return RedirectResponse(once.keep_redirect(f"/requests/{made.request_no}/check"), 303)


@router.post("/requests/new/draft")
def keep_new(
    request: Request, found: RequestableResourceOfForm, session: SessionDep, form: FormDep
) -> Response:
    """Keep what is typed so far, right or wrong; or throw it away."""
    code = found.object.code
    if form.text("intent") == "discard":
        _forget(session, found.subject, NEW, code)
        return RedirectResponse(f"/requests/new?resource={found.object.url_code}", 303)
    return _saved(request, _keep(session, found.subject, NEW, code, form))


@router.get("/requests/{no}/edit")
def edit_page(request: Request, found: EditableRequestSeen, session: ReadSessionDep) -> Response:
    """The draft, filled in; what was typed here and not yet saved comes back."""
    row = found.object
    if row.state not in lifecycle.EDIT.at:
        return RedirectResponse(f"/requests/{row.request_no}", 303)
    kept = _kept(session, found.subject, EDIT, row.request_no)
    form = Form.of(kept.fields if kept else present_values(session, row))
    return _edit(request, session, found, form, kept=kept)


@router.post("/requests/{no}/edit", status_code=303)
def edit(
    request: Request, found: EditableRequest, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    """Change the request as the form says; nothing changed is nothing done."""
    row, subject = found.object, found.subject
    if form.text("intent") == "draft":
        _keep(session, subject, EDIT, row.request_no, form)
        return RedirectResponse(once.keep_redirect(f"/requests/{row.request_no}/edit"), 303)
    try:
        wanted = _answered(form).parse(RequestAnswers)
        if wanted.model_dump() != service.answers(session, row).model_dump():
            service.edit(session, subject, row, form.version, wanted)
    except (FormInvalid, Invalid) as error:
        start_over(session)
        kept = _keep(session, subject, EDIT, row.request_no, form)
        return _edit(request, session, found, _failed(form, error), kept=kept, status=422)
    _forget(session, subject, EDIT, row.request_no)
    return RedirectResponse(once.keep_redirect(f"/requests/{row.request_no}/check"), 303)


@router.post("/requests/{no}/edit/draft")
def keep_edit(
    request: Request, found: EditableRequest, session: SessionDep, form: FormDep
) -> Response:
    no = found.object.request_no
    if form.text("intent") == "discard":
        _forget(session, found.subject, EDIT, no)
        return RedirectResponse(f"/requests/{no}/edit", 303)
    return _saved(request, _keep(session, found.subject, EDIT, no, form))


def _answered(form: Form) -> Form:
    """The form without the button that was pressed."""
    return replace(
        form, values={name: texts for name, texts in form.values.items() if name != "intent"}
    )


def _failed(form: Form, error: FormInvalid | Invalid) -> Form:
    return error.form if isinstance(error, FormInvalid) else form.refused(error)


def _kept(session: Session, subject: Subject, form: str, case_no: str) -> drafts.Kept | None:
    assert subject.user_id is not None
    return drafts.kept(session, subject.user_id, form=form, case_no=case_no)


def _keep(session: Session, subject: Subject, name: str, case_no: str, form: Form) -> drafts.Kept:
    assert subject.user_id is not None
    fields = {field: texts for field, texts in form.values.items() if field not in _PAGE_FIELDS}
    return drafts.keep(session, subject.user_id, form=name, case_no=case_no, fields=fields)


def _forget(session: Session, subject: Subject, form: str, case_no: str) -> None:
    assert subject.user_id is not None
    drafts.forget(session, subject.user_id, form=form, case_no=case_no)


def _saved(request: Request, kept: drafts.Kept) -> Response:
    chosen = len(kept.fields.get("item_ids", ()))
    return page(request, "requests/saved.html", {"time": clock_time(kept), "chosen": chosen})


def clock_time(kept: drafts.Kept) -> str:
    return f"{kept.saved_at.astimezone(BEIJING):%H:%M}"


def _new(
    request: Request,
    session: Session,
    found: Authorized[DataResource],
    form: Form,
    *,
    kept: drafts.Kept | None,
    is_shown: bool = True,
    status: int = 200,
) -> Response:
    resource = found.object
    values = {
        "form": form.gathered("item_ids"),
        "kept": kept,
        "is_kept_shown": is_shown,
        "row": None,
        "ahead": ahead_of_new(session, resource, found.subject.department_name),
        "action": "/requests/new",
        "discard_href": f"/requests/new?resource={resource.url_code}",
        **_form_values(session, resource),
    }
    return page(request, "requests/form.html", values, status=status)


def _edit(
    request: Request,
    session: Session,
    found: Authorized[ShareRequest],
    form: Form,
    *,
    kept: drafts.Kept | None,
    status: int = 200,
) -> Response:
    row = found.object
    values = {
        "form": form.gathered("item_ids"),
        "kept": kept,
        "is_kept_shown": True,
        "row": row,
        "ahead": ahead(session, row),
        "action": f"/requests/{row.request_no}/edit",
        "returned": last_return(session, row),
        **_form_values(session, repository.resource(session, row.resource_id)),
    }
    return page(request, "requests/form.html", values, status=status)


def _form_values(session: Session, resource: DataResource) -> dict[str, Any]:
    return {
        "resource": resource,
        "items": [(item, duties(item)) for item in items_shown(session, resource)],
        "provider": departments.by_id(session, resource.provider_id).name,
        "ways": list(ShareWay),
        "labels": FIELDS,
        "expected": expected(session, resource),
        "once_key": uuid7().hex,
        "clock_time": clock_time,
        "longest_years": LONGEST_YEARS,
    }
