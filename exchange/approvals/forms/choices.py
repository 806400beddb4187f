"""What can be chosen in the decision form, and what its fields are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import pyarrow as pa

from catalog.resources.models import ResourceItem
from catalog.resources.words import WithheldKind
from exchange.approvals.forms import batch
from exchange.approvals.forms.reply import FIXED, FOLLOW, ITEM_FIELDS, OPERATORS
from exchange.approvals.views.asked import CONDITIONS, Asked
from exchange.approvals.views.reply import refusal_text
from exchange.grants.words import FIXED as FIXED_EDITION
from exchange.grants.words import FOLLOWS
from policies.refusals import refusals
from shuqiao.arrow.terms.mask_kinds import KINDS, Mask
from shuqiao.arrow.terms.mask_parameters import Parameter
from shuqiao.i18n import Message, _


@dataclass(frozen=True, slots=True)
class Masking:
    """The kinds of mask that can be chosen, and what they are told with."""

    kinds: Sequence[type[Mask]]

    @property
    def options(self) -> list[tuple[str, Message]]:
        return [(each.kind, each.label) for each in self.kinds]

    @property
    def parameters(self) -> list[tuple[Parameter, str]]:
        """Each parameter once, with the names of the kinds that take it."""
        widest_first = sorted(self.kinds, key=lambda each: -len(each.parameters))
        every = {part.name: part for each in widest_first for part in each.parameters}
        return [
            (part, " ".join(each.kind for each in self.kinds if part in each.parameters))
            for part in every.values()
        ]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the decision form offers: reasons that fit the kind of sharing, masks that fit each
    item's type, items that a condition on rows may name.
    """

    items: Sequence[ResourceItem]
    reasons: Sequence[tuple[str, str]]
    labels: Mapping[str, Message]
    kinds: Sequence[tuple[str, Message]]
    sources: Mapping[str, str]
    conditions: int
    masking: Mapping[UUID, Masking]
    batch_masking: Masking
    operators: Sequence[tuple[str, Message]]
    filter_items: Sequence[tuple[str, str]]
    editions: Sequence[tuple[str, Message]]


def choices(wanted: Asked) -> Choices:
    share_type, types = wanted.share_type.value, wanted.types
    of_items = {
        item.id: [types[str(item.id)]] if str(item.id) in types else [] for item in wanted.items
    }
    return Choices(
        items=wanted.items,
        reasons=[
            (each.code, refusal_text(each))
            for each in refusals().values()
            if share_type in each.share_types
        ],
        labels=ITEM_FIELDS,
        kinds=[(each.value, each.label) for each in WithheldKind],
        sources=wanted.sources,
        conditions=CONDITIONS,
        masking={item: _masking(known) for item, known in of_items.items()},
        batch_masking=_masking([type_ for known in of_items.values() for type_ in known]),
        operators=list(OPERATORS.items()),
        filter_items=[
            (str(each.id), f"{each.name} · {each.data_type.label}")
            for each in wanted.everything
            if str(each.id) in types
        ],
        editions=[(FOLLOW, FOLLOWS), (FIXED, FIXED_EDITION)],
    )


def _masking(types: Sequence[pa.DataType]) -> Masking:
    return Masking([each for each in KINDS.values() if any(each.fits(type_) for type_ in types)])


def labels(wanted: Asked) -> dict[str, Message]:
    """Names of the fields for the error summary."""
    found: dict[str, Message] = {
        "remark": _("Remark to the consumer"),
        "valid_until": _("Valid until"),
        "editions": _("Editions of the data"),
        batch.CHOSEN: _("The same answer for several items"),
        "batch": _("The same answer for several items"),
    }
    for place, item in enumerate(wanted.items):
        for part, words in ITEM_FIELDS.items():
            found[f"items.{place}.{part}"] = _("%(item)s, %(part)s", item=item.name, part=words)
    parts = {"item": _("Item"), "op": _("Operator"), "value": _("Value")}
    for number in range(CONDITIONS):
        for name, words in parts.items():
            found[f"conditions.{number}.{name}"] = _(
                "Condition %(number)s, %(part)s", number=number + 1, part=words
            )
    return found
