"""What goes in and out of the delivery routes."""

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel

from exchange.deliveries.words import DeliveryStatus, FileFace
from shuqiao.texts import Strict

#: The form in which rows leave for programs.
MEDIA_TYPE: Final = "application/vnd.apache.arrow.stream"


class FileWanted(Strict):
    """As which kind of file the granted data is downloaded."""

    face: FileFace


class DeliveryRead(BaseModel):
    """A delivery: rows and bytes are what was handed to the connection, at most so many can have
    arrived; while it runs as of about a second ago. ``acknowledged_bytes``: at least so many have
    come to the other end's machine.

    They are null before the first second and when the serving process was lost.
    """

    delivery_no: str
    grant_no: str
    status: DeliveryStatus
    status_label: str
    end_reason: str | None
    end_reason_label: str
    #: The negative entries that ended it, by number.
    struck_by: list[str]
    face: str
    columns: list[str]
    #: Of which edition the rows are, and which snapshot that is; live rows are of none.
    edition_no: int | None
    snapshot_id: str | None
    rows: int | None
    bytes: int | None
    acknowledged_bytes: int | None
    fetched_by: str
    started_at: datetime
    ended_at: datetime | None


class ReceiptRead(BaseModel):
    """The receipt of a finished delivery, as it stands in the stream's
    last batch (``docs/protocol.md``).
    """

    delivery_no: str
    grant_no: str
    receipt: dict[str, Any]
