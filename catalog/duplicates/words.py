"""The words of suspected duplicates: what speaks for one, and where it stands."""

from typing import Final

from shuqiao.i18n import _, pgettext
from shuqiao.words import Word


class Signal(Word):
    """What was compared."""

    NAME = "name", _("Name")
    COLUMN = "column", _("Column name")
    DEFINITION = "definition", _("Definition")
    KIND = "kind", _("Form of the codes")
    DOMAIN = "domain", _("Value domain")
    OVERLAP = "overlap", _("Values of other items")
    TYPE = "type", _("Data type")


class Suspicion(Word):
    """Where a suspected duplicate stands. Nobody has to decide it; it stops nothing."""

    OPEN = "open", pgettext("duplicate", "To be looked at")
    BOUND = "bound", _("Bound to the element")
    DISMISSED = "dismissed", _("Not a duplicate")


TONES: Final = {
    Suspicion.OPEN: "warning",
    Suspicion.BOUND: "success",
    Suspicion.DISMISSED: "neutral",
}
