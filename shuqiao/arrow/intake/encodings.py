"""In which encoding a text file is written, and its text in pieces. Runs in the child.

The rule, in this order; a later step is reached only when the earlier ones did not decide:

1. a byte order mark names UTF-8 or UTF-16;
2. zero bytes, and text with line ends but without control characters when read so: UTF-16 without a
   mark;
3. nothing but ASCII: UTF-8;
4. the likeliest of the encodings known (``likelihood.py``), by the lines with bytes ≥ 0x80. UTF-8
   is weighed with the others – 学校 in GB18030 is well-formed UTF-8 – but only when the whole file
   is well-formed.

Nearer than 16 bits of evidence to another reading (odds of 65,536 to 1) nothing is decided:
``readings`` names what a person has to choose from, the likeliest first. Windows-1252 fits nearly
any bytes and is always said to be a guess.
"""

import codecs
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shuqiao.arrow.intake.likelihood import (
    PRIORS,
    Weighed,
    foreign_bits,
    is_usual,
    telling_texts,
    weigh,
)
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import Message, _

_CHUNK: Final = 1_048_576
_SAMPLE: Final = 262_144
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Bits of evidence from which on an encoding is taken without asking.
SURE_BITS: Final = 16.0
#: The same against a foreign alphabet. Windows-1252 is single letters too, hence nearly as dear;
#: well-formed UTF-8 is no foreign alphabet.
_FOREIGN_BITS: Final = {"windows-1252": -32.0, "utf-8": -math.inf}
#: Readings shown to choose from.
_READINGS: Final = 4
#: Less confidence than this is a guess.
_SURE: Final = 0.75
#: Sure or not, these are worth a word.
_SELDOM: Final = ("cp949", "cp932", "euc_jp")
#: Zero bytes in a text of single bytes, as some programs write them for "no value": no more of them
#: than this share.
_SLIPS: Final = 1 / 3


@dataclass(frozen=True, slots=True)
class Encoding:
    """A Python codec name, the length of the byte order mark to skip, and how sure we are (0 … 1).

    ``readings`` are the encodings that it may as well be, the likeliest first; none when it is sure
    enough.
    """

    name: str
    mark_bytes: int = 0
    confidence: float = 1.0
    readings: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        return self.confidence >= _SURE

    @property
    def settled(self) -> str | None:
        """The name, None while it is an open question."""
        return None if self.readings else self.name


def detect_encoding(path: Path, stated: str | None = None) -> Encoding:
    """The encoding of a text file by the rule above; of a ``stated``
    one only the mark is looked for.

    Raises :class:`DecodeRefused`: ``binary`` or ``encoding_unknown``. Reads the file in chunks of
    1 MB, keeps 256 kB.
    """
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    mark = next(((len(bom), name) for bom, name in _BOMS if head.startswith(bom)), None)
    if stated is not None:
        return Encoding(stated, mark[0] if mark and mark[1] == stated else 0)
    if mark is not None and not head.startswith(codecs.BOM_UTF32_LE):
        return Encoding(mark[1], mark[0])
    if b"\0" in head:
        return _without_mark(head)
    lines = _lines_beyond_ascii(path)
    return _likeliest(path, telling_texts(lines)) if lines else Encoding("utf-8")


def _without_mark(head: bytes) -> Encoding:
    slip = _slip(head)
    for name in ("utf-16-le", "utf-16-be"):
        try:
            text = codecs.getincrementaldecoder(name)("strict").decode(head)
        except UnicodeDecodeError:
            continue
        # Read in the wrong order a line end is U+0A00 or U+0D00, a Gurmukhi or a Malayalam sign;
        # read in pairs, a text of single bytes is ideographs that nobody writes.
        is_text = ("\n" in text or "\r" in text) and not _has_controls(text)
        if is_text and (slip is None or is_usual(text)):
            return Encoding(name, 0, 0.9)
    raise binary_content() if slip is None else zero_byte(slip)


def _slip(head: bytes) -> int | None:
    """The line of the first zero byte in what is text but for a few; None when it is none."""
    text = head.replace(b"\0", b"")
    if len(text) < len(head) * (1 - _SLIPS) or _has_controls(text.decode("latin-1")):
        return None
    return 1 + _line_ends(head[: head.index(b"\0")].decode("latin-1"))


def _has_controls(text: str) -> bool:
    return any(char < " " and char not in "\t\n\r\x1a" for char in set(text))


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with path.open("rb") as file:
        beyond_ascii = False
        while chunk := file.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return False
            beyond_ascii = beyond_ascii or not chunk.isascii()
    try:
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return beyond_ascii  # cut off within the last character: the reader says so with its place
    return True


def _lines_beyond_ascii(path: Path) -> list[bytes]:
    """Whole lines with bytes ≥ 0x80, 256 kB of them at most; only line ends are safe places to
    cut."""
    lines: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        rest = b""
        while size < _SAMPLE and (chunk := file.read(_CHUNK)):
            text = rest[-_CHUNK:] + chunk
            cut = max(text.rfind(b"\n"), text.rfind(b"\r")) + 1
            whole, rest = (text[:cut], text[cut:]) if cut else (b"", text)
            for line in whole.splitlines():
                if size < _SAMPLE and not line.isascii():
                    lines.append(line)
                    size += len(line)
    if not lines and not rest.isascii():
        lines = [rest[:_SAMPLE]]
    return lines


def _likeliest(path: Path, texts: list[bytes]) -> Encoding:
    weighed = _weighed(path, texts)
    if not weighed:
        detail = _(
            "The file is text in none of the encodings that are read. Save it as CSV in UTF-8."
        )
        raise DecodeRefused("encoding_unknown", detail)
    best = weighed[0]
    others = [each for each in weighed[1:] if each.text != best.text]
    confidence = _confidence(best, [each.bits for each in others])
    is_foreign = best.ahead_of(foreign_bits(texts)) < _FOREIGN_BITS.get(best.name, SURE_BITS)
    rivals = [each for each in others if is_foreign or best.ahead_of(each.bits) < SURE_BITS]
    rivals = [each for each in rivals if _is_written_in(path, each.name)]
    if not rivals and not is_foreign:
        return Encoding(best.name, 0, confidence)
    shown = ([best] if best.is_whole else []) + rivals
    names = tuple(each.name for each in shown[:_READINGS])
    return Encoding(names[0] if names else best.name, 0, confidence, names)


def _confidence(best: Weighed, others: Iterable[float]) -> float:
    odds = sum(math.exp2(-max(best.ahead_of(bits), 0.0)) for bits in others)
    return min(round(1 / (1 + odds), 2), 0.5 if best.name == "windows-1252" else 1.0)


def _weighed(path: Path, texts: list[bytes]) -> list[Weighed]:
    """Every encoding that the texts may be written in, the likeliest first."""
    found = [weigh(name, texts) for name in PRIORS if name != "utf-8"]
    if _is_utf8(path):
        # what is cut off within the last character of the file is nothing to weigh
        found.insert(0, weigh("utf-8", [text.decode(errors="ignore").encode() for text in texts]))
    return sorted((each for each in found if each is not None), key=lambda each: each.bits)


def _is_written_in(path: Path, name: str) -> bool:
    try:
        for _text in decoded_chunks(path, Encoding(name)):
            pass
    except DecodeRefused:
        return False
    return True


def decoded_chunks(path: Path, encoding: Encoding) -> Iterator[str]:
    """The file's text in pieces of about 1 MB.

    Raises ``not_this_encoding`` or ``binary`` with the line it is in.
    """
    decoder = codecs.getincrementaldecoder(encoding.name)("strict")
    line = 1
    with path.open("rb") as file:
        file.seek(encoding.mark_bytes)
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                line += _line_ends(error.object[: error.start].decode(encoding.name, "replace"))
                raise DecodeRefused(
                    "not_this_encoding", _not_this_encoding(encoding.name, line)
                ) from None
            if "\0" in text:
                line += _line_ends(text[: text.index("\0")])
                raise zero_byte(line)
            line += _line_ends(text)
            if text:
                yield text
            if not chunk:
                return


def _line_ends(text: str) -> int:
    return text.count("\n") or text.count("\r")


def _not_this_encoding(name: str, line: int) -> Message:
    return _(
        "Line %(line)s is not written in %(encoding)s. Correct that line, or save the file as CSV "
        "in UTF-8.",
        line=line,
        encoding=name,
    )


def binary_content() -> DecodeRefused:
    detail = _("The file holds bytes that no text holds. It is not a CSV file, or it is damaged.")
    return DecodeRefused("binary", detail)


def zero_byte(line: int) -> DecodeRefused:
    """What some programs write for an empty value."""
    detail = _(
        "Line %(line)s holds a zero byte (NUL), which no text holds. Delete it there with a text "
        "editor, or export the table again with empty values left empty.",
        line=line,
    )
    return DecodeRefused("binary", detail, line=line)


def guess_warning(encoding: Encoding) -> list[Message]:
    """Nothing when the encoding is sure and usual, nor when it is asked for."""
    if encoding.is_sure and encoding.name in _SELDOM and not encoding.readings:
        words = _(
            "Read as %(encoding)s, in which Chinese tables are seldom written. Check the first "
            "rows; state another one if they are garbled.",
            encoding=encoding.name,
        )
        return [words]
    if encoding.is_sure or encoding.readings:
        return []
    words = _(
        "The encoding %(encoding)s is a guess. Check the first rows; state another one if they are "
        "garbled.",
        encoding=encoding.name,
    )
    return [words]
