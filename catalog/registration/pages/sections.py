"""One section of a registration: its form, its draft that is always
kept, its saving that is strict.

What is typed goes into a draft of the reader; saving puts it into the entry, when nobody else
changed these fields meanwhile. So nothing typed is ever lost, and nothing is overwritten unseen.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.cases import check
from auth.guard import Authorized
from auth.once import OnceDep
from catalog.elements.schemas import ElementRead
from catalog.elements.words import DataType
from catalog.registration.access import (
    EditableResourceOfForm,
    EditableResourceSeen,
    SectionDep,
)
from catalog.registration.forms import items, sections
from catalog.registration.pages.drafts import draft_of, keep
from catalog.registration.views.entries import (
    SHARE_TYPE_HINTS,
    columns_of,
    has_open_encoding,
    offered,
    returned,
)
from catalog.registration.views.progress import progress_of
from catalog.registration.views.sections import (
    changed_since,
    fingerprint,
)
from catalog.registration.words import LABELS, SECTION_OF, Section
from catalog.resources import service as registering
from catalog.resources.lifecycle import EDIT
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
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.desk.drafts import Kept
from shuqiao.errors import Invalid
from shuqiao.web.engine import page
from shuqiao.web.forms import Form, FormDep, FormInvalid

router = APIRouter()

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


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page of a section shows: its form, from a draft if one was kept."""

    section: Section
    form: Form
    elements: list[ElementRead]
    kept: Kept | None = None
    is_stale: bool = False
    done: str = ""
    status: int = 200


@router.get("/resources/{code}/edit/{section}")
def section_page(
    request: Request,
    wanted: SectionDep,
    found: EditableResourceSeen,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The form as the entry has it, or as the reader left it in a draft."""
    resource = found.object
    if not is_editable(resource):
        return RedirectResponse(registering.edit_href(resource), 303)
    entry, elements = registering.read(session, resource), offered(session, found.subject)
    kept = draft_of(session, found, wanted).kept()
    if kept is not None and _says_nothing(kept.form, wanted, entry, elements):
        kept = None
    form = kept.form if kept else sections.filled(entry, wanted)
    is_stale = kept is not None and form.text("seen") not in ("", fingerprint(entry, wanted))
    shown = _Shown(wanted, form, elements, kept, is_stale=is_stale, done=done)
    return _show(request, session, found, shown)


@router.post("/resources/{code}/edit/{section}", status_code=303)
def save(
    request: Request,
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
    if not is_editable(resource):
        check(resource, EDIT)  # is not possible, and says why
    if intent != "save":
        return keep(session, found, wanted, form, intent, once)
    entry, elements = registering.read(session, resource), offered(session, subject)
    if version != resource.version and form.text("seen") != fingerprint(entry, wanted):
        stale = _Shown(wanted, form, elements, is_stale=True, status=412)
        return _not_saved(request, session, found, stale, form)
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
        failed = _Shown(wanted, invalid.form, elements, status=422)
        return _not_saved(request, session, found, failed, form)
    except Invalid as error:
        refused = sections.refused(form, wanted, elements, error)
        failed = _Shown(wanted, refused, elements, status=422)
        return _not_saved(request, session, found, failed, form)
    draft_of(session, found, wanted).forget()
    return RedirectResponse(
        once.keep_redirect(f"{registering.edit_href(resource)}?done={wanted.value}"), 303
    )


def _not_saved(
    request: Request,
    session: Session,
    found: Authorized[DataResource],
    shown: _Shown,
    typed: Form,
) -> Response:
    """The page again with what was typed, which is also kept as a draft."""
    start_over(session)
    kept = draft_of(session, found, shown.section).keep(typed.typed)
    return _show(request, session, found, replace(shown, kept=kept))


def _show(
    request: Request, session: Session, found: Authorized[DataResource], shown: _Shown
) -> Response:
    resource, wanted, form = found.object, shown.section, shown.form
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
        "section_of": SECTION_OF,
        "kept": shown.kept,
        "is_stale": shown.is_stale,
        "differences": sections.differences(form, wanted, entry) if shown.is_stale else [],
        "seen": fingerprint(entry, wanted),
        "version": resource.version,
        "done": shown.done,
        "returned": back,
        "is_changed": _is_changed(entry, wanted, back),
        "share_types": _share_types(),
        **{name: [(word.value, word.label) for word in words] for name, words in _CHOICES.items()},
        **(
            _grid(session, resource, entry, form, shown.elements) if wanted is Section.ITEMS else {}
        ),
    }
    return page(request, f"registration/{wanted.value}.html", values, status=shown.status)


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
