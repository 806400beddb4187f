"""Live data: rows come from the department's own database at the moment of the fetch, governed like
stored ones.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from fixtures import callers, department_database
from fixtures.arrow_bytes import before_receipt
from fixtures.department_database import PASSWORD, SCHOOLS, DepartmentDatabase
from fixtures.page_forms import shown
from fixtures.worlds import World
from sqlalchemy import text

from exchange.deliveries import repository as deliveries
from shuqiao.arrow.connectors import registered
from shuqiao.arrow.scans.receipts import METADATA_KEY, check_receipt
from shuqiao.clock import now
from shuqiao.db import reading
from shuqiao.web.formats import exact_moment

At = Callable[[str], World]
EAST = [
    name
    for _code, name, longitude in SCHOOLS
    if longitude is not None and float(longitude) >= 120.2
]


@pytest.fixture
def database(cluster: Any) -> DepartmentDatabase:
    return department_database.of_cluster(cluster)


@pytest.fixture
def world(committed_world: At) -> World:
    return committed_world("live_grant")


def fetched(world: World) -> Any:
    with callers.data_client(world, "applicant") as client:
        return client.get(f"/api/v1/grants/{world.grant_no}/data")


def batches_of(answer: Any) -> tuple[list[pa.RecordBatch], dict[str, Any]]:
    rows, receipt = [], {}
    with pa.ipc.open_stream(pa.BufferReader(answer.content)) as stream:
        while True:
            try:
                batch, metadata = stream.read_next_batch_with_custom_metadata()
            except StopIteration:
                return rows, receipt
            rows.append(batch)
            if metadata and METADATA_KEY.encode() in metadata:
                receipt = json.loads(metadata[METADATA_KEY.encode()])


def test_the_rows_are_those_of_this_moment_filtered_and_masked(world: World) -> None:
    answer = fetched(world)
    assert answer.status_code == 200, answer.text
    batches, receipt = batches_of(answer)
    table = pa.Table.from_batches(batches)
    assert table.column_names == ["学校代码", "学校名称"]
    assert table["学校名称"].to_pylist() == EAST
    assert not set(table["学校代码"].to_pylist()) & {code for code, _name, _longitude in SCHOOLS}
    assert check_receipt(batches, receipt)
    assert "live_at" in receipt and "snapshot" not in receipt and "snapshot_root" not in receipt


def test_two_fetches_of_the_same_rows_differ_in_the_moment_of_the_receipt_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And have no tag: whether the rows are the same is known only after they were read."""
    first = fetched(world)
    monkeypatch.setattr("shuqiao.arrow.scans.receipts.now", lambda: now() + timedelta(minutes=1))
    second = fetched(world)
    assert before_receipt(first.content) == before_receipt(second.content)
    assert first.content != second.content
    receipts = [batches_of(answer)[1] for answer in (first, second)]
    assert len({receipt.pop("live_at") for receipt in receipts}) == 2
    assert receipts[0] == receipts[1]
    for answer in (first, second):
        assert "etag" not in answer.headers
        assert answer.headers["accept-ranges"] == "none"
        assert answer.headers["shuqiao-delivery"].encode() not in answer.content


def test_a_part_of_live_data_is_refused_too(world: World) -> None:
    with callers.data_client(world, "applicant") as client:
        path = f"/api/v1/grants/{world.grant_no}/data"
        answer = client.get(path, headers={"range": "bytes=4096-"})
    assert (answer.status_code, answer.json()["code"]) == (416, "part_refused")


def test_the_page_says_what_the_receipt_of_live_data_says(world: World) -> None:
    """When reading began in place of a snapshot, and how many rows left: to both sides."""
    answer = fetched(world)
    _batches, receipt = batches_of(answer)
    read_at = exact_moment(datetime.fromisoformat(receipt["live_at"]))
    for who in ("applicant", "provider_head"):
        path = f"/deliveries/{answer.headers['shuqiao-delivery']}"
        html = shown(callers.client(world, who), path)
        assert f"读取部门数据库的时间</dt><dd>{read_at}</dd>" in html
        assert f"共 {len(EAST)} 行、2 列，已完整传出" in html
        assert receipt["root"] in html and receipt["plan"] in html
        assert "实时数据" in html and "数据快照" not in html


def test_a_row_added_there_is_there_at_the_next_fetch(
    world: World, database: DepartmentDatabase
) -> None:
    before = pa.Table.from_batches(batches_of(fetched(world))[0]).num_rows
    database.do("INSERT INTO school (code, name, longitude) VALUES ('0199', '新校', 121)")
    try:
        names = pa.Table.from_batches(batches_of(fetched(world))[0])["学校名称"].to_pylist()
    finally:
        database.do("DELETE FROM school WHERE code = '0199'")
    assert len(names) == before + 1 and "新校" in names


def test_a_column_that_changed_there_refuses_the_fetch_and_asks_the_approver(
    world: World, database: DepartmentDatabase
) -> None:
    database.do("ALTER TABLE school ALTER COLUMN name TYPE varchar(60)")
    try:
        answer = fetched(world)
    finally:
        database.do("ALTER TABLE school ALTER COLUMN name TYPE varchar(50)")
    assert (answer.status_code, answer.json()["code"].rsplit("/", 1)[-1]) == (409, "plan_drifted")
    with reading() as session:
        asked = (
            session.connection()
            .execute(text("SELECT role FROM todo WHERE kind = 'mend_grant'"))
            .scalars()
            .all()
        )
    assert asked == ["approver"]
    assert fetched(world).status_code == 200


def test_another_column_beside_the_described_ones_changes_nothing(
    world: World, database: DepartmentDatabase
) -> None:
    database.do("ALTER TABLE school ADD COLUMN remark text")
    try:
        assert fetched(world).status_code == 200
    finally:
        database.do("ALTER TABLE school DROP COLUMN remark")


def test_a_right_taken_away_tells_the_consumer_little_and_the_approver_the_cause(
    world: World, database: DepartmentDatabase
) -> None:
    database.do(f"REVOKE SELECT ON school FROM {department_database.READER}")
    try:
        answer = fetched(world)
    finally:
        database.grant("school")
    assert answer.status_code == 503
    assert "GRANT" not in answer.text and "school" not in answer.text
    with reading() as session:
        told = (
            session.connection()
            .execute(text("SELECT what::text FROM todo WHERE kind = 'mend_grant'"))
            .scalar_one()
        )
    assert "GRANT SELECT" in told


def test_a_connection_that_was_removed_delivers_nothing(
    world: World, database: DepartmentDatabase
) -> None:
    registered.remove("edu")
    try:
        assert fetched(world).status_code == 503
    finally:
        database.connection.save(replace=True)


def test_the_password_is_in_no_event_row_or_answer(world: World) -> None:
    answer = fetched(world)
    with reading() as session:
        delivery = deliveries.by_no(session, answer.headers["shuqiao-delivery"])
        assert delivery is not None and delivery.status == "finished"
        for table in ("audit_event", "attachment", "share_grant", "delivery", "data_resource"):
            dump = (
                session.connection()
                .execute(text(f"SELECT string_agg({table}::text, ' ') FROM {table}"))
                .scalar()
            )
            assert dump, f"{table} is empty"
            assert PASSWORD not in dump and PASSWORD.encode().hex() not in dump
    assert PASSWORD.encode() not in answer.content
