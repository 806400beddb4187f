"""Labels of the fields that only suspected duplicates and proposals have."""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import Message, _

#: Name of a field → what it says.
OF_DUPLICATES: Final[Mapping[str, Message]] = {
    "bindings": _("Items to be bound, each with its element"),
    "bound": _("How many items were bound"),
    "element_names": _("Names of the elements that both have"),
    "evidence": _("What speaks for it, and what against it"),
    "found_at": _("Since when there is this evidence"),
    "is_against": _("Whether it speaks against it"),
    "is_likely": _("Whether its score reaches the threshold"),
    "item_name": _("What the item is called"),
    "proposals": _("Elements that the item may be, the likeliest first"),
    "ruled_at": _("When it was said not to be a duplicate"),
    "ruled_by": _("Who said that it is not a duplicate"),
    "score": _("How likely, from 0 to 1; for the order alone"),
    "share": _("Of the values looked at, how many per cent; 0 where none are counted"),
    "shared": _("How many of the items the other entry seems to hold"),
    "signal": _("What was compared"),
    "state_label": _("The state in words"),
    "takes_name": _("Whether the item is called like the element from now on"),
    "threshold": _("Score from which on a proposal is likely"),
    "total": _("How many items there are"),
    "words": _("The reason in words"),
}
