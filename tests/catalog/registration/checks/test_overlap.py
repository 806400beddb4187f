"""How much of a column stands in one that was delivered, and when that says anything."""

from collections.abc import Iterable
from uuid import UUID

import pyarrow as pa
import pytest

from catalog.registration.checks.overlap import (
    SKETCHED,
    DeliveredColumn,
    Sketch,
    contained,
    overlaps,
    sketch,
)

KEY = b"k" * 32
ITEM, OTHER = UUID(int=1), UUID(int=2)


def of(values: Iterable[str]) -> Sketch:
    return sketch([pa.array(list(values))], KEY)


def codes(count: int, prefix: str = "S") -> list[str]:
    return [f"{prefix}{number:05d}" for number in range(count)]


def column(name: str = "代码", resource: str = "307001/000001") -> DeliveredColumn:
    return DeliveredColumn(name, name, "教育厅", resource, "学校", "GR-1", "DL-1", 1, "s")


def items_found(own: dict[UUID, Sketch], *delivered: tuple[DeliveredColumn, Sketch]) -> list[UUID]:
    return [each.item_id for each in overlaps(own, delivered)]


def test_a_part_of_a_large_column_stands_in_it_whole() -> None:
    """Of the large one the smallest digests are known: what lies beyond says nothing."""
    share, compared = contained(of(codes(1_000)), of(codes(5 * SKETCHED)))
    assert share == 1.0
    assert 100 < compared < 400, "about a fifth of the thousand"


def test_half_of_a_column_is_half() -> None:
    share, compared = contained(of(codes(400)), of(codes(200)))
    assert (share, compared) == (0.5, 400)
    assert contained(of([]), of(codes(200))) == (0.0, 0)


@pytest.mark.parametrize(
    ("values", "is_telling"),
    [
        (codes(20), True),
        (codes(19), False),
        (codes(60) * 2, True),
        (codes(60) * 3, False),
        ([f"{number:03d}" for number in range(60)], False),
        ([f"2024-01-{1 + number % 28:02d} {number:04d}" for number in range(60)], False),
    ],
    ids=["twenty", "too few", "each twice", "each three times", "short", "days"],
)
def test_what_others_have_by_chance_is_not_telling(values: list[str], is_telling: bool) -> None:
    assert of(values).is_telling is is_telling


def test_both_sides_must_be_telling() -> None:
    """The same twenty codes, which the other side says again and again."""
    repeated = of(codes(30) * 4)
    assert not repeated.is_telling
    assert items_found({ITEM: of(codes(30))}, (column(), repeated)) == []
    assert items_found({ITEM: of(codes(30))}, (column(), of(codes(30)))) == [ITEM]


def test_it_takes_half_of_twenty_values() -> None:
    delivered = (column(), of(codes(100)))
    assert items_found({ITEM: of([*codes(40), *codes(41, "X")])}, delivered) == []
    assert items_found({ITEM: of([*codes(40), *codes(40, "X")])}, delivered) == [ITEM]
    few = Sketch(of(codes(19)).digests, is_telling=True)
    assert items_found({ITEM: few}, delivered) == []


def test_what_is_the_same_by_chance_counts_beside_what_is_not() -> None:
    """Running numbers of the same register: of one resource only, and only with its codes."""
    numbers = of([f"{number:03d}" for number in range(100)])
    assert not numbers.is_telling
    own = {ITEM: of(codes(100)), OTHER: numbers}
    register = (column(), of(codes(100))), (column("序号"), numbers)
    assert sorted(items_found(own, *register)) == [ITEM, OTHER]
    elsewhere = (column(), of(codes(100))), (column("序号", "307001/000002"), numbers)
    assert items_found(own, *elsewhere) == [ITEM]


def test_the_column_that_holds_most_is_named() -> None:
    half, whole = of([*codes(60), *codes(60, "X")]), of(codes(100))
    found = overlaps({ITEM: whole}, [(column("一半"), half), (column("全部"), whole)])
    assert [(each.delivered.name, each.share, each.compared) for each in found] == [
        ("全部", 1.0, 100)
    ]
