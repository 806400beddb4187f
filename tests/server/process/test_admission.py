"""How much one person and one address may ask of a running process, and what answers say of it."""

import re
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx2
import pytest
from fixtures import callers
from fixtures.control_process import Served, served
from fixtures.processes import eventually
from fixtures.world import Worlds

from shuqiao.web.visits import CROWD

pytestmark = pytest.mark.timeout(300)
REQUESTS, BYTES, DENIALS, UPLOADS = 40, 200_000, 6, 1
LIMITS: Final[Mapping[str, str]] = {
    "SHUQIAO_REQUESTS_A_MINUTE": str(REQUESTS),
    "SHUQIAO_BODY_BYTES_A_MINUTE": str(BYTES),
    "SHUQIAO_DENIALS_A_MINUTE": str(DENIALS),
    "SHUQIAO_UPLOADS_PER_PERSON": str(UPLOADS),
    "SHUQIAO_TRUSTED_PROXIES": '["127.0.0.1"]',
}


@pytest.fixture(scope="module")
def control(
    worlds: Worlds, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Each test has people and addresses of its own, since nothing is forgotten."""
    log_file = tmp_path_factory.mktemp("control") / "log"
    with served(worlds, home, "draft_resource", log_file, **LIMITS) as running:
        yield running


@contextmanager
def person(control: Served, account: str | None, address: str) -> Iterator[httpx2.Client]:
    """Somebody at ``address``, as the proxy in front tells it."""
    headers = control.credentials(account) if account else {}
    origin = f"http://127.0.0.1:{control.port}"
    with httpx2.Client(
        base_url=origin, headers=headers | {"x-forwarded-for": address}, timeout=30.0
    ) as http:
        yield http


def left(answer: httpx2.Response) -> dict[str, tuple[int, int]]:
    """(left, seconds until whole) by policy."""
    found = re.findall(r'"([a-z]+)";r=(\d+);t=(\d+)', answer.headers["ratelimit"])
    return {name: (int(rest), int(seconds)) for name, rest, seconds in found}


def test_one_person_in_one_process(control: Served) -> None:
    """From whatever addresses; answers say what is left, and the 429 when to come back."""
    with person(control, "applicant", "192.0.2.1") as http:
        first = http.get("/api/v1/me")
        policies = f'"requests";q={REQUESTS};w=60, "bytes";q={BYTES};w=60;qu="content-bytes"'
        assert first.headers["ratelimit-policy"] == policies
        assert left(first)["requests"] == (REQUESTS - 1, 2)
        assert left(first)["bytes"] == (BYTES, 0)
    answers = []
    for number in range(REQUESTS + 10):
        with person(control, "applicant", f"198.51.100.{number}") as http:
            answers.append(http.get("/api/v1/me"))
            if answers[-1].status_code == 429:
                break
    refused = answers[-1]
    assert refused.status_code == 429, "within a few more than the quota"
    assert len(answers) >= REQUESTS - 1
    assert refused.json()["code"] == "limit_reached"
    assert 1 <= int(refused.headers["retry-after"]) <= 3
    assert left(refused)["requests"][0] == 0
    with person(control, "consumer_head", "198.51.100.1") as http:
        assert http.get("/api/v1/me").status_code == 200, "another person at the same address"


def test_one_address_whoever_asks(control: Served) -> None:
    with person(control, None, "192.0.2.7") as http:
        statuses = [http.get("/api/v1/me").status_code for _each in range(CROWD * REQUESTS)]
        assert set(statuses) <= {401, 429}
        while (refused := http.get("/api/v1/me")).status_code != 429:
            pass
        assert int(refused.headers["retry-after"]) >= 1
        assert "ratelimit" not in refused.headers, "nobody is known"
        page = http.get("/", headers={"accept": "text/html"})
        assert (page.status_code, "<html" in page.text) == (429, True)
        assert http.get("/healthz").status_code == 200
    with person(control, None, "192.0.2.8") as http:
        assert http.get("/api/v1/me").status_code == 401


def test_who_sent_too_much_waits_before_sending_more(control: Served) -> None:
    body = {"name": "甲", "definition": "长" * 40_000, "data_type": "C"}
    with person(control, "data_admin", "192.0.2.2") as http:
        for number in range(4):
            answer = http.post(
                "/api/v1/elements", json={**body, "name": f"甲{number}"}, headers=callers.once()
            )
            if answer.status_code == 429:
                break
        assert answer.status_code == 429, "before the third of 120 kB"
        assert number == 2
        assert int(answer.headers["retry-after"]) > 5
        assert http.get("/api/v1/me").status_code == 429, "it is paid before anything else"


def test_denials_are_recorded_up_to_a_limit_and_then_tell_nothing(
    control: Served, worlds: Worlds
) -> None:
    body = {"name": "甲", "definition": "定义", "data_type": "C"}
    with person(control, "approver", "192.0.2.3") as http:
        statuses = [
            http.post("/api/v1/elements", json=body, headers=callers.once()).status_code
            for _each in range(DENIALS + 6)
        ]
        assert statuses[:DENIALS] == [403] * DENIALS
        assert 429 in statuses
        assert http.get("/api/v1/me").status_code == 200, "what is allowed goes on"
    with worlds.as_owner(control.world) as owner:
        asked = b"SELECT count(*) FROM audit_event WHERE result = 'deny' AND actor = %s"
        found = owner.execute(asked, [control.world.account("approver")]).fetchone()
    assert found == (statuses.count(403),)


HEAD: Final = b'--b0undary\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
TAIL: Final = b"\r\n--b0undary--\r\n"


def test_so_many_uploads_of_one_person_and_of_one_address_at_once(control: Served) -> None:
    """Who sends slowly is counted as long as it takes: by the address before anybody is known."""
    path = f"/api/v1/resources/{control.world.resource_code}/attachments"
    with person(control, "registrar", "192.0.2.4") as http:
        asked = {"name": "t", "scopes": ["catalog:write"], "days": 1}
        made = http.post("/api/v1/tokens", json=asked, headers=callers.once())
        assert made.status_code == 201, made.text
    going_on = threading.Event()

    def upload(address: str, who: Mapping[str, str], sent: threading.Event | None = None) -> str:
        def content() -> Iterator[bytes]:
            yield HEAD + "代码,名称\n".encode()
            if sent is not None:
                sent.set()
                going_on.wait(30)
            yield "1,一小\n".encode() + TAIL

        media = {"content-type": "multipart/form-data; boundary=b0undary"}
        with person(control, None, address) as http:
            headers = callers.once() | media | dict(who)
            answer = http.post(path, content=content(), headers=headers)
            return str(answer.json().get("code", answer.status_code))

    known = callers.bearer(made.json()["token"])
    cookie = control.credentials("registrar")
    with ThreadPoolExecutor(CROWD + 1) as pool:
        sent = [threading.Event() for _each in range(CROWD + 1)]
        first = pool.submit(upload, "192.0.2.4", known, sent[0])
        assert not wait([first], timeout=2).done, "it is let in, and goes on"
        assert upload("192.0.2.6", known) == "limit_reached", "the person, wherever they are"
        others = [pool.submit(upload, "192.0.2.5", cookie, each) for each in sent[1:]]
        assert all(each.wait(20) for each in sent)
        assert upload("192.0.2.5", cookie) == "limit_reached", "the address, whoever asks"
        going_on.set()
        assert first.result() == "201"
        assert {each.result() for each in others} <= {"201", "limit_reached"}
    assert eventually(lambda: upload("192.0.2.5", known) == "201", seconds=10), "none runs any more"
