"""Labels of the fields that only updates of the catalogue and their causes have."""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import Message, _

#: Name of a field → what it says.
OF_UPDATES: Final[Mapping[str, Message]] = {
    "about": _("Object of the platform that the cause comes from"),
    "cause_no": _("Public number of the cause, for example UC-2026-000123"),
    "changes": _("Updates that the cause opened"),
    "data": _("New data without an entry, one line each"),
    "department_code": _("Code of the department"),
    "dismissed_for": _("Why no update is needed"),
    "has_more": _("Whether more fit than are shown"),
    "is_overdue": _("Whether a limit of law has passed"),
    "limit_basis": _("On what the limit rests"),
    "limit_basis_label": _("On what the limit rests, in words"),
    "of_law": _("Updates with a limit of law"),
    "overdue_of_law": _("Updates whose limit of law has passed"),
    "overdue_of_policy": _("Updates whose limit of the platform has passed"),
    "owed": _("Numbers of what is owed already"),
    "recorder": _("Who recorded it"),
    "updates": _("Updates that are owed"),
    "working_days_left": _("Working days left; negative when the date has passed"),
}
