"""Two names that look alike have one skeleton; two that do not have two."""

import random
import unicodedata

import pytest

from shuqiao.skeletons import skeleton

NAMES = (
    "从业人员数",
    "营业收入",
    "ID号",
    "身份证号",
    "车牌号 (Plate)",
    "自然人姓名",
    "GDP",
    "门牌号",
)
_CYRILLIC = str.maketrans("aeopcxyiABEKMHOPCTXI", "аеорсхуіАВЕКМНОРСТХІ")
_GREEK = str.maketrans("oviABEZHIKMNOPTYX", "ονιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
_RADICALS = str.maketrans("人自车门长页", "⼈⾃⻋⻔⻓⻚")
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u3164\ufe0f\u115f"


def _wide(name: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)


def _spread(name: str, between: str) -> str:
    return between.join(name)


def variants(name: str) -> set[str]:
    """The spellings under which somebody might slip a name past a list."""
    found = {
        name.upper(),
        name.lower(),
        _wide(name),
        name.translate(_CYRILLIC),
        name.translate(_GREEK),
        name.translate(_RADICALS),
        unicodedata.normalize("NFD", name),
        f"（{name}）",
        f"《{name}》",
        name.replace("I", "l").replace("G", "Ｇ"),
        name.replace("O", "0").replace("o", "0"),
        _spread(name, " "),
        _spread(name, "\u3000"),
        _spread(name, "·"),
        _spread(name, "-"),
        _spread(name, "\u0332"),
        *(_spread(name, each) for each in _UNSEEN),
    }
    rng = random.Random(name)
    for _number in range(200):
        spelt = name
        for change in rng.sample(
            (_wide, lambda n: n.translate(_CYRILLIC), str.upper, lambda n: n.translate(_RADICALS)),
            2,
        ):
            spelt = change(spelt)
        place = rng.randrange(len(spelt) + 1)
        found.add(spelt[:place] + rng.choice([*_UNSEEN, " ", "　", "_"]) + spelt[place:])
    return found


@pytest.mark.parametrize("name", NAMES)
def test_no_spelling_escapes(name: str) -> None:
    escaped = [each for each in variants(name) if skeleton(each) != skeleton(name)]
    assert escaped == []


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("從業人員數", "从业人员数"),
        ("營業收入", "营业收入"),
        ("身份證號碼", "身份证号码"),
        ("車牌號（Ｐlate）", "车牌号 (Plate)"),
        ("戶籍地址", "户籍地址"),
        ("應納稅額", "应纳税额"),
    ],
)
def test_traditional_characters_are_a_spelling_too(traditional: str, simplified: str) -> None:
    assert skeleton(traditional) == skeleton(simplified)


def test_other_names_are_other_names() -> None:
    different = [
        *("从业人员数", "从业人数", "≥65岁人数", "<65岁人数", "营业收入"),
        *("末班车", "未班车", "A区", "B区"),
    ]
    assert len({skeleton(each) for each in different}) == len(different)


def test_a_name_of_signs_alone_is_no_other() -> None:
    assert skeleton("——") == "——"
    assert skeleton("……") != skeleton("——")
