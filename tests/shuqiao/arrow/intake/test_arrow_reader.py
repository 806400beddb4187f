"""Arrow IPC files and streams: own types kept plain, hostile ones refused."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from shuqiao.arrow.child.decoding import ChildLimits
from shuqiao.arrow.intake.options import DecodeLimits, Preview, ReadOptions
from shuqiao.arrow.intake.previews import decode_file, describe_file
from shuqiao.arrow.intake.readers import IntakeLimits, decode, preview
from shuqiao.arrow.refusals import DecodeRefused
from tests.shuqiao.arrow.made_files import arrow_bytes

MB = 1_048_576
TABLE = pa.table(
    {
        "延误": pa.array([1, None, 3], pa.int16()),
        "金额": pa.array([Decimal("1.50"), None, Decimal("2")], pa.decimal128(9, 2)),
        "名称": pa.array(["甲", "甲", None]).dictionary_encode(),
        "长文": pa.array(["x", None, "z"], pa.large_string()),
        "视图": pa.array(["x", None, "z" * 40], pa.string_view()),
        "日": pa.array([date(2026, 2, 11), None, None]),
        "距": pa.array([1.5, None, 2.25], pa.float32()),
    }
)


def look(path: Path) -> Preview:
    return Preview.from_json(
        describe_file(str(path), path.name, ReadOptions().to_json(), DecodeLimits().to_json())
    )


def written(folder: Path, content: bytes, name: str = "t.arrow") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refused(path: Path, target: Path) -> DecodeRefused:
    with pytest.raises(DecodeRefused) as caught:
        decode_file(
            str(path), path.name, ReadOptions().to_json(), DecodeLimits().to_json(), str(target)
        )
    return caught.value


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("compression", [None, "zstd", "lz4"])
def test_files_and_streams_keep_their_types(
    tmp_path: Path, stream: bool, compression: str | None
) -> None:
    path = written(tmp_path, arrow_bytes(TABLE, stream=stream, compression=compression), "t.csv")
    found = look(path)
    assert (found.kind, found.row_count, found.is_typed) == ("arrow", 3, True)
    kinds = [column.proposed_type for column in found.columns]
    assert kinds == ["integer", "decimal(9,2)", "string", "string", "string", "date", "float"]
    answer = decode_file(
        str(path), path.name, found.options.to_json(), DecodeLimits().to_json(), str(tmp_path / "o")
    )
    with pa.memory_map(str(tmp_path / "o")) as source:
        back = pa.ipc.open_file(source).read_all()
    assert answer["rows"] == 3
    assert [str(kind) for kind in back.schema.types] == [
        "int16",
        "decimal128(9, 2)",
        "string",
        "string",
        "string",
        "date32[day]",
        "float",
    ]
    assert back.to_pylist() == TABLE.to_pylist()


def test_metadata_and_extension_types_are_left_behind(tmp_path: Path) -> None:
    field = pa.field(
        "e", pa.string(), metadata={"ARROW:extension:name": "x.y", "ARROW:extension:metadata": "!"}
    )
    table = pa.table(
        {"n": [1], "e": ["a"]},
        schema=pa.schema([pa.field("n", pa.int8()), field], metadata={"k": "v"}),
    )
    path = written(tmp_path, arrow_bytes(table))
    decode_file(
        str(path), "t", ReadOptions().to_json(), DecodeLimits().to_json(), str(tmp_path / "o")
    )
    with pa.memory_map(str(tmp_path / "o")) as source:
        schema = pa.ipc.open_file(source).schema
    assert not schema.metadata
    assert [str(kind) for kind in schema.types] == ["int8", "string"]
    assert schema.field("e").metadata is None


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (pa.array([[1], [2]]), "nested_column"),
        (pa.array([{"a": 1}]), "nested_column"),
        (pa.array([1], pa.duration("s")), "column_type"),
        (pa.array([1], pa.time32("s")), "column_type"),
        (pa.array([b"\xff\xfe"], pa.binary()), "binary_column"),
        (pa.array([1], pa.timestamp("ns")), "too_fine"),
        (pa.RunEndEncodedArray.from_arrays([2], ["x"]), "column_type"),
    ],
)
def test_columns_without_a_plain_type_are_named(
    tmp_path: Path, column: pa.Array, reason: str
) -> None:
    error = refused(written(tmp_path, arrow_bytes(pa.table({"这列": column}))), tmp_path / "o")
    assert (error.reason, error.detail is not None and error.detail.params["column"]) == (
        reason,
        "这列",
    )


def cut_and_changed() -> Iterator[Any]:
    file, stream = arrow_bytes(TABLE), arrow_bytes(TABLE, stream=True)
    yield from (
        pytest.param(file[:-20], id="file without its end"),
        pytest.param(file[: len(file) // 2], id="half a file"),
        pytest.param(file[:8], id="only the magic"),
        pytest.param(stream[:-8], id="stream without its end mark"),
        pytest.param(stream[: len(stream) // 2], id="half a stream"),
        pytest.param(stream + b"more", id="more after the end"),
        pytest.param(
            b"\xff\xff\xff\xff\xff\xff\xff\x7f" + stream[8:], id="metadata of two gigabytes"
        ),
        pytest.param(
            b"\xff\xff\xff\xff\xf0\xff\xff\xff" + stream[8:], id="metadata of negative length"
        ),
        pytest.param(b"text, named so\n1,2\n", id="no Arrow at all"),
        pytest.param(
            file.replace("金额".encode(), b"\xff" * 6), id="a name that is no text, in a file"
        ),
        pytest.param(
            stream.replace("金额".encode(), b"\xff" * 6), id="a name that is no text, in a stream"
        ),
    )


@pytest.mark.parametrize("content", list(cut_and_changed()))
def test_cut_and_changed_files_are_refused(tmp_path: Path, content: bytes) -> None:
    assert refused(written(tmp_path, content), tmp_path / "o").reason == "arrow_damaged"


def lying(table: pa.Table, claimed: int) -> bytes:
    """A stream whose compressed buffers claim to grow to ``claimed`` bytes."""
    content = arrow_bytes(table, stream=True, compression="zstd")
    frame = b"\x28\xb5\x2f\xfd"  # each is preceded by its claimed length
    assert frame in content
    parts = content.split(frame)
    return frame.join(
        [part[:-8] + claimed.to_bytes(8, "little", signed=True) for part in parts[:-1]] + parts[-1:]
    )


@pytest.mark.parametrize(
    ("claimed", "reason"),
    [(1 << 40, "memory"), (-5, "arrow_damaged"), (1, "arrow_damaged"), (3 << 30, "memory")],
)
def test_compressed_buffers_that_lie_about_their_length(
    tmp_path: Path, claimed: int, reason: str
) -> None:
    table = pa.table({"a": list(range(4_000)), "b": ["text"] * 4_000})
    path = written(tmp_path, lying(table, claimed))
    limits = IntakeLimits(child=ChildLimits(memory_bytes=700 * MB))
    with pytest.raises(DecodeRefused) as caught:
        decode(
            path, file_name="t.arrow", options=ReadOptions(), target=tmp_path / "o", limits=limits
        )
    assert caught.value.reason == reason
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("rows_a_batch", "reason"), [(60_000_000, "memory"), (1_000_000, "decoded_size")]
)
def test_a_compressed_bomb_ends_at_the_memory_or_the_budget(
    tmp_path: Path, rows_a_batch: int, reason: str
) -> None:
    """What grows at once meets the child's memory, what grows piece by piece the budget."""
    batch = pa.record_batch({"a": pa.repeat(0, rows_a_batch)})
    table = pa.Table.from_batches([batch] * (60_000_000 // rows_a_batch))
    path = written(tmp_path, arrow_bytes(table, compression="zstd"))
    assert path.stat().st_size < MB
    limits = IntakeLimits(
        child=ChildLimits(memory_bytes=700 * MB), table=DecodeLimits(decoded_bytes=64 * MB)
    )
    with pytest.raises(DecodeRefused) as caught:
        preview(path, file_name="t.arrow", limits=limits)
    assert caught.value.reason == reason


def test_a_dictionary_is_written_out_in_small_pieces(tmp_path: Path) -> None:
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000, pa.int8()), pa.array(["x" * MB]))
    path = written(tmp_path, arrow_bytes(pa.table({"a": long})))
    limits = IntakeLimits(
        table=DecodeLimits(decoded_bytes=128 * MB), child=ChildLimits(memory_bytes=900 * MB)
    )
    with pytest.raises(DecodeRefused) as caught:
        preview(path, file_name="t.arrow", limits=limits)
    assert caught.value.reason == "decoded_size"


def test_flipped_bits_are_refused_or_give_a_valid_table(tmp_path: Path) -> None:
    """Bits are flipped here, in this process: Arrow's own checks must
    hold, the child is only the second line.
    """
    random, refusals, tables = Random(20261122), 0, 0
    whole = [arrow_bytes(TABLE), arrow_bytes(TABLE, stream=True, compression="zstd")]
    for _round in range(100):
        content = bytearray(random.choice(whole))
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
        path = written(tmp_path, bytes(content))
        options, limits = ReadOptions().to_json(), DecodeLimits().to_json()
        try:
            answer = decode_file(str(path), path.name, options, limits, str(tmp_path / "o"))
        except (DecodeRefused, MemoryError):
            refusals += 1
            continue
        tables += 1
        with pa.memory_map(str(tmp_path / "o")) as source:
            back = pa.ipc.open_file(source).read_all()
        back.validate(full=True)
        assert back.num_rows == answer["rows"]
    assert refusals and tables
