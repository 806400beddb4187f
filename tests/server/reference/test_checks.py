"""The page of the automatic checks, and what every declared check owes its reader."""

import pytest

from server.reference.checks import CHECKS, PAGE, document

EVERY = [check for _title, checks in CHECKS for check in checks]


def test_the_page_is_what_the_lists_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == document(), (
        "write it anew: python -m server.reference.checks"
    )


def test_numbers_are_given_once() -> None:
    assert len({check.id for check in EVERY}) == len(EVERY)


@pytest.mark.parametrize("check", EVERY, ids=lambda check: check.id)
def test_a_basis_is_what_the_question_cites(check: object) -> None:
    asks, basis = check.asks.msgid, check.basis.msgid if check.basis else ""  # type: ignore[attr-defined]
    article = basis.removeprefix("Order 809, ")
    assert article in asks
    assert bool(basis) == any(word in asks for word in ("Art. ", "Arts. ", "GB/T"))
