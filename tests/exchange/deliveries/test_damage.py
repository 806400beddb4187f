"""Stored rows that are not what was written: no cell of them leaves, and it is told to whoever can
mend it.
"""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fixtures import callers
from fixtures.exchanging import grant_now, last_fact, looking, task_kinds, told, trail
from fixtures.page_forms import shown
from fixtures.worlds import World
from sqlmodel import col, select

from catalog.editions import repository as editions
from catalog.editions.models import Edition
from catalog.editions.service import damage
from exchange.deliveries.models import Delivery
from shuqiao.arrow.snapshots.manifest import SnapshotDamaged
from shuqiao.arrow.snapshots.reader import open_snapshot
from shuqiao.db import unit_of_work
from shuqiao.home import folder
from shuqiao.subject import Subject

At = Callable[[str], World]


@pytest.fixture
def world(committed_world: At, tmp_path: Path) -> Iterator[World]:
    """A live grant with its files: what rots here other tests deliver from."""
    world = committed_world("active_grant")
    shutil.copytree(folder("snapshots"), tmp_path / "snapshots")
    yield world
    shutil.rmtree(folder("snapshots"))
    shutil.copytree(tmp_path / "snapshots", folder("snapshots"), dirs_exist_ok=True)


def fetched(world: World) -> Any:
    with callers.data_client(world, "applicant", raising=False) as client:
        return client.get(f"/api/v1/grants/{world.grant_no}/data")


def edition_now(world: World) -> Edition:
    with looking() as session:
        found = editions.current(session, world.resource_id)
        assert found is not None
        return found


def rows_path(world: World, name: str = "data.arrow") -> Path:
    return folder("snapshots") / str(edition_now(world).snapshot_id) / name


def last_delivery(world: World) -> Delivery:
    with looking() as session:
        newest = select(Delivery).order_by(col(Delivery.delivery_no).desc())
        found = session.exec(newest).first()
        assert found is not None
        return found


def rot(path: Path, seed: int = 1) -> bytes:
    """The bytes in the middle become others, the time of the change stays; gives the sound ones."""
    status, sound = path.stat(), path.read_bytes()
    path.chmod(0o600)
    raw, dice = bytearray(sound), random.Random(seed)
    for place in range(len(raw) // 4, len(raw) * 3 // 4):
        raw[place] ^= dice.randrange(1, 256)
    path.write_bytes(raw)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    return sound


def test_a_transfer_that_meets_rot_ends_with_its_own_reason_and_the_next_is_not_begun(
    world: World,
) -> None:
    assert fetched(world).status_code == 200
    path = rows_path(world)
    rot(path)

    answer = fetched(world)
    assert b"shuqiao.receipt" not in answer.content
    ended = last_delivery(world)
    assert (ended.status, ended.end_reason, ended.rows) == ("failed", "data_damaged", 0)
    edition = edition_now(world)
    assert edition.damaged_at is not None
    fact = last_fact(code_of(world))["why"]
    assert fact["delivery"] == ended.delivery_no
    assert fact["snapshot"] == edition.snapshot_id
    assert trail(code_of(world))[-1] == "edition:damaged"

    refused = fetched(world)
    assert refused.status_code == 503
    assert refused.json()["code"] == "snapshot_damaged"
    assert "retry-after" not in refused.headers
    assert last_delivery(world).delivery_no == ended.delivery_no
    assert last_fact(world.grant_no)["why"]["code"] == "snapshot_damaged"


def code_of(world: World) -> str:
    with looking() as session:
        return editions.by_id(session, edition_now(world).id).resource.code


def test_whoever_can_mend_it_is_told_and_sees_it(world: World) -> None:
    rot(rows_path(world))
    fetched(world)

    assert "restore_edition" in task_kinds(world, "registrar")
    assert any("损坏" in each or "damaged" in each for each in told(world, "system_admin"))
    with callers.client(world, "registrar") as registrar:
        page = shown(registrar, f"/resources/{world.resource_code}/editions")
        assert "已损坏" in page or "Damaged" in page
        read = registrar.get(f"/api/v1/resources/{world.resource_code}/editions").json()
    assert read["items"][0]["damaged_at"]
    fetched(world)
    assert task_kinds(world, "registrar").count("restore_edition") == 1


def test_found_again_it_is_told_once(world: World) -> None:
    snapshot_id = str(edition_now(world).snapshot_id)
    marked = []
    for _again in range(2):
        with unit_of_work() as session:
            marked.append(damage.found(session, Subject.system("data"), snapshot_id))
    assert marked == [1, 0]


def test_what_was_restored_is_read_whole_before_anything_leaves_again(world: World) -> None:
    path = rows_path(world)
    sound = rot(path)
    fetched(world)
    damage.look_after()
    assert edition_now(world).damaged_at is not None, "still rotten, so still marked"

    path.write_bytes(sound)
    assert fetched(world).status_code == 503, "nobody has looked yet"
    damage.look_after()

    assert edition_now(world).damaged_at is None
    assert trail(code_of(world))[-1] == "edition:sound"
    assert "restore_edition" not in task_kinds(world, "registrar")
    assert fetched(world).status_code == 200


def test_a_rotten_manifest_is_refused_marked_and_recorded(world: World) -> None:
    rot(rows_path(world, "manifest.json"))

    refused = fetched(world)
    assert (refused.status_code, refused.json()["code"]) == (503, "snapshot_damaged")
    assert last_fact(world.grant_no)["why"]["code"] == "snapshot_damaged"
    assert edition_now(world).damaged_at is not None


def test_whoever_else_reads_the_rows_leaves_the_mark(world: World) -> None:
    rot(rows_path(world))
    snapshot = open_snapshot(rows_path(world).parent)
    with pytest.raises(SnapshotDamaged), damage.marking("comparison"):
        snapshot.group(0, snapshot.schema.names)
    assert edition_now(world).damaged_at is not None
    assert last_fact(code_of(world))["why"]["found_by"] == "comparison"


def test_upkeep_makes_missing_seals_and_marks_what_cannot_be_sealed(world: World) -> None:
    seals, path = rows_path(world, "seals.xxh3"), rows_path(world)
    seals.unlink()
    damage.look_after()
    assert seals.exists() and edition_now(world).damaged_at is None

    seals.unlink()
    rot(path)
    damage.look_after()
    assert not seals.exists() and edition_now(world).damaged_at is not None
    assert damage.look_after(seconds=0) == 0


def test_the_receipt_names_the_digests_of_all_that_was_read(world: World) -> None:
    assert fetched(world).status_code == 200
    receipt = last_delivery(world).receipt
    assert receipt is not None
    manifest = open_snapshot(rows_path(world).parent).manifest
    source = receipt["source"]
    assert source["batches"] == len(manifest.batch_sizes)
    assert source["columns"] >= len(grant_now(world).filter_columns)
    assert len(source["root"]) == 64
