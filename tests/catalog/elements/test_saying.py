"""All that is said of a data element: written, read, looked for, checked, handed over as a file."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from fixtures import callers
from fixtures.worlds import World

from catalog.elements.fields import FIELDS
from catalog.elements.schemas import ElementContent, ElementRead

WHOLE = {
    "name": "在校生数",
    "name_en": "number of pupils",
    "synonyms": ["学生人数", "在籍人数"],
    "object_class": "学校",
    "property_name": "在校生",
    "representation": "数量",
    "definition": "学年初在校的学生人数",
    "sourcing": "derived",
    "derivation": "按学籍登记逐人汇总",
    "data_type": "I",
    "precision": 8,
    "scale": 0,
    "unit": "人",
    "counting_rule": "含寄读生，不含借读生",
    "time_point": "学年初",
    "reporting_period": "学年",
    "aggregation_level": "旗县区",
    "standard_kind": "industry",
    "standard_no": "JY/T 1001",
    "standard_edition": "2012",
    "in_force_from": "2012-03-15",
}
CODE = {"name": "行政区划代码", "definition": "县级以上行政区划的代码", "data_type": "C"}


def test_whatever_is_said_is_a_field_with_a_place_on_page_and_in_files() -> None:
    names = {each.name for each in FIELDS}
    assert names == set(ElementContent.model_fields)
    assert names - {"domain"} <= set(ElementRead.model_fields)


def test_all_of_it_is_written_and_read(api: Callable[[str], Any]) -> None:
    answer = api("data_admin")("POST", "/elements", json=WHOLE)
    assert answer.status_code == 201, answer.text
    shown = api("applicant")("GET", f"/elements/{answer.json()['identifier']}").json()
    assert {name: shown[name] for name in WHOLE} == WHOLE


@pytest.mark.parametrize(
    "query",
    [
        *("q=在籍", "q=NUMBER of", "q=jy/t 1001", "q=DE-000001", "q=汇总|学年初在校"),
        *("data_type=I", "sourcing=derived", "standard_kind=industry", "status=standard"),
        "q=学校&data_type=I&sourcing=&domain=",
    ],
)
def test_elements_are_found_by_what_they_say(api: Callable[[str], Any], query: str) -> None:
    for body in (WHOLE, CODE):
        assert api("data_admin")("POST", "/elements", json=body).status_code == 201
    found = api("applicant")("GET", f"/elements?{query}").json()["items"]
    if "|" in query:
        assert found == []
    elif query == "status=standard":
        assert len(found) == 2
    else:
        assert [each["name"] for each in found] == ["在校生数"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"derivation": ""}, "#/derivation"),
        ({"sourcing": "authoritative"}, "#/derivation"),
        ({"data_type": "C", "scale": None, "unit": ""}, "#/precision"),
        ({"scale": 9}, "#/scale"),
        ({"precision": None}, "#/scale"),
        ({"max_length": 8}, "#/max_length"),
        ({"code_kind": "credit_code"}, "#/code_kind"),
        ({"standard_no": ""}, "#/standard_no"),
        ({"max_length": 0}, "#/max_length"),
        ({"synonyms": ["一"] * 21}, "#/synonyms"),
        ({"domain": "VD-999999"}, "#/domain"),
    ],
)
def test_what_contradicts_itself_is_named(
    api: Callable[[str], Any], changes: dict[str, Any], pointer: str
) -> None:
    answer = api("data_admin")("POST", "/elements", json=WHOLE | changes)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert "在校生" not in answer.text


def test_the_list_is_handed_over_as_it_is_shown(world_at: Callable[[str], World]) -> None:
    world = world_at("adopted_element")
    applicant = callers.client(world, "applicant")
    answer = applicant.get("/elements/export", params={"q": "学校", "format": "csv"})
    assert answer.status_code == 200
    head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    said = dict(zip(head, row, strict=True))
    assert (said["标识"], said["数据元名称"]) == (world.element_identifier, "学校代码")
    assert applicant.get("/elements/export?q=没有&format=xlsx").status_code == 200
    assert applicant.get("/elements/export?status=none").status_code == 422
