"""A published entry is changed in a working copy: over HTTP, on the real database."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from tests.catalog.conftest import SCHOOLS, Story, complete_entry, make_snapshot, pointers

PUBLISH = {"outcome": "published"}
#: A word that stands in no entry but the changed one.
STRANGE = "斑马线护学岗"


class Change:
    """The steps of a change, each asserted to succeed; the version is that of what is in work."""

    def __init__(self, story: Story, code: str) -> None:
        self.story, self.code = story, code

    def copy(self, who: str = "registrar") -> Any:
        return self.story.api(who)("GET", f"/resources/{self.code}/working-copy")

    def seen(self) -> dict[str, str]:
        return {"if-match": self.copy().headers["etag"]}

    def tried(self, who: str, method: str, step: str, **options: Any) -> Any:
        path = f"/resources/{self.code}{step}"
        return self.story.api(who)(method, path, headers=self.seen(), **options)

    def open(self) -> dict[str, Any]:
        return dict(self.story.step("registrar", self.code, "working-copy"))

    def edit(self, **changes: Any) -> dict[str, Any]:
        body = complete_entry(format="service", **changes)
        answer = self.tried("registrar", "PUT", "", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def step(self, who: str, step: str, body: Any = None) -> dict[str, Any]:
        answer = self.tried(who, "POST", f"/{step}", **({} if body is None else {"json": body}))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def published(self) -> dict[str, Any]:
        self.step("registrar", "submissions")
        self.step("head", "consents", {})
        return self.step("data_admin", "reviews", PUBLISH)


@pytest.fixture
def change(story: Story) -> Change:
    return Change(story, story.published())


def hold(session: Session) -> None:
    """What the database asks for at the end of a transaction is asked now."""
    session.flush()
    session.connection().execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.connection().execute(text("SET CONSTRAINTS ALL DEFERRED"))


def test_rule_04_changed_conditions_are_a_new_version_and_the_old_one_stays_in_force(
    change: Change, api: Callable[[str], Any], session: Session, trail: Callable[[str], list[str]]
) -> None:
    reader, address = api("applicant"), f"/catalog/{change.code}"
    before = reader("GET", address).json()
    names = {item["name"]: item["id"] for item in before["items"]}
    opened = change.open()
    assert (opened["status"], opened["published_version"]) == ("draft", 1)
    assert opened["items"] == before["items"]
    items = [
        {"id": names["学校名称"], "name": "学校全称", "column_name": "名称", "data_type": "C"},
        {"name": "学校代码", "column_name": "代码", "data_type": "C"},
        {"name": "纬度", "column_name": "纬度", "data_type": "B"},
    ]
    edited = change.edit(share_condition=STRANGE, items=items)
    change.step("registrar", "submissions")
    change.step("head", "consents", {})
    assert reader("GET", address).json() == before
    assert change.step("data_admin", "reviews", PUBLISH)["published_version"] == 2
    hold(session)
    after = reader("GET", address).json()
    assert (after["share_condition"], after["latest_version"]) == (STRANGE, 2)
    assert [(item["name"], item["id"]) for item in after["items"]] == [
        ("学校全称", names["学校名称"]),
        ("学校代码", names["学校代码"]),
        ("纬度", edited["items"][2]["id"]),
    ]
    first = reader("GET", f"{address}?version=1").json()
    assert first == {**before, "latest_version": 2}
    kept = text("SELECT name, removed_in FROM resource_item WHERE removed_in IS NOT NULL")
    assert list(session.connection().execute(kept)) == [("经度", 2)]
    assert change.copy().status_code == 404
    assert trail("307001/000001")[-5:] == [
        "catalog:resource:change_opened",
        "catalog:resource:edited",
        "catalog:resource:submitted",
        "catalog:resource:consented",
        "catalog:resource:published",
    ]


def test_nobody_outside_learns_that_a_change_is_on_its_way(
    change: Change, api: Callable[[str], Any]
) -> None:
    paths = [
        f"/resources/{change.code}",
        f"/resources/{change.code}/working-copy",
        "/resources",
        "/resources?status=draft",
        f"/catalog/{change.code}",
        "/catalog",
        f"/catalog?q={STRANGE}",
    ]
    outside = ("applicant", "other_registrar", "data_admin", "reviewer")

    def told() -> list[Any]:
        answers = [api(who)("GET", path) for who in outside for path in paths]
        body = complete_entry()
        tried = [
            api(who)(method, f"/resources/{change.code}{step}", headers={"if-match": '"1"'}, **sent)
            for who in outside
            for method, step, sent in (
                ("PUT", "", {"json": body}),
                ("DELETE", "/working-copy", {}),
                ("POST", "/submissions", {}),
                ("POST", "/recalls", {}),
                ("POST", "/consents", {"json": {}}),
                ("POST", "/reviews", {"json": PUBLISH}),
            )
        ]
        said = [(answer.status_code, answer.json()) for answer in (*answers, *tried)]
        return [(status, body | {"request_id": ""}) for status, body in said]

    before = told()
    change.open()
    change.edit(
        title=STRANGE,
        abstract=STRANGE,
        items=[{"name": STRANGE, "column_name": "c", "data_type": "C"}],
    )
    assert told() == before
    change.step("registrar", "submissions")
    assert told() == before
    assert api("head")("GET", f"/resources/{change.code}").json()["working_copy"] == {
        **{name: change.copy().json()[name] for name in ("version", "updated_at")},
        "status": "in_review",
        "review_step": "head_consent",
    }
    assert api("approver")("GET", f"/resources/{change.code}/working-copy").status_code == 200


def test_a_published_entry_without_a_working_copy_says_what_to_do(
    change: Change, story: Story, api: Callable[[str], Any]
) -> None:
    body = complete_entry(title="另一个名称")
    answer = api("registrar")(
        "PUT", f"/resources/{change.code}", json=body, headers=story.seen(change.code)
    )
    assert answer.status_code == 409
    assert "变更稿" in answer.json()["detail"]
    change.open()
    again = story.tried("registrar", change.code, "working-copy")
    assert again.status_code == 409
    assert f"/api/v1/resources/{change.code}/working-copy" in again.json()["detail"]


def test_items_are_known_by_id_else_by_name(change: Change) -> None:
    ids = [item["id"] for item in change.open()["items"]]
    row = {"column_name": "代码", "data_type": "C"}
    body = complete_entry(
        items=[
            {"id": ids[0], "name": "甲", **row},
            {"id": ids[0], "name": "乙", "column_name": "丙", "data_type": "C"},
        ]
    )
    assert pointers(change.tried("registrar", "PUT", "", json=body)) == ["#/items/1/id"]
    strange = "0190a000-0000-7000-8000-000000000000"
    body = complete_entry(items=[{"id": strange, "name": "甲", **row}])
    assert pointers(change.tried("registrar", "PUT", "", json=body)) == ["#/items/0/id"]
    assert [item["id"] for item in change.edit(items=[{"name": "学校代码", **row}])["items"]] == [
        ids[0]
    ]
    # what was left out of the copy comes back as what it was
    assert [item["id"] for item in change.edit()["items"]] == ids


def test_the_data_in_force_goes_on_unless_another_file_is_attached(story: Story) -> None:
    change = Change(story, story.published_with_data())
    change.open()
    assert change.tried("registrar", "PUT", "", json=complete_entry()).status_code == 200
    file = {"file": ("学校.csv", SCHOOLS + "0104,四小,\n".encode(), "text/csv")}
    attached = story.api("registrar")(
        "POST", f"/resources/{change.code}/attachments", files=file
    ).json()
    assert story.api("registrar")("GET", f"/resources/{change.code}").json()["attachments"] != [
        attached["id"]
    ]
    story.confirm(change.code, attached["id"])
    make_snapshot(attached["id"])
    assert change.published()["published_version"] == 2
    files = story.api("registrar")("GET", f"/resources/{change.code}").json()["attachments"]
    assert [each["rows"] for each in files] == [4, 3]


def test_a_submission_is_taken_back_and_a_change_thrown_away(
    change: Change, session: Session, api: Callable[[str], Any]
) -> None:
    change.open()
    change.step("registrar", "submissions")
    change.step("head", "consents", {})
    assert change.tried("head", "POST", "/recalls").status_code == 403
    assert change.step("registrar", "recalls")["status"] == "draft"
    rows = session.connection().execute(
        text(
            "SELECT (SELECT count(*) FROM todo WHERE done_at IS NULL),"
            " (SELECT count(*) FROM case_clock WHERE status = 'running')"
        )
    )
    assert list(rows) == [(0, 0)]
    answer = change.tried("registrar", "DELETE", "/working-copy")
    assert (answer.status_code, answer.json()["is_published"]) == (200, True)
    assert change.copy().status_code == 404
    hold(session)
    assert api("applicant")("GET", f"/catalog/{change.code}").json()["latest_version"] == 1
    assert change.open()["status"] == "draft"


def test_a_draft_is_deleted_with_its_files_and_its_code_never_comes_again(
    story: Story, api: Callable[[str], Any], session: Session, trail: Callable[[str], list[str]]
) -> None:
    code = story.stored()
    answer = api("registrar")("DELETE", f"/resources/{code}", headers=story.seen(code))
    assert (answer.status_code, answer.json()["is_published"]) == (200, False)
    assert api("registrar")("GET", f"/resources/{code}").status_code == 404
    left = "SELECT (SELECT count(*) FROM attachment), (SELECT count(*) FROM resource_item)"
    assert list(session.connection().execute(text(left))) == [(0, 0)]
    told = ["catalog:attachment:removed", "catalog:resource:discarded"]
    assert trail("307001/000001")[-2:] == told
    assert story.register() == "307001-000002"


def test_what_was_reviewed_or_published_is_not_deleted(
    story: Story, api: Callable[[str], Any]
) -> None:
    code = story.consented()
    story.step("registrar", code, "recalls")
    answer = api("registrar")("DELETE", f"/resources/{code}", headers=story.seen(code))
    assert answer.status_code == 409
    published = story.published()
    answer = api("registrar")("DELETE", f"/resources/{published}", headers=story.seen(published))
    assert answer.status_code == 409


def test_what_is_taken_down_stays_readable_and_is_found_no_more(
    change: Change, story: Story, api: Callable[[str], Any], session: Session
) -> None:
    change.open()
    change.step("registrar", "submissions")
    body = {"reason": "职责已划转"}
    answer = story.tried("registrar", change.code, "takedowns", body)
    assert answer.status_code == 403
    assert story.step("data_admin", change.code, "takedowns", body)["status"] == "taken_down"
    hold(session)
    assert change.copy().status_code == 404
    assert api("applicant")("GET", f"/catalog/{change.code}").json()["title"] == "中小学校名录"
    assert api("applicant")("GET", "/catalog").json()["items"] == []
    open_tasks = "SELECT count(*) FROM todo WHERE done_at IS NULL"
    assert session.connection().execute(text(open_tasks)).scalar_one() == 0
    assert story.tried("data_admin", change.code, "takedowns", body).status_code == 409
    assert story.tried("registrar", change.code, "working-copy").status_code == 409


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE data_resource SET title = '别的' WHERE copy_of IS NULL",
        "UPDATE data_resource SET share_type = 'unconditional' WHERE copy_of IS NULL",
        "UPDATE data_resource SET use_condition = '' WHERE copy_of IS NULL",
        "UPDATE data_resource SET secrecy_assessed_on = '2020-01-01' WHERE copy_of IS NULL",
        "UPDATE data_resource SET status = 'draft' WHERE copy_of IS NULL",
        "UPDATE data_resource SET published_version = 2 WHERE copy_of IS NULL",
        "UPDATE data_resource SET code = '307001/9', class_code = '307001' WHERE copy_of IS NULL",
        "UPDATE data_resource SET copy_of = NULL, status = 'published' WHERE copy_of IS NOT NULL",
        "UPDATE data_resource SET status = 'published' WHERE copy_of IS NOT NULL",
        "DELETE FROM data_resource WHERE copy_of IS NULL",
        "UPDATE resource_item SET name = '别的' WHERE origin_id IS NULL AND position = 0",
        "UPDATE resource_item SET removed_in = 1 WHERE origin_id IS NULL AND position = 0",
        "DELETE FROM resource_item WHERE origin_id IS NULL",
        "UPDATE resource_item SET resource_id ="
        " (SELECT id FROM data_resource WHERE copy_of IS NULL) WHERE origin_id IS NOT NULL",
        "UPDATE data_resource SET published_version = 2 WHERE copy_of IS NULL;"
        "UPDATE resource_item SET share_type = 'unconditional' WHERE origin_id IS NULL",
        "UPDATE data_resource SET status = 'draft' WHERE copy_of IS NULL;"
        "UPDATE resource_item SET column_name = '别的' WHERE origin_id IS NULL AND position = 0;"
        "UPDATE data_resource SET status = 'published' WHERE copy_of IS NULL",
    ],
)
def test_the_database_keeps_what_is_published_as_it_is(
    change: Change, session: Session, statement: str
) -> None:
    change.open()
    hold(session)
    with pytest.raises(IntegrityError):
        done_and_held(session, statement)


def done_and_held(session: Session, statement: str) -> None:
    with session.begin_nested():
        for each in statement.split(";"):
            assert session.connection().execute(text(each)).rowcount
        hold(session)
