"""A plan over a live relation: the same rows as over a snapshot of it,
stopped and broken off cleanly.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from fixtures.database import Cluster
from fixtures.department_database import READER, DepartmentDatabase, of_cluster

from shuqiao.arrow.connectors.causes import ConnectorFailed
from shuqiao.arrow.connectors.live import LiveRelation, RelationChanged, only, relation_of, shape
from shuqiao.arrow.connectors.postgres import Session
from shuqiao.arrow.scans.plan import DeliveryPlan, Limits, PlanColumn
from shuqiao.arrow.scans.receipts import ReceiptBuilder, check_receipt
from shuqiao.arrow.scans.scan import LimitExceeded, run, scan
from shuqiao.arrow.snapshots.reader import Snapshot, open_snapshot
from shuqiao.arrow.snapshots.writer import write_snapshot
from shuqiao.arrow.terms.filters import parse_filter
from shuqiao.arrow.terms.masks import parse_mask

KEYS = {"mask-key": b"0123456789abcdef"}
ROWS, UNLIMITED = 200_000, Limits()


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> DepartmentDatabase:
    made = of_cluster(cluster, "dept_live")
    made.do(
        f"CREATE TABLE pupil AS SELECT i AS id, CASE WHEN i % 7 > 0 THEN '1500' || i END AS card,"
        f" (i * 1.5)::numeric(12,2) AS score, md5(i::text) AS mark FROM generate_series(1, {ROWS}) "
        "i",
        "ALTER TABLE pupil ADD PRIMARY KEY (id)",
    )
    made.grant("pupil")
    return made


@pytest.fixture(scope="module")
def live(database: DepartmentDatabase) -> LiveRelation:
    with Session(database.connection) as session:
        found = session.describe("public", "pupil")
    return LiveRelation(
        database.connection, relation_of(shape(only(found, {"id", "card", "score", "mark"})))
    )


@pytest.fixture(scope="module")
def stored(live: LiveRelation, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    root: Path = tmp_path_factory.mktemp("snapshots")
    reading = live.read(live.schema.names)
    try:
        return open_snapshot(root / write_snapshot(root, reading, live.schema).id)
    finally:
        reading.close()


def plan(
    source: Any,
    *,
    masked: bool = False,
    limits: Limits = UNLIMITED,
    rows: dict[str, Any] | None = None,
) -> Any:
    mask = parse_mask({"kind": "pseudonym", "digits": 16}, pa.string()) if masked else None
    columns = (
        PlanColumn("i", "id", "编号", pa.int32()),
        PlanColumn("c", "card", "证件", pa.string(), mask),
        PlanColumn("s", "score", "分数", pa.decimal128(12, 2)),
    )
    row_filter = parse_filter(rows, {"s": pa.decimal128(12, 2)}) if rows else None
    return DeliveryPlan(source, columns, row_filter, {"s": "score"}, "mask-key", limits)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("rows", [None, {"item": "s", "op": "gt", "value": "150000"}])
def test_live_rows_are_the_stored_rows(
    live: LiveRelation, stored: Snapshot, masked: bool, rows: Any
) -> None:
    one, other = (plan(source, masked=masked, rows=rows) for source in (live, stored))
    left, right = (
        pa.Table.from_batches(list(scan(each, KEYS)), each.schema) for each in (one, other)
    )
    assert left.num_rows == (ROWS if rows is None else ROWS // 2)
    assert left.replace_schema_metadata() == right.cast(left.schema).replace_schema_metadata()
    assert one.fingerprint() != other.fingerprint()


def test_batches_have_one_size_and_the_receipt_fits_them(live: LiveRelation) -> None:
    made = plan(live, masked=True)
    builder, batches = ReceiptBuilder(made), list(scan(made, KEYS))
    for batch in batches:
        builder.add(batch)
    assert len({batch.num_rows for batch in batches[:-1]}) == 1
    receipt = builder.receipt()
    assert check_receipt(batches, receipt)
    assert receipt["live_at"] and "snapshot_root" not in receipt


def test_beside_the_event_loop_they_are_the_same(live: LiveRelation) -> None:
    async def rows() -> int:
        return sum([batch.num_rows async for batch in run(plan(live, masked=True), KEYS)])

    assert asyncio.run(rows()) == ROWS


def test_stopping_early_leaves_the_source_at_once(
    live: LiveRelation, database: DepartmentDatabase
) -> None:
    async def first() -> int:
        async with aclosing(run(plan(live), KEYS)) as batches:
            async for batch in batches:
                return int(batch.num_rows)
        return 0

    assert asyncio.run(first()) > 0
    assert gone(database)


@pytest.fixture
def unending(database: DepartmentDatabase) -> Iterator[LiveRelation]:
    """All rows, and then one that does not come: however far the driver
    reads ahead, it is not at the end.
    """
    database.do(
        "CREATE VIEW unending AS SELECT id, card, score FROM pupil"
        " UNION ALL SELECT NULL, pg_sleep(600)::text, NULL::numeric(12,2)"
    )
    database.grant("unending")
    with Session(database.connection) as session:
        relation = relation_of(shape(session.describe("public", "unending")))
    yield LiveRelation(database.connection, relation)
    database.do("DROP VIEW unending")


def test_a_task_that_is_cancelled_leaves_the_source(
    unending: LiveRelation, database: DepartmentDatabase
) -> None:
    async def broken_off() -> None:
        async def read() -> None:
            async for _batch in run(plan(unending), KEYS):
                await asyncio.sleep(0)

        task = asyncio.create_task(read())
        while not await asyncio.to_thread(database.backends):
            assert not task.done()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(broken_off())
    assert gone(database)


def test_a_source_that_dies_in_the_midst_breaks_the_run(
    unending: LiveRelation, database: DepartmentDatabase
) -> None:
    async def killed() -> None:
        async with aclosing(run(plan(unending), KEYS)) as batches:
            async for _batch in batches:
                kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s"
                await asyncio.to_thread(database.ask, kill, [READER])

    with pytest.raises(ConnectorFailed):
        asyncio.run(killed())


def test_limits_hold_for_live_rows_too(live: LiveRelation) -> None:
    with pytest.raises(LimitExceeded):
        list(scan(plan(live, limits=Limits(rows=1_000)), KEYS))


@pytest.mark.parametrize(
    ("change", "back"),
    [
        (
            "ALTER TABLE pupil ALTER COLUMN card TYPE varchar(30)",
            "ALTER TABLE pupil ALTER COLUMN card TYPE text",
        ),
        (
            "ALTER TABLE pupil RENAME COLUMN score TO points",
            "ALTER TABLE pupil RENAME COLUMN points TO score",
        ),
        ("ALTER TABLE pupil DROP CONSTRAINT pupil_pkey", "ALTER TABLE pupil ADD PRIMARY KEY (id)"),
    ],
)
def test_a_changed_shape_is_refused_before_any_row(
    live: LiveRelation, database: DepartmentDatabase, change: str, back: str
) -> None:
    database.do(change)
    try:
        with pytest.raises(RelationChanged):
            live.check()
        with pytest.raises(RelationChanged):
            next(iter(scan(plan(live), KEYS)))
    finally:
        database.do(back)
    live.check()


def gone(database: DepartmentDatabase) -> bool:
    deadline = time.monotonic() + 15
    while database.backends() and time.monotonic() < deadline:
        time.sleep(0.05)
    return database.backends() == 0
