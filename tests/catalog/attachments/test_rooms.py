"""The room of a department on the disk: counted as its files are, and never more than its quota."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from contextvars import copy_context
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from fixtures.worlds import World
from psycopg.errors import LockNotAvailable
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from auth.departments import repository as departments
from auth.departments.service import department_by_code, set_quota
from catalog.attachments import repository
from catalog.attachments.errors import QuotaReached
from catalog.attachments.models import ReservedRoom
from catalog.attachments.service import rooms
from catalog.attachments.service.rooms import MEGABYTE, Held
from catalog.attachments.tasks import make_snapshot
from catalog.editions.service import clearing
from shuqiao.arrow.snapshots.erasing import erase_rows, stored_bytes
from shuqiao.clock import now
from shuqiao.db import reading, unit_of_work
from shuqiao.home import folder
from shuqiao.settings import settings
from shuqiao.subject import Subject
from tests.catalog.conftest import CODES, SCHOOLS, Story

OWNER = CODES["教育厅"]
#: A table that compresses badly: as a snapshot it is larger than as a file.
WIDE = "代码,名称,经度\n" + "".join(f"{n:04},校{n * 7919 % 9973},{n / 97}\n" for n in range(4_000))


def held(session: Session, code: str = OWNER) -> Held:
    session.expire_all()
    found = departments.by_code(session, code)
    assert found is not None
    return rooms.of_department(session, found)


def bound(session: Session, mb: int | None, code: str = OWNER) -> None:
    found = department_by_code(session, code, lock=True)
    set_quota(session, Subject.system("cli"), found, mb, version=found.version)


def send(api: Callable[[str], Any], code: str, content: bytes, **headers: str) -> Any:
    files = {"file": ("a.csv", content)}
    path = f"/resources/{code}/attachments"
    return api("registrar")("POST", path, files=files, headers=headers)


def files_named(session: Session) -> tuple[int, int]:
    """Bytes of snapshots and uploads in the home that rows of the department name."""
    found = session.connection().execute(
        text("""
SELECT a.id, a.snapshot_id, a.source FROM attachment a JOIN data_resource r ON r.id = a.resource_id
JOIN department d ON d.id = r.provider_id WHERE d.code = :code"""),
        {"code": OWNER},
    )
    rows = found.all()
    snapshots = {row.snapshot_id for row in rows if row.snapshot_id}
    uploads = [folder("uploads") / row.id.hex for row in rows if row.source == "file"]
    return (
        sum(stored_bytes(folder("snapshots") / each) for each in snapshots),
        sum(path.stat().st_size for path in uploads),
    )


def test_a_file_counts_until_its_time_is_over(
    story: Story, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = story.register()
    story.attach(code)
    waiting = story.attach(code, WIDE.encode())
    story.confirm(code, waiting)
    days, moment = settings().upload_days, now()
    monkeypatch.setattr(rooms, "now", lambda: moment + timedelta(days=days - 1))
    assert held(session).uploads == len(SCHOOLS) + len(WIDE.encode())
    monkeypatch.setattr(rooms, "now", lambda: moment + timedelta(days=days + 1))
    assert held(session).uploads == len(WIDE.encode())  # a job still waits for it


def stored_rows(story: Story, session: Session) -> str:
    """The name of a snapshot of rows that no other test has, for those that remove them."""
    attachment_id = story.attach(code := story.register(), WIDE.encode())
    story.confirm(code, attachment_id)
    make_snapshot(attachment_id)
    query = "SELECT snapshot_id FROM attachment WHERE snapshot_id IS NOT NULL"
    return str(session.connection().execute(text(query)).scalar_one())


def test_what_is_kept_is_the_sum_of_the_files_that_rows_name(
    api: Callable[[str], Any], story: Story, session: Session
) -> None:
    assert held(session).used == 0
    first = story.stored()
    story.stored(title="又一份")  # the very same rows: one folder
    story.attach(first, SCHOOLS + "0104,四小,\n".encode())  # never stored
    kept = held(session)
    assert (kept.snapshots, kept.uploads) == files_named(session)
    assert kept.snapshots > 0
    assert kept.uploads == 2 * len(SCHOOLS) + len(SCHOOLS + "0104,四小,\n".encode())
    assert kept.arriving == 0
    assert held(session, CODES["公安厅"]).used == 0
    assert next(each for each in rooms.of_all(session) if each.code == OWNER) == kept


def test_of_rows_that_were_removed_the_manifest_counts(story: Story, session: Session) -> None:
    name = stored_rows(story, session)
    before = held(session).snapshots
    erase_rows(folder("snapshots"), name)
    rooms.note(session, name)
    assert 0 < held(session).snapshots < before
    assert held(session).snapshots == files_named(session)[0]


def test_clearing_notes_what_is_left(
    story: Story, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = stored_rows(story, session)
    monkeypatch.setattr(clearing.repository, "is_used", lambda _session, _name: False)
    assert clearing.erase(session, name, lambda _session, _names: ())
    assert held(session).snapshots == files_named(session)[0]


def test_snapshots_from_before_are_measured(story: Story, session: Session) -> None:
    story.stored()
    whole = held(session).snapshots
    session.connection().execute(text("DELETE FROM stored_snapshot"))
    assert held(session).snapshots == 0
    assert rooms.measure(session, 10) == 1
    assert held(session).snapshots == whole
    assert rooms.measure(session, 10) == 0


def test_an_upload_beyond_the_quota_is_refused_before_it_is_read(
    api: Callable[[str], Any],
    story: Story,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = story.register()
    bound(session, 1)
    monkeypatch.setattr("shuqiao.web.parts.Receiving", None)  # whoever begins to write falls
    answer = send(api, code, b"a,b\n" + b"1,2\n" * 300_000)
    assert (answer.status_code, answer.json()["code"]) == (507, "quota_reached")
    assert "教育厅" in answer.json()["detail"]
    assert "1.0 MB" in answer.json()["detail"]
    assert "Retry-After" not in answer.headers
    assert held(session).used == 0
    bound(session, None)
    monkeypatch.undo()
    assert send(api, code, SCHOOLS).status_code == 201


def test_an_upload_of_unknown_length_is_refused_while_it_streams(
    story: Story, session: Session
) -> None:
    story.register()
    bound(session, 1)
    owner = departments.by_code(session, OWNER)
    assert owner is not None
    with rooms.reserved(owner.id, 0) as room:
        room.spend(MEGABYTE // 2)
        assert held(session).arriving == MEGABYTE  # no more than there is
        room.spend(MEGABYTE // 2)
        with pytest.raises(QuotaReached):
            room.spend(1)
    assert held(session).arriving == 0
    bound(session, 100)
    with rooms.reserved(owner.id, 0) as room:
        room.spend(1)
        assert held(session).arriving == rooms.STEP


def test_a_full_department_begins_nothing(story: Story, session: Session) -> None:
    code = story.register()
    story.attach(code, b"a,b\n" + b"1,2\n" * 200_000)
    bound(session, 1)
    owner = departments.by_code(session, OWNER)
    assert owner is not None
    room = rooms.reserved(owner.id, held(session).left)
    with room, pytest.raises(QuotaReached), rooms.reserved(owner.id, 0):
        pass


def test_what_a_killed_process_reserved_is_free_when_its_time_is_over(
    story: Story, session: Session
) -> None:
    story.register()
    owner = departments.by_code(session, OWNER)
    assert owner is not None
    left = repository.reserve(session, owner.id, MEGABYTE, rooms._LOOKED_AT)
    assert held(session).arriving == MEGABYTE
    session.connection().execute(
        text("UPDATE reserved_room SET until = clock_timestamp() WHERE id = :id"), {"id": left}
    )
    assert held(session).arriving == 0
    with rooms.reserved(owner.id, 1):
        assert session.get(ReservedRoom, left, populate_existing=True) is None


def test_a_snapshot_without_room_is_refused_and_the_file_stays(
    api: Callable[[str], Any],
    story: Story,
    session: Session,
    trail: Callable[[str], list[str]],
) -> None:
    code = story.register()
    attachment_id = story.attach(code, WIDE.encode())
    story.confirm(code, attachment_id)
    bound(session, 1)
    story.attach(code, b"a,b\n" + b"1,2\n" * 225_000)
    there = set(folder("snapshots").glob("[!.]*"))
    make_snapshot(attachment_id)
    path = f"/resources/{code}/attachments/{attachment_id}"
    refused = api("registrar")("GET", path).json()
    assert (refused["status"], refused["snapshot_id"]) == ("refused", None)
    assert "教育厅" in refused["refusal"]
    assert trail("307001/000001")[-1] == "catalog:attachment:refused"
    assert set(folder("snapshots").glob("[!.]*")) == there
    assert held(session).used <= MEGABYTE
    bound(session, 2)
    story.confirm(code, attachment_id)
    make_snapshot(attachment_id)
    assert api("registrar")("GET", path).json()["status"] == "stored"


def test_rows_that_the_department_has_already_take_no_room(
    api: Callable[[str], Any], story: Story, session: Session
) -> None:
    story.stored()
    code = story.register(title="又一份")
    attachment_id = story.attach(code)
    story.confirm(code, attachment_id)
    bound(session, 1)
    owner = departments.by_code(session, OWNER)
    assert owner is not None
    with rooms.reserved(owner.id, held(session).left):
        make_snapshot(attachment_id)
    found = api("registrar")("GET", f"/resources/{code}/attachments/{attachment_id}").json()
    assert found["status"] == "stored"


def owner_of(world: World) -> UUID:
    found = world.subjects["registrar"].department_id
    assert found is not None
    return found


@pytest.mark.parametrize(("used", "matters"), [(80, False), (81, True), (120, True)])
def test_what_is_left_matters_from_four_fifths(used: int, matters: bool) -> None:
    kept = Held(OWNER, "教育厅", used - 30, 20, 10, quota=100, has_own_quota=True)
    assert (kept.used, kept.left, kept.matters) == (used, max(0, 100 - used), matters)


@pytest.fixture
def crowd(committed_world: Callable[[str], World]) -> World:
    """Whose owner may keep 64 MB."""
    world = committed_world("published_resource")
    with unit_of_work() as session:
        owner = departments.by_id(session, owner_of(world))
        bound(session, 64, owner.code)
    return world


def test_uploads_at_the_same_moment_keep_to_the_quota_together(crowd: World) -> None:
    owner_id = owner_of(crowd)
    with reading() as session:
        left = rooms.of_department(session, departments.by_id(session, owner_id)).left
    each, fit = left // 3 + 1, 2
    barrier = Barrier(4)

    def taken(stack: ExitStack) -> bool:
        barrier.wait()
        while True:
            try:
                stack.enter_context(rooms.reserved(owner_id, each))
            except QuotaReached:
                return False
            except OperationalError as busy:  # the machine is; a caller would come again
                if not isinstance(busy.orig, LockNotAvailable):
                    raise
            else:
                return True

    with ExitStack() as stack, ThreadPoolExecutor(4) as pool:
        tries = [pool.submit(copy_context().run, taken, stack) for _try in range(4)]
        assert sum(one.result() for one in tries) == fit
        with reading() as session:
            kept = rooms.of_department(session, departments.by_id(session, owner_id))
        assert kept.used <= kept.quota
    with reading() as session:
        assert rooms.of_department(session, departments.by_id(session, owner_id)).arriving == 0
