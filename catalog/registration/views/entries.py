"""How the registrar's pages put things: rows of the list, where an
entry stands, the answers before submission.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel
from sqlmodel import Session

from catalog.elements import repository as elements
from catalog.elements.schemas import ElementRead
from catalog.elements.service.reading import read_models
from catalog.registration.service import data_of
from catalog.registration.views import returns
from catalog.registration.views.progress import Progress, progress_of_all
from catalog.registration.views.returns import Returned
from catalog.registration.words import Section
from catalog.resources import repository as resources
from catalog.resources.fields.table import FIELDS
from catalog.resources.models import DataResource
from catalog.resources.schemas import ResourceRead
from catalog.resources.views import TONES, dues, is_editable, turn
from catalog.resources.words import ResourceStatus, ShareType
from shuqiao.desk.due import Due
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest
from shuqiao.words import Word

#: Elements offered in the grid; any other is taken by its identifier.
ELEMENTS_OFFERED: Final = 500

#: What each share type means for whoever registers (Order 809, Arts. 14 and 15).
SHARE_TYPE_HINTS: Final[Mapping[ShareType, Message]] = {
    ShareType.UNCONDITIONAL: _("Any government department gets it on request. This is the rule."),
    ShareType.CONDITIONAL: _(
        "Only certain departments, or only for certain uses; you state the condition."
    ),
    ShareType.WITHHELD: _(
        "Only where a law, an administrative regulation or a State Council decision forbids it."
    ),
}
#: Value, words and hint of each share type, as ``ui.radios`` takes them.
ShareTypeChoice = tuple[str, Message, Message]
SHARE_TYPES: Final[Sequence[ShareTypeChoice]] = [
    (kind.value, kind.label, SHARE_TYPE_HINTS[kind]) for kind in ShareType
]


@dataclass(frozen=True, slots=True)
class Row:
    """One registration in the list; ``work``: the working copy, where one is open, else itself."""

    resource: DataResource
    work: DataResource
    tone: str
    work_tone: str
    progress: Progress | None
    returned: Returned | None
    waiting_for: Message | None
    due: Due | None

    @property
    def is_open(self) -> bool:
        return is_editable(self.work)


def rows_shown(session: Session, subject: Subject, rows: Sequence[DataResource]) -> list[Row]:
    """Registrations with how far they have come, why they came back,
    whose turn it is and by when.
    """
    copies = resources.working_copies(session, subject, rows)
    works = [copies.get(row.id, row) for row in rows]
    progress = progress_of_all(session, [row for row in works if is_editable(row)])
    found = returns.returned(
        session, [row.entry_id for row in works if row.status is ResourceStatus.RETURNED]
    )
    running = dues(session, works)
    return [
        Row(
            row,
            work,
            TONES[row.status],
            TONES[work.status],
            progress.get(work.id),
            found.get(row.id),
            turn(work),
            running.get(row.code),
        )
        for row, work in zip(rows, works, strict=True)
    ]


def returned(session: Session, resource: DataResource) -> Returned | None:
    """Why the entry came back, while it is back."""
    if resource.status is not ResourceStatus.RETURNED:
        return None
    return returns.returned(session, [resource.entry_id]).get(resource.entry_id)


def answers(entry: ResourceRead, section: Section, address: str) -> list[dict[str, Any]]:
    """What the entry says in ``section``, each with the address that changes it."""
    found = []
    for field in FIELDS:
        name = field.name
        if field.section != section or name == "items" or not field.asked_of(entry):
            continue
        anchor = f"{name}-conclusion" if name.endswith("_assessment") else name
        anchor = f"{name}-kind" if name == "withholding" else anchor
        found.append(
            {
                "key": field.label,
                "value": _answer(getattr(entry, name)),
                "href": f"{address}/{section.value}#f-{anchor}",
            }
        )
    return found


def offered(session: Session, subject: Subject) -> list[ElementRead]:
    """Standard elements an item can be bound to."""
    rows, _following = elements.page(session, subject, PageRequest(limit=ELEMENTS_OFFERED))
    return read_models(session, rows)


def columns_of(session: Session, resource: DataResource) -> list[tuple[str, str]]:
    """Name and proposed kind of every column of the file attached last;
    none without one, or while it is garbled or cannot be read.
    """
    files = data_of(session, resource)
    if not files or files[0].preview.get("problem") or has_open_encoding(session, resource):
        return []
    return [(column["name"], column["proposed_type"]) for column in files[0].preview["columns"]]


def personal_columns_of(session: Session, resource: DataResource) -> frozenset[str]:
    """The columns of the file attached last that look like personal information."""
    files = data_of(session, resource)
    columns = files[0].preview["columns"] if files else ()
    return frozenset(column["name"] for column in columns if column.get("is_personal"))


def has_open_encoding(session: Session, resource: DataResource) -> bool:
    """Whether the encoding of the file attached last is still to be
    chosen: its names are nothing to adopt.
    """
    files = data_of(session, resource)
    return bool(files and files[0].preview.get("readings"))


def _answer(value: Any) -> Any:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Word):
        return value.label
    if isinstance(value, BaseModel):
        parts = [_answer(getattr(value, name)) for name in type(value).model_fields]
        return " · ".join(str(part) for part in parts)
    if isinstance(value, list):
        return str(_(", ")).join(value) or "—"
    return value or "—"
