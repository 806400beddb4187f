"""Pages of writing a request: the form whose draft always saves, and
the same form for a draft to correct.
"""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import RedirectResponse, Response

from auth.guard import is_allowed
from auth.once import OnceDep
from exchange.requests import lifecycle, repository, service
from exchange.requests.access import (
    EditableRequest,
    EditableRequestSeen,
    RequestableResource,
    RequestableResourceOfForm,
)
from exchange.requests.forms import (
    asked_again,
    begun_with,
    demanded_values,
    present_values,
)
from exchange.requests.schemas import RequestAnswers, RequestCreate
from exchange.requests.views.form_page import (
    RequestFormPage,
    SavedPage,
    draft_of,
    draft_of_new,
    edit_again,
    edit_page,
    keep_new,
    new_again,
    new_page,
    saved_edit,
    saved_new,
)
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@router.page("/requests/new")
def write(
    found: RequestableResource,
    session: ReadSessionDep,
    like: Annotated[str, Query(max_length=20)] = "",
    item: Annotated[list[UUID] | None, Query(max_length=500)] = None,
    demand: Annotated[str, Query(max_length=20, description="Demand that it serves")] = "",
) -> RequestFormPage:
    """The form; with ``like`` filled from an earlier request of the same department, so that
    nothing is asked twice; with ``item`` these are chosen already, beside what is kept; with
    ``demand`` it says which demand it serves, in the words of that.
    """
    kept = draft_of_new(session, found).kept()
    earlier = repository.by_no(session, like) if like else None
    if earlier is not None and is_allowed(found.subject, Action.REQUEST_READ, earlier):
        filled = Form.of(asked_again(session, earlier))
        return new_page(session, found, filled, kept, is_kept_shown=False)
    if demand:
        said = demanded_values(session, found.object, item or (), demand, found.subject)
        return new_page(session, found, Form.of(said), kept, is_kept_shown=False)
    begun = begun_with(found.object, item or (), kept.form if kept else None)
    return new_page(session, found, begun, kept)


@router.form("/requests/new", again=new_again)
def create(
    found: RequestableResourceOfForm, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    """Make the request of the form."""
    resource = found.object
    if form.text("intent") == "draft":
        keep_new(session, found, form)
        return once.go_to(f"/requests/new?resource={resource.url_code}")
    made = service.create(session, found.subject, resource, form.parse(RequestCreate))
    draft_of_new(session, found).sent(form.key)
    return once.go_to(f"/requests/{made.request_no}/check")


@router.form("/requests/new/draft", status_code=200)
def save_new(
    found: RequestableResourceOfForm, session: SessionDep, form: FormDep
) -> SavedPage | Response:
    """Keep what is typed so far, right or wrong; or throw it away."""
    if form.text("intent") == "discard":
        draft_of_new(session, found).forget()
        return RedirectResponse(f"/requests/new?resource={found.object.url_code}", 303)
    return saved_new(session, found, form)


@router.page("/requests/{no}/edit")
def correct(found: EditableRequestSeen, session: ReadSessionDep) -> RequestFormPage | Response:
    """The draft, filled in; what was typed here and not yet saved comes back."""
    row = found.object
    if row.state not in lifecycle.EDIT.at:
        return RedirectResponse(f"/requests/{row.request_no}", 303)
    kept = draft_of(session, found).kept()
    form = kept.form if kept else Form.of(present_values(session, row))
    return edit_page(session, found, form, kept)


@router.form("/requests/{no}/edit", again=edit_again)
def edit(found: EditableRequest, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    """Change the request as the form says; nothing changed is nothing done."""
    row, draft = found.object, draft_of(session, found)
    if form.text("intent") == "draft":
        draft.keep(form.typed, form.key)
        return once.go_to(f"/requests/{row.request_no}/edit")
    wanted = form.parse(RequestAnswers)
    if wanted.model_dump() != service.answers(session, row).model_dump():
        service.edit(session, found.subject, row, form.version, wanted)
    draft.sent(form.key)
    return once.go_to(f"/requests/{row.request_no}/check")


@router.form("/requests/{no}/edit/draft", status_code=200)
def save_edit(found: EditableRequest, session: SessionDep, form: FormDep) -> SavedPage | Response:
    draft = draft_of(session, found)
    if form.text("intent") == "discard":
        draft.forget()
        return RedirectResponse(f"/requests/{found.object.request_no}/edit", 303)
    return saved_edit(session, found, form)
