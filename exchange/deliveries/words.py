"""The states of a delivery (交付), why it ended early, and the forms in which rows leave.
"Finished" means handed to the connection; only the recipient can say it arrived.
"""

from enum import StrEnum

from shuqiao.i18n import Message, _
from shuqiao.words import Word


class Face(Word):
    """The form in which rows leave (交付形式): one plan, many faces."""

    ARROW = "arrow", _("Arrow stream")
    CSV = "csv", _("CSV file")
    XLSX = "xlsx", _("Excel file")


class FileFace(Word):
    """The faces that a person downloads from the page."""

    CSV = "csv", Face.CSV.label
    XLSX = "xlsx", Face.XLSX.label


class DeliveryStatus(StrEnum):
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def label(self) -> Message:
        return _LABELS[self]


class EndReason(StrEnum):
    """Why a delivery ended early."""

    DISCONNECTED = "disconnected"
    STALLED = "stalled"
    TOO_SLOW = "too_slow"
    NO_PLACE = "no_place"
    REVOKED = "revoked"
    EXPIRED = "expired"
    ITEM_SUSPENDED = "item_suspended"
    NEGATIVE_ENTRY = "negative_entry"
    DRIFTED = "drifted"
    SOURCE_AWAY = "source_away"
    UNCHECKED = "unchecked"
    CREDENTIAL_ENDED = "credential_ended"
    NOT_ALLOWED = "not_allowed"
    SHUTTING_DOWN = "shutting_down"
    DATA_DAMAGED = "data_damaged"
    WORKSHEET_FULL = "worksheet_full"
    FAULT = "fault"
    LOST = "lost"

    @property
    def label(self) -> Message:
        return _REASONS[self]


_LABELS: dict[DeliveryStatus, Message] = {
    DeliveryStatus.RUNNING: _("Running"),
    DeliveryStatus.FINISHED: _("Finished"),
    DeliveryStatus.STOPPED: _("Stopped"),
    DeliveryStatus.FAILED: _("Failed"),
}
_REASONS: dict[EndReason, Message] = {
    EndReason.DISCONNECTED: _("The reader left"),
    EndReason.STALLED: _("The reader took nothing for too long"),
    EndReason.TOO_SLOW: _("The reader took too little for too long"),
    EndReason.NO_PLACE: _("No place to prepare the data became free in time"),
    EndReason.REVOKED: _("The grant was revoked"),
    EndReason.EXPIRED: _("The grant expired"),
    EndReason.ITEM_SUSPENDED: _("An item it carried was suspended"),
    EndReason.NEGATIVE_ENTRY: _("An item it carried came on the negative list"),
    EndReason.DRIFTED: _("What it delivered is no longer what was granted"),
    EndReason.SOURCE_AWAY: _("The provider's database could not be read"),
    EndReason.UNCHECKED: _("The grant could not be checked any more"),
    EndReason.CREDENTIAL_ENDED: _("The reader's token or session ended"),
    EndReason.NOT_ALLOWED: _("The reader may no longer fetch under the grant"),
    EndReason.SHUTTING_DOWN: _("The service was shutting down"),
    EndReason.DATA_DAMAGED: _("The stored rows are damaged"),
    EndReason.WORKSHEET_FULL: _("More than an Excel file holds"),
    EndReason.FAULT: _("A fault on our side"),
    EndReason.LOST: _("The serving process ended; how much had left is unknown"),
}
