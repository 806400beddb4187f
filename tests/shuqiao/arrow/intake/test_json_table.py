"""JSON records as tables: digits kept, names in order of appearance,
everything else refused in one sentence.
"""

from pathlib import Path
from typing import Any

import pytest

from shuqiao.arrow.intake.options import DecodeLimits, Preview, ReadOptions
from shuqiao.arrow.intake.previews import describe_file
from shuqiao.arrow.intake.readers import decode
from shuqiao.arrow.refusals import DecodeRefused


def look(folder: Path, content: str | bytes, name: str = "t.json", **options: Any) -> Preview:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    stated, limits = ReadOptions(**options).to_json(), DecodeLimits().to_json()
    return Preview.from_json(describe_file(str(path), name, stated, limits))


def refused(folder: Path, content: str | bytes, name: str = "t.json") -> DecodeRefused:
    with pytest.raises(DecodeRefused) as caught:
        look(folder, content, name)
    assert caught.value.detail is not None
    assert caught.value.detail.render("zh_CN") != caught.value.detail.render("en")
    return caught.value


def test_scalars_are_taken_as_they_are_written(tmp_path: Path) -> None:
    found = look(
        tmp_path,
        '[{"码": "0101", "数": 1.10, "大": 123456789012345678901234567890, "e": 1E+2},'
        ' {"数": -0.0, "是": true, "码": null, "空": ""}, {"是": false, "码": "02"}]',
    )
    assert (found.kind, found.row_count, found.options.encoding) == ("json", 3, "utf-8")
    assert [column.name for column in found.columns] == ["码", "数", "大", "e", "是", "空"]
    assert found.rows == (
        ("0101", "1.10", "123456789012345678901234567890", "1E+2", None, None),
        (None, "-0.0", None, None, "true", None),
        ("02", None, None, None, "false", None),
    )
    assert found.proposed_types == {"是": "boolean"}
    assert "lack some of the columns" in found.warnings[-1].render("en")


def test_one_record_a_line(tmp_path: Path) -> None:
    text = '{"a": 1, "b": "x"}\r\n\r\n {"b": "y", "c": 2}\r\n'
    for name in ("t.jsonl", "t.csv"):
        found = look(tmp_path, text, name)
        assert (found.kind, found.rows) == ("jsonl", (("1", "x", None), (None, "y", "2")))
    assert look(tmp_path, '{"a": 1}\r{"a": 2}\r', "t.ndjson").row_count == 2


def test_numbers_in_quotes_stay_texts_and_this_is_said(tmp_path: Path) -> None:
    (column,) = look(tmp_path, '[{"编": "150200"}, {"编": "150201"}]').columns
    assert column.proposed_type == "string"
    assert column.note is not None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "gb18030"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    content = (
        '[\n{"学校名称": "包头市第一中学", "所在地区": "内蒙古自治区"},\n{"学校名称": '
        '"洛阳理工学院"}\n]\n'
    )
    assert look(tmp_path, content.encode(encoding)).rows[0] == ("包头市第一中学", "内蒙古自治区")


def test_records_across_the_pieces_the_file_is_read_in(tmp_path: Path) -> None:
    records = ",".join(f'{{"序": {n}, "文": "{"字" * 200}"}}' for n in range(6_000))
    found = look(tmp_path, f"[{records}]")
    assert found.row_count == 6_000
    result = decode(
        tmp_path / "t.json", file_name="t.json", options=found.options, target=tmp_path / "o"
    )
    assert [row["序"] for batch in result.record_batches() for row in batch.to_pylist()] == list(
        map(str, range(6_000))
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[]", "empty"),
        ("[{}]", "empty"),
        ("  ", "empty"),
        ("[1, 2]", "not_records"),
        ('[["a", "b"], [1, 2]]', "not_records"),
        ('"text"', "not_records"),
        ('{"a": 1, "rows": [{"x": 1}]}', "not_records"),
        ('{"type": "Topology", "arcs": [[1, 2]]}', "not_records"),
        ('[{"a": {"b": 1}}]', "nested_column"),
        ('[{"a": [1]}]', "nested_column"),
        ('[{"a": 1, "a": 2}]', "duplicate_key"),
        ('[{"a": NaN}]', "json_damaged"),
        ('[{"a": -Infinity}]', "json_damaged"),
        ('[{"a": 1}', "json_damaged"),
        ('[{"a": 1},]', "json_damaged"),
        ('[{"a": 1} {"a": 2}]', "json_damaged"),
        ('[{"a": 1}] x', "json_damaged"),
        ('[{"a": 01}]', "json_damaged"),
        ('[{"a": tru', "json_damaged"),
        ("[{'a': 1}]", "json_damaged"),
        ('{"a": 1} {"a": 2}', "json_damaged"),
        ('[{"a": "\\u0000"}]', "binary"),
        ('[{"a": "\\ud800"}]', "binary"),
        ('[{"\\ud800": 1}]', "json_damaged"),
        ('[{"a": "' + "\x01" + '"}]', "json_damaged"),
        ("not json at all", "not_records"),
        ('[{"a": ' + "[" * 100_000, "nested_column"),
        ("[" * 100_000, "not_records"),
        ('[{"a": ' + '{"a":' * 100_000, "nested_column"),
        ('[{"' + "k" * 300 + '": 1}]', "column_name_length"),
    ],
)
def test_what_is_no_list_of_plain_records_is_refused(
    tmp_path: Path, content: str, reason: str
) -> None:
    assert refused(tmp_path, content).reason == reason


def test_the_refusal_says_where_and_what(tmp_path: Path) -> None:
    nested = refused(tmp_path, '[{"a": 1}, {"a": 2, "地址": {"市": "包头"}}]')
    assert nested.detail is not None
    assert nested.detail.params == {"number": 2, "name": "地址"}
    one = refused(tmp_path, '{"count": 1, "rows": [{"x": 1}]}')
    assert one.detail is not None
    assert one.detail.params == {"name": "rows"}


def test_too_many_names_end_the_reading(tmp_path: Path) -> None:
    records = ",".join(f'{{"k{n}": 1}}' for n in range(2_100))
    assert refused(tmp_path, f"[{records}]").reason == "too_many_columns"


def test_a_record_of_many_megabytes_is_refused(tmp_path: Path) -> None:
    assert (
        refused(tmp_path, '[{"a": "b"}, {"a": "' + "x" * 6_000_000 + '"}]').reason == "row_length"
    )
    assert refused(tmp_path, '[{"a": 1' + "0" * 6_000_000 + "}]").reason == "row_length"
    assert refused(tmp_path, '{"a": "' + "x" * 6_000_000 + '"}').reason == "not_records"
    assert refused(tmp_path, '[{"a": "' + "x" * 2_000_000 + '"}]').reason == "cell_length"
