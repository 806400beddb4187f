import json
import os
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from bench.table import SCHEMA, block
from shuqiao.arrow.scans.scan import scan
from shuqiao.arrow.snapshots.manifest import Manifest, SnapshotDamaged
from shuqiao.arrow.snapshots.reader import MANIFEST_FILE, Snapshot, list_snapshots, open_snapshot
from shuqiao.arrow.snapshots.sealing import keep_seals, lacks_seals, made_seals
from shuqiao.settings import settings
from tests.shuqiao.arrow.scans.test_scan import COLUMNS, PLANS
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


def test_what_was_checked_is_out_of_reach_of_the_file(copied: Snapshot) -> None:
    """What happens to the file between the check and the use changes nothing that is used."""
    message = copied.message(0, ["id", "phone"])
    held, sent = message.batch.to_pydict(), bytes(message.raw)

    overwrite(copied._arrow_path)

    assert (message.batch.to_pydict(), bytes(message.raw)) == (held, sent)
    assert pa.ipc.read_record_batch(message.raw, message.batch.schema).to_pydict() == held
    with pytest.raises(SnapshotDamaged):
        copied.message(0, ["id", "phone"])


def overwrite(path: Path) -> None:
    """Every byte of the body, in place; size and time of the change as before."""
    status = path.stat()
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.seek(status.st_size // 8)
        file.write(b"\x55" * (status.st_size // 2))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("kind", ["ready", "filtered", "masked"])
@pytest.mark.parametrize("seals", ["xxh3", "gmac", None])
def test_a_byte_that_rots_after_a_sound_reading_is_never_used(
    copied: Snapshot, monkeypatch: pytest.MonkeyPatch, kind: str, seals: str | None
) -> None:
    """20 places in cells that are read, in the very snapshot that was read without fault before."""
    monkeypatch.setenv("SHUQIAO_STORE_SEALS", seals or "xxh3")
    settings.cache_clear()
    for path in copied.path.glob("seals.*"):
        path.unlink()
    if seals:
        keep_seals(copied.path, made_seals(copied))
    source = open_snapshot(copied.path)
    assert lacks_seals(source) is (seals is None)
    chosen = plan(source, COLUMNS, **PLANS[kind])
    rows, dice = drained(scan, chosen, KEYS), random.Random(f"{kind} {seals}")
    status = source._arrow_path.stat()
    for place in cells_of(source, chosen.needed_sources(), dice, 20):
        flip(source._arrow_path, place)
        os.utime(source._arrow_path, ns=(status.st_atime_ns, status.st_mtime_ns))
        with pytest.raises(SnapshotDamaged):
            drained(scan, chosen, KEYS)
        flip(source._arrow_path, place)
    assert drained(scan, chosen, KEYS) == rows


def cells_of(
    source: Snapshot, columns: Sequence[str], dice: random.Random, count: int
) -> Iterator[int]:
    """Places of bits of the values (of fixed width or text) of those columns in the Arrow file."""
    with pa.memory_map(str(source._arrow_path)) as mapped:
        start = mapped.read_buffer(1).address
        batches = pa.ipc.open_file(mapped)
        for _place in range(count):
            batch = batches.get_batch(dice.randrange(batches.num_record_batches))
            column = batch.column(dice.choice(list(columns)))
            values = column.buffers()[-1]
            used = values.size if len(column.buffers()) == 3 else column.nbytes * 3 // 4
            place = values.address - start + dice.randrange(min(used, values.size))
            yield place * 8 + dice.randrange(8)


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
