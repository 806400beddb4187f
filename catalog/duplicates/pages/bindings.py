"""Pages of proposals: looked at, then bound one by one or all that are chosen."""

from typing import Annotated, Literal

from fastapi import Query
from starlette.responses import RedirectResponse, Response

from auth.once import OnceDep
from catalog.duplicates import forms
from catalog.duplicates.access import BindableResource, BindableResourceSeen, DraftsEditor
from catalog.duplicates.service import binding, drafts
from catalog.duplicates.views.drafts import DraftsPage, again, drafts_page
from catalog.duplicates.views.proposals import BindingsPage, bindings_page
from catalog.resources import service as registering
from catalog.resources.views import is_editable
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@router.page("/resources/{code}/bindings")
def look(
    found: BindableResourceSeen,
    session: ReadSessionDep,
    done: Annotated[Literal["", "bound"], Query()] = "",
) -> BindingsPage | Response:
    """The items that follow no element, with what is proposed for each and why."""
    if not is_editable(found.object):
        return RedirectResponse(registering.edit_href(found.object), 303)
    return bindings_page(session, found, Form(), done == "bound")


@router.form("/resources/{code}/bindings", again=bindings_page)
def bind(found: BindableResource, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    """Bind what was chosen; goes back to the section it was chosen on."""
    version, resource = form.version, found.object
    body = forms.chosen(form)
    binding.bind(session, found.subject, resource, body.bindings, version=version)
    section = form.text("back")
    if section == "check":
        return once.go_to(f"{registering.edit_href(resource)}/check#proposals")
    return once.go_to(f"/resources/{resource.url_code}/bindings?done=bound")


@router.page("/bindings")
def look_at_drafts(
    found: DraftsEditor,
    session: ReadSessionDep,
    after: Annotated[str, Query(max_length=20)] = "",
    done: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> DraftsPage:
    """The unbound items of all drafts of the department, with the best element for each and why."""
    return drafts_page(session, found, Form(), after=after, done=done)


@router.form("/bindings", again=again)
def bind_drafts(found: DraftsEditor, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    """Bind what was chosen on the page, or all that is likely in all drafts."""
    if form.text("all"):
        bound = drafts.bind_likely(session, found.subject)
    else:
        bound = drafts.bind(session, found.subject, forms.chosen_of_drafts(form).entries)
    return once.go_to(f"/bindings?done={sum(count for _row, count in bound)}")
