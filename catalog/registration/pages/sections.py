"""One section of a registration: its form, its draft that is always
kept, its saving that is strict.

What is typed goes into a draft of the reader; saving puts it into the entry, when nobody else
changed these fields meanwhile. So nothing typed is ever lost, and nothing is overwritten unseen.
"""

from typing import Annotated

from fastapi import Query
from starlette.responses import RedirectResponse, Response

from auth.cases import check
from auth.once import OnceDep
from catalog.registration.access import (
    EditableResourceOfForm,
    EditableResourceSeen,
    SectionDep,
)
from catalog.registration.forms import sections
from catalog.registration.pages.drafts import keep
from catalog.registration.pages.section_page import (
    SectionPage,
    draft_of,
    section_again,
    section_page,
)
from catalog.registration.schemas import ItemChoice
from catalog.registration.service import edit, refer_to_source
from catalog.registration.views.entries import offered
from catalog.registration.views.entry_pages import check_page
from catalog.registration.views.sections import fingerprint
from catalog.resources import service as registering
from catalog.resources.lifecycle import EDIT
from catalog.resources.views import is_editable
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import Invalid
from shuqiao.web.forms import FormDep, FormInvalid
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@router.page("/resources/{code}/edit/{section}")
def write(
    wanted: SectionDep,
    found: EditableResourceSeen,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> SectionPage | Response:
    """The form as the entry has it, or as the reader left it in a draft."""
    if not is_editable(found.object):
        return RedirectResponse(registering.edit_href(found.object), 303)
    return section_page(session, found, wanted, done)


@router.form("/resources/{code}/edit/items/source", again=check_page)
def refer(
    found: EditableResourceOfForm, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    """One click: the item is taken from its source."""
    wanted = form.parse(ItemChoice).item
    refer_to_source(session, found.subject, found.object, wanted, version=form.version)
    return once.go_to(f"{registering.edit_href(found.object)}/items?done=items")


@router.form("/resources/{code}/edit/{section}", again=section_again)
def save(
    wanted: SectionDep,
    found: EditableResourceOfForm,
    session: SessionDep,
    form: FormDep,
    once: OnceDep,
) -> Response:
    """Save the section's fields into the entry; any other button of the
    form keeps a draft and comes back.
    """
    resource, subject = found.object, found.subject
    version, intent = form.version, form.text("intent", "save")
    check(resource, EDIT)
    if intent != "save":
        return keep(session, found, wanted, form, intent, once)
    entry, elements = registering.read(session, resource), offered(session, subject)
    if version != resource.version and form.text("seen") != fingerprint(entry, wanted):
        raise FormInvalid(form, 412)
    changes = sections.update_of(entry, sections.parsed(form, wanted, elements))
    try:
        edit(session, subject, resource, changes, version=resource.version)
    except Invalid as error:
        raise FormInvalid(sections.refused(form, wanted, elements, error)) from None
    draft_of(session, found, wanted).sent(form.key)
    return once.go_to(f"{registering.edit_href(resource)}?done={wanted.value}")
