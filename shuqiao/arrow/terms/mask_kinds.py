"""The kinds of mask, each told in one class: parameters, items it fits, words, type on the wire and
engine expression. ``KINDS`` lists them; reading, forms and checks go by that list.

NULL stays NULL. A value a mask was not made for – too short, of another length, not plain digits
and letters where a length is stated – becomes stars; the original never shows.

The engine is handed to ``expression``, not imported: most roles read masks and run none.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final

import pyarrow as pa
import pyarrow.types as pat

from shuqiao.arrow.terms.mask_parameters import Parameter, Step, WholeLength, WholeNumber
from shuqiao.i18n import Message, _

if TYPE_CHECKING:
    from datafusion import Expr

    from shuqiao.arrow.terms.mask_engine import Engine

FREE_STARS: Final = "***"
WHOLE_DIGEST: Final = 64


class Mask(ABC):
    """One mask of one item; a subclass is a kind, its fields are named as its parameters.

    ``label`` is the kind in a choice. ``needs_key``: the result depends on the recipient's key.
    """

    __slots__ = ()

    kind: ClassVar[str]
    label: ClassVar[Message]
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    needs_key: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def fits(cls, type_: pa.DataType) -> bool:
        """Whether an item of ``type_`` can carry it."""

    @abstractmethod
    def words(self) -> Message:
        """The mask for people."""

    def masked_type(self, _type: pa.DataType) -> pa.DataType:
        """The type of the masked column, on the wire exactly as declared."""
        return pa.string()

    @abstractmethod
    def expression(self, value: "Expr", type_: pa.DataType, engine: "Engine") -> "Expr":
        """``value`` (of ``type_``) as the recipient may see it, NULL included."""


_LENGTH: Final = WholeLength(name="length", label=_("Only for this length"), is_needed=False)
_PREFIX: Final = WholeNumber(name="prefix", label=_("First characters kept"))
_SUFFIX: Final = WholeNumber(name="suffix", label=_("Last characters kept"))


class _Keep(Mask):
    """Keep the first ``prefix`` and the last ``suffix`` characters.

    With ``length``: only for values of exactly that many ASCII characters; the hidden ones become
    as many stars. Without: one fixed ``***`` whatever was hidden, so the length does not show.
    """

    __slots__ = ()

    @classmethod
    def fits(cls, type_: pa.DataType) -> bool:
        return bool(pat.is_string(type_))

    def _expression(
        self, value: "Expr", engine: "Engine", *, prefix: int, suffix: int, length: int | None
    ) -> "Expr":
        f, number, words = engine.functions, engine.number, engine.words
        hidden = "*" * (length - prefix - suffix) if length else FREE_STARS
        parts = [f.left(value, number(prefix))] if prefix else []
        parts.append(words(hidden))
        if suffix:
            parts.append(f.right(value, number(suffix)))
        kept = f.concat(*parts).cast(pa.string())
        characters = f.character_length(value).cast(pa.int64())
        if length is None:
            fits, otherwise = characters > number(prefix + suffix), FREE_STARS
        else:
            whole = number(length)
            fits = (characters == whole) & (f.octet_length(value).cast(pa.int64()) == whole)
            otherwise = "*" * length
        return engine.text(value, f.when(fits, kept).otherwise(words(otherwise)))


@dataclass(frozen=True, slots=True)
class KeepPrefix(_Keep):
    """Keep the first ``prefix`` characters."""

    kind = "keep_prefix"
    label = _("Keep the first characters")
    parameters = (_PREFIX, _LENGTH)

    prefix: int
    length: int | None = None

    def words(self) -> Message:
        return _("the first %(prefix)s characters, the rest hidden", prefix=self.prefix)

    def expression(self, value: "Expr", _type: pa.DataType, engine: "Engine") -> "Expr":
        return self._expression(value, engine, prefix=self.prefix, suffix=0, length=self.length)


@dataclass(frozen=True, slots=True)
class KeepSuffix(_Keep):
    """Keep the last ``suffix`` characters."""

    kind = "keep_suffix"
    label = _("Keep the last characters")
    parameters = (_SUFFIX, _LENGTH)

    suffix: int
    length: int | None = None

    def words(self) -> Message:
        return _("the last %(suffix)s characters, the rest hidden", suffix=self.suffix)

    def expression(self, value: "Expr", _type: pa.DataType, engine: "Engine") -> "Expr":
        return self._expression(value, engine, prefix=0, suffix=self.suffix, length=self.length)


@dataclass(frozen=True, slots=True)
class KeepBoth(_Keep):
    """Keep the first ``prefix`` and the last ``suffix`` characters."""

    kind = "keep_both"
    label = _("Keep the first and the last characters")
    parameters = (_PREFIX, _SUFFIX, _LENGTH)

    prefix: int
    suffix: int
    length: int | None = None

    def words(self) -> Message:
        text = _(
            "the first %(prefix)s and the last %(suffix)s characters",
            prefix=self.prefix,
            suffix=self.suffix,
        )
        return _("%(part)s, the rest hidden", part=text)

    def expression(self, value: "Expr", _type: pa.DataType, engine: "Engine") -> "Expr":
        return self._expression(
            value, engine, prefix=self.prefix, suffix=self.suffix, length=self.length
        )


@dataclass(frozen=True, slots=True)
class Stars(Mask):
    """Only whether there is a value: ``***``."""

    kind = "stars"
    label = _("Hide the value, show only whether there is one")

    @classmethod
    def fits(cls, type_: pa.DataType) -> bool:
        return not pat.is_null(type_)

    def words(self) -> Message:
        return _("hidden; only whether there is a value")

    def expression(self, value: "Expr", _type: pa.DataType, engine: "Engine") -> "Expr":
        return engine.text(value, engine.words(FREE_STARS))


@dataclass(frozen=True, slots=True)
class Pseudonym(Mask):
    """The first ``digits`` hex digits of HMAC-SHA-256 over the value's UTF-8 bytes: equal for equal
    values. RFC 2104, digest by digest inside the engine.
    """

    kind = "pseudonym"
    label = _("Replace by a pseudonym of this recipient")
    parameters = (
        WholeNumber(
            name="digits",
            label=_("Digits of the pseudonym"),
            hint=_("12 to 64; empty means 64."),
            low=12,
            high=WHOLE_DIGEST,
            is_needed=False,
            default=WHOLE_DIGEST,
        ),
    )
    needs_key = True

    digits: int = WHOLE_DIGEST

    @classmethod
    def fits(cls, type_: pa.DataType) -> bool:
        return bool(pat.is_string(type_) or pat.is_integer(type_))

    def words(self) -> Message:
        return _("replaced by a pseudonym that only this recipient gets")

    def expression(self, value: "Expr", _type: pa.DataType, engine: "Engine") -> "Expr":
        f = engine.functions
        inner, outer = engine.key_pads()
        message = value.cast(pa.string()).cast(pa.binary())
        digest = f.encode(f.sha256(f.concat(outer, f.sha256(f.concat(inner, message)))), "hex")
        if self.digits < WHOLE_DIGEST:
            digest = f.left(digest, engine.number(self.digits))
        return engine.text(value, digest)


@dataclass(frozen=True, slots=True)
class Year(Mask):
    """The year of a date or time, as int32."""

    kind = "year"
    label = _("Keep only the year")

    @classmethod
    def fits(cls, type_: pa.DataType) -> bool:
        return bool(pat.is_date(type_) or pat.is_timestamp(type_))

    def words(self) -> Message:
        return _("only the year")

    def masked_type(self, _type: pa.DataType) -> pa.DataType:
        return pa.int32()

    def expression(self, value: "Expr", _type: pa.DataType, engine: "Engine") -> "Expr":
        year: Expr = engine.functions.date_part("year", value)
        return year.cast(pa.int32())


@dataclass(frozen=True, slots=True)
class Round(Mask):
    """Cut towards zero to a multiple of ``step``; never overflows, keeps the type."""

    kind = "round"
    label = _("Cut to multiples of a step")
    parameters = (Step(name="step", label=_("Step"), hint=_("For example 1000 or 0.01.")),)

    step: Decimal

    @classmethod
    def fits(cls, type_: pa.DataType) -> bool:
        return bool(pat.is_integer(type_) or pat.is_floating(type_) or pat.is_decimal(type_))

    def words(self) -> Message:
        return _("cut to multiples of %(step)s", step=str(self.step))

    def masked_type(self, type_: pa.DataType) -> pa.DataType:
        return type_

    def expression(self, value: "Expr", type_: pa.DataType, engine: "Engine") -> "Expr":
        """``value - value % step``: the remainder has the sign of the
        value, so nothing grows and nothing overflows.
        """
        step: Any = self.step
        if pat.is_integer(type_):
            step = int(self.step)
        elif pat.is_floating(type_):
            step = float(self.step)
        return (value - value % engine.literal(step, type_)).cast(type_)


#: Every kind by its name, in the order of a choice.
KINDS: Final[Mapping[str, type[Mask]]] = {
    each.kind: each for each in (KeepPrefix, KeepSuffix, KeepBoth, Stars, Pseudonym, Year, Round)
}
