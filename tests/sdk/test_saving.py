import csv
import io
import json
import stat
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars
import pyarrow as pa
import pyarrow.parquet
import pytest

from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao_client import Client, errors
from shuqiao_client.saving import save
from tests.sdk.conftest import GRANT, data, pieces_of
from tests.sdk.stand_in import Answer
from tests.shuqiao.arrow.tables import plan, snapshot

Offer = Callable[[Answer], None]
ODD = {
    "=列": pa.array(
        ["=1+1", "+1", "-1", "@x", "\tx", "\rx", " =x", "＝x", "无妨", "a=b", "", None]
    ),
    "数": pa.array([-1, 2, None, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    "字节": pa.array([b"=1", b"\xff", None, *[b""] * 9]),
    "额": pa.array([Decimal("-1.50"), None, *[Decimal("2.00")] * 10], pa.decimal128(12, 2)),
    "空": pa.nulls(12),
    "真": pa.array([True, None, *[False] * 10]),
}


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".csv", ".PARQUET"])
def test_every_kind_of_file_holds_the_rows(
    client: Client,
    serve_data: Offer,
    ready: DeliveryPlan,
    table: pa.Table,
    tmp_path: Path,
    suffix: str,
) -> None:
    serve_data(data(pieces_of(ready)))
    target = tmp_path / f"出{suffix}"
    receipt = save(client.grant(GRANT).fetch(), target)
    readers = {".parquet": polars.read_parquet, ".arrow": polars.read_ipc, ".csv": polars.read_csv}
    found = readers[suffix.lower()](target)
    assert (found.height, found.columns) == (receipt.rows, table.column_names)
    assert found["班级数"].to_list() == table["班级数"].to_pylist()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_the_receipt_travels_in_the_file(
    client: Client, serve_data: Offer, ready: DeliveryPlan, tmp_path: Path
) -> None:
    serve_data(data(pieces_of(ready)))
    receipt = save(client.grant(GRANT).fetch(), tmp_path / "x.parquet")
    save(client.grant(GRANT).fetch(), tmp_path / "x.arrow")
    metadata = pa.parquet.read_metadata(tmp_path / "x.parquet").metadata
    assert json.loads(metadata[b"shuqiao.receipt"]) == receipt.raw
    with pa.ipc.open_file(tmp_path / "x.arrow") as file:
        last = file.get_batch_with_custom_metadata(file.num_record_batches - 1)
    assert json.loads(last.custom_metadata[b"shuqiao.receipt"]) == receipt.raw


def test_the_number_of_the_delivery_is_in_the_file_and_not_in_the_stream(
    client: Client, serve_data: Offer, ready: DeliveryPlan, tmp_path: Path
) -> None:
    serve_data(data(pieces_of(ready)))
    for name, read in (("x.parquet", pa.parquet.read_schema), ("x.arrow", arrow_schema)):
        stream = client.grant(GRANT).fetch()
        assert b"shuqiao.delivery" not in stream.schema.metadata
        save(stream, tmp_path / name)
        marks = read(tmp_path / name).metadata
        assert marks[b"shuqiao.delivery"] == b"DL-2026-000001"
        assert marks[b"shuqiao.grant"] == b"GR-2026-000001"


def arrow_schema(path: Path) -> pa.Schema:
    with pa.ipc.open_file(path) as file:
        return file.schema


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".csv"])
def test_a_cut_stream_leaves_the_old_file_and_no_other(
    client: Client, serve_data: Offer, ready: DeliveryPlan, tmp_path: Path, suffix: str
) -> None:
    target = tmp_path / "folder" / f"x{suffix}"
    target.parent.mkdir()
    target.write_text("old")
    serve_data(data(pieces_of(ready)[:-1]))
    with pytest.raises(errors.StreamCut):
        save(client.grant(GRANT).fetch(), target)
    assert [(path.name, path.read_text()) for path in target.parent.iterdir()] == [
        (target.name, "old")
    ]


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".csv"])
def test_odd_columns_and_no_rows_are_saved_too(
    client: Client, serve_data: Offer, tmp_path: Path, suffix: str
) -> None:
    odd = pa.table(ODD)
    for rows in (odd, odd.slice(0, 0)):
        serve_data(data(pieces_of(plan(snapshot(tmp_path / "odd", rows)))))
        assert save(client.grant(GRANT).fetch(), tmp_path / f"x{suffix}").rows == rows.num_rows


def test_a_spreadsheet_finds_no_formula(client: Client, serve_data: Offer, tmp_path: Path) -> None:
    serve_data(data(pieces_of(plan(snapshot(tmp_path / "odd", pa.table(ODD))))))
    save(client.grant(GRANT).fetch(), tmp_path / "x.csv")
    raw = (tmp_path / "x.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert head[0] == "'=列"
    assert [row[0] for row in rows] == [
        "'=1+1",
        "+1",
        "-1",
        "'@x",
        "'\tx",
        "'\rx",
        "' =x",
        "'＝x",
        "无妨",
        "a=b",
        "",
        "",
    ]
    assert [row[1] for row in rows][:3] == [
        "-1",
        "2",
        "",
    ]  # a number is no text: it stays what it is
    assert [row[2] for row in rows][:3] == ["3d31", "ff", ""]
    assert [row[3] for row in rows][:3] == ["-1.50", "", "2.00"]
