"""The editions of an entry as its registrar's page shows them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session

from auth.cases import possible
from auth.guard import Authorized
from auth.steps import Step
from catalog.editions import repository
from catalog.editions.lifecycle import LIFECYCLE
from catalog.editions.models import Edition
from catalog.editions.schemas import EditionReport, RefreshRead
from catalog.editions.service import refreshing
from catalog.editions.words import EditionStatus
from catalog.resources.models import DataResource
from policies.retention import Ended, Retention, retentions
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest
from shuqiao.web.slots import Slot

TONES: Final[Mapping[EditionStatus, str]] = {
    EditionStatus.ARRIVING: "info",
    EditionStatus.HELD: "warning",
    EditionStatus.CURRENT: "success",
    EditionStatus.KEPT: "neutral",
    EditionStatus.REMOVED: "neutral",
}
#: The parts of the coverage, as a report names them.
PARTS: Final[Mapping[str, Message]] = {
    "area": _("Areas"),
    "period": _("Period"),
    "sensitive": _("Sensitive groups"),
}


@dataclass(frozen=True, slots=True)
class StandingLine:
    """How an edition keeps to its standards, as a line with the way to more; ``is_under_way``:
    while it is being checked.
    """

    words: Message
    tone: str
    href: str
    is_under_way: bool


Standings = Callable[[Session, DataResource, Sequence[Edition]], Mapping[UUID, StandingLine]]
#: Filled above: whether editions keep to the standards of their columns, by id.
STANDINGS: Slot[Standings] = Slot(lambda _session, _resource, _rows: {})
#: Where each step of a person is sent to, below the edition's own address.
PATHS: Final[Mapping[str, str]] = {"check": "checks", "drop": "drops"}


@dataclass(frozen=True, slots=True)
class EditionShown:
    """``report``: None before the check. ``steps``: what the reader may do, each with its path."""

    row: Edition
    tone: str
    report: EditionReport | None
    standing: StandingLine | None
    steps: Sequence[tuple[Step[EditionStatus], str]]


@dataclass(frozen=True, slots=True)
class EditionsPage(Page):
    """``refresh``: None where the data is no copy of a connected table, and never was renewed;
    ``table``: that table, as it was attached.
    """

    template = "editions/list.html"
    block = "state"
    form: Form
    resource: DataResource
    address: str
    upload: str
    rows: Sequence[EditionShown]
    parts: Mapping[str, Message]
    refresh: RefreshRead | None
    table: str
    kept: Retention
    dropped: Retention
    is_under_way: bool
    done: Message | None


def editions_page(
    session: Session,
    found: Authorized[DataResource],
    form: Form | None = None,
    done: str = "",
) -> EditionsPage:
    """The latest editions, with what may be done about those that are held."""
    resource = found.object
    rows, _following = repository.page(session, resource.id, PageRequest(), with_all=True)
    said, shown = LIFECYCLE.done(done), refreshing.shown(session, resource)
    standings = STANDINGS.held(session, resource, rows)
    table = refreshing.copied_table(session, resource)
    return EditionsPage(
        form=form or Form(),
        resource=resource,
        address=f"/resources/{resource.url_code}",
        upload=f"/resources/{resource.url_code}/edit/data",
        rows=[_shown(found, row, standings.get(row.id)) for row in rows],
        parts=PARTS,
        refresh=shown if shown.version or table else None,
        table=table.file_name if table else "",
        kept=retentions()[Ended.SUPERSEDED],
        dropped=retentions()[Ended.DROPPED],
        is_under_way=any(each.is_under_way for each in standings.values())
        or any(row.status is EditionStatus.ARRIVING for row in rows),
        done=said.title if said else None,
    )


def _shown(
    found: Authorized[DataResource], row: Edition, standing: StandingLine | None
) -> EditionShown:
    steps = possible(found.subject, row, LIFECYCLE)
    return EditionShown(
        row=row,
        tone=TONES[row.status],
        report=EditionReport.model_validate(row.report) if row.report else None,
        standing=standing,
        steps=[(step, PATHS[step.name]) for step in steps],
    )
