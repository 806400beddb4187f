"""Every file of the collection of ugly real files: read as the table
says, or refused with the reason it says.

The table (``tests/data/every_file.csv``) was compiled by looking at each file. Files are described
and decoded in this process, by the functions the child runs; one of each kind goes through the
child itself. Cell by cell, CSV is compared with Python's own reader and XLSX with openpyxl.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from shuqiao.arrow.intake.options import DecodeLimits, Preview, ReadOptions
from shuqiao.arrow.intake.previews import decode_file, describe_file
from shuqiao.arrow.intake.readers import decode, preview
from shuqiao.arrow.refusals import DecodeRefused

FOLDERS = ("messy", "dkan", "us", "us/538")
LIMITS = DecodeLimits().to_json()
CUT = 24


def outcomes() -> dict[str, dict[str, str]]:
    path = Path(__file__).parents[3] / "data" / "every_file.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


OUTCOMES = outcomes()
READ = [name for name, row in OUTCOMES.items() if not row["refusal"]]


def look(path: Path, options: ReadOptions | None = None) -> Preview:
    stated = (options or ReadOptions()).to_json()
    return Preview.from_json(describe_file(str(path), path.name, stated, LIMITS))


def shown(cells: tuple[str | None, ...]) -> str:
    return " | ".join((cell or "").replace("\n", "⏎")[:CUT] for cell in cells[:4])


def outcome(path: Path, target: Path) -> Mapping[str, str]:
    """What became of one file, in the words of the table."""
    try:
        found = look(path)
    except DecodeRefused as refused:
        words = refused.detail or refused.title
        reason = (
            refused.reason
            if words.render("zh_CN") != words.render("en")
            else "not in both languages"
        )
        return dict.fromkeys(next(iter(OUTCOMES.values())), "") | {"refusal": reason}
    options = found.options
    try:
        typed = replace(options, types=found.proposed_types).to_json()
        decoded = str(decode_file(str(path), path.name, typed, LIMITS, str(target))["rows"])
    except DecodeRefused as refused:
        decoded = refused.reason
    delimiter = "tab" if options.delimiter == "\t" else options.delimiter
    return {
        "refusal": "",
        "kind": found.kind,
        "encoding": options.encoding or " ".join(each.encoding for each in found.readings),
        "sheet": options.sheet or "",
        "delimiter": delimiter or "",
        "header_row": "" if options.header_row is None else str(options.header_row),
        "columns": str(len(found.columns)),
        "rows": str(found.row_count),
        "dropped": " ".join(options.drop_columns or ()),
        "names": shown(tuple(column.name for column in found.columns)),
        "first_row": shown(found.rows[0]) if found.rows else "",
        "decoded": decoded,
    }


def test_the_table_knows_every_file(shared_data: Path) -> None:
    there = {
        f"{folder}/{path.name}"
        for folder in FOLDERS
        for path in (shared_data / "tables" / folder).iterdir()
        if path.is_file()
    }
    assert set(OUTCOMES) == there


@pytest.mark.parametrize("name", OUTCOMES)
def test_each_file_is_read_right_or_refused(shared_data: Path, tmp_path: Path, name: str) -> None:
    row = dict(OUTCOMES[name])
    row.pop("file")
    found = dict(outcome(shared_data / "tables" / name, tmp_path / "o"))
    found.pop("file", None)
    assert found == row


def texts(path: Path, target: Path) -> Iterator[list[str]]:
    """All rows as texts; None is the empty one."""
    found = look(path)
    decode_file(str(path), path.name, found.options.to_json(), LIMITS, str(target))
    with pa.memory_map(str(target)) as source, pa.ipc.open_file(source) as file:
        for index in range(file.num_record_batches):
            for row in file.get_batch(index).to_pylist():
                yield [cell or "" for cell in row.values()]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        name
        for name in READ
        if OUTCOMES[name]["kind"] == "csv" and OUTCOMES[name]["decoded"].isdigit()
    ],
)
def test_every_cell_is_that_of_pythons_own_reader(
    shared_data: Path, tmp_path: Path, name: str
) -> None:
    row, path = OUTCOMES[name], shared_data / "tables" / name
    encoding = {"utf-8": "utf-8-sig", "utf-16-le": "utf-16"}.get(row["encoding"], row["encoding"])
    delimiter = "\t" if row["delimiter"] == "tab" else row["delimiter"]
    dropped = [int(column.rpartition("_")[2]) - 1 for column in row["dropped"].split()]
    with path.open(encoding=encoding, newline="") as file:
        quoted_late = name in ("dkan/columnspaces.csv", "dkan/longcolumn.csv")
        cells = list(csv.reader(file, delimiter=delimiter, skipinitialspace=quoted_late))[
            int(row["header_row"]) :
        ]
    expected = [
        [cell for place, cell in enumerate(line) if place not in dropped]
        for line in cells
        if any(line)
    ]
    for mine, theirs in zip_longest(texts(path, tmp_path / "o"), expected):
        assert mine is not None
        if quoted_late:
            mine = [cell.strip() for cell in mine]
        # a row that ends early has no values there
        assert mine == [*theirs, *[""] * (len(mine) - len(theirs))]


def in_words(cell: object) -> str:
    """A cell as a program shows it: 15 digits of a number."""
    if isinstance(cell, datetime):
        return cell.isoformat()
    return "" if cell is None else format(cell, ".15g") if isinstance(cell, float) else str(cell)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [name for name in READ if OUTCOMES[name]["kind"] in ("xlsx", "xlsm")]
)
def test_every_cell_is_that_of_openpyxl(shared_data: Path, tmp_path: Path, name: str) -> None:
    row, path = OUTCOMES[name], shared_data / "tables" / name
    sheet = openpyxl.load_workbook(path, data_only=True)[row["sheet"]]
    expected = []
    for cells in sheet.iter_rows(
        min_row=int(row["header_row"]) + 1, max_col=int(row["columns"]), values_only=True
    ):
        words = [in_words(cell) for cell in cells]
        if any(words):
            expected.append(words)
    assert list(texts(path, tmp_path / "o")) == expected


@pytest.mark.parametrize(
    "name",
    [
        "messy/characters.csv",
        "messy/sw_gen.xlsx",
        "messy/simple.xls",
        "us/budget.json",
        "us/flights-200k.arrow",
    ],
)
def test_one_of_each_kind_through_the_child(shared_data: Path, tmp_path: Path, name: str) -> None:
    path = shared_data / "tables" / name
    found = preview(path, file_name=path.name)
    assert found == look(path)
    options = replace(found.options, types=found.proposed_types)
    result = decode(path, file_name=path.name, options=options, target=tmp_path / "o")
    assert (result.rows, result.kind) == (int(OUTCOMES[name]["decoded"]), OUTCOMES[name]["kind"])


def test_refused_through_the_child_too(shared_data: Path) -> None:
    path = shared_data / "tables" / "messy" / "multilineods.ods"
    with pytest.raises(DecodeRefused) as caught:
        preview(path, file_name=path.name)
    assert caught.value.reason == OUTCOMES["messy/multilineods.ods"]["refusal"]


class TestChoices:
    """What a person may choose where the guess is not what they mean."""

    def test_the_survey_with_two_header_rows(self, shared_data: Path) -> None:
        path = shared_data / "tables" / "us" / "538" / "star-wars-survey__StarWars.csv"
        found = look(path)
        assert found.head[0][:3] == (
            "RespondentID",
            "Have you seen any of the 6 films in the Star Wars franchise?",
            "Do you consider yourself to be a fan of the Star Wars film franchise?",
        )
        assert sum(cell is None for cell in found.head[0]) == 23
        assert "Response" not in found.proposed_types  # Yes and No would come back as true, false
        first = look(path, ReadOptions(header_row=1))
        assert sum(not column.original_name for column in first.columns) == 23
        assert first.row_count == found.row_count + 1

    def test_a_file_whose_encoding_is_asked_for(self, shared_data: Path) -> None:
        path = shared_data / "tables" / "us" / "538" / "tenth-circuit__tenth-circuit.csv"
        found = look(path, ReadOptions(encoding="windows-1252"))
        assert (found.row_count, len(found.columns), found.columns[0].name) == (954, 13, "Title")

    def test_a_hidden_sheet_with_a_title_above(self, shared_data: Path) -> None:
        path = shared_data / "tables" / "messy" / "large.xlsx"
        found = look(path, ReadOptions(sheet="data"))
        assert [(sheet.name, sheet.is_hidden) for sheet in found.sheets] == [
            ("Report", False),
            ("data", True),
            ("criteria", True),
        ]
        assert (found.options.header_row, found.row_count) == (3, 8_544)
        assert found.rows[0] == (
            "2013-06-30",
            "A",
            "PiecesIssued",
            "1026746",
            "2013-06-30",
            "A",
            "752",
            "201306",
            "2013",
            "1026746",
        )
        assert found.proposed_types["RptDate"] == "date"
        assert (
            look(path, ReadOptions(sheet="Report", header_row=5)).columns[2].name
            == "ALL BONDS ISSUED"
        )

    def test_the_columns_of_flights_keep_their_types(
        self, shared_data: Path, tmp_path: Path
    ) -> None:
        path, target = shared_data / "tables" / "us" / "flights-200k.arrow", tmp_path / "o"
        decode_file(str(path), path.name, ReadOptions().to_json(), LIMITS, str(target))
        with pa.memory_map(str(target)) as mine, pa.memory_map(str(path)) as theirs:
            table = pa.ipc.open_file(mine).read_all()
            assert [str(kind) for kind in table.schema.types] == ["int16", "int16", "float"]
            assert table.to_pydict() == pa.ipc.open_file(theirs).read_all().to_pydict()


def test_both_editions_of_the_industry_code_agree(shared_data: Path) -> None:
    folder = shared_data / "standards"
    of_csv, of_json = look(folder / "GB-4754-2017.csv"), look(folder / "GB-4754-2017.json")
    assert of_csv.row_count == of_json.row_count == 1_970


def test_an_object_of_lists_is_refused(shared_data: Path) -> None:
    with pytest.raises(DecodeRefused) as caught:
        look(shared_data / "tables" / "cn" / "hangzhou_school_districts.json")
    assert caught.value.reason == "not_records"
