"""Labels of the fields that only checks before collecting and repeated forms have."""

from collections.abc import Mapping
from typing import Final

from server.reference.fields_of_demands import OF_DEMANDS
from server.reference.fields_of_lists import OF_LISTS
from shuqiao.i18n import Message, _

#: Name of a field → what it says.
OF_COLLECTION: Final[Mapping[str, Message]] = {
    **OF_DEMANDS,
    **OF_LISTS,
    "answer": _("Who has the field: own, shareable, withheld or collectable"),
    "answer_label": _("Who has the field, in words"),
    "answered_at": _("When it was answered"),
    "asked_by": _("Who asks for the form"),
    "check_no": _("Public number of the check, for example CK-2026-000001"),
    "concluded_at": _("When the check was concluded"),
    "fields": _("Fields of the form, in their order"),
    "form_name": _("Name of the form that is asked for"),
    "is_collected": _("Whether the field is collected after all"),
    "is_corrected": _("Whether the answer was corrected by hand"),
    "item_name": _("Information item that holds it"),
    "maker": _("Who made the check"),
    "report_no": _("Public number of the report, for example RF-2026-000001"),
    "reported_at": _("When it was reported"),
}
