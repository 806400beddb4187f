"""Whether a prepared reply answers the request it belongs to; every mistake named at once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pyarrow as pa

from catalog.resources.models import ResourceItem
from catalog.resources.words import ShareType
from exchange.approvals.checks.grounds import grounds
from exchange.approvals.schemas import ItemReply, Reply
from exchange.requests.checks import Covers, struck
from policies.refusals import refusals
from shuqiao.arrow.terms.filters import FilterRefused, parse_filter
from shuqiao.arrow.terms.mask_parameters import MaskRefused
from shuqiao.arrow.terms.masks import parse_mask
from shuqiao.clock import today
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _


def check_reply(
    reply: Reply,
    *,
    requested: Sequence[ResourceItem],
    all_items: Sequence[ResourceItem],
    schema: pa.Schema | None,
    share_type: ShareType,
    until: date,
    sources: Collection[str] = (),
    covers: Covers = MappingProxyType({}),
) -> None:
    """Raises ``Invalid`` with a pointer for each mistake.

    ``schema``: the data's own columns, None without data. ``sources``: codes of the departments
    that a refusal may name as the one to ask. ``covers``: what the negative list strikes.
    """
    errors = _complete(reply, requested)
    known = {item.id: item for item in requested}
    for position, answer in enumerate(reply.items):
        item = known.get(answer.item_id)
        if item is not None:
            pointer = f"/items/{position}"
            errors += (
                _granted(answer, item, pointer, schema, covers)
                if answer.outcome == "granted"
                else _refused(answer, pointer, share_type, sources)
            )
    if reply.row_filter is not None and schema is not None:
        try:
            parse_filter(reply.row_filter, item_types(all_items, schema), pointer="/row_filter")
        except FilterRefused as refused:
            errors += refused.errors
    if reply.valid_until is not None and not today() < reply.valid_until <= until:
        fix = _("Choose a day after today, at the latest %(until)s", until=until.isoformat())
        errors.append(
            FieldError(
                "/valid_until", "bad_term", _("The term is longer than asked for, or over"), fix
            )
        )
    if errors:
        raise Invalid(errors=errors)


def item_types(items: Sequence[ResourceItem], schema: pa.Schema) -> Mapping[str, pa.DataType]:
    """Arrow types of the items whose columns the data has, by item id."""
    present = set(schema.names)
    return {
        str(item.id): schema.field(item.column_name).type
        for item in items
        if item.column_name in present
    }


def _complete(reply: Reply, requested: Sequence[ResourceItem]) -> list[FieldError]:
    answered: list[UUID] = [answer.item_id for answer in reply.items]
    fix = _("Answer every requested item exactly once")
    errors = [
        FieldError(
            "/items", "unanswered", _("No answer for the item %(name)s", name=item.name), fix
        )
        for item in requested
        if item.id not in answered
    ]
    known = {item.id for item in requested}
    for position, item_id in enumerate(answered):
        if item_id not in known or item_id in answered[:position]:
            detail = _("This item was not requested, or is answered already")
            errors.append(FieldError(f"/items/{position}/item_id", "not_requested", detail, fix))
    return errors


def _granted(
    answer: ItemReply,
    item: ResourceItem,
    pointer: str,
    schema: pa.Schema | None,
    covers: Covers,
) -> list[FieldError]:
    if item.id in covers:
        detail, fix = struck(item.name, covers[item.id]), _("Refuse this item with that provision")
        return [FieldError(f"{pointer}/outcome", "negative_item", detail, fix)]
    if item.removed_in is not None:
        detail = _("“%(name)s” is no longer an item of this data resource", name=item.name)
        return [FieldError(f"{pointer}/outcome", "removed_item", detail, _("Refuse this item"))]
    if item.share_type is ShareType.WITHHELD:
        fix = _("Refuse this item")
        return [
            FieldError(f"{pointer}/outcome", "withheld_item", _("This item is not shared"), fix)
        ]
    if schema is None:
        return []
    if item.column_name not in schema.names:
        detail, fix = (
            _("The data has no column for this item"),
            _("Refuse it, or have the data attached again"),
        )
        return [FieldError(f"{pointer}/outcome", "no_column", detail, fix)]
    return _mask_errors(answer.mask, schema.field(item.column_name).type, f"{pointer}/mask")


def _mask_errors(mask: dict[str, Any] | None, type_: pa.DataType, pointer: str) -> list[FieldError]:
    if mask is None:
        return []
    try:
        parse_mask(mask, type_, pointer=pointer)
    except MaskRefused as refused:
        return list(refused.errors)
    return []


def _refused(
    answer: ItemReply, pointer: str, share_type: ShareType, sources: Collection[str]
) -> list[FieldError]:
    reason = refusals().get(answer.reason)
    if reason is None or (reason.share_types and share_type.value not in reason.share_types):
        fix = _("Choose one of the listed reasons")
        return [
            FieldError(
                f"{pointer}/reason", "unknown_reason", _("A refusal needs a coded reason"), fix
            )
        ]
    return list(grounds(answer, reason, sources, pointer))
