"""What a text is found by: characters, neighbours, whole runs of others, sounds of a title."""

import pytest

from shuqiao.terms import sounds, terms, words


def test_a_text_is_found_by_its_characters_and_neighbours() -> None:
    assert set(terms("昆都仑区")) == {"昆", "昆都", "都", "都仑", "仑", "仑区", "区"}
    assert set(terms("GDP统计（2024）")) == {"gdp", "统", "统计", "计", "2024"}


@pytest.mark.parametrize(
    ("written", "same"), [("崑都侖區", "昆都仑区"), ("ＷＧＳ", "wgs"), ("臺賬", "台账")]
)
def test_forms_are_folded(written: str, same: str) -> None:
    assert words(written) == (same,)
    assert terms(written) == terms(same)


def test_nothing_but_letters_and_digits_is_left() -> None:
    assert words("（）——：*'\\ \x00|&!") == ()
    assert words("a'b\\c") == ("a", "b", "c")


def test_a_title_is_found_by_every_way_to_read_it() -> None:
    found = set(sounds("昆都仑"))
    assert {".kun.du", ".kun.dou", ".du.lun", ".dou.lun", ".lun", "-kdl"} <= found
    assert not list(sounds("GDP 2024"))
