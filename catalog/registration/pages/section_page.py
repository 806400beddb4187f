"""One section of a registration as its page shows it: its form, from a draft if one was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from auth.departments import repository as departments
from auth.guard import Authorized
from catalog.duplicates.views.proposals import ProposalsPanel, panel
from catalog.elements.schemas import ElementRead
from catalog.elements.words import DataType
from catalog.registration.forms import items, sections
from catalog.registration.views.entries import (
    SHARE_TYPES,
    ShareTypeChoice,
    columns_of,
    has_open_encoding,
    offered,
    returned,
)
from catalog.registration.views.progress import Progress, progress_of
from catalog.registration.views.returns import Returned
from catalog.registration.views.sections import changed_since, draft_form, fingerprint
from catalog.registration.words import LABELS, SECTION_OF, Section
from catalog.resources import service as registering
from catalog.resources.lifecycle import CHOOSE_CLASS
from catalog.resources.models import DataResource
from catalog.resources.schemas import ResourceRead
from catalog.resources.views import is_editable
from catalog.resources.words import (
    Format,
    OriginKind,
    PrivacyConclusion,
    SecrecyConclusion,
    SecurityLevel,
    ShareType,
    ShareWay,
    UpdateCycle,
    WithheldKind,
)
from catalog.systems import repository as systems
from catalog.systems.words import SystemStatus
from shuqiao.changes import Change
from shuqiao.desk.drafts import Draft, Kept
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.words import Word

#: What can be chosen in a field: (value, words).
Choices = Sequence[tuple[str, Message]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPage(Page):
    """What every section shows. ``kept``: the draft that the form is filled with. ``seen``: what
    the form is made from. ``differences``: of the form from what somebody saved meanwhile.
    """

    template = "registration/section.html"
    form: Form
    section: Section
    resource: DataResource
    entry: ResourceRead
    address: str
    progress: Progress
    labels: Mapping[str, Message]
    field_labels: Mapping[str, Message]
    section_of: Mapping[str, Section]
    seen: str
    kept: Kept | None
    done: str
    is_stale: bool
    differences: Sequence[Change]
    returned: Returned | None
    is_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BasicPage(SectionPage):
    template = "registration/basic.html"
    formats: Choices
    cycles: Choices
    systems: Sequence[tuple[str, str]]
    may_choose_class: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsPage(SectionPage):
    """The grid: at least one row, the elements offered, the columns of the file attached last."""

    template = "registration/items.html"
    rows: Sequence[items.Row]
    columns: Mapping[str, Message]
    elements: Sequence[ElementRead]
    data_types: Choices
    item_share_types: Choices
    levels: Choices
    kinds: Choices
    basis_parts: Mapping[str, Message] = field(default_factory=lambda: items.BASIS_PARTS)
    origin_parts: Mapping[str, Message] = field(default_factory=lambda: items.ORIGIN_PARTS)
    origins: Choices
    cycles: Choices
    ways: Choices
    departments: Sequence[tuple[str, str]]
    file_columns: Sequence[tuple[str, str]]
    is_encoding_open: bool
    proposals: ProposalsPanel | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingPage(SectionPage):
    template = "registration/sharing.html"
    share_types: Sequence[ShareTypeChoice]
    ways: Choices
    kinds: Choices
    item_names: Sequence[tuple[str, str]]
    included: Sequence[tuple[str, Message]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentPage(SectionPage):
    template = "registration/assessment.html"
    levels: Choices
    secrecy: Choices
    privacy: Choices


@dataclass(frozen=True, slots=True)
class SavedPage(Page):
    """What keeping a form by itself answers. ``saved_at``: None when there was nothing to keep, or
    the form was sent already.
    """

    template = "registration/saved.html"
    saved_at: datetime | None
    is_sent: bool = False


def draft_of(session: Session, found: Authorized[DataResource], wanted: Section) -> Draft:
    return Draft.of(session, found.subject, draft_form(wanted), found.object.code)


def section_page(
    session: Session, found: Authorized[DataResource], wanted: Section, done: str
) -> SectionPage:
    """The form as the entry has it, or as the reader left it in a draft."""
    entry, elements = registering.read(session, found.object), offered(session, found.subject)
    kept = draft_of(session, found, wanted).kept()
    if kept is not None and _says_nothing(kept.form, wanted, entry, elements):
        kept = None
    form = kept.form if kept else sections.filled(entry, wanted)
    is_stale = kept is not None and form.text("seen") not in ("", fingerprint(entry, wanted))
    return _page(session, found, wanted, form, entry, kept, is_stale=is_stale, done=done)


def section_again(
    session: Session, found: Authorized[DataResource], wanted: Section, form: Form
) -> SectionPage:
    """The form to correct, which is also kept as a draft while the entry may be worked on; with
    what somebody else saved meanwhile beside it.
    """
    entry = registering.read(session, found.object)
    kept = (
        draft_of(session, found, wanted).keep(form.typed, form.key)
        if is_editable(found.object)
        else None
    )
    is_stale = form.version != found.object.version and form.text("seen") != fingerprint(
        entry, wanted
    )
    return _page(session, found, wanted, form, entry, kept, is_stale=is_stale, done="")


def _page(
    session: Session,
    found: Authorized[DataResource],
    wanted: Section,
    form: Form,
    entry: ResourceRead,
    kept: Kept | None,
    *,
    is_stale: bool,
    done: str,
) -> SectionPage:
    resource, back = found.object, returned(session, found.object)
    about: dict[str, Any] = {
        "form": form,
        "section": wanted,
        "resource": resource,
        "entry": entry,
        "address": registering.edit_href(resource),
        "progress": progress_of(session, found.subject, resource, entry),
        "labels": sections.labels_for(form, wanted),
        "field_labels": LABELS,
        "section_of": SECTION_OF,
        "seen": fingerprint(entry, wanted),
        "kept": kept,
        "done": done,
        "is_stale": is_stale,
        "differences": sections.differences(form, wanted, entry) if is_stale else [],
        "returned": back,
        "is_changed": _is_changed(entry, wanted, back),
    }
    if wanted is Section.BASIC:
        return BasicPage(
            **about,
            formats=_choices(Format),
            cycles=_choices(UpdateCycle),
            systems=_systems(session, resource, entry),
            may_choose_class=resource.state in CHOOSE_CLASS.at and resource.copy_of is None,
        )
    if wanted is Section.SHARING:
        return _sharing(about, entry)
    if wanted is Section.ASSESSMENT:
        return AssessmentPage(
            **about,
            levels=_choices(SecurityLevel),
            secrecy=_choices(SecrecyConclusion),
            privacy=_choices(PrivacyConclusion),
        )
    return _items(session, found, about)


def _items(session: Session, found: Authorized[DataResource], about: dict[str, Any]) -> ItemsPage:
    return ItemsPage(
        **about,
        rows=items.rows_of(about["form"]) or [{}],
        columns=items.COLUMNS,
        elements=offered(session, found.subject),
        data_types=_choices(DataType),
        item_share_types=_choices(ShareType),
        kinds=_choices(WithheldKind),
        levels=_choices(SecurityLevel),
        origins=_choices(OriginKind),
        cycles=_choices(UpdateCycle),
        ways=_choices(ShareWay),
        departments=[(each.code, each.name) for each in departments.listed(session)],
        file_columns=columns_of(session, found.object),
        is_encoding_open=has_open_encoding(session, found.object),
        proposals=panel(session, found.object, Section.ITEMS.value, beside=0),
    )


def _sharing(about: dict[str, Any], entry: ResourceRead) -> SharingPage:
    return SharingPage(
        **about,
        share_types=SHARE_TYPES,
        ways=_choices(ShareWay),
        kinds=_choices(WithheldKind),
        item_names=[(item.name, item.name) for item in entry.items],
        included=[("true", _("Yes")), ("false", _("No"))],
    )


def _systems(
    session: Session, resource: DataResource, entry: ResourceRead
) -> Sequence[tuple[str, str]]:
    """The systems of the provider that are not shut down, and the one that is named."""
    own = {
        each.system_no: each.name
        for each in systems.of_owner(session, resource.provider_id)
        if each.status is not SystemStatus.STOPPED
    }
    if entry.system is not None:
        own.setdefault(entry.system.system_no, entry.system.name)
    return [(number, f"{name}（{number}）") for number, name in own.items()]


def _choices(words: type[Word]) -> Choices:
    return [(word.value, word.label) for word in words]


def _is_changed(entry: ResourceRead, wanted: Section, back: Returned | None) -> bool:
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
