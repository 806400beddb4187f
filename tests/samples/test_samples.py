"""The sample tables are what SOURCES.md says, and fit together."""

import csv
import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from shuqiao.codes.credit import validate_credit_code
from shuqiao.codes.divisions import DivisionLevel, division_level, division_parent
from shuqiao.desk.calendar import packaged_years

Rows = list[dict[str, str]]
LEVELS = {
    "省级": DivisionLevel.PROVINCE,
    "地级": DivisionLevel.PREFECTURE,
    "县级": DivisionLevel.COUNTY,
}


@pytest.fixture(scope="module")
def samples() -> Path:
    return Path(__file__).resolve().parents[2] / "samples"


@pytest.fixture(scope="module")
def divisions(samples: Path) -> Rows:
    return list(
        csv.DictReader((samples / "division_codes.csv").read_text(encoding="utf-8").splitlines())
    )


@pytest.fixture(scope="module")
def schools(samples: Path) -> Rows:
    return list(
        csv.DictReader((samples / "schools.csv").read_text(encoding="gb18030").splitlines())
    )


def tables(samples: Path, name: str) -> dict[str, Any]:
    return tomllib.loads((samples / f"{name}.toml").read_text(encoding="utf-8"))


def test_divisions_are_those_of_two_regions_and_one_city(divisions: Rows) -> None:
    assert Counter(row["行政区划代码"][:2] for row in divisions) == {"15": 121, "41": 200, "33": 15}
    assert len({row["行政区划代码"] for row in divisions}) == len(divisions) == 336


def test_every_division_has_its_level_and_its_parent(divisions: Rows) -> None:
    codes = {row["行政区划代码"] for row in divisions}
    for row in divisions:
        code = row["行政区划代码"]
        assert LEVELS[row["级别"]] is division_level(code)
        assert row["上级代码"] == (division_parent(code) or "")
        assert not row["上级代码"] or row["上级代码"] in codes


def test_known_places_and_quirks_are_there(divisions: Rows) -> None:
    by_code = {row["行政区划代码"]: row for row in divisions}
    assert (by_code["150200"]["名称"], by_code["410300"]["名称"]) == ("包头市", "洛阳市")
    assert sum(row["上级代码"] == "150200" for row in divisions) == 10
    assert sum(row["上级代码"] == "410300" for row in divisions) == 15
    assert sum("功能区" in row["备注"] for row in divisions) == 29
    assert by_code["150271"]["备注"] and by_code["410371"]["备注"] and by_code["419000"]["备注"]


def test_there_are_249_schools_with_codes_of_their_own(schools: Rows) -> None:
    assert list(schools[0]) == [
        "学校代码",
        "学校名称",
        "地址",
        "所在区",
        "行政区划代码",
        "经度",
        "纬度",
    ]
    assert (
        len({row["学校代码"] for row in schools})
        == len({row["学校名称"] for row in schools})
        == len(schools)
        == 249
    )
    assert Counter(len(row["学校代码"]) for row in schools) == {13: 246, 8: 1, 15: 1, 21: 1}


def test_the_school_file_is_what_a_clerk_saves(samples: Path) -> None:
    raw = (samples / "schools.csv").read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n") == 250
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")


def test_schools_agree_with_the_divisions_where_they_say_one(
    schools: Rows, divisions: Rows
) -> None:
    names = {row["行政区划代码"]: row["名称"] for row in divisions}
    named = [row for row in schools if row["行政区划代码"]]
    assert len(named) == 167
    for row in schools:
        assert bool(row["所在区"]) is bool(row["行政区划代码"])
        assert not row["所在区"] or names[row["行政区划代码"]] == row["所在区"]


def test_departments_have_valid_codes_without_warnings(samples: Path) -> None:
    departments = tables(samples, "departments")["department"]
    assert len({entry["code"] for entry in departments}) == len(departments) == 14
    for entry in departments:
        code = validate_credit_code(entry["code"])
        assert (code.warnings, code.kind, code.division) == ((), "11", "150000")


def test_the_law_separates_eight_people(samples: Path) -> None:
    departments = {entry["key"] for entry in tables(samples, "departments")["department"]}
    accounts = tables(samples, "accounts")["account"]
    assert (
        len({entry["account"] for entry in accounts})
        == len({entry["name"] for entry in accounts})
        == 8
    )
    assert {entry["department"] for entry in accounts} <= departments
    roles = Counter((role, entry["department"]) for entry in accounts for role in entry["roles"])
    assert roles == {
        ("data_admin", "data_bureau"): 1,
        ("security_reviewer", "data_bureau"): 1,
        ("registrar", "education"): 1,
        ("department_head", "education"): 1,
        ("approver", "education"): 1,
        ("sharing_head", "education"): 1,
        ("applicant", "public_security"): 1,
        ("sharing_head", "public_security"): 1,
    }
    assert not any("password" in entry for entry in accounts)


def test_the_story_speaks_of_columns_and_rows_that_exist(samples: Path, schools: Rows) -> None:
    story = tables(samples, "story")
    items = [item["name"] for item in story["resource"]["items"]]
    assert items == list(schools[0])
    assert [item["column_name"] for item in story["resource"]["items"]] == list(schools[0])
    assert set(story["request"]["items"]) <= set(items)
    answered = [
        *story["reply"]["granted"],
        *(refusal["item"] for refusal in story["reply"]["refused"]),
    ]
    assert sorted(answered) == sorted(story["request"]["items"])
    assert set(story["reply"]["masks"]) <= set(story["reply"]["granted"])
    kept = [row for row in schools if float(row["经度"]) >= story["reply"]["row_filter"]["value"]]
    assert len(kept) == story["reply"]["rows"] == 100
    assert len(schools) == story["attachment"]["rows"]


def test_what_the_order_demands_is_filled_in(samples: Path) -> None:
    story = tables(samples, "story")
    resource, request = story["resource"], story["request"]
    nine = [
        "title",
        "items",
        "format",
        "update_cycle",
        "share_type",
        "share_way",
        "use_condition",
        "category",
    ]
    assert all(resource[name] for name in [*nine, "security_level"]), "Art. 13"
    assert (
        resource["secrecy_assessment"]["conclusion"]
        and resource["privacy_assessment"]["conclusion"]
    )
    assert all(request[name] for name in ("basis", "scenario", "scope", "share_way", "until")), (
        "Art. 20"
    )


def test_every_sample_file_has_its_line_in_sources(samples: Path) -> None:
    sources = (samples / "SOURCES.md").read_text(encoding="utf-8")
    assert "Sample geography" in sources
    for path in samples.iterdir():
        assert path.name == "SOURCES.md" or f"`{path.name}`" in sources


def test_samples_are_no_copies_of_the_files_they_come_from(
    samples: Path, shared_data: Path
) -> None:
    ours = {path.read_bytes() for path in samples.iterdir()}
    assert not any(path.read_bytes() in ours for path in shared_data.rglob("*") if path.is_file())


def test_the_calendar_agrees_with_the_published_tables(shared_data: Path) -> None:
    years = dict(packaged_years())
    assert 2026 in years
    for year, days in years.items():
        published = json.loads(
            (shared_data / f"tables/cn/holidays/{year}.json").read_text(encoding="utf-8")
        )["days"]
        assert {(day.day.isoformat(), day.is_workday) for day in days} == {
            (entry["date"], not entry["isOffDay"]) for entry in published
        }


def test_the_region_s_entries_are_made_of_its_elements(samples: Path) -> None:
    elements, entries = (
        list(csv.DictReader((samples / name).read_text(encoding="utf-8").splitlines()))
        for name in ("region_elements.csv", "region_entries.csv")
    )
    story = {entry["name"] for entry in tables(samples, "story")["element"]}
    names = [row["name"] for row in elements]
    assert len(set(names)) == len(names) and not story & set(names)
    used = [name for row in entries for name in row["items"].split(";")]
    assert len(entries) >= 60
    assert set(used) <= story | set(names) and len(set(used)) >= 120
    assert {row["sourcing"] for row in elements} == {"authoritative", "derived", "none"}
    assert all((row["sourcing"] == "derived") == bool(row["derivation"]) for row in elements)
    accounts = tables(samples, "region_accounts")["account"]
    keys = {entry["key"] for entry in tables(samples, "departments")["department"]}
    assert {account["department"] for account in accounts} <= keys
