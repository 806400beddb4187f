"""Rule 38: what is there already is not collected again, or the reason is kept."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import psycopg.errors
import pytest
import xlsxwriter
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.exchanging import WITHHOLD, change_items, last_fact, trail
from fixtures.page_forms import filled, shown
from fixtures.worlds import World
from sqlalchemy.exc import DBAPIError

from catalog.collection.checks import key, listed
from catalog.collection.forms import names_in
from shuqiao.uploads import store_upload

At = Callable[[str], World]
CHECKS = "/api/v1/collection-checks"
NO = "CK-2026-000001"


def made(world: World, *fields: str, who: str = "applicant") -> dict[str, Any]:
    body = {"title": "低保家庭入户登记表", "kind": "form", "fields": list(fields)}
    answer = client(world, who).post(CHECKS, json=body, headers=once())
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def answers(check: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["answer"] for each in check["fields"]}


def corrected(world: World, check: dict[str, Any], position: int, **body: Any) -> Any:
    path = f"{CHECKS}/{check['check_no']}/fields/{position}"
    headers = {"if-match": f'"v{check["version"]}"'}
    return client(world, "applicant").put(path, json=body, headers=headers)


def test_rule_38_no_repeat_collection(world_at: At) -> None:
    world = world_at("published_resource")
    check = made(world, "学校代码", "（学校） 名称", "家庭年收入")
    assert answers(check) == {
        "学校代码": "shareable",
        "（学校） 名称": "shareable",
        "家庭年收入": "collectable",
    }
    code, _name, income = check["fields"]
    assert (code["resource_code"], code["item_name"]) == (
        world.resource_code.replace("-", "/"),
        "学校代码",
    )
    assert code["provider"] == "内蒙古自治区教育厅" and not code["is_collected"]
    assert income["is_collected"]
    said = {"resource_code": world.resource_code, "item": "学校代码", "is_collected": True}
    refused = corrected(world, check, 1, **said)
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json()["errors"]] == ["#/reason"]
    done = corrected(world, check, 1, **said, reason="须当场核对本人原件")
    assert done.status_code == 200, done.text
    again = done.json()["fields"][0]
    assert (again["is_collected"], again["reason"]) == (True, "须当场核对本人原件")
    assert not again["is_corrected"], "the match stayed"
    # past the service too
    with pytest.raises(DBAPIError) as broken:
        run_sql("UPDATE collected_field SET is_collected = true, reason = ''")
    assert isinstance(broken.value.orig, psycopg.errors.CheckViolation)


def test_the_own_department_is_told_before_others(world_at: At) -> None:
    check = made(world_at("published_resource"), "学校代码", who="registrar")
    assert answers(check) == {"学校代码": "own"}


def test_what_is_not_shared_names_its_basis(world_at: At) -> None:
    world = world_at("published_resource")
    change_items(world, WITHHOLD, item=world.item_ids[0])
    (field,) = made(world, "学校代码")["fields"]
    assert (field["answer"], field["basis"]) == ("withheld", "《测绘法》第四十七条")
    page = shown(client(world, "applicant"), f"/collection-checks/{NO}")
    assert "不予共享" in page and "《测绘法》第四十七条" in page and "/requests/new" not in page


def test_a_synonym_of_the_element_finds_the_item_that_is_bound_to_it(world_at: At) -> None:
    world = world_at("published_resource")
    run_sql("UPDATE data_element SET synonyms = '{校码}'")
    (field,) = made(world, "校码")["fields"]
    assert (field["answer"], field["item_name"]) == ("shareable", "学校代码")
    assert field["element"] == world.element_identifier


def test_a_field_of_another_name_is_found_by_the_element_it_is_likely_to_be(world_at: At) -> None:
    world = world_at("published_resource")
    known, unknown = made(world, "学校编码", "办学许可证")["fields"]
    assert (known["answer"], known["item_name"]) == ("shareable", "学校代码")
    assert (unknown["answer"], unknown["element"]) == ("collectable", "")


def test_what_is_not_published_is_not_found(world_at: At) -> None:
    assert answers(made(world_at("consented_resource"), "学校代码")) == {"学校代码": "collectable"}


def test_a_concluded_check_is_printed_and_stays_as_it_is(world_at: At) -> None:
    world = world_at("checked_form")
    applicant = client(world, "applicant")
    page = shown(applicant, f"/collection-checks/{NO}")
    assert "采集前核查意见" in page and "已发布目录 1 条" in page
    link = page.partition('href="/requests/new?')[2].partition('"')[0].replace("&amp;", "&")
    form = shown(applicant, f"/requests/new?{link}")
    assert len(re.findall(r'name="item_ids"[^>]* checked', form)) == 2, (
        "both items are chosen already"
    )
    path = f"/collection-checks/{NO}"
    answer = filled(applicant, path, f"{path}/conclusions")
    assert answer.status_code == 303
    printed = shown(applicant, answer.headers["location"])
    assert "已办结" in printed and "办结人" in printed and "更正" not in printed
    check = applicant.get(f"{CHECKS}/{NO}").json()
    assert corrected(world, check, 1, resource_code="", item="").status_code == 409
    with pytest.raises(DBAPIError) as kept:
        run_sql("UPDATE collected_field SET reason = 'x'")
    assert "stays as it is" in str(kept.value.orig)
    assert trail(NO) == ["collection:checked", "collection:concluded"]
    assert last_fact(NO)["why"]["shareable"] == 2


def test_an_answer_is_corrected_on_the_page(world_at: At) -> None:
    world = world_at("checked_form")
    path = f"/collection-checks/{NO}/fields/3"
    wrong = {"resource_code": world.resource_code, "item": "没有这一项"}
    refused = filled(client(world, "applicant"), path, path, wrong)
    assert refused.status_code == 422 and "该目录没有这个信息项" in refused.text
    right = {"resource_code": world.resource_code, "item": "学校名称"}
    assert filled(client(world, "applicant"), path, path, right).status_code == 303
    third = client(world, "applicant").get(f"{CHECKS}/{NO}").json()["fields"][2]
    assert (third["answer"], third["is_corrected"]) == ("shareable", True)
    assert trail(NO)[-1] == "collection:corrected"


def named(content: bytes, file_name: str) -> list[str]:
    with store_upload(BytesIO(content), file_name) as upload:
        return names_in(upload)


def test_fields_are_pasted_or_come_in_a_file() -> None:
    assert listed("1、户主姓名\n2. 家庭人口\r\n\n户主 姓名\t住址") == [
        "户主姓名",
        "家庭人口",
        "住址",
    ]
    assert key("（户主）姓名*") == key("户主 姓名")
    assert named("户主姓名,家庭人口\n张,3\n".encode(), "表.csv") == [
        "户主姓名",
        "家庭人口",
    ]
    assert named("户主姓名\n家庭人口\n住址\n".encode(), "字段.csv") == [
        "户主姓名",
        "家庭人口",
        "住址",
    ]
    sheet = BytesIO()
    with xlsxwriter.Workbook(sheet, {"in_memory": True}) as book:
        book.add_worksheet().write_row(0, 0, ["户主姓名", "家庭年收入"])
    assert named(sheet.getvalue(), "表.xlsx") == ["户主姓名", "家庭年收入"]


def test_a_page_without_fields_comes_back_as_typed(world_at: At) -> None:
    world = world_at("published_resource")
    said = {"title": "登记表", "kind": "form", "fields": " \n"}
    nothing = {"file": ("", b"", "application/octet-stream")}
    asked, action = "/collection-checks/new", "/collection-checks/files"
    refused = filled(client(world, "applicant"), asked, action, said, nothing)
    assert refused.status_code == 422
    assert "登记表" in refused.text and "1 至 300 个字段" in refused.text
