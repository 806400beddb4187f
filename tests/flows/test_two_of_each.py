"""Two of each role on one database and one home, behind nginx with TLS: the story across processes,
what a proxy could break, and a rolling restart.
"""

import http.client
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest
from fixtures.casting import SAMPLES, FromOutside, people
from fixtures.processes import eventually
from fixtures.site import Site, site, trusting

from server.demo.actors import Ledger
from server.demo.fetching import fetch
from shuqiao.ids import uuid7
from shuqiao_client import Client, Profile

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
#: The reader's table is so many times the sample: more than all buffers on the way hold.
COPIES = 2_000
PEOPLE_WRITING, TRANSFERS = 6, 3
#: So many draw numbers of one register at once, for so long.
DRAWING, DRAWING_SECONDS = 16, 20.0
#: As large as the largest uploads are, and no table.
UPLOAD_BYTES = 200 * 1_048_576
#: What a proxy that passes bytes on may take of memory meanwhile.
PROXY_BYTES = 64 * 1_048_576


@pytest.fixture(scope="module")
def town() -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch, site() as made:
        patch.setenv("SSL_CERT_FILE", str(made.authority))
        yield made


@pytest.fixture(scope="module")
def story(town: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FromOutside]:
    """Played up to an active grant on a large table: nginx gives each step to the next process."""
    ledger = Ledger()
    samples = _many_schools(tmp_path_factory.mktemp("many"))
    with people(town.accounts, town.origin, ledger) as cast:
        told = FromOutside(cast, samples, town.folder, ledger, lambda *_told: None)
        told.fetching = fetch
        told.until_granted()
        applicant = cast["applicant"]
        told.facts.token = applicant.post("/api/v1/tokens", {"name": "取数", "days": 7})["token"]
        yield told


def _many_schools(folder: Path) -> Path:
    """The samples, with ``COPIES`` times the schools."""
    for each in SAMPLES.iterdir():
        if each.is_file():
            (folder / each.name).write_bytes(each.read_bytes())
    header, *lines = (SAMPLES / "schools.csv").read_bytes().splitlines(keepends=True)
    many = [b"%d%s" % (copy, line) for copy in range(COPIES) for line in lines]
    (folder / "schools.csv").write_bytes(header + b"".join(many))
    script = (SAMPLES / "story.toml").read_text(encoding="utf-8")
    for rows in (249, 100):
        script = script.replace(f"rows = {rows}", f"rows = {rows * COPIES}")
    (folder / "story.toml").write_text(script, encoding="utf-8")
    return folder


@contextmanager
def transfer(town: Site, grant_no: str, token: str, **query: Any) -> Iterator[Any]:
    """An open transfer through the proxy that has begun to arrive."""
    address = urlsplit(town.data_origin)
    connection = http.client.HTTPSConnection(
        str(address.hostname), address.port, timeout=30, context=trusting(town)
    )
    path = f"/api/v1/grants/{grant_no}/data?{urlencode(query)}"
    connection.request("GET", path, headers={"authorization": f"Bearer {token}"})
    try:
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        assert answer.read(1_000)
        yield answer
    finally:
        connection.close()


def _read_slowly_to_the_end(answer: http.client.HTTPResponse) -> None:
    """At 1 MB/s, so that the end is still to come when the stop arrives."""
    while answer.read(65_536):
        time.sleep(0.06)


# --- what a proxy could break ---------------------------------------------------------------------


def test_people_sign_in_on_a_page(town: Site, story: FromOutside) -> None:
    """The cookie is for https and this host only, the form's origin is the proxy's address, and
    the token of a form fits the other process too.
    """
    actor = story.people["registrar"]
    with httpx2.Client(base_url=town.origin, verify=trusting(town)) as browser:
        page = browser.get("/sign-in")
        assert page.headers["strict-transport-security"].startswith("max-age=")
        form = dict(re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', page.text))
        form |= {"account": actor.account, "password": actor.password}
        foreign = browser.post("/sign-in", data=form, headers={"origin": "https://other.example"})
        assert foreign.status_code in (400, 403)
        done = browser.post("/sign-in", data=form, headers={"origin": town.origin})
        assert done.status_code == 303, done.text
        cookie = done.headers["set-cookie"]
        assert cookie.startswith("__Host-") and "Secure" in cookie and "HttpOnly" in cookie
        assert [browser.get("/").status_code for _ in range(4)] == [200] * 4


def test_only_the_two_names_are_served(town: Site) -> None:
    address = urlsplit(town.origin)
    with httpx2.Client(verify=trusting(town)) as stranger, pytest.raises(httpx2.TransportError):
        stranger.get(f"https://127.0.0.1:{address.port}/sign-in")


def test_a_large_upload_is_passed_on_while_it_arrives(town: Site, story: FromOutside) -> None:
    """Nothing of it lies on the proxy's disk or in its memory; the service's refusal comes back."""
    registrar, code = story.people["registrar"], story.facts.resource_code
    largest = _Largest(town)
    with largest:
        answer = registrar.send(
            f"/api/v1/resources/{code}/attachments",
            files={"file": ("大.csv", b"\0" * UPLOAD_BYTES, "text/csv")},
        )
    assert answer.status_code == 422, answer.text
    assert largest.memory < PROXY_BYTES
    assert largest.disk == 0


class _Largest:
    """The most that the proxy's processes hold in memory and on disk while the block runs."""

    def __init__(self, town: Site) -> None:
        self._town, self._done = town, threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.memory = self.disk = 0

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        pids, temp = self._town.nginx_pids(), self._town.folder / "temp"
        while not self._done.wait(0.1):
            status = [Path(f"/proc/{pid}/status").read_text(encoding="utf-8") for pid in pids]
            held = [int(re.findall(r"RssAnon:\s+(\d+) kB", text)[0]) * 1024 for text in status]
            lying = [each.stat().st_size for each in temp.rglob("*") if each.is_file()]
            self.memory = max(self.memory, *held)
            self.disk = max([self.disk, *lying])


def test_the_trail_knows_who_asks(town: Site, story: FromOutside) -> None:
    """The address of whoever connects to the proxy, not the proxy's; here both are one machine's,
    so another is told by binding to it.
    """
    transport = httpx2.HTTPTransport(local_address="127.0.3.7", verify=trusting(town))
    actor = story.people["consumer_head"]
    with httpx2.Client(base_url=town.origin, transport=transport) as away:
        wrong = {"account": actor.account, "password": "not the password at all"}
        assert away.post("/api/v1/sessions", json=wrong).status_code == 401
    found = town.rows("SELECT convert_from(canon, 'UTF8') FROM audit_event")
    assert any("127.0.3.7" in canon for (canon,) in found), found


def test_sq_trusts_the_sites_own_authority(town: Site, story: FromOutside, tmp_path: Path) -> None:
    profile = Profile(town.origin, story.facts.token).save(tmp_path / "profile.json")
    words = ["--profile", str(profile), "grant", "list", "--json"]
    command = [sys.executable, "-P", "-c", "from shuqiao_client.cli import app; app()", *words]
    trusting_it = {**os.environ, "SSL_CERT_FILE": str(town.authority)}
    done = subprocess.run(command, env=trusting_it, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert story.facts.grant_no in done.stdout
    elsewhere = {**trusting_it, "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt"}
    done = subprocess.run(command, env=elsewhere, capture_output=True, text=True)
    assert done.returncode != 0 and "Traceback" not in done.stderr
    assert "certificate" in done.stderr.lower()


#: What somebody typed of a request, as it is read back.
_TYPED: Final = ("basis", "scenario", "scope", "until", "purpose_digest", "share_way")


def _items_of(story: FromOutside) -> list[str]:
    return [story.facts.item_ids[name] for name in story.script["request"]["items"]]


# --- across processes -----------------------------------------------------------------------------


def test_a_stop_that_one_process_is_told_ends_the_stream_of_another(
    town: Site, story: FromOutside
) -> None:
    applicant = story.people["applicant"]
    made = applicant.post("/api/v1/tokens", {"name": "一次", "days": 1})
    with transfer(town, story.facts.grant_no, made["token"]) as answer:
        applicant.post(f"/api/v1/tokens/{made['id']}/revocations")
        begun = time.monotonic()
        with pytest.raises((http.client.IncompleteRead, OSError)):
            _read_slowly_to_the_end(answer)
        assert time.monotonic() - begun < 5.0
    last = "SELECT end_reason FROM delivery ORDER BY delivery_no DESC LIMIT 1"
    assert eventually(lambda: town.rows(last) == [("credential_ended",)], seconds=20)


def test_numbers_of_a_register_have_no_gap_however_many_write(
    town: Site, story: FromOutside
) -> None:
    """Whoever takes the next number waits for the commit of who took the last one, but not so long
    that anybody is sent away.
    """
    applicant = story.people["applicant"]
    asked = applicant.get(f"/api/v1/requests/{story.facts.request_no}")
    body = {name: asked[name] for name in _TYPED if asked.get(name) is not None}
    body |= {"resource_code": story.facts.resource_code, "item_ids": _items_of(story)}
    end = time.monotonic() + DRAWING_SECONDS
    found: list[tuple[int, str, float]] = []

    def draws() -> None:
        while time.monotonic() < end:
            headers = {"idempotency-key": uuid7().hex, "x-csrf-token": applicant.csrf_token}
            begun = time.monotonic()
            answer = applicant.http.post("/api/v1/requests", json=body, headers=headers)
            took = time.monotonic() - begun
            told = answer.json().get("request_no") or answer.text
            found.append((answer.status_code, told, took))

    threads = [threading.Thread(target=draws) for _ in range(DRAWING)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    took = sorted(seconds for _, _, seconds in found)
    p50, p95 = (took[int(len(took) * part)] for part in (0.5, 0.95))
    print(f"{len(took)} numbers, p50 {p50:.3f} s, p95 {p95:.3f} s, longest {took[-1]:.3f} s")
    assert {status for status, _, _ in found} == {201}, [each for each in found if each[0] != 201]
    held = town.rows("SELECT request_no FROM share_request ORDER BY request_no")
    numbers = [int(number.rpartition("-")[2]) for (number,) in held]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len({told for _, told, _ in found}) == len(found)


def test_connections_are_as_many_as_the_page_says(town: Site) -> None:
    """docs/operations.md section 3: with the defaults at most 13, 12 and 17 of each process."""
    (held,) = town.rows("SELECT count(*) FROM pg_stat_activity WHERE usename = 'shuqiao_app'")
    print(f"{held[0]} connections of 2 + 2 + 2 processes")
    assert 0 < held[0] <= 2 * (13 + 12 + 17)


def test_a_rolling_restart_breaks_nothing(town: Site, story: FromOutside) -> None:
    """Each process says that it is not ready, ends and starts again while people write and programs
    fetch: every change is done once, and every transfer is whole.
    """
    applicant, done = story.people["applicant"], threading.Event()
    keys: list[tuple[str, int, str]] = []
    wrong: list[str] = []
    whole: list[int] = []

    def writes() -> None:
        while not done.is_set():
            key = uuid7().hex
            for _ in range(200):
                headers = {"idempotency-key": key, "x-csrf-token": applicant.csrf_token}
                body = {"name": key, "days": 1}
                try:
                    answer = applicant.http.post("/api/v1/tokens", json=body, headers=headers)
                except httpx2.TransportError:
                    continue
                if answer.status_code not in (409, 502, 503, 504):
                    break
                time.sleep(0.05)
            keys.append((key, answer.status_code, answer.text))
            time.sleep(0.2)

    def fetches() -> None:
        while not done.is_set():
            try:
                with (
                    Client(Profile(town.origin, story.facts.token)) as client,
                    client.grant(story.facts.grant_no).fetch() as stream,
                ):
                    whole.append(stream.read_all().num_rows)
            except Exception as error:
                wrong.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=writes) for _ in range(PEOPLE_WRITING)]
    threads += [threading.Thread(target=fetches) for _ in range(TRANSFERS)]
    for thread in threads:
        thread.start()
    try:
        for each in town.replicas:
            assert each.stop() == 0, each.log.read_text("utf-8")[-2000:]
            each.start()
            each.wait_ready()
    finally:
        done.set()
        for thread in threads:
            thread.join(120)
    print(f"{len(keys)} changes, {len(whole)} transfers whole, {len(wrong)} not: {wrong[:3]}")
    ended = "SELECT end_reason, count(*) FROM delivery GROUP BY end_reason"
    assert wrong == [], town.rows(ended)
    assert set(whole) == {100 * COPIES}
    assert {status for _, status, _ in keys} == {201}, keys[:3]
    (written,) = town.rows(
        "SELECT count(*), count(DISTINCT name) FROM service_token WHERE length(name) = 32"
    )
    assert written == (len(keys), len(keys))
