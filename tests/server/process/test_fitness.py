"""A role whose clocks are apart answers nothing but how it is, in words, and takes no job."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from fixtures import callers
from fixtures.worlds import World
from sqlalchemy import text

from shuqiao import drift, real_time
from shuqiao.db import reading, unit_of_work

At = Callable[[str], World]
Wrong = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> Wrong:
    """A process that has compared its clocks, and whose system then jumps by ten years."""
    monkeypatch.setattr(drift, "_known", drift._Known())
    monkeypatch.setattr(real_time, "_ahead", None)

    @contextmanager
    def for_a_while() -> Iterator[None]:
        with reading() as session:
            drift.look(session)
        with monkeypatch.context() as patched:
            ahead = 3_650 * 86_400 * 1_000_000_000
            patched.setattr(real_time, "system_ns", lambda: time.time_ns() + ahead)
            yield

    return for_a_while


def test_programs_and_people_are_told_why(world_at: At, wrong: Wrong) -> None:
    world = world_at("accounts")
    person = callers.client(world, "applicant")
    with wrong():
        answer = person.get("/api/v1/me", headers={"accept-language": "en"})
        page = person.get("/", headers={"accept": "text/html"})
        changed = person.post("/api/v1/sessions", json={})
    assert (answer.status_code, answer.json()["code"]) == (503, "clocks_apart")
    assert answer.headers["retry-after"] == "5"
    assert "Set both clocks (NTP)" in answer.json()["detail"]
    assert page.status_code == 503
    assert "时间不一致" in page.text
    assert "服务自动恢复" in page.text
    assert changed.status_code == 503
    assert person.get("/api/v1/me").status_code == 200, "by itself"


def test_health_says_both_times(world_at: At, wrong: Wrong) -> None:
    anybody = callers.client(world_at("accounts"), None)
    with wrong():
        alive, ready = anybody.get("/healthz"), anybody.get("/readyz")
        style = anybody.get("/static/shuqiao.css")
    assert alive.status_code == 200
    assert ready.status_code == 503
    told = ready.json()
    assert [name for name, is_fine in told["checks"].items() if not is_fine] == ["clock"]
    assert told["clock"]["system"][:4] == str(int(told["clock"]["database"][:4]) + 10)
    assert style.status_code == 200
    again = anybody.get("/readyz")
    assert again.status_code == 200
    assert "clock" not in again.json()


def test_the_data_role_too(committed_world: At, wrong: Wrong) -> None:
    world = committed_world("active_grant")
    address = f"/api/v1/grants/{world.grant_no}/data"
    with callers.data_client(world, "applicant") as reader:
        with wrong():
            assert reader.get(address).json()["code"] == "clocks_apart"
        assert reader.get(address).status_code == 200
    with unit_of_work() as session:
        told = session.connection().execute(text("SELECT count(*) FROM delivery")).scalar_one()
    assert told == 1, "nothing was begun while they were apart"
