"""Places are held while something is computed or read, never while a peer reads: real processes,
real slow readers, a department's own database.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from fixtures import department_database, withholding
from fixtures.database import Cluster
from fixtures.department_database import DepartmentDatabase
from fixtures.streaming import StreamWorld, live_stream_world, slow_reader, stream_world
from fixtures.worlds import World

from shuqiao.arrow.connectors import registered
from tests.exchange.deliveries.service.test_stream import delivery
from tests.exchange.deliveries.service.test_watcher import SOON, ended_at

At = Callable[[str], World]
#: Rows that are put into the department's table: more than every buffer of a connection holds.
MANY: Final = 300_000


def status_of(world: StreamWorld, delivery_no: str) -> str:
    asked = "SELECT status FROM delivery WHERE delivery_no = %s"
    return str(world.rows(asked, delivery_no)[0][0])


def whole(world: StreamWorld, cookie: str = "") -> tuple[Any, ...]:
    """How a fetch ends whose reader takes all at once."""
    with world.fetch(cookie=cookie) as response:
        assert response.status == 200, response.read()
        while response.read(1_048_576):
            pass
    return world.ended(delivery(response), seconds=20)


def last_why(world: StreamWorld, stream: str) -> dict[str, Any]:
    last = "SELECT canon FROM audit_event WHERE stream = %s ORDER BY seq DESC LIMIT 1"
    why: dict[str, Any] = json.loads(bytes(world.rows(last, stream)[0][0]))["why"]
    return why


def test_two_readers_at_a_kilobyte_a_second_stop_nobody(streaming: StreamWorld) -> None:
    """Filtered and masked rows, two places for all."""
    with (
        slow_reader(streaming, bytes_a_second=1_024) as one,
        slow_reader(streaming, bytes_a_second=1_024) as other,
    ):
        assert whole(streaming)[0] == "finished"
        for slow in (one, other):
            assert status_of(streaming, slow.delivery_no) == "running"


class TestALiveTable:
    @pytest.fixture
    def database(self, cluster: Cluster) -> Iterator[DepartmentDatabase]:
        made = department_database.of_cluster(cluster)
        made.do(
            "INSERT INTO school (code, name, longitude) SELECT 'many' || i, md5(i::text), 121"
            f" FROM generate_series(1, {MANY}) AS i"
        )
        yield made
        made.do("DELETE FROM school WHERE code LIKE 'many%'")

    @pytest.fixture
    def world(self, committed_world: At) -> World:
        return committed_world("live_grant")

    def test_two_slow_readers_stop_nobody_and_its_database_is_let_go(
        self, world: World, database: DepartmentDatabase, cluster: Cluster
    ) -> None:
        cookie = world.cookies["applicant"]
        with (
            live_stream_world(world, cluster.superuser_url) as served,
            slow_reader(served, bytes_a_second=1_024, cookie=cookie) as one,
            slow_reader(served, bytes_a_second=1_024, cookie=cookie) as other,
        ):
            assert whole(served, cookie)[:2] == ("finished", None)
            assert let_go(database)
            for slow in (one, other):
                assert status_of(served, slow.delivery_no) == "running"
            assert list((served.log_file.parent / "spool").iterdir()) == []

    def test_from_the_administrations_word_to_the_socket_it_takes_less_than_a_second(
        self, world: World, database: DepartmentDatabase, cluster: Cluster
    ) -> None:
        """Proposed, consented to and put in force by the services, as three people would."""
        named = [{"resource": world.resource_code, "name": "学校名称"}]
        no = withholding.propose(world, items=named)
        withholding.consented(world, no)
        cookie = world.cookies["applicant"]
        with (
            live_stream_world(world, cluster.superuser_url) as served,
            slow_reader(served, bytes_a_second=1_024, cookie=cookie) as slow,
        ):
            withholding.in_force(world, no)
            said_at = time.time()
            ended = served.ended(slow.delivery_no)
            after = slow.rest()
        assert ended[:2] == ("stopped", "negative_entry")
        assert after < 100_000
        assert ended_at(served, slow.delivery_no) - said_at < SOON
        assert last_why(served, slow.delivery_no)["negative_entries"] == [no]

    def test_a_connection_that_is_removed_ends_what_it_reads(
        self, world: World, database: DepartmentDatabase, cluster: Cluster
    ) -> None:
        cookie = world.cookies["applicant"]
        with (
            live_stream_world(world, cluster.superuser_url) as served,
            slow_reader(served, bytes_a_second=1_024, cookie=cookie) as slow,
        ):
            registered.remove("edu")
            try:
                assert served.ended(slow.delivery_no)[:2] == ("failed", "source_away")
                assert last_why(served, slow.delivery_no)["cause"] == "removed"
            finally:
                database.connection.save(replace=True)

    def test_a_reader_for_whom_it_would_have_to_wait_is_cut(
        self, world: World, database: DepartmentDatabase, cluster: Cluster
    ) -> None:
        limits = {"SHUQIAO_LIVE_SPOOL_BYTES": "1048576", "SHUQIAO_LIVE_WAIT_SECONDS": "1"}
        cookie = world.cookies["applicant"]
        with (
            live_stream_world(world, cluster.superuser_url, **limits) as served,
            slow_reader(served, bytes_a_second=1_024, cookie=cookie) as slow,
        ):
            assert served.ended(slow.delivery_no, seconds=20)[:2] == ("stopped", "too_slow")
            assert let_go(database)

    def test_a_locked_one_is_told_with_its_cause_and_who_waits_behind_it_can_go(
        self, world: World, database: DepartmentDatabase, cluster: Cluster
    ) -> None:
        """One at a time: the first waits for the table, the second for the first, the third is
        refused.
        """
        limits = {
            "SHUQIAO_LIVE_READS_AT_ONCE": "1",
            "SHUQIAO_PLACES_WAITING": "1",
            "SHUQIAO_CONNECTOR_ANSWER_SECONDS": "6",
        }
        cookie, answers = world.cookies["applicant"], dict[str, tuple[int, str]]()

        def ask(name: str) -> None:
            with served.fetch(cookie=cookie) as response:
                answers[name] = response.status, json.loads(response.read())["code"]

        with (
            live_stream_world(world, cluster.superuser_url, **limits) as served,
            locked(database, "school"),
        ):
            first = threading.Thread(target=ask, args=("first",))
            first.start()
            numbers = [begun(served, 1)]
            second = threading.Thread(target=ask, args=("second",))
            second.start()
            numbers.append(begun(served, 2))
            ask("third")
            assert answers["third"] == (503, "transfers_busy")
            assert served.events(world.grant_no)[-1] == "exchange:delivery:refused"
            served.do("UPDATE login_session SET ended_at = now()")
            ended_at = time.monotonic()
            second.join(5)
            assert time.monotonic() - ended_at < 3
            assert answers["second"] == (409, "transfer_stopped")
            assert served.ended(numbers[1])[:2] == ("stopped", "credential_ended")
            first.join(15)
        assert answers["first"] == (409, "transfer_stopped")

    def test_a_lock_that_stays_ends_the_read_with_its_cause(
        self, world: World, database: DepartmentDatabase, cluster: Cluster
    ) -> None:
        limits = {
            "SHUQIAO_LIVE_READS_AT_ONCE": "1",
            "SHUQIAO_PLACE_WAIT_SECONDS": "1",
            "SHUQIAO_CONNECTOR_ANSWER_SECONDS": "3",
        }
        cookie, answers = world.cookies["applicant"], list[tuple[int, str]]()

        def ask() -> None:
            with served.fetch(cookie=cookie) as response:
                answers.append((response.status, json.loads(response.read())["code"]))

        with live_stream_world(world, cluster.superuser_url, **limits) as served:
            with locked(database, "school"):
                first = threading.Thread(target=ask)
                first.start()
                number = begun(served, 1)
                ask()
                assert answers == [(503, "transfers_busy")]
                waited = begun(served, 1, but=number)
                assert served.ended(waited)[:2] == ("stopped", "no_place")
                first.join(20)
            assert answers[1:] == [(503, "source_away")]
            assert served.ended(number)[:2] == ("failed", "source_away")
            assert last_why(served, number)["cause"] == "timed_out"
            asked = "SELECT count(*) FROM todo WHERE kind = 'mend_grant' AND role = 'approver'"
            assert served.rows(asked) == [(1,)]
            assert whole(served, cookie)[0] == "finished"


def begun(world: StreamWorld, count: int, *, but: str = "", seconds: float = 20.0) -> str:
    """The number of the newest of so many transfers, once they have begun."""
    asked = "SELECT delivery_no FROM delivery WHERE delivery_no <> %s ORDER BY delivery_no"
    deadline = time.monotonic() + seconds
    while len(found := world.rows(asked, but)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return str(found[-1][0])


def let_go(database: DepartmentDatabase, *, seconds: float = 20.0) -> bool:
    """Whether no connection to it is open soon."""
    deadline = time.monotonic() + seconds
    while database.backends() and time.monotonic() < deadline:
        time.sleep(0.05)
    return database.backends() == 0


class locked:  # noqa: N801
    """A table that somebody has locked against everybody."""

    def __init__(self, database: DepartmentDatabase, table: str) -> None:
        url = database.admin_url.set(drivername="postgresql")
        self._line = psycopg.connect(url.render_as_string(hide_password=False))
        self._line.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_reason: object) -> None:
        self._line.close()


@pytest.fixture(scope="module")
def strict(cluster: Cluster, stream_home: Path) -> Iterator[StreamWorld]:
    limits = {
        "SHUQIAO_STREAM_SLOW_SECONDS": "3",
        "SHUQIAO_STREAM_LEAST_BYTES_A_SECOND": "100000",
    }
    with stream_world(cluster.fresh(), stream_home, ready=True, **limits) as world:
        yield world


class TestPace:
    def test_a_reader_below_the_least_rate_is_cut_with_the_reason(
        self, strict: StreamWorld
    ) -> None:
        with slow_reader(strict, bytes_a_second=8_192) as slow:
            assert strict.ended(slow.delivery_no, seconds=20)[:2] == ("stopped", "too_slow")

    def test_one_above_it_is_not(self, strict: StreamWorld) -> None:
        with slow_reader(strict, bytes_a_second=2_000_000, window=262_144) as slow:
            time.sleep(5)
            assert status_of(strict, slow.delivery_no) == "running"
