"""Consent of the department head, review by the data administration,
publication: over HTTP, on the real database.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fixtures.database import run_sql
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from catalog.publication.schemas import ReviewCreate
from tests.catalog.conftest import Story, complete_entry, pointers

LAW = "basis <> 'policy'"
RETURNED = {"outcome": "returned", "remark": "使用条件写得不清楚"}


def open_tasks(session: Session) -> list[tuple[str, str, Any]]:
    query = (
        "SELECT todo.kind, role, due_on FROM todo LEFT JOIN case_clock clock"
        " ON (clock.case_no, clock.kind) = (todo.case_no, todo.clock) AND closed_on IS NULL"
        " WHERE done_at IS NULL ORDER BY todo.id"
    )
    return [tuple(row) for row in session.connection().execute(text(query))]


def test_the_whole_way_is_in_the_trail_in_order(
    story: Story, trail: Callable[[str], list[str]], session: Session
) -> None:
    code = story.stored()
    story.step("registrar", code, "submissions")
    story.step("head", code, "consents", {})
    (task,) = open_tasks(session)
    # 2 working days from 2026-02-11, first day not counted (Art. 17)
    assert (task[0], task[1], str(task[2])) == ("review_resource", "data_admin", "2026-02-13")
    answer = story.step(
        "data_admin", code, "reviews", {"outcome": "published", "remark": "符合规范"}
    )
    assert (answer["status"], answer["published_version"], answer["waiting_for"]) == (
        "published",
        1,
        None,
    )
    assert [(each["step"], each["outcome"]) for each in answer["reviews"]] == [
        ("head_consent", "consented"),
        ("administration", "published"),
    ]
    assert open_tasks(session) == []
    clock = (
        session.connection()
        .execute(text(f"SELECT kind, status, closed_on::text FROM case_clock WHERE {LAW}"))
        .one()
    )
    assert tuple(clock) == ("catalogue_review", "closed", "2026-02-11")
    assert session.connection().execute(text("SELECT count(*) FROM message")).scalar_one() == 1
    assert trail("307001/000001") == [
        "catalog:resource:registered",
        "catalog:resource:attached",
        "catalog:resource:attached",
        "catalog:snapshot:made",
        "catalog:resource:submitted",
        "catalog:resource:consented",
        "catalog:edition:current",
        "catalog:resource:published",
    ]


def test_a_returned_entry_is_corrected_and_submitted_again(
    story: Story, api: Callable[[str], Any], session: Session
) -> None:
    code = story.consented()
    assert story.step("data_admin", code, "reviews", RETURNED)["status"] == "returned"
    assert open_tasks(session) == [
        ("correct_resource", "registrar", date(2026, 3, 3))  # ten working days, the platform's own
    ]
    body = complete_entry(use_condition="仅用于校园安全检查。", format="service")
    assert (
        api("registrar")(
            "PUT", f"/resources/{code}", json=body, headers=story.seen(code)
        ).status_code
        == 200
    )
    story.step("registrar", code, "submissions")
    assert story.step("head", code, "consents", RETURNED)["status"] == "returned"
    story.step("registrar", code, "submissions")
    story.step("head", code, "consents", {})
    assert len(story.step("data_admin", code, "reviews", {"outcome": "published"})["reviews"]) == 5


def test_returning_needs_a_remark(api: Callable[[str], Any], story: Story) -> None:
    code = story.submitted()
    answer = story.tried("head", code, "consents", {"outcome": "returned"})
    assert answer.status_code == 422
    assert "退回时须填写意见" in answer.text


@pytest.mark.parametrize(
    "body",
    [{"outcome": "consented"}, {"outcome": "approved"}, {}, {"outcome": "published", "x": 1}],
)
def test_a_review_takes_only_its_own_outcomes(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ReviewCreate.model_validate(body)


def test_nobody_skips_a_step_or_repeats_one(api: Callable[[str], Any], story: Story) -> None:
    code = story.submitted()
    publish = {"outcome": "published"}
    assert story.tried("data_admin", code, "reviews", publish).status_code == 404
    assert story.tried("data_admin", code, "reviews", RETURNED).status_code == 404
    story.step("head", code, "consents", {})
    assert story.tried("head", code, "consents", {}).status_code == 409
    assert story.tried("head", code, "consents", RETURNED).status_code == 409
    story.step("data_admin", code, "reviews", publish)
    assert story.tried("data_admin", code, "reviews", publish).status_code == 409


def test_each_step_belongs_to_one_role(
    api: Callable[[str], Any], story: Story, trail: Callable[[str], list[str]]
) -> None:
    code = story.submitted()
    for who, status in (
        ("registrar", 403),
        ("data_admin", 404),
        ("other_head", 404),
        ("applicant", 404),
        ("", 401),
    ):
        assert story.tried(who, code, "consents", {}).status_code == status, who
    story.step("head", code, "consents", {})
    for who, status in (("registrar", 403), ("head", 403), ("applicant", 404), ("reviewer", 404)):
        answer = story.tried(who, code, "reviews", {"outcome": "published"})
        assert answer.status_code == status, who
    assert trail("307001/000001").count("auth:action:denied") == 3, "of who may see it"
    assert trail("denials:applicant") == ["auth:action:denied"] * 2, "of strangers"


def test_publishing_checks_again_what_the_law_asks_for(
    api: Callable[[str], Any], story: Story
) -> None:
    code = story.consented()
    run_sql("UPDATE data_resource SET use_condition = '', version = version + 1")
    answer = story.tried("data_admin", code, "reviews", {"outcome": "published"})
    assert (answer.status_code, pointers(answer)) == (422, ["#/use_condition"])
    assert api("head")("GET", f"/resources/{code}").json()["status"] == "in_review"


def test_a_published_version_is_shown_as_it_was_and_cannot_be_changed(
    api: Callable[[str], Any], story: Story, session: Session
) -> None:
    code = story.published()
    shown = api("applicant")("GET", f"/catalog/{code}")
    assert (shown.status_code, shown.headers["etag"]) == (200, '"v1"')
    entry = shown.json()
    assert (entry["title"], entry["published_version"], entry["latest_version"]) == (
        "中小学校名录",
        1,
        1,
    )
    assert [item["name"] for item in entry["items"]] == ["学校代码", "学校名称", "经度"]
    assert "snapshot" not in shown.text
    with pytest.raises(IntegrityError, match="says what its publication says"):
        run_sql("UPDATE data_resource SET title = '别的', version = version + 1")
    assert api("applicant")("GET", f"/catalog/{code}?version=1").json()["title"] == "中小学校名录"
    assert api("applicant")("GET", f"/catalog/{code}?version=2").status_code == 404
    assert api("applicant")("GET", f"/catalog/{code}?version=0").status_code == 422
    known = api("applicant")("GET", f"/catalog/{code}", headers={"if-none-match": '"v1"'})
    assert (known.status_code, known.content) == (304, b"")
    with pytest.raises(DBAPIError), session.begin_nested():
        session.connection().execute(text("UPDATE publication SET entry = '{}'"))


def test_what_is_not_published_is_in_no_catalogue(api: Callable[[str], Any], story: Story) -> None:
    code = story.register()
    assert api("registrar")("GET", f"/catalog/{code}").status_code == 404
    assert api("applicant")("GET", f"/catalog/{code}").status_code == 404


def test_the_same_key_consents_once(api: Callable[[str], Any], story: Story) -> None:
    code = story.submitted()
    key = {"idempotency-key": "one-and-the-same", **story.seen(code)}
    first = api("head")("POST", f"/resources/{code}/consents", json={}, headers=key)
    again = api("head")("POST", f"/resources/{code}/consents", json={}, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"


def test_publishing_the_entry_publishes_nothing_of_the_data(
    api: Callable[[str], Any], story: Story
) -> None:
    code = story.published_with_data()
    (attachment,) = api("registrar")("GET", f"/resources/{code}").json()["attachments"]
    for who in ("applicant", "other_registrar", "data_admin", "approver", "head"):
        shown = api(who)("GET", f"/resources/{code}")
        assert shown.status_code == 200, who
        assert "一小" not in shown.text, who
        assert (
            api(who)("GET", f"/resources/{code}/attachments/{attachment['id']}").status_code == 403
        ), who
        assert "一小" not in api(who)("GET", f"/catalog/{code}").text, who
    assert api("applicant")("GET", f"/resources/{code}").json()["attachments"] == []
