"""How often an encoding is decided, asked about, decided wrong: a corpus of short files, made the
same in every run.

The words are names of countries and languages of the Unicode locale data, written by offices in
many countries, and rare names, units and headers from here; none of the table's frequencies come
from them.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale

from shuqiao.arrow.intake.encodings import detect_encoding
from shuqiao.arrow.intake.likelihood import telling_texts, weigh
from shuqiao.arrow.refusals import DecodeRefused

SYMBOLS = list("㎡℃±№Ⅲ①≥×°§…—￥㎎㎏≤÷‰②★→·、Ωα～㎜％＋")
HEADERS = [
    "编号",
    "名称",
    "面积",
    "单位",
    "备注",
    "序号",
    "姓名",
    "户籍",
    "房屋编号",
    "学校名称",
    "联系电话",
]
RARE = [
    "喆堃",
    "嫘祖",
    "饕餮",
    "貔貅",
    "镕堃",
    "璟",
    "仝犇",
    "亓彧",
    "妘琤",
    "昝珺",
    "亶赟",
    "闫翀",
    "鄠邑",
]
BEYOND = re.compile("[^\0-\x7f]")


def words(language: str) -> list[str]:
    """Names of countries and languages as they are written there, those with letters beyond
    ASCII."""
    locale = Locale.parse(language)
    named = [
        *locale.territories.values(),
        *locale.languages.values(),
        *locale.months["format"]["wide"].values(),
    ]
    return [word for word in dict.fromkeys(named) if BEYOND.search(word) and "," not in word]


def cut(word: str, most: int) -> str:
    """As much of a word as has ``most`` characters beyond ASCII."""
    ends = [found.end() for found in BEYOND.finditer(word)]
    return word if len(ends) <= most else word[: ends[most - 1]]


def table(dice: random.Random, pool: list[str], length: int, heads: list[str]) -> str:
    """A table with about ``length`` characters beyond ASCII among digits and letters."""
    head, cells = "id,name,x", []
    if heads and dice.random() < 0.4 and len(name := dice.choice(heads)) < length:
        head, length = f"id,{name},x", length - len(name)
    while length > 0:
        word = cut(dice.choice(pool), length)
        length -= len(BEYOND.findall(word))
        cells.append(
            dice.choice(["", "", "A", "No.", "12"]) + word + dice.choice(["", "", "B", "-1"])
        )
    rows = [
        f"{dice.randrange(1000):03d},{cell},{dice.choice(['12.5', 'N/A', 'A12'])}" for cell in cells
    ]
    return "\r\n".join([head, *rows]) + "\r\n"


def corpus(
    encoding: str, pools: list[list[str]], heads: list[str], shortest: int, longest: int
) -> Iterator[bytes]:
    dice = random.Random(f"{encoding} {shortest}")
    for pool in pools:
        for length in range(shortest, longest + 1):
            for _time in range(8):
                text = table(dice, pool, length, heads)
                data = text.encode(encoding, "ignore")
                if data.decode(encoding) == text:
                    yield data


def outcome(path: Path, data: bytes, encoding: str) -> str:
    path.write_bytes(data)
    try:
        found = detect_encoding(path)
    except DecodeRefused as refused:
        return refused.reason
    if found.readings:
        texts = [data.decode(name) for name in found.readings]
        return "asked" if data.decode(encoding) in texts else "asked, the right one is missing"
    if data.decode(found.name, "replace") == data.decode(encoding):
        return "right" if found.is_sure else "right, said to be a guess"
    return "wrong"


#: Encoding → words, headers, and how many in a hundred files with ten or more such characters may
#: be asked about.
LANGUAGES: dict[str, tuple[list[str], list[str], int]] = {
    "gb18030": (["zh"], HEADERS, 2),
    "cp950": (["zh_Hant"], [], 2),
    "cp949": (["ko"], [], 8),
    "cp932": (["ja"], [], 2),
    "euc_jp": (["ja"], [], 25),
    "utf-8": (["zh", "zh_Hant", "ko", "ja", "fr", "ru", "ar", "th", "mn"], HEADERS, 0),
    "windows-1252": (["fr", "de", "es", "pt", "sv"], [], 10),
}


@pytest.mark.parametrize("encoding", LANGUAGES)
class TestCorpus:
    def test_ten_characters_decide(self, tmp_path: Path, encoding: str) -> None:
        languages, heads, asked = LANGUAGES[encoding]
        pools = [words(language) for language in languages]
        found = Counter(
            outcome(tmp_path / "t.csv", data, encoding)
            for data in corpus(encoding, pools, heads, 10, 30)
        )
        assert set(found) <= {"right", "right, said to be a guess", "asked"}, found
        assert found["asked"] * 100 <= asked * found.total(), found
        assert (found["right"] == 0) == (encoding == "windows-1252")

    def test_fewer_are_right_or_asked_about(self, tmp_path: Path, encoding: str) -> None:
        languages, heads, _asked = LANGUAGES[encoding]
        pools = [words(language) for language in languages]
        if encoding in ("gb18030", "utf-8"):
            pools = [*pools, SYMBOLS, RARE]
        found = Counter(
            outcome(tmp_path / "t.csv", data, encoding)
            for data in corpus(encoding, pools, heads, 1, 9)
        )
        assert set(found) <= {"right", "right, said to be a guess", "asked"}, found


def test_what_comes_again_is_weighed_once() -> None:
    texts = telling_texts(
        [f"{number},{number}㎡,A{number}㎡B".encode("gb18030") for number in range(500)]
    )
    assert len(texts) == 1
    weighed = weigh("gb18030", texts)
    assert weighed is not None
    assert (weighed.length, weighed.distinct) == (1, 1)


@pytest.mark.parametrize(
    ("usual", "unusual"), [("学", "饕"), ("饕", "镕"), ("镕", "𠮷"), ("。", "★"), ("學", "镕")]
)
def test_each_row_of_the_standard_has_its_weight(usual: str, unusual: str) -> None:
    costs = [weigh("gb18030", [char.encode("gb18030")]) for char in (usual, unusual)]
    assert costs[0] is not None
    assert costs[1] is not None
    assert costs[0].bits < costs[1].bits
