"""One request, one transaction: committed before the answer, taken back
as a whole, never without its event.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fixtures import callers
from fixtures.routes import events
from fixtures.world import Worlds
from fixtures.worlds import World
from fixtures.written import FIVE
from prometheus_client import REGISTRY
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import InternalError
from sqlmodel import Session, select, update
from structlog.testing import capture_logs

from audit.append import ObjectRef, append
from audit.events import Event
from auth.accounts.models import AppUser
from auth.departments.models import Department
from auth.sessions.models import SignInThrottle
from shuqiao import db
from shuqiao.db import reading, unit_of_work
from shuqiao.settings import settings
from shuqiao.unrecorded import UnrecordedChange

At = Callable[[str], World]
NEW_DEPARTMENT = "11150000009900099B"


def superuser_sql(worlds: Worlds, world: World, statement: str) -> None:
    with worlds.as_superuser(world) as superuser:
        superuser.execute(statement)


def fail_commits(worlds: Worlds, world: World, errcode: str) -> None:
    """From now on every transaction with an event fails at its very end, in COMMIT itself."""
    superuser_sql(
        worlds,
        world,
        f"""CREATE FUNCTION fail_at_commit() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'refused at commit' USING ERRCODE = '{errcode}'; END $$;
            CREATE CONSTRAINT TRIGGER fail_at_commit AFTER INSERT ON audit_event
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_at_commit()""",
    )


@pytest.mark.parametrize(("errcode", "status"), [("disk_full", 507), ("check_violation", 500)])
def test_a_commit_that_fails_is_no_success(
    committed_world: At, worlds: Worlds, errcode: str, status: int
) -> None:
    world = committed_world("published_resource")
    before = len(events())
    fail_commits(worlds, world, errcode)
    body = {
        "resource_code": world.resource_code,
        "item_ids": [str(item) for item in world.item_ids],
        **FIVE,
    }
    client = callers.client(world, "applicant", raising=False)
    answer = client.post("/api/v1/requests", json=body, headers=callers.once())
    assert answer.status_code == status
    assert "refused at commit" not in answer.text
    assert client.get("/api/v1/requests").json()["items"] == []
    assert len(events()) == before


def test_a_change_whose_event_is_about_something_else_is_a_fault_of_ours(
    committed_world: At, worlds: Worlds
) -> None:
    """Never the 503 of a database that is away; and it rings."""
    world = committed_world("published_resource")
    superuser_sql(
        worlds,
        world,
        """CREATE FUNCTION confuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN NEW.object_id := 'another'; RETURN NEW; END $$;
            CREATE TRIGGER confuse BEFORE INSERT ON audit_event
            FOR EACH ROW EXECUTE FUNCTION confuse()""",
    )
    rung = REGISTRY.get_sample_value("shuqiao_unrecorded_changes_total") or 0.0
    with capture_logs() as said:
        answer = ask(world)
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert "share_request" not in answer.text
    assert {
        "event": "change_without_event",
        "log_level": "critical",
        "table": "share_request",
    } in said
    assert REGISTRY.get_sample_value("shuqiao_unrecorded_changes_total") == rung + 1
    superuser_sql(worlds, world, "DROP FUNCTION confuse() CASCADE")
    assert callers.client(world, "applicant").get("/api/v1/requests").json()["items"] == []
    assert ask(world).status_code == 201


def ask(world: World) -> Any:
    body = {
        "resource_code": world.resource_code,
        "item_ids": [str(item) for item in world.item_ids],
        **FIVE,
    }
    client = callers.client(world, "applicant", raising=False)
    return client.post("/api/v1/requests", json=body, headers=callers.once())


def test_a_failed_commit_gives_the_key_back(committed_world: At, worlds: Worlds) -> None:
    world = committed_world("published_resource")
    fail_commits(worlds, world, "disk_full")
    body = {
        "resource_code": world.resource_code,
        "item_ids": [str(item) for item in world.item_ids],
        **FIVE,
    }
    client, key = callers.client(world, "applicant", raising=False), callers.once()
    assert client.post("/api/v1/requests", json=body, headers=key).status_code == 507
    superuser_sql(worlds, world, "DROP FUNCTION fail_at_commit() CASCADE")
    answer = client.post("/api/v1/requests", json=body, headers=key)
    assert answer.status_code == 201
    assert "idempotency-replayed" not in answer.headers
    assert (
        answer.json()["request_no"] == "REQ-2026-000001"
    )  # the number of the failed try was not lost either


def change(session: Session) -> None:
    session.add(Department(code=NEW_DEPARTMENT, name="临时部门"))


def tell(session: Session, world: World) -> None:
    append(
        session,
        world.subjects["system_admin"],
        Event.DEPARTMENT_CREATED,
        stream=f"auth:department:{NEW_DEPARTMENT}",
        obj=ObjectRef("Department", NEW_DEPARTMENT),
    )


def bulk_change(session: Session) -> None:
    session.execute(update(AppUser).values(name="同名"))


def core_change(session: Session) -> None:
    session.connection().execute(update(AppUser).values(name="同名"))


def edit(session: Session) -> None:
    session.exec(select(AppUser)).first().name = "改名"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "step", [change, bulk_change, core_change, edit], ids=lambda step: step.__name__
)
def test_a_change_without_its_event_is_not_committed(
    committed_world: At, step: Callable[[Session], None]
) -> None:
    world = committed_world("accounts")
    before = names()
    with pytest.raises(UnrecordedChange), unit_of_work() as session:
        step(session)
    assert names() == before
    assert world.subjects


def test_an_event_that_was_taken_back_does_not_cover_a_change(committed_world: At) -> None:
    world = committed_world("accounts")
    before = names()
    # The commit at the end raises.
    with pytest.raises(UnrecordedChange), unit_of_work() as session:  # noqa: PT012
        savepoint = session.begin_nested()
        tell(session, world)
        savepoint.rollback()
        change(session)
    assert names() == before


def test_an_event_that_was_kept_covers_its_change(committed_world: At) -> None:
    world = committed_world("accounts")
    with unit_of_work() as session:
        with session.begin_nested():
            tell(session, world)
        change(session)
    assert "临时部门" in names()


def test_bookkeeping_needs_no_event(committed_world: At) -> None:
    committed_world("accounts")
    with unit_of_work() as session:
        session.add(SignInThrottle(account=b"nobody", address=""))
    with reading() as session:
        assert session.get(SignInThrottle, (b"nobody", "")) is not None


def test_an_event_is_taken_back_with_its_change(committed_world: At) -> None:
    world = committed_world("accounts")
    before = len(events())
    # As a service fails.
    with pytest.raises(ValueError, match="after all"), unit_of_work() as session:  # noqa: PT012
        change(session)
        tell(session, world)
        raise ValueError("after all")
    assert (len(events()), "临时部门" in names()) == (before, False)


def test_a_reading_session_cannot_write(committed_world: At) -> None:
    committed_world("accounts")
    with reading() as session:
        change(session)
        with pytest.raises(InternalError, match="read-only transaction"):
            session.flush()
    with reading() as session, pytest.raises(InternalError, match="read-only transaction"):
        session.connection().execute(text("DELETE FROM idempotency_key"))


def test_an_unused_session_holds_no_connection(committed_world: At, worlds: Worlds) -> None:
    world = committed_world("accounts")
    with reading(), unit_of_work():
        assert worlds.engine(world).pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_request_never_holds_two_connections(
    committed_world: At, monkeypatch: pytest.MonkeyPatch, worlds: Worlds
) -> None:
    """With one connection in all, every kind of request still gets
    through: refused, granted, decoded, streamed.
    """
    monkeypatch.setenv("SHUQIAO_DB_POOL_SIZE", "1")
    monkeypatch.setenv("SHUQIAO_DB_POOL_TIMEOUT_SECONDS", "0.3")
    settings.cache_clear()
    world = committed_world("active_grant")
    assert worlds.engine(world).pool.size() == 1  # type: ignore[attr-defined]
    path = f"/api/v1/grants/{world.grant_no}"
    refused = callers.client(world, "applicant").post(
        f"{path}/revocations", json={"reason": "不"}, headers={**callers.once(), "if-match": '"v2"'}
    )
    assert refused.status_code == 403
    with callers.data_client(world, "applicant") as reader:
        assert reader.get(f"{path}/data").status_code == 200
        assert reader.get(f"{path}/data", params={"column": "学校名称"}).status_code == 200
        assert reader.get(f"{path}/data", params={"column": "密码"}).status_code == 403
    draft = callers.client(world, "registrar").post(
        "/api/v1/resources",
        json={"class_code": "307001", "title": "校车", "share_type": "conditional"},
        headers=callers.once(),
    )
    files = {"file": ("a.csv", "代码\n1\n".encode(), "text/csv")}
    code = draft.json()["code"].replace("/", "-")
    attached = callers.client(world, "registrar").post(
        f"/api/v1/resources/{code}/attachments", files=files, headers=callers.once()
    )
    assert attached.status_code == 201
    revoked = callers.client(world, "provider_head").post(
        f"{path}/revocations",
        json={"reason": "目的已经实现"},
        headers={**callers.once(), "if-match": '"v2"'},
    )
    assert revoked.status_code == 201
    with callers.data_client(world, "applicant") as reader:
        assert reader.get(f"{path}/data").status_code == 403


def test_no_connection_is_held_while_bytes_stream(committed_world: At, worlds: Worlds) -> None:
    world = committed_world("active_grant")
    with counted(worlds.engine(world)) as held, callers.data_client(world, "applicant") as reader:
        seen: list[int] = []
        with watched_sends(reader, lambda: seen.append(len(held))):
            assert reader.get(f"/api/v1/grants/{world.grant_no}/data").status_code == 200
    assert len(seen) > 2
    assert set(seen) == {0}


def test_a_session_in_use_stays_open(committed_world: At, worlds: Worlds) -> None:
    world = committed_world("accounts")
    superuser_sql(worlds, world, "UPDATE login_session SET seen_at = now() - interval '5 minutes'")
    assert callers.client(world, "applicant").get("/api/v1/me").status_code == 200
    with reading() as session:
        recent = "SELECT count(*) FROM login_session WHERE seen_at > now() - interval '1 minute'"
        assert session.connection().execute(text(recent)).scalar_one() == 1
    superuser_sql(worlds, world, "UPDATE login_session SET seen_at = now() - interval '31 minutes'")
    assert callers.client(world, "applicant").get("/api/v1/me").status_code == 401


def test_a_state_that_was_built_hours_ago_is_as_good_as_new(worlds: Worlds) -> None:
    kept = worlds.at("accounts")
    superuser_sql(worlds, kept, "UPDATE login_session SET seen_at = now() - interval '9 hours'")
    with worlds.rolling_back(kept) as world:
        assert callers.client(world, "applicant").get("/api/v1/me").status_code == 200


@contextmanager
def counted(engine: Engine) -> Iterator[set[int]]:
    """Connections that are checked out by anybody but the watcher,
    whose look at the grants is its own.
    """
    held: set[int] = set()

    def took(_connection: Any, record: Any, _proxy: Any) -> None:
        if threading.current_thread().name != "watcher":
            held.add(id(record))

    def gave_back(_connection: Any, record: Any) -> None:
        held.discard(id(record))

    event.listen(engine, "checkout", took)
    event.listen(engine, "checkin", gave_back)
    try:
        yield held
    finally:
        event.remove(engine, "checkout", took)
        event.remove(engine, "checkin", gave_back)


@contextmanager
def watched_sends(client: Any, look: Callable[[], None]) -> Iterator[None]:
    """Calls ``look`` whenever the application hands over a piece of a body."""
    application = client.app

    async def watching(scope: Any, receive: Any, send: Any) -> None:
        async def seen(message: Any) -> None:
            if message["type"] == "http.response.body":
                look()
            await send(message)

        await application(scope, receive, seen)

    client._transport.app = watching
    try:
        yield
    finally:
        client._transport.app = application


def names() -> list[str]:
    """Names of departments and people, as committed."""
    with db.reading() as session:
        departments = list(session.exec(select(Department.name).order_by(Department.name)))
        return departments + list(session.exec(select(AppUser.name).order_by(AppUser.account)))


def test_a_refusal_of_the_case_itself_is_in_the_trail_too(world_at: At) -> None:
    """Whoever prepared a reply may release replies, only not this one:
    no policy says so, the case does.
    """
    world = world_at("submitted_request")
    client, path = callers.client(world, "both"), f"/api/v1/requests/{world.request_no}"
    reply = {"items": [{"item_id": str(item), "outcome": "granted"} for item in world.item_ids]}
    prepared = client.post(
        f"{path}/decisions", json=reply, headers={**callers.once(), "if-match": '"v3"'}
    )
    assert prepared.status_code == 201, prepared.text
    before = len(events())
    tag = {"if-match": prepared.headers["etag"]}
    refused = client.post(
        f"{path}/releases", json={"outcome": "released"}, headers={**callers.once(), **tag}
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "same_person")
    (denial,) = events()[before:]
    assert (denial.action, denial.actor, denial.stream) == (
        "auth:action:denied",
        "both",
        world.request_no,
    )
    assert refused.headers["shuqiao-event-id"] == str(denial.id)
