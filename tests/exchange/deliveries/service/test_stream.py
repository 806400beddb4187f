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
from fixtures.arrow_bytes import before_receipt
from fixtures.database import Cluster
from fixtures.streaming import (
    COLUMNS,
    ROWS,
    StreamWorld,
    slow_reader,
    stream_world,
    wait_ready,
)

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


def whole(world: StreamWorld, **query: object) -> tuple[bytes, http.client.HTTPMessage]:
    """The bytes of one fetch and its headers; parts are not offered."""
    with world.fetch(**query) as response:
        body = response.read()
        assert response.status == 200, body
    assert response.headers["accept-ranges"] == "none"
    return body, response.headers


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

    @pytest.mark.parametrize("kind", ["streaming", "streaming_ready"])
    @pytest.mark.parametrize("columns", [[], ["id", "phone"]], ids=["all", "some"])
    def test_two_fetches_are_the_same_bytes_under_the_same_tag_and_other_numbers(
        self, kind: str, columns: list[str], request: pytest.FixtureRequest
    ) -> None:
        world: StreamWorld = request.getfixturevalue(kind)
        (first, one), (second, other) = (whole(world, column=columns) for _ in range(2))

        assert before_receipt(first) == before_receipt(second)
        assert first == second  # of stored rows the receipt too says nothing but what left
        assert one["etag"] == other["etag"] and one["etag"].startswith('"')
        numbers = [each["shuqiao-delivery"] for each in (one, other)]
        assert numbers[0] != numbers[1]
        for number in numbers:
            assert number.encode() not in first
            assert world.events(number)[-1] == "exchange:delivery:finished"

    def test_other_columns_are_other_bytes_under_another_tag(self, streaming: StreamWorld) -> None:
        tags = {
            whole(streaming, column=columns)[1]["etag"] for columns in ([], ["id"], ["id", "phone"])
        }
        assert len(tags) == 3

    def test_a_tag_that_is_known_is_a_delivery_all_the_same(self, streaming: StreamWorld) -> None:
        first, headers = whole(streaming)
        with streaming.fetch(headers={"if-none-match": headers["etag"]}) as response:
            assert (response.status, response.read() == first) == (200, True)
        assert streaming.ended(delivery(response))[0] == "finished"

    def test_a_ready_stream_reuses_the_stored_digests(self, streaming_ready: StreamWorld) -> None:
        batches, receipt, delivery_no = read_all(streaming_ready)
        assert sum(batch.num_rows for batch in batches) == ROWS
        assert check_receipt(batches, receipt)
        assert streaming_ready.ended(delivery_no)[0] == "finished"

    def test_some_of_the_granted_columns_may_be_asked_for(self, streaming: StreamWorld) -> None:
        batches, _receipt, _no = read_all(streaming, column=["id", "phone"])
        assert batches[0].schema.names == ["id", "phone"]


class TestRefused:
    @pytest.mark.parametrize("part", ["bytes=4096-", "bytes=0-99", "rows=1-2"])
    @pytest.mark.parametrize(
        ("language", "title", "detail"),
        [
            (
                "zh-CN",
                "数据流只能完整获取，不能只取一部分",
                "请丢弃已收到的部分，去掉 Range 请求头，从头重新获取。",
            ),
            (
                "en",
                "A data stream is sent whole, never in parts",
                "Throw away what arrived and fetch again from the beginning, without Range.",
            ),
        ],
    )
    def test_a_part_is_refused_in_words_and_nothing_is_begun(
        self, streaming: StreamWorld, part: str, language: str, title: str, detail: str
    ) -> None:
        begun = streaming.rows("SELECT count(*) FROM delivery")
        with streaming.fetch(headers={"range": part, "accept-language": language}) as response:
            body = json.loads(response.read())
        assert (response.status, body["status"], body["code"]) == (416, 416, "part_refused")
        assert (body["title"], body["detail"]) == (title, detail)
        assert response.headers["content-type"] == "application/problem+json"
        assert response.headers["accept-ranges"] == "none"
        assert streaming.rows("SELECT count(*) FROM delivery") == begun

    def test_who_may_not_fetch_hears_nothing_of_parts(self, streaming: StreamWorld) -> None:
        with streaming.fetch(headers={"range": "bytes=1-", "authorization": "none"}) as response:
            assert response.status == 401

    def test_another_parameter_is_refused_and_nothing_is_begun(
        self, streaming: StreamWorld
    ) -> None:
        begun = streaming.rows("SELECT count(*) FROM delivery")
        with streaming.fetch(columns="id") as response:
            body = json.loads(response.read())
        assert (response.status, body["code"]) == (400, "parameters_refused")
        assert [each["code"] for each in body["errors"]] == ["unknown_parameter"]
        assert streaming.rows("SELECT count(*) FROM delivery") == begun

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

    def test_what_arrived_lies_between_the_bounds_and_nothing_follows_a_stop(
        self, streaming_ready: StreamWorld
    ) -> None:
        """The kernel at the other end has a window of some KB; ours would go on with megabytes."""
        world = streaming_ready
        with slow_reader(world, bytes_a_second=200_000, window=65_536) as slow:
            so_far(world, slow.delivery_no)
            world.do("UPDATE share_grant SET status = 'revoked', version = version + 1")
            world.ended(slow.delivery_no)
            after = slow.rest()
        revive(world)
        asked = "SELECT bytes, acknowledged_bytes FROM delivery WHERE delivery_no = %s"
        ((at_most, at_least),) = world.rows(asked, slow.delivery_no)
        arrived = slow.read + after - slow.head
        assert after < 400_000
        assert 0 < at_least <= arrived <= at_most + 1_024
        last = "SELECT canon FROM audit_event WHERE stream = %s ORDER BY seq DESC LIMIT 1"
        why = json.loads(bytes(world.rows(last, slow.delivery_no)[0][0]))["why"]
        assert (why["bytes"], why["bytes_acknowledged"]) == (at_most, at_least)

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
        self,
    ) -> None:
        with tempfile.TemporaryDirectory(prefix="sq-dead-") as folder:
            Path(folder).chmod(0o711)
            (Path(folder) / "data").mkdir(mode=0o700)
            with (
                EmbeddedPostgres(Path(folder) / "home", options={"fsync": "off"}) as own,
                stream_world(migrated(own), Path(folder) / "data", ready=True) as world,
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
