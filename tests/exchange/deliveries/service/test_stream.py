"""The governed stream, over real sockets from a real process: true
ends, whatever the reader or the law does.
"""

import http.client
import json
import os
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2
import pyarrow as pa
import pytest
from fixtures.database import Cluster
from fixtures.streaming import COLUMNS, ROWS, StreamWorld, stream_world, wait_ready

from server.process import migrating
from shuqiao.arrow.scans.receipts import check_receipt
from shuqiao.embedded import ConnectionUrls, EmbeddedPostgres


def migrated(server: EmbeddedPostgres) -> ConnectionUrls:
    urls = server.database()
    migrating.upgrade(urls.owner_url.render_as_string(hide_password=False))
    return urls


def read_all(
    world: StreamWorld, **query: object
) -> tuple[list[pa.RecordBatch], dict[str, Any], str]:
    """All batches, the receipt and the delivery number of one fetch."""
    with world.fetch(**query) as response:
        assert response.status == 200, response.read()
        reader = pa.ipc.open_stream(response)
        batches: list[pa.RecordBatch] = []
        receipt: dict[str, Any] = {}
        while True:
            try:
                batch, metadata = reader.read_next_batch_with_custom_metadata()
            except StopIteration:
                return batches, receipt, delivery(response)
            if metadata is not None:
                receipt = json.loads(metadata["shuqiao.receipt"])
            batches.append(batch)


def delivery(response: http.client.HTTPResponse) -> str:
    return response.headers["shuqiao-delivery"]


def is_cut(response: http.client.HTTPResponse, *, slowly: float = 0.0) -> bool:
    """Whether the stream ends without its end within five seconds; read
    only a little for the first ``slowly``.
    """
    started = time.monotonic()
    try:
        while response.read(4_096 if time.monotonic() - started < slowly else 1_048_576):
            if time.monotonic() - started < slowly:
                time.sleep(0.05)
            assert time.monotonic() - started < slowly + 5, "bytes still come"
    except (http.client.IncompleteRead, ConnectionError):
        return True
    return False


class TestFinished:
    def test_leaves_only_granted_columns_and_rows_masked_with_a_right_receipt(
        self, streaming: StreamWorld
    ) -> None:
        batches, receipt, delivery_no = read_all(streaming)
        table = pa.Table.from_batches(batches)

        assert table.column_names == COLUMNS
        assert 0 < table.num_rows < ROWS
        phones = {phone for phone in table["phone"].slice(0, 1000).to_pylist() if phone is not None}
        assert all(len(phone) == 64 for phone in phones)
        assert check_receipt(batches, receipt)
        status, reason, rows, size = streaming.ended(delivery_no)
        assert (status, reason, rows) == ("finished", None, table.num_rows)
        assert size > table.num_rows
        assert streaming.events(delivery_no) == [
            "exchange:delivery:started",
            "exchange:delivery:finished",
        ]

    def test_is_the_same_to_the_byte_every_time(self, streaming: StreamWorld) -> None:
        first, second = (read_all(streaming)[1] for _ in range(2))
        assert first["root"] == second["root"]

    def test_a_ready_stream_reuses_the_stored_digests(self, streaming_ready: StreamWorld) -> None:
        batches, receipt, delivery_no = read_all(streaming_ready)
        assert sum(batch.num_rows for batch in batches) == ROWS
        assert check_receipt(batches, receipt)
        assert streaming_ready.ended(delivery_no)[0] == "finished"

    def test_some_of_the_granted_columns_may_be_asked_for(self, streaming: StreamWorld) -> None:
        batches, _receipt, _no = read_all(streaming, column=["id", "phone"])
        assert batches[0].schema.names == ["id", "phone"]


class TestRefused:
    def test_another_column_is_refused_with_a_reason_and_recorded(
        self, streaming: StreamWorld
    ) -> None:
        with streaming.fetch(column="remark") as response:
            body = json.loads(response.read())
        assert (response.status, body["code"]) == (403, "column_not_granted")
        assert "remark" in body["detail"]
        assert streaming.events(streaming.grant_no)[-1] == "exchange:delivery:refused"

    @pytest.mark.parametrize(
        ("headers", "status"), [({"accept": "text/csv"}, 406), ({"authorization": "none"}, 401)]
    )
    def test_other_faces_and_other_people(
        self, streaming: StreamWorld, headers: dict[str, str], status: int
    ) -> None:
        url = f"{streaming.origin}/api/v1/grants/{streaming.grant_no}/data"
        answer = httpx2.get(url, headers={"authorization": f"Bearer {streaming.token}", **headers})
        assert answer.status_code == status


class TestStopped:
    def test_a_reader_who_leaves_is_recorded_as_gone_and_never_as_finished(
        self, streaming_ready: StreamWorld
    ) -> None:
        for _ in range(5):
            with streaming_ready.fetch() as response:
                response.read(65_536)
            status, reason, rows, _size = streaming_ready.ended(delivery(response))
            assert (status, reason) == ("stopped", "disconnected")
            assert rows < ROWS

    def test_a_revocation_stops_a_running_stream_within_a_second(
        self, streaming_ready: StreamWorld
    ) -> None:
        world = streaming_ready
        with world.fetch() as response:
            response.read(65_536)
            world.do("UPDATE share_grant SET status = 'revoked', version = version + 1")
            revoked_at = time.monotonic()
            status, reason, rows, _size = world.ended(delivery(response))
            took = time.monotonic() - revoked_at
            assert is_cut(response)
        revive(world)
        assert (status, reason) == ("stopped", "revoked")
        assert rows < ROWS
        assert took < 1.5

    def test_a_revoked_token_stops_a_running_stream(self, streaming_ready: StreamWorld) -> None:
        world = streaming_ready
        with world.fetch() as response:
            response.read(65_536)
            world.do("UPDATE service_token SET revoked_at = now()")
            status, reason, _rows, _size = world.ended(delivery(response))
        world.do("UPDATE service_token SET revoked_at = NULL")
        assert (status, reason) == ("stopped", "credential_ended")


def revive(world: StreamWorld) -> None:
    """Back to the state before, past the guard that forbids it to everybody else."""
    world.do("ALTER TABLE share_grant DISABLE TRIGGER share_grant_keep_terms")
    world.do("UPDATE share_grant SET status = 'active'")
    world.do("ALTER TABLE share_grant ENABLE TRIGGER share_grant_keep_terms")


class TestProgress:
    def test_a_running_stream_says_how_far_it_is_and_its_end_says_the_truth(
        self, streaming_ready: StreamWorld
    ) -> None:
        world = streaming_ready
        with world.fetch() as response:
            response.read(65_536)
            rows, size = so_far(world, delivery(response))
            assert 0 < rows < ROWS
            assert size > 65_536
            while response.read(1_048_576):
                pass
        status, _reason, left, total = world.ended(delivery(response))
        assert (status, left) == ("finished", ROWS)
        assert total > size


def so_far(world: StreamWorld, delivery_no: str, *, seconds: float = 10.0) -> tuple[int, int]:
    """(rows, bytes) of a running delivery as soon as they are told."""
    deadline = time.monotonic() + seconds
    while True:
        ((status, rows, size),) = world.rows(
            "SELECT status, rows, bytes FROM delivery WHERE delivery_no = %s", delivery_no
        )
        assert status == "running"
        if rows:
            return rows, size
        assert time.monotonic() < deadline, "nothing is told of a running delivery"
        time.sleep(0.05)


class TestFaults:
    def test_a_stalled_reader_is_cut_at_the_idle_limit(
        self, cluster: Cluster, stream_home: Path
    ) -> None:
        settings = {"SHUQIAO_STREAM_IDLE_SECONDS": "2"}
        with (
            stream_world(cluster.fresh(), stream_home, ready=True, **settings) as world,
            world.fetch() as response,
        ):
            response.read(1_024)
            stalled_at = time.monotonic()
            status, reason, rows, _size = world.ended(delivery(response), seconds=15)
            noise = world.log()
        assert (status, reason) == ("stopped", "stalled")
        assert "no_transport" not in noise
        assert "without completing" not in noise
        assert 1.0 < time.monotonic() - stalled_at < 6.0
        assert rows < ROWS

    def test_a_database_that_dies_stops_every_stream_and_the_end_is_told_when_it_is_back(
        self, stream_home: Path
    ) -> None:
        with tempfile.TemporaryDirectory(prefix="sq-dead-") as folder:
            Path(folder).chmod(0o711)
            with (
                EmbeddedPostgres(Path(folder) / "home", options={"fsync": "off"}) as own,
                stream_world(migrated(own), stream_home, ready=True) as world,
                world.fetch() as response,
            ):
                response.read(1_024)
                os.kill(
                    int(world.rows("SELECT pg_read_file('postmaster.pid')")[0][0].split()[0]),
                    signal.SIGKILL,
                )
                assert is_cut(response, slowly=1.5)
                own.stop()
                own.start()
                wait_ready(world.origin)
                status, reason, rows, _size = world.ended(delivery(response), seconds=25)
                batches, receipt, _no = read_all(world)
        assert check_receipt(batches, receipt), "the next stream is well"
        assert (status, reason) == ("stopped", "unchecked")
        assert rows < ROWS

    def test_a_stopping_process_tells_the_end(self, cluster: Cluster, stream_home: Path) -> None:
        settings = {"SHUQIAO_DRAIN_SECONDS": "1"}
        with (
            stream_world(cluster.fresh(), stream_home, ready=True, **settings) as world,
            world.fetch() as response,
        ):
            response.read(1_024)
            assert world.stop() == 0
            status, reason, _rows, _size = world.ended(delivery(response))
        assert (status, reason) == ("stopped", "shutting_down")
