"""What an entry must state before it may be reviewed."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from fixtures.bases import BASIS

from catalog.registration.checks.complete import missing
from catalog.resources.schemas import ItemRead, ResourceRead, ResourceUpdate
from shuqiao.ids import uuid7
from tests.catalog.conftest import complete_entry

TODAY = date(2026, 2, 11)
#: What is stored of the data: kind by column.
KINDS = {"代码": "string", "名称": "string", "经度": "float"}


def withheld(count: int, basis: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Two items, the last ``count`` of them not shared."""
    told = {"share_type": "withheld", "withholding": basis}
    return [
        {"name": name, "column_name": column, "data_type": "C", **(told if 2 - at <= count else {})}
        for at, (name, column) in enumerate((("甲", "代码"), ("乙", "名称")))
    ]


def entry(**changes: Any) -> ResourceRead:
    """A complete entry with ``changes``, as it would be read back."""
    body = ResourceUpdate.model_validate(complete_entry(**changes))
    items = [
        ItemRead(
            id=uuid7(),
            position=position,
            share_type=item.share_type or body.share_type,
            security_level=item.security_level or body.security_level,
            **item.model_dump(exclude={"id", "share_type", "security_level"}),
        )
        for position, item in enumerate(body.items)
    ]
    return ResourceRead(
        code="307001/000001",
        class_code="307001",
        provider="教育厅",
        status="draft",
        review_step=None,
        version=1,
        published_version=0,
        published_at=None,
        updated_at=datetime(2026, 2, 11, tzinfo=UTC),
        items=items,
        **body.model_dump(exclude={"items"}),
    )


def pointers_of(found: ResourceRead, *, has_snapshot: bool = True) -> list[str]:
    columns = KINDS if has_snapshot else None
    return [error.pointer for error in missing(found, columns=columns, today=TODAY)]


def test_a_complete_entry_lacks_nothing() -> None:
    assert pointers_of(entry()) == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"use_condition": ""}, "/use_condition"),
        ({"format": None}, "/format"),
        ({"update_cycle": None}, "/update_cycle"),
        ({"category": ""}, "/category"),
        ({"share_way": None}, "/share_way"),
        ({"is_open": True}, "/open_condition"),
        ({"share_type": "withheld"}, "/withholding"),
        ({"items": withheld(1)}, "/items/1/withholding"),
        ({"items": withheld(2, basis=BASIS)}, "/share_type"),
        (
            {
                "secrecy_assessment": {
                    "conclusion": "secret_found",
                    "assessor": "王",
                    "assessed_on": "2026-01-01",
                }
            },
            "/secrecy_assessment/conclusion",
        ),
        (
            {
                "secrecy_assessment": {
                    "conclusion": "no_secret",
                    "assessor": "王",
                    "assessed_on": "2026-02-12",
                }
            },
            "/secrecy_assessment/assessed_on",
        ),
        (
            {
                "privacy_assessment": {
                    "conclusion": "not_acceptable",
                    "assessor": "王",
                    "assessed_on": "2026-02-11",
                }
            },
            "/privacy_assessment/conclusion",
        ),
        (
            {
                "items": [
                    {"name": "甲", "column_name": "代码", "data_type": "C", "is_personal": True}
                ]
            },
            "/privacy_assessment/conclusion",
        ),
        (
            {
                "items": [
                    {
                        "name": "甲",
                        "column_name": "代码",
                        "data_type": "C",
                        "security_level": "important",
                    }
                ]
            },
            "/security_level",
        ),
    ],
)
def test_one_missing_field_is_named(change: dict[str, Any], pointer: str) -> None:
    assert pointers_of(entry(**change)) == [pointer]


def test_data_must_be_stored_unless_it_is_served_elsewhere_or_withheld() -> None:
    assert pointers_of(entry(), has_snapshot=False) == ["/attachments"]
    assert pointers_of(entry(format="service"), has_snapshot=False) == []
    assert pointers_of(entry(share_type="withheld", withholding=BASIS), has_snapshot=False) == []


def test_every_item_has_its_column_in_the_data() -> None:
    items = [
        {"name": "学校代码", "column_name": "代码", "data_type": "I"},
        {"name": "纬度", "column_name": "纬度", "data_type": "B"},
    ]
    told = missing(entry(items=items), columns=KINDS, today=TODAY)
    assert [(error.pointer, error.code) for error in told] == [
        ("/items/0/data_type", "other_kind"),
        ("/items/1/column_name", "not_in_data"),
    ]
    assert "字符型" in told[0].detail.render("zh_CN")
    assert "代码、名称、经度" in told[1].detail.render("zh_CN")
    withheld_whole = entry(items=items, share_type="withheld", withholding=BASIS)
    assert missing(withheld_whole, columns=KINDS, today=TODAY) == []


def test_a_withheld_item_has_a_basis_of_its_own_or_its_resources() -> None:
    assert pointers_of(entry(items=withheld(1, BASIS))) == []
    whole = entry(share_type="withheld", withholding=BASIS, items=withheld(2))
    assert pointers_of(whole, has_snapshot=False) == []


def test_every_message_says_how_to_mend_it_in_chinese() -> None:
    nothing = entry(
        abstract="",
        category="",
        format=None,
        share_condition="",
        use_condition="",
        share_way=None,
        update_cycle=None,
        security_level=None,
        secrecy_assessment=None,
        privacy_assessment=None,
        items=[],
        is_open=True,
    )
    errors = missing(nothing, columns=None, today=TODAY)
    assert len(errors) > 10
    for error in errors:
        for text in (error.detail, error.fix):
            assert text.render("zh_CN") != text.render("en"), text.msgid
