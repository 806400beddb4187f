"""Registering, editing and submitting data resources over HTTP, on the real database."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fixtures.bases import BASIS
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from audit.models import AuditEvent
from shuqiao.desk.drafts import Draft
from shuqiao.subject import Subject
from tests.catalog.conftest import Story, complete_entry, pointers

DRAFT = {"class_code": "307001", "title": "中小学校名录", "share_type": "conditional"}


def test_a_draft_gets_a_code_an_address_and_an_event(
    api: Callable[[str], Any], trail: Callable[[str], list[str]]
) -> None:
    answer = api("registrar")("POST", "/resources", json=DRAFT)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["code"], made["status"], made["provider"]) == ("307001/000001", "draft", "教育厅")
    assert made["acts"] == ["attach", "choose_class", "discard", "edit", "submit"]
    assert made["waiting_for"] is None
    assert answer.headers["location"] == "/api/v1/resources/307001-000001"
    assert answer.headers["etag"] == '"v1"'
    assert trail("307001/000001") == ["catalog:resource:registered"]


def test_rule_23_codes_count_up_in_each_class(story: Story) -> None:
    codes = [story.register(class_code=code) for code in ("307001", "307001", "20100199", "307001")]
    assert codes == ["307001-000001", "307001-000002", "20100199-000001", "307001-000003"]


def test_rule_23_the_database_keeps_a_code_once_it_was_submitted(
    story: Story, session: Session
) -> None:
    story.consented()
    with pytest.raises(DBAPIError, match="never changes"), session.begin_nested():
        session.connection().execute(text("UPDATE data_resource SET code = '307001/000009'"))


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"class_code": "407001"}, "#/class_code"),
        ({"class_code": "30700"}, "#/class_code"),
        ({"title": "名" * 51}, "#/title"),
        ({"abstract": "述" * 257}, "#/abstract"),
        ({"share_type": "secret"}, "#/share_type"),
        ({"update_cycle": "hourly"}, "#/update_cycle"),
        ({"related_code": "307001"}, "#/related_code"),
        ({"keywords": ["学校", 1]}, "#/keywords/1"),
        ({"items": [{"name": "甲", "column_name": "a", "data_type": "Q"}]}, "#/items/0/data_type"),
        (
            {
                "secrecy_assessment": {
                    "conclusion": "no_secret",
                    "assessor": "王",
                    "assessed_on": 20260101,
                }
            },
            "#/secrecy_assessment/assessed_on",
        ),
        (
            {"withholding": {"kind": "ministry_rule", "basis": "某规章", "reason": "安全"}},
            "#/withholding/kind",
        ),
        ({"code": "307001/000077"}, "#/code"),
        ({"status": "published"}, "#/status"),
    ],
)
def test_bad_fields_are_named(
    api: Callable[[str], Any], change: dict[str, Any], pointer: str
) -> None:
    answer = api("registrar")("POST", "/resources", json={**DRAFT, **change})
    assert (answer.status_code, pointers(answer)) == (422, [pointer])
    assert api("registrar")("GET", "/resources").json()["items"] == []


def test_repeated_items_and_unknown_elements_are_named(api: Callable[[str], Any]) -> None:
    items = [
        {"name": "甲", "column_name": "a", "data_type": "C"},
        {"name": "甲", "column_name": "b", "data_type": "C"},
        {"name": "乙", "column_name": "a", "data_type": "C"},
    ]
    answer = api("registrar")("POST", "/resources", json={**DRAFT, "items": items})
    assert (answer.status_code, pointers(answer)) == (
        422,
        ["#/items/1/name", "#/items/2/column_name"],
    )
    unknown = [{"name": "甲", "column_name": "a", "data_type": "C", "element": "DE-000404"}]
    answer = api("registrar")("POST", "/resources", json={**DRAFT, "items": unknown})
    assert (answer.status_code, pointers(answer)) == (422, ["#/items/0/element"])


def test_items_are_bound_to_elements_and_keep_their_ids_when_edited(
    api: Callable[[str], Any], story: Story
) -> None:
    element = {"name": "学校代码", "definition": "学校的标识", "data_type": "C"}
    identifier = api("data_admin")("POST", "/elements", json=element).json()["identifier"]
    items = complete_entry()["items"]
    items[0]["element"] = identifier
    code = story.register(items=items)
    before = api("registrar")("GET", f"/resources/{code}")
    ids = {item["name"]: item["id"] for item in before.json()["items"]}
    assert before.json()["items"][0]["element"] == identifier
    changed = complete_entry(
        items=[items[2], {**items[0], "is_personal": True}, {**items[1], "name": "校名"}]
    )
    answer = api("registrar")(
        "PUT", f"/resources/{code}", json=changed, headers={"if-match": before.headers["etag"]}
    )
    assert answer.status_code == 200, answer.text
    after = {item["name"]: item for item in answer.json()["items"]}
    assert list(after) == ["经度", "学校代码", "校名"]
    assert after["学校代码"]["id"] == ids["学校代码"]
    assert after["经度"]["id"] == ids["经度"]
    assert after["校名"]["id"] not in ids.values()


def test_an_edit_needs_the_version_seen(api: Callable[[str], Any], story: Story) -> None:
    code = story.register()
    put = api("registrar")
    body = complete_entry(title="小学名录")
    assert put("PUT", f"/resources/{code}", json=body).status_code == 428
    assert (
        put("PUT", f"/resources/{code}", json=body, headers={"if-match": '"x"'}).status_code == 400
    )
    first = put("PUT", f"/resources/{code}", json=body, headers={"if-match": '"v1"'})
    assert (first.status_code, first.headers["etag"]) == (200, '"v2"')
    assert (
        put("PUT", f"/resources/{code}", json=body, headers={"if-match": '"v1"'}).status_code == 412
    )


def test_registering_is_for_registrars_and_editing_for_those_of_the_owner(
    api: Callable[[str], Any], story: Story
) -> None:
    for who in ("applicant", "head", "data_admin", "reviewer"):
        assert api(who)("POST", "/resources", json=DRAFT).status_code == 403, who
    code = story.register()
    match = {"if-match": '"v1"'}
    for who, status in (
        ("head", 403),
        ("other_registrar", 404),
        ("applicant", 404),
        ("data_admin", 404),
    ):
        assert (
            api(who)("PUT", f"/resources/{code}", json=complete_entry(), headers=match).status_code
            == status
        ), who
        assert (
            api(who)("POST", f"/resources/{code}/submissions", headers=match).status_code == status
        ), who


def test_both_spellings_of_a_code_lead_to_it_and_nonsense_is_not_found(
    api: Callable[[str], Any], story: Story
) -> None:
    code = story.register(related_code="307001-000009")
    shown = api("registrar")("GET", f"/resources/{code}").json()
    assert (shown["code"], shown["related_code"]) == ("307001/000001", "307001/000009")
    for nonsense in ("307001", "x", "307001-1;--", "%00"):
        assert api("registrar")("GET", f"/resources/{nonsense}").status_code == 404


def test_submitting_names_everything_that_is_missing(api: Callable[[str], Any]) -> None:
    code = api("registrar")("POST", "/resources", json=DRAFT).json()["code"].replace("/", "-")
    answer = api("registrar")(
        "POST", f"/resources/{code}/submissions", headers={"if-match": '"v1"'}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "resource_incomplete")
    assert set(pointers(answer)) == {
        "#/abstract",
        "#/category",
        "#/format",
        "#/update_cycle",
        "#/use_condition",
        "#/security_level",
        "#/share_way",
        "#/share_condition",
        "#/secrecy_assessment",
        "#/privacy_assessment",
        "#/items",
        "#/attachments",
    }
    assert all(error["fix"] for error in answer.json()["errors"])
    assert api("registrar")("GET", f"/resources/{code}").json()["status"] == "draft"


def test_a_submission_gives_the_department_head_a_task(story: Story, session: Session) -> None:
    code = story.submitted()
    tasks = (
        session.connection().execute(text("SELECT case_no, role, href, done_at FROM todo")).all()
    )
    page = f"/resources/{code}/review"
    assert [tuple(row) for row in tasks] == [
        (code.replace("-", "/"), "department_head", page, None)
    ]


def test_what_is_in_review_stays_as_it_is(api: Callable[[str], Any], story: Story) -> None:
    code = story.submitted()
    seen = story.seen(code)
    edit = api("registrar")("PUT", f"/resources/{code}", json=complete_entry(), headers=seen)
    assert (edit.status_code, edit.json()["code"]) == (409, "not_possible_now")
    assert (
        api("registrar")("POST", f"/resources/{code}/submissions", headers=seen).status_code == 409
    )


def test_a_withheld_resource_needs_no_data_but_a_legal_basis(
    api: Callable[[str], Any], story: Story
) -> None:
    code = story.register(
        share_type="withheld", withholding=BASIS, share_condition="", share_way=None
    )
    assert story.step("registrar", code, "submissions")["status"] == "in_review"


def test_the_same_key_registers_once(api: Callable[[str], Any]) -> None:
    key = {"idempotency-key": "one-and-the-same"}
    first = api("registrar")("POST", "/resources", json=DRAFT, headers=key)
    again = api("registrar")("POST", "/resources", json=DRAFT, headers=key)
    other = api("registrar")("POST", "/resources", json={**DRAFT, "title": "别的"}, headers=key)
    assert (again.json(), other.status_code) == (first.json(), 422)
    assert len(api("registrar")("GET", "/resources").json()["items"]) == 1
    assert (
        api("registrar")(
            "POST", "/resources", json=DRAFT, headers={"idempotency-key": "short"}
        ).status_code
        == 400
    )


def test_a_class_chosen_wrongly_is_chosen_again_and_the_old_code_never_comes_again(
    story: Story,
    api: Callable[[str], Any],
    session: Session,
    people: dict[str, Subject],
    trail: Callable[[str], list[str]],
) -> None:
    code = story.stored()
    before = api("registrar")("GET", f"/resources/{code}").json()
    Draft.of(session, people["registrar"], "registration/basic", "307001/000001").keep(
        {"title": ["另一名称"]}
    )
    seen = story.seen(code)
    chosen = {"json": {"class_code": "306001"}, "headers": seen}
    assert api("head")("PUT", f"/resources/{code}/class", **chosen).status_code == 403
    assert api("applicant")("PUT", f"/resources/{code}/class", **chosen).status_code == 404
    answer = api("registrar")("PUT", f"/resources/{code}/class", **chosen)
    assert answer.status_code == 200, answer.text
    for now_or_later in ("IMMEDIATE", "DEFERRED"):  # an event about each code
        session.connection().execute(text(f"SET CONSTRAINTS ALL {now_or_later}"))
    assert (answer.json()["code"], answer.json()["class_code"]) == ("306001/000001", "306001")
    assert answer.headers["location"] == "/api/v1/resources/306001-000001"
    assert api("registrar")("GET", f"/resources/{code}").status_code == 404
    after = api("registrar")("GET", "/resources/306001-000001").json()
    assert (after["items"], after["attachments"]) == (before["items"], before["attachments"])
    moved = Draft.of(session, people["registrar"], "registration/basic", "306001/000001").kept()
    assert moved is not None and moved.fields == {"title": ["另一名称"]}
    assert trail("307001/000001")[-1] == "catalog:resource:class_chosen"
    assert trail("306001/000001") == ["catalog:resource:class_chosen"]
    told = session.exec(
        select(AuditEvent.canon).where(AuditEvent.action == "catalog:resource:class_chosen")
    )
    assert [json.loads(canon)["why"] for canon in told] == [
        {"old": "307001/000001", "new": "306001/000001"}
    ] * 2
    assert story.register() == "307001-000002"


def test_the_class_stays_in_review_and_once_it_is_published(
    story: Story, api: Callable[[str], Any]
) -> None:
    draft = story.register()
    same = {"json": {"class_code": "307001"}, "headers": story.seen(draft)}
    assert pointers(api("registrar")("PUT", f"/resources/{draft}/class", **same)) == [
        "#/class_code"
    ]
    for code in (story.consented(), story.published()):
        chosen = {"json": {"class_code": "306001"}, "headers": story.seen(code)}
        answer = api("registrar")("PUT", f"/resources/{code}/class", **chosen)
        assert answer.status_code == 409, answer.text
    story.step("registrar", code, "working-copy")
    copy = api("registrar")("GET", f"/resources/{code}/working-copy")
    assert "choose_class" not in copy.json()["acts"]
    chosen = {"json": {"class_code": "306001"}, "headers": {"if-match": copy.headers["etag"]}}
    assert api("registrar")("PUT", f"/resources/{code}/class", **chosen).status_code == 409
