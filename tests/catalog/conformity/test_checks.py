"""Tables against standards: counts, rows, masks; scenarios 1 and 5 with the real files."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from fixtures.listed import SAMPLES

from catalog.conformity.checks.columns import ColumnStandard
from catalog.conformity.checks.tables import ConformityReport, conformity
from catalog.elements.words import DataType
from shuqiao.codes.rules import CodeKind

IDENTITY = "11010519491231002X"


def counted(report: ConformityReport) -> dict[str, tuple[int, int]]:
    return {each.rule.code: (each.checked, each.failed) for each in report.counts}


def batch(**columns: list[object]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(columns)


def column(path: Path, name: str) -> pa.Array:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return pa.array([row[name] for row in csv.DictReader(file)])


def test_rows_are_numbered_over_all_batches_and_counts_are_exact() -> None:
    batches = [
        batch(区划=["150200", "15020x", None, ""], 日期=["2025-02-29", "2025-02-28", None, "x"]),
        batch(区划=["410399", "150200", "1502", "150200"], 日期=["2025-01-01"] * 4),
    ]
    permitted = pa.array(["150200"])
    report = conformity(
        iter(batches),
        [
            ColumnStandard("区划", CodeKind.DIVISION_CODE, permitted, is_required=True),
            ColumnStandard("日期", CodeKind.DATE),
        ],
        first_row=2,
    )
    assert report.rows == 8
    assert not report.conforms
    assert counted(report) == {
        "no_value": (8, 2),
        "division_character": (6, 1),
        "division_length": (6, 1),
        "outside_domain": (6, 3),
        "moment_day": (7, 1),
        "moment_form": (7, 1),
    }
    assert [(each.row, each.rule) for each in report.failures] == [
        (2, "moment_day"),
        (3, "division_character"),
        (3, "outside_domain"),
        (4, "no_value"),
        (5, "no_value"),
        (5, "moment_form"),
        (6, "outside_domain"),
        (8, "division_length"),
        (8, "outside_domain"),
    ]


def test_rule_25_no_report_shows_an_identity_number() -> None:
    wrong = IDENTITY[:-1] + "1"
    rows = batch(身份证=[IDENTITY, wrong, IDENTITY + "9"], 备注=[f"见{IDENTITY}", "无", wrong])
    standards = [
        ColumnStandard("身份证", CodeKind.IDENTITY_NUMBER),
        ColumnStandard("备注", permitted=pa.array(["无"])),
    ]
    report = conformity([rows], standards)
    assert counted(report)["identity_check"] == (3, 1)
    assert [each.value for each in report.failures] == [
        "见110105********002X",
        "110105********0021",
        "110105*********02X9",
        "110105********0021",
    ]
    assert "19491231" not in repr(report)


def test_only_the_first_thousand_are_named_and_memory_does_not_grow() -> None:
    def many() -> Iterator[pa.RecordBatch]:
        for _ in range(40):
            yield batch(日期=["2025-13-01", "2025-12-01"] * 1_000)

    begun = pa.total_allocated_bytes()
    report = conformity(many(), [ColumnStandard("日期", CodeKind.DATE)])
    assert counted(report) == {"moment_day": (80_000, 40_000)}
    assert len(report.failures) == 1_000
    assert report.failures[-1].row == 1_999
    assert pa.total_allocated_bytes() - begun < 1_000_000


def test_a_column_that_is_not_there_is_told_and_other_types_are_read_as_they_stand() -> None:
    rows = pa.RecordBatch.from_pydict(
        {"年": pa.array([2024, 2025]), "天": pa.array([0, 1], pa.date32())}
    )
    standards = [
        ColumnStandard("没有"),
        ColumnStandard("年", permitted=pa.array(["2024"])),
        ColumnStandard("天", CodeKind.DATE),
    ]
    report = conformity([rows], standards)
    assert counted(report) == {"column_missing": (0, 2), "outside_domain": (2, 1)}


def test_the_schools_of_the_samples_keep_to_the_divisions_of_the_samples() -> None:
    with (SAMPLES / "schools.csv").open(encoding="gb18030", newline="") as file:
        schools = list(csv.DictReader(file))
    codes = column(SAMPLES / "division_codes.csv", "行政区划代码")
    rows = batch(行政区划代码=[row["行政区划代码"] for row in schools])
    standard = ColumnStandard("行政区划代码", CodeKind.DIVISION_CODE, codes)
    report = conformity([rows], [standard], first_row=2)
    assert report.conforms and counted(report) == {"outside_domain": (167, 0)}


def test_scenario_1_codes_of_cities_outside_of_the_domain(shared_data: Path) -> None:
    rows = json.loads((shared_data / "tables/cn/covid_by_city_2020-12-08.json").read_text())
    assert (len(rows), len(rows[0])) == (755, 11)
    domestic = [row for row in rows if row["countryCode"] == "CN" and row["cityCode"]]
    codes = column(shared_data / "divisions" / "divisions.csv", "code")
    report = conformity(
        [pa.RecordBatch.from_pylist(domestic)],
        [ColumnStandard("cityCode", CodeKind.DIVISION_CODE, codes)],
    )
    found = counted(report)
    assert (report.rows, found["outside_domain"]) == (508, (508, 56))
    assert found["division_character"] == (508, 51)
    assert "1500y0" in {each.value for each in report.failures}


def test_scenario_5_names_that_are_not_those_of_the_domain(shared_data: Path) -> None:
    standards = shared_data / "standards"
    lines = (standards / "ethnic_groups_56.csv").read_text(encoding="utf-8-sig").splitlines()
    names = column(standards / "GB-3304-1991.csv", "name")
    report = conformity([batch(民族=lines)], [ColumnStandard("民族", permitted=names)])
    assert [(each.row, each.value) for each in report.failures] == [
        (20, "傈僳族"),
        (28, "柯尔克孜族"),
        (35, "毛南族"),
        (42, "乌孜别克族"),
        (45, "德昂族"),
    ]


def test_types_lengths_and_digits_are_those_of_the_standard() -> None:
    rows = batch(
        人数=["12", "12人", "1e3", None, "-4.0"],
        整数=["12", "1.5", "7.00", "", "x"],
        日期=["2025-02-28", "2025/02/28", None, "2025-02-29", "20250228"],
        是否=["是", "否", "True", "有", "0"],
        名称=["一二三", "一二三四", "", None, "一"],
        金额=["0123.40", "1234.5", "12.345", "100000", "1.5元"],
    )
    standards = [
        ColumnStandard("人数", data_type=DataType.NUMBER),
        ColumnStandard("整数", data_type=DataType.INTEGER),
        ColumnStandard("日期", data_type=DataType.DATE),
        ColumnStandard("是否", data_type=DataType.LOGICAL),
        ColumnStandard("名称", max_length=3),
        ColumnStandard("金额", data_type=DataType.MONEY, precision=5, scale=2),
    ]
    report = conformity([rows], standards)
    failed = {(each.column, each.rule): each.row for each in report.failures}
    assert failed == {
        ("人数", "other_type"): 2,
        ("整数", "other_type"): 5,
        ("日期", "other_type"): 5,
        ("是否", "other_type"): 4,
        ("名称", "too_long"): 2,
        ("金额", "too_many_digits"): 4,
        ("金额", "other_type"): 5,
    }
    money = [each.row for each in report.failures if each.rule == "too_many_digits"]
    assert money == [2, 3, 4]
    assert {each.column: (each.checked, each.failed) for each in report.columns}["金额"] == (5, 4)


def test_a_stored_type_of_the_kind_is_not_read_as_a_text() -> None:
    moments = pa.array([0, 86_400], pa.timestamp("s", "UTC"))
    rows = pa.RecordBatch.from_pydict({"时刻": moments, "数": pa.array([1.5, 2.0])})
    standards = [
        ColumnStandard("时刻", data_type=DataType.DATETIME),
        ColumnStandard("数", data_type=DataType.NUMBER, precision=1),
    ]
    report = conformity([rows], standards)
    assert counted(report) == {"other_type": (2, 0), "too_many_digits": (2, 1)}


def test_a_column_of_names_is_held_to_the_names_and_a_code_has_one_of_them() -> None:
    codes, names = pa.array(["01", "02"]), pa.array(["汉族", "蒙古族"])
    rows = [
        batch(码=["01", "02", "03"], 名=["汉族", "蒙族", "蒙古族"]),
        batch(码=["02", None, "01"], 名=["蒙古族", "汉族", "汉族"]),
    ]
    standards = [
        ColumnStandard("码", permitted=codes, names=names, domain="VD-1"),
        ColumnStandard("名", permitted=codes, names=names, domain="VD-1"),
    ]
    report = conformity(rows, standards)
    assert [(each.row, each.column, each.rule) for each in report.failures] == [
        (2, "名", "no_name_of_domain"),
        (3, "码", "outside_domain"),
        (4, "码", "two_names"),
    ]
    assert [each.side.value for each in report.columns] == ["codes", "names"]
