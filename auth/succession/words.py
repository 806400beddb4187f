"""The words of a succession: where it stands."""

from shuqiao.i18n import _, pgettext
from shuqiao.words import Word


class SuccessionStatus(Word):
    """Whether something that an ended department held has no successor yet."""

    OPEN = "open", _("Successors to be named")
    SETTLED = "settled", pgettext("succession", "Settled")
