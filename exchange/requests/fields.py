"""The table by which two rounds of a request's answers are compared (``shuqiao.changes``)."""

from collections.abc import Mapping, Sequence

from catalog.resources.words import ShareWay
from exchange.requests.words import FIELDS
from shuqiao.changes import Several, Value
from shuqiao.i18n import Listed
from shuqiao.words import as_text, as_word

_WORDS = {"share_way": as_word(ShareWay)}


def answers(names: Mapping[str, str]) -> tuple[Value, ...]:
    """Every answer; ``names`` of the resource's items by id.

    Of the items those taken out and put in are told, or that they stand in another order.
    """

    def items(ids: Sequence[str]) -> Listed:
        return Listed(names.get(each, "?") for each in ids)

    return tuple(
        Several(name, label, items, is_ordered=True)
        if name == "item_ids"
        else Value(name, label, _WORDS.get(name, as_text))
        for name, label in FIELDS.items()
    )
