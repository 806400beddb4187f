"""How probable the bytes of a file are in each encoding it may be written in. Runs in the child.

One model for all: a text costs bits, fewer the more usual its characters are. Each encoding is a
standard whose rows say what a character is worth – the frequent ones, the rest of level 1 (GB 2312
rows 16-55, Big5 A440-C67E, …), level 2, symbols, extensions up to the four bytes of GB18030 – and
is charged for neighbours that people hardly write, such as an ideograph within a Latin word. The
encoding that costs least is the likeliest; the distance to another one, in bits, says how sure that
is: each bit doubles the odds. A text that comes again is weighed once, and the distance counts for
as many characters as differ: ten thousand rows with ``㎡`` are one character of evidence.

Costs are -log2 of shares counted in a Chinese word list, flattened, since the names of people and
places use characters that running text does not. How often they decide, and that they do not decide
wrong, is measured in ``tests/shuqiao/arrow/test_likelihood.py``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from shuqiao.arrow.intake import frequent_characters as frequent

#: Bits that an encoding costs before a byte is looked at: how seldom the files of an office are
#: written in it.
PRIORS: Final[Mapping[str, float]] = MappingProxyType(
    {"utf-8": 0, "gb18030": 3, "cp950": 6, "windows-1252": 6, "cp949": 8, "euc_jp": 9, "cp932": 12}
)
#: An alphabet of one byte a letter that this service does not read (Cyrillic, Greek, Thai …).
_FOREIGN_PRIOR: Final = 8.0
_FOREIGN_ALPHABETS: Final = tuple(bytes(range(first, first + 64)) for first in (0x80, 0xA0, 0xC0))
_ASCII: Final = 6.0
_NOT_DECODED: Final = 40.0
_FAILED_SHARE: Final = 0.01
#: Ideographs at random cost 16 to 17 bits, written ones 10 to 12.
_USUAL: Final = 14.5

#: Bytes that are part of no longer character in any of these encodings; digits are, in the four
#: bytes of GB18030.
_SAFE: Final = re.compile(rb"[\x00-\x2f\x3a-\x3f]+")
_BEYOND: Final = re.compile(
    rb"[\x00-\x7f]?([\x80-\xff](?:.*[\x80-\xff])?)([\x00-\x7f]?)", re.DOTALL
)
_ASCII_BYTES: Final = bytes(range(0x80))

_AT_A_LETTER: Final = re.compile(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]")

_WIDE: Final = "[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
_TOUCHING: Final = re.compile(f"(?<=[A-Za-z]){_WIDE}|{_WIDE}(?=[A-Za-z])")
_WITHIN_A_WORD: Final = re.compile(f"(?<=[a-z]){_WIDE}(?=[a-z])")
_ACCENTED: Final = "[\u0080-\u024f]"
_IN_A_ROW: Final = re.compile(f"(?<={_ACCENTED}){_ACCENTED}")
_ALONE: Final = re.compile("(?<![A-Za-z\u0080-\u024f])[\u00c0-\u024f](?![A-Za-z\u0080-\u024f])")

_SYMBOLS: Final = frozenset("，。、；：（）《》“”·—…℃㎡±№ⅠⅡⅢ①②③°×≥≤￥％／～－＋")
_USUAL_ACCENTED: Final = frozenset("éèàüöäñçóíáßêåãúâôîøæõëïùÉÖÜÄÅ")
_LATIN_SYMBOLS: Final = frozenset("°’“”–—£€·§±²³½«»®©™…‘•µ×\xa0")
#: Letters of living alphabets with two bytes in UTF-8.
_ALPHABETS: Final = re.compile(
    "[\u0391-\u03c9\u0401\u0410-\u044f\u0451\u05d0-\u05ea\u0621-\u064a\u067e\u0686\u06a9\u06af\u06cc]"
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """Texts read in one encoding: what they cost, and how many characters beyond ASCII they have
    (and differing ones).

    ``is_whole`` says that all of them are written in it.
    """

    name: str
    bits: float
    text: str
    is_whole: bool
    length: int
    distinct: int

    def ahead_of(self, bits: float) -> float:
        """By how many bits of evidence this reading is likelier than one that costs ``bits``."""
        return (bits - self.bits) * self.distinct / max(self.length, 1)


def telling_texts(lines: Iterable[bytes]) -> list[bytes]:
    """What of the lines says something of the encoding: each text with bytes ≥ 0x80 once, whatever
    ASCII is around it.

    One ASCII byte is kept on either side: that before it is what the text touches, that after it
    may be the second half of its last character, which is why it tells texts of an odd length
    apart.
    """
    texts: dict[bytes, bytes] = {}
    for line in lines:
        for each in _SAFE.split(line):
            if (found := _BEYOND.search(each)) is not None:
                texts.setdefault(found[1] if _is_even(found[1]) else found[1] + found[2], found[0])
    return list(texts.values())


def weigh(name: str, texts: list[bytes]) -> Weighed | None:
    """The texts read in one encoding; None when more than one in a hundred is not written in it."""
    decoded, failed = _decoded(name, texts)
    if len(failed) > len(texts) * _FAILED_SHARE:
        return None
    text = "\n".join(decoded)
    counts = Counter(text.replace("\n", ""))
    beyond = {char: count for char, count in counts.items() if char > "\x7f"}
    length = sum(beyond.values())
    bits = PRIORS[name] + _ASCII * (sum(counts.values()) - length) + _odd(name, text)
    bits += sum(_bits(name, char) * count for char, count in beyond.items())
    bits += sum(_NOT_DECODED + 8 * len(each) for each in failed)
    return Weighed(name, bits, text, not failed, length, len(beyond))


def foreign_bits(texts: list[bytes]) -> float:
    """What the texts cost in a foreign alphabet: 64 letters, words of any length, no Latin in
    them."""
    data = b"".join(texts)
    beyond = len(data.translate(None, _ASCII_BYTES))
    letters = max(
        len(data) - len(data.translate(None, alphabet)) for alphabet in _FOREIGN_ALPHABETS
    )
    bits = _ASCII * (len(data) - beyond) + 7.0 * letters + 10.0 * (beyond - letters)
    bits += 4.0 * sum(len(_AT_A_LETTER.findall(text)) for text in texts)
    return _FOREIGN_PRIOR + bits + sum(map(_is_even, texts))


def is_usual(text: str) -> bool:
    """Whether a Unicode text consists of characters that people write."""
    beyond = [_unicode(char) for char in text if char > "\x7f"]
    return sum(beyond) <= _USUAL * len(beyond)


def _is_even(text: bytes) -> bool:
    return len(text.translate(None, _ASCII_BYTES)) % 2 == 0


def _decoded(name: str, texts: list[bytes]) -> tuple[list[str], list[bytes]]:
    try:
        return [b"\n".join(texts).decode(name)], []
    except UnicodeDecodeError:
        pass
    decoded, failed = [], []
    for each in texts:
        try:
            decoded.append(each.decode(name))
        except UnicodeDecodeError:
            failed.append(each)
    return decoded, failed


def _odd(name: str, text: str) -> float:
    """Bits for neighbours that people hardly write."""
    bits = 4.0 * len(_TOUCHING.findall(text)) + 8.0 * len(_WITHIN_A_WORD.findall(text))
    if name in ("windows-1252", "utf-8"):
        bits += 6.0 * len(_IN_A_ROW.findall(text)) + 5.0 * len(_ALONE.findall(text))
    return bits


@cache
def _bits(name: str, char: str) -> float:
    if name == "windows-1252":
        return 2.0 + _latin(char)
    if name == "utf-8":
        return _unicode(char)
    if char in _SYMBOLS:
        return 12.0
    if "\uff01" <= char <= "\uff5e":
        return 13.0
    if "\ue000" <= char <= "\uf8ff":  # assigned by whoever likes to
        return 40.0
    return _BY_ROW[name](char, char.encode(name))


def _latin(char: str) -> float:
    if char in _USUAL_ACCENTED:
        return 5.0
    if char in _LATIN_SYMBOLS:
        return 8.5
    return 10.0 if char.isalpha() and "\xc0" <= char <= "\xff" else 15.0


def _unicode(char: str) -> float:
    if char < "\u0100":
        return 2.0 + _latin(char)
    if char in _SYMBOLS:
        return 12.5
    if _ALPHABETS.match(char):
        return 8.0
    if (found := min(order.get(char, 99.0) for order in _ORDERS)) < 99:
        return found + 1.0
    return 17.0 if char.isprintable() else 40.0


def _gb18030(char: str, code: bytes) -> float:
    if char in _SIMPLIFIED:
        return _SIMPLIFIED[char]
    if char in _TRADITIONAL:  # written on the mainland too, in names and quotations
        return _TRADITIONAL[char] + 4.0
    if len(code) == 4:
        return 26.0 if char >= "\u3400" else 32.0
    lead, trail = code
    if lead >= 0xA1 and trail >= 0xA1:
        return 14.5 if 0xB0 <= lead <= 0xD7 else 17.5
    return 17.0 if lead in (0xA8, 0xA9) else 22.0  # symbols of GBK, ideographs of GBK


def _big5(char: str, code: bytes) -> float:
    if char in _TRADITIONAL:
        return _TRADITIONAL[char]
    return 14.5 if 0xA4 <= code[0] <= 0xC6 else 17.5 if code[0] < 0xA4 else 20.0


def _korean(char: str, code: bytes) -> float:
    if char in _KOREAN:
        return _KOREAN[char]
    if code[0] < 0xA1 or code[1] < 0xA1:
        return 22.0
    return 12.5 if 0xB0 <= code[0] <= 0xC8 else 17.5 if code[0] < 0xB0 else 19.0


def _japanese(char: str, _code: bytes) -> float:
    if char in _JAPANESE:
        return _JAPANESE[char]
    if "\u3040" <= char <= "\u30ff":
        return 12.0
    if "\uff61" <= char <= "\uff9f":  # half as wide, of one byte in Shift_JIS
        return 16.0
    if not "\u4e00" <= char <= "\u9fff":
        return 17.5
    return 14.0 if char.encode("euc_jp", "replace")[0] in range(0xB0, 0xD0) else 19.0


def _banded(order: str) -> dict[str, float]:
    return {
        char: 8.5 if place < 100 else 10.0 if place < 400 else 12.0
        for place, char in enumerate(order)
    }


_SIMPLIFIED: Final = _banded(frequent.SIMPLIFIED)
_TRADITIONAL: Final = _banded(frequent.TRADITIONAL)
_KOREAN: Final = dict.fromkeys(frequent.KOREAN, 9.0)
_JAPANESE: Final = {char: 8.5 if char < "\u3100" else 10.0 for char in frequent.JAPANESE}
_ORDERS: Final = (_SIMPLIFIED, _TRADITIONAL, _KOREAN, _JAPANESE)
_BY_ROW: Final = {
    "gb18030": _gb18030,
    "cp950": _big5,
    "cp949": _korean,
    "cp932": _japanese,
    "euc_jp": _japanese,
}
