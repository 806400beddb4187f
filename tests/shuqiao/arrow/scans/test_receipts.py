import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from bench.table import block
from shuqiao.arrow.scans import receipts
from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.arrow.scans.receipts import (
    METADATA_KEY,
    ReceiptBuilder,
    check_receipt,
    closing_batch,
    closing_bytes,
)
from shuqiao.arrow.scans.scan import scan
from shuqiao.arrow.snapshots.digests import MerkleTree, merkle_root
from shuqiao.arrow.snapshots.manifest import SnapshotDamaged
from shuqiao.arrow.snapshots.reader import Snapshot, open_snapshot
from shuqiao.arrow.terms.mask_kinds import KeepBoth, Pseudonym
from tests.shuqiao.arrow.tables import KEYS, plan, snapshot

COLUMNS = ["id", "person_id", "phone", "address"]
MASKS = {"person_id": KeepBoth(6, 4, 18), "phone": Pseudonym()}
WHERE = {"item": "status", "op": "ne", "value": 5}
PLANS: dict[str, dict[str, Any]] = {
    "ready": {},
    "masked": {"masks": MASKS},
    "filtered": {"where": WHERE},
    "both": {"masks": MASKS, "where": WHERE},
    "nothing": {"where": {"item": "status", "op": "gt", "value": 99}},
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot(
        tmp_path_factory.mktemp("receipts"), pa.Table.from_batches([block(0, 40_000, seed=1)])
    )


def delivered(chosen: DeliveryPlan) -> tuple[list[pa.RecordBatch], dict[str, Any]]:
    builder, batches = ReceiptBuilder(chosen), list(scan(chosen, KEYS))
    for batch in batches:
        builder.add(batch)
    assert builder.rows == sum(batch.num_rows for batch in batches)
    assert builder.bytes == builder.receipt()["bytes"]
    return batches, builder.receipt()


@pytest.mark.parametrize("kind", PLANS)
def test_the_recipient_finds_what_was_sent(source: Snapshot, kind: str) -> None:
    batches, receipt = delivered(plan(source, COLUMNS, **PLANS[kind]))

    assert check_receipt(batches, receipt)
    assert receipt["rows"] == sum(batch.num_rows for batch in batches)
    assert [column["name"] for column in receipt["columns"]] == COLUMNS


@pytest.mark.parametrize("kind", PLANS)
@pytest.mark.parametrize("form", ["arrow", "parquet"])
def test_a_receipt_names_what_every_batch_that_was_read_was_checked_against(
    source: Snapshot, tmp_path: Path, kind: str, form: str
) -> None:
    if form == "parquet":
        shutil.copytree(source.path, tmp_path / source.id)
        (tmp_path / source.id / "data.arrow").unlink()
        source = open_snapshot(tmp_path / source.id)
    chosen = plan(source, COLUMNS, **PLANS[kind])
    builder = ReceiptBuilder(chosen)
    for batch in scan(chosen, KEYS, builder.read):
        builder.add(batch)
    named = builder.whole()["source"]

    assert named["batches"] == len(source.manifest.batch_sizes)
    assert named == recomputed(source, chosen.needed_sources())
    assert named != recomputed(source, chosen.needed_sources()[:-1])
    assert "person_id" not in json.dumps(named)


def recomputed(source: Snapshot, columns: Sequence[str]) -> dict[str, Any]:
    """By the words of docs/protocol.md section 5, from the manifest's leaves alone."""
    manifest = source.manifest
    leaves = []
    for column in manifest.columns:
        if column.name not in columns:
            continue
        tree = MerkleTree()
        for number in range(len(manifest.batch_sizes)):
            tree.add(column.leaf(number))
        kind = column.type.encode()
        body = (0).to_bytes(4, "little") + len(kind).to_bytes(4, "little") + kind
        body += manifest.rows.to_bytes(8, "little") + tree.root()
        leaves.append(hashlib.sha256(b"\0shuqiao.table.v1\0" + body).digest())
    root = merkle_root(leaves).hex()
    return {"batches": len(manifest.batch_sizes), "columns": len(leaves), "root": root}


def test_rows_of_which_a_batch_was_not_checked_get_no_receipt(source: Snapshot) -> None:
    chosen = plan(source, COLUMNS, where=WHERE)
    builder = ReceiptBuilder(chosen)
    numbers = []
    for batch in scan(chosen, KEYS, numbers.append):
        builder.add(batch)
    for number in numbers[1:]:
        builder.read(number)
    with pytest.raises(SnapshotDamaged):
        builder.whole()
    builder.read(numbers[0])
    assert builder.whole()["rows"] == builder.rows


def test_an_untouched_snapshot_has_its_own_root(source: Snapshot) -> None:
    _batches, receipt = delivered(plan(source))

    assert receipt["root"] == receipt["snapshot_root"] == source.manifest.root.hex()
    assert receipt["bytes"] == source.manifest.decoded_bytes


@pytest.mark.parametrize("kind", ["ready", "both"])
def test_any_change_is_noticed(source: Snapshot, kind: str) -> None:
    batches, receipt = delivered(plan(source, COLUMNS, **PLANS[kind]))
    table = pa.Table.from_batches(batches)
    upper = table.set_column(3, "address", pa.array([*table["address"].to_pylist()[:-1], "别处"]))

    assert not check_receipt(batches[:-1], receipt)
    assert not check_receipt(batches[::-1], receipt)
    assert not check_receipt([*batches, batches[0].slice(0, 1)], receipt)
    assert not check_receipt(
        table.select(["person_id", "id", "phone", "address"]).to_batches(), receipt
    )
    assert not check_receipt(
        table.rename_columns(["ID", "person_id", "phone", "address"]).to_batches(), receipt
    )
    assert not check_receipt(upper.to_batches(), receipt)
    assert not check_receipt([], receipt)
    for name, value in {"rows": 1, "root": "00", "columns": [], "bytes": 1, "batches": []}.items():
        assert not check_receipt(batches, {**receipt, name: value})


def test_untouched_columns_are_not_hashed_again(
    source: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[pa.DataType] = []
    original = receipts.digest_column
    monkeypatch.setattr(
        receipts, "digest_column", lambda column: (hashed.append(column), original(column))[1]
    )
    chosen = plan(source, COLUMNS, MASKS)
    batches, _receipt = delivered(chosen)
    assert len(hashed) == len(batches) * 2

    hashed.clear()
    delivered(plan(source, COLUMNS))
    assert not hashed


def test_a_batch_that_is_not_the_snapshots_is_not_signed_for(source: Snapshot) -> None:
    chosen = plan(source, COLUMNS)
    builder = ReceiptBuilder(chosen)
    with pytest.raises(Exception, match="other rows"):
        builder.add(next(iter(scan(chosen, KEYS))).slice(1))


@pytest.mark.parametrize("kind", PLANS)
def test_the_receipt_ends_the_stream_and_harms_no_reader(
    source: Snapshot, tmp_path: Path, kind: str
) -> None:
    chosen = plan(source, COLUMNS, **PLANS[kind])
    batches, receipt = delivered(chosen)
    raw = chosen.schema.serialize().to_pybytes()
    raw += b"".join(batch.serialize().to_pybytes() for batch in batches) + closing_bytes(
        chosen.schema, receipt
    )

    with pa.ipc.open_stream(raw) as reader:
        seen = [reader.read_next_batch_with_custom_metadata() for _batch in range(len(batches) + 1)]
        with pytest.raises(StopIteration):
            reader.read_next_batch()
    assert seen[-1].batch.num_rows == 0
    assert (
        seen[-1].custom_metadata[METADATA_KEY].decode()
        == closing_batch(chosen.schema, receipt)[1][METADATA_KEY]
    )
    assert check_receipt([one.batch for one in seen], receipt)
    assert pa.ipc.open_stream(raw).read_all().num_rows == receipt["rows"]
    assert pl.read_ipc_stream(raw).height == receipt["rows"]


def test_a_hidden_value_is_nowhere_in_the_bytes(source: Snapshot) -> None:
    people = source.batch(0, ["person_id"]).column(0).to_pylist()[:200]
    bare, hidden = (
        b"".join(batch.serialize().to_pybytes() for batch in delivered(plan(source, *chosen))[0])
        for chosen in ([COLUMNS], [COLUMNS, MASKS])
    )
    assert [person for person in people if person.encode() not in bare] == []
    assert [person for person in people if person.encode() in hidden] == []
