"""JSON records one after the other, from an array or one a line, without holding the file.

Runs in the child.

Numbers are handed on in the digits they are written in. Refused, with the number of the record:
names twice in one record, NaN and infinities, nesting, anything after the end, texts that are no
text.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from shuqiao.arrow.intake.encodings import Encoding, decoded_chunks
from shuqiao.arrow.intake.options import FileKind
from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge
from shuqiao.i18n import Message, _

#: One record may have this many characters.
RECORD_LENGTH: Final = 4 * 1_048_576
_BLANKS: Final = re.compile(r"[ \t\r\n]*")
_NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")
#: A fault nearer to the end of what was read than this may only be the place where reading stopped.
_NEAR_END: Final = 16


class Number(str):
    """A number as it is written."""

    __slots__ = ()


class Members(list[tuple[str, Any]]):
    """The members of an object, in order."""

    __slots__ = ()


class _NotFinite(Exception):
    pass


def _not_finite(_name: str) -> Any:
    raise _NotFinite


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=Members, parse_float=Number, parse_int=Number, parse_constant=_not_finite
)


class JsonRecords:
    """Iterates over the records (:class:`Members`) of one file;
    ``kind`` is known as soon as the first one is.
    """

    def __init__(self, path: Path, encoding: Encoding) -> None:
        self.kind: FileKind = "json"
        self._chunks = decoded_chunks(path, encoding)
        self._text = ""
        self._at = 0
        self._ended = False
        self._number = 0
        self._may_be_one_object = False

    def __iter__(self) -> Iterator[Members]:
        first = self._next_char()
        if first == "[":
            yield from self._array()
        elif first == "{":
            yield from self._lines()
        elif not first:
            raise DecodeRefused("empty", _("The file holds no rows."))
        else:
            raise _not_records()

    def _array(self) -> Iterator[Members]:
        self._at += 1
        char = self._next_char()
        while char != "]":
            yield self._record(char)
            char = self._next_char()
            if char not in (",", "]"):
                raise self._damaged()
            if char == ",":
                self._at += 1
                char = self._next_char()
                if char == "]":
                    raise self._damaged()
        self._at += 1
        if self._next_char():
            raise DecodeRefused(
                "json_damaged", _("Something follows after the end of the list of records.")
            )

    def _lines(self) -> Iterator[Members]:
        self._may_be_one_object = True
        first = self._record("{")
        self._may_be_one_object = False
        char = self._next_char()
        if not char and _is_nested(first):
            raise _one_object(first)
        self.kind = "jsonl"
        yield first
        while char:
            if not self._is_new_line():
                raise self._damaged()
            yield self._record(char)
            char = self._next_char()

    def _is_new_line(self) -> bool:
        before = self._text[: self._at]
        return before[len(before.rstrip(" \t\r\n")) :].strip(" \t") != ""

    def _next_char(self) -> str:
        """The next character that is not blank, without taking it; empty at the end of the file."""
        while True:
            found = _BLANKS.match(self._text, self._at)
            end = found.end() if found else self._at
            if end < len(self._text):
                self._at = end
                return self._text[end]
            if not self._more():
                return ""

    def _more(self) -> bool:
        chunk = next(self._chunks, None)
        if chunk is None:
            self._ended = True
            return False
        self._text = self._text[self._at :] + chunk if self._at else self._text + chunk
        self._at = 0
        return True

    def _record(self, char: str) -> Members:
        self._number += 1
        if char != "{":
            raise self._damaged() if char not in '["-0123456789tfn' or not char else _not_records()
        while True:
            try:
                members, self._at = _DECODER.raw_decode(self._text, self._at)
                return self._checked(members)
            except RecursionError:
                raise self._nested("…") from None
            except _NotFinite:
                words = _(
                    "Record %(number)s holds NaN or Infinity, which JSON does not have.",
                    number=self._number,
                )
                raise DecodeRefused("json_damaged", words) from None
            except json.JSONDecodeError as error:
                self._read_on(error)

    def _read_on(self, error: json.JSONDecodeError) -> None:
        """Read more of the file, when that can mend ``error``."""
        may_be_cut = error.pos >= len(self._text) - _NEAR_END or error.msg.startswith(
            "Unterminated"
        )
        if not may_be_cut or self._ended:
            raise self._damaged()
        if len(self._text) - self._at > RECORD_LENGTH:
            if self._may_be_one_object:
                raise _not_records()
            limit = RECORD_LENGTH // 1_048_576
            words = _(
                "Record %(number)s is longer than %(limit)s MB.", number=self._number, limit=limit
            )
            raise DecodeTooLarge("row_length", words)
        if not self._more():
            raise self._damaged()

    def _checked(self, members: Members) -> Members:
        names = [name for name, _value in members]
        if len(set(names)) != len(names):
            twice = next(name for n, name in enumerate(names) if name in names[:n])
            words = _(
                "Record %(number)s has “%(name)s” twice.", number=self._number, name=_shown(twice)
            )
            raise DecodeRefused("duplicate_key", words)
        for name in names:
            if _NO_TEXT.search(name):
                raise self._damaged()
        return members

    def nested(self, name: str) -> DecodeRefused:
        """The refusal of the record just given, for a member that is no single value."""
        return self._nested(_shown(name))

    def _nested(self, name: str) -> DecodeRefused:
        words = _(
            "Record %(number)s: “%(name)s” holds a list or a record, not a single value. "
            "Give it columns of its own, or leave it out.",
            number=self._number,
            name=name,
        )
        return DecodeRefused("nested_column", words)

    def _damaged(self) -> DecodeRefused:
        words = _(
            "At record %(number)s the file is not valid JSON. Export it again.",
            number=max(self._number, 1),
        )
        return DecodeRefused("json_damaged", words)


def _is_nested(members: Members) -> bool:
    return any(isinstance(value, list) for _name, value in members)


def _shown(name: str) -> str:
    return "".join(char for char in name[:50] if char.isprintable())


def _not_records() -> DecodeRefused:
    return DecodeRefused(
        "not_records",
        _("The JSON is not a list of records (objects). Export it as one, or as CSV."),
    )


def _one_object(members: Members) -> DecodeRefused:
    """One object that is not a record itself: name the member that a person may have meant."""
    lists = [
        name
        for name, value in members
        if isinstance(value, list)
        and not isinstance(value, Members)
        and value
        and isinstance(value[0], Members)
    ]
    if len(lists) != 1:
        return _not_records()
    words: Message = _(
        "The JSON is one object, not a list of records. Save the list under “%(name)s” by itself "
        "and upload that.",
        name=_shown(lists[0]),
    )
    return DecodeRefused("not_records", words)
