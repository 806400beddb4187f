"""What can be chosen in the decision form, and what its fields are called."""

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa

from exchange.approvals.forms import batch
from exchange.approvals.forms.reply import OPERATORS
from exchange.approvals.views.asked import CONDITIONS, Asked
from exchange.approvals.views.reply import refusal_text
from policies.refusals import refusals
from shuqiao.arrow.terms.masks import applicable_kinds
from shuqiao.i18n import Message, _

MASKS: Final[Mapping[str, Message]] = {
    "keep_prefix": _("Keep the first characters"),
    "keep_suffix": _("Keep the last characters"),
    "keep_both": _("Keep the first and the last characters"),
    "stars": _("Hide the value, show only whether there is one"),
    "pseudonym": _("Replace by a pseudonym of this recipient"),
    "year": _("Keep only the year"),
    "round": _("Cut to multiples of a step"),
}


_PARTS: Final[Mapping[str, Message]] = {
    "outcome": _("Answer"),
    "mask": _("Masking"),
    "prefix": _("First characters kept"),
    "suffix": _("Last characters kept"),
    "length": _("Only for this length"),
    "digits": _("Digits of the pseudonym"),
    "step": _("Step"),
    "reason": _("Reason of the refusal"),
    "remark": _("Explanation"),
}


def choices(wanted: Asked) -> dict[str, Any]:
    """Choices of the form."""
    share_type, types = wanted.share_type.value, wanted.types
    reasons = [
        (each.code, refusal_text(each))
        for each in refusals().values()
        if share_type in each.share_types
    ]
    kinds = {item.id: _kinds(types.get(str(item.id))) for item in wanted.items}
    every = {kind for known in kinds.values() for kind, _words in known}
    return {
        "items": wanted.items,
        "reasons": reasons,
        "conditions": CONDITIONS,
        "kinds": kinds,
        "batch_kinds": [(kind, words) for kind, words in MASKS.items() if kind in every],
        "operators": list(OPERATORS.items()),
        "filter_items": [
            (str(each.id), f"{each.name} · {each.data_type.label}")
            for each in wanted.everything
            if str(each.id) in types
        ],
    }


def _kinds(type_: pa.DataType | None) -> list[tuple[str, Message]]:
    return [(kind, MASKS[kind]) for kind in applicable_kinds(type_)] if type_ is not None else []


def labels(wanted: Asked) -> dict[str, Message]:
    """Names of the fields for the error summary."""
    found: dict[str, Message] = {
        "remark": _("Remark to the consumer"),
        "valid_until": _("Valid until"),
        batch.CHOSEN: _("The same answer for several items"),
        "batch": _("The same answer for several items"),
    }
    for place, item in enumerate(wanted.items):
        for part, words in _PARTS.items():
            found[f"items.{place}.{part}"] = _("%(item)s, %(part)s", item=item.name, part=words)
    parts = {"item": _("Item"), "op": _("Operator"), "value": _("Value")}
    for number in range(CONDITIONS):
        for name, words in parts.items():
            found[f"conditions.{number}.{name}"] = _(
                "Condition %(number)s, %(part)s", number=number + 1, part=words
            )
    return found
