"""The columns of each list, in their order: what files, comparisons and returned sheets go by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from catalog.lists.words import Ground, ListKind, Mounting, Sourced
from catalog.resources.words import WithheldKind
from shuqiao.i18n import Message, _
from shuqiao.words import Words, as_text, as_word


def _joined(value: Any) -> str:
    return "、".join(value or ())


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column: the member of a line, its head, its width, how its values read.

    ``is_fixed``: it says which line this is; a change of it is another line.
    """

    name: str
    label: Message
    width: int = 14
    words: Words = as_text
    is_fixed: bool = False


_HEAD: Final = (
    ListColumn("department", _("Department"), 24, is_fixed=True),
    ListColumn("department_code", _("Credit code"), 22, is_fixed=True),
)
_THING: Final = (
    ListColumn("code", _("Resource code"), 18, is_fixed=True),
    ListColumn("title", _("Catalogue name"), 32),
    ListColumn("items", _("Information items"), 28, _joined),
)
_DATED: Final = (
    ListColumn("version", _("Version"), 8),
    ListColumn("effective_on", _("In force from"), 14),
    ListColumn("review", _("State of review"), 18),
)
RESPONSIBILITY: Final[Sequence[ListColumn]] = (
    *_HEAD,
    ListColumn("contact", _("Unit and contact"), 24),
    *_THING,
    ListColumn("sourced", _("Mark of the source"), 12, as_word(Sourced)),
    ListColumn("source", _("Source department"), 24),
    ListColumn("share_type_label", _("Share type"), 14),
    ListColumn("condition", _("Sharing condition"), 30),
    ListColumn("share_way", _("Way of sharing"), 12),
    ListColumn("update_cycle", _("Update cycle"), 10),
    ListColumn("format", _("Data format"), 12),
    ListColumn("level", _("Level"), 16),
    ListColumn("promise", _("Time for providing"), 28),
    ListColumn("mounting", _("State of mounting"), 10, as_word(Mounting)),
    ListColumn("duty", _("Basis of the duty"), 28),
    *_DATED,
)
NEGATIVE: Final[Sequence[ListColumn]] = (
    *_HEAD,
    *_THING,
    ListColumn("reason", _("Reason"), 30),
    ListColumn("basis_kind", _("Kind of the basis"), 14, as_word(WithheldKind)),
    ListColumn("basis_name", _("Name of the basis"), 28),
    ListColumn("basis_number", _("Document number"), 16),
    ListColumn("basis_article", _("Article"), 12),
    ListColumn("basis_text", _("Words of the article"), 40),
    ListColumn("assessment", _("Conclusion of the assessments"), 24),
    ListColumn("reviewed_by", _("Reviewed by"), 20),
    ListColumn("reviewed_on", _("Reviewed on"), 12),
    ListColumn("review_on", _("Next review"), 12),
    ListColumn("ground", _("State of the basis"), 16, as_word(Ground)),
    ListColumn("entry_no", _("Negative entry"), 16),
    *_DATED,
)
DEMAND: Final[Sequence[ListColumn]] = (
    *_HEAD,
    ListColumn("code", _("Number of the demand"), 18, is_fixed=True),
    ListColumn("title", _("Data that is needed"), 32),
    ListColumn("items", _("Information items"), 28, _joined),
    ListColumn("provider", _("Department that is asked"), 24),
    ListColumn("basis", _("Basis of the use"), 30),
    ListColumn("matter", _("Matter and scenario"), 30),
    ListColumn("range", _("Range of the use"), 24),
    ListColumn("share_way", _("Way of sharing"), 12),
    ListColumn("until", _("Term of use"), 12),
    ListColumn("update_cycle", _("Update cycle"), 10),
    ListColumn("resource", _("Matched resource"), 18),
    ListColumn("state_label", _("State of the answer"), 18),
    ListColumn("limits", _("Limits"), 28),
    ListColumn("person", _("In charge"), 18),
    ListColumn("voices", _("Departments that need it"), 12),
    ListColumn("filed_on", _("Filed on"), 12),
)
COLUMNS: Final[Mapping[ListKind, Sequence[ListColumn]]] = {
    ListKind.RESPONSIBILITY: RESPONSIBILITY,
    ListKind.NEGATIVE: NEGATIVE,
    ListKind.DEMAND: DEMAND,
}
