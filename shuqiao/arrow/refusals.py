"""Why an uploaded table was not taken: one clear sentence, a stable
reason, the columns and rows concerned.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shuqiao.errors import FieldError, Invalid, TooLarge, Unavailable
from shuqiao.i18n import Message, _

#: Rows named in one message; the count is always exact.
ROWS_NAMED = 20


class DecodeRefused(Invalid):
    """The file is not a table we can take (422).

    ``reason`` is a stable word, e.g. ``encoding_unknown``.
    """

    code, title = "table_refused", _("This file cannot be taken as a table")

    def __init__(
        self, reason: str, detail: Message, *, errors: Sequence[FieldError] = (), **facts: Any
    ) -> None:
        super().__init__(detail, errors=errors, reason=reason, **facts)
        self.reason = reason

    def to_json(self) -> dict[str, Any]:
        """The refusal as the child writes it down for its parent."""
        errors = [[e.pointer, e.code, e.detail.to_json(), e.fix.to_json()] for e in self.errors]
        detail = self.detail or self.title
        return {
            "reason": self.reason,
            "too_large": isinstance(self, TooLarge),
            "detail": detail.to_json(),
            "errors": errors,
        }

    @staticmethod
    def from_json(stored: Mapping[str, Any]) -> "DecodeRefused":
        errors = [
            FieldError(p, c, Message.from_json(d), Message.from_json(f))
            for p, c, d, f in stored["errors"]
        ]
        kind = DecodeTooLarge if stored["too_large"] else DecodeRefused
        return kind(stored["reason"], Message.from_json(stored["detail"]), errors=errors)


class DecodeTooLarge(TooLarge, DecodeRefused):
    """The table is larger, once decoded, than this service takes (413)."""

    code, title = "table_too_large", _("This table is too large")


class DecodersBusy(Unavailable):
    """No place for decoding became free in time (503)."""

    code, title = "decoders_busy", _("Too many files are being read at this moment")


class CallerGone(Unavailable):
    """Whoever asked left before a place was free: nothing is decoded for nobody."""

    code, title = "caller_gone", _("The connection was closed before it was this file's turn")


class DecoderLost(Unavailable):
    """Decoding was broken off by something other than the file (503): trying again helps."""

    code, title = "decoder_lost", _("Reading the file was interrupted on our side")


def named_rows(rows: Sequence[int], count: int) -> str:
    """``3, 17, 20 …``: the first rows of ``count`` concerned."""
    listed = ", ".join(str(row) for row in rows[:ROWS_NAMED])
    return f"{listed} …" if count > min(len(rows), ROWS_NAMED) else listed
