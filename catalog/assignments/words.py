"""The words of claim and fill: where a template and an assignment stand, what is answered, and why
a department does not take something on.
"""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import _, pgettext
from shuqiao.words import Word


class TemplateStatus(Word):
    """Where a list template (清单模板) stands."""

    DRAFT = "draft", pgettext("list template", "Being drawn up")
    ISSUED = "issued", pgettext("list template", "Issued")
    CLOSED = "closed", pgettext("list template", "Closed")

    @property
    def tone(self) -> str:
        return {"draft": "neutral", "issued": "info"}.get(self.value, "success")


class LineKind(Word):
    """What a line of a template expects."""

    ENTRY = "entry", pgettext("template line", "Catalogue entry")
    ELEMENT = "element", pgettext("template line", "Data element")


class AssignmentStatus(Word):
    """Where an assignment stands. ``unanswered``: 应领未领, never claimed by itself;
    ``partly``: 部分认领, until the rest is settled; from ``claimed`` on facts move it.
    """

    OPEN = "open", _("To be claimed")
    UNANSWERED = "unanswered", _("Not answered in time")
    REFUSED = "refused", _("Not claimed")
    REASSIGNED = "reassigned", _("Assigned to another department")
    ACCEPTED = "accepted", _("Refusal accepted")
    LAPSED = "lapsed", _("Closed without an answer")
    WITHDRAWN = "withdrawn", pgettext("assignment", "Taken back")
    PARTLY = "partly", _("Claimed in part, the rest is open")
    CLAIMED = "claimed", _("Claimed, no entry yet")
    REGISTERED = "registered", _("Claimed, entry under way")
    PUBLISHED = "published", _("Claimed, entry published")
    WITH_DATA = "with_data", _("Claimed, data attached")

    @property
    def tone(self) -> str:
        return _TONES[self]

    @property
    def is_held(self) -> bool:
        """Whether the department has taken it on."""
        return self in HELD

    @property
    def is_silent(self) -> bool:
        """Whether the department has not answered in time (应领未领)."""
        return self in (AssignmentStatus.UNANSWERED, AssignmentStatus.LAPSED)


_S = AssignmentStatus
#: What a department has taken on, in the order of the way.
STAGES: Final = (_S.CLAIMED, _S.REGISTERED, _S.PUBLISHED, _S.WITH_DATA)
HELD: Final = frozenset({*STAGES, _S.PARTLY})
#: What the department can still answer.
ANSWERABLE: Final = frozenset({_S.OPEN, _S.UNANSWERED})
#: What is under way: nobody else's, and not given up.
LIVE: Final = HELD | ANSWERABLE | {_S.REFUSED}
_TONES: Final[Mapping[AssignmentStatus, str]] = {
    _S.OPEN: "warning",
    _S.UNANSWERED: "danger",
    _S.REFUSED: "warning",
    _S.REASSIGNED: "neutral",
    _S.ACCEPTED: "neutral",
    _S.LAPSED: "danger",
    _S.WITHDRAWN: "neutral",
    _S.PARTLY: "warning",
    _S.CLAIMED: "info",
    _S.REGISTERED: "info",
    _S.PUBLISHED: "info",
    _S.WITH_DATA: "success",
}


class Answer(Word):
    """What a department answers."""

    CLAIMED = "claimed", pgettext("assignment", "Claim")
    PARTLY = "partly", pgettext("assignment", "Claim in part")
    REFUSED = "refused", pgettext("assignment", "Do not claim")


class Refusal(Word):
    """Why a department does not claim."""

    NO_SUCH_DUTY = "no_such_duty", _("Not our duty; another department's")
    UPPER_SYSTEM = "upper_system", _("Arises in a system of the level above; to be returned")
    NO_INFORMATION_SYSTEM = "no_information_system", _("No information system")
    STATE_SECRET = "state_secret", _("A state secret, not for the catalogue")
    OUT_OF_USE = "out_of_use", _("No longer in use")
    DUPLICATE = "duplicate", _("A duplicate of an entry")
