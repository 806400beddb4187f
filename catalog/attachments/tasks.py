"""Background work on data resources."""

from contextlib import closing
from functools import partial
from typing import Final
from uuid import UUID

from catalog.attachments.errors import QuotaReached
from catalog.attachments.service import files, rooms, storing, tables
from catalog.attachments.service.storing import Decoding
from catalog.attachments.service.tables import within_limits
from catalog.attachments.words import DataSource
from shuqiao.arrow.connectors.causes import ConnectorFailed
from shuqiao.arrow.connectors.live import RelationChanged
from shuqiao.arrow.intake.readers import decode
from shuqiao.arrow.snapshots.manifest import Manifest
from shuqiao.arrow.snapshots.writer import Expect, remove_unfinished, write_snapshot
from shuqiao.db import reading, unit_of_work
from shuqiao.errors import Invalid, ShuqiaoError, TooLarge
from shuqiao.home import folder
from shuqiao.i18n import Message, _
from shuqiao.jobs import jobs
from shuqiao.subject import Subject
from shuqiao.uploads import upload_path

#: Columns named when a file is refused; more would not help.
ERRORS_TOLD: Final = 10


@jobs.task(name=files.MAKE_SNAPSHOT)
def make_snapshot(attachment_id: str) -> None:
    """Store a confirmed file, decoded in the limited child, or a confirmed table as a snapshot.

    Killed anywhere, it can be run again: the snapshot is named by its content, and only a file that
    still waits is recorded. No database connection is held while decoding.
    """
    with reading() as session:
        order = storing.waiting(session, UUID(attachment_id))
    if order is None:
        return
    subject = Subject.system("worker")
    try:
        made = _decode(order) if order.source is DataSource.FILE else _copy(order)
        with unit_of_work() as session:
            is_there = storing.store(session, subject, order, snapshot_id=made.id, rows=made.rows)
    except (Invalid, TooLarge, RelationChanged, ConnectorFailed, QuotaReached) as refused:
        with unit_of_work() as session:
            reason = str(refused.facts.get("reason", refused.code))
            storing.refuse(session, subject, order, reason, _words(refused))
        return
    if not is_there:
        make_snapshot(attachment_id)


def _decode(order: Decoding) -> Manifest:
    remove_unfinished(folder("snapshots"))
    source = upload_path(order.attachment_id)
    target = folder("decoding") / f"{order.attachment_id.hex}.arrow"
    if not source.exists():
        raise Invalid(
            _("The uploaded file is no longer there; attach it again"), reason="file_lost"
        )
    target.unlink(missing_ok=True)  # left by a run that was killed
    try:
        decoded = decode(source, file_name=order.file_name, options=order.options, target=target)
        rows = decoded.record_batches()
        return write_snapshot(folder("snapshots"), rows, decoded.schema, _room_of(order))
    finally:
        target.unlink(missing_ok=True)


def _copy(order: Decoding) -> Manifest:
    """All rows of the described columns, read through the connector,
    never more than a row group in memory.
    """
    remove_unfinished(folder("snapshots"))
    with reading() as session:
        relation = tables.relation_to_read(session, order.attachment_id)
    with closing(relation.read(relation.schema.names)) as rows:
        root, bounded = folder("snapshots"), within_limits(rows)
        return write_snapshot(root, bounded, relation.schema, _room_of(order))


def _room_of(order: Decoding) -> Expect:
    """Refuses a snapshot that the department of ``order`` has no room for."""
    return partial(rooms.expect_snapshot, order.resource_id)


def _words(refused: ShuqiaoError) -> Message:
    """The refusal and, below it, what is wrong with which column."""
    words = refused.detail or refused.title
    if isinstance(refused, QuotaReached):
        words = _("%(above)s\n%(below)s", above=words, below=refused.advice)
    for error in refused.errors[:ERRORS_TOLD]:
        words = _("%(above)s\n%(below)s", above=words, below=error.detail)
    return words
