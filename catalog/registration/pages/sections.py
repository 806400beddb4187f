"""One section of a registration: its form, its draft that is always
kept, its saving that is strict.

What is typed goes into a draft of the reader; saving puts it into the entry, when nobody else
changed these fields meanwhile. So nothing typed is ever lost, and nothing is overwritten unseen.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.guard import Authorized, may
from auth.once import Once, OnceDep
from catalog.elements.schemas import ElementRead
from catalog.elements.words import DataType
from catalog.registration.access import without_secrets_in_form
from catalog.registration.forms import items, sections
from catalog.registration.views.entries import (
    SHARE_TYPE_HINTS,
    columns_of,
    has_open_encoding,
    offered,
    returned,
)
from catalog.registration.views.sections import (
    Section,
    changed_since,
    draft_form,
    fingerprint,
    progress_of,
)
from catalog.registration.words import LABELS
from catalog.resources import service as registering
from catalog.resources.access import by_code, seen_by_code, unlocked_by_code
from catalog.resources.errors import NotPossibleNow
from catalog.resources.models import DataResource
from catalog.resources.schemas import ResourceRead
from catalog.resources.views import is_editable
from catalog.resources.words import (
    Format,
    PrivacyConclusion,
    SecrecyConclusion,
    SecurityLevel,
    ShareType,
    ShareWay,
    UpdateCycle,
    WithheldKind,
)
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.desk import drafts
from shuqiao.desk.drafts import Kept
from shuqiao.errors import Forbidden, Invalid, NotFound
from shuqiao.i18n import _
from shuqiao.ids import uuid7
from shuqiao.subject import Subject
from shuqiao.web.engine import page
from shuqiao.web.examples import Example, FromWorld, example
from shuqiao.web.forms import Form, FormDep, FormInvalid

router = APIRouter()

_PATH: Final[Mapping[str, str | FromWorld]] = {
    "code": lambda world: world.resource_code,
    "section": "basic",
}
#: Choices of the sections' forms: name in the template → the closed set of words.
_CHOICES: Final = {
    "formats": Format,
    "cycles": UpdateCycle,
    "ways": ShareWay,
    "kinds": WithheldKind,
    "levels": SecurityLevel,
    "secrecy": SecrecyConclusion,
    "privacy": PrivacyConclusion,
    "data_types": DataType,
}


def own_section(section: str) -> Section:
    """The section of the address that has a form of its own. Raises ``NotFound``."""
    if section not in sections.MODELS:
        raise NotFound
    return Section(section)


SectionDep = Annotated[Section, Depends(own_section)]


@router.get("/resources/{code}/edit/{section}")
@example(
    Example(
        world="draft_resource",
        who="registrar",
        success=200,
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=_PATH,
    )
)
def section_page(
    request: Request,
    wanted: SectionDep,
    found: Annotated[Authorized[DataResource], may(Action.RESOURCE_EDIT, seen_by_code)],
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The form as the entry has it, or as the reader left it in a draft."""
    resource = found.object
    if not is_editable(resource):
        return RedirectResponse(registering.edit_href(resource), 303)
    entry, elements = registering.read(session, resource), offered(session, found.subject)
    kept = drafts.kept(
        session, _person(found.subject), form=draft_form(wanted), case_no=resource.code
    )
    if kept is not None and _says_nothing(_form_of(kept), wanted, entry, elements):
        kept = None
    form = _form_of(kept) if kept else sections.filled(entry, wanted)
    is_stale = kept is not None and form.text("seen") not in ("", fingerprint(entry, wanted))
    return _show(
        request,
        session,
        found,
        wanted,
        form,
        elements=elements,
        kept=kept,
        is_stale=is_stale,
        done=done,
    )


@router.post("/resources/{code}/edit/{section}")
@example(
    Example(
        world="draft_resource",
        who="registrar",
        success=303,
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=_PATH,
        if_match=True,
        body={"title": "中小学校名录（新）", "abstract": "名称和地址"},
        event="catalog:resource:edited",
    )
)
def save(
    request: Request,
    wanted: SectionDep,
    found: Annotated[
        Authorized[DataResource], without_secrets_in_form(may(Action.RESOURCE_EDIT, by_code))
    ],
    session: SessionDep,
    form: FormDep,
    once: OnceDep,
) -> Response:
    """Save the section's fields into the entry; any other button of the
    form keeps a draft and comes back.
    """
    resource, subject = found.object, found.subject
    version, intent = form.version, form.text("intent", "save")
    if not is_editable(resource):
        registering.edit(
            session,
            subject,
            resource,
            sections.update_of(registering.read(session, resource)),
            version=resource.version,
        )  # says why it is not possible
    if intent != "save":
        return _keep(session, found, wanted, form, intent, once)
    entry, elements = registering.read(session, resource), offered(session, subject)
    if version != resource.version and form.text("seen") != fingerprint(entry, wanted):
        return _not_saved(request, session, found, wanted, form, elements, status=412, typed=form)
    try:
        changes = sections.parsed(form, wanted, elements)
        registering.edit(
            session,
            subject,
            resource,
            sections.update_of(entry, changes),
            version=resource.version,
        )
    except FormInvalid as invalid:
        return _not_saved(
            request, session, found, wanted, invalid.form, elements, status=422, typed=form
        )
    except Invalid as error:
        failed = sections.refused(form, wanted, elements, error)
        return _not_saved(request, session, found, wanted, failed, elements, status=422, typed=form)
    drafts.forget(session, _person(subject), form=draft_form(wanted), case_no=resource.code)
    return RedirectResponse(
        once.keep_redirect(f"{registering.edit_href(resource)}?done={wanted.value}"), 303
    )


@router.post("/resources/{code}/edit/{section}/draft")
@example(
    Example(
        world="draft_resource",
        who="registrar",
        success=200,
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=_PATH,
        body={"title": "中小学校名", "abstract": ""},
    )
)
def autosave(
    request: Request,
    wanted: SectionDep,
    found: Annotated[
        Authorized[DataResource],
        without_secrets_in_form(may(Action.RESOURCE_EDIT, unlocked_by_code)),
    ],
    session: SessionDep,
    form: FormDep,
) -> Response:
    """Keep what is typed so far, right or wrong: overwriting a draft is
    repeatable, so no key is needed.
    """
    resource = found.object
    if not is_editable(resource):
        raise NotPossibleNow
    person, entry = _person(found.subject), registering.read(session, resource)
    if sections.says_the_same(form, wanted, entry, offered(session, found.subject)):
        # also what comes late, after the same was saved to the entry
        drafts.forget(session, person, form=draft_form(wanted), case_no=resource.code)
        return page(request, "registration/saved.html", {"saved_at": None})
    typed = sections.draft_of(form)
    kept = drafts.keep(
        session, person, form=draft_form(wanted), case_no=resource.code, fields=typed
    )
    return page(request, "registration/saved.html", {"saved_at": kept.saved_at})


@router.post("/resources/{code}/edit/{section}/discard")
@example(
    Example(
        world="draft_resource",
        who="registrar",
        success=303,
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=_PATH,
    )
)
def discard(
    wanted: SectionDep,
    found: Annotated[Authorized[DataResource], may(Action.RESOURCE_EDIT, unlocked_by_code)],
    session: SessionDep,
) -> Response:
    """Throw the draft away: the form shows the entry again."""
    drafts.forget(
        session, _person(found.subject), form=draft_form(wanted), case_no=found.object.code
    )
    return RedirectResponse(
        f"{registering.edit_href(found.object)}/{wanted.value}?done=discarded", 303
    )


def _keep(
    session: Session,
    found: Authorized[DataResource],
    wanted: Section,
    form: Form,
    intent: str,
    once: Once,
) -> Response:
    """Keep the form, changed by a button of the grid if it was one, and show it again."""
    resource, person = found.object, _person(found.subject)
    fields, place = sections.draft_of(form), ""
    if wanted is Section.ITEMS:
        rows = _rows(session, found, form)
        if intent == "columns":
            before = sum(not items.is_blank(row) for row in rows)
            rows, row = items.with_columns(rows, columns_of(session, resource)), before
        else:
            rows, row = items.acted(rows, intent)
        place = f"#row-{row}" if intent != "draft" else ""
        seen = form.all("seen") or (fingerprint(registering.read(session, resource), wanted),)
        fields = {"seen": seen, **items.fields_of(rows)}
    drafts.keep(session, person, form=draft_form(wanted), case_no=resource.code, fields=fields)
    done = intent if intent in ("draft", "columns") else "changed"
    return RedirectResponse(
        once.keep_redirect(f"{registering.edit_href(resource)}/{wanted.value}?done={done}{place}"),
        303,
    )


def _rows(session: Session, found: Authorized[DataResource], form: Form) -> list[items.Row]:
    """The rows a button works on: those of the form, or, for a button
    elsewhere, of the draft or the entry.
    """
    if form.text("grid"):
        return list(items.rows_of(form))
    kept = drafts.kept(
        session, _person(found.subject), form=draft_form(Section.ITEMS), case_no=found.object.code
    )
    if kept is not None:
        return list(items.rows_of(_form_of(kept)))
    return list(items.rows_of_entry(registering.read(session, found.object)))


def _not_saved(
    request: Request,
    session: Session,
    found: Authorized[DataResource],
    wanted: Section,
    form: Form,
    elements: list[ElementRead],
    *,
    status: int,
    typed: Form,
) -> Response:
    """The page again with what was typed, which is also kept as a draft."""
    start_over(session)
    kept = drafts.keep(
        session,
        _person(found.subject),
        form=draft_form(wanted),
        case_no=found.object.code,
        fields=sections.draft_of(typed),
    )
    is_stale = status == 412
    return _show(
        request,
        session,
        found,
        wanted,
        form,
        elements=elements,
        kept=kept,
        is_stale=is_stale,
        status=status,
    )


def _show(
    request: Request,
    session: Session,
    found: Authorized[DataResource],
    wanted: Section,
    form: Form,
    *,
    elements: list[ElementRead],
    kept: Kept | None,
    is_stale: bool,
    done: str = "",
    status: int = 200,
) -> Response:
    resource = found.object
    entry = registering.read(session, resource)
    progress, back = (
        progress_of(session, found.subject, resource, entry),
        returned(session, resource),
    )
    values = {
        "form": form,
        "resource": resource,
        "entry": entry,
        "section": wanted,
        "here_section": wanted,
        "sections": list(Section),
        "progress": progress,
        "address": registering.edit_href(resource),
        "labels": sections.labels_for(form, wanted),
        "field_labels": LABELS,
        "kept": kept,
        "is_stale": is_stale,
        "differences": sections.differences(form, wanted, entry) if is_stale else [],
        "seen": fingerprint(entry, wanted),
        "version": resource.version,
        "once_key": uuid7().hex,
        "done": done,
        "returned": back,
        "is_changed": _is_changed(entry, wanted, back),
        "share_types": _share_types(),
        **{name: [(word.value, word.label) for word in words] for name, words in _CHOICES.items()},
        **(_grid(session, resource, entry, form, elements) if wanted is Section.ITEMS else {}),
    }
    return page(request, f"registration/{wanted.value}.html", values, status=status)


def _grid(
    session: Session,
    resource: DataResource,
    entry: ResourceRead,
    form: Form,
    elements: list[ElementRead],
) -> dict[str, Any]:
    """What the grid needs beside the form: at least one row, the
    elements offered, the columns of the file.
    """
    rows = items.rows_of(form) or [{}]
    own = [(kind.value, kind.label) for kind in ShareType]
    return {
        "rows": rows,
        "columns": items.COLUMNS,
        "elements": elements,
        "item_share_types": own,
        "file_columns": columns_of(session, resource),
        "is_encoding_open": has_open_encoding(session, resource),
        "entry_level": entry.security_level,
    }


def _share_types() -> list[tuple[str, Any, Any]]:
    return [(kind.value, kind.label, SHARE_TYPE_HINTS[kind]) for kind in ShareType]


def _is_changed(entry: ResourceRead, wanted: Section, back: Any) -> bool:
    return (
        back is not None
        and back.entry is not None
        and wanted in changed_since(entry, (), back.entry, back.at)
    )


def _says_nothing(
    form: Form, wanted: Section, entry: ResourceRead, elements: list[ElementRead]
) -> bool:
    """Whether a draft is as good as none; a row just added is
    something, although saving it would change nothing.
    """
    has_blank_row = any(items.is_blank(row) for row in items.rows_of(form))
    return not has_blank_row and sections.says_the_same(form, wanted, entry, elements)


def _form_of(kept: Kept) -> Form:
    fields: Mapping[str, tuple[str, ...]] = {
        name: tuple(texts) for name, texts in kept.fields.items()
    }
    return replace(Form(), values=MappingProxyType(dict(fields)))


def _person(subject: Subject) -> Any:
    if subject.user_id is None:
        raise Forbidden(_("Only a person of a department registers data resources"))
    return subject.user_id
