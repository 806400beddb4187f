"""A role whose operating system is a day or ten years off, beside one that is right: it refuses and
says why, nothing ends or is lost, the others serve, and it comes back by itself.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from fixtures import callers
from fixtures.database import run_sql
from fixtures.processes import eventually
from fixtures.worlds import World
from fixtures.wrong_clocks import right, running
from sqlalchemy import text

from exchange.grants import repository as grants
from shuqiao.db import reading

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
At = Callable[[str], World]
RIGHT = "+0"
WRONG = pytest.mark.parametrize("wrong", ["-1d", "+1d", "+3650d"])
SWEEPERS = ("exchange.grants.expire", "exchange.deliveries.clear_editions", "server.process.upkeep")


@pytest.fixture
def world(committed_world: At) -> World:
    """An active grant; sweepers could end it if its day were over."""
    return committed_world("active_grant")


@pytest.fixture
def environment(world: World, home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "SHUQIAO_HOME": str(home),
        "SHUQIAO_DATABASE_URL": world.url.render_as_string(hide_password=False),
        "SHUQIAO_CLOCK": f"2026-02-11T09:00:00+08:00@{int(time.time())}",
        "SHUQIAO_CLOCK_CHECK_SECONDS": "0.2",
    }


def answer(world: World, origin: str, path: str) -> httpx2.Response:
    signed_in = callers._signed_in(world, "applicant")
    with httpx2.Client(base_url=origin, timeout=20, **signed_in) as client:
        return client.get(path)


def serves(origin: str) -> bool:
    try:
        return httpx2.get(f"{origin}/readyz", timeout=5).status_code == 200
    except httpx2.TransportError:
        return False


def is_alive(origin: str) -> bool:
    try:
        return httpx2.get(f"{origin}/healthz", timeout=5).status_code == 200
    except httpx2.TransportError:
        return False


def status_of(world: World) -> tuple[str, int]:
    with reading() as session:
        grant = grants.by_no(session, world.grant_no)
        assert grant is not None
        return grant.status.value, grant.version


@WRONG
@pytest.mark.parametrize(
    ("role", "path"), [("control", "/api/v1/me"), ("data", "/api/v1/grants/{no}/data")]
)
def test_a_serving_role_refuses_beside_one_that_serves(
    world: World, environment: dict[str, str], tmp_path: Path, role: str, path: str, wrong: str
) -> None:
    asked = path.format(no=world.grant_no)
    with (
        right(role, environment) as good,
        running(role, environment, tmp_path, wrong) as bad,
    ):
        assert eventually(lambda: serves(good))
        assert eventually(lambda: is_alive(bad.origin), seconds=300)
        refused, ready = answer(world, bad.origin, asked), httpx2.get(f"{bad.origin}/readyz")
        assert (refused.status_code, refused.json()["code"]) == (503, "clocks_apart")
        told = ready.json()
        assert (ready.status_code, told["checks"]["clock"]) == (503, False)
        assert told["clock"]["system"][:10] != told["clock"]["database"][:10]
        assert answer(world, good, asked).status_code == 200

        bad.set_clock(RIGHT)
        assert eventually(lambda: serves(bad.origin), seconds=60), "by itself"
        assert answer(world, bad.origin, asked).status_code == 200
        bad.set_clock(wrong)
        assert eventually(lambda: not serves(bad.origin), seconds=60)
        assert answer(world, bad.origin, asked).status_code == 503
    assert status_of(world) == ("active", 2)


@WRONG
def test_a_worker_takes_no_job_and_ends_nothing(
    world: World, environment: dict[str, str], tmp_path: Path, wrong: str
) -> None:
    run_sql("DELETE FROM clock_reading")
    run_sql("INSERT INTO clock_reading VALUES (now() - interval '7 hours')")
    run_sql(
        "INSERT INTO sweep (task, tries, next_at) SELECT unnest(CAST(:names AS text[])), 0, now()",
        names=list(SWEEPERS),
    )
    ran = "SELECT count(*) FROM sweep WHERE ended_at IS NOT NULL AND task = ANY(:names)"

    def done() -> int:
        with reading() as session:
            found = session.connection().execute(text(ran), {"names": list(SWEEPERS)})
            return int(found.scalar_one())

    with running("worker", environment, tmp_path, wrong) as bad:
        assert eventually(lambda: "clocks_apart" in bad.log.read_text(encoding="utf-8"))
        time.sleep(3)  # several polls of a worker
        assert done() == 0
        bad.set_clock(RIGHT)
        assert eventually(lambda: done() == len(SWEEPERS), seconds=120), "by itself"
        bad.set_clock(wrong)
        run_sql("UPDATE sweep SET ended_at = NULL, next_at = now()")
        time.sleep(3)
        with right("worker", environment):
            assert eventually(lambda: done() == len(SWEEPERS), seconds=120), "the other one"
    assert status_of(world) == ("active", 2)
