"""What the register of systems shows of entries: on the page of a system, on its sheet, and which
systems have a published one.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from catalog.editions.checks import is_overdue as overdue
from catalog.editions.models import Edition
from catalog.registration import repository
from catalog.resources.models import DataResource
from catalog.resources.words import ResourceStatus
from catalog.systems.models import InformationSystem
from catalog.systems.views.coverage import Elsewhere, SheetEntry
from shuqiao.i18n import _
from shuqiao.subject import Subject


def entries(
    session: Session, owner_id: UUID, systems: Collection[UUID]
) -> Mapping[UUID | None, Sequence[SheetEntry]]:
    """The entries of ``systems``, by system, and of None those of the department without one."""
    rows = repository.of_systems(session, owner_id, systems, with_unnamed=True)
    ids = [row.id for row in rows]
    current = repository.current_editions(session, ids)
    elsewhere: dict[UUID, list[Elsewhere]] = defaultdict(list)
    for entry_id, item, element, source in repository.with_other_sources(session, ids, owner_id):
        elsewhere[entry_id].append(Elsewhere(item, element, source))
    found: dict[UUID | None, list[SheetEntry]] = defaultdict(list)
    for row in rows:
        found[row.system_id].append(_told(row, current.get(row.id), elsewhere[row.id]))
    return found


def panel(
    session: Session, subject: Subject, system: InformationSystem
) -> Mapping[str, Any] | None:
    """On the page of a system: its entries."""
    found = entries(session, system.owner_id, [system.id])
    return {"entries": found.get(system.id, ()), "no": system.system_no}


def _told(row: DataResource, edition: Edition | None, elsewhere: Sequence[Elsewhere]) -> SheetEntry:
    return SheetEntry(
        code=row.code,
        url_code=row.url_code,
        title=row.title,
        status=row.status.label,
        is_published=row.status is ResourceStatus.PUBLISHED,
        share_type=row.share_type.label,
        renewal=_renewal(row, edition),
        elsewhere=elsewhere,
    )


def _renewal(row: DataResource, edition: Edition | None) -> str:
    cycle = str(row.update_cycle.label) if row.update_cycle is not None else ""
    if edition is None:
        return cycle
    day = edition.arrived_at.date().isoformat()
    if edition.live_id is not None:
        said = _("read live")
    elif overdue(edition.arrived_at, row.update_cycle):
        said = _("stored on %(day)s, older than its update cycle", day=day)
    else:
        said = _("stored on %(day)s", day=day)
    return f"{cycle} · {said}" if cycle else str(said)
