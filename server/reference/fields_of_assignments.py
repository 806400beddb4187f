"""Labels of list templates and assignments."""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import Message, _

OF_ASSIGNMENTS: Final[Mapping[str, Message]] = {
    "template_no": _("Public number of the list template, for example LT-2026-000001"),
    "template": _("Title of the list template"),
    "deadline_on": _("Last day to claim"),
    "lines": _("Lines: the entries and elements that are expected"),
    "line_count": _("How many lines there are"),
    "written_at": _("When it was drawn up"),
    "items_text": _("Items that are expected, as the level above wrote them"),
    "matter": _("Service matter in which the data arises"),
    "is_gap": _("Whether nobody has the line and nobody is asked for it"),
    "gaps": _("Lines that nobody has and nobody is asked for"),
    "gap_count": _("How many such lines there are"),
    "assignments": _("Numbers of the assignments of the line that the caller may read"),
    "assignment_no": _("Public number of the assignment, for example AS-2026-000001"),
    "replace": _("Whether the lines there are go"),
    "rest": _("What remains of a claim in part"),
    "rest_department": _("Department that has the rest; credit code when written"),
    "belongs_to": _("Department whose duty it is; credit code when written"),
    "duplicate_of": _("Code of the entry there is"),
    "refusal_label": _("Why it is not claimed, in words"),
    "is_partly": _("Whether it is claimed in part"),
    "entry": _("Code of the entry that fills it"),
    "previous": _("Assignment in whose place this one was made"),
    "following": _("Assignments made in its place or for its rest"),
    "assigned": _("How many lines are assigned"),
    "claimed": _("How many are claimed as a whole"),
    "partly": _("How many are claimed in part"),
    "refused": _("How many are not claimed"),
    "open": _("How many can still be answered in time"),
    "silent": _("What was not answered in time: how many, or which departments"),
    "registered": _("How many have an entry"),
    "published": _("How many have a published entry"),
    "with_data": _("How many have an entry with data"),
    "overdue": _("How many have a limit that is over"),
    "compiled": _("Entries registered, of what is claimed"),
    "attached": _("Entries with data, of those published"),
    "numerator": _("What is counted"),
    "denominator": _("Of how many"),
}
