"""What is said of the trail: how an event can have ended, and what is often looked for."""

from collections.abc import Mapping, Sequence
from typing import Final

from shuqiao.i18n import Message, _

RESULTS: Final[Mapping[str, Message]] = {
    "allow": _("Allowed"),
    "deny": _("Denied"),
    "error": _("Failed"),
}
TONES: Final[Mapping[str, str]] = {"allow": "success", "deny": "danger", "error": "warning"}
#: Groups of actions offered by the form, beside every single one.
GROUPS: Final[Mapping[str, Message]] = {
    "exchange:*": _("Everything of the exchange"),
    "catalog:*": _("Everything of the catalogue"),
    "auth:*": _("Everything of accounts"),
    "audit:*": _("Everything of the trail itself"),
}
#: Questions a reviewer asks again and again.
READY: Final[Sequence[tuple[Message, str]]] = (
    (_("Denied"), "result:deny"),
    (_("Deliveries"), "action:exchange:delivery:*"),
    (_("Sign-ins refused"), "action:auth:session:refused"),
    (_("Grants revoked"), "action:exchange:grant:revoked"),
    (_("Exports of the trail"), "action:audit:trail:exported"),
)
LABELS: Final[Mapping[str, Message]] = {
    "q": _("Query"),
    "action": _("Action"),
    "actor": _("Account"),
    "result": _("Result"),
    "stream": _("Case"),
    "object": _("Object"),
    "from": _("From day"),
    "to": _("To day"),
}
