"""The page of one resource: its tabs, its versions as they were, what
each kind of reader is offered.
"""

import csv
import io
from collections.abc import Callable

import openpyxl
import pytest
from fixtures import callers
from fixtures.exchanging import change_entry
from fixtures.worlds import World
from starlette.testclient import TestClient

from catalog.publication.views import resource_page

At = Callable[[str], World]


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("published_resource")


def visiting(world: World, account: str | None) -> TestClient:
    client = callers.client(world, account)
    client.headers["accept"] = "text/html"
    client.headers.pop("x-csrf-token", None)  # a browser has the hidden field
    return client


def main_of(html: str) -> str:
    return html.split("<main", 1)[1].split("</main>", 1)[0]


def tab(world: World, name: str, who: str = "applicant", **query: str | int) -> str:
    answer = visiting(world, who).get(
        f"/catalog/{world.resource_code}", params={"tab": name, **query}
    )
    assert answer.status_code == 200, answer.text
    return main_of(answer.text)


def test_the_overview_shows_the_nine_fields_and_what_applying_means(world: World) -> None:
    html = tab(world, "overview")
    names = "目录名称 数据项 提供部门 数据格式 更新频率 共享属性 共享方式 使用条件 数据分类分级"
    for name in names.split():
        assert f"<dt>{name}</dt>" in html, name
    for words in (
        "限履行校园安全职责的部门使用。",
        "不得提供给第三方。",
        "教育/基础教育",
        "保密风险评估",
        "10 个工作日内答复",
        "20 个工作日内提供数据",
        "答复：法定时限，国务院令第809号第二十一条；提供：法定时限，国务院令第809号第二十二条",
        "11150000009900021B",
        "registrar 同志",
    ):
        assert words in html, words
    assert f'href="/requests/new?resource={world.resource_code}"' in html
    assert "学校.csv" not in html


def test_the_items_can_be_searched_within(world: World) -> None:
    html = tab(world, "items")
    for words in (
        "学校代码",
        "经度",
        "字符型C",
        "双精度型B",
        world.element_identifier,
        "信息项（4 项）",
    ):
        assert words in html, words
    found = tab(world, "items", q="名称")
    assert "学校名称" in found
    assert "经度" not in found
    assert "没有符合的信息项" in tab(world, "items", q="没有的")
    assert "<script>" not in tab(world, "items", q="<script>")


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_items_are_had_as_a_file(world: World, ending: str) -> None:
    answer = visiting(world, "applicant").get(f"/catalog/{world.resource_code}/items.{ending}")
    assert answer.status_code == 200
    assert f".{ending}" in answer.headers["content-disposition"]
    if ending == "csv":
        assert answer.content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None
        assert sheet.freeze_panes == "A2"
        rows = [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert [row[1] for row in rows] == ["信息项名称", "学校代码", "学校名称", "地址", "经度"]
    other = visiting(world, "applicant").get(f"/catalog/{world.resource_code}/items.pdf")
    assert other.status_code == 422


def test_the_standards_tell_which_items_follow_them(world: World) -> None:
    html = tab(world, "standards")
    for words in (
        world.element_identifier,
        "学校的唯一标识代码",
        "未采用数据元的信息项：",
        "学校名称、地址、经度",
    ):
        assert words in html, words


def test_two_versions_are_compared_and_each_stays_as_it_was(world: World) -> None:
    assert "首次发布" in tab(world, "versions")
    assert "<form" not in tab(world, "versions")
    change_entry(world, title="中小学校与幼儿园名录", update_cycle="monthly")
    html = tab(world, "versions")
    assert "修改字段 2 处" in html
    assert "?version=1" in html
    compared = tab(world, "versions", before=1, after=2)
    for words in ("第 1 版与第 2 版的差异", "中小学校名录", "中小学校与幼儿园名录", "每年", "每月"):
        assert words in compared, words
    assert "两个版本内容相同" in tab(world, "versions", before=2, after=2)
    old = tab(world, "overview", version=1)
    assert "<h1>中小学校名录</h1>" in old
    assert "tab=versions&amp;before=1&amp;after=2" in old
    answer = visiting(world, "applicant").get(
        f"/catalog/{world.resource_code}?tab=versions&before=1&after=9"
    )
    assert answer.status_code == 404


def test_commands_for_programs_carry_the_code_and_real_items(world: World) -> None:
    html = tab(world, "api")
    for words in (
        f"/api/v1/catalog/{world.resource_code}",
        "sq request create",
        "from shuqiao_client import Client",
        str(world.item_ids[0]),
        "data-copy=",
    ):
        assert words in html, words


@pytest.mark.parametrize("name", ["overview", "items", "standards", "versions", "api"])
def test_every_tab_of_a_draft_opens_for_its_registrar_who_goes_on_editing(
    world_at: At, name: str
) -> None:
    world = world_at("draft_resource")
    html = tab(world, name, "registrar")
    assert f'href="/resources/{world.resource_code}/edit"' in html
    assert "继续编辑" in html
    assert "/edit" not in tab(world, name, "head")
    assert (
        visiting(world, "applicant").get(f"/catalog/{world.resource_code}?tab={name}").status_code
        == 404
    )


def test_a_higher_stage_adds_its_button(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource_page, "ACTIONS", type(resource_page.ACTIONS)())
    assert "btn btn-primary" in tab(world, "items")
    resource_page.ACTIONS.fill(
        "publication/_course.html", lambda session, subject, resource: {"href": resource.url_code}
    )
    html = main_of(visiting(world, "applicant").get(f"/catalog/{world.resource_code}").text)
    assert (
        f'class="btn btn-outline-primary" href="/requests/new?resource={world.resource_code}"'
        in html
    )


def test_the_provider_sees_what_is_attached_and_the_course_of_the_review(world: World) -> None:
    html = main_of(visiting(world, "registrar").get(f"/catalog/{world.resource_code}").text)
    assert "学校.csv" in html
    assert "审核过程" in html
    assert (
        "审核过程" not in visiting(world, "applicant").get(f"/catalog/{world.resource_code}").text
    )


def test_both_spellings_lead_to_it_and_other_versions_are_not_there(world: World) -> None:
    client = visiting(world, "applicant")
    assert client.get("/catalog/307001-000001?version=1").status_code == 200
    assert client.get("/catalog/307001-000001?version=2").status_code == 404
    assert client.get("/catalog/307001-999999").status_code == 404
    assert client.get("/catalog/307001-000001?version=0").status_code == 422


@pytest.mark.parametrize(
    ("state", "who", "status"),
    [
        ("draft_resource", "registrar", 200),
        ("draft_resource", "head", 200),
        ("draft_resource", "data_admin", 404),
        ("draft_resource", "applicant", 404),
        ("submitted_resource", "data_admin", 404),
        ("submitted_resource", "applicant", 404),
        ("submitted_resource", "reviewer", 404),
        ("consented_resource", "data_admin", 200),
        ("consented_resource", "applicant", 404),
    ],
)
def test_before_publication_only_those_who_work_on_it_see_it(
    world_at: At, state: str, who: str, status: int
) -> None:
    world = world_at(state)
    assert visiting(world, who).get(f"/catalog/{world.resource_code}").status_code == status
