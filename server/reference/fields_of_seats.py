"""Labels of the fields that only changes of seats have."""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import Message, _

#: Name of a field → what it says.
OF_SEATS: Final[Mapping[str, Message]] = {
    "account_name": _("Name of the person whose account it is"),
    "decided_at": _("When it was decided"),
    "decided_office": _("The administrator's role in which it was decided"),
    "decider": _("Who decided"),
    "office": _("The administrator's role in which it was proposed"),
    "password_half": _("Your half of a one-time password, in its only showing"),
    "proposed_at": _("When it was proposed"),
    "proposer": _("Who proposed it"),
    "seat_no": _("Public number of the change of a seat, for example SE-2026-000001"),
}
