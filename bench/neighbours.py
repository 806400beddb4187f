"""``make bench ARGS=neighbours``: what normal users notice of all bad neighbours at once.

Quiet first, then among 200 dripping heads, 200 readers of 500 B/s, 20 uploads that fill a disk of
64 MB, 40 fetches and wrong passwords, then how long it takes until all is as before.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx2

from bench.crowd import Aim
from bench.granted import PASSWORD
from bench.measuring import Report
from bench.service import Running, running
from shuqiao.ids import uuid7

#: Settings under which the uploads of one account may fill the disk.
SURROUNDINGS: Final = {
    "SHUQIAO_UPLOADS_AT_ONCE": "40",
    "SHUQIAO_DISK_HEADROOM_BYTES": str(8 * 1_048_576),
}
DISK: Final = "64m"
#: A person does not wait longer.
PATIENCE_SECONDS: Final = 10.0
BACK_SECONDS: Final = 30.0


@dataclass(slots=True)
class Seen:
    """What normal users met: seconds of each success, by kind; how each failure was told."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, seconds: float, status: int) -> None:
        if status in (200, 201):
            self.seconds.setdefault(kind, []).append(seconds)
        else:
            self.failures[f"{kind}: {status or 'none'}"] += 1

    @property
    def success(self) -> float:
        done = sum(map(len, self.seconds.values()))
        return done / max(1, done + sum(self.failures.values()))

    def p95_ms(self, kind: str) -> float:
        found = sorted(self.seconds.get(kind, [PATIENCE_SECONDS]))
        return found[min(len(found) - 1, int(0.95 * len(found)))] * 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """Quiet, among the crowd, after it; ``answers`` are the crowd's own, by kind and status.

    ``back_seconds``: until everything was answered again as in quiet; None: not within 60 s.
    """

    quiet: Seen
    crowded: Seen
    answers: Mapping[str, Mapping[int, int]]
    back_seconds: float | None

    def faults(self) -> list[str]:
        """What must not be: faults of ours, and 503 or 507 that do not say when to come again."""
        crowd = [
            f"{kind}: {status} ×{count}"
            for kind, found in self.answers.items()
            for status, count in found.items()
            if status in (500, 502, 504, 599)
        ]
        return crowd + [f"users, {told}" for told in self.crowded.failures if told.endswith("500")]


def trial(aim: Aim, *, quiet_seconds: float, crowded_seconds: float) -> Found:
    """Users in quiet, then with ``bench.crowd`` beside them, then after it has gone."""
    with _ways(aim) as ways:
        quiet = _used(ways, quiet_seconds)
        with _crowd(aim) as answers:
            crowded = _used(ways, crowded_seconds)
        return Found(quiet, crowded, answers, _back(ways, quiet))


def signed_in(control: str, account: str, password: str) -> tuple[str, str]:
    """Cookie and form token of a new session."""
    with httpx2.Client(base_url=control, timeout=PATIENCE_SECONDS) as http:
        body = {"account": account, "password": password}
        opened = http.post("/api/v1/sessions", json=body).raise_for_status()
        cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
        return cookie, opened.json()["csrf_token"]


@contextmanager
def small_disk(place: Path) -> Iterator[bool]:
    """A disk of 64 MB at ``place``; False where only root may mount one."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=0700", "tmpfs", str(place)]
    is_root = os.geteuid() == 0
    is_mounted = is_root and not subprocess.run(command, stderr=subprocess.DEVNULL).returncode
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(place)], check=True)


def run(report: Report, options: argparse.Namespace) -> None:
    """``--rounds``: minutes among the crowd, 5 unless told otherwise."""
    with ExitStack() as stack:
        service = stack.enter_context(running(min(options.rows, 200_000), SURROUNDINGS))
        stack.enter_context(small_disk(service.home / "uploads"))
        found = trial(aim_of(service), quiet_seconds=30.0, crowded_seconds=60.0 * options.rounds)
    for kind in found.quiet.seconds:
        report.line(f"{kind}, quiet", found.quiet.p95_ms(kind), "ms", quantile="p95")
        report.line(f"{kind}, crowded", found.crowded.p95_ms(kind), "ms", quantile="p95")
    failures = dict(found.crowded.failures)
    report.line("users served", found.crowded.success, "x", target=0.99, failures=failures)
    report.line("faults", len(found.faults()), "", target=0, told=found.faults())
    back = 60.0 if found.back_seconds is None else found.back_seconds
    report.line("as before again", back * 1_000, "ms", target=BACK_SECONDS * 1_000)
    for kind, statuses in found.answers.items():
        report.line(kind, sum(statuses.values()), "", answers=statuses)


def aim_of(service: Running) -> Aim:
    """The crowd of a service that a benchmark runs; people and crowd are one account."""
    cookie, csrf_token = signed_in(service.control, "shen", PASSWORD)
    granted = service.granted
    return Aim(service.control, service.data, cookie, csrf_token, granted.token, granted.grant_no)


Way = Callable[[], int]


@contextmanager
def _ways(aim: Aim) -> Iterator[dict[str, Way]]:
    """What people and their programs do; each gives the status, 0 without an answer in time."""
    cookie = {"cookie": aim.cookie, "x-csrf-token": aim.csrf_token}
    token = {"authorization": f"Bearer {aim.token}"}
    check = {"title": "登记表", "kind": "form", "fields": ["户主姓名"]}

    with (
        httpx2.Client(base_url=aim.control, headers=cookie, timeout=PATIENCE_SECONDS) as http,
        httpx2.Client(base_url=aim.data, headers=token, timeout=PATIENCE_SECONDS) as data,
    ):

        def write() -> int:
            key = {"idempotency-key": uuid7().hex}
            return http.post("/api/v1/collection-checks", json=check, headers=key).status_code

        def fetch() -> int:
            with data.stream("GET", f"/api/v1/grants/{aim.grant_no}/data?column=id") as answer:
                for _piece in answer.iter_raw():
                    pass
                return answer.status_code

        yield {
            "page": lambda: http.get("/catalog").status_code,
            "list": lambda: http.get("/api/v1/requests").status_code,
            "change": write,
            "fetch": fetch,
        }


def _used(ways: Mapping[str, Way], seconds: float, *, users: int = 3) -> Seen:
    seen, until, lock = Seen(), time.monotonic() + seconds, threading.Lock()

    def use() -> None:
        while time.monotonic() < until:
            for kind, way in ways.items():
                taken, status = _tried(way)
                with lock:
                    seen.note(kind, taken, status)
                time.sleep(0.1)

    threads = [threading.Thread(target=use) for _each in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def _tried(way: Way) -> tuple[float, int]:
    started = time.perf_counter()
    try:
        status = way()
    except httpx2.TransportError:
        status = 0
    return time.perf_counter() - started, status


def _back(ways: Mapping[str, Way], quiet: Seen) -> float | None:
    """Seconds until three rounds on end were answered about as fast as in quiet."""
    started, good = time.monotonic(), 0
    usual = {kind: statistics.median(quiet.seconds.get(kind, [1.0])) for kind in ways}
    while time.monotonic() < started + 60:
        begun = time.monotonic()
        found = {kind: _tried(way) for kind, way in ways.items()}
        is_good = all(
            status in (200, 201) and taken < max(5 * usual[kind], 0.5)
            for kind, (taken, status) in found.items()
        )
        good = good + 1 if is_good else 0
        if good == 3:
            return begun - started
    return None


@contextmanager
def _crowd(aim: Aim) -> Iterator[dict[str, dict[int, int]]]:
    """The crowd beside the block; afterwards what it was answered."""
    found: dict[str, dict[int, int]] = {}
    command = [sys.executable, "-m", "bench.crowd"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as crowd:
        assert crowd.stdin is not None
        crowd.stdin.write(aim.to_json() + "\n")
        crowd.stdin.flush()
        try:
            yield found
        finally:
            told = crowd.communicate(timeout=30)[0]
    for kind, statuses in json.loads(told).items():
        found[kind] = {int(status): count for status, count in statuses.items()}
