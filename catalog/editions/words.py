"""How far an edition of the data has come."""

from shuqiao.i18n import _
from shuqiao.words import Word


class EditionStatus(Word):
    """arriving → current | held; held → arriving | removed; current → kept → removed."""

    ARRIVING = "arriving", _("Being checked")
    HELD = "held", _("Held, to be confirmed")
    CURRENT = "current", _("Current edition")
    KEPT = "kept", _("Earlier edition, kept")
    REMOVED = "removed", _("Removed edition")
