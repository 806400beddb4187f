"""Whatever is locked or used up: every kind of request has its answer within two seconds, in a
running process, however many ask at once.
"""

import json
import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import httpx2
import pytest
from fixtures import callers
from fixtures.control_process import Served, served
from fixtures.world import Worlds

pytestmark = pytest.mark.timeout(300)
#: What people are promised; the deadline is a little shorter.
PROMISED: Final = 2.0
#: A request that waits for nothing says how slow the machine is at this moment; the others pass
#: through it several times.
NOTHING: Final = "nothing"
SLACK: Final = 5
ELEMENT: Final[Mapping[str, object]] = {"definition": "定义", "data_type": "C"}
#: Each element is another: one that is there already is refused before anything is waited for.
NUMBERS: Final = count(1)
ROUNDS: Final = 4


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    seconds: float
    headers: Mapping[str, str]
    text: str


Ask = Callable[[httpx2.Client], httpx2.Response]


@pytest.fixture(scope="module")
def control(
    worlds: Worlds, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    log_file = tmp_path_factory.mktemp("control") / "log"
    limits = {
        "SHUQIAO_DB_POOL_SIZE": "4",
        "SHUQIAO_SIGN_IN_FAILURES": "500",
        "SHUQIAO_SESSIONS_PER_USER": "500",
    }
    with served(worlds, home, "accounts", log_file, **limits) as running:
        yield running


def kinds(control: Served) -> dict[str, Ask]:
    """One request of each kind, with its own credentials."""

    def adopt(account: str) -> Ask:
        def ask(http: httpx2.Client) -> httpx2.Response:
            headers = control.credentials(account) | callers.once()
            body = {**ELEMENT, "name": f"甲{next(NUMBERS)}"}
            return http.post("/api/v1/elements", json=body, headers=headers)

        return ask

    page = control.credentials("applicant") | {"accept": "text/html"}
    sent = {"account": "applicant", "password": control.world.password("applicant")}
    return {
        NOTHING: lambda http: http.get("/healthz"),
        "page": lambda http: http.get("/requests", headers=page),
        "read": lambda http: http.get("/api/v1/elements", headers=control.credentials("applicant")),
        "write": adopt("data_admin"),
        "denial": adopt("applicant"),
        "sign-in": lambda http: http.post("/api/v1/sessions", json=sent),
        "sign-in page": lambda http: http.post(
            "/sign-in", data=sent, headers={"accept": "text/html"}
        ),
    }


EVERYTHING: Final = ("page", "read", "write", "denial", "sign-in", "sign-in page")


def asked(control: Served, ask: Ask) -> Answer:
    with httpx2.Client(base_url=f"http://127.0.0.1:{control.port}", timeout=30.0) as http:
        started = time.perf_counter()
        answer = ask(http)
        return Answer(
            answer.status_code, time.perf_counter() - started, answer.headers, answer.text
        )


def all_at_once(control: Served) -> dict[str, list[Answer]]:
    """Each kind some times, all at the same moment."""
    wanted = [(kind, ask) for kind, ask in kinds(control).items() for _round in range(ROUNDS)]
    found: dict[str, list[Answer]] = {}
    with ThreadPoolExecutor(len(wanted)) as pool:
        answers = pool.map(lambda each: asked(control, each[1]), wanted)
        for (kind, _ask), answer in zip(wanted, answers, strict=True):
            found.setdefault(kind, []).append(answer)
    for kind, answers in found.items():
        waits = sorted(each.seconds for each in answers)
        print(f"{kind}: p50 {statistics.median(waits):.2f} s, max {waits[-1]:.2f} s")
    return found


def check(found: Mapping[str, list[Answer]], *unavailable: str) -> None:
    """All in time; of the kinds ``unavailable`` each a 503 that says when to come back."""
    slowness = max(each.seconds for each in found.pop(NOTHING))
    for kind, answers in found.items():
        for each in answers:
            assert each.seconds < PROMISED + SLACK * slowness, (kind, slowness)
            assert each.status in (200, 201, 303, 403, 503), (kind, each.status, each.text)
            assert kind not in unavailable or each.status == 503, (kind, each.status)
            if each.status == 503:
                assert each.headers["retry-after"].isdigit()
                if "json" in each.headers["content-type"]:
                    code = json.loads(each.text)["code"]
                    assert code in ("lock_not_given", "database_busy", "deadline_passed", "busy")


@pytest.mark.parametrize(
    ("tables", "unavailable"),
    [
        ("audit_event, audit_stream", ("write", "denial", "sign-in", "sign-in page")),
        ("app_user", EVERYTHING),
        ("sign_in_throttle, login_session", EVERYTHING),
        ("number_series", ("write",)),
    ],
)
def test_what_is_locked_is_a_503_within_two_seconds(
    control: Served, worlds: Worlds, tables: str, unavailable: tuple[str, ...]
) -> None:
    with worlds.as_owner(control.world) as owner, owner.transaction():
        owner.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE".encode())
        found = all_at_once(control)
    check(found, *unavailable)
    assert asked(control, kinds(control)["read"]).status == 200


def test_a_try_to_sign_in_that_had_no_answer_counts_as_none(
    control: Served, worlds: Worlds
) -> None:
    wrong = {"account": "approver", "password": "not the password at all"}
    told, before = [], failures(control, worlds)
    for tables in ("audit_event, audit_stream", "app_user"):
        with worlds.as_owner(control.world) as owner, owner.transaction():
            owner.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE".encode())
            told.append(asked(control, lambda http: http.post("/api/v1/sessions", json=wrong)))
    assert [each.status for each in told] == [503, 503]
    assert max(each.seconds for each in told) < PROMISED
    assert failures(control, worlds) == before


def failures(control: Served, worlds: Worlds) -> int:
    """All that are counted."""
    with worlds.as_owner(control.world) as owner:
        found = owner.execute(b"SELECT coalesce(sum(failures), 0) FROM sign_in_throttle")
        return int(str(next(found)[0]))


def test_waits_one_after_the_other_do_not_add_up(control: Served, worlds: Worlds) -> None:
    """Each lock is given just in time, so that no single wait is too long; all together are."""
    with ExitStack() as held, ThreadPoolExecutor(1) as pool:
        owners = []
        for table in ("number_series", "audit_stream"):
            owner = held.enter_context(worlds.as_owner(control.world))
            owner.execute(b"BEGIN")
            owner.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())
            owners.append(owner)
        writing = pool.submit(asked, control, kinds(control)["write"])
        time.sleep(0.9)
        owners[0].execute(b"ROLLBACK")
        answer = writing.result()
        owners[1].execute(b"ROLLBACK")
    assert answer.status == 503
    assert answer.seconds < PROMISED


def test_whoever_asks_first_pays_for_nothing_that_is_made_once(
    worlds: Worlds, home: Path, tmp_path: Path
) -> None:
    """An address that nobody has is compared with all that there are. Counted are seconds of the
    processor, which depend little on what else runs.
    """
    with served(worlds, home, "accounts", tmp_path / "log") as fresh:
        (begun,) = [line for line in fresh.lines() if line["event"] == "starting"]
        process = Path("/proc", str(begun["pid"]), "stat")
        before = processor_seconds(process)
        answer = asked(fresh, lambda http: http.get("/nowhere", headers={"accept": "text/html"}))
        spent = processor_seconds(process) - before
    assert answer.status == 404
    assert spent < 0.6


def processor_seconds(process: Path) -> float:
    fields = process.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_body_that_comes_slowly_costs_nothing_of_the_time(control: Served) -> None:
    """The peer's time is the peer's: a body of four seconds is answered."""

    def slowly() -> Iterator[bytes]:
        body = json.dumps({**ELEMENT, "name": "乙"}).encode()
        for at in range(4):
            yield body[at * len(body) // 4 : (at + 1) * len(body) // 4]
            time.sleep(1)

    headers = control.credentials("data_admin") | callers.once()
    headers |= {"content-type": "application/json"}
    answer = asked(
        control, lambda http: http.post("/api/v1/elements", content=slowly(), headers=headers)
    )
    assert answer.status == 201, answer.text
