"""The same answer for several items of the decision form at once; it
only fills the form in, nothing is decided.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from exchange.approvals.forms.reply import ITEM_FIELDS
from exchange.approvals.views.asked import Asked
from shuqiao.arrow.terms.mask_kinds import KINDS
from shuqiao.errors import FieldError
from shuqiao.i18n import _
from shuqiao.web.forms import Form

CHOSEN: Final = "chosen"


def applied(form: Form, asked: Asked) -> Form:
    """The form with the batch's answer at every chosen item; a mask
    that does not fit an item's type is told.
    """
    places = sorted(
        {
            int(text)
            for text in form.all(CHOSEN)
            if text.isdecimal() and int(text) < len(asked.items)
        }
    )
    errors = _missing(form, places)
    if errors:
        return form.with_errors(errors)
    filled: dict[str, tuple[str, ...]] = dict(form.values)
    for place in places:
        filled |= {f"items.{place}.{part}": (form.text(f"batch.{part}"),) for part in ITEM_FIELDS}
    errors = [error for place in places for error in _unfit(form, asked, place)]
    for error in errors:
        filled[error.pointer.strip("/").replace("/", ".")] = ("",)
    return replace(form, values=MappingProxyType(_without_batch(filled))).with_errors(errors)


def _without_batch(values: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {
        name: texts
        for name, texts in values.items()
        if name != CHOSEN and not name.startswith("batch.")
    }


def _missing(form: Form, places: list[int]) -> list[FieldError]:
    errors = []
    if not places:
        fix = _("Tick the items that get this answer.")
        errors.append(FieldError(f"/{CHOSEN}", "missing", _("No item is chosen"), fix))
    if not form.text("batch.outcome"):
        fix = _("Choose to agree or to refuse.")
        errors.append(FieldError("/batch/outcome", "missing", _("No answer is chosen"), fix))
    return errors


def _unfit(form: Form, asked: Asked, place: int) -> list[FieldError]:
    mask, item = form.text("batch.mask"), asked.items[place]
    type_ = asked.types.get(str(item.id))
    if form.text("batch.outcome") != "granted" or mask not in KINDS:
        return []
    if type_ is not None and KINDS[mask].fits(type_):
        return []
    fix = _("Choose another masking for this item.")
    return [
        FieldError(
            f"/items/{place}/mask",
            "unfit_mask",
            _("The masking does not fit the type of this item"),
            fix,
        )
    ]
