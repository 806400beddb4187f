"""What a name looks like, whatever it is spelled with: two names with the same skeleton are one.

After the idea of UTS 39 (Unicode Security Mechanisms, section 4, skeletons), for names in Chinese
with Latin parts. Folded, in this order:

- compatibility forms (NFKD): full-width letters, Kangxi radicals ⾃, CJK compatibility ideographs,
  ligatures, circled and Roman numerals;
- marks that only decorate (combining marks), and what is not seen at all (default-ignorable code
  points: zero-width blanks, joiners, variation selectors, fillers, tags);
- case (casefold);
- look-alikes, by the table below: Greek, Cyrillic and Armenian letters like Latin ones, radicals
  and strokes that NFKD leaves, katakana like characters, digits like letters;
- traditional characters, to the simplified ones (``shuqiao.traditional``);
- blanks and punctuation, which are left out; signs such as ≥ are kept.

Not folded: characters that are merely similar (未 末), and traditional ones that are rare.
The table was compiled from the code charts of the Unicode Standard by the shapes shown there.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from shuqiao.traditional import SIMPLIFIED

#: Greek and Cyrillic capitals like Latin ones; their small letters may look like others (Ν ν).
_CAPITALS: Final = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХЅІЈ", "ABEZHIKMNOPTYXABEKMHOPCTYXSIJ")
#: Latin letter: what looks like it after casefolding.
_LATIN: Final[Mapping[str, str]] = {
    "a": "аαɑ",
    "b": "ьвβ",
    "c": "с",
    "d": "ԁ",
    "e": "еєҽε",
    "f": "ϝ",
    "g": "ɡց",
    "h": "һнհ",
    "j": "јϳ",
    "k": "кκ",
    "l": "1iіιıӏ|וןا",
    "m": "мμ",
    "n": "пηո",
    "o": "0оοσօ〇ჿ",
    "p": "рρ",
    "q": "ԛզ",
    "r": "гⲅ",
    "s": "ѕꜱ",
    "t": "тτ",
    "u": "υսʋ",
    "v": "νѵ",
    "w": "ωԝա",
    "x": "хχ",
    "y": "уγүყ",
    "z": "ζᴢ",
}
#: Chinese character: the radicals, strokes and katakana that look like it and that NFKD leaves.
_HAN: Final[Mapping[str, str]] = {
    "一": "㇐ーㄧ",
    "丨": "㇑",
    "丶": "㇔ヽ",
    "丿": "㇒ノ",
    "乙": "㇠",
    "乚": "㇟",
    "亅": "㇚",
    "二": "ニ",
    "八": "ハ",
    "力": "カ",
    "卜": "ト",
    "口": "ロ",
    "夕": "タ",
    "工": "エ",
    "千": "チ",
    "才": "オ",
    "又": "ヌ",
    "厂": "⺁",
    "巳": "⺒",
    "幺": "⺓",
    "民": "⺠",
    "西": "⻄",
    "见": "⻅",
    "角": "⻆",
    "贝": "⻉",
    "车": "⻋",
    "长": "⻓",
    "门": "⻔",
    "雨": "⻗",
    "青": "⻘",
    "韦": "⻙",
    "页": "⻚",
    "风": "⻛",
    "飞": "⻜",
    "食": "⻝",
    "首": "⻡",
    "马": "⻢",
    "骨": "⻣",
    "鬼": "⻤",
    "鱼": "⻥",
    "鸟": "⻦",
    "卤": "⻧",
    "麦": "⻨",
    "黄": "⻩",
    "黾": "⻪",
    "斉": "⻫",
    "齐": "⻬",
    "歯": "⻭",
    "齿": "⻮",
    "竜": "⻯",
    "龙": "⻰",
    "亀": "⻲",
}
_FOLDED: Final = str.maketrans(
    {odd: plain for plain, odds in (*_LATIN.items(), *_HAN.items()) for odd in odds}
)
_SEPARATORS: Final = re.compile(r"[._/-]+")
#: Code points that show nothing and that are no format characters (category Cf).
_UNSEEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f\u2800]"
)


def skeleton(name: str) -> str:
    """The skeleton of ``name``; of one that has neither letter nor digit the name as it is, so that
    nothing is empty.
    """
    plain = unicodedata.normalize("NFKD", _UNSEEN.sub("", name)).translate(_CAPITALS)
    plain = unicodedata.normalize("NFKD", plain.casefold()).translate(SIMPLIFIED).translate(_FOLDED)
    kept = "".join(char for char in plain if not _is_dropped(unicodedata.category(char)))
    return unicodedata.normalize("NFC", kept) or name.strip()


def account_skeleton(account: str) -> str:
    """The same of an account, in which the parts between separators stay apart: li.na is not lin.a,
    but zhang-san is zhang.san.
    """
    return ".".join(skeleton(part) for part in _SEPARATORS.split(account))


def _is_dropped(category: str) -> bool:
    """Marks, format and control characters, blanks, punctuation; what measures (≥ %) is kept."""
    return category[0] in "MZPC" or category == "Sk"
