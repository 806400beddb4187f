"""What changed between two states of an entry, in words."""

from typing import Any

import pytest

from catalog.resources.fields.compared import BOOKKEEPING, ENTRY
from catalog.resources.fields.items import ITEM_FIELDS
from catalog.resources.schemas import ItemRead, ResourceRead
from shuqiao.changes import Change, Kind, compare, in_a_line

ITEMS = (("1", "学校代码", "代码"), ("2", "学校名称", "名称"), ("3", "经度", "经度"))


def item(ident: str, name: str, column: str, **more: Any) -> dict[str, Any]:
    return {
        "id": ident,
        "name": name,
        "column_name": column,
        "data_type": "C",
        "is_personal": False,
        **more,
    }


def entry(**more: Any) -> dict[str, Any]:
    stated = {
        "title": "中小学校名录",
        "share_type": "conditional",
        "keywords": ["学校"],
        "is_open": False,
        "items": [item(*each) for each in ITEMS],
    }
    return stated | more


def changes(before: dict[str, Any] | None, after: dict[str, Any]) -> list[Change]:
    return compare(ENTRY, before, after)


def told(
    before: dict[str, Any] | None, after: dict[str, Any]
) -> list[tuple[str, str, str, str, str]]:
    return [
        (each.kind.value, each.member, str(each.field.label), str(each.before), str(each.after))
        for each in changes(before, after)
    ]


def test_the_same_entry_has_no_changes() -> None:
    assert changes(entry(), entry()) == []
    assert in_a_line([]) == "没有变化"
    assert changes(entry(version=1, status="draft"), entry(version=7, status="in_review")) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            {"use_condition": ""},
            {"use_condition": "仅限内部"},
            ("added", "使用条件", "", "仅限内部"),
        ),
        (
            {"use_condition": "仅限内部"},
            {"use_condition": ""},
            ("removed", "使用条件", "仅限内部", ""),
        ),
        (
            {"share_type": "conditional"},
            {"share_type": "withheld"},
            ("changed", "共享类型", "有条件共享", "不予共享"),
        ),
        (
            {"keywords": ["学校"]},
            {"keywords": ["学校", "教育"]},
            ("changed", "关键词", "学校", "学校、教育"),
        ),
        ({"is_open": False}, {"is_open": True}, ("changed", "向社会开放", "否", "是")),
        ({"format": None}, {"format": "database"}, ("added", "数据格式", "", "数据库")),
        (
            {"format": "stone_tablet"},
            {"format": "database"},
            ("changed", "数据格式", "stone_tablet", "数据库"),
        ),
        (
            {"secrecy_assessment": None},
            {
                "secrecy_assessment": {
                    "conclusion": "no_secret",
                    "assessor": "王敏",
                    "assessed_on": "2026-01-20",
                }
            },
            ("added", "保密风险评估", "", "不涉及国家秘密、工作秘密 · 王敏 · 2026-01-20"),
        ),
    ],
)
def test_a_field_is_told_in_the_readers_words(
    before: dict[str, Any], after: dict[str, Any], expected: tuple[str, str, str, str]
) -> None:
    kind, field, old, new = expected
    assert told(entry(**before), entry(**after)) == [(kind, "", field, old, new)]


def test_nothing_stated_is_the_same_however_it_is_kept() -> None:
    assert changes(entry(abstract=""), entry()) == []
    assert (
        changes(
            entry(is_open=False, withholding=None),
            {k: v for k, v in entry().items() if k != "is_open"},
        )
        == []
    )


def test_items_are_added_removed_changed_and_renamed() -> None:
    first, second, third = (item(*each) for each in ITEMS)
    renamed = item(
        "9", "学校标识码", "代码"
    )  # a new name makes a new id; the column says which it was
    personal = {**second, "is_personal": True}
    found = told(entry(), entry(items=[renamed, personal, item("5", "纬度", "纬度")]))
    assert ("changed", "学校代码", "信息项名称", "学校代码", "学校标识码") in found
    assert ("changed", "学校名称", "个人信息", "否", "是") in found
    assert ("added", "纬度", "信息项", "", "字符型C") in found
    assert ("removed", "经度", "信息项", "字符型C", "") in found
    assert len(found) == 4
    assert in_a_line(
        changes(entry(), entry(items=[renamed, personal, item("5", "纬度", "纬度")]))
    ) == ("新增信息项 1 项；删除信息项 1 项；修改信息项 2 项")
    assert [each.kind for each in changes(entry(items=[first, third]), entry())] == [Kind.ADDED]


def test_another_order_is_one_change() -> None:
    first, second, third = (item(*each) for each in ITEMS)
    assert told(entry(), entry(items=[third, first, second])) == [
        ("moved", "", "信息项顺序", "学校代码、学校名称、经度", "经度、学校代码、学校名称")
    ]


def test_without_an_earlier_state_everything_is_new() -> None:
    found = changes(None, entry())
    assert {each.kind for each in found} == {Kind.ADDED}
    assert sum(each.field is ENTRY[-1] for each in found) == 3


def test_every_member_of_an_entry_is_compared_or_known_to_say_nothing() -> None:
    said = set(ResourceRead.model_fields) | set(ItemRead.model_fields)
    assert said - {each.name for each in (*ENTRY, *ITEM_FIELDS)} - BOOKKEEPING == set()


def test_a_change_holds_plain_texts() -> None:
    (change,) = changes(entry(), entry(title="<b>学校</b>"))
    assert change == Change(Kind.CHANGED, change.field, "中小学校名录", "<b>学校</b>")
    assert (change.before, change.after) == ("中小学校名录", "<b>学校</b>")
