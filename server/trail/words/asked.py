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
#: Groups of actions offered by the form: of a stage, and of one kind of things. The single actions
#: of a kind are offered once it is chosen; all of them are too many for one list.
GROUPS: Final[Mapping[str, Message]] = {
    "exchange:*": _("Everything of the exchange"),
    "catalog:*": _("Everything of the catalogue"),
    "auth:*": _("Everything of accounts"),
    "audit:*": _("Everything of the trail itself"),
}
KINDS: Final[Mapping[str, Message]] = {
    "catalog:assignment": _("Claim and fill"),
    "catalog:attachment": _("Attached data"),
    "catalog:census": _("Censuses of systems"),
    "catalog:collection": _("Checks before collecting"),
    "catalog:conformity": _("Conformity checks"),
    "catalog:connection": _("Connections"),
    "catalog:demand": _("Demands"),
    "catalog:domain": _("Value domains"),
    "catalog:duplicate": _("Suspected duplicates"),
    "catalog:edition": _("Editions"),
    "catalog:element": _("Data elements"),
    "catalog:list_template": _("List templates"),
    "catalog:negative_contest": _("Contests of a basis"),
    "catalog:negative_entry": _("Negative list"),
    "catalog:proposal": _("Proposals of data elements"),
    "catalog:refresh": _("Renewals on schedule"),
    "catalog:repeat": _("Repeated forms"),
    "catalog:resource": _("Catalogue entries"),
    "catalog:snapshot": _("Stored data"),
    "catalog:source": _("Sources"),
    "catalog:source_conflict": _("Source conflicts"),
    "catalog:system": _("Information systems"),
    "catalog:update": _("Updates of the catalogue"),
    "catalog:update_cause": _("Causes of updates"),
    "exchange:consultation": _("Consultations"),
    "exchange:delivery": _("Deliveries"),
    "exchange:filing": _("Filings"),
    "exchange:grant": _("Share grants"),
    "exchange:request": _("Share requests"),
    "auth:action": _("Refused actions"),
    "auth:area": _("Areas"),
    "auth:department": _("Departments"),
    "auth:duty": _("Duties"),
    "auth:seat": _("Changes of seats"),
    "auth:session": _("Sign-ins"),
    "auth:succession": _("Successions"),
    "auth:token": _("Service tokens"),
    "auth:user": _("Accounts"),
    "audit:trail": _("The trail itself"),
    "desk:calendar": _("Calendars"),
    "desk:clock": _("Clocks"),
    "server:backup": _("Backups"),
    "server:job": _("Jobs"),
    "server:key": _("Keys of the installation"),
}
#: Questions a reviewer asks again and again.
READY: Final[Sequence[tuple[Message, str]]] = (
    (_("Denied"), "result:deny"),
    (_("Deliveries"), "action:exchange:delivery:*"),
    (_("Sign-ins refused"), "action:auth:session:refused"),
    (_("Refused again and again"), "action:auth:action:counted"),
    (_("Grants revoked"), "action:exchange:grant:revoked"),
    (_("Exports of the trail"), "action:audit:trail:exported"),
)
LABELS: Final[Mapping[str, Message]] = {
    "q": _("Query"),
    "action": _("Action"),
    "actor": _("Account or name"),
    "result": _("Result"),
    "stream": _("Case"),
    "object": _("Object"),
    "resource": _("Data resource"),
    "grant": _("Share grant"),
    "org": _("Department of who acted"),
    "ip": _("Network address"),
    "columns": _("Column"),
    "from": _("From day"),
    "to": _("To day"),
}
