"""How an event can have ended, in words and colours."""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import Message, _

RESULTS: Final[Mapping[str, Message]] = {
    "allow": _("Allowed"),
    "deny": _("Denied"),
    "error": _("Failed"),
}
TONES: Final[Mapping[str, str]] = {"allow": "success", "deny": "danger", "error": "warning"}
