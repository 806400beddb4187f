"""The check of an edition: its shape, its rows against the current edition's, its coverage.

Rows are read without a database connection; what is found is written afterwards, if what it was
compared with still holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from catalog.attachments import repository as attachments
from catalog.attachments.models import Attachment
from catalog.attachments.service import storing
from catalog.attachments.service.tables import data_schema
from catalog.attachments.words import AttachmentStatus
from catalog.editions import repository
from catalog.editions.checks import coverage_parts, has_shape
from catalog.editions.models import Edition
from catalog.editions.schemas import CoverageFinding, EditionReport
from catalog.editions.service import editions
from catalog.editions.words import EditionStatus
from catalog.resources import repository as resources
from catalog.resources.lifecycle import PUBLISHED
from catalog.resources.models import DataResource
from shuqiao.arrow.scans.comparing import compare, outside
from shuqiao.arrow.snapshots.reader import open_snapshot
from shuqiao.arrow.terms.filters import Filter
from shuqiao.home import folder
from shuqiao.subject import Subject


@dataclass(frozen=True, slots=True)
class Examination:
    """What is to be compared with what. ``key``: columns by the names of their items;
    ``conditions``: the parts of the coverage; ``columns``: the stored column by item id.
    """

    edition_id: UUID
    version: int
    snapshot_id: str | None
    current_id: UUID | None
    current_number: int | None
    current_snapshot_id: str | None
    is_other_shape: bool
    key: Mapping[str, str]
    conditions: Mapping[str, Filter]
    columns: Mapping[str, str]


def taken_in(session: Session, subject: Subject, attachment_id: UUID) -> Examination | None:
    """The edition of data that was stored for a published entry, made now if it is not there yet,
    and what it is to be measured against. None when nothing is to be done, or nothing any more.

    New data of another shape is refused and never becomes an edition.
    """
    row = attachments.attachment_by_id(session, attachment_id)
    if row is None:
        return None
    resource = resources.by_id(session, row.resource_id, lock=True)
    session.refresh(row)
    if row.status is not AttachmentStatus.STORED or resource.state != PUBLISHED:
        return None
    edition = repository.of_attachment(session, row.id)
    current = repository.current(session, resource.id)
    is_other_shape = current is not None and _has_other_shape(session, resource, row, current)
    if edition is None:
        if is_other_shape:
            storing.refuse_stored(session, subject, resource, row)
            return None
        edition = editions.made(session, subject, row, EditionStatus.ARRIVING)
    if edition.status is not EditionStatus.ARRIVING:
        return None
    return _examination(session, resource, edition, current, is_other_shape=is_other_shape)


def _has_other_shape(
    session: Session, resource: DataResource, row: Attachment, current: Edition
) -> bool:
    live_id = row.id if row.is_live else None
    found = data_schema(session, snapshot_id=row.snapshot_id, live_id=live_id)
    wanted = data_schema(session, snapshot_id=current.snapshot_id, live_id=current.live_id)
    return not has_shape(found, wanted, resources.items_of(session, resource.id))


def _examination(
    session: Session,
    resource: DataResource,
    edition: Edition,
    current: Edition | None,
    *,
    is_other_shape: bool,
) -> Examination:
    items = resources.items_of(session, resource.id)
    schema = data_schema(session, snapshot_id=edition.snapshot_id, live_id=edition.live_id)
    return Examination(
        edition_id=edition.id,
        version=edition.version,
        snapshot_id=edition.snapshot_id,
        current_id=current.id if current else None,
        current_number=current.number if current else None,
        current_snapshot_id=current.snapshot_id if current else None,
        is_other_shape=is_other_shape,
        key={item.name: item.column_name for item in items if item.is_key},
        conditions=coverage_parts(resource.coverage, items, schema),
        columns={str(item.id): item.column_name for item in items},
    )


def examined(order: Examination) -> EditionReport:
    """What the rows say. Of a live table nothing is read: every delivery keeps to the coverage.

    Raises ``SnapshotDamaged``, ``ScanFailed``.
    """
    report = EditionReport(compared_with=order.current_number, key=list(order.key))
    if order.is_other_shape:
        return report.model_copy(update={"is_other_shape": True})
    if order.snapshot_id is None:
        return report
    after = open_snapshot(folder("snapshots") / order.snapshot_id)
    told: dict[str, object] = {"rows_after": after.manifest.rows}
    if order.current_snapshot_id is not None:
        before = open_snapshot(folder("snapshots") / order.current_snapshot_id)
        found = compare(before, after, list(order.key.values()))
        told |= {
            "rows_before": found.before,
            "added": found.added,
            "removed": found.removed,
            "changed": found.changed,
        }
    if order.conditions:
        columns = {item: name for item, name in order.columns.items() if name in after.schema.names}
        rows, parts = outside(after, order.conditions, columns)
        told["outside"] = rows
        told["findings"] = [
            CoverageFinding(part=part, outside=each.outside, empty=each.empty)
            for part, each in parts.items()
            if each.outside
        ]
    return report.model_copy(update=told)


def settled(session: Session, subject: Subject, order: Examination, report: EditionReport) -> bool:
    """Write what was found. False when it was found about a state that is gone by now: another
    edition is current since, and the check has to be repeated.
    """
    edition = editions.locked(session, order.edition_id)
    if edition.status is not EditionStatus.ARRIVING or edition.version != order.version:
        return True
    current = repository.current(session, edition.resource_id)
    if (current.id if current else None) != order.current_id:
        return False
    editions.settle(session, subject, edition, report)
    return True
