"""Which systems at work have a published entry, and the sheet of what a system or a department has
in the catalogue (目录情况).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import IO, Final
from uuid import UUID

from sqlmodel import Session

from auth.departments.models import Department
from catalog.systems import repository
from catalog.systems.models import InformationSystem
from catalog.systems.schemas import CoverageList, CoverageRead
from shuqiao.clock import today
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.downloads import Cell, FileKind, TitledColumn, table_file
from shuqiao.web.page import Page
from shuqiao.web.slots import Slot


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An item whose element has its source in another department: it is shared, not collected
    again.
    """

    item: str
    element: str
    source: str


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """An entry that names a system. ``renewal``: how current its data is, in words."""

    code: str
    url_code: str
    title: str
    status: Message
    is_published: bool
    share_type: Message
    renewal: str
    elsewhere: Sequence[Elsewhere]


#: The entries that name these systems, by system; of ``None`` those of the department that name no
#: system. Asked with the department and the systems.
Entries = Callable[[Session, UUID, Collection[UUID]], Mapping[UUID | None, Sequence[SheetEntry]]]
#: Those of these systems that have a published entry.
Covered = Callable[[Session, Collection[UUID]], Collection[UUID]]
ENTRIES: Slot[Entries] = Slot(lambda _session, _owner, _systems: {})
COVERED: Slot[Covered] = Slot(lambda _session, _systems: ())

_COVERAGE: Final[Sequence[TitledColumn]] = (
    TitledColumn(_("Department"), 28),
    TitledColumn(_("Credit code"), 22),
    TitledColumn(_("With a published entry"), 14),
    TitledColumn(_("Systems at work"), 14),
    TitledColumn(_("Systems without any"), 60),
)
_SHEET: Final[Sequence[TitledColumn]] = (
    TitledColumn(_("System"), 28),
    TitledColumn(_("Number"), 18),
    TitledColumn(_("State"), 10),
    TitledColumn(_("Resource code"), 18),
    TitledColumn(_("Catalogue name"), 32),
    TitledColumn(_("State of the entry"), 12),
    TitledColumn(_("Share type"), 14),
    TitledColumn(_("Renewal"), 28),
    TitledColumn(_("To be shared from other departments"), 48),
)


@dataclass(frozen=True, slots=True)
class CoveragePage(Page):
    """Of each department how many of its systems at work have a published entry."""

    template = "systems/coverage.html"
    coverage: CoverageList


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A system with its entries; without a system: the entries that name none."""

    system: InformationSystem | None
    entries: Sequence[SheetEntry]


@dataclass(frozen=True, slots=True)
class SheetPage(Page):
    """The sheet for the approval of a project (Order 809, Art. 38). ``system``: the only one."""

    template = "systems/sheet.html"
    department: Department
    system: InformationSystem | None
    parts: Sequence[SheetPart]
    made_on: date
    entry_count: int
    published_count: int
    elsewhere_count: int
    file_href: str


def coverage(session: Session, subject: Subject) -> CoverageList:
    """Of the systems at work that ``subject`` may read, by department."""
    rows = repository.at_work(session, subject)
    covered = set(COVERED.held(session, [row.id for row in rows]))
    homes = repository.owners(session, {row.owner_id for row in rows})
    items = [
        _covered_of(homes[owner_id], list(own), covered)
        for owner_id, own in groupby(rows, key=lambda row: row.owner_id)
    ]
    items.sort(key=lambda each: each.code)
    return CoverageList(
        covered=sum(each.covered for each in items),
        at_work=len(rows),
        items=items,
    )


def coverage_file(found: CoverageList, kind: FileKind) -> IO[bytes]:
    """The same as a file, the total last."""
    rows: list[Sequence[Cell]] = [
        (each.department, each.code, each.covered, each.at_work, "、".join(each.without))
        for each in found.items
    ]
    rows.append((str(_("Total")), "", found.covered, found.at_work, ""))
    return table_file(kind, _("Coverage of systems"), _COVERAGE, rows)


def sheet_page(
    session: Session, department: Department, system: InformationSystem | None
) -> SheetPage:
    """The sheet of one system, or of all of a department."""
    systems = [system] if system is not None else repository.of_owner(session, department.id)
    found = ENTRIES.held(session, department.id, [each.id for each in systems])
    parts = [SheetPart(each, found.get(each.id, ())) for each in systems]
    if system is None and found.get(None):
        parts.append(SheetPart(None, found[None]))
    entries = [entry for part in parts for entry in part.entries]
    address = (
        f"/systems/{system.system_no}/sheet"
        if system is not None
        else f"/departments/{department.code}/sheet"
    )
    return SheetPage(
        department=department,
        system=system,
        parts=parts,
        made_on=today(),
        entry_count=len(entries),
        published_count=sum(each.is_published for each in entries),
        elsewhere_count=sum(len(each.elsewhere) for each in entries),
        file_href=f"{address}/export",
    )


def sheet_of_system(session: Session, system: InformationSystem) -> SheetPage:
    """The sheet of one system."""
    home = repository.owners(session, {system.owner_id})[system.owner_id]
    return sheet_page(session, home, system)


def sheet_file(page: SheetPage, kind: FileKind) -> IO[bytes]:
    """The sheet as a file: an entry a line; a system without entries has a line of its own."""
    return table_file(kind, _("State of the catalogue"), _SHEET, _sheet_rows(page))


def _sheet_rows(page: SheetPage) -> Iterator[Sequence[Cell]]:
    for part in page.parts:
        told = (
            (part.system.name, part.system.system_no, str(part.system.status.label))
            if part.system is not None
            else (str(_("No system is named")), "", "")
        )
        if not part.entries:
            yield (*told, "", "", "", "", "", "")
        for each in part.entries:
            shared = "；".join(
                f"{one.item}（{one.element}）← {one.source}" for one in each.elsewhere
            )
            state, share = str(each.status), str(each.share_type)
            yield (*told, each.code, each.title, state, share, each.renewal, shared)


def _covered_of(
    department: Department, rows: Sequence[InformationSystem], covered: Collection[UUID]
) -> CoverageRead:
    without = [row.name for row in rows if row.id not in covered]
    return CoverageRead(
        department=department.name,
        code=department.code,
        covered=len(rows) - len(without),
        at_work=len(rows),
        without=without,
    )
