"""Long work of some has room of its own in a running process, and never all that there is."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from fixtures import callers, department_database
from fixtures.control_process import Served, served
from fixtures.world import Worlds

from shuqiao.roles import administering

pytestmark = [pytest.mark.timeout(600), pytest.mark.slow]
LOOKS, UPLOADS = 45, 60
#: Of the locked database; as long as the test lasts.
ANSWER_SECONDS: Final = 8
TABLE: Final = "/api/v1/connections/edu/relations/public/school"
ROW: Final = "0123456789,内蒙古自治区,呼和浩特市,第一中学\n"


@pytest.fixture
def control(worlds: Worlds, home: Path, tmp_path: Path) -> Iterator[Served]:
    limits = {
        "SHUQIAO_CONNECTOR_ANSWER_SECONDS": str(ANSWER_SECONDS),
        "SHUQIAO_UPLOADS_PER_PERSON": str(UPLOADS),
        "SHUQIAO_SESSIONS_PER_USER": "5000",
        # The waits are measured here, not cut short: a machine that is slow has its slack below.
        "SHUQIAO_REQUEST_SECONDS": "15",
    }
    with served(worlds, home, "connected", tmp_path / "log", **limits) as running:
        with opened(running) as http:  # the first page is read and made; the next are measured
            page = running.credentials("applicant") | {"accept": "text/html"}
            assert http.get("/requests", headers=page).status_code == 200
        yield running


class Asked:
    """Longest waits, and how late this process itself is woken meanwhile."""

    def __init__(self) -> None:
        self.longest: Counter[str] = Counter()
        self.lateness = 0.0
        self.times = 0

    def note(self, kind: str, seconds: float) -> None:
        self.longest[kind] = max(self.longest[kind], seconds)  # type: ignore[assignment]


@contextmanager
def asking(control: Served) -> Iterator[Asked]:
    """Asks all the time, while the block runs, for what must go on."""
    found, done = Asked(), threading.Event()
    sent = {"account": "applicant", "password": control.world.password("applicant")}
    page = control.credentials("applicant") | {"accept": "text/html"}

    def look() -> None:
        with opened(control) as http, opened(control) as stranger:
            while not done.wait(0.02):
                for kind, ask in (
                    ("/healthz", lambda: http.get("/healthz")),
                    ("/readyz", lambda: http.get("/readyz")),
                    ("page", lambda: http.get("/requests", headers=page)),
                    ("sign-in", lambda: http.post("/api/v1/sessions", json=sent)),
                    ("sign-in page", lambda: stranger.post("/sign-in", data=sent)),
                ):
                    stranger.cookies.clear()
                    started = time.perf_counter()
                    answer = ask()
                    found.note(kind, time.perf_counter() - started)
                    assert answer.status_code in (200, 201, 303), (kind, answer.text)
                found.times += 1

    def sleep() -> None:
        while not done.is_set():
            started = time.perf_counter()
            time.sleep(0.01)
            found.lateness = max(found.lateness, time.perf_counter() - started - 0.01)

    with ThreadPoolExecutor(2) as pool:
        looking, _sleeping = pool.submit(look), pool.submit(sleep)
        try:
            yield found
        finally:
            done.set()
            looking.result()


def opened(control: Served) -> httpx2.Client:
    # no TLS: making its context would keep this process 25 ms from what it measures, each time
    address = f"http://127.0.0.1:{control.port}"
    return httpx2.Client(base_url=address, timeout=120.0, verify=False)


def test_who_waits_for_a_locked_table_or_uploads_is_in_nobodys_way(
    control: Served, cluster: Any
) -> None:
    database = department_database.of_cluster(cluster)
    registrar = control.credentials("registrar")
    path = f"/api/v1/resources/{control.world.resource_code}/attachments"
    content = ("代码,省,市,名称\n" + ROW * 500).encode()

    def look(_number: int) -> str:
        with opened(control) as http:
            answer = http.get(TABLE, headers=registrar)
            return str(answer.json().get("code", answer.status_code))

    def upload(_number: int) -> int:
        with opened(control) as http:
            files = {"file": ("大.csv", content, "text/csv")}
            return http.post(path, headers=registrar | callers.once(), files=files).status_code

    with (
        asking(control) as meanwhile,
        administering(database.admin_url) as locked,
        locked.transaction(),
        ThreadPoolExecutor(LOOKS + UPLOADS) as people,
    ):
        locked.execute(b"LOCK TABLE school IN ACCESS EXCLUSIVE MODE")
        looks = [people.submit(look, number) for number in range(LOOKS)]
        uploads = [people.submit(upload, number) for number in range(UPLOADS)]
        looked = Counter(each.result() for each in looks)
        uploaded = Counter(each.result() for each in uploads)
    print(dict(meanwhile.longest), f"late {meanwhile.lateness:.2f} s", looked, uploaded)
    assert looked["connection_busy"] >= LOOKS - 8
    assert set(uploaded) <= {201, 503}
    assert uploaded[201] > 2
    assert meanwhile.times > 3
    slack = 3 * meanwhile.lateness
    assert meanwhile.longest["/healthz"] < 0.1 + slack
    # all of them come at once, and decoders share the two cores: what a request may wait in all
    for kind in ("/readyz", "page", "sign-in", "sign-in page"):
        assert meanwhile.longest[kind] < 2.0 + slack, kind
