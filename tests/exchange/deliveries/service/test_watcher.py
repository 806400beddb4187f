"""The watcher of a real data process: what ends a stream refuses the next; its own connection."""

import asyncio
import http.client
import itertools
import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest
from fixtures.database import Cluster
from fixtures.streaming import ROWS, StreamWorld, stream_world
from fixtures.striking import BASIS, ENTRY, struck

from exchange.deliveries.service.watcher import Watched, Watcher
from exchange.deliveries.words import EndReason
from shuqiao.ids import uuid7
from tests.exchange.deliveries.service.test_stream import delivery, is_cut

#: From the commit until the end is recorded, which is after the last byte was handed over: it is
#: asked every 250 ms.
SOON: Final = 1.0
#: From the last answer on; the last quarter of a second is for writing it down.
UNANSWERED: Final = 1.0 + 0.25
FINISHED: Final = ("finished", None, ROWS)
WATCHERS: Final = (
    "FROM pg_stat_activity WHERE application_name = 'shuqiao-watcher'"
    " AND datname = current_database()"
)
PERSON: Final = "WHERE account = 'shen'"
RESTORED: Final = (
    "UPDATE app_user SET roles = '{applicant}', is_active = true, is_password_temporary = false,"
    f" department_id = (SELECT id FROM department WHERE code = 'C') {PERSON}"
)
ELSEWHERE: Final = (
    f"UPDATE app_user SET department_id = (SELECT provider_id FROM share_grant) {PERSON}"
)
NO_MORE, GONE = "not_allowed", "credential_ended"


def outcome(world: StreamWorld, response: http.client.HTTPResponse) -> tuple[object, ...]:
    """Status, reason and rows as they were recorded."""
    return world.ended(delivery(response), seconds=15)[:3]


def ended_at(world: StreamWorld, delivery_no: str) -> float:
    """When the end was recorded (UNIX seconds), however late this process asks: ids of events
    begin with their millisecond.
    """
    newest = "SELECT id FROM audit_event WHERE stream = %s ORDER BY seq DESC LIMIT 1"
    event_id: UUID = world.rows(newest, delivery_no)[0][0]
    return (event_id.int >> 80) / 1_000


class TestTheSameQuestion:
    """Whatever makes the first check refuse ends a running stream within a second."""

    @pytest.mark.parametrize(
        ("change", "reason", "status"),
        [
            (f"UPDATE app_user SET roles = '{{}}' {PERSON}", NO_MORE, 404),
            (f"UPDATE app_user SET roles = '{{sharing_head}}' {PERSON}", NO_MORE, 403),
            (ELSEWHERE, NO_MORE, 404),
            (f"UPDATE app_user SET is_active = false {PERSON}", GONE, 401),
            (f"UPDATE app_user SET is_password_temporary = true {PERSON}", GONE, 403),
        ],
    )
    @pytest.mark.parametrize("by", ["token", "session"])
    def test_of_the_person(
        self, streaming_ready: StreamWorld, by: str, change: str, reason: str, status: int
    ) -> None:
        cookie = streaming_ready.signed_in() if by == "session" else ""
        if by == "token" and "'{}'" in change:
            status = 403  # with the last role the scope of the token is gone, whatever is asked for
        assert ends(streaming_ready, cookie, change, RESTORED) == (("stopped", reason), status)

    @pytest.mark.parametrize(
        ("change", "reason", "status"),
        [
            ("UPDATE service_token SET revoked_at = now()", GONE, 401),
            ("UPDATE service_token SET expires_at = now()", GONE, 401),
            ("UPDATE service_token SET scopes = '{exchange:grant:read}'", NO_MORE, 403),
        ],
    )
    def test_of_the_token(
        self, streaming_ready: StreamWorld, change: str, reason: str, status: int
    ) -> None:
        before = "CREATE TABLE kept_token AS TABLE service_token"
        after = (
            "UPDATE service_token SET revoked_at = NULL, expires_at = kept_token.expires_at,"
            " scopes = kept_token.scopes FROM kept_token; DROP TABLE kept_token"
        )
        streaming_ready.do(before)
        assert ends(streaming_ready, "", change, after) == (("stopped", reason), status)

    @pytest.mark.parametrize(
        "change",
        ["ended_at = now()", "expires_at = now()", "seen_at = now() - interval '31 minutes'"],
    )
    def test_of_the_browser_session(self, streaming_ready: StreamWorld, change: str) -> None:
        cookie = streaming_ready.signed_in()
        found = ends(streaming_ready, cookie, f"UPDATE login_session SET {change}", "SELECT 1")
        assert found == (("stopped", GONE), 401)

    def test_of_an_item_that_it_carries(self, streaming_ready: StreamWorld) -> None:
        unguarded = "SET session_replication_role = replica; UPDATE resource_item SET share_type ="
        withheld, shared = (
            f"{unguarded} '{kind}' WHERE column_name = 'phone'"
            for kind in ("withheld", "conditional")
        )
        found = ends(streaming_ready, "", withheld, shared)
        assert found == (("stopped", "item_suspended"), 200)

    def test_of_a_grant_that_was_suspended(self, streaming_ready: StreamWorld) -> None:
        change = "UPDATE share_grant SET status = 'suspended', ground = 'basis_changed'"
        restored = "UPDATE share_grant SET status = 'active', ground = NULL"
        found = ends(streaming_ready, "", change, restored)
        assert found == (("stopped", "item_suspended"), 409)

    def test_of_the_plan_that_was_proved(self, streaming_ready: StreamWorld) -> None:
        streaming_ready.do("CREATE TABLE kept_proof AS SELECT plan_fingerprint FROM share_grant")
        changed = "UPDATE share_grant SET plan_fingerprint = 'another'"
        restored = (
            "UPDATE share_grant SET plan_fingerprint = kept_proof.plan_fingerprint FROM kept_proof;"
            " DROP TABLE kept_proof"
        )
        found = ends(streaming_ready, "", changed, restored)
        assert found == (("stopped", "drifted"), 409)

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ("status = 'revoked'", "revoked"),
            ("status = 'expired'", "expired"),
            ("valid_until = '2026-02-10'", "expired"),
        ],
    )
    def test_of_the_grant(self, streaming_ready: StreamWorld, change: str, reason: str) -> None:
        unguarded = "ALTER TABLE share_grant DISABLE TRIGGER share_grant_keep_terms"
        guarded = unguarded.replace("DISABLE", "ENABLE")
        changed = f"{unguarded}; UPDATE share_grant SET {change}; {guarded}"
        before = "status = 'active', valid_until = '2026-12-31'"
        restored = f"{unguarded}; UPDATE share_grant SET {before}; {guarded}"
        assert ends(streaming_ready, "", changed, restored) == (("stopped", reason), 403)


def test_a_negative_entry_published_while_a_transfer_runs_stops_it_within_a_second(
    streaming_ready: StreamWorld,
) -> None:
    """At the socket of a slow reader; the end says by which entry, and the other items leave at
    once.
    """
    world, (enter, cover) = streaming_ready, struck("column_name = 'phone'")
    with world.fetch(column="id") as untouched, world.fetch() as response:
        untouched.read(65_536)
        response.read(65_536)
        try:
            world.do(f"{enter}; {cover}")
            changed_at = time.time()
            status, reason, rows = outcome(world, response)
            took = ended_at(world, delivery(response)) - changed_at
            with world.fetch() as second:
                others = second.read()
            with world.fetch(column="phone") as refused:
                said = json.loads(refused.read())
        finally:
            world.do("DELETE FROM negative_cover; DELETE FROM negative_entry")
        assert is_cut(response)
        assert not is_cut(untouched), "it carries no struck item"
    assert (status, reason) == ("stopped", "negative_entry")
    assert rows < ROWS
    assert took < SOON
    stopped = "SELECT struck_by FROM delivery WHERE delivery_no = %s"
    assert world.rows(stopped, delivery(response)) == [([ENTRY],)]
    last = "SELECT canon FROM audit_event WHERE stream = %s ORDER BY seq DESC LIMIT 1"
    why = json.loads(bytes(world.rows(last, delivery(response))[0][0]))["why"]
    assert (why["reason"], why["negative_entries"]) == ("negative_entry", [ENTRY])
    assert (second.status, refused.status) == (200, 409)
    assert len(others) > 65_536
    assert ENTRY in said["detail"] and BASIS in said["detail"]


def ends(
    world: StreamWorld, cookie: str, change: str, restored: str
) -> tuple[tuple[object, ...], int]:
    """How a running stream ends, within a second of ``change``; the status of the next fetch."""
    with world.fetch(cookie=cookie) as response:
        response.read(65_536)
        world.do(change)
        try:
            changed_at = time.time()
            status, reason, rows = outcome(world, response)
            took = ended_at(world, delivery(response)) - changed_at
            with world.fetch(cookie=cookie) as second:
                second.read()
        finally:
            world.do(restored)
        assert is_cut(response)
    assert rows < ROWS
    assert took < SOON
    return (status, reason), second.status


class TestAStreamIsAUseOfItsSession:
    def test_a_session_is_not_idle_while_its_transfer_runs(
        self, streaming_ready: StreamWorld
    ) -> None:
        world = streaming_ready
        cookie = world.signed_in()
        with world.fetch(cookie=cookie) as response:
            world.do("UPDATE login_session SET seen_at = now() - interval '29 minutes 58 seconds'")
            assert not is_cut(response, slowly=4)
        assert outcome(world, response) == FINISHED

    def test_but_it_ends_at_its_last_hour(self, streaming_ready: StreamWorld) -> None:
        world = streaming_ready
        with world.fetch(cookie=world.signed_in()) as response:
            world.do("UPDATE login_session SET expires_at = now() + interval '1 second'")
            assert is_cut(response, slowly=3)
        assert outcome(world, response)[:2] == ("stopped", GONE)


def test_what_has_just_begun_is_not_as_stale_as_what_ran_before() -> None:
    """Nobody asks here: each ends a second after its own last check."""

    async def nobody_asks() -> None:
        watcher, now = Watcher(), time.monotonic()
        before, fresh = (Watched(uuid7(), "", checked_at=at) for at in (now - 0.9, now))
        for each in (before, fresh):
            watcher.watch(each)
        looking = asyncio.create_task(watcher._stop_when_stale())
        await asyncio.wait_for(before.stopped.wait(), 5)
        assert (before.reason, fresh.reason) == (EndReason.UNCHECKED, None)
        await asyncio.wait_for(fresh.stopped.wait(), 5)
        assert 1 <= time.monotonic() - now < 5
        looking.cancel()
        watcher.places.close()

    asyncio.run(nobody_asks())


class TestItsOwnConnection:
    def test_a_pool_held_for_seconds_stops_nothing_that_runs(
        self, cluster: Cluster, stream_home: Path
    ) -> None:
        limits = {
            "SHUQIAO_DB_POOL_SIZE": "2",
            "SHUQIAO_LOCK_TIMEOUT_MS": "60000",
            "SHUQIAO_STATEMENT_TIMEOUT_MS": "60000",
        }
        numbers = "LOCK TABLE number_series IN EXCLUSIVE MODE"
        with (
            stream_world(cluster.fresh(), stream_home, ready=True, **limits) as world,
            world.fetch() as response,
        ):
            with ThreadPoolExecutor(4) as people, held(world, numbers):
                asked = [people.submit(fetched, world) for _person in range(4)]
                nibble(response, seconds=3)
                for refused in itertools.islice(as_completed(asked), 2):
                    assert refused.result() == 503, "two hold the pool, two waited for it in vain"
                nibble(response, seconds=1)
            assert not is_cut(response)
            assert outcome(world, response) == FINISHED

    @pytest.mark.slow
    def test_400_small_fetches_at_once_stop_nothing_that_runs(
        self, streaming_ready: StreamWorld
    ) -> None:
        """By one person, over and over; whoever finds no room is told so, and nobody that it was
        too often.
        """
        world, done = streaming_ready, threading.Event()
        with ExitStack() as open_now, ThreadPoolExecutor(4) as people:
            long = [open_now.enter_context(world.fetch()) for _each in range(3)]
            small = people.submit(asyncio.run, small_fetches(world, 400, done))
            try:
                read = [people.submit(is_cut, response, slowly=6) for response in long]
                assert [each.result() for each in read] == [False] * 3
            finally:
                done.set()
            statuses = small.result()
            assert [outcome(world, response) for response in long] == [FINISHED] * 3
        assert set(statuses) <= {200, 503}, statuses
        assert statuses[200]

    def test_one_that_is_broken_is_opened_again_before_anything_is_cut(
        self, streaming_ready: StreamWorld
    ) -> None:
        world = streaming_ready
        with world.fetch() as response:
            before = world.rows(f"SELECT pid {WATCHERS}")
            assert len(before) == 1
            world.do(f"SELECT pg_terminate_backend(pid) {WATCHERS}")
            assert not is_cut(response, slowly=2)
            assert world.rows(f"SELECT pid {WATCHERS}") not in ([], before)
        assert outcome(world, response) == FINISHED

    def test_no_answer_for_a_second_stops_what_runs_and_the_next_stream_is_well(
        self, streaming_ready: StreamWorld
    ) -> None:
        world = streaming_ready
        (pid,) = world.rows(f"SELECT pid {WATCHERS}")[0]
        with world.fetch() as response:
            response.read(65_536)
            os.kill(pid, signal.SIGSTOP)
            try:
                silent_at = time.time()
                assert outcome(world, response)[:2] == ("stopped", "unchecked")
                assert ended_at(world, delivery(response)) - silent_at < UNANSWERED
            finally:
                os.kill(pid, signal.SIGCONT)
        assert slow_fetch(world, seconds=2) == FINISHED

    def test_a_delivery_that_somebody_holds_spoils_no_check(
        self, streaming_ready: StreamWorld
    ) -> None:
        world = streaming_ready
        with world.fetch() as response:
            response.read(65_536)
            row = f"SELECT FROM delivery WHERE delivery_no = '{delivery(response)}' FOR UPDATE"
            with held(world, row):
                nibble(response, seconds=3)
            assert not is_cut(response)
        assert outcome(world, response) == FINISHED


@contextmanager
def held(world: StreamWorld, statement: str) -> Iterator[None]:
    """What ``statement`` locks is locked while the block runs."""
    with psycopg.connect(world.dsn) as connection:
        connection.execute(statement.encode())
        yield


def nibble(response: http.client.HTTPResponse, *, seconds: float) -> None:
    """Read a little for so long; a stream that is cut meanwhile raises."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert response.read(16_384)
        time.sleep(0.05)


def fetched(world: StreamWorld, **query: str) -> int:
    with world.fetch(**query) as response:
        response.read()
        return response.status


async def small_fetches(world: StreamWorld, at_once: int, done: threading.Event) -> Counter[int]:
    """One column, so many at the same time, again and again; how each was answered."""
    statuses: Counter[int] = Counter()
    address = urlsplit(world.origin)
    lines = (
        f"GET /api/v1/grants/{world.grant_no}/data?column=id HTTP/1.1",
        f"host: {address.netloc}",
        f"authorization: Bearer {world.token}",
        "connection: close",
    )

    async def one() -> None:
        while not done.is_set():
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            writer.write("\r\n".join((*lines, "", "")).encode())
            status = int((await reader.readline()).split()[1])
            while await reader.read(1_048_576):
                pass
            writer.close()
            statuses[status] += 1

    await asyncio.gather(*(one() for _each in range(at_once)))
    return statuses


def slow_fetch(world: StreamWorld, *, seconds: float = 6.0) -> tuple[object, ...]:
    """How a fetch ends whose reader takes his time."""
    with world.fetch() as response:
        is_cut(response, slowly=seconds)
    return outcome(world, response)
