"""The automatic checks: advice in words, nothing that completeness found is lost."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from fixtures.written import entry

from catalog.attachments.checks import kinds_of
from catalog.publication.checks import CHECKS, EntryFacts
from catalog.registration.checks.complete import missing
from catalog.resources.schemas import ResourceRead
from shuqiao.checks import Result, Weight, results
from shuqiao.errors import FieldError
from shuqiao.i18n import _
from shuqiao.ids import uuid7

TODAY = date(2026, 2, 11)


def read(**changes: Any) -> ResourceRead:
    given = entry(**changes)
    given["items"] = [
        {
            "id": uuid7(),
            "position": place,
            "element": None,
            "is_personal": False,
            "description": "",
            **item,
            "share_type": item.get("share_type", given["share_type"]),
            "security_level": item.get("level", "general_2"),
        }
        for place, item in enumerate(given["items"])
    ]
    at = datetime(2026, 2, 11, tzinfo=UTC)
    kept = {
        "code": "307001/000001",
        "provider": "教育厅",
        "status": "in_review",
        "review_step": "administration",
        "version": 3,
        "published_version": 0,
        "updated_at": at,
        "published_at": None,
        "withholding": None,
        "is_open": False,
        "open_condition": "",
        "related_code": "",
    }
    return ResourceRead.model_validate(kept | given)


def found(
    entry: ResourceRead, *, has_snapshot: bool = True, **more: Any
) -> dict[str, tuple[Weight, list[str]]]:
    columns = {item.column_name: kinds_of(item.data_type)[0].value for item in entry.items}
    faults = missing(entry, columns=columns if has_snapshot else None, today=TODAY)
    return {
        each.check.asks.msgid: (each.verdict, [str(one.words) for one in each.found])
        for each in results(CHECKS, EntryFacts(entry, faults, **more))
    }


def checked(entry: ResourceRead, faults: list[FieldError]) -> list[Result]:
    return results(CHECKS, EntryFacts(entry, faults))


def of(result: dict[str, tuple[Weight, list[str]]], start: str) -> tuple[Weight, list[str]]:
    return next(value for what, value in result.items() if what.startswith(start))


def test_a_complete_entry_passes_what_the_law_asks_for() -> None:
    result = found(read())
    assert [verdict for verdict, _words in result.values()].count(Weight.BLOCKS) == 0
    assert of(result, "The nine fields") == (Weight.INFORMS, [])


@pytest.mark.parametrize(
    ("changes", "check", "words"),
    [
        ({"use_condition": ""}, "The nine fields", "使用条件："),
        ({"share_condition": ""}, "The share attribute", "共享条件："),
        ({"secrecy_assessment": None}, "Secrecy", "保密风险评估："),
        ({"items": []}, "Every information item", "信息项："),
    ],
)
def test_a_fault_fails_its_check_and_names_its_field(
    changes: dict[str, Any], check: str, words: str
) -> None:
    verdict, said = of(found(read(**changes)), check)
    assert verdict is Weight.BLOCKS
    assert said[0].startswith(words)


def test_missing_data_fails_unless_none_is_needed() -> None:
    assert of(found(read(), has_snapshot=False), "The data is attached")[0] is Weight.BLOCKS
    assert (
        of(found(read(format="service"), has_snapshot=False), "The data is attached")[0]
        is Weight.INFORMS
    )


def test_an_item_is_named_by_its_name() -> None:
    complete = read()
    fault = FieldError(
        "/items/1/security_level", "missing", _("This is required"), _("Choose a reason")
    )
    (failed,) = [each for each in checked(complete, [fault]) if each.verdict is Weight.BLOCKS]
    assert str(failed.found[0].words).startswith("信息项“学校名称”：")


def test_unmarked_personal_information_is_named() -> None:
    weight, said = of(found(read(), unmarked=["证件号", "手机"]), "Personal information")
    assert (weight, len(said)) == (Weight.ASKS, 1)
    assert "证件号、手机" in said[0]


def test_data_without_rows_is_asked_about() -> None:
    weight, said = of(found(read(), is_empty=True), "The data is attached")
    assert (weight, len(said)) == (Weight.ASKS, 1)


def test_no_fault_is_lost_whatever_field_it_speaks_of() -> None:
    fault = FieldError("/something_new", "odd", _("This is required"), _("Choose a reason"))
    assert [each.verdict for each in checked(read(), [fault])].count(Weight.BLOCKS) == 1


def test_what_deserves_a_second_look() -> None:
    items = [dict(item) for item in entry()["items"]]
    items[0]["is_personal"] = True
    items[1]["share_type"] = "withheld"
    result = found(read(title="学籍管理系统", items=items), namesakes=("307001/000009",))
    assert of(result, "The name says")[0] is Weight.ASKS
    assert "307001/000009" in of(result, "The name says")[1][1]
    assert "学校名称" in of(result, "Items follow")[1][1]
    assert "学校代码" in of(result, "Personal information")[1][0]
