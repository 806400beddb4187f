"""A table is held to the standards of its columns, by a job: read without a database connection,
noted down afterwards, once.

What is checked is an edition, or the data that a draft or a working copy would be published with.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from catalog.attachments.models import Attachment
from catalog.attachments.service.tables import relation_to_read
from catalog.conformity import repository
from catalog.conformity.models import ConformityReport
from catalog.conformity.service import standards
from catalog.conformity.service.reading import Examined, Order, examined
from catalog.conformity.service.standards import Held
from catalog.editions import repository as editions
from catalog.editions.lifecycle import PAGE
from catalog.editions.models import Edition
from catalog.editions.service.editions import CONFORM, coming
from catalog.resources import repository as resources
from catalog.resources.lifecycle import PUBLISHED
from catalog.resources.models import DataResource
from shuqiao.clock import BEIJING, today
from shuqiao.desk import messages
from shuqiao.i18n import _
from shuqiao.jobs import enqueue
from shuqiao.subject import Subject

__all__ = ["CONFORM", "CONFORM_DRAFT", "Order", "examined", "noted", "order_draft", "ordered"]
#: The job that checks the data of a draft or a working copy.
CONFORM_DRAFT: Final = "catalog.conformity.check_draft"


def day_of(edition: Edition) -> date:
    """The day whose standards an edition is held to: when it arrived, in Beijing."""
    return edition.arrived_at.astimezone(BEIJING).date()


def ordered(session: Session, edition_id: UUID) -> Order | None:
    """The check of an edition, marked as begun. None when it was done, and where there is nothing
    to check: removed rows, no column with a standard. Raises ``ConnectorFailed`` where the
    connection of a connected table is not to be used.
    """
    edition = editions.by_id(session, edition_id)
    is_done = bool(repository.of_editions(session, [edition.id]))
    if is_done or edition.cleared_at is not None:
        return None
    columns = held_by(session, edition.resource_id, day_of(edition))
    return _begun(
        session,
        columns,
        about=edition.id,
        resource_id=edition.resource_id,
        attachment_id=edition.attachment_id,
        edition_id=edition.id,
        snapshot_id=edition.snapshot_id,
        relation=relation_to_read(session, edition.live_id) if edition.live_id else None,
        rows=edition.rows or 0,
        held_on=day_of(edition),
    )


def ordered_of_draft(session: Session, resource_id: UUID) -> Order | None:
    """The same of the data that a draft or a working copy would be published with: of a connected
    table its first rows, as of an edition of it.
    """
    row = resources.found_by_id(session, resource_id)
    found = due(session, row) if row is not None else None
    if row is None or found is None:
        return None
    data, columns = found
    return _begun(
        session,
        columns,
        about=row.id,
        resource_id=row.id,
        attachment_id=data.id,
        edition_id=None,
        snapshot_id=data.snapshot_id,
        relation=relation_to_read(session, data.id) if data.is_live else None,
        rows=data.rows or 0,
        held_on=today(),
    )


def held_by(session: Session, resource_id: UUID, on: date) -> list[Held]:
    return standards.held(session, resources.items_of(session, resource_id), on)


def due(session: Session, row: DataResource) -> tuple[Attachment, list[Held]] | None:
    """The data of a draft or a working copy that is to be checked, with what it is held to; None
    where there is none, or it was checked against just that.
    """
    data = coming(session, [row]).get(row.id) if row.state != PUBLISHED else None
    if data is None or (data.snapshot_id is None and not data.is_live):
        return None
    columns = held_by(session, row.id, today())
    if not columns:
        return None
    done = repository.of_draft(session, row.id, data.id, standards.digest(columns))
    return None if done else (data, columns)


def order_draft(session: Session, row: DataResource) -> None:
    """Have the data of a draft checked, if anything of it or of its standards is new."""
    if due(session, row) is not None:
        enqueue(session, CONFORM_DRAFT, lock=f"conformity:{row.id}", resource_id=str(row.id))


def _begun(session: Session, columns: Sequence[Held], **facts: Any) -> Order | None:
    if not columns:
        return None
    repository.begin(session, facts["about"], facts["resource_id"], facts["rows"])
    return Order(
        digest=standards.digest(columns),
        columns=[each.told for each in columns],
        standards=standards.standards(session, columns),
        **facts,
    )


def noted(
    session: Session, subject: Subject, order: Order, found: Examined
) -> ConformityReport | None:
    """Write the report, and tell who works on the entry if the data keeps to its standards less
    than before. None when another run of the job was first, or the draft is gone.
    """
    row = resources.found_by_id(session, order.resource_id, lock=True)
    repository.end(session, order.about)
    if row is None or _is_there(session, order):
        return None
    report = _written(session, order, found)
    edition = editions.by_id(session, order.edition_id) if order.edition_id else None
    facts: dict[str, object] = {
        "rows": report.rows,
        "failed": report.failed,
        "columns": len(report.columns),
    }
    append(
        session,
        subject,
        Event.CONFORMITY_CHECKED,
        stream=row.audit_stream(),
        obj=edition.audit_ref() if edition else ObjectRef("DataResource", row.code, row.version),
        why={
            **({} if report.is_whole else {"is_whole": False}),
            **({"number": edition.number} if edition else {}),
            **facts,
            "standards": order.digest,
        },
    )
    if edition is not None:
        _tell_worse(session, row, edition, report)
    return report


def _is_there(session: Session, order: Order) -> bool:
    if order.edition_id is not None:
        return bool(repository.of_editions(session, [order.edition_id]))
    is_gone = all(
        data.id != order.attachment_id
        for data in coming(session, [resources.by_id(session, order.resource_id)]).values()
    )
    done = repository.of_draft(session, order.resource_id, order.attachment_id, order.digest)
    return is_gone or done is not None


def _written(session: Session, order: Order, examined: Examined) -> ConformityReport:
    found = examined.report
    item_of = {each.column: each.item for each in order.columns}
    columns = []
    for told, count in zip(order.columns, found.columns, strict=True):
        rules = [
            {"rule": each.rule.code, "checked": each.checked, "failed": each.failed}
            for each in found.counts
            if each.column == told.column
        ]
        kept = told.model_dump(mode="json", exclude={"rules"})
        side = count.side.value if told.domain_edition else None
        columns.append(
            {**kept, "held_to": side, "checked": count.checked, "failed": count.failed}
            | {"rules": rules}
        )
    report = ConformityReport(
        resource_id=order.resource_id,
        attachment_id=order.attachment_id,
        edition_id=order.edition_id,
        standards=order.digest,
        held_on=order.held_on,
        rows=found.rows,
        is_whole=examined.is_whole,
        failed=sum(each.failed for each in found.columns),
        columns=columns,
        failures=[
            [each.row, item_of[each.column], each.rule, each.value] for each in found.failures
        ],
    )
    session.add(report)
    session.flush()
    return report


def _tell_worse(
    session: Session, row: DataResource, edition: Edition, report: ConformityReport
) -> None:
    before = repository.before(session, edition)
    worse = worse_columns(before.columns, report.columns) if before else []
    if worse:
        what = _(
            "Edition %(number)s of “%(title)s” keeps to its standards less than the one before: "
            "%(names)s",
            number=edition.number,
            title=row.title,
            names="、".join(worse[:5]),
        )
        href = f"{PAGE.format_map(edition.told())}/{edition.number}/conformity"
        messages.send(session, user_ids=[edition.made_by, row.registrar_id], what=what, href=href)


def worse_columns(before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> list[str]:
    """The items of which a larger share of the values breaks a rule than before."""
    known = {each["item"]: each for each in before}
    return [
        each["item"]
        for each in after
        if each["item"] in known
        and each["failed"] * known[each["item"]]["checked"]
        > known[each["item"]]["failed"] * each["checked"]
    ]
