"""The database goes away: nothing is done, everybody is told soon, and
the service comes back by itself.

Each test has a server of its own, really stopped or killed and really started again.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures import callers, people
from fixtures.database import FAST
from fixtures.worlds import World
from starlette.testclient import TestClient

from server.process import migrating
from shuqiao import db
from shuqiao.context import working_on
from shuqiao.db import unit_of_work
from shuqiao.embedded import EmbeddedPostgres
from shuqiao.roles import administering
from shuqiao.settings import settings

#: An answer that takes longer is as bad as none.
PATIENCE_SECONDS = 5.0


@pytest.fixture(scope="module")
def own_server() -> Iterator[EmbeddedPostgres]:
    with tempfile.TemporaryDirectory(prefix="sq-test-") as folder:
        Path(folder).chmod(0o711)  # as root the database server's own user must be able to enter
        with EmbeddedPostgres(Path(folder) / "home", options=FAST) as server:
            migrating.upgrade(server.owner_url.render_as_string(hide_password=False))
            yield server


@pytest.fixture(scope="module")
def peopled(own_server: EmbeddedPostgres, home: Path) -> World:
    world = World("accounts", own_server.app_url)
    db.configure(own_server.app_url.render_as_string(hide_password=False))
    with working_on(request_id="test"), unit_of_work() as session:
        people.found_departments(session)
        world.subjects = people.hire(session)
    for account in ("data_admin", "applicant"):
        with working_on(request_id="test"), unit_of_work() as session:
            world.cookies[account] = people.sign_in(session, account)
    db.engine().dispose()
    return world


@pytest.fixture
def world(peopled: World, own_server: EmbeddedPostgres) -> Iterator[World]:
    own_server.start()
    db.configure(own_server.app_url.render_as_string(hide_password=False))
    yield peopled
    db.engine().dispose()
    own_server.start()


def adopt(client: TestClient, name: str) -> tuple[int, float, str]:
    """Status, seconds and body of a change."""
    started = time.monotonic()
    answer = client.post(
        "/api/v1/elements",
        json={"name": name, "definition": "定义", "data_type": "C"},
        headers=callers.once(),
    )
    return answer.status_code, time.monotonic() - started, answer.text


def test_a_stopped_database_is_a_503_and_then_all_is_well_again(
    world: World, own_server: EmbeddedPostgres
) -> None:
    admin = callers.client(world, "data_admin", raising=False)
    assert adopt(admin, "甲")[0] == 201
    own_server.stop()
    status, seconds, body = adopt(admin, "乙")
    assert (status, '"code":"audit_unavailable"' in body) == (503, True)
    assert seconds < PATIENCE_SECONDS
    read = admin.get("/api/v1/elements")
    assert (read.status_code, read.headers["retry-after"]) == (503, "5")
    page = callers.client(world, "applicant", raising=False).get(
        "/requests", headers={"accept": "text/html"}
    )
    assert page.status_code == 503
    assert "<html" in page.text
    assert admin.get("/healthz").status_code == 200
    assert admin.get("/readyz").status_code == 503
    own_server.start()
    assert adopt(admin, "丙")[0] == 201
    names = [element["name"] for element in admin.get("/api/v1/elements").json()["items"]]
    assert names == ["甲", "丙"]
    assert admin.get("/readyz").status_code == 200


def test_a_pool_without_a_free_connection_is_a_503(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUQIAO_DB_POOL_SIZE", "1")
    monkeypatch.setenv("SHUQIAO_DB_POOL_TIMEOUT_SECONDS", "0.5")
    settings.cache_clear()
    db.configure(world.url.render_as_string(hide_password=False))
    admin = callers.client(world, "data_admin", raising=False)
    with db.engine().connect():
        status, seconds, body = adopt(admin, "丁")
    assert (status, '"code":"database_busy"' in body) == (503, True)
    assert seconds < PATIENCE_SECONDS
    assert adopt(admin, "丁")[0] == 201


def test_a_lock_that_is_never_given_is_a_503(world: World) -> None:
    """Somebody else holds the series the new number comes from."""
    admin = callers.client(world, "data_admin", raising=False)
    assert adopt(admin, "戊")[0] == 201
    with db.engine().connect() as other:
        other.exec_driver_sql("SELECT * FROM number_series FOR UPDATE")
        status, seconds, body = adopt(admin, "己")
        other.rollback()
    assert (status, '"code":"lock_not_given"' in body) == (503, True)
    assert seconds < PATIENCE_SECONDS
    assert adopt(admin, "己")[0] == 201


def test_connections_that_were_cut_are_made_anew(
    world: World, own_server: EmbeddedPostgres
) -> None:
    admin = callers.client(world, "data_admin", raising=False)
    assert adopt(admin, "庚")[0] == 201
    with administering(own_server.superuser_url) as superuser:
        superuser.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE usename = 'shuqiao_app'"
        )
    assert adopt(admin, "辛")[0] == 201


def test_an_unexpected_fault_tells_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours: 500 without a word of it, and no half-made record."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("秘密 secret detail")

    monkeypatch.setattr("catalog.elements.service.versions.append", broken)
    admin = callers.client(world, "data_admin", raising=False)
    status, _, body = adopt(admin, "壬")
    assert status == 500
    assert "secret" not in body
    assert '"code":"internal"' in body
    assert "壬" not in [
        element["name"] for element in admin.get("/api/v1/elements").json()["items"]
    ]


def test_a_refusal_that_cannot_be_recorded_is_a_503(
    world: World, own_server: EmbeddedPostgres
) -> None:
    """Denials are facts too: without the trail there is no answer 403 either."""
    with administering(own_server.superuser_url) as superuser, superuser.transaction():
        superuser.execute("LOCK TABLE audit_stream IN ACCESS EXCLUSIVE MODE")
        status, seconds, body = adopt(callers.client(world, "applicant", raising=False), "癸")
    assert (status, "lock_not_given" in body) == (503, True)
    assert seconds < PATIENCE_SECONDS
