"""How far a registration has come, section by section, and what it still lacks.

A registrar fills the sections in any order. What an entry lacks comes from ``checks``; here
its pointers are only sorted into the sections, so that the task list, the check before submission
and the API always say the same.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session

from catalog.attachments import repository as attachments
from catalog.attachments.models import Attachment
from catalog.attachments.words import AttachmentStatus
from catalog.editions.service import editions
from catalog.elements import repository as elements
from catalog.registration.checks.origins import NOTHING_KNOWN, OriginFacts
from catalog.registration.service import data_of, found_missing, known_of, origins
from catalog.registration.views.sections import draft_form
from catalog.registration.words import COUNTED, FIELDS, TONES, Section, Stage
from catalog.resources import repository as resources
from catalog.resources.models import DataResource
from catalog.resources.schemas import ItemRead, ResourceRead
from catalog.resources.words import Format, ShareType
from shuqiao.desk.drafts import Draft
from shuqiao.errors import FieldError
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject

#: Known from the first moment on, so they do not say that anybody has begun with the section.
_GIVEN: Final = frozenset({"title", "share_type", "is_open"})


_BY_FIELD: Final = {field: section for section, fields in FIELDS.items() for field in fields}


@dataclass(frozen=True, slots=True)
class SectionState:
    """One section with what it still lacks."""

    section: Section
    stage: Stage
    gaps: tuple[FieldError, ...] = ()

    @property
    def words(self) -> Message:
        if self.stage is Stage.GAPS:
            return _("%(count)s to be completed", count=len(self.gaps))
        return self.stage.label

    @property
    def tone(self) -> str:
        return TONES[self.stage]

    @property
    def is_done(self) -> bool:
        return not self.gaps and self.stage in (Stage.DONE, Stage.NOT_NEEDED)


@dataclass(frozen=True, slots=True)
class Progress:
    """All sections of one entry, in their order."""

    states: tuple[SectionState, ...]

    def __getitem__(self, section: str) -> SectionState:
        found = [state for state in self.states if state.section == section]
        if not found:
            raise KeyError(section)
        return found[0]

    @property
    def done(self) -> int:
        return sum(state.is_done for state in self.states)

    @property
    def total(self) -> int:
        return len(self.states)

    @property
    def gaps(self) -> list[tuple[Section, FieldError]]:
        return [(state.section, gap) for state in self.states for gap in state.gaps]

    @property
    def is_complete(self) -> bool:
        return not self.gaps


def section_of(pointer: str) -> Section:
    """The section that asks for the field of an RFC 6901 pointer; what
    is no field of the entry is the data.
    """
    return _BY_FIELD.get(pointer.lstrip("/").split("/")[0], Section.DATA)


def needs_data(entry: ResourceRead) -> bool:
    """Whether a file belongs to the entry: not when nothing is shared,
    nor when it is fetched where it is served.
    """
    return entry.share_type is not ShareType.WITHHELD and entry.format is not Format.SERVICE


def progress(
    entry: ResourceRead,
    files: Sequence[Attachment],
    coming: Attachment | None,
    drafted: Collection[Section] = (),
    known: OriginFacts = NOTHING_KNOWN,
) -> Progress:
    """How far ``entry`` has come.

    ``coming``: of ``files``, what it would be published with. ``drafted``: sections of which the
    reader keeps an unsaved draft. ``known``: what is known of where its
    items come from.
    """
    statuses = {row.status for row in files}
    gaps = _sorted_out(found_missing(entry, files, coming, known))
    return Progress(tuple(_state(section, entry, statuses, drafted, gaps) for section in COUNTED))


def progress_of(
    session: Session, subject: Subject, resource: DataResource, entry: ResourceRead
) -> Progress:
    """The progress of one resource with the reader's own drafts."""
    coming = editions.coming(session, [resource]).get(resource.id)
    kept = drafted(session, subject, resource)
    known = known_of(session, resource, entry)
    return progress(entry, data_of(session, resource), coming, kept, known)


def progress_of_all(session: Session, rows: Sequence[DataResource]) -> dict[UUID, Progress]:
    """The progress of several resources at once."""
    ids = [row.id for row in rows]
    coming = editions.coming(session, rows)
    items, files = (
        resources.items_of_all(session, ids),
        attachments.attachments_of_all(session, {*ids, *(row.entry_id for row in rows)}),
    )
    bound = {item.element_id for each in items.values() for item in each if item.element_id}
    named = elements.identifiers_by_id(session, bound)
    entries = {
        row.id: ResourceRead.of(
            row,
            "",
            [
                ItemRead.of(item, named.get(item.element_id) if item.element_id else None)
                for item in items.get(row.id, ())
            ],
        )
        for row in rows
    }
    known = origins.known(session, [(row, entries[row.id]) for row in rows])
    found = {}
    for row in rows:
        entry = entries[row.id]
        attached = [*files.get(row.id, ()), *(files.get(row.copy_of, ()) if row.copy_of else ())]
        found[row.id] = progress(entry, attached, coming.get(row.id), known=known[row.id])
    return found


def drafted(session: Session, subject: Subject, resource: DataResource) -> set[Section]:
    """The sections of which the reader keeps a draft that is not yet part of the entry."""
    if subject.user_id is None:
        return set()
    return {
        section
        for section in FIELDS
        if Draft.of(session, subject, draft_form(section), resource.code).kept() is not None
    }


def _sorted_out(found: Iterable[FieldError]) -> dict[Section, list[FieldError]]:
    """Gaps by section.

    Items take the level of the resource: while that one is missing, theirs is not asked for.
    """
    gaps: dict[Section, list[FieldError]] = {}
    listed = list(found)
    lacks_level = any(gap.pointer == "/security_level" and gap.code == "missing" for gap in listed)
    for gap in listed:
        is_of_item = gap.pointer.startswith("/items/") and gap.pointer.endswith("/security_level")
        if not (lacks_level and is_of_item):
            gaps.setdefault(section_of(gap.pointer), []).append(gap)
    return gaps


def _state(
    section: Section,
    entry: ResourceRead,
    statuses: Collection[AttachmentStatus],
    drafted: Collection[Section],
    gaps: Mapping[Section, Sequence[FieldError]],
) -> SectionState:
    own = tuple(gaps.get(section, ()))
    return SectionState(
        section, _stage(section, entry, statuses, section in drafted, bool(own)), own
    )


def _stage(
    section: Section,
    entry: ResourceRead,
    statuses: Collection[AttachmentStatus],
    is_drafted: bool,
    has_gaps: bool,
) -> Stage:
    if is_drafted:
        return Stage.DRAFT
    if section is Section.DATA:
        if AttachmentStatus.CONFIRMED in statuses:
            return Stage.STORING
        if not statuses and not needs_data(entry):
            return Stage.NOT_NEEDED
        has_begun = bool(statuses)
    else:
        has_begun = any(getattr(entry, name) for name in FIELDS[section] if name not in _GIVEN)
    if has_gaps:
        return Stage.GAPS if has_begun else Stage.NOT_STARTED
    return Stage.DONE
