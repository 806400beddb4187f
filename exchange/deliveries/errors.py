"""What can go wrong with a delivery."""

from collections.abc import Mapping
from types import MappingProxyType

from exchange.deliveries.words import EndReason
from shuqiao.errors import Conflict, Forbidden, ShuqiaoError, TooLarge, Unavailable
from shuqiao.i18n import Message, _


class ColumnNotGranted(Forbidden):
    """Another column than the granted ones was asked for."""

    code = "column_not_granted"

    def __init__(self, names: list[str], granted: list[str]) -> None:
        super().__init__(
            _(
                "Not granted: %(names)s. Granted are: %(granted)s",
                names="、".join(names),
                granted="、".join(granted),
            )
        )


class ItemsSuspended(Conflict):
    """Granted, and stopped since: a later version of the entry does not allow it, or the negative
    list strikes it. ``stopped``: why, in words, by name.
    """

    code = "item_suspended"

    def __init__(self, stopped: Mapping[str, Message]) -> None:
        said = [f"{name}（{why}）" for name, why in stopped.items()]
        super().__init__(
            _(
                "Suspended, so nothing of it leaves: %(items)s. The other granted items can be "
                "fetched.",
                items="、".join(said),
            ),
            items=list(stopped),
        )


class NotAcceptable(ShuqiaoError):
    status, code, title = (
        406,
        "not_acceptable",
        _("Data is delivered as application/vnd.apache.arrow.stream"),
    )


class PartRefused(ShuqiaoError):
    """A part of a stream was asked for (``Range``).

    Said rather than passed over: who appends a whole answer to half a file has neither.
    """

    status, code, title = 416, "part_refused", _("A data stream is sent whole, never in parts")
    headers: Mapping[str, str] = MappingProxyType({"accept-ranges": "none"})

    def __init__(self) -> None:
        super().__init__(
            _("Throw away what arrived and fetch again from the beginning, without Range.")
        )


class PlanDrifted(Conflict):
    """The grant would now deliver something else than what was tried."""

    code = "plan_drifted"
    title = _("The stored data is no longer what was granted; the provider has been told")


class SourceAway(Unavailable):
    """The provider's own database cannot be read.

    Why is the provider's business: it is in the event and the task.
    """

    code = "source_away"
    title = _("The provider's database cannot be read at the moment; the provider has been told")


class TransferStopped(Conflict):
    """It may not go on, and nothing of it had left: it waited for a place or for its rows."""

    code = "transfer_stopped"
    title = _("The transfer was stopped before anything was handed over")

    def __init__(self, reason: EndReason) -> None:
        super().__init__(reason.label)


class TransferCut(Unavailable):
    """The same, for a while only and by no fault of the reader's."""

    code = "transfer_cut"
    title = TransferStopped.title

    def __init__(self, reason: EndReason) -> None:
        super().__init__(reason.label)


class EditionCleared(Conflict):
    """Its time was over just as a fetch of it began."""

    code = "edition_cleared"
    title = _("The rows of this edition were removed by the rules of retention; fetch again")


class NoDownload(Conflict):
    """A file is asked for under a grant that does not give any."""

    code = "no_download"
    title = _("This grant gives no file to download")


class WorksheetFull(TooLarge):
    """The rows, a text or the file itself are more than a spreadsheet program takes."""

    code = "worksheet_full"
    title = _("More than an Excel file holds; download it as CSV")
