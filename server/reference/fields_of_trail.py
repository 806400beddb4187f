"""Labels of what the audit trail is asked by."""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import Message, _

OF_TRAIL: Final[Mapping[str, Message]] = {
    "actor": _("Account of who acted"),
    "at": _("When it was done"),
    "grant": _("Number of a grant: events about it, its request and its deliveries"),
    "ip": _("Network address from which it was done"),
    "org": _("Department of whoever acted, by name or credit code"),
    "person": _("Name of the person"),
}
