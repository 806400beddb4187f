"""What is wrong with what is said of a data element, alone or in a row of a list; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from catalog.elements.fields import NAMED
from catalog.elements.schemas import ElementContent, ElementRow
from catalog.elements.words import DataType, Sourcing, StandardKind
from shuqiao.codes.rules import CodeKind
from shuqiao.errors import FieldError
from shuqiao.i18n import Message, _
from shuqiao.skeletons import skeleton

TEXTS: Final = frozenset({DataType.TEXT, DataType.MEMO, DataType.GENERAL})
NUMBERS: Final = frozenset(
    {DataType.NUMBER, DataType.MONEY, DataType.DOUBLE, DataType.INTEGER, DataType.FLOAT}
)
#: The types that a kind of code may have; the other kinds are texts.
_TYPES: Final = {
    CodeKind.DATE: TEXTS | {DataType.DATE},
    CodeKind.TIME: TEXTS | {DataType.DATETIME},
    CodeKind.DATETIME: TEXTS | {DataType.DATETIME},
}


def looks(said: ElementContent) -> str:
    """What name and object class look like (``shuqiao.skeletons``): one standard for each datum,
    whatever it is spelled with (一数一标准).
    """
    return f"{skeleton(said.name)}\n{skeleton(said.object_class)}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row of the file, numbered as its spreadsheet does, with a field."""

    row: int
    field: str
    detail: Message
    fix: Message

    @property
    def column(self) -> Message:
        """What the column is called."""
        known = NAMED.get(self.field)
        return known.label if known else _("Identifier")

    def told(self) -> FieldError:
        """The same as an error of the row."""
        return FieldError(f"/rows/{self.row}/{self.field}", "defective_row", self.detail, self.fix)


@dataclass(frozen=True, slots=True)
class ElementList:
    """The rows that say something, with their numbers, and all that is wrong with them."""

    rows: Sequence[tuple[int, ElementRow]]
    faults: Sequence[Fault]
    sha256: str


def faults(said: ElementContent) -> list[FieldError]:
    """What contradicts itself: of how it is derived, of its sizes, of its standard."""
    return [*_sourcing(said), *_sizes(said), *_standard(said)]


def _sourcing(said: ElementContent) -> Iterator[FieldError]:
    if said.sourcing is Sourcing.DERIVED and not said.derivation:
        fix = _("Say from which elements it follows, and how.")
        yield FieldError("/derivation", "required", _("A derived element needs its rule"), fix)
    if said.sourcing is not Sourcing.DERIVED and said.derivation:
        fix = _("Leave the rule out, or say that the element is derived.")
        yield FieldError("/derivation", "not_derived", _("Only a derived element has a rule"), fix)


def _sizes(said: ElementContent) -> Iterator[FieldError]:
    if said.max_length is not None and said.data_type not in TEXTS:
        fix = _("Leave it out, or choose a type of text.")
        yield FieldError("/max_length", "no_text", _("Only texts have a length"), fix)
    for name in ("precision", "scale", "unit"):
        if getattr(said, name) not in (None, "") and said.data_type not in NUMBERS:
            fix = _("Leave it out, or choose a type of number.")
            yield FieldError(f"/{name}", "no_number", _("Only numbers have this"), fix)
    if said.scale is not None and (said.precision is None or said.scale > said.precision):
        fix = _("Give the digits in all too, no fewer than those after the point.")
        yield FieldError("/scale", "too_many", _("There are fewer digits in all"), fix)
    if said.code_kind is not None and said.data_type not in _TYPES.get(said.code_kind, TEXTS):
        fix = _("Choose another type or another kind of code.")
        yield FieldError("/code_kind", "other_type", _("Such codes have another type"), fix)


def _standard(said: ElementContent) -> Iterator[FieldError]:
    is_issued = said.standard_kind not in (None, StandardKind.PLATFORM)
    if is_issued and not said.standard_no:
        fix = _("Give its number, for example GB/T 2260, or call it an element of the platform.")
        yield FieldError("/standard_no", "required", _("A standard that was issued has one"), fix)
