"""Editions of a value domain: imported whole or not at all, looked up by edition or day."""

import hashlib
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from fixtures.callers import client, once
from fixtures.exchanging import last_fact, trail
from fixtures.listed import DIVISIONS, EDITION, codes, csv_of, make, send
from fixtures.worlds import World
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import select

from catalog.domains.models import DomainVersion, ValueDomain, ValueDomainEntry
from shuqiao.db import reading, unit_of_work
from shuqiao.unrecorded import UnrecordedChange

At = Callable[[str], World]


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("accounts")


def kept() -> tuple[int, int]:
    """How many editions and codes there are."""
    with reading() as session:
        versions = len(session.exec(select(DomainVersion)).all())
        return versions, len(session.exec(select(ValueDomainEntry)).all())


def errors(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {error["code"]: error["detail"] for error in answer.json()["errors"]}


def test_rule_26_a_code_means_what_the_edition_of_the_day_says(world: World) -> None:
    identifier = make(world, standard_no="GB/T 2260", owner="11150000009900013G")
    assert send(world, identifier, csv_of(DIVISIONS)).status_code == 201
    old = [
        {"代码": "410300", "名称": "洛阳市", "已废止": "0"},
        {"代码": "410307", "名称": "洛龙区", "已废止": "1"},
        {"代码": "410308", "名称": "开发区", "已废止": "1"},
        {"代码": "410322", "名称": "孟津县", "已废止": "0"},
    ]
    earlier = send(world, identifier, csv_of(old), label="2019", in_force_from="2019-01-01")
    assert earlier.status_code == 201, earlier.text
    # it ends as the one that is there already begins
    assert (earlier.json()["in_force_until"], earlier.json()["standing"]) == ("2023-07-01", "ended")
    for asked, label, is_revoked in (
        ({"on": "2020-05-01"}, "洛龙区", True),
        ({"edition": "2"}, "洛龙区", True),
        ({"on": "2023-06-30"}, "洛龙区", True),
        ({"on": "2023-07-01"}, "偃师区", False),
        ({}, "偃师区", False),
    ):
        (found,) = codes(world, identifier, code="410307", **asked)
        assert (found["label"], found["is_revoked"]) == (label, is_revoked), asked
    assert codes(world, identifier, code="410322") == []
    assert [each["code"] for each in codes(world, identifier, q="区")] == ["410307", "410308"]
    assert [each["code"] for each in codes(world, identifier, q="4103")] == [
        "410300",
        "410307",
        "410308",
    ]
    before = client(world, "applicant").get(
        f"/api/v1/domains/{identifier}/codes", params={"on": "2018-12-31"}
    )
    assert before.status_code == 404
    changed = client(world, "applicant").get(
        f"/api/v1/domains/{identifier}/differences", params={"before": "2", "after": "1"}
    )
    found = changed.json()
    assert (found["added"], found["removed"], found["renamed"]) == (1, 1, 2)
    assert found["codes"][1] == {"code": "410307", "before": "洛龙区", "after": "偃师区"}


def test_a_later_edition_ends_the_one_before_and_both_are_told(world: World) -> None:
    identifier = make(world)
    first = send(world, identifier, csv_of(DIVISIONS))
    later = send(world, identifier, csv_of(DIVISIONS[:3]), label="2026", in_force_from="2026-01-01")
    assert (first.status_code, later.status_code) == (201, 201)
    shown = client(world, "reviewer").get(f"/api/v1/domains/{identifier}").json()
    told = [(e["label"], e["in_force_until"], e["standing"]) for e in shown["editions"]]
    assert told == [("2026", None, "in_force"), ("2023", "2026-01-01", "ended")]
    assert shown["current"]["code_count"] == 3
    assert trail(identifier) == [
        "domain:created",
        "domain:imported",
        "domain:ended",
        "domain:imported",
    ]
    assert last_fact(identifier)["why"]["digest"] == later.json()["digest"]
    for label, begins, code in (
        ("2026", "2027-01-01", "value_domain_exists"),
        ("2024", "2024-01-01", "invalid"),
    ):
        again = send(
            world,
            identifier,
            csv_of(DIVISIONS),
            label=label,
            in_force_from=begins,
            in_force_until="2028-01-01",
        )
        assert again.json()["code"] == code
    assert kept() == (2, 7)


def test_a_defective_list_is_told_row_by_row_and_nothing_is_kept(world: World) -> None:
    identifier = make(world)
    rows = [
        *DIVISIONS,
        {"代码": "410307", "名称": "洛龙区", "上级代码": "410300"},
        {"代码": "410308", "名称": "孟津区", "上级代码": "410300"},
        {"代码": "410311", "名称": "", "上级代码": "410399"},
        {"代码": "", "名称": "无代码", "上级代码": ""},
    ]
    answer = send(world, identifier, csv_of(rows))
    assert answer.json()["code"] == "defective_list"
    found = errors(answer)
    assert found == {
        "blank_code": "没有代码的行：1（第 9 行）",
        "repeated_code": "同一代码有两个名称：1（第 6 行）",
        "repeated_row": "代码和名称重复的行：1（第 7 行）",
        "blank_label": "没有名称的代码：1（第 8 行）",
        "unknown_parent": "上级代码不在代码表中：1（第 8 行）",
    }
    assert "洛龙区" not in answer.text
    assert kept() == (0, 0)
    assert trail(identifier) == ["domain:created"]


def test_what_was_published_so_is_taken_for_a_reason_and_for_that_file_only(world: World) -> None:
    identifier = make(world)
    content = csv_of([*DIVISIONS, {"代码": "410307", "名称": "洛龙区", "上级代码": "410300"}])
    assert "repeated_code" in errors(send(world, identifier, content))
    why = {"repeated_code": "公布的代码表即如此"}
    assert "repeated_code" in errors(send(world, identifier, content, **why))
    sha = hashlib.sha256(content).hexdigest()
    assert "repeated_code" in errors(send(world, identifier, content + b"\n", reported=sha, **why))
    taken = send(world, identifier, content, reported=sha, **why)
    assert taken.status_code == 201, taken.text
    assert taken.json()["acknowledged"] == {
        "repeated_code": {"count": 1, "reason": why["repeated_code"]}
    }
    assert [e["label"] for e in codes(world, identifier, code="410307")] == ["偃师区", "洛龙区"]
    # a meaning that ends before the next one begins is no defect
    dated = [
        {"code": "410307", "name": "洛龙区", "valid_from": "", "valid_until": "2000-01-01"},
        {"code": "410307", "name": "偃师区", "valid_from": "2021-03-18", "valid_until": ""},
    ]
    fine = send(world, make(world, "另一个"), csv_of(dated))
    assert fine.status_code == 201, fine.text
    dated[1]["valid_from"] = "1999-12-31"
    assert "repeated_code" in errors(send(world, make(world, "再一个"), csv_of(dated)))
    dated[1]["valid_from"] = "2021-02-30"
    assert "bad_date" in errors(send(world, make(world, "又一个"), csv_of(dated)))


def test_lost_zeros_are_suspected_and_two_meanings_are_then_no_matter_of_reasons(
    world: World,
) -> None:
    identifier = make(world)
    hs = [{"code": code, "name": f"商品{code}"} for code in ("1012100", "22030000", "22030010")]
    assert set(errors(send(world, identifier, csv_of(hs)))) == {"lost_zeros"}
    whole = [{"code": c, "name": c} for c in ("01012100", "22030000", "22030010")]
    assert send(world, identifier, csv_of(whole)).status_code == 201
    levels = [{"code": c, "name": c} for c in ("1", "11", "12", "111", "121", "201")]
    assert send(world, make(world, "层级"), csv_of(levels)).status_code == 201
    industries = [
        {"code": c, "name": n} for c, n in (("11", "谷物种植"), ("111", "稻谷"), ("11", "开采"))
    ]
    content = csv_of(industries)
    why = {"lost_zeros": "x", "repeated_code": "y"}
    sha = hashlib.sha256(content).hexdigest()
    left = errors(send(world, make(world, "行业"), content, reported=sha, **why))
    assert set(left) == {"lost_zeros", "repeated_code"}


def test_columns_are_found_or_named_and_a_workbook_says_the_same(world: World) -> None:
    identifier = make(world)
    other = [{"字母码": "CNY", "币种": "人民币元"}, {"字母码": "USD", "币种": "美元"}]
    refused = send(world, identifier, csv_of(other)).json()["errors"]
    assert [error["pointer"] for error in refused] == ["#/code_column", "#/label_column"]
    named = {"code_column": "字母码", "label_column": "币种"}
    assert send(world, identifier, csv_of(other), **named).json()["code_count"] == 2
    book = BytesIO()
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet()
        for place, row in enumerate([["代码", "名称"], ["01", "汉族"], ["02", "蒙古族"]]):
            sheet.write_row(place, 0, row)
    answer = send(world, make(world, "民族代码"), book.getvalue(), name="list.xlsx")
    assert answer.json()["code_count"] == 2, answer.text


def test_only_data_administrators_import_and_whoever_is_signed_in_reads(world: World) -> None:
    identifier = make(world)
    assert send(world, identifier, csv_of(DIVISIONS)).status_code == 201
    for who in ("registrar", "system_admin", "security_admin", "reviewer", "applicant"):
        reader = client(world, who)
        assert reader.get(f"/api/v1/domains/{identifier}").status_code == 200, who
        assert reader.get(f"/domains/{identifier}").status_code == 200, who
        refused = reader.post(
            f"/api/v1/domains/{identifier}/editions/files",
            params={**EDITION, "label": "x"},
            files={"file": ("list.csv", csv_of(DIVISIONS))},
            headers=once(),
        )
        assert refused.status_code == 403, who
    assert client(world, None).get(f"/api/v1/domains/{identifier}").status_code == 401


def test_forty_three_thousand_codes_come_in_seconds(world: World) -> None:
    identifier = make(world)
    lines = [f"{n:09d},第{n}个,\n" for n in range(43_000)]
    content = ("代码,名称,上级代码\n" + "".join(lines)).encode()
    begun = time.perf_counter()
    answer = send(world, identifier, content)
    assert answer.status_code == 201, answer.text
    assert answer.json()["code_count"] == 43_000
    assert time.perf_counter() - begun < 20
    assert [each["label"] for each in codes(world, identifier, q="第42999")] == ["第42999个"]


def test_an_edition_never_changes_and_a_change_without_event_does_not_exist(
    committed_world: At,
) -> None:
    world = committed_world("accounts")
    identifier = make(world)
    assert send(world, identifier, csv_of(DIVISIONS)).status_code == 201
    for statement in (
        "UPDATE value_domain_entry SET label = 'x'",
        "DELETE FROM value_domain_entry",
        "UPDATE domain_version SET digest = 'x'",
        "DELETE FROM domain_version",
        "UPDATE value_domain SET version = version + 1",
        "INSERT INTO value_domain_entry (version_id, position, code, label, parent_code,"
        " is_revoked) SELECT version_id, position + 10, code, 'x', '', false"
        " FROM value_domain_entry",
        "UPDATE domain_version SET in_force_until = '2030-01-01'",
    ):
        with pytest.raises((ProgrammingError, UnrecordedChange)), unit_of_work() as session:
            session.connection().execute(text(statement))
    with reading() as session:
        (domain,) = session.exec(select(ValueDomain)).all()
        assert domain.version == 2
    assert kept() == (1, 4)
