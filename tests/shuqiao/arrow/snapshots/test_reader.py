import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from bench.table import SCHEMA, block
from shuqiao.arrow.scans.scan import scan
from shuqiao.arrow.snapshots.manifest import Manifest, SnapshotDamaged
from shuqiao.arrow.snapshots.reader import MANIFEST_FILE, Snapshot, list_snapshots, open_snapshot
from tests.shuqiao.arrow.tables import KEYS, drained, plan, snapshot

ROWS = 3_000


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot(
        tmp_path_factory.mktemp("original"), pa.Table.from_batches([block(0, ROWS, seed=1)])
    )


@pytest.fixture
def copied(original: Snapshot, tmp_path: Path) -> Snapshot:
    folder = tmp_path / original.id
    shutil.copytree(original.path, folder)
    return open_snapshot(folder)


def flip(path: Path, place: int) -> None:
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.seek(place // 8)
        byte = file.read(1)[0]
        file.seek(place // 8)
        file.write(bytes([byte ^ 1 << place % 8]))


def test_a_sound_snapshot_verifies_in_both_forms(copied: Snapshot) -> None:
    copied.verify()
    copied._arrow_path.unlink()
    open_snapshot(copied.path).verify()


def test_both_forms_hold_the_rows_that_were_written(copied: Snapshot) -> None:
    expected = pa.Table.from_batches([block(0, ROWS, seed=1)])
    names = SCHEMA.names

    assert pa.Table.from_batches(copied.group(0, names)) == expected
    copied._arrow_path.unlink()
    assert not copied.is_ready
    assert pa.Table.from_batches(open_snapshot(copied.path).group(0, names)) == expected


def test_ready_batches_are_mapped_not_read(copied: Snapshot) -> None:
    before = pa.total_allocated_bytes()
    batch = copied.batch(0, ["id"])

    assert pa.total_allocated_bytes() - before < batch.nbytes // 2


@pytest.mark.parametrize("ready", [True, False], ids=["arrow", "parquet"])
def test_flipped_bits_are_found_and_never_delivered(
    copied: Snapshot, tmp_path: Path, ready: bool
) -> None:
    rows = drained(scan, plan(copied), KEYS)
    if not ready:
        copied._arrow_path.unlink()
    path = copied._arrow_path if ready else next(copied.path.glob("*.parquet"))
    dice, size = random.Random(11), path.stat().st_size * 8

    outcomes = []
    for _attempt in range(60):
        place = dice.randrange(size)
        flip(path, place)
        damaged = open_snapshot(copied.path)
        with pytest.raises(SnapshotDamaged):
            damaged.verify()
        outcomes.append(delivered(damaged))
        flip(path, place)
    assert None in outcomes
    assert [found for found in outcomes if found not in (None, rows)] == []
    open_snapshot(copied.path).verify()


def delivered(source: Snapshot) -> pa.Table | None:
    """What comes out: nothing, or (when padding or an unused copy was hit) the right rows."""
    try:
        return drained(scan, plan(source), KEYS)
    except SnapshotDamaged:
        return None


@pytest.mark.parametrize("name", ["data.arrow", "part-00000.parquet"])
def test_a_cut_or_missing_file_is_found(copied: Snapshot, name: str) -> None:
    path = copied.path / name
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(SnapshotDamaged):
        open_snapshot(copied.path).verify()
    (copied.path / "part-00000.parquet").unlink()
    with pytest.raises(SnapshotDamaged):
        open_snapshot(copied.path).verify()


Edit = Callable[[dict[str, object]], object]


@pytest.mark.parametrize(
    "edit",
    [
        lambda manifest: manifest.update(rows=1),
        lambda manifest: manifest.update(root="00" * 32),
        lambda manifest: manifest["columns"].reverse(),
        lambda manifest: manifest.update(batch_rows=0),
        lambda manifest: manifest.update(extra=1),
        lambda manifest: manifest["arrow"].update(file="../data.arrow"),
        lambda manifest: manifest["columns"][0].update(digests="AAAA"),
        lambda manifest: manifest.clear(),
    ],
)
def test_an_edited_manifest_is_refused_even_under_its_new_name(
    copied: Snapshot, edit: Edit
) -> None:
    document = json.loads((copied.path / MANIFEST_FILE).read_bytes())
    edit(document)
    raw = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    (copied.path / MANIFEST_FILE).chmod(0o600)
    (copied.path / MANIFEST_FILE).write_bytes(raw)

    with pytest.raises(SnapshotDamaged):
        open_snapshot(copied.path)
    with pytest.raises(SnapshotDamaged):
        Manifest.from_bytes(raw)


def test_a_renamed_or_missing_snapshot_is_refused(copied: Snapshot) -> None:
    other = copied.path.rename(copied.path.with_name("0" * 64))
    with pytest.raises(SnapshotDamaged):
        open_snapshot(other)
    with pytest.raises(SnapshotDamaged):
        open_snapshot(copied.path)


def test_lists_what_is_finished(copied: Snapshot) -> None:
    (copied.path.parent / ".writing-x").mkdir()
    assert list(list_snapshots(copied.path.parent)) == [copied.path]
