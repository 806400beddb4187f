"""Masks (脱敏): what a recipient sees of a value that was not granted in full, and their JSON form.
A mask is a mask, not anonymisation.

    {"kind": "keep_prefix", "prefix": 6}     孔子大道12号 → 孔子大道12***; up to 6 characters → ***
    {"kind": "keep_both", "prefix": 6, "suffix": 4, "length": 18}     8 hidden, or 18 stars
    {"kind": "keep_suffix", "suffix": 4} · {"kind": "stars"}
    {"kind": "pseudonym"} · {"kind": "pseudonym", "digits": 16}     HMAC-SHA-256, hex
    {"kind": "year"} · {"kind": "round", "step": "1000"}
"""

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from shuqiao.arrow.terms.mask_kinds import KINDS, Mask
from shuqiao.arrow.terms.mask_parameters import refused
from shuqiao.i18n import _


def parse_mask(document: Any, type_: pa.DataType, *, pointer: str = "") -> Mask:
    """Read a mask for an item of ``type_`` from parsed JSON.

    Raises ``MaskRefused`` with a pointer.
    """
    kind = document.get("kind") if isinstance(document, Mapping) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise refused(f"{pointer}/kind", _("Use one of: %(names)s.", names=", ".join(KINDS)))
    made = KINDS[kind]
    _check_members(made, set(document) - {"kind"}, pointer)
    if not made.fits(type_):
        names = ", ".join(each.kind for each in applicable(type_)) or "–"
        raise refused(f"{pointer}/kind", _("Masks for this item: %(names)s.", names=names))
    told: dict[str, Any] = {}
    for each in made.parameters:
        if each.name in document:
            place = f"{pointer}/{each.name}"
            told[each.name] = each.read(document[each.name], type_, place, told)
    make: Callable[..., Mask] = made
    return make(**told)


def _check_members(made: type[Mask], members: set[str], pointer: str) -> None:
    known = {each.name for each in made.parameters}
    needed = {each.name for each in made.parameters if each.is_needed}
    if not needed <= members <= known:
        names = ", ".join(sorted(known)) or "kind"
        raise refused(pointer, _("This mask takes exactly: %(names)s.", names=names))


def mask_document(mask: Mask) -> dict[str, Any]:
    """The JSON form of a mask, in one spelling."""
    told = [(each, getattr(mask, each.name)) for each in mask.parameters]
    return {
        "kind": mask.kind,
        **{each.name: each.write(value) for each, value in told if value != each.default},
    }


def applicable(type_: pa.DataType) -> list[type[Mask]]:
    """The kinds of mask an item of ``type_`` can carry (for forms and for checks)."""
    return [each for each in KINDS.values() if each.fits(type_)]
