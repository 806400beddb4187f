"""What a list can be wrong in, and where an edition of a domain stands on a day."""

from shuqiao.i18n import _
from shuqiao.words import Word


class Standing(Word):
    """Where an edition stands on the day that is asked for; read from its dates, never stored."""

    UPCOMING = "upcoming", _("Not in force yet")
    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", _("No longer in force")

    @property
    def tone(self) -> str:
        return {"upcoming": "info", "in_force": "success"}.get(self.value, "neutral")


class DefectKind(Word):
    """One way in which a list of codes is defective."""

    BLANK_CODE = "blank_code", _("Rows without a code")
    TOO_LONG = "too_long", _("Codes of more than 100 or labels of more than 200 characters")
    BAD_DATE = "bad_date", _("Validity that is no date, or ends before it begins")
    LOST_ZEROS = "lost_zeros", _("Leading zeros seem to be lost")
    REPEATED_CODE = "repeated_code", _("One code with two labels")
    REPEATED_ROW = "repeated_row", _("The same code and label again")
    BLANK_LABEL = "blank_label", _("Codes without a label")
    UNKNOWN_PARENT = "unknown_parent", _("Parents that are no code of the list")


#: What can be right as it was published: a person may say so, with the reason.
ACKNOWLEDGED: frozenset[DefectKind] = frozenset(
    {
        DefectKind.LOST_ZEROS,
        DefectKind.REPEATED_CODE,
        DefectKind.REPEATED_ROW,
        DefectKind.BLANK_LABEL,
        DefectKind.UNKNOWN_PARENT,
    }
)
