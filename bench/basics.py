"""The everyday things at size: pages of a large catalogue, a governed
stream, a sign-in, one row, one decision.
"""

import argparse
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx2
import psycopg
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as pq

from auth.accounts.service.passwords import hashed, matches
from bench import catalogue, peers
from bench.granted import PASSWORD
from bench.measuring import Report, anonymous_bytes, interleaved
from bench.service import COLUMNS, KEEP, Running, free_ports, process, running, wait_for
from bench.table import blocks
from policies.actions import Action
from policies.decide import decide
from policies.facts import PrincipalFacts, ResourceFacts
from policies.listing import residual

PAGE_TARGET_MS: Final = 100.0
STREAM_TARGET: Final = 0.6
SCAN_MEMORY_MB: Final = 128.0
ROW_TARGET: Final = 0.9
DECISION_TARGET_US: Final = 200.0
READS: Final = 100


def run(report: Report, options: argparse.Namespace) -> None:
    """All cases that contain ``options.only``."""
    if options.only in "decision":
        _decision(report, options.rounds)
    if not any(options.only in case for case in ("catalogue", "stream", "sign-in", "one row")):
        return
    rows = options.rows if options.only in "stream" else 1_000
    with running(rows) as service:
        if options.only in "catalogue":
            _catalogue(report, service, options)
        if options.only in "sign-in":
            _sign_in(report, service, options.rounds)
        if options.only in "one row":
            _one_row(report, service, options.rounds)
        if options.only in "stream":
            _stream(report, service, options)


def _decision(report: Report, rounds: int) -> None:
    """One check with its entities, of a case never asked before, and of the same case again."""
    rounds = max(rounds, 5)
    person = PrincipalFacts("u", "d1", frozenset({"approver"}), frozenset(), True)
    cases = [
        ResourceFacts(
            "ShareRequest",
            f"REQ-2026-{number:06}",
            {
                "consumer": "d2",
                "provider": "d1",
                "status": "submitted",
                "applicant": f"u{number}",
                "has_left": True,
            },
        )
        for number in range(500 * (rounds + 2))
    ]
    fresh = iter(cases)

    def ask() -> None:
        for _each in range(500):
            decide(Action.REQUEST_READ, person, next(fresh))

    def ask_again() -> None:
        for _each in range(500):
            decide(Action.REQUEST_READ, person, cases[0])

    def narrow() -> None:
        for _each in range(50):
            residual(Action.REQUEST_READ, person, "ShareRequest")

    found = interleaved({"decide": ask, "again": ask_again, "narrow": narrow}, rounds=rounds)
    decided, narrowed = found["decide"].median / 500, found["narrow"].median / 50
    report.line("decision with entities", decided * 1e6, "µs", target=DECISION_TARGET_US)
    report.line("decision asked again", found["again"].median / 500 * 1e6, "µs")
    report.line("rules of a list", narrowed * 1e6, "µs")


def _catalogue(report: Report, service: Running, options: argparse.Namespace) -> None:
    """Pages of the catalogue as a browser of an applicant gets them, over one connection."""
    with psycopg.connect(service.dsn) as connection:
        catalogue.fill(connection, options.resources)
    with _signed_in(service) as browser:
        pages = {
            "no query": "/catalog",
            "Chinese query": "/catalog?q=学校 名单",
            "query and facet": "/catalog?q=登记&share_type=conditional",
            "table view": "/catalog?view=table",
        }
        found = interleaved(
            {name: lambda path=path: _fetched(browser, path) for name, path in pages.items()},  # type: ignore[misc]
            rounds=options.rounds * 4,
            warm=3,
        )
        for name, times in found.items():
            report.line(
                f"catalogue page, {name}",
                times.median * 1e3,
                "ms",
                target=PAGE_TARGET_MS,
                rows=options.resources,
                p95=round(times.quantile(0.95) * 1e3, 1),
            )


def _sign_in(report: Report, service: Running, rounds: int) -> None:
    """A sign-in against the check of the password alone, which is meant to be slow."""
    stored = hashed(PASSWORD)
    with httpx2.Client(base_url=service.control) as program:

        def sign_in() -> None:
            answer = program.post(
                "/api/v1/sessions", json={"account": "shen", "password": PASSWORD}
            )
            assert answer.status_code == 201, answer.text
            program.cookies.clear()

        cases = {"sign-in": sign_in, "password": lambda: matches(PASSWORD, stored)}
        found = interleaved(cases, rounds=rounds * 4)
    times = found["sign-in"]
    report.line("sign-in", times.median * 1e3, "ms", p95=round(times.quantile(0.95) * 1e3, 1))
    report.line("sign-in", times.speed_to(found["password"]), "x", ratio_to="argon2id check alone")


def _one_row(report: Report, service: Running, rounds: int) -> None:
    """A grant by its number, over one connection, against FastAPI with
    psycopg that asks nobody anything.
    """
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "bench.peers", "api", service.app_dsn, str(port)]
    no, token = service.granted.grant_no, {"authorization": f"Bearer {service.granted.token}"}
    with process(command), httpx2.Client(base_url=service.control, headers=token) as ours:
        wait_for(f"http://127.0.0.1:{port}/grants/{no}")
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as bare:
            cases = {
                "ours": lambda: [_fetched(ours, f"/api/v1/grants/{no}") for _each in range(READS)],
                "bare": lambda: [_fetched(bare, f"/grants/{no}") for _each in range(READS)],
            }
            found = interleaved(cases, rounds=rounds)
    report.line("one row, authorised", found["ours"].median / READS * 1e3, "ms")
    ratio = found["ours"].speed_to(found["bare"])
    report.line(
        "one row, authorised", ratio, "x", ratio_to="bare FastAPI + psycopg", target=ROW_TARGET
    )


def _stream(report: Report, service: Running, options: argparse.Namespace) -> None:
    """Five of twelve columns, one filter, one mask, authorised,
    audited, with receipt; Flight scans with no duty.
    """
    file = service.home / "table.parquet"
    _write_parquet(file, options.rows)
    port = free_ports(1)[0]
    with process([sys.executable, "-m", "bench.peers", "flight", str(file), str(port)]):
        wait_for(f"127.0.0.1:{port}")
        client = flight.connect(f"grpc://127.0.0.1:{port}")
        peaks: list[int] = []
        counts: dict[str, tuple[int, int]] = {}

        def ours() -> None:
            with _sampled(service.data_pid, peaks):
                counts["ours"] = _fetched_stream(service)

        def bare() -> None:
            counts["bare"] = peers.read_all(client, list(COLUMNS), (KEEP[0], KEEP[2]))

        before = anonymous_bytes(service.data_pid)
        found = interleaved({"ours": ours, "bare": bare}, rounds=options.rounds)
    assert counts["ours"][0] == counts["bare"][0], counts
    rows = counts["ours"][0]
    speed = rows / found["ours"].median
    report.line("stream, mask and filter", speed / 1e6, "M rows/s", rows=rows, of_rows=options.rows)
    report.line(
        "stream, mask and filter", counts["ours"][1] / 1e6 / found["ours"].median, "MB/s", rows=rows
    )
    ratio = found["ours"].speed_to(found["bare"])
    report.line(
        "stream, mask and filter",
        ratio,
        "x",
        ratio_to="bare Flight scanning its own Parquet",
        target=STREAM_TARGET,
        rows=rows,
    )
    grown = (max(peaks) - before) / 2**20
    report.line("anonymous memory of a running scan", grown, "MB", target=SCAN_MEMORY_MB, rows=rows)


def _write_parquet(file: Path, rows: int) -> None:
    """The same rows as the snapshot's, as a careful Flight user would store them."""
    writer: pq.ParquetWriter | None = None
    for batch in blocks(rows):
        writer = writer or pq.ParquetWriter(file, batch.schema, compression="snappy")
        writer.write_batch(batch, row_group_size=65_536)
    if writer is not None:
        writer.close()


def _fetched_stream(service: Running) -> tuple[int, int]:
    """Rows and bytes of one whole transfer, every batch decoded and let
    go; the last one carries the receipt.
    """
    address = f"{service.data}/api/v1/grants/{service.granted.grant_no}/data"
    token = {"authorization": f"Bearer {service.granted.token}"}
    rows = size = 0
    with httpx2.stream("GET", address, headers=token, timeout=600.0) as answer:
        assert answer.status_code == 200, answer.read()
        with pa.ipc.open_stream(_Readable(answer.iter_raw())) as reader:
            for batch in reader:
                rows += batch.num_rows
                size += batch.nbytes
    return rows, size


class _Readable:
    """The chunks of an answer as a file to read from."""

    closed = False

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        parts, missing = [], size
        while missing:
            if not self._rest:
                self._rest = memoryview(next(self._chunks, b""))
                if not self._rest:
                    break
            part, self._rest = self._rest[:missing], self._rest[missing:]
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def close(self) -> None:
        self.closed = True

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False


@contextmanager
def _sampled(pid: int, peaks: list[int]) -> Iterator[None]:
    """Note the anonymous memory of ``pid`` every 20 ms while the block runs."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.02):
            peaks.append(anonymous_bytes(pid))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        peaks.append(anonymous_bytes(pid))


@contextmanager
def _signed_in(service: Running) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=service.control, headers={"accept": "text/html"}) as browser:
        answer = browser.post("/api/v1/sessions", json={"account": "shen", "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        yield browser


def _fetched(client: httpx2.Client, path: str) -> int:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(answer.content)
