"""Attaching a table: whose connection it is, test in words, stored or live, the pages with and
without a connection.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fixtures import callers, department_database
from fixtures.department_database import PASSWORD, SCHOOLS, DepartmentDatabase
from fixtures.worlds import World
from fixtures.written import LIVE_ITEMS, entry

from catalog.attachments.tasks import make_snapshot
from shuqiao.arrow.connectors import registered
from shuqiao.arrow.snapshots.reader import open_snapshot
from shuqiao.home import folder

At = Callable[[str], World]
TABLE = {"alias": "edu", "schema_name": "public", "table_name": "school"}


@pytest.fixture
def database(cluster: Any) -> DepartmentDatabase:
    return department_database.of_cluster(cluster)


def described(world: World) -> Any:
    """The registrar's client, the resource described by the table's columns."""
    client = callers.client(world, "registrar")
    path = f"/api/v1/resources/{world.resource_code}"
    body = {
        name: value
        for name, value in entry(items=LIVE_ITEMS, format="database").items()
        if name != "class_code"
    }
    answer = client.put(path, json=body, headers={"if-match": client.get(path).headers["etag"]})
    assert answer.status_code == 200, answer.text
    return client


def attached(world: World, *, is_live: bool) -> tuple[Any, dict[str, Any], str]:
    client = described(world)
    path = f"/api/v1/resources/{world.resource_code}/attachments"
    answer = client.post(
        f"{path}/connections", json={**TABLE, "is_live": is_live}, headers=callers.once()
    )
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return client, made, f"{path}/{made['id']}"


def test_a_connection_is_listed_for_its_own_department_without_its_password(world_at: At) -> None:
    world = world_at("connected")
    own = callers.client(world, "registrar").get("/api/v1/connections")
    assert [each["alias"] for each in own.json()["items"]] == ["edu"]
    assert PASSWORD not in own.text
    assert (
        callers.client(world, "consumer_registrar").get("/api/v1/connections").json()["items"] == []
    )


def test_another_departments_registrar_attaches_nothing_through_it(world_at: At) -> None:
    world = world_at("connected")
    client = callers.client(world, "consumer_registrar")
    made = client.post(
        "/api/v1/resources",
        json={"class_code": "305001", "title": "别处", "share_type": "conditional"},
        headers=callers.once(),
    ).json()
    path = f"/api/v1/resources/{made['code'].replace('/', '-')}/attachments/connections"
    assert client.post(path, json=TABLE, headers=callers.once()).status_code == 404


def test_the_test_names_the_cause_in_words(world_at: At, database: DepartmentDatabase) -> None:
    world = world_at("connected")
    client = callers.client(world, "registrar")
    sound = client.post("/api/v1/connections/edu/tests", headers=callers.once()).json()
    assert (sound["is_ok"], sound["cause"], sound["fix"]) == (True, None, None)
    database.do(f"ALTER ROLE {department_database.READER} NOLOGIN")
    try:
        told = client.post("/api/v1/connections/edu/tests", headers=callers.once()).json()
        shown = client.get("/api/v1/connections/edu/relations")
    finally:
        database.do(f"ALTER ROLE {department_database.READER} LOGIN")
    assert (told["is_ok"], told["cause"], told["state"]) == (False, "entry_refused", "28000")
    assert told["sentence"] and told["fix"]
    assert (shown.status_code, shown.json()["code"]) == (503, "connector_failed")


def test_a_table_is_shown_with_types_remarks_and_what_cannot_be_taken(world_at: At) -> None:
    world = world_at("connected")
    shown = (
        callers.client(world, "registrar")
        .get("/api/v1/connections/edu/relations/public/school")
        .json()
    )
    assert (
        shown["comment"] == "中小学校"
        and shown["key"] == ["code"]
        and shown["row_count"] == len(SCHOOLS)
    )
    columns = {column["name"]: column for column in shown["columns"]}
    assert columns["name"]["comment"] == "学校名称"
    assert (columns["kind"]["declared_type"], columns["kind"]["type"]) == ("text[]", None)
    assert columns["kind"]["note"] and any("kind" in warning for warning in shown["warnings"])
    assert shown["preview_rows"][0][:2] == list(SCHOOLS[0][:2])


def test_as_a_snapshot_all_rows_of_the_described_columns_are_stored(world_at: At) -> None:
    client, made, path = attached(world_at("connected"), is_live=False)
    assert (
        client.post(f"{path}/snapshots", json={}, headers=callers.once()).json()["status"]
        == "confirmed"
    )
    make_snapshot(made["id"])
    stored = client.get(path).json()
    assert (stored["status"], stored["rows"]) == ("stored", len(SCHOOLS))
    snapshot = open_snapshot(folder("snapshots") / stored["snapshot_id"])
    assert snapshot.schema.names == ["code", "name", "longitude"]
    assert snapshot.batch(0, ["code"])["code"].to_pylist() == [
        code for code, _name, _longitude in SCHOOLS
    ]


def test_a_table_that_changed_before_it_was_stored_is_refused_in_words(
    world_at: At, database: DepartmentDatabase
) -> None:
    client, made, path = attached(world_at("connected"), is_live=False)
    client.post(f"{path}/snapshots", json={}, headers=callers.once())
    database.do("ALTER TABLE school RENAME COLUMN longitude TO lon")
    try:
        make_snapshot(made["id"])
    finally:
        database.do("ALTER TABLE school RENAME COLUMN lon TO longitude")
    refused = client.get(path).json()
    assert (refused["status"], refused["snapshot_id"]) == ("refused", None)
    assert refused["refusal"]


def test_live_nothing_is_stored_and_the_entry_is_complete(world_at: At) -> None:
    world = world_at("connected")
    client, _made, path = attached(world, is_live=True)
    confirmed = client.post(f"{path}/snapshots", json={}, headers=callers.once())
    assert confirmed.status_code == 202, confirmed.text
    assert (confirmed.json()["status"], confirmed.json()["snapshot_id"]) == ("stored", None)
    resource = f"/api/v1/resources/{world.resource_code}"
    tag = {"if-match": client.get(resource).headers["etag"]}
    assert (
        client.post(f"{resource}/submissions", headers={**callers.once(), **tag}).status_code == 201
    )


def test_an_item_that_names_a_column_that_cannot_be_taken_is_told(world_at: At) -> None:
    world = world_at("connected")
    client, _made, path = attached(world, is_live=True)
    resource = f"/api/v1/resources/{world.resource_code}"
    items = [*LIVE_ITEMS, {"name": "类别", "column_name": "kind", "data_type": "C"}]
    body = {name: value for name, value in entry(items=items).items() if name != "class_code"}
    client.put(resource, json=body, headers={"if-match": client.get(resource).headers["etag"]})
    answer = client.post(f"{path}/snapshots", json={}, headers=callers.once())
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "no_such_column")


class TestPages:
    def page(self, world: World, query: str = "") -> Any:
        address = f"/resources/{world.resource_code}/edit/connection{query}"
        return callers.client(world, "registrar").get(address, headers={"accept": "text/html"})

    def test_without_a_connection_it_says_what_to_ask_for(self, world_at: At) -> None:
        world = world_at("connected")
        registered.remove("edu")
        try:
            shown = self.page(world)
        finally:
            department_database.connect(world.url)
        assert shown.status_code == 200 and "本部门尚未登记数据库连接" in shown.text
        assert f"/resources/{world.resource_code}/edit/data" in shown.text

    def test_step_by_step_to_the_first_rows(self, world_at: At) -> None:
        world = world_at("connected")
        department_database.connect(world.url)
        assert 'value="edu"' in self.page(world).text
        assert "public.school" in self.page(world, "?alias=edu").text
        rows = self.page(world, "?alias=edu&schema_name=public&table_name=school").text
        assert "一小" in rows and "text[]" in rows and PASSWORD not in rows

    def test_a_table_that_is_gone_is_told_and_a_foreign_alias_is_not_found(
        self, world_at: At
    ) -> None:
        world = world_at("connected")
        department_database.connect(world.url)
        gone = self.page(world, "?alias=edu&schema_name=public&table_name=gone")
        assert gone.status_code == 200 and "该表或视图已不存在" in gone.text
        assert self.page(world, "?alias=other").status_code == 404

    def test_a_failed_test_says_why_and_what_to_do(
        self, world_at: At, database: DepartmentDatabase
    ) -> None:
        world = world_at("connected")
        made = department_database.connect(world.url)
        replace(made.connection, database="weg").save(replace=True)
        client = callers.client(world, "registrar")
        try:
            shown = client.post(
                f"/resources/{world.resource_code}/edit/connection/test",
                headers={"accept": "text/html"},
                data={"alias": "edu", "csrf_token": client.headers["x-csrf-token"]},
            )
        finally:
            database.connection.save(replace=True)
        assert shown.status_code == 200
        assert "服务器上没有该名称的数据库" in shown.text and "3D000" in shown.text
