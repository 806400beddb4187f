"""What each key is for, for operators, and what a new one would break."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shuqiao.arrow.connectors.sealed import KEY as CONNECTIONS
from shuqiao.arrow.snapshots.seals import KEY as SEALS
from shuqiao.i18n import Message, _

MASK: Final = "mask."


@dataclass(frozen=True, slots=True)
class KeyWords:
    """``needs_reason``: what a new key would break, so that somebody has to say why."""

    purpose: str
    needs_reason: Message | None = None


_PSEUDONYMS: Final = KeyWords(
    "pseudonyms of one recipient",
    _("Pseudonyms change: the recipient cannot join old and new data any more."),
)
_UNKNOWN: Final = KeyWords(
    "of another version of the program", _("What it is for is not known here.")
)
_KEYS: Final[Mapping[str, KeyWords]] = {
    "csrf": KeyWords("form tokens"),
    "sign-in": KeyWords("counting of sign-ins"),
    "cursor": KeyWords("places in lists"),
    "duplicates": KeyWords("comparison of values"),
    "seat": KeyWords(
        "halves of one-time passwords of seats",
        _("Halves that were handed over already do not fit any more."),
    ),
    CONNECTIONS: KeyWords("passwords of departments' databases"),
    SEALS: KeyWords("seals of stored rows"),
}


def words_of(name: str) -> KeyWords:
    """What is said of the key called ``name``."""
    if name.startswith(MASK):
        return _PSEUDONYMS
    return _KEYS.get(name, _UNKNOWN)
