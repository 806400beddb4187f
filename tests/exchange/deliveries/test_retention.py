"""What is over is removed by the rules of retention; what a grant or a transfer needs never is."""

import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest
from fixtures.callers import client
from fixtures.database import arranged, clock_was_read
from fixtures.exchanging import grant_now, granting, last_fact, looking, prepare_anew, release
from fixtures.exchanging import trail as trail_of
from fixtures.page_forms import shown
from fixtures.renewing import SYSTEM, renew, rows_now
from fixtures.worlds import World
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from catalog.attachments import repository as attachments
from catalog.attachments.models import Attachment
from catalog.conformity.models import ConformityReport
from catalog.editions import repository as editions
from catalog.editions.schemas import EditionReport
from catalog.editions.service import clearing
from catalog.editions.service import editions as editing
from catalog.editions.words import EditionStatus
from exchange.deliveries import repository
from exchange.deliveries.errors import EditionCleared
from exchange.deliveries.service import recording
from exchange.deliveries.service.plans import compile_grant
from exchange.deliveries.service.proving import prove
from exchange.deliveries.service.recording import Ended, Left
from exchange.deliveries.tasks import clear_editions
from exchange.deliveries.words import DeliveryStatus
from shuqiao.arrow.snapshots.erasing import has_rows
from shuqiao.arrow.snapshots.reader import open_snapshot
from shuqiao.clock import today
from shuqiao.db import unit_of_work
from shuqiao.home import folder
from shuqiao.ids import uuid7
from shuqiao.settings import settings

At = Callable[[str], World]
#: Half a year and more after the story, before its grant ends.
LATER = "2026-10-09T09:00:00+08:00"


@pytest.fixture
def at(committed_world: At, tmp_path: Path) -> Iterator[At]:
    """The state with its files: what is removed here other tests deliver from."""

    def enter(state: str) -> World:
        world = committed_world(state)
        shutil.copytree(folder("snapshots"), tmp_path / "snapshots")
        return world

    yield enter
    shutil.copytree(tmp_path / "snapshots", folder("snapshots"), dirs_exist_ok=True)


def grown(world: World, times: int) -> None:
    """So many editions more, each with a row more than the one before."""
    for _each in range(times):
        table = rows_now(world)
        renew(world, pa.concat_tables([table, table.slice(0, 1)]).combine_chunks())


def standing(world: World) -> list[tuple[int, str, bool]]:
    """Number, state, and whether the rows are there."""
    with looking() as session:
        found = session.connection().execute(
            text("SELECT number, status, snapshot_id FROM edition ORDER BY number")
        )
        return [(row.number, row.status, there(row.snapshot_id)) for row in found]


def there(snapshot_id: str) -> bool:
    return has_rows(folder("snapshots"), snapshot_id)


def removed(world: World) -> list[int]:
    return [number for number, status, _rows in standing(world) if status == "removed"]


@pytest.fixture
def old(at: At, monkeypatch: pytest.MonkeyPatch) -> World:
    """Edition 6 is current, 1 to 5 have been over for half a year; a grant follows them."""
    world = at("active_grant")
    grown(world, 5)
    monkeypatch.setattr(settings(), "clock", LATER)
    return world


def test_the_values_that_a_report_names_go_with_the_rows_and_the_counts_stay(old: World) -> None:
    with unit_of_work() as session:
        for number in (2, 5):
            edition = editions.by_number(session, old.resource_id, number)
            assert edition is not None
            told = {"failures": [[1, "名称", "length", "张三"]], "columns": [], "failed": 1}
            session.add(
                ConformityReport(
                    resource_id=old.resource_id,
                    attachment_id=edition.attachment_id,
                    edition_id=edition.id,
                    standards="0" * 64,
                    held_on=today(),
                    rows=4,
                    **told,
                )
            )
        arranged(session)
    assert clear_editions() == 2
    with looking() as session:
        query = text(
            "SELECT number, failed, failures FROM conformity_report JOIN edition"
            " ON edition.id = edition_id ORDER BY number"
        )
        found = [tuple(row) for row in session.connection().execute(query)]
    assert found == [(2, 1, []), (5, 1, [[1, "名称", "length", "张三"]])]
    with (
        pytest.raises(DBAPIError, match="a report stays as it was made"),
        unit_of_work() as session,
    ):
        session.connection().execute(text("UPDATE conformity_report SET failures = '[[9]]'"))


def test_all_but_the_newest_go_and_leave_their_tombstone(old: World) -> None:
    stream = grant_now(old).resource_code
    first = rows_of(old, 1)
    clock_was_read("5 hours")
    assert clear_editions() == 0, "by one reading of the clock nothing goes"
    with unit_of_work() as session:
        resource_id = grant_now(old).resource_id
        assert clearing.clear(session, SYSTEM, resource_id, repository.needed).editions == 0
    clock_was_read("7 hours")
    assert clear_editions() == 2
    assert standing(old) == [
        (1, "removed", False),
        (2, "removed", False),
        (3, "kept", True),
        (4, "kept", True),
        (5, "kept", True),
        (6, "current", True),
    ]
    fact = last_fact(stream)
    assert trail_of(stream)[-1] == "edition:cleared", "one event for both"
    assert fact["why"]["numbers"] == [1, 2]
    assert fact["why"]["rule"]["superseded"] == {"editions": 3, "days": 180, "basis": "policy"}
    manifest = open_snapshot(folder("snapshots") / first).manifest
    assert (manifest.rows, manifest.id) == (4, first), "what was delivered can still be verified"
    assert clear_editions() == 0, "a repeat is a no-op"
    assert trail_of(stream).count("edition:cleared") == 1

    code = stream.replace("/", "-")
    told = client(old, "applicant").get(f"/api/v1/resources/{code}/editions").json()["items"][-1]
    assert (told["number"], told["status"], told["rows"]) == (1, "removed", 4)
    assert told["cleared_at"].startswith("2026-10-09")
    page = shown(client(old, "registrar"), f"/resources/{code}/editions")
    assert page.count("已按留存规定清除") == 2
    assert "2026年10月9日" in page or "2026-10-09" in page
    english = client(old, "registrar").get(
        f"/resources/{code}/editions", headers={"accept-language": "en"}
    )
    assert "Removed by the rules of retention" in english.text


def rows_of(world: World, number: int) -> str:
    with looking() as session:
        edition = editions.by_number(session, world.resource_id, number)
    assert edition is not None and edition.snapshot_id is not None
    return edition.snapshot_id


def test_a_pinned_grant_keeps_its_edition(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    world = at("prepared_request")
    prepare_anew(world, granting(world, follows_editions=False))
    grant = release(world)
    assert grant is not None
    world.grant_no = grant.grant_no
    prove(world.grant_no)
    grown(world, 5)
    monkeypatch.setattr(settings(), "clock", LATER)
    assert clear_editions() == 1
    assert standing(world)[:2] == [(1, "kept", True), (2, "removed", False)]
    by_hand = "UPDATE edition SET status = 'removed', cleared_at = now() WHERE number = 1"
    with (
        pytest.raises(DBAPIError, match="rows that a grant or a transfer needs are kept"),
        unit_of_work() as session,
    ):
        session.connection().execute(text(by_hand))


def test_a_transfer_that_runs_keeps_its_edition_and_one_that_begins_too_late_is_refused(
    old: World,
) -> None:
    subject, grant = old.subjects["applicant"], grant_now(old)
    with looking() as session:
        plan = compile_grant(session, grant).plan
    began = {number: _plan_over(old, plan, number) for number in (1, 2)}
    running = recording.start(subject, grant, began[1], face="arrow", edition_no=1)
    assert clear_editions() == 1
    assert standing(old)[:2] == [(1, "kept", True), (2, "removed", False)]
    with pytest.raises(EditionCleared):
        recording.start(subject, grant, began[2], face="arrow", edition_no=2)
    end = recording.EndRecorder(subject, running.delivery_id)
    end(Ended(DeliveryStatus.FINISHED, None, Left(4, 100, None)))
    assert clear_editions() == 1
    assert standing(old)[0] == (1, "removed", False)


def _plan_over(world: World, plan, number: int):  # type: ignore[no-untyped-def]
    source = open_snapshot(folder("snapshots") / rows_of(world, number))
    return type(plan)(source=source, columns=plan.columns, watermark=plan.watermark)


def test_whoever_starts_is_waited_for(old: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a start is not committed the removal waits; it never decides without it."""
    monkeypatch.setattr(settings(), "lock_timeout_ms", 200)
    with unit_of_work() as starting:
        assert editions.is_readable(starting, old.resource_id, 1)
        with pytest.raises(OperationalError, match="lock timeout"):
            clear_editions()
    assert removed(old) == []


def test_starts_and_the_removal_race_and_no_transfer_loses_its_rows(old: World) -> None:
    subject, grant = old.subjects["applicant"], grant_now(old)
    with looking() as session:
        plan = _plan_over(old, compile_grant(session, grant).plan, 1)
    barrier = threading.Barrier(7)

    def start() -> bool:
        barrier.wait()
        try:
            recording.start(subject, grant, plan, face="arrow", edition_no=1)
        except EditionCleared:
            return False
        return True

    def clear() -> bool:
        barrier.wait()
        clear_editions()
        return False

    with ThreadPoolExecutor(7) as pool:
        runs = [pool.submit(start) for _each in range(6)] + [pool.submit(clear)]
        has_started = any(run.result() for run in runs)
    assert has_started == there(rows_of(old, 1))
    assert has_started != (1 in removed(old))


@pytest.mark.parametrize("done", ["nothing", "some files", "all files"])
def test_killed_between_two_steps_the_next_run_goes_on(old: World, done: str) -> None:
    with unit_of_work() as session:
        resource_id = clearing.due(session)[0]
        clearing.clear(session, SYSTEM, resource_id, repository.needed)
    files = sorted((folder("snapshots") / rows_of(old, 1)).iterdir())
    gone = {"nothing": 0, "some files": 1, "all files": len(files)}[done]
    for path in [each for each in files if each.name != "manifest.json"][:gone]:
        path.unlink()
    assert clear_editions() == 0
    assert standing(old)[:2] == [(1, "removed", False), (2, "removed", False)]
    with looking() as session:
        assert clearing.to_erase(session) == []


def test_rows_that_another_edition_has_too_stay_until_that_is_over(old: World) -> None:
    table = rows_now(old)
    renew(old, table.slice(0, 4).combine_chunks())  # those of edition 1 once more
    assert clear_editions() == 3, "edition 3 is no longer among the newest"
    assert standing(old)[0] == (1, "removed", True)
    assert rows_now(old).num_rows == 4
    with looking() as session:
        assert clearing.to_erase(session) == [rows_of(old, 1)]


def test_rows_that_never_were_current_go_a_month_after_they_were_dropped(
    at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = at("active_grant")
    grown(world, 1)
    with unit_of_work() as session:
        current = editions.current(session, world.resource_id)
        assert current is not None
        editing.give_way(session, SYSTEM, world.resource_id)
        row = attachments.attachment_by_id(session, current.attachment_id)
        assert row is not None
        stored = Attachment(**{**row.model_dump(), "id": uuid7()})
        session.add(stored)
        arranged(session)
        held = editing.made(session, SYSTEM, stored, EditionStatus.ARRIVING)
        editing.settle(session, SYSTEM, held, EditionReport(outside=3))
        editing.drop(session, world.subjects["registrar"], held, held.version)
    monkeypatch.setattr(settings(), "clock", "2026-03-12T09:00:00+08:00")
    assert clear_editions() == 0
    monkeypatch.setattr(settings(), "clock", "2026-03-20T09:00:00+08:00")
    assert clear_editions() == 1
    assert [status for _number, status, _rows in standing(world)] == ["kept", "kept", "removed"]
