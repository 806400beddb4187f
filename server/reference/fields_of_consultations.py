"""Labels of the fields that only consultations, filings, suspended grants and deliveries have."""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import Message, _

#: Name of a field → what it says.
OF_CONSULTATIONS: Final[Mapping[str, Message]] = {
    "acknowledged_bytes": _("Bytes that at least came to the machine at the other end"),
    "concluded_by": _("Who concluded it"),
    "consultation_no": _("Public number of the consultation, for example CO-2026-000001"),
    "filed_at": _("When it was filed"),
    "filed_by": _("Who filed it"),
    "filing": _("The filing with the data administration"),
    "ground_label": _("Why the whole of it is suspended, in words"),
    "negative_entries": _("Numbers of the negative entries that strike it now"),
    "negative_entry": _("Number of the negative entry that struck it"),
    "side": _("Which side states it"),
    "side_label": _("Which side states it, in words"),
    "struck_by": _("Numbers of the negative entries that ended it"),
}
