"""In which encoding a text file is written, and its text in pieces. Runs in the child.

The rule, in this order; a later step is reached only when the earlier ones did not decide:

1. a byte order mark names UTF-8 or UTF-16;
2. zero bytes, and text with line ends but without control characters when read so: UTF-16 without a mark;
3. the whole file is well-formed UTF-8;
4. the lines with bytes ≥ 0x80 decode as GB18030 or as Big5 (cp950) and consist of that standard's common characters
   (GB 2312 level 1, Big5 level 1, their punctuation): the larger share wins, from 60 % on;
5. single bytes ≥ 0x80 between ASCII ones, or hardly any: windows-1252, doubtful.

Otherwise the encoding is asked for. Confidence: 1 for rules 1 and 3, the shares' distance for 4, at most 0.5 for 5.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import Message, _

_CHUNK: Final = 1_048_576
_SAMPLE: Final = 262_144
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LONE_HIGH_BYTE: Final = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_COMMON_SHARE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Encoding:
    """A Python codec name, the length of the byte order mark to skip, and how sure we are (0 … 1)."""

    name: str
    mark_bytes: int = 0
    confidence: float = 1.0


def detect_encoding(path: Path, stated: str | None = None) -> Encoding:
    """The encoding of a text file by the rule above; ``stated`` wins, only its byte order mark is looked for.

    Raises :class:`DecodeRefused`: ``binary`` or ``encoding_unknown``. Reads the file in chunks of 1 MB, keeps 256 kB.
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
    if _is_utf8(path):
        return Encoding("utf-8")
    return _by_characters(_lines_beyond_ascii(path))


def _without_mark(head: bytes) -> Encoding:
    for name in ("utf-16-le", "utf-16-be"):
        try:
            text = codecs.getincrementaldecoder(name)("strict").decode(head)
        except UnicodeDecodeError:
            continue
        # Read in the wrong order a line end is U+0A00 or U+0D00, a Gurmukhi or a Malayalam sign.
        if ("\n" in text or "\r" in text) and not _has_controls(text):
            return Encoding(name, 0, 0.9)
    raise DecodeRefused("binary", binary_content())


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
    """Whole lines with bytes ≥ 0x80, 256 kB of them at most; only line ends are safe places to cut."""
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


def _by_characters(lines: list[bytes]) -> Encoding:
    shares = {name: _common_share(lines, name) for name in ("gb18030", "cp950")}  # equal: the first
    best, other = sorted(shares, key=shares.__getitem__, reverse=True)
    if shares[best] >= _COMMON_SHARE:
        return Encoding(best, 0, round(min(1.0, 0.5 + shares[best] - shares[other]), 2))
    sample = b"\n".join(lines)
    high = sum(1 for byte in sample if byte >= 0x80)
    lone = len(_LONE_HIGH_BYTE.findall(sample)) / max(high, 1)
    if (lone >= 0.5 or high * 50 < len(sample)) and _decodes(sample, "windows-1252"):
        return Encoding("windows-1252", 0, round(lone / 2, 2))
    detail = _(
        "The text encoding of this file could not be determined. State it (files from Chinese offices are mostly "
        "in GB18030), or save the file as CSV in UTF-8."
    )
    raise DecodeRefused("encoding_unknown", detail)


def _common_share(lines: list[bytes], name: str) -> float:
    """Share of common characters among those beyond ASCII; 0 when more than one line in a hundred does not decode."""
    known = _common_characters(name)
    common, all_of_them, failed = 0, 0, 0
    for line in lines:
        try:
            text = line.decode(name)
        except UnicodeDecodeError:
            failed += 1
            continue
        beyond = [char for char in text if char > "\x7f"]
        all_of_them += len(beyond)
        common += sum(1 for char in beyond if char in known)
    return common / all_of_them if all_of_them and failed * 100 <= len(lines) else 0.0


@cache
def _common_characters(name: str) -> frozenset[str]:
    """Level 1 of GB 2312 (rows 16-55) or of Big5 (A440-C67E), with punctuation and full-width forms."""
    if name == "gb18030":
        pairs = ((lead, trail) for lead in (*range(0xA1, 0xA4), *range(0xB0, 0xD8)) for trail in range(0xA1, 0xFF))
    else:
        trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
        pairs = ((lead, trail) for lead in (0xA1, 0xA2, *range(0xA4, 0xC7)) for trail in trails)
    return frozenset(bytes(pair).decode(name, "ignore") for pair in pairs)


def _decodes(sample: bytes, name: str) -> bool:
    try:
        sample.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def decoded_chunks(path: Path, encoding: Encoding) -> Iterator[str]:
    """The file's text in pieces of about 1 MB. Raises ``not_this_encoding`` or ``binary`` with the line it is in."""
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
                raise DecodeRefused("not_this_encoding", _not_this_encoding(encoding.name, line)) from None
            if "\0" in text:
                line += _line_ends(text[: text.index("\0")])
                raise DecodeRefused("binary", binary_content(), line=line)
            line += _line_ends(text)
            if text:
                yield text
            if not chunk:
                return


def _line_ends(text: str) -> int:
    return text.count("\n") or text.count("\r")


def _not_this_encoding(name: str, line: int) -> Message:
    return _(
        "Line %(line)s is not written in %(encoding)s. State another encoding, or save the file as CSV in UTF-8.",
        line=line,
        encoding=name,
    )


def binary_content() -> Message:
    return _("The file holds bytes that no text holds. It is not a CSV file, or it is damaged.")
