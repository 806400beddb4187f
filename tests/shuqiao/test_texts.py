from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, ValidationError

from shuqiao.texts import CodeText, Count, Int4, LongText, Name, OptionalText, Strict, TextRule
from shuqiao.web.validation import field_errors


class Mode(StrEnum):
    BATCH = "batch"


class Item(Strict):
    rows: Count


class Body(Strict):
    number: int = 0
    small: Int4 = 0
    ratio: float = 0.0
    price: Decimal = Decimal(0)
    yes: bool = False
    day: date | None = None
    at: datetime | None = None
    id: UUID | None = None
    mode: Mode = Mode.BATCH
    items: list[Item] = Field(default_factory=list)
    roles: frozenset[str] = frozenset()
    name: Name = "名"
    code: CodeText = "c"
    remark: LongText = "r"
    note: OptionalText = ""


def kind_of(field: str, value: Any, model: type[BaseModel] = Body) -> str:
    with pytest.raises(ValidationError) as refused:
        model.model_validate({field: value})
    return refused.value.errors()[0]["type"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", True),
        ("number", "1"),
        ("number", 1.0),
        ("number", 2**63),
        ("number", -(2**63) - 1),
        ("small", 2**31),
        ("ratio", "1.5"),
        ("ratio", True),
        ("yes", 1),
        ("yes", "true"),
        ("day", 0),
        ("day", "1700000000"),
        ("at", 1_700_000_000),
        ("id", 5),
        ("mode", "other"),
        ("items", [{"rows": "1"}]),
        ("items", [{"rows": True}]),
        ("items", [{"rows": -1}]),
        ("items", {}),
        ("surprise", 1),
        ("name", 5),
    ],
)
def test_loose_values_are_refused(field: str, value: Any) -> None:
    assert kind_of(field, value)


def test_json_forms_are_accepted() -> None:
    body = Body.model_validate(
        {
            "number": 2**63 - 1,
            "ratio": 2,
            "price": "1.50",
            "yes": True,
            "day": "2026-02-11",
            "at": "2026-02-11T09:00:00+08:00",
            "id": "018f0000-0000-7000-8000-000000000001",
            "mode": "batch",
            "items": [{"rows": 3}],
            "roles": ["a", "a"],
        }
    )
    assert body.day == date(2026, 2, 11)
    assert body.items[0].rows == 3
    assert body.roles == {"a"}
    assert body.ratio == 2.0


@pytest.mark.parametrize(
    "char",
    [
        "\x00",
        "\x07",
        "\n",
        "\t",
        "\u200b",
        "\u200d",
        "\u202e",
        "\u2066",
        "\u2028",
        "\ufeff",
        "\u00ad",
        "\u3164",
        "\U000e0041",
        "\ud800",
        "\x85",
    ],
)
def test_unseen_characters_are_refused_in_names_and_codes(char: str) -> None:
    assert kind_of("name", f"教育{char}厅") in ("text_refused_character", "string_unicode")
    assert kind_of("code", f"3070{char}01") in ("text_refused_character", "string_unicode")


@pytest.mark.parametrize(
    "name",
    [
        *("教育\ue000厅", "教育\u00a0厅", "教育\u2009厅", "教育\u1680厅", "教育\U000f0000厅"),
        *("教育\u0378厅", "教育\ufdd0厅", "教育\U0002fffe厅", "教育\U000e0001厅", "教育\u034f厅"),
        *("教育厅\u180b", "教\u180e育厅", "教\u202f育厅", "教\u200d育厅", "教\u200c育厅"),
        *("A\ufe0f", "☎\ufe0f", "👨\u200d👩", "\ufe00教", "1\ufe0f\u20e3", "\u200dक", "क\u200d"),
        *("ᠮ\u202f教", "\u180bᠮᠣ", "ئا\u200c", "教\u202e育"),
    ],
)
def test_what_a_name_does_not_show_is_refused(name: str) -> None:
    assert kind_of("name", name) == "text_refused_character"


@pytest.mark.parametrize(
    "name",
    [
        *("ᠮᠤᠩᠭᠤᠯ\u180b ᠤᠨ", "ᠠᠷ\u180eᠠ", "ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ", "ᠮᠣ\u180b\u202fᠤᠨ"),
        *("مى\u200cخوا", "क्\u200dष", "क्\u200cष", "辻\ufe00", "བོད་", "ⴰⵣ", "𠀀\U000e0100"),
        *("呼和浩特市　教育局", "A 区", "\u00a0教育厅\u00a0", "㐀\U000323af", "\U0002ebf0"),
    ],
)
def test_what_a_script_needs_is_kept(name: str) -> None:
    assert Body.model_validate({"name": name}).name == name.strip()


def test_long_texts_keep_the_signs_of_other_programs() -> None:
    said = "一、\uf0b7\u00a0要点☎\ufe0f\n\u2003二"
    assert Body.model_validate({"remark": said}).remark == said
    for refused in ("一\u202e", "一\u200d二", "一\u034f", "一\u0378"):
        assert kind_of("remark", refused) == "text_refused_character"


def test_error_names_the_position_not_the_text() -> None:
    with pytest.raises(ValidationError) as refused:
        Body.model_validate({"name": "教育\u202e厅"})
    error = refused.value.errors(include_input=False)[0]
    assert error["ctx"] == {"position": 3, "code_point": "U+202E"}
    assert "教育" not in str(refused.value)


@pytest.mark.parametrize(
    "name", ["𠮷野家", "㐂", "\U00030000", "辻\U000e0101", "ᠮᠣᠩᠭᠣᠯ", "İstanbul", "中國"]
)
def test_rare_and_other_writing_is_kept(name: str) -> None:
    assert Body.model_validate({"name": name}).name == name


def test_texts_are_nfc_and_trimmed_codes_folded() -> None:
    body = Body.model_validate(
        {"name": " \u3000Cafe\u0301 ", "code": "３０７００１／ 000001", "remark": "一\r\n二\r三 "}
    )
    assert (body.name, body.code, body.remark) == ("Café", "307001/000001", "一\n二\n三")


@pytest.mark.parametrize(
    ("value", "kind"),
    [("", "string_too_short"), ("　 ", "string_too_short"), ("字" * 101, "string_too_long")],
)
def test_length_counts_characters_after_trimming(value: str, kind: str) -> None:
    assert kind_of("name", value) == kind
    assert Body.model_validate({"name": " " + "字" * 100 + " "}).name == "字" * 100


@pytest.mark.parametrize(
    ("given", "fix"), [("", "Fill it in."), ("a", "Give at least %(min_length)s")]
)
def test_a_text_of_which_one_character_would_do_is_just_not_filled_in(given: str, fix: str) -> None:
    class Said(Strict):
        name: Annotated[str, TextRule(10, shortest=2 if given else 1)]

    with pytest.raises(ValidationError) as refused:
        Said.model_validate({"name": given})
    (error,) = field_errors(refused.value.errors())
    assert error.code == "string_too_short" and error.fix.msgid.startswith(fix)


@pytest.mark.parametrize("code", ["-1", "a;b", "a'b", "../etc", "代码", "a–b"])
def test_codes_hold_code_characters_only(code: str) -> None:
    assert kind_of("code", code) == "code_malformed"


def test_bounds_reach_the_schema() -> None:
    properties = Body.model_json_schema()["properties"]
    assert properties["name"] | {"title": ""} == {
        "type": "string",
        "minLength": 1,
        "maxLength": 100,
        "default": "名",
        "title": "",
    }
    assert properties["number"]["maximum"] == 2**63 - 1
    assert Body.model_json_schema()["additionalProperties"] is False
