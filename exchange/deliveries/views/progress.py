"""How far a transfer is, as people read it: rows, bytes, speed, time,
and how much there is in all when it is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from exchange.deliveries.models import Delivery
from exchange.deliveries.words import DeliveryStatus, EndReason
from exchange.grants.models import ShareGrant
from shuqiao.arrow.snapshots.reader import open_snapshot
from shuqiao.clock import now
from shuqiao.errors import ShuqiaoError
from shuqiao.home import folder
from shuqiao.i18n import Message, _

#: A shorter time says nothing about speed.
_SPEED_FROM_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Progress:
    """Rows and bytes handed over so far; ``total``: rows in all, None
    when the rows are filtered.
    """

    rows: int | None
    bytes: int | None
    seconds: float
    total: int | None
    is_running: bool

    @property
    def bytes_a_second(self) -> int | None:
        if self.bytes is None or self.seconds < _SPEED_FROM_SECONDS:
            return None
        return round(self.bytes / self.seconds)

    @property
    def elapsed(self) -> Message:
        """``4 s``, ``2 min 5 s``, ``1 h 3 min``."""
        whole = int(self.seconds)
        if whole < 60:
            return _(
                "%(seconds)s s", seconds=f"{self.seconds:.1f}" if self.seconds < 10 else str(whole)
            )
        if whole < 3_600:
            return _("%(minutes)s min %(seconds)s s", minutes=whole // 60, seconds=whole % 60)
        return _("%(hours)s h %(minutes)s min", hours=whole // 3_600, minutes=whole % 3_600 // 60)

    @property
    def has_bar(self) -> bool:
        """Whether a bar says more than the numbers: while it runs, and the end is known."""
        return self.is_running and self.total is not None and self.total > 0


def progress_of(delivery: Delivery, grant: ShareGrant) -> Progress:
    """How far ``delivery`` is, by business time."""
    seconds = ((delivery.ended_at or now()) - delivery.started_at).total_seconds()
    is_running = delivery.status is DeliveryStatus.RUNNING
    return Progress(delivery.rows, delivery.bytes, max(0.0, seconds), _total(grant), is_running)


def _total(grant: ShareGrant) -> int | None:
    """Rows of the whole delivery; only a grant without row filter
    delivers every row of its snapshot.
    """
    if grant.row_filter is not None or grant.snapshot_id is None:
        return None
    try:
        return open_snapshot(folder("snapshots") / grant.snapshot_id).manifest.rows
    except ShuqiaoError:  # damaged or gone: the page still shows what is known
        return None


def advice(reason: EndReason) -> Message:
    """What to do after a transfer ended early."""
    return _ADVICE[reason]


_ADVICE: Final[Mapping[EndReason, Message]] = {
    EndReason.DISCONNECTED: _(
        "The receiving program ended or lost its connection. Fetch again; a broken stream cannot "
        "be taken up in the"
        " middle."
    ),
    EndReason.STALLED: _(
        "Look whether the receiving program still reads and its disk has room, then fetch again."
    ),
    EndReason.TOO_SLOW: _(
        "The receiving program or its line took less than the least rate of this service, or a "
        "department's database had to wait for it. Store to a nearer or faster place, or fetch "
        "fewer columns."
    ),
    EndReason.NO_PLACE: _("Many transfers were being prepared. Fetch again in a few minutes."),
    EndReason.REVOKED: _(
        "The grant's page says why it was revoked. Whoever still needs the data files a new "
        "request."
    ),
    EndReason.EXPIRED: _("The term is over. Whoever still needs the data files a new request."),
    EndReason.ITEM_SUSPENDED: _(
        "The grant's page says which item and why. Fetch again: the other items leave as before."
    ),
    EndReason.NEGATIVE_ENTRY: _(
        "The grant's page names the item, the entry and its basis. Fetch again: the other items "
        "leave as before."
    ),
    EndReason.DRIFTED: _(
        "The rows or their form were changed or removed by the provider meanwhile. Fetch again; "
        "if that is refused, the provider has been told."
    ),
    EndReason.SOURCE_AWAY: _(
        "The provider has been told why. Fetch again later; do not use what arrived."
    ),
    EndReason.UNCHECKED: _(
        "The service could not check the grant for a moment, and what cannot be checked does not "
        "leave. Fetch again in"
        " a few minutes."
    ),
    EndReason.CREDENTIAL_ENDED: _(
        "Issue a new token on the page “My account”, put it into the profile, fetch again."
    ),
    EndReason.NOT_ALLOWED: _(
        "The account's role or department, or what its token may do, has changed."
        " Ask your security administrator who fetches for the department now."
    ),
    EndReason.SHUTTING_DOWN: _("The service was being restarted. Fetch again."),
    EndReason.DATA_DAMAGED: _(
        "What arrived before is as it was stored, and is no whole: throw it away. The provider and "
        "the operators have been told; fetch again when the edition is sound, or the next is there."
    ),
    EndReason.WORKSHEET_FULL: _("Download it as CSV, which has no such limit."),
    EndReason.FAULT: _(
        "Fetch again. If it happens again, give the operators the number of this transfer."
    ),
    EndReason.LOST: _(
        "Fetch again. What had left by then is unknown, so do not use a part of a file."
    ),
}
