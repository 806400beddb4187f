"""What changed between two states: fields, sets, members found again, and how it is counted."""

from typing import Any

import pytest

from shuqiao.changes import (
    Change,
    Kind,
    Members,
    Several,
    Tally,
    Value,
    apart,
    compare,
    in_a_line,
    names,
    tally,
)
from shuqiao.i18n import Message

ROWS = Members(
    name="rows",
    label=Message("Row"),
    called=Message("Row %(name)s"),
    keys=("id", "name"),
    fields=(Value("size", Message("How much")), Several("tags", Message("Tags"), "+".join)),
    words=lambda row: f"a row of {row['size']}",
    order=Message("Sequence of rows"),
    counted={
        Kind.ADDED: Message("%(count)s new"),
        Kind.REMOVED: Message("%(count)s gone"),
        Kind.CHANGED: Message("%(count)s other"),
    },
)
TABLE = (Value("title", Message("Title")), Several("roles", Message("Hats"), "+".join), ROWS)


def row(name: str, size: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": f"#{name}", "name": name, "size": size, **more}


def told(before: dict[str, Any] | None, after: dict[str, Any]) -> list[tuple[str, ...]]:
    return [
        (each.kind.value, str(each.where), str(each.before), str(each.after))
        for each in compare(TABLE, before, after)
    ]


@pytest.mark.parametrize("nothing", [None, "", [], False])
def test_nothing_stated_is_the_same_however_it_is_kept(nothing: Any) -> None:
    assert told({"title": nothing}, {}) == told({}, {"title": nothing}) == []
    assert told({"title": nothing}, {"title": "a"})[0][3] == "a"


def test_of_a_set_only_what_went_and_what_came_is_told_and_its_order_says_nothing() -> None:
    assert told({"roles": ["a", "b"]}, {"roles": ["b", "a"]}) == []
    assert told({"roles": ["a", "b"]}, {"roles": ["c", "b"]}) == [("changed", "Hats", "a", "c")]
    assert told({"roles": ["a"]}, {"roles": ["a", "b"]}) == [("added", "Hats", "", "b")]
    assert told({"roles": ["a"]}, {}) == [("removed", "Hats", "a", "")]


def test_where_order_matters_another_order_of_the_same_is_told() -> None:
    ordered = [Several("ids", Message("Ids"), "+".join, is_ordered=True)]

    def told_in_order(before: str, after: str) -> list[tuple[str, ...]]:
        found = compare(ordered, {"ids": list(before)}, {"ids": list(after)})
        return [(each.kind.value, str(each.before), str(each.after)) for each in found]

    assert told_in_order("ab", "ba") == [("moved", "a+b", "b+a")]
    assert told_in_order("ab", "bc") == [("changed", "a", "c")]
    assert told_in_order("ab", "ab") == []


def test_a_member_is_told_with_its_name_and_a_set_within_it_too() -> None:
    before = {"rows": [row("a", tags=["x"]), row("b"), row("c")]}
    after = {"rows": [row("a", 2, tags=["x", "y"]), row("d", 9), row("c")]}
    assert told(before, after) == [
        ("changed", "Row a · How much", "1", "2"),
        ("added", "Row a · Tags", "", "y"),
        ("added", "Row d", "", "a row of 9"),
        ("removed", "Row b", "a row of 1", ""),
    ]


def test_the_first_key_finds_a_member_before_the_second_is_asked() -> None:
    before = {"rows": [{"id": 1, "name": "a", "size": 1}, {"id": 2, "name": "b", "size": 2}]}
    swapped = {"rows": [{"id": 2, "name": "a", "size": 2}, {"id": 1, "name": "b", "size": 1}]}
    assert [each.kind for each in compare(TABLE, before, swapped)] == [Kind.MOVED]
    without = {"rows": [{"name": "a", "size": 2}, {"name": "b", "size": 1}]}
    assert told(before, without) == [
        ("changed", "Row a · How much", "1", "2"),
        ("changed", "Row b · How much", "2", "1"),
    ]


def test_who_was_found_by_one_key_is_not_found_again_by_another() -> None:
    before = {"rows": [{"id": 1, "name": "a", "size": 1}, {"id": 2, "name": "b", "size": 1}]}
    after = {"rows": [{"id": 1, "name": "c", "size": 1}, {"name": "a", "size": 7}]}
    assert told(before, after) == [
        ("added", "Row a", "", "a row of 7"),
        ("removed", "Row b", "a row of 1", ""),
    ]


def test_equal_names_are_found_one_each() -> None:
    twice = {"rows": [{"name": "a", "size": 1}, {"name": "a", "size": 2}]}
    assert told(twice, twice) == []
    assert told(twice, {"rows": [{"name": "a", "size": 1}]}) == [
        ("removed", "Row a", "a row of 2", "")
    ]


def test_what_moved_is_told_once_and_not_where_order_says_nothing() -> None:
    before, after = {"rows": [row("a"), row("b")]}, {"rows": [row("b"), row("a")]}
    assert told(before, after) == [("moved", "Sequence of rows", "a、b", "b、a")]
    silent = Members(
        name="rows",
        label=ROWS.label,
        called=ROWS.called,
        keys=ROWS.keys,
        fields=ROWS.fields,
        words=ROWS.words,
        counted=ROWS.counted,
    )
    assert compare([silent], before, after) == []


def test_a_line_counts_fields_and_members() -> None:
    before = {"title": "a", "rows": [row("a"), row("b"), row("c")]}
    after = {"title": "b", "rows": [row("a", 2, tags=["x"]), row("b", 2), row("d")]}
    found = compare(TABLE, before, after)
    assert tally(found, ROWS) == Tally(added=1, removed=1, changed=2)
    assert in_a_line(found) == "修改字段 1 处；1 new；1 gone；2 other"
    assert in_a_line([]) == "没有变化"
    assert [str(each) for each in Tally(removed=70_000).words(ROWS.counted)] == ["70000 gone"]


def test_the_trail_keeps_the_names_of_what_differs() -> None:
    before = {"title": "a", "rows": [row("a"), row("b")]}
    after = {"title": "b", "rows": [row("b", 2), row("a", 2)]}
    assert names(compare(TABLE, before, after)) == ["title", "rows"]


def test_rows_say_who_and_what_in_values() -> None:
    (change,) = compare(TABLE, {"rows": [row("a")]}, {"rows": [row("a", 2)]})
    assert change == Change(Kind.CHANGED, ROWS.fields[0], 1, 2, ROWS, "a", "#a")


def test_a_large_table_is_compared_in_one_pass() -> None:
    many = [row(str(number)) for number in range(50_000)]
    found = compare(TABLE, {"rows": many}, {"rows": many[1:]})
    assert tally(found, ROWS) == Tally(removed=1)


def test_sets_keep_their_order() -> None:
    assert apart("cab", "bxay") == (["c"], ["x", "y"])
