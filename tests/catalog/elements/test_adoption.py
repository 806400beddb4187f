"""Adopting data elements over HTTP, on the real database."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from catalog.elements.schemas import ElementCreate
from catalog.elements.service import adopting, reading
from shuqiao.subject import Subject

ELEMENT = {
    "name": "行政区划代码",
    "name_en": "division code",
    "definition": "县级以上行政区划的代码",
    "data_type": "C",
}
DOMAIN = {
    "name": "行政区划代码",
    "edition": "2020",
    "source": "民政部",
    "entries": [
        {"code": "150000", "label": "内蒙古自治区"},
        {"code": "150100", "label": "呼和浩特市"},
    ],
}


def pointers(answer: Any) -> list[str]:
    return [error["pointer"] for error in answer.json()["errors"]]


def test_an_adopted_element_is_a_standard_with_its_domain_and_its_event(
    api: Callable[[str], Any], trail: Callable[[str], list[str]]
) -> None:
    body = {
        **ELEMENT,
        "value_domain": DOMAIN,
        "standard_no": "GB/T 2260",
    }
    answer = api("data_admin")("POST", "/elements", json=body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["identifier"], made["status"]) == ("DE-000001", "standard")
    assert len(made["leaf_hash"]) == 64
    assert answer.headers["location"] == "/api/v1/elements/DE-000001"
    shown = api("applicant")("GET", "/elements/DE-000001").json()
    assert shown["value_domain"]["entries"] == DOMAIN["entries"]
    assert shown["adopted_at"].startswith("2026-02-11T01:00:00")
    assert trail("DE-000001") == ["catalog:element:adopted"]


def test_identifiers_count_up_and_pass_over_one_given_by_hand(api: Callable[[str], Any]) -> None:
    post = api("data_admin")
    given = post("POST", "/elements", json={**ELEMENT, "identifier": "DE-000002"})
    first = post("POST", "/elements", json={**ELEMENT, "object_class": "学校"})
    second = post("POST", "/elements", json={**ELEMENT, "object_class": "学生"})
    numbers = [answer.json()["identifier"] for answer in (given, first, second)]
    assert numbers == ["DE-000002", "DE-000001", "DE-000003"]
    assert post("POST", "/elements", json={**ELEMENT, "identifier": "DE-000002"}).status_code == 409


def test_a_name_is_adopted_once_within_an_object_class(
    api: Callable[[str], Any], session: Session
) -> None:
    post = api("data_admin")
    assert post("POST", "/elements", json=ELEMENT).status_code == 201
    again = post("POST", "/elements", json=ELEMENT | {"definition": "别的定义"})
    assert (again.status_code, again.json()["code"]) == (409, "adopted_already")
    assert "/api/v1/elements/DE-000001" in again.json()["detail"]
    assert (post("POST", "/elements", json=ELEMENT | {"object_class": "学校"})).status_code == 201
    copied = (
        "INSERT INTO data_element (id, identifier, name, name_en, object_class, looks, definition,"
        " data_type, standard_no, status, adopted_at, version) SELECT gen_random_uuid(),"
        " 'X-' || substr(identifier, 4), name, name_en, object_class, looks, definition, data_type,"
        " standard_no, 'recorded', adopted_at, version FROM data_element"
    )
    with pytest.raises(IntegrityError, match="data_element_adopted_key"), session.begin_nested():
        session.connection().execute(text(copied))


@pytest.mark.parametrize("spelling", ["学 校 代 码", "學校代碼", "学校代码（）", "学校\ufe00代码"])
def test_a_name_that_looks_the_same_is_the_same(api: Callable[[str], Any], spelling: str) -> None:
    post = api("data_admin")
    assert post("POST", "/elements", json=ELEMENT | {"name": "学校代码"}).status_code == 201
    again = post("POST", "/elements", json=ELEMENT | {"name": spelling})
    assert (again.status_code, again.json()["code"]) == (409, "adopted_already")
    assert "“学校代码”DE-000001" in again.json()["detail"]


def test_repeated_codes_are_named_after_folding(api: Callable[[str], Any]) -> None:
    entries = [
        {"code": "11", "label": "甲"},
        {"code": "12", "label": "乙"},
        {"code": "１１", "label": "丙"},
    ]
    answer = api("data_admin")(
        "POST", "/elements", json={**ELEMENT, "value_domain": {**DOMAIN, "entries": entries}}
    )
    assert answer.status_code == 422
    assert pointers(answer) == ["#/value_domain/entries/2/code"]
    assert "丙" not in answer.text


def test_an_edition_of_a_domain_is_written_once(api: Callable[[str], Any]) -> None:
    assert (
        api("data_admin")("POST", "/elements", json={**ELEMENT, "value_domain": DOMAIN}).status_code
        == 201
    )
    other = {**ELEMENT, "name": "别的代码", "value_domain": DOMAIN}
    again = api("data_admin")("POST", "/elements", json=other)
    assert (again.status_code, again.json()["code"]) == (409, "value_domain_exists")


def test_five_thousand_entries_are_taken_and_one_more_is_refused(
    session: Session, people: dict[str, Subject], api: Callable[[str], Any]
) -> None:
    entries = [{"code": f"{n:06d}", "label": f"第{n}项"} for n in range(5_001)]
    body = {**ELEMENT, "value_domain": {**DOMAIN, "entries": entries[:5_000]}}
    element = adopting.adopt(session, people["data_admin"], ElementCreate.model_validate(body))
    shown = reading.read_model(session, element, with_entries=True)
    assert shown.value_domain is not None
    assert shown.value_domain.entry_count == len(shown.value_domain.entries) == 5_000
    assert [entry.code for entry in shown.value_domain.entries[:2]] == ["000000", "000001"]
    body["value_domain"] = {**DOMAIN, "entries": entries}
    with pytest.raises(ValueError, match="at most 5000"):
        ElementCreate.model_validate(body)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"data_type": "Z"}, "#/data_type"),
        ({"identifier": "de 1"}, "#/identifier"),
        ({"name": "学\u0000校"}, "#/name"),
        ({"name": "学\u202e校"}, "#/name"),
        ({"unknown": 1}, "#/unknown"),
    ],
)
def test_bad_fields_are_named_and_nothing_is_kept(
    api: Callable[[str], Any], change: dict[str, Any], pointer: str
) -> None:
    answer = api("data_admin")("POST", "/elements", json={**ELEMENT, **change})
    assert answer.status_code == 422
    assert pointers(answer) == [pointer]
    assert api("data_admin")("GET", "/elements").json()["items"] == []


def test_only_the_data_administrator_adopts(
    api: Callable[[str], Any], trail: Callable[[str], list[str]]
) -> None:
    assert api("")("POST", "/elements", json=ELEMENT).status_code == 401
    for who in ("registrar", "applicant", "reviewer"):
        assert api(who)("POST", "/elements", json=ELEMENT).status_code == 403, who
    # the system administrator may not even know the catalogue
    assert api("system_admin")("POST", "/elements", json=ELEMENT).status_code == 404
    assert trail("auth:registrar") == ["auth:action:denied"]


def test_the_same_key_adopts_once(api: Callable[[str], Any]) -> None:
    key = {"idempotency-key": "one-and-the-same"}
    first = api("data_admin")("POST", "/elements", json=ELEMENT, headers=key)
    again = api("data_admin")("POST", "/elements", json=ELEMENT, headers=key)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json()
    assert len(api("applicant")("GET", "/elements").json()["items"]) == 1


def test_the_list_is_paged_by_identifier(api: Callable[[str], Any]) -> None:
    for number in range(3):
        body = {**ELEMENT, "object_class": f"对象{number}"}
        api("data_admin")("POST", "/elements", json=body)
    first = api("applicant")("GET", "/elements?limit=2").json()
    second = api("applicant")("GET", f"/elements?limit=2&cursor={first['next']}").json()
    assert [e["identifier"] for e in first["items"] + second["items"]] == [
        "DE-000001",
        "DE-000002",
        "DE-000003",
    ]
    assert second["next"] is None
