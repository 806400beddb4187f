"""Masks (脱敏): what a recipient sees of a value that was not granted in full.

NULL stays NULL. A value a mask was not made for – too short, of another length, not plain digits
and letters where a length is stated – becomes stars; the original never shows. A mask is a mask,
not anonymisation.

    {"kind": "keep_prefix", "prefix": 6}     孔子大道12号 → 孔子大道12***; up to 6 characters → ***
    {"kind": "keep_both", "prefix": 6, "suffix": 4, "length": 18}     8 hidden, or 18 stars
    {"kind": "keep_suffix", "suffix": 4} · {"kind": "stars"}
    {"kind": "pseudonym"} · {"kind": "pseudonym", "digits": 16}     HMAC-SHA-256, hex
    {"kind": "year"} · {"kind": "round", "step": "1000"}
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.types as pat

from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _

FREE_STARS: Final = "***"
LONGEST: Final = 64
FEWEST_DIGITS: Final = 12
_STEP = re.compile(r"[1-9]\d{0,17}|0\.\d{0,8}[1-9]", re.ASCII)


class MaskRefused(Invalid):
    """A mask that is not one of ours, or not for this type of item."""

    code = "mask_refused"
    title = _("The mask needs correction")


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep the first ``prefix`` and the last ``suffix`` characters.

    With ``length``: only for values of exactly that many ASCII characters; the hidden ones become
    as many stars.
    Without: one fixed ``***`` whatever was hidden, so the length does not show.
    """

    prefix: int = 0
    suffix: int = 0
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Stars:
    """Only whether there is a value: ``***``."""


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """The first ``digits`` hex digits of HMAC-SHA-256 over the value's
    UTF-8 bytes: equal for equal values.
    """

    digits: int = 64


@dataclass(frozen=True, slots=True)
class Year:
    """The year of a date or time, as int32."""


@dataclass(frozen=True, slots=True)
class Round:
    """Cut towards zero to a multiple of ``step``; never overflows, keeps the type."""

    step: Decimal


Mask = Keep | Stars | Pseudonym | Year | Round

_MEMBERS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "keep_prefix": (frozenset({"prefix"}), frozenset({"length"})),
    "keep_suffix": (frozenset({"suffix"}), frozenset({"length"})),
    "keep_both": (frozenset({"prefix", "suffix"}), frozenset({"length"})),
    "stars": (frozenset(), frozenset()),
    "pseudonym": (frozenset(), frozenset({"digits"})),
    "year": (frozenset(), frozenset()),
    "round": (frozenset({"step"}), frozenset()),
}
KINDS: Final = tuple(_MEMBERS)


def parse_mask(document: Any, type_: pa.DataType, *, pointer: str = "") -> Mask:
    """Read a mask for an item of ``type_`` from parsed JSON.

    Raises :class:`MaskRefused` with a pointer.
    """
    kind = document.get("kind") if isinstance(document, Mapping) else None
    if not isinstance(kind, str) or kind not in _MEMBERS:
        raise _refused(f"{pointer}/kind", _("Use one of: %(names)s.", names=", ".join(KINDS)))
    needed, optional = _MEMBERS[kind]
    members = set(document) - {"kind"}
    if not needed <= members <= needed | optional:
        names = ", ".join(sorted(needed | optional)) or "kind"
        raise _refused(pointer, _("This mask takes exactly: %(names)s.", names=names))
    if kind not in applicable_kinds(type_):
        fix = _("Masks for this item: %(names)s.", names=", ".join(applicable_kinds(type_)) or "–")
        raise _refused(f"{pointer}/kind", fix)
    return _read(kind, document, type_, pointer)


def mask_document(mask: Mask) -> dict[str, Any]:
    """The JSON form of a mask, in one spelling."""
    match mask:
        case Keep():
            kind = (
                "keep_both"
                if mask.prefix and mask.suffix
                else "keep_prefix"
                if mask.prefix
                else "keep_suffix"
            )
            parts = {"prefix": mask.prefix, "suffix": mask.suffix, "length": mask.length}
            return {"kind": kind, **{name: value for name, value in parts.items() if value}}
        case Pseudonym():
            return (
                {"kind": "pseudonym"}
                if mask.digits == 64
                else {"kind": "pseudonym", "digits": mask.digits}
            )
        case Round():
            return {"kind": "round", "step": str(mask.step)}
        case Stars():
            return {"kind": "stars"}
        case Year():
            return {"kind": "year"}


def applicable_kinds(type_: pa.DataType) -> tuple[str, ...]:
    """The kinds of mask an item of ``type_`` can carry (for forms and for checks)."""
    if pat.is_string(type_):
        return ("keep_prefix", "keep_suffix", "keep_both", "stars", "pseudonym")
    if pat.is_integer(type_):
        return ("stars", "pseudonym", "round")
    if pat.is_floating(type_) or pat.is_decimal(type_):
        return ("stars", "round")
    if pat.is_date(type_) or pat.is_timestamp(type_):
        return ("stars", "year")
    return () if pat.is_null(type_) else ("stars",)


def masked_type(mask: Mask, type_: pa.DataType) -> pa.DataType:
    """The type of the masked column, on the wire exactly as declared."""
    if isinstance(mask, Round):
        return type_
    return pa.int32() if isinstance(mask, Year) else pa.string()


def describe_mask(mask: Mask) -> Message:
    """The mask in words (中文/English)."""
    match mask:
        case Keep(prefix=prefix, suffix=0):
            return _("the first %(prefix)s characters, the rest hidden", prefix=prefix)
        case Keep(prefix=0, suffix=suffix):
            return _("the last %(suffix)s characters, the rest hidden", suffix=suffix)
        case Keep(prefix=prefix, suffix=suffix):
            text = _(
                "the first %(prefix)s and the last %(suffix)s characters",
                prefix=prefix,
                suffix=suffix,
            )
            return _("%(part)s, the rest hidden", part=text)
        case Stars():
            return _("hidden; only whether there is a value")
        case Pseudonym():
            return _("replaced by a pseudonym that only this recipient gets")
        case Year():
            return _("only the year")
        case Round():
            return _("cut to multiples of %(step)s", step=str(mask.step))


def _read(kind: str, document: Mapping[str, Any], type_: pa.DataType, pointer: str) -> Mask:
    match kind:
        case "keep_prefix" | "keep_suffix" | "keep_both":
            return _read_keep(document, pointer)
        case "pseudonym":
            return Pseudonym(_count(document, "digits", pointer, low=FEWEST_DIGITS, high=64))
        case "round":
            return Round(_read_step(document["step"], type_, f"{pointer}/step"))
        case "year":
            return Year()
        case _:
            return Stars()


def _read_keep(document: Mapping[str, Any], pointer: str) -> Keep:
    kept = {
        side: _count(document, side, pointer, low=1, high=LONGEST) if side in document else 0
        for side in _SIDES
    }
    if "length" not in document:
        return Keep(**kept)
    shortest = sum(kept.values()) + 1
    return Keep(
        **kept,
        length=_count(document, "length", pointer, low=shortest, high=max(LONGEST, shortest)),
    )


_SIDES: Final = ("prefix", "suffix")


def _count(document: Mapping[str, Any], name: str, pointer: str, *, low: int, high: int) -> int:
    value = document.get(name, high)
    if type(value) is not int or not low <= value <= high:
        raise _refused(
            f"{pointer}/{name}",
            _("Write a whole number from %(low)s to %(high)s.", low=low, high=high),
        )
    return value


def _read_step(raw: Any, type_: pa.DataType, pointer: str) -> Decimal:
    whole = pat.is_integer(type_)
    fix = (
        _("Write the step as a text, for example 1000.")
        if whole
        else _("Write the step as a text, for example 0.5.")
    )
    if type(raw) is not str or not _STEP.fullmatch(raw) or (whole and "." in raw):
        raise _refused(pointer, fix)
    try:
        pa.scalar(int(raw), type_) if whole else pa.scalar(Decimal(raw), type_) if pat.is_decimal(
            type_
        ) else None
    except (pa.ArrowException, OverflowError):
        raise _refused(pointer, fix) from None
    return Decimal(raw)


def _refused(pointer: str, fix: Message) -> MaskRefused:
    return MaskRefused(
        errors=[FieldError(pointer, "mask_refused", _("This mask cannot be used here."), fix)]
    )
