"""A prepared reply against the request it answers: each mistake with
its pointer, all of them at once.
"""

from datetime import date
from typing import Any, Final

import pyarrow as pa
import pytest
from pydantic import ValidationError

from catalog.elements.words import DataType
from catalog.resources.models import ResourceItem
from catalog.resources.words import SecurityLevel, ShareType
from exchange.approvals.checks import grounds
from exchange.approvals.checks.reply import check_reply
from exchange.approvals.schemas import Reply
from policies.refusals import NEEDS, refusals
from shuqiao.errors import Invalid
from shuqiao.ids import uuid7

UNTIL: Final = date(2026, 12, 31)
RESOURCE: Final = uuid7()
COLUMNS: Final = {
    "code": pa.string(),
    "count": pa.int64(),
    "since": pa.date32(),
    "status": pa.int16(),
}
SCHEMA: Final = pa.schema(list(COLUMNS.items()))


def item(position: int, column: str, share_type: ShareType = ShareType.CONDITIONAL) -> ResourceItem:
    return ResourceItem(
        resource_id=RESOURCE,
        position=position,
        name=f"项{position}",
        column_name=column,
        data_type=DataType.TEXT,
        share_type=share_type,
        security_level=SecurityLevel.GENERAL_2,
    )


CODE, COUNT, SINCE = ASKED = [
    item(place, name) for place, name in enumerate(["code", "count", "since"])
]
#: An item of the resource nobody asked for.
STATUS: Final = item(3, "status")
REASONED: Final = {"outcome": "refused", "reason": "beyond_necessity", "remark": "超出履职所必需"}


def answer(to: ResourceItem, **fields: Any) -> dict[str, Any]:
    return {"item_id": str(to.id), "outcome": "granted"} | fields


def reply(*answers: dict[str, Any], **fields: Any) -> Reply:
    """The given answers, or a yes to every item, with other ``fields``."""
    return Reply.model_validate({"items": answers or [answer(asked) for asked in ASKED]} | fields)


def mistakes(
    made: Reply,
    *,
    asked: list[ResourceItem] | None = None,
    schema: pa.Schema | None = SCHEMA,
    share_type: ShareType = ShareType.CONDITIONAL,
) -> list[tuple[str, str]]:
    """(pointer, code) of everything that is wrong with ``made``."""
    requested = asked or ASKED
    try:
        check_reply(
            made,
            requested=requested,
            all_items=[*requested, STATUS],
            schema=schema,
            share_type=share_type,
            until=UNTIL,
            sources={"11150000009900021B"},
        )
    except Invalid as refused:
        return [(error.pointer, error.code) for error in refused.errors]
    return []


class TestGood:
    def test_a_yes_to_everything(self) -> None:
        assert mistakes(reply()) == []

    def test_masks_filter_refusal_and_a_shorter_term_together(self) -> None:
        made = reply(
            answer(CODE, mask={"kind": "keep_prefix", "prefix": 6}),
            answer(COUNT, mask={"kind": "round", "step": "10"}),
            answer(SINCE, **REASONED),
            valid_until="2026-12-31",
            row_filter={
                "op": "and",
                "args": [
                    {"item": str(SINCE.id), "op": "ge", "value": "2020-01-01"},
                    {"item": str(STATUS.id), "op": "in", "value": [1, 2]},
                ],
            },
        )
        assert mistakes(made) == []

    def test_the_order_of_the_answers_is_free(self) -> None:
        assert mistakes(reply(answer(SINCE), answer(CODE), answer(COUNT))) == []

    def test_everything_can_be_refused_without_any_data(self) -> None:
        assert mistakes(reply(*(answer(asked, **REASONED) for asked in ASKED)), schema=None) == []


class TestCompleteness:
    def test_an_unanswered_item_is_named(self) -> None:
        assert mistakes(reply(answer(CODE), answer(COUNT))) == [("/items", "unanswered")]

    def test_each_unanswered_item_is_named(self) -> None:
        with pytest.raises(Invalid) as refused:
            check_reply(
                reply(answer(CODE)),
                requested=ASKED,
                all_items=ASKED,
                schema=SCHEMA,
                share_type=ShareType.CONDITIONAL,
                until=UNTIL,
            )
        assert [error.detail.params["name"] for error in refused.value.errors] == ["项1", "项2"]

    @pytest.mark.parametrize(
        "stray", [STATUS, item(9, "elsewhere")], ids=["of the resource", "of another"]
    )
    def test_an_item_nobody_asked_for(self, stray: ResourceItem) -> None:
        made = reply(*(answer(asked) for asked in ASKED), answer(stray))
        assert mistakes(made) == [("/items/3/item_id", "not_requested")]

    def test_a_second_answer_for_one_item(self) -> None:
        made = reply(answer(CODE), answer(COUNT), answer(SINCE), answer(COUNT, **REASONED))
        assert mistakes(made) == [("/items/3/item_id", "not_requested")]


class TestGranted:
    def test_a_withheld_item_cannot_be_granted(self) -> None:
        hidden = item(0, "code", ShareType.WITHHELD)
        assert mistakes(reply(answer(hidden)), asked=[hidden]) == [
            ("/items/0/outcome", "withheld_item")
        ]

    def test_a_withheld_item_can_be_refused(self) -> None:
        hidden = item(0, "code", ShareType.WITHHELD)
        assert mistakes(reply(answer(hidden, **REASONED)), asked=[hidden]) == []

    def test_an_item_without_a_column_in_the_data(self) -> None:
        gone = item(0, "gone")
        assert mistakes(reply(answer(gone)), asked=[gone]) == [("/items/0/outcome", "no_column")]

    @pytest.mark.parametrize(
        ("mask", "pointer"),
        [
            ({"kind": "scramble"}, "/kind"),
            ({}, "/kind"),
            ({"kind": "year"}, "/kind"),
            ({"kind": "round", "step": "10"}, "/kind"),
            ({"kind": "keep_prefix"}, ""),
            ({"kind": "keep_prefix", "prefix": 6, "suffix": 2}, ""),
            ({"kind": "keep_prefix", "prefix": 0}, "/prefix"),
            ({"kind": "keep_prefix", "prefix": "6"}, "/prefix"),
            ({"kind": "pseudonym", "digits": 4}, "/digits"),
        ],
    )
    def test_a_mask_that_is_none_or_not_for_a_text(
        self, mask: dict[str, Any], pointer: str
    ) -> None:
        made = reply(answer(COUNT), answer(CODE, mask=mask), answer(SINCE))
        assert mistakes(made) == [(f"/items/1/mask{pointer}", "mask_refused")]

    @pytest.mark.parametrize(
        ("asked", "mask", "pointer"),
        [
            (COUNT, {"kind": "keep_prefix", "prefix": 2}, "/kind"),
            (COUNT, {"kind": "round", "step": 10}, "/step"),
            (COUNT, {"kind": "round", "step": "0.5"}, "/step"),
            (SINCE, {"kind": "pseudonym"}, "/kind"),
        ],
    )
    def test_a_mask_for_another_type(
        self, asked: ResourceItem, mask: dict[str, Any], pointer: str
    ) -> None:
        made = reply(
            answer(asked, mask=mask), *(answer(other) for other in ASKED if other is not asked)
        )
        assert mistakes(made) == [(f"/items/0/mask{pointer}", "mask_refused")]


#: What each need is told with, and what of it is not enough: (fields, pointer, code).
TOLD: Final[dict[str, dict[str, Any]]] = {
    "items": {},
    "remark": {"remark": "本部门未采集该项数据"},
    "legal_text": {
        "provision": {
            "kind": "law",
            "name": "中华人民共和国统计法",
            "article": "第二十八条",
            "wording": "统计调查取得的个人资料不得对外提供",
        }
    },
    "department": {"department": "11150000009900021B"},
    "suspension": {"suspension": {"number": "内数函〔2026〕3号", "decided_on": "2026-02-10"}},
}
PROVISION, SUSPENSION = TOLD["legal_text"]["provision"], TOLD["suspension"]["suspension"]
SHORT: Final[dict[str, list[tuple[dict[str, Any], str, str]]]] = {
    "items": [],
    "remark": [({}, "/remark", "required"), ({"remark": "x"}, "/remark", "too_short")],
    "legal_text": [
        ({}, "/provision", "required"),
        ({"remark": "统计法第二十八条"}, "/provision", "required"),
        ({"provision": PROVISION | {"name": "x"}}, "/provision/name", "too_short"),
        ({"provision": PROVISION | {"article": "某条"}}, "/provision/article", "no_number"),
        ({"provision": PROVISION | {"wording": "……"}}, "/provision/wording", "too_short"),
    ],
    "department": [
        ({}, "/department", "required"),
        ({"department": "1115000000990003X3"}, "/department", "unknown"),
    ],
    "suspension": [
        ({}, "/suspension", "required"),
        ({"suspension": SUSPENSION | {"number": "某号"}}, "/suspension/number", "no_number"),
        (
            {"suspension": SUSPENSION | {"decided_on": "2026-02-12"}},
            "/suspension/decided_on",
            "in_future",
        ),
    ],
}


class TestNeeds:
    """Every reason of the table is checked against what it needs: a remark stands for nothing
    else.
    """

    def test_every_need_is_looked_at(self) -> None:
        assert set(grounds.NEEDS) == NEEDS == set(TOLD) == set(SHORT)
        assert {need for reason in refusals().values() for need in reason.needs} == NEEDS

    @staticmethod
    def refused(code: str, **told: Any) -> list[tuple[str, str]]:
        made = reply(
            answer(CODE), answer(COUNT), answer(SINCE, outcome="refused", reason=code, **told)
        )
        share_type = ShareType(sorted(refusals()[code].share_types)[0])
        return mistakes(made, share_type=share_type)

    @pytest.mark.parametrize("code", refusals())
    def test_what_it_needs_is_enough(self, code: str) -> None:
        told = {key: value for need in refusals()[code].needs for key, value in TOLD[need].items()}
        assert self.refused(code, **told) == []

    @pytest.mark.parametrize(
        ("code", "need"),
        [(code, need) for code, reason in refusals().items() for need in sorted(reason.needs)],
    )
    def test_less_is_refused_at_its_field(self, code: str, need: str) -> None:
        others = refusals()[code].needs - {need}
        told = {key: value for other in others for key, value in TOLD[other].items()}
        for stated, pointer, problem in SHORT[need]:
            assert self.refused(code, **told | stated) == [(f"/items/2{pointer}", problem)]

    def test_a_ministry_rule_is_no_basis(self) -> None:
        with pytest.raises(ValidationError):
            reply(answer(CODE, provision=PROVISION | {"kind": "ministry_rule"}))


class TestRefused:
    @pytest.mark.parametrize("reason", ["", "because", "BEYOND_NECESSITY"])
    def test_a_refusal_needs_a_listed_reason(self, reason: str) -> None:
        made = reply(
            answer(CODE),
            answer(COUNT),
            answer(SINCE, outcome="refused", reason=reason, remark="无"),
        )
        assert mistakes(made) == [("/items/2/reason", "unknown_reason")]

    @pytest.mark.parametrize("remark", ["", " \u3000 "])
    def test_a_reason_that_needs_words_gets_them(self, remark: str) -> None:
        made = reply(answer(CODE), answer(COUNT), answer(SINCE, **REASONED | {"remark": remark}))
        assert mistakes(made) == [("/items/2/remark", "required")]

    def test_a_reason_of_conditional_data_does_not_serve_for_unconditional(self) -> None:
        made = reply(answer(CODE), answer(COUNT), answer(SINCE, **REASONED))
        assert mistakes(made, share_type=ShareType.UNCONDITIONAL) == [
            ("/items/2/reason", "unknown_reason")
        ]

    def test_a_refused_item_is_not_asked_for_a_mask(self) -> None:
        made = reply(
            answer(CODE), answer(COUNT), answer(SINCE, **REASONED, mask={"kind": "scramble"})
        )
        assert mistakes(made) == []


class TestFilter:
    @pytest.mark.parametrize(
        ("condition", "pointer", "code"),
        [
            ({"item": str(uuid7()), "op": "eq", "value": 1}, "/item", "filter_item"),
            ({"item": "status", "op": "eq", "value": 1}, "/item", "filter_item"),
            ({"item": str(STATUS.id), "op": "eq", "value": "一"}, "/value", "filter_value"),
            ({"item": str(STATUS.id), "op": "eq", "value": 40_000}, "/value", "filter_value"),
            ({"item": str(STATUS.id), "op": "in", "value": [1, "x"]}, "/value/1", "filter_value"),
            ({"item": str(STATUS.id), "op": "between", "value": [1]}, "/value", "filter_value"),
            ({"item": str(STATUS.id), "op": "starts_with", "value": "1"}, "/op", "filter_operator"),
            ({"item": str(SINCE.id), "op": "ge", "value": "2026-02-30"}, "/value", "filter_value"),
            ({"item": str(STATUS.id), "op": "is_null", "value": 1}, "", "filter_members"),
            ({"sql": "1=1"}, "/op", "filter_operator"),
        ],
    )
    def test_a_condition_that_cannot_be_asked(
        self, condition: dict[str, Any], pointer: str, code: str
    ) -> None:
        assert mistakes(reply(row_filter=condition)) == [(f"/row_filter{pointer}", code)]

    def test_every_condition_that_is_wrong_is_named(self) -> None:
        bad = {"item": str(uuid7()), "op": "eq", "value": 1}
        good = {"item": str(STATUS.id), "op": "not_null"}
        made = reply(row_filter={"op": "or", "args": [bad, good, {"op": "not", "args": [bad]}]})
        assert [pointer for pointer, _code in mistakes(made)] == [
            "/row_filter/args/0/item",
            "/row_filter/args/2/args/0/item",
        ]


class TestTerm:
    @pytest.mark.parametrize("day", ["2027-01-01", "2026-02-11", "2026-02-10"])
    def test_longer_than_asked_for_or_over(self, day: str) -> None:
        assert mistakes(reply(valid_until=day)) == [("/valid_until", "bad_term")]

    @pytest.mark.parametrize("day", ["2026-02-12", "2026-12-31"])
    def test_its_first_and_last_possible_day(self, day: str) -> None:
        assert mistakes(reply(valid_until=day)) == []


def test_all_mistakes_are_named_at_once() -> None:
    made = reply(
        answer(CODE, mask={"kind": "year"}),
        answer(COUNT, outcome="refused"),
        answer(STATUS),
        valid_until="2030-01-01",
        row_filter={"item": str(STATUS.id), "op": "eq", "value": "x"},
    )
    assert sorted(mistakes(made)) == [
        ("/items", "unanswered"),
        ("/items/0/mask/kind", "mask_refused"),
        ("/items/1/reason", "unknown_reason"),
        ("/items/2/item_id", "not_requested"),
        ("/row_filter/value", "filter_value"),
        ("/valid_until", "bad_term"),
    ]
