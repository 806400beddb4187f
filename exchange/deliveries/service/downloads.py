"""What a person may download under a grant, and how much that is: looked at without the engine, so
that pages can say it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session

from catalog.resources.words import ShareWay
from exchange.deliveries.errors import NoDownload, SourceAway, WorksheetFull
from exchange.deliveries.service.plans import compile_grant
from exchange.deliveries.words import Face, FileFace
from exchange.grants import repository as grants
from exchange.grants.errors import GrantNotLive
from exchange.grants.models import ShareGrant
from exchange.grants.service.granting import is_live
from shuqiao.arrow.connectors.causes import ConnectorFailed
from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.errors import ShuqiaoError
from shuqiao.i18n import Message
from shuqiao.web.downloads import XLSX_ROWS


@dataclass(frozen=True, slots=True)
class Extent:
    """How much leaves: ``rows``, None where nobody knows (live data); ``is_at_most``: rows are
    filtered, so that fewer may leave. ``stopped``: by name the items that do not, and why.
    """

    columns: int
    rows: int | None
    is_at_most: bool
    edition_no: int | None
    stopped: Mapping[str, Message] = field(default_factory=dict)

    @property
    def is_past_a_worksheet(self) -> bool:
        """Whether it is known that an Excel file cannot hold it."""
        return not self.is_at_most and self.rows is not None and self.rows > XLSX_ROWS


def gives_files(session: Session, grant: ShareGrant) -> bool:
    """Whether the way granted is file download (文件下载)."""
    return grants.way_of(session, grant) is ShareWay.FILE


def check_way(session: Session, grant: ShareGrant) -> None:
    """Raises ``NoDownload`` where the way granted is another one."""
    if not gives_files(session, grant):
        raise NoDownload


def check_open(session: Session, grant: ShareGrant, face: FileFace) -> None:
    """Whether a download can begin now, asked before a ticket is given.

    Raises ``GrantNotLive``, ``NoDownload``, ``WorksheetFull``, and what ``compile_grant`` does.
    """
    if not is_live(grant):
        raise GrantNotLive(grant.standing)
    check_way(session, grant)
    try:
        check_fits(compile_grant(session, grant).plan, Face(face.value))
    except ConnectorFailed as failed:
        raise SourceAway(**failed.facts) from None


def check_fits(plan: DeliveryPlan, face: Face) -> None:
    """Raises ``WorksheetFull`` where it is known beforehand that the rows are too many for one."""
    if face is Face.XLSX and _extent(plan, None, {}).is_past_a_worksheet:
        raise WorksheetFull


def extent_of(session: Session, grant: ShareGrant) -> Extent | None:
    """How much a fetch gives now; None where none gives anything, for whatever reason."""
    if not is_live(grant):
        return None
    try:
        compiled = compile_grant(session, grant)
    except ShuqiaoError:  # what is in the way, the page says elsewhere
        return None
    return _extent(compiled.plan, compiled.edition_no, compiled.stopped)


def rows_at_most(plan: DeliveryPlan) -> int | None:
    """Rows that can leave: those of the stored edition; of live data nobody knows."""
    return None if plan.is_live else plan.snapshot.manifest.rows


def _extent(plan: DeliveryPlan, edition_no: int | None, stopped: Mapping[str, Message]) -> Extent:
    rows, is_filtered = rows_at_most(plan), plan.row_filter is not None
    return Extent(len(plan.columns), rows, is_filtered, edition_no, stopped)
