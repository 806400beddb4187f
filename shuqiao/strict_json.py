"""Reading JSON without surprises: one pass finds what the standard
library would let through or choke on.

Refused, with line and column but never with the text itself: other encodings than UTF-8, byte order
marks, NaN and infinities, numbers too large to keep, duplicate names (two readers would see
different values), nesting deeper than 32 (400); more than 12,000 members (413); NUL and lone
surrogates in texts (422, with the field's pointer).
"""

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any, Final

from shuqiao.errors import BadRequest, FieldError, Invalid, TooLarge
from shuqiao.i18n import Message, _

DEPTH_LIMIT: Final = 32
MEMBER_LIMIT: Final = 12_000
#: int8 has 19 digits; more than this is not worth converting, fewer is
#: the field's own bound to judge.
DIGIT_LIMIT: Final = 32

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{},:]|[^\s"\[\]{},:]++', re.DOTALL)
_UNPRINTABLE = re.compile(r"\\u0000|\\u[dD][89a-fA-F]|[\x00\ud800-\udfff]")
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


def read(body: bytes) -> Any:
    """The value of ``body``.

    Raises ``BadRequest``, ``TooLarge`` or ``Invalid``; cost is linear in its length.
    """
    text = _decoded(body)
    _Scan(text).run()
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _malformed(text, error.pos, _("not valid JSON")) from None
    except (ValueError, RecursionError):
        raise BadRequest(_("The body is not valid JSON.")) from None


def _decoded(body: bytes) -> str:
    if body.startswith(b"\xef\xbb\xbf"):
        raise BadRequest(_("The body begins with a byte order mark; send plain UTF-8."))
    if body.startswith(_UTF16_MARKS) or b"\x00" in body[:4]:
        raise BadRequest(_("The body is not UTF-8 (it looks like UTF-16); send UTF-8."))
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(
            _(
                "Byte %(position)s is not UTF-8 (perhaps GB18030?); send UTF-8.",
                position=error.start + 1,
            )
        ) from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _malformed(text: str, position: int, what: Message) -> BadRequest:
    line = text.count("\n", 0, position) + 1
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    return BadRequest(
        _("Line %(line)s, column %(column)s: %(what)s.", line=line, column=column, what=what)
    )


@dataclass(slots=True)
class _Frame:
    """An open object (``names`` is a set) or array (``names`` is None)
    and the member being read.
    """

    names: set[str] | None
    member: str | int
    wants_name: bool


@dataclass(slots=True)
class _Scan:
    """One pass over the tokens.

    It checks limits, not grammar: ``json.loads`` does that afterwards.
    """

    text: str
    frames: list[_Frame] = field(default_factory=list)
    members: int = 0

    def run(self) -> None:
        for token in _TOKEN.finditer(self.text):
            first = token.group()[0]
            if first == '"':
                self._string(token.group(), token.start())
            elif first in "{[":
                self._open(first, token.start())
            elif first in "}]":
                self._close()
            elif first == ",":
                self._next()
            elif first != ":":
                self._scalar(token.group(), token.start())

    def _open(self, bracket: str, position: int) -> None:
        if len(self.frames) >= DEPTH_LIMIT:
            what = _("nested deeper than %(limit)s levels", limit=DEPTH_LIMIT)
            raise _malformed(self.text, position, what)
        self.frames.append(_Frame(set(), "", True) if bracket == "{" else _Frame(None, 0, False))

    def _close(self) -> None:
        if self.frames:
            self.frames.pop()

    def _next(self) -> None:
        self._count()
        if self.frames:
            frame = self.frames[-1]
            if isinstance(frame.member, int):
                frame.member += 1
            frame.wants_name = frame.names is not None

    def _count(self) -> None:
        self.members += 1
        if self.members > MEMBER_LIMIT:
            raise TooLarge(_("The body has more than %(limit)s members.", limit=MEMBER_LIMIT))

    def _string(self, token: str, position: int) -> None:
        frame = self.frames[-1] if self.frames else None
        if frame is None or frame.names is None or not frame.wants_name:
            if _UNPRINTABLE.search(token):
                self._check_text(self._loaded(token, position))
            return
        name = self._loaded(token, position)
        if name in frame.names:
            raise _malformed(self.text, position, _("the same name appears twice in one object"))
        frame.names.add(name)
        frame.member, frame.wants_name = name, False
        self._check_text(name)

    def _loaded(self, token: str, position: int) -> str:
        try:
            return str(json.loads(token))
        except ValueError:
            raise _malformed(self.text, position, _("not valid JSON")) from None

    def _check_text(self, value: str) -> None:
        if "\x00" not in value and not any("\ud800" <= char <= "\udfff" for char in value):
            return
        fix = _("Remove the NUL or the half character (lone surrogate).")
        error = FieldError(
            self._pointer(),
            "text_refused_character",
            _("It contains a character that is no text"),
            fix,
        )
        raise Invalid(errors=[error])

    def _pointer(self) -> str:
        """RFC 6901 pointer of the member being read.

        Names are the caller's own, so unprintable ones are cut.
        """
        names = (str(frame.member).replace("~", "~0").replace("/", "~1") for frame in self.frames)
        return "".join("/" + _UNPRINTABLE.sub("", name)[:100] for name in names)

    def _scalar(self, token: str, position: int) -> None:
        if token in ("true", "false", "null"):
            return
        if token.lstrip("-") in ("NaN", "Infinity"):
            raise _malformed(self.text, position, _("NaN and infinity are not JSON numbers"))
        if token.lstrip("-").isdigit():
            if len(token) > DIGIT_LIMIT:
                raise _malformed(self.text, position, _("the number is too large"))
            return
        try:
            number = float(token)
        except ValueError:
            raise _malformed(self.text, position, _("not valid JSON")) from None
        if len(token) > 400 or math.isinf(number):
            raise _malformed(self.text, position, _("the number is too large"))
