"""Alive, ready, measured – for both roles, to whoever asks."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from fixtures import callers
from fixtures.world import Worlds
from fixtures.worlds import World
from sqlalchemy import text

from server.process import health, readiness
from server.process.readiness import NAMES
from server.tables import REVISION
from shuqiao import db, drift, installation, real_time
from shuqiao.installation import _Known
from shuqiao.keys import Fit

At = Callable[[str], World]


def test_a_healthy_service_is_alive_and_ready(world_at: At) -> None:
    anybody = callers.client(world_at("accounts"), None)
    assert anybody.get("/healthz").json() == {"status": "alive"}
    ready = anybody.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]) == (
        200,
        dict.fromkeys(NAMES, True),
    )
    assert "python_info" in anybody.get("/metrics").text


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", "revision"),
        ("UPDATE alembic_version SET version_num = 'mine'", "revision"),
        (
            "UPDATE alembic_version SET version_num = '9999';"
            " UPDATE installation SET oldest_program = '9999'",
            "revision",
        ),
        ("GRANT UPDATE ON audit_event TO shuqiao_app", "audit"),
        ("REVOKE INSERT ON audit_event FROM shuqiao_app", "audit"),
        ("ALTER TABLE share_grant DISABLE TRIGGER guard_update", "guard"),
        ("ALTER TABLE edition ENABLE REPLICA TRIGGER guard_insert", "guard"),
        ("DROP TRIGGER guard_delete ON granted_item", "guard"),
        ("ALTER TABLE guard.pending DISABLE TRIGGER settle", "guard"),
    ],
)
def test_a_service_that_could_not_keep_its_promise_is_not_ready(
    committed_world: At, worlds: Worlds, damage: str, check: str
) -> None:
    world = committed_world("accounts")
    with worlds.as_owner(world) as owner:
        owner.execute(damage.encode())
    answer = callers.client(world, None).get("/readyz")
    assert answer.status_code == 503
    assert [name for name, is_fine in answer.json()["checks"].items() if not is_fine] == [check]


@pytest.mark.parametrize(
    ("known", "check", "said"),
    [
        (_Known(wrong_keys={"csrf": Fit.OTHER}), "keys", "csrf is another one than registered"),
        (_Known(wrong_keys={"seat": Fit.MISSING}), "keys", "seat is not in this home"),
        (_Known(is_watched=True), "keys", "the keys have not been compared yet"),
        (_Known(home="/srv is the home of another installation"), "home", "/srv is the home of"),
    ],
)
def test_keys_and_home_that_are_not_the_installations_are_told(
    world_at: At, monkeypatch: pytest.MonkeyPatch, known: _Known, check: str, said: str
) -> None:
    anybody = callers.client(world_at("accounts"), None)
    monkeypatch.setattr(installation, "_known", known)
    answer = anybody.get("/readyz")
    assert answer.status_code == 503
    assert list(answer.json()["causes"]) == [check]
    assert answer.json()["causes"][check].startswith(said)


def test_clocks_that_are_apart_are_told(world_at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    anybody = callers.client(world_at("accounts"), None)
    monkeypatch.setattr(drift, "_known", drift._Known())
    monkeypatch.setattr(real_time, "_ahead", None)
    later = "SELECT (extract(epoch FROM clock_timestamp() + interval '1 min') * 1000000)::bigint"
    monkeypatch.setattr(drift, "_READ", text(later))
    answer = anybody.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["causes"] == {"clock": "the clocks are apart: set both (NTP)"}


def test_a_database_that_is_away_is_told_and_nothing_is_said_of_what_it_would_know(
    world_at: At, tmp_path: Path
) -> None:
    world_at("accounts")
    before = db.bind()
    away = db.make_engine(f"postgresql+psycopg://shuqiao_app@/shuqiao?host={tmp_path}")
    db.configure(away)
    try:
        found = readiness.look("control")
    finally:
        db.configure(before)
        away.dispose()
    assert found.causes.pop("database").startswith("no answer (OperationalError): ")
    assert found.causes == dict.fromkeys(
        ("revision", "audit", "guard", "clock", "keys"), readiness.UNKNOWN
    )


def test_the_data_role_says_so_too(committed_world: At) -> None:
    with callers.data_client(committed_world("accounts"), None) as anybody:
        assert anybody.get("/healthz").status_code == 200
        assert anybody.get("/readyz").status_code == 200
        assert anybody.get("/api/v1/me").status_code == 404
        assert anybody.get("/api/v1/openapi.json").status_code == 404


@pytest.mark.parametrize(
    ("oldest", "status"), [("0001", 200), (REVISION, 200), ("9998", 503), ("9999", 503)]
)
def test_a_newer_database_is_right_if_it_says_so(
    committed_world: At, worlds: Worlds, oldest: str, status: int
) -> None:
    world = committed_world("accounts")
    with worlds.as_owner(world) as owner:
        owner.execute(b"UPDATE alembic_version SET version_num = '9999'")
        owner.execute(b"UPDATE installation SET oldest_program = %s", [oldest])
    answer = callers.client(world, None).get("/readyz")
    assert answer.status_code == status
    if status == 503:
        told = answer.json()["causes"]["revision"]
        assert told == f"the database is at 9999, which programs before {oldest} cannot use: update"


def test_a_folder_that_cannot_be_written_to_is_told_with_its_name(world_at: At, home: Path) -> None:
    anybody, uploads = callers.client(world_at("accounts"), None), home / "uploads"
    anybody.get("/readyz")
    away = uploads.rename(home / "uploads-away")
    try:
        uploads.write_text("a file where a folder was")
        told = anybody.get("/readyz").json()
    finally:
        uploads.unlink()
        away.rename(uploads)
    assert told["status"] == "not_ready"
    assert list(told["causes"]) == ["home"]
    assert told["causes"]["home"].startswith("uploads in ")
    assert anybody.get("/readyz").status_code == 200
    assert list(uploads.glob(".ready-*")) == [], "the probe is removed"


def test_no_worker_and_little_room_are_told_and_make_nothing_unready(
    world_at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    anybody = callers.client(world_at("accounts"), None)
    with monkeypatch.context() as patched:
        patched.setattr(readiness, "free_bytes", lambda _folder: 1)
        answer = anybody.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["warnings"] == {
        "space": "1 bytes are free in the home: make room",
        "worker": "no worker gives a sign of life: start one",
    }
    assert list(anybody.get("/readyz").json()["warnings"]) == ["worker"]


def test_a_disk_that_never_answers_is_not_waited_for(
    world_at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    monkeypatch.setattr(readiness, "_unusable", lambda _role: released.wait(30) and None)
    monkeypatch.setattr(health, "_SECONDS", 0.2)
    with callers.client(world_at("accounts"), None) as anybody:
        answer = anybody.get("/readyz")
        released.set()
    assert answer.status_code == 503
    assert set(answer.json()["causes"].values()) == {readiness.UNKNOWN}
