"""The two kinds of days that a notice names."""

from shuqiao.i18n import _, pgettext
from shuqiao.words import Word


class DayKind(Word):
    """A day that differs from Monday to Friday: off (休), or a weekend day worked instead (班)."""

    OFF = "off", pgettext("calendar", "Off")
    WORK = "work", pgettext("calendar", "Worked")

    @property
    def mark(self) -> str:
        """As files and notices mark it."""
        return {"off": "休", "work": "班"}[self.value]


#: What the columns of a file are called.
COLUMNS = {"date": _("Date"), "kind": _("Kind"), "name": _("Name")}
