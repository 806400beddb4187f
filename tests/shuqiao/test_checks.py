"""Automatic checks: all of them answer in order, and the heaviest finding is the verdict."""

from collections.abc import Iterator

import pytest

from shuqiao.checks import Check, Finding, Weight, fine, order_809, results
from shuqiao.i18n import Message


def check(*found: Finding, weight: Weight = Weight.BLOCKS, number: str = "X1") -> Check[int]:
    def look(facts: int) -> Iterator[Finding]:
        yield from found[:facts]

    return Check(id=number, asks=Message("?"), weight=weight, look=look)


BAD, LIGHTER = Finding(Message("bad")), Finding(Message("odd"), Weight.ASKS)
FINE = fine(Message("well"))


@pytest.mark.parametrize(
    ("found", "weight", "verdict"),
    [
        ((), Weight.BLOCKS, Weight.INFORMS),
        ((FINE,), Weight.BLOCKS, Weight.INFORMS),
        ((BAD,), Weight.BLOCKS, Weight.BLOCKS),
        ((BAD,), Weight.ASKS, Weight.ASKS),
        ((LIGHTER,), Weight.BLOCKS, Weight.ASKS),
        ((FINE, BAD, LIGHTER), Weight.BLOCKS, Weight.BLOCKS),
        ((LIGHTER, FINE), Weight.BLOCKS, Weight.ASKS),
    ],
)
def test_the_heaviest_finding_is_the_verdict(
    found: tuple[Finding, ...], weight: Weight, verdict: Weight
) -> None:
    (result,) = results([check(*found, weight=weight)], len(found))
    assert (result.verdict, result.found) == (verdict, found)


def test_every_check_answers_in_its_order_with_the_same_facts() -> None:
    found = results([check(BAD, LIGHTER, number="X2"), check(number="X1")], 1)
    assert [(each.check.id, len(each.found)) for each in found] == [("X2", 1), ("X1", 0)]


def test_a_verdict_has_its_words_and_its_colour() -> None:
    assert [(str(each.label), each.tone) for each in Weight] == [
        ("通过", "success"),
        ("注意", "warning"),
        ("不通过", "danger"),
    ]


def test_articles_are_cited_in_both_languages() -> None:
    assert order_809(14, 15).render("zh_CN") == "《政务数据共享条例》第十四条、第十五条"
    assert (order_809(20).render("en"), order_809(14, 15).render("en")) == (
        "Order 809, Art. 20",
        "Order 809, Arts. 14 and 15",
    )
