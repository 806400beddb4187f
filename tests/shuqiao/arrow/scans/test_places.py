"""Places of live reads over a real database: a department's share, a server that does not let go,
the queue.
"""

import asyncio
import os
import signal
import time
from contextlib import aclosing
from dataclasses import replace

import psycopg
import pytest
from fixtures.database import Cluster
from fixtures.department_database import READER, DepartmentDatabase, of_cluster

from shuqiao.arrow.connectors.live import LiveRelation, relation_of, shape
from shuqiao.arrow.connectors.postgres import Session
from shuqiao.arrow.scans import live_scan
from shuqiao.arrow.scans.places import ASKING_ALL, ASKING_ONE, NoPlace, Places
from shuqiao.arrow.scans.plan import DeliveryPlan, PlanColumn
from shuqiao.arrow.scans.scan import run


def places(*, live: int = 4, each: int = 2, waiting: int = 8, seconds: float = 60) -> Places:
    return Places(scans=1, live=live, live_each=each, waiting=waiting, seconds=seconds)


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> DepartmentDatabase:
    made = of_cluster(cluster, "dept_places")
    made.do(
        "CREATE TABLE free AS SELECT i AS id FROM generate_series(1, 1000) i",
        "CREATE TABLE held AS SELECT i AS id FROM generate_series(1, 1000) i",
    )
    made.grant("free", "held")
    return made


def plan(database: DepartmentDatabase, table: str, owner: str) -> DeliveryPlan:
    """All rows of a table, in the name of a department."""
    with Session(database.connection) as session:
        found = relation_of(shape(session.describe("public", table)))
    source = LiveRelation(replace(database.connection, owner=owner), found)
    return DeliveryPlan(source, (PlanColumn("i", "id", "编号", found.columns[0].type),))


async def count(plan: DeliveryPlan, where: Places) -> int:
    async with aclosing(run(plan, {}, where)) as batches:
        return sum([batch.num_rows async for batch in batches])


def held(database: DepartmentDatabase) -> psycopg.Connection:
    """Nobody reads the table ``held`` until it is closed."""
    url = database.admin_url.set(drivername="postgresql")
    line = psycopg.connect(url.render_as_string(hide_password=False))
    line.execute("LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
    return line


async def asleep(database: DepartmentDatabase) -> int:
    """The server's process that waits for the lock."""

    def found() -> int:
        asked = "SELECT pid FROM pg_stat_activity WHERE usename = %s AND wait_event_type = 'Lock'"
        deadline = time.monotonic() + 30
        while not (rows := database.ask(asked, [READER])):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return int(rows[0][0])

    return await asyncio.to_thread(found)


def test_a_locked_table_takes_its_departments_share_and_no_other_place(
    database: DepartmentDatabase,
) -> None:
    one, other = plan(database, "held", "P1"), plan(database, "free", "P2")
    same = plan(database, "free", "P1")

    async def reads() -> None:
        where = places(live=2, each=1)
        stuck = asyncio.create_task(count(one, where))
        await asleep(database)
        queued = asyncio.create_task(count(same, where))
        for _time in range(3):
            assert await count(other, where) == 1_000
        assert not queued.done()
        line.close()
        assert await stuck == await queued == 1_000

    line = held(database)
    asyncio.run(reads())


def test_a_server_that_does_not_let_go_keeps_its_share_and_nothing_else(
    database: DepartmentDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_scan, "ABANDONED_AFTER_SECONDS", 0.2)
    one, other = plan(database, "held", "P1"), plan(database, "free", "P2")

    async def reads() -> None:
        where = places(live=1, each=1)
        stuck = asyncio.create_task(count(one, where))
        pid = await asleep(database)
        os.kill(pid, signal.SIGSTOP)
        try:
            stuck.cancel()
            await asyncio.gather(stuck, return_exceptions=True)
            assert await count(other, where) == 1_000
        finally:
            os.kill(pid, signal.SIGCONT)
            line.close()
        assert await count(one, where) == 1_000

    line = held(database)
    asyncio.run(reads())


def test_who_waits_too_long_or_behind_too_many_is_told(database: DepartmentDatabase) -> None:
    one = plan(database, "held", "P1")

    async def reads() -> None:
        where = places(live=1, waiting=1, seconds=0.5)
        stuck = asyncio.create_task(count(one, where))
        await asleep(database)
        began = time.monotonic()
        queued = asyncio.create_task(count(one, where))
        await asyncio.sleep(0)
        with pytest.raises(NoPlace):
            await count(one, where)
        with pytest.raises(NoPlace):
            where.check_room()
        with pytest.raises(NoPlace):
            await queued
        assert time.monotonic() - began >= 0.5
        where.check_room()
        line.close()
        assert await stuck == 1_000

    line = held(database)
    asyncio.run(reads())


def test_a_source_is_asked_by_a_few_at_a_time() -> None:
    async def made() -> Places:
        return places()

    where = asyncio.run(made())
    asking = [where.asking("P1") for _time in range(ASKING_ONE)]
    for each in asking:
        each.__enter__()
    with pytest.raises(NoPlace), where.asking("P1"):
        pass
    with where.asking("P2"):
        pass
    asking[0].__exit__(None, None, None)
    with where.asking("P1"):
        pass


def test_all_sources_together_are_asked_by_some_at_a_time() -> None:
    async def made() -> Places:
        return places()

    where = asyncio.run(made())
    asking = [where.asking(f"P{number}") for number in range(ASKING_ALL)]
    for each in asking:
        each.__enter__()
    with pytest.raises(NoPlace), where.asking("another"):
        pass
    asking[0].__exit__(None, None, None)
    with where.asking("another"):
        pass


def test_who_leaves_while_waiting_for_a_free_place_keeps_no_share() -> None:
    async def waits() -> None:
        where = places(live=1, each=1)
        taken = await where.live_turn("P1")
        waiting = asyncio.create_task(where.live_turn("P2"))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        taken.over()
        async with asyncio.timeout(10):
            (await where.live_turn("P2")).over()

    asyncio.run(waits())


def test_a_turn_that_was_abandoned_and_then_over_frees_one_place() -> None:
    async def turns() -> None:
        where = places(live=1, each=2)
        turn = await where.live_turn("P1")
        turn.abandon()
        turn.over()
        (await where.live_turn("P1")).abandon()
        second = await where.live_turn("P1")
        third = asyncio.create_task(where.live_turn("P2"))
        done, _ = await asyncio.wait([third], timeout=0.05)
        assert not done, "one free place, and somebody has it"
        second.over()
        (await third).over()

    asyncio.run(turns())
