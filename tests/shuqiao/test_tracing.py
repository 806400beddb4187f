"""What a collector is told: routes, states, tasks, kinds of statements, and of nobody anything."""

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from fixtures.control_process import served
from fixtures.keyed import Installed
from fixtures.processes import eventually, surroundings
from fixtures.warm_roles import WarmRole
from fixtures.world import Worlds
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from exchange.deliveries.service.recording import MEET
from server.process import collector as machinery
from shuqiao import db, tracing
from shuqiao.jobs import enqueue

#: What somebody sent and must be found nowhere.
CANARY: Final = "canary-7f3a"
_WITHOUT: Final = "sys.modules['opentelemetry.sdk'] = None; "
Told = tuple[str, Mapping[str, Any], bytes, bytes]


class Collector:
    """An OTLP/HTTP collector that keeps what it was told."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.paths: set[str] = set()
        self.origin = ""

    def spans(self) -> list[Told]:
        """Name, attributes, own id and that of the span around it."""
        found: list[Told] = []
        for body in list(self.bodies):
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    for each in scope.spans:
                        told = {
                            pair.key: getattr(pair.value, pair.value.WhichOneof("value"))
                            for pair in each.attributes
                        }
                        found.append((each.name, told, each.span_id, each.parent_span_id))
        return found

    def has(self, name: str) -> bool:
        return any(each[0] == name for each in self.spans())


@contextmanager
def _listening() -> Iterator[Collector]:
    kept = Collector()

    class Keeps(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kept.paths.add(self.path)
            kept.bodies.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Keeps) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        kept.origin = f"http://127.0.0.1:{server.server_address[1]}"
        yield kept
        server.shutdown()


@pytest.fixture
def collector() -> Iterator[Collector]:
    with _listening() as kept:
        yield kept


def _told(collector: Collector) -> dict[str, str]:
    return {
        tracing.ENDPOINT: collector.origin,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
    }


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_request_is_told_by_its_route_and_nothing_of_who_asked_or_what(
    worlds: Worlds, home: Path, tmp_path: Path, collector: Collector
) -> None:
    log = tmp_path / "log"
    with served(worlds, home, "draft_resource", log, **_told(collector)) as control:
        origin, code = f"http://127.0.0.1:{control.port}", control.world.resource_code
        credentials = control.credentials("registrar")
        with httpx2.Client(base_url=origin) as caller:
            wrong = {"account": f"{CANARY}-account", "password": f"{CANARY}-password"}
            assert caller.post("/api/v1/sessions", json=wrong).status_code == 401
            found = caller.get(
                f"/api/v1/resources/{code}",
                params={"q": f"{CANARY}-query"},
                headers=credentials | {"authorization": f"Bearer {CANARY}-token"},
            )
            assert found.status_code < 500
            strange = caller.get(
                f"/api/v1/resources/{code}",
                headers=credentials | {"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"},
            )
            assert strange.status_code == 200
            caller.get(f"/{CANARY}-address")
        route = "GET /api/v1/resources/{code}"
        assert eventually(lambda: collector.has(route) and collector.has("GET none"), seconds=30)
    spans = collector.spans()
    ((_, told, own, around),) = [each for each in spans if each[0] == "POST /api/v1/sessions"]
    assert told == {
        "http.request.method": "POST",
        "http.route": "/api/v1/sessions",
        "http.response.status_code": 401,
    }
    assert around == b""
    asked = [each for each in spans if each[3] == own]
    assert {each[1]["db.system.name"] for each in asked} == {"postgresql"}
    assert "SELECT" in {each[1]["db.operation.name"] for each in asked}
    assert collector.paths == {"/v1/traces"}
    said = b"".join(collector.bodies)
    cookie = credentials["cookie"].partition("=")[2]
    for secret in (CANARY, cookie, code, "registrar", "127.0.0.1", "cd" * 8):
        assert secret.encode() not in said, secret
    assert bytes.fromhex("ab" * 16) not in said, "a trace that somebody sent is not believed"


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_jobs_and_sweeps_are_told_by_their_names(
    installed: Installed, collector: Collector
) -> None:
    with db.unit_of_work() as session:
        enqueue(session, MEET, delivery_no=f"DL-{CANARY}")
    environment = surroundings(
        installed.folder / "one", SHUQIAO_DATABASE_URL=installed.url, **_told(collector)
    )
    worker = WarmRole("worker", environment, stderr=installed.folder / "log")
    try:
        assert eventually(lambda: collector.has(MEET) and collector.has("server.process.upkeep"))
    finally:
        worker.terminate()
        worker.wait(60)
    (job,) = [each for each in collector.spans() if each[0] == MEET]
    assert any(each[3] == job[2] and "db.operation.name" in each[1] for each in collector.spans())
    assert CANARY.encode() not in b"".join(collector.bodies)


def test_what_fails_is_told_by_its_class(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in _told(collector).items():
        monkeypatch.setenv(name, value)
    machinery.begin("test")
    try:
        with pytest.raises(LookupError), tracing.span("test.fails"):
            raise LookupError(f"{CANARY} of somebody")
    finally:
        tracing.end()
    ((_, told, _, _),) = collector.spans()
    assert told == {"error.type": "LookupError"}
    assert CANARY.encode() not in b"".join(collector.bodies)


@pytest.mark.parametrize(
    ("environment", "before"),
    [
        ({}, ""),
        ({tracing.ENDPOINT: "http://127.0.0.1:1"}, "sys.modules['opentelemetry.sdk'] = None; "),
    ],
    ids=["no collector", "not installed"],
)
def test_without_collector_or_extra_no_machinery_is_imported(
    environment: dict[str, str], before: str, tmp_path: Path
) -> None:
    work = (
        f"import sys; {before}from server.process import role; from shuqiao import tracing\n"
        "role._trace('control')\n"
        "with tracing.span('x') as span: span.call('y'); span.say(a=1); span.failed('Z')\n"
        "tracing.end()\n"
        "heavy = ('opentelemetry.sdk.', 'opentelemetry.exporter.otlp.proto.http.trace')\n"
        "print([each for each in sys.modules if each.startswith(heavy)])"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", work],
        env={k: v for k, v in surroundings(tmp_path).items() if k != tracing.ENDPOINT}
        | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
    assert ("shuqiao[otel]" in done.stdout + done.stderr) is bool(environment)


def test_a_collector_that_is_away_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, installed: Installed
) -> None:
    """Neither while something is done nor at the end."""
    monkeypatch.setenv(tracing.ENDPOINT, "http://127.0.0.1:1")
    monkeypatch.setattr(machinery, "_LAST_SECONDS", 0.2)
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    machinery.begin("test")
    with tracing.span("x"), db.reading() as session:
        session.connection()
    ended = threading.Thread(target=tracing.end)
    ended.start()
    ended.join(5)
    assert not ended.is_alive()
