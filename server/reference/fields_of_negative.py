"""Labels of the fields that only the negative list has."""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import Message, _

#: Name of a field → what it says.
OF_NEGATIVE: Final[Mapping[str, Message]] = {
    "answer": _("What the owner answers"),
    "answered_at": _("When it was answered"),
    "approved_by": _("Who put it in force"),
    "basis_article": _("Article of the basis"),
    "basis_ends_on": _("Last day of the basis, if it says one"),
    "basis_kind": _("Kind of the legal basis"),
    "basis_kind_label": _("Kind of the legal basis in words"),
    "basis_name": _("Name of the legal basis"),
    "basis_number": _("Document number of the basis"),
    "basis_text": _("The article as it reads"),
    "business": _("Business in which it is collected"),
    "contest_no": _("Public number of the contest, for example NC-2026-000001"),
    "contests": _("Contests of the basis that the reader may see"),
    "covers": _("Items that it strikes or struck"),
    "decision": _("The decision and its reasons"),
    "end_kind": _("Why it acts no more"),
    "end_reason": _("Why it ended, in words"),
    "ended_at": _("When it ended"),
    "ended_on": _("Day from which the basis holds no more"),
    "entry_no": _("Public number of the negative entry, for example NE-2026-000001"),
    "in_force_at": _("Since when it is in force"),
    "is_marked": _("Whether its owner published it as not shared"),
    "names": _("Names of what the entry names"),
    "raised_at": _("When the basis was contested"),
    "reach_clause": _("Clause that says that it reaches all departments"),
    "reaches_all": _("Whether it reaches all departments"),
    "review_on": _("Day of the next review"),
    "struck": _("How many items it strikes now"),
    "superseded_by": _("Number of the entry that stands in its place"),
    "supersedes": _("Number of the entry in whose place it stands"),
    "targets": _("What it names"),
}
