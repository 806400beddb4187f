"""Download for people: the choice of the kind of file, on the grant's page and on one of its own,
and the page that carries the ticket to the address of the data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from auth.guard import Authorized, is_allowed
from exchange.deliveries.errors import (
    EditionCleared,
    ItemsSuspended,
    NoDownload,
    PlanDrifted,
    SourceAway,
    TransferCut,
    TransferStopped,
    WorksheetFull,
)
from exchange.deliveries.service import tickets
from exchange.deliveries.service.downloads import Extent, extent_of, gives_files
from exchange.deliveries.words import FileFace
from exchange.grants.errors import GrantNotLive
from exchange.grants.models import ShareGrant
from policies.actions import Action
from shuqiao.arrow.scans.places import NoPlace
from shuqiao.arrow.snapshots.manifest import SnapshotDamaged
from shuqiao.errors import NotFound, ShuqiaoError
from shuqiao.i18n import Message, _, ngettext
from shuqiao.settings import settings
from shuqiao.subject import Subject
from shuqiao.web.downloads import XLSX_ROWS
from shuqiao.web.formats import number
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.visits import LimitReached

#: What the address of the data refuses a download for, by code: it has no pages of its own.
_SAID: Final[Mapping[str, Message]] = {
    kind.code: kind.title
    for kind in (
        *(EditionCleared, GrantNotLive, ItemsSuspended, LimitReached, NoDownload, NoPlace),
        *(PlanDrifted, SnapshotDamaged, SourceAway, TransferCut, TransferStopped, WorksheetFull),
    )
} | {
    NotFound.code: _(
        "What allows it lasts one minute, serves once, and ends with your session. Choose the file "
        "again."
    )
}


@dataclass(frozen=True, slots=True)
class FileChoice:
    """One kind of file with what its button says; ``why_not``: why it cannot be chosen."""

    face: FileFace
    words: Message
    why_not: Message | None


def _choices(extent: Extent) -> Sequence[FileChoice]:
    """Excel first: it keeps leading zeros, and needs no question how to read it."""
    full = _(
        "An Excel file holds %(limit)s rows below its head; here are more. Download CSV, or fetch "
        "with a program.",
        limit=number(XLSX_ROWS),
    )
    size = said(extent)
    return (
        FileChoice(
            FileFace.XLSX,
            _("Download for Excel (%(size)s)", size=size),
            full if extent.is_past_a_worksheet else None,
        ),
        FileChoice(FileFace.CSV, _("Download CSV (%(size)s)", size=size), None),
    )


def said(extent: Extent) -> Message:
    """``1,234 rows, 5 columns, edition 3``, as far as it is known."""
    columns = ngettext("%(count)s column", "%(count)s columns", extent.columns)
    parts = {"columns": columns, "rows": number(extent.rows), "edition": str(extent.edition_no)}
    if extent.rows is None:
        return columns
    if extent.edition_no is None:
        known = _("%(rows)s rows, %(columns)s") if not extent.is_at_most else _AT_MOST
    else:
        known = _EDITION if not extent.is_at_most else _EDITION_AT_MOST
    return known.filled(parts)


_AT_MOST: Final = _("at most %(rows)s rows, %(columns)s")
_EDITION: Final = _("%(rows)s rows, %(columns)s, edition %(edition)s")
_EDITION_AT_MOST: Final = _("at most %(rows)s rows, %(columns)s, edition %(edition)s")


def downloads(session: Session, subject: Subject, grant: ShareGrant) -> Mapping[str, Any] | None:
    """For the grant's page: the choice, for whoever may fetch what is granted as a file."""
    if not is_allowed(subject, Action.GRANT_FETCH, grant) or not gives_files(session, grant):
        return None
    extent = extent_of(session, grant)
    return None if extent is None else {"choices": _choices(extent)}


@dataclass(frozen=True, slots=True)
class DownloadsPage(Page):
    """The choice on a page of its own: where a download that was refused leads back to.

    ``refused``: why it was; ``why_none``: why there is nothing to choose.
    """

    template = "deliveries/downloads.html"
    form: Form
    grant: ShareGrant
    choices: Sequence[FileChoice]
    refused: Message | None
    why_none: Message | None


def downloads_page(
    session: Session, found: Authorized[ShareGrant], form: Form, refused: str = ""
) -> DownloadsPage:
    grant = found.object
    extent = extent_of(session, grant)
    is_given = gives_files(session, grant)
    why_none = None if is_given else NoDownload.title
    if is_given and extent is None:
        why_none = _("No data leaves under this grant now.")
    return DownloadsPage(
        form,
        grant,
        _choices(extent) if is_given and extent else (),
        _SAID.get(refused, ShuqiaoError.title) if refused else None,
        why_none,
    )


@dataclass(frozen=True, slots=True)
class TicketPage(Page):
    """The one step from the pages to the address of the data. ``seconds``: how long it is open."""

    template = "deliveries/ticket.html"
    http_status = 201
    grant: ShareGrant
    address: str
    ticket: str
    words: Message
    seconds: int


def ticket_page(session: Session, grant: ShareGrant, ticket: str, face: FileFace) -> TicketPage:
    extent = extent_of(session, grant)
    assert extent is not None, "it was looked at before the ticket was given"
    (choice,) = (each for each in _choices(extent) if each.face is face)
    address = f"{settings().data_origin}/api/v1/grants/{grant.grant_no}/file"
    return TicketPage(grant, address, ticket, choice.words, tickets.SECONDS)
