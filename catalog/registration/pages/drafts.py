"""Drafts of a section: what is typed is kept for the reader, right or wrong, until it is saved or
thrown away; the buttons of the grid work on it.
"""

from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.guard import Authorized
from auth.once import Once
from catalog.registration.access import DraftableResource, DraftableResourceOfForm, SectionDep
from catalog.registration.forms import items, sections
from catalog.registration.pages.section_page import SavedPage, draft_of
from catalog.registration.views.entries import columns_of, offered, personal_columns_of
from catalog.registration.views.sections import fingerprint
from catalog.registration.words import Section
from catalog.resources import service as registering
from catalog.resources.errors import NotPossibleNow
from catalog.resources.models import DataResource
from catalog.resources.views import is_editable
from shuqiao.db import SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@router.form("/resources/{code}/edit/{section}/draft", status_code=200)
def autosave(
    wanted: SectionDep, found: DraftableResourceOfForm, session: SessionDep, form: FormDep
) -> SavedPage:
    """Keep what is typed so far, right or wrong: overwriting a draft is
    repeatable, so no key is needed.
    """
    resource = found.object
    if not is_editable(resource):
        raise NotPossibleNow
    draft, entry = draft_of(session, found, wanted), registering.read(session, resource)
    if sections.says_the_same(form, wanted, entry, offered(session, found.subject)):
        # also what comes late, after the same was saved to the entry
        draft.forget()
        return SavedPage(None)
    kept = draft.keep(form.typed, form.key)
    return SavedPage(kept.saved_at) if kept else SavedPage(None, is_sent=True)


@router.form("/resources/{code}/edit/{section}/discard")
def discard(wanted: SectionDep, found: DraftableResource, session: SessionDep) -> Response:
    """Throw the draft away: the form shows the entry again."""
    draft_of(session, found, wanted).forget()
    return RedirectResponse(
        f"{registering.edit_href(found.object)}/{wanted.value}?done=discarded", 303
    )


def keep(
    session: Session,
    found: Authorized[DataResource],
    wanted: Section,
    form: Form,
    intent: str,
    once: Once,
) -> Response:
    """Keep the form, changed by a button of the grid if it was one, and show it again."""
    resource = found.object
    fields, place = form.typed, ""
    if wanted is Section.ITEMS:
        rows = rows_of(session, found, form)
        if intent == "columns":
            before = sum(not items.is_blank(row) for row in rows)
            personal = personal_columns_of(session, resource)
            rows = items.with_columns(rows, columns_of(session, resource), personal)
            row = before
        else:
            rows, row = items.acted(rows, intent)
        place = f"#row-{row}" if intent != "draft" else ""
        seen = form.all("seen") or (fingerprint(registering.read(session, resource), wanted),)
        fields = {"seen": seen, **items.fields_of(rows)}
    draft_of(session, found, wanted).keep(fields, form.key)
    done = intent if intent in ("draft", "columns") else "changed"
    return once.go_to(f"{registering.edit_href(resource)}/{wanted.value}?done={done}{place}")


def rows_of(session: Session, found: Authorized[DataResource], form: Form) -> list[items.Row]:
    """The rows a button works on: those of the form, or, for a button
    elsewhere, of the draft or the entry.
    """
    if form.text("grid"):
        return list(items.rows_of(form))
    kept = draft_of(session, found, Section.ITEMS).kept()
    if kept is not None:
        return list(items.rows_of(kept.form))
    return list(items.rows_of_entry(registering.read(session, found.object)))
