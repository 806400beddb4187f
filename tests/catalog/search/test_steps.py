"""What is asked of the index, step by step, and what was perhaps meant."""

import pytest

from catalog.search.repository.steps import meant, sought, typed, variants, widened
from catalog.search.words import Widening


def test_a_word_is_asked_for_by_its_neighbours_and_by_its_other_names() -> None:
    (group,) = typed(("学校代码",)).groups
    assert [way.query for way in group] == ["('学校' & '校代' & '代码')"]
    assert variants("社保缴费")[:2] == ["社保缴费", "社会保险缴费"]
    ((way,),) = typed(("低保",)).groups
    assert way.query.startswith("('低保') | ('最低' & '低生'")


def test_each_step_is_wider_and_the_sound_is_for_letters_only() -> None:
    han = [step.widening for step in widened(("培训机构",))]
    assert han == [Widening.APART, Widening.NEAR, Widening.ANY]
    latin = [step.widening for step in widened(("kundulun",))]
    assert latin == [Widening.APART, Widening.SOUND, Widening.NEAR, Widening.ANY]


def test_one_character_may_differ_but_the_rest_stands_as_typed() -> None:
    near = next(step for step in widened(("陪训机构",)) if step.widening is Widening.NEAR)
    patterns = {pattern for way in near.groups[0] for pattern in way.patterns}
    assert patterns == {"%_训机构%", "%陪_机构%", "%陪训_构%", "%陪训机_%"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("陪训机构", ["培训机构"]),
        ("kundulun", ["昆都仑"]),
        ("kun du lun", ["昆都仑"]),
        ("kdl pxjg", ["昆都仑 培训机构"]),
        ("医院", []),
    ],
)
def test_what_was_perhaps_meant_is_what_the_title_says(query: str, said: list[str]) -> None:
    assert meant(query, ["昆都仑区校外培训机构名录"]) == said


def test_words_their_other_names_and_parts_are_marked() -> None:
    assert sought(("社保",)) == ["社保", "社会保险", "社会", "会保", "保险"]
