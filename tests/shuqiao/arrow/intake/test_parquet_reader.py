"""Parquet through the real child: plain types out, hostile files
refused, the parent's memory untouched.
"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shuqiao.arrow.intake.options import DecodeLimits, ReadOptions
from shuqiao.arrow.intake.readers import DecodeResult, IntakeLimits, decode, preview
from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge

MB = 1_048_576


def stored(folder: Path, table: pa.Table, **options: Any) -> Path:
    path = folder / "table.parquet"
    pq.write_table(table, path, **options)
    return path


def decoded(path: Path, limits: IntakeLimits | None = None, **options: Any) -> DecodeResult:
    target = path.with_suffix(".arrow")
    return decode(
        path, file_name=path.name, options=ReadOptions(**options), target=target, limits=limits
    )


def refusal(path: Path, limits: IntakeLimits | None = None, **options: Any) -> DecodeRefused:
    with pytest.raises(DecodeRefused) as caught:
        decoded(path, limits, **options)
    assert not path.with_suffix(".arrow").exists()
    return caught.value


def anonymous_bytes() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1_024 for line in lines if line.startswith("RssAnon"))


def test_a_name_that_is_no_text_is_damage(tmp_path: Path) -> None:
    path = stored(tmp_path, pa.table({"金额": [1]}), store_schema=False)
    path.write_bytes(path.read_bytes().replace("金额".encode(), b"\xff" * 6))
    assert refusal(path).reason == "parquet_damaged"


def test_types_are_kept_plain_and_metadata_is_gone(tmp_path: Path) -> None:
    table = pa.table(
        {
            "延误": pa.array([1, None], pa.int16()),
            "金额": pa.array([Decimal("1.50"), None], pa.decimal128(9, 2)),
            "名称": pa.array(["甲", "甲"]).dictionary_encode(),
            "长文": pa.array(["x", None], pa.large_string()),
            "时间": pa.array([1_770_768_000_000, None], pa.timestamp("ms")),
            "空": pa.nulls(2),
            "字节": pa.array(["甲".encode(), b"b"], pa.binary()),
            "uuid": pa.array([b"0" * 16, b"1" * 16], pa.uuid())
            .cast(pa.binary(16))
            .cast(pa.binary()),
        }
    ).replace_schema_metadata({"owner": "x" * 100})
    result = decoded(stored(tmp_path, table))
    kinds = [
        "int16",
        "decimal128(9, 2)",
        "string",
        "string",
        "timestamp[us]",
        "string",
        "string",
        "string",
    ]
    assert [str(kind) for kind in result.schema.types] == kinds
    assert not result.schema.metadata
    (batch,) = result.record_batches()
    assert batch.to_pylist()[0]["延误"] == 1
    assert batch.to_pylist()[1]["字节"] == "b"


def test_the_preview_tells_kinds_nulls_and_rows(tmp_path: Path) -> None:
    table = pa.table({"a": pa.array(range(50_000), pa.int32()), "b": ["x", None] * 25_000})
    found = preview(stored(tmp_path, table), file_name="t.parquet")
    assert (found.kind, found.row_count, len(found.rows)) == ("parquet", 50_000, 20)
    assert [(c.proposed_type, c.null_count) for c in found.columns] == [
        ("integer", 0),
        ("string", 25_000),
    ]
    assert found.rows[1] == ("1", None)


def test_chosen_kinds_and_columns(tmp_path: Path) -> None:
    path = stored(
        tmp_path, pa.table({"a": ["1", "2"], "b": ["x", "3"], "c": pa.array([1, 2], pa.int8())})
    )
    result = decoded(path, types={"a": "integer", "c": "integer"}, drop_columns=("b",))
    assert result.schema == pa.schema([("a", pa.int64()), ("c", pa.int8())])
    refused = refusal(path, types={"b": "integer"})
    assert refused.errors[0].detail.params["rows"] == "1"


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (pa.array([[1, 2], [3]]), "nested_column"),
        (pa.array([{"x": 1}, {"x": 2}]), "nested_column"),
        (pa.array([b"\xff\xfe", b"\xfa"], pa.binary()), "binary_column"),
        (pa.array([1, 2], pa.time64("us")), "column_type"),
        (pa.array([1, 2], pa.timestamp("ns")), "too_fine"),
    ],
)
def test_what_is_no_plain_value_is_refused_naming_the_column(
    tmp_path: Path, column: pa.Array, reason: str
) -> None:
    refused = refusal(stored(tmp_path, pa.table({"代码": ["1", "2"], "清单": column})))
    assert refused.reason == reason
    assert refused.detail is not None
    assert refused.detail.params["column"] == "清单"


def bomb(path: Path, rows: int, text: str = "") -> Path:
    """A few megabytes that decode to ``rows`` rows: one value,
    dictionary and run-length encoded.
    """
    column = pa.DictionaryArray.from_arrays(
        pa.array([0] * 1_000_000, pa.int32()), pa.array([text or "数" * 300])
    )
    with pq.ParquetWriter(path, pa.schema([("a", column.type)]), compression="zstd") as writer:
        for _group in range(rows // 1_000_000):
            writer.write_table(pa.table({"a": column}))
    return path


def test_a_bomb_ends_at_the_budget(tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb.parquet", 20_000_000)  # 18 GB of text
    assert path.stat().st_size < 5 * MB
    before = anonymous_bytes()
    limits = replace(IntakeLimits(), table=DecodeLimits(decoded_bytes=200 * MB))
    refused = refusal(path, limits)
    assert (type(refused), refused.reason) == (DecodeTooLarge, "decoded_size")
    assert anonymous_bytes() - before < 16 * MB


def test_more_rows_than_are_taken_are_refused_by_their_own_claim(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    column = pa.array([7], pa.int64()).take(pa.array([0] * 40_000_000, pa.int32()))
    with pq.ParquetWriter(path, pa.schema([("a", pa.int64())]), compression="zstd") as writer:
        for _group in range(3):
            writer.write_table(pa.table({"a": column}), row_group_size=40_000_000)
    assert path.stat().st_size < 5 * MB
    assert refusal(path).reason == "too_many_rows"


def test_memory_limit_ends_the_child_only(tmp_path: Path) -> None:
    text = "长" * 200_000
    path = bomb(tmp_path / "wide.parquet", 1_000_000, text)  # batches of gigabytes
    before = anonymous_bytes()
    limits = replace(IntakeLimits(), child=replace(IntakeLimits().child, memory_bytes=900 * MB))
    refused = refusal(path, limits)
    assert refused.reason == "memory"
    assert anonymous_bytes() - before < 16 * MB


def test_a_footer_that_lies_is_refused(tmp_path: Path) -> None:
    path = stored(
        tmp_path, pa.table({"a": list(range(1_000))}), compression="none", use_dictionary=False
    )
    data = path.read_bytes()
    true, false = b"\x16\xd0\x0f", b"\x16\xd2\x0f"  # thrift i64: zigzag of 1,000 and of 1,001
    assert data.count(true) >= 2
    place = data.index(true, data.index(b"schema"))
    path.write_bytes(data[:place] + false + data[place + 3 :])
    assert refusal(path).reason == "parquet_damaged"


@pytest.mark.parametrize("part", [0.999, 0.7, 0.3, 0.001])
def test_a_file_cut_off_is_refused(tmp_path: Path, part: float) -> None:
    path = stored(tmp_path, pa.table({"a": list(range(20_000)), "b": ["x"] * 20_000}))
    data = path.read_bytes()
    path.write_bytes(data[: max(4, int(len(data) * part))])
    assert refusal(path).reason == "parquet_damaged"


def test_flipped_bits_never_crash_the_parent(tmp_path: Path) -> None:
    path = stored(tmp_path, pa.table({"a": list(range(500)), "b": [f"名{n}" for n in range(500)]}))
    data = path.read_bytes()
    for place in range(200, len(data) - 8, max(1, len(data) // 8)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        try:
            result = decoded(path)
        except DecodeRefused:
            continue
        assert sum(batch.num_rows for batch in result.record_batches()) == result.rows


def test_columns_and_names_are_bounded(tmp_path: Path) -> None:
    many = pa.table({f"c{n}": [1] for n in range(2_001)})
    assert refusal(stored(tmp_path, many)).reason == "too_many_columns"
    assert refusal(stored(tmp_path, pa.table({"n" * MB: [1]}))).reason == "column_name_length"
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    assert decoded(stored(tmp_path, twice)).schema.names == ["a", "a_2"]
