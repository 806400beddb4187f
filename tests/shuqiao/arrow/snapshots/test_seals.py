import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.table import SCHEMA, block
from shuqiao.arrow.snapshots import reader, seals
from shuqiao.arrow.snapshots.columntypes import stored_schema
from shuqiao.arrow.snapshots.manifest import SnapshotDamaged
from shuqiao.arrow.snapshots.reader import Snapshot, open_snapshot
from shuqiao.arrow.snapshots.sealing import keep_seals, lacks_seals, made_seals
from shuqiao.arrow.snapshots.seals import Gmac, Message, Sealing, Xxh3, seals_file
from shuqiao.settings import settings
from tests.shuqiao.arrow.tables import columns, snapshot

KINDS: list[Sealing] = [Xxh3(), Gmac(b"k" * 32)]
NAMES = SCHEMA.names


@pytest.fixture(params=["xxh3", "gmac"])
def kind(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Sealing]:
    """The kind in force, in a home of its own."""
    monkeypatch.setenv("SHUQIAO_STORE_SEALS", request.param)
    monkeypatch.setenv("SHUQIAO_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    yield seals.sealing()
    settings.cache_clear()


@pytest.fixture
def stored(kind: Sealing, tmp_path: Path) -> Snapshot:
    return snapshot(tmp_path / "store", pa.Table.from_batches([block(0, 20_000, seed=2)]))


def hashed(monkeypatch: pytest.MonkeyPatch) -> list[pa.Array]:
    """The columns that are held against a digest from now on."""
    seen: list[pa.Array] = []
    plain = reader._matches

    def matches(column: pa.Array, leaf: bytes) -> bool:
        seen.append(column)
        return plain(column, leaf)

    monkeypatch.setattr(reader, "_matches", matches)
    return seen


def test_what_is_written_is_known_by_its_seals_alone(
    stored: Snapshot, kind: Sealing, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = hashed(monkeypatch)
    for number in range(len(stored.manifest.batch_sizes)):
        stored.batch(number, NAMES)
        stored.batch(number, NAMES[3:1:-1])
    assert seen == []
    assert seals_file(stored.path, kind).stat().st_mode & 0o777 == 0o400


def test_columns_of_nothing_are_known_by_their_seals_too(
    kind: Sealing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Buffers without a byte lie anywhere: they are no part of what is sealed."""
    nothing = {
        "missing": pa.array([None] * 60, pa.string()),
        "empty": pa.array([""] * 60),
        "absent": pa.array([None] * 60, pa.int64()),
        "there": pa.array([f"东河区第{n}小学" for n in range(60)]),
    }
    found = snapshot(tmp_path / "store", pa.table(nothing))
    seen = hashed(monkeypatch)
    for _again in range(3):
        found.batch(0, list(nothing))
        found.batch(0, ["missing", "there"])
    assert seen == []


@given(column=columns(max_size=70))
def test_every_byte_of_a_column_is_sealed(column: pa.Array) -> None:
    batch = pa.record_batch([column, column], names=["a", "b"])
    message = Message.copied(batch, batch.schema)
    for (piece, _layout), copied in zip(message.columns(), message.batch.columns, strict=True):
        there = [buffer for buffer in copied.buffers() if buffer is not None and buffer.size]
        begin = min((buffer.address for buffer in there), default=0)
        end = max((buffer.address + buffer.size for buffer in there), default=0)
        assert len(piece) == end - begin
        for buffer in there:
            place = buffer.address - begin
            assert piece[place : place + buffer.size] == memoryview(buffer).cast("B")


@pytest.mark.parametrize("kind_", KINDS, ids=["xxh3", "gmac"])
@given(batch=st.lists(columns(max_size=70), min_size=1, max_size=3), start=st.integers(0, 9))
def test_a_batch_has_the_same_bytes_however_it_is_cut_and_written(
    kind_: Sealing, batch: list[pa.Array], start: int
) -> None:
    """What the writer seals are slices; what a reader holds was written to a file in between."""
    rows = min(len(column) for column in batch)
    table = pa.record_batch([c.slice(0, rows) for c in batch], [str(n) for n in range(len(batch))])
    table = table.slice(min(start, rows))
    schema = stored_schema(table.schema)
    first = Message.copied(table.cast(schema), schema)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, schema) as file:
        file.write_batch(table.cast(schema))
    again = Message.copied(pa.ipc.open_file(sink.getvalue()).get_batch(0), schema)

    for (data, layout), (other, other_layout) in zip(first.columns(), again.columns(), strict=True):
        assert layout == other_layout
        assert kind_.holds(kind_.make(data, layout), other, layout)


@pytest.mark.parametrize("kind_", KINDS, ids=["xxh3", "gmac"])
def test_a_seal_holds_for_these_bytes_and_what_is_bound_to_them_only(kind_: Sealing) -> None:
    data, bound = memoryview(bytes(range(200))), b"leaf and layout"
    seal = kind_.make(data, bound)

    assert len(seal) == kind_.size
    assert kind_.holds(seal, data, bound)
    assert not kind_.holds(seal, data[:-1], bound)
    assert not kind_.holds(seal, memoryview(b"\1" + bytes(data[1:])), bound)
    assert not kind_.holds(seal, data, b"leaf and another layout")
    for place in range(kind_.size):
        changed = bytearray(seal)
        changed[place] ^= 1
        assert not kind_.holds(bytes(changed), data, bound)


def test_no_nonce_is_used_twice() -> None:
    made = {Gmac(b"k" * 32).make(memoryview(b"the same"), b"")[:12] for _seal in range(1_000)}
    assert len(made) == 1_000


def test_the_seals_of_another_key_are_none(stored: Snapshot, kind: Sealing) -> None:
    data = memoryview(b"rows")
    assert not Gmac(b"a" * 32).holds(Gmac(b"b" * 32).make(data, b""), data, b"")


def test_who_can_write_the_store_and_has_no_key_makes_no_seal(
    stored: Snapshot, kind: Sealing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other values with fitting seals: what XXH3 does not claim to find, GMAC does."""
    other = pa.record_batch(
        [column.slice(1).take([*range(len(column) - 1), 0]) for column in rows_of(stored).columns],
        schema=stored.schema,
    )
    forged = Xxh3() if kind.name == "xxh3" else Gmac(b"guessed".ljust(32))
    path, counts = stored._arrow_path, (len(NAMES), len(stored.manifest.batch_sizes))
    made = bytearray(seals.seals_head(forged, *counts))
    path.chmod(0o600)
    with pa.ipc.new_file(str(path), stored.schema) as file:
        first = 0
        for number, rows in enumerate(stored.manifest.batch_sizes):
            batch = other.slice(first, rows)
            first += rows
            file.write_batch(batch)
            leaves = [column.leaf(number) for column in stored.manifest.columns]
            made += seals.seal_all(forged, Message.copied(batch, stored.schema), leaves)
    keep_seals(stored.path, bytes(made))

    if kind.name == "xxh3":
        assert open_snapshot(stored.path).batch(0, NAMES).num_rows
    else:
        with pytest.raises(SnapshotDamaged):
            open_snapshot(stored.path).batch(0, NAMES)


def rows_of(source: Snapshot) -> pa.RecordBatch:
    return pa.concat_batches(
        [source.batch(number, NAMES) for number in range(len(source.manifest.batch_sizes))]
    )


def test_seals_of_another_batch_or_column_hold_for_none(
    stored: Snapshot, kind: Sealing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shifted file of seals: right seals, wrong places. The digests decide, and are right."""
    path = seals_file(stored.path, kind)
    raw = path.read_bytes()
    head, body = raw[: raw.index(b"\n") + 1], raw[raw.index(b"\n") + 1 :]
    path.chmod(0o600)
    path.write_bytes(head + body[kind.size :] + body[: kind.size])
    seen, again = hashed(monkeypatch), open_snapshot(stored.path)

    assert again.batch(0, NAMES).num_rows
    assert len(seen) == len(NAMES)


@pytest.mark.parametrize("harm", ["gone", "short", "other kind"])
def test_without_seals_the_digests_are_compared_at_every_use(
    stored: Snapshot, kind: Sealing, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    path = seals_file(stored.path, kind)
    if harm == "short":
        path.chmod(0o600)
        path.write_bytes(path.read_bytes()[:-1])
    else:
        path.rename(path.with_name("seals.other") if harm == "gone" else other_kind(path))
    again, seen = open_snapshot(stored.path), hashed(monkeypatch)
    for _use in range(2):
        again.batch(0, NAMES)
    assert len(seen) == 2 * len(NAMES)
    assert lacks_seals(again)

    keep_seals(stored.path, made_seals(again))
    sealed = open_snapshot(stored.path)
    seen.clear()
    sealed.batch(0, NAMES)
    assert (seen, lacks_seals(sealed)) == ([], False)
    assert [each for each in os.listdir(stored.path) if each.startswith(".")] == []


def other_kind(path: Path) -> Path:
    return path.with_suffix(".gmac" if path.suffix == ".xxh3" else ".xxh3")


def test_nothing_rotten_is_sealed(stored: Snapshot, kind: Sealing, tmp_path: Path) -> None:
    folder = tmp_path / "again" / stored.id
    shutil.copytree(stored.path, folder)
    path = folder / "data.arrow"
    path.chmod(0o600)
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    with pytest.raises(SnapshotDamaged):
        made_seals(open_snapshot(folder))
