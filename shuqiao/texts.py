"""What a text, a number and a body may be: the rules every input of the
API and of the forms goes through.

A text is stored as typed in Unicode NFC, trimmed, without characters nobody can see, but for those
that a script needs where they stand. A name, a text of one line, has no private characters and no
blanks of other kinds either. A code is
folded further (NFKC, no spaces), because people type codes with full-width digits and copy them
with stray blanks.
"""

import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

INT4_MAX: Final = 2**31 - 1
INT8_MAX: Final = 2**63 - 1

#: Look like nothing at all but are letters, marks or separators to Unicode: grapheme joiner, Hangul
#: fillers, Khmer vowels, Braille blank, line separators.
_INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2028\u2029\u2800\u3164\uffa0")
#: Control, format (bidi overrides, zero-width, tag characters) and surrogate code points.
_REFUSED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs"})
#: In a name also private use and blanks that look like the common ones (no-break, thin, Ogham).
_REFUSED_IN_NAMES: Final = frozenset({"Co", "Zs"})
_BLANKS: Final = frozenset(" \u3000")
#: What shows nothing itself and belongs to the letters beside it, by its script: Mongolian needs
#: its selectors, its vowel separator and the narrow blank before a suffix.
_MONGOLIAN_SELECTORS: Final = frozenset("\u180b\u180c\u180d\u180f")
_MONGOLIAN_BETWEEN: Final = frozenset("\u180e\u202f")
_JOINERS: Final = frozenset("\u200c\u200d")
#: Combining class of a virama: behind it, joiners decide how an Indic cluster is written.
_VIRAMA: Final = 9


def clean_text(value: str, *, multiline: bool = False) -> str:
    """``value`` in NFC, trimmed; of one line it is a name, which is also what it looks like.

    Raises ``text_refused_character`` with its 1-based position, never the text itself.
    """
    if multiline:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    allowed = "\n\t" if multiline else ""
    start, end = len(value) - len(value.lstrip()), len(value.rstrip())
    for place, char in enumerate(value):
        if char in allowed or (" " <= char <= "~"):
            continue
        is_inside = not multiline and start <= place < end
        if _is_refused(value, place) or (is_inside and _is_refused_in_names(value, place)):
            facts = {"position": place + 1, "code_point": f"U+{ord(char):04X}"}
            raise PydanticCustomError(
                "text_refused_character",
                "character {position} ({code_point}) is not allowed",
                facts,
            )
    return unicodedata.normalize("NFC", value).strip()


def _is_refused(value: str, place: int) -> bool:
    char = value[place]
    category = unicodedata.category(char)
    if category == "Cn":  # our tables are older than the newest characters; those are Chinese ones
        return not 0x20000 <= ord(char) <= 0x3FFFD or ord(char) & 0xFFFE == 0xFFFE
    return char in _INVISIBLE or (category in _REFUSED_CATEGORIES and not _belongs(value, place))


def _is_refused_in_names(value: str, place: int) -> bool:
    char = value[place]
    return (
        char not in _BLANKS
        and (_is_selector(char) or unicodedata.category(char) in _REFUSED_IN_NAMES)
        and not _belongs(value, place)
    )


def _is_selector(char: str) -> bool:
    return (
        char in _MONGOLIAN_SELECTORS
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


def _belongs(value: str, place: int) -> bool:
    """Whether what shows nothing itself stands where its script needs it."""
    char, before = value[place], value[place - 1 : place]
    after = value[place + 1 : place + 2]
    if char in _MONGOLIAN_SELECTORS:
        return _is_mongolian(before)
    if char in _MONGOLIAN_BETWEEN:
        bearer = value[:place].rstrip("".join(_MONGOLIAN_SELECTORS))[-1:]
        return _is_mongolian(bearer) and _is_mongolian(after)
    if char in _JOINERS:
        is_arabic = _is_arabic(before) and _is_arabic(after)
        return is_arabic or bool(before and after and unicodedata.combining(before) == _VIRAMA)
    return _is_selector(char) and _is_han(before)


def _is_mongolian(char: str) -> bool:
    return bool(char) and "\u1820" <= char <= "\u18aa"


def _is_arabic(char: str) -> bool:
    """Also Uyghur and Kazakh."""
    return bool(char) and ("\u0620" <= char <= "\u08ff") and char.isalpha()


def _is_han(char: str) -> bool:
    """A Chinese character, whose written form a selector chooses (UTS 37)."""
    return bool(char) and (
        "\u3400" <= char <= "\u9fff"
        or "\U00020000" <= char <= "\U0003fffd"
        or "\uf900" <= char <= "\ufaff"
    )


def clean_code(value: str) -> str:
    """``value`` as a code: full-width forms folded (NFKC), every blank removed.

    Raises as :func:`clean_text`.
    """
    return "".join(unicodedata.normalize("NFKC", clean_text(value)).split())


@dataclass(frozen=True, slots=True)
class TextRule:
    """Pydantic annotation: bounds in characters after cleaning; ``code`` folds as
    :func:`clean_code`.
    """

    longest: int
    shortest: int = 1
    multiline: bool = False
    code: bool = False

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, core_schema.str_schema())

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        stated = handler(schema)
        longest = min(self.longest, stated.get("maxLength", self.longest))
        return {**stated, "minLength": self.shortest, "maxLength": longest}

    def _checked(self, value: str) -> str:
        text = clean_code(value) if self.code else clean_text(value, multiline=self.multiline)
        if len(text) < self.shortest:
            raise PydanticKnownError("string_too_short", {"min_length": self.shortest})
        if len(text) > self.longest:
            raise PydanticKnownError("string_too_long", {"max_length": self.longest})
        if self.code and text and not _is_code(text):
            raise PydanticCustomError(
                "code_malformed", "only letters, digits and . _ / - are allowed"
            )
        return text


def _is_code(text: str) -> bool:
    return (
        text.isascii()
        and text[0].isalnum()
        and all(char.isalnum() or char in "._/-" for char in text)
    )


Name = Annotated[str, TextRule(100)]
ShortText = Annotated[str, TextRule(200)]
LongText = Annotated[str, TextRule(4_000, multiline=True)]
OptionalText = Annotated[str, TextRule(4_000, shortest=0, multiline=True)]
CodeText = Annotated[str, TextRule(100, code=True)]

Int4 = Annotated[int, Field(ge=-INT4_MAX - 1, le=INT4_MAX)]
Int8 = Annotated[int, Field(ge=-INT8_MAX - 1, le=INT8_MAX)]
Count = Annotated[int, Field(ge=0, le=INT4_MAX)]
BigCount = Annotated[int, Field(ge=0, le=INT8_MAX)]


_DATES: Final = frozenset({"date", "datetime", "time", "timedelta"})
_LEFT_ALONE: Final = frozenset(
    {"metadata", "serialization", "default", "expected", "members", "cls", "config"}
)


def _tightened(node: Any) -> Any:
    """The core schema with scalar conversions closed, all the way down."""
    if isinstance(node, list):
        return [_tightened(part) for part in node]
    if not isinstance(node, dict):
        return node
    inner = {name: part if name in _LEFT_ALONE else _tightened(part) for name, part in node.items()}
    kind = inner.get("type")
    if kind in ("int", "float", "bool") and isinstance(kind, str):
        inner.setdefault("strict", True)
    if kind == "int":
        inner.setdefault("le", INT8_MAX)
        inner.setdefault("ge", -INT8_MAX - 1)
    if kind in _DATES:
        return core_schema.no_info_before_validator_function(_refuse_number, inner)
    return inner


def _refuse_number(value: Any) -> Any:
    """Dates are texts: a number, or a text of digits, would be read as seconds since 1970."""
    if isinstance(value, int | float) or (
        isinstance(value, str) and value.strip().lstrip("+-").isdigit()
    ):
        raise PydanticCustomError(
            "date_from_number", "write the date as text, for example 2026-02-11"
        )
    return value


class Strict(BaseModel):
    """Base of every request body: unknown fields refused, ``true`` or
    ``"1"`` is no number, no date from a number.

    Pydantic's own strict mode would also refuse the *text* forms of dates, UUIDs and enumerations
    once the body has been parsed to Python objects, so only the loose conversions are closed here.
    Forms, where everything is text, validate the same models with ``strict=False``
    (:mod:`shuqiao.web.forms`).
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", hide_input_in_errors=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema: CoreSchema = _tightened(handler(source))
        return schema


def example(**fields: Any) -> ConfigDict:
    """``model_config`` of a body with the one example that the reference shows of it: as it would
    be sent, without what may be left out.
    """
    return ConfigDict(json_schema_extra={"examples": [fields]})
