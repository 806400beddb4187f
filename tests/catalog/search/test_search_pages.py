"""The catalogue's pages: what the address asks for, filters and chips,
list and table, what is wrong told in words.
"""

import re
from collections.abc import Callable
from types import MappingProxyType
from urllib.parse import quote

import pytest
from fixtures import callers
from fixtures.bases import BASIS
from fixtures.worlds import World
from fixtures.written import entry
from starlette.testclient import TestClient

from catalog.publication import service
from catalog.publication.schemas import ConsentCreate, ReviewCreate
from catalog.publication.views.entry import marked
from catalog.registration import service as registration
from catalog.resources import service as registering
from catalog.resources.schemas import ResourceCreate
from catalog.search.schemas import Asked
from catalog.search.words import Sort
from shuqiao.db import unit_of_work

At = Callable[[str], World]
EDUCATION = "11150000009900021B"


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("published_resource")


def visiting(world: World, account: str | None) -> TestClient:
    client = callers.client(world, account)
    client.headers["accept"] = "text/html"
    return client


def main_of(html: str) -> str:
    return html.split("<main", 1)[1].split("</main>", 1)[0]


def publish_withheld(world: World, title: str) -> None:
    """A resource that is not shared needs no data, but a legal basis."""
    body = ResourceCreate.model_validate(
        entry(title=title, share_type="withheld", withholding=BASIS)
    )
    with unit_of_work() as session:
        made = registering.register(session, world.subjects["registrar"], body)
        registration.submit(session, world.subjects["registrar"], made)
        service.consent(session, world.subjects["head"], made, ConsentCreate())
        verdict = ReviewCreate.model_validate({"outcome": "published"})
        service.review(session, world.subjects["data_admin"], made, verdict)


def test_words_are_marked_and_nothing_else_gets_through() -> None:
    assert str(marked("中小学校名录", ["学校"])) == "中小<mark>学校</mark>名录"
    assert str(marked("Ａ<b>学校</b>", ["a"])) == "<mark>Ａ</mark>&lt;b&gt;学校&lt;/b&gt;"
    assert str(marked("<i>", [])) == "&lt;i&gt;"
    assert str(marked("a.c abc", [".", "学校代码"])) == "a<mark>.</mark>c abc"


def test_a_search_is_told_by_its_address() -> None:
    chosen = {"share_type": ("conditional", "withheld"), "provider": (EDUCATION,)}
    asked = Asked("学校 代码", MappingProxyType(chosen), Sort.TITLE, 50)
    assert asked.href.startswith("/catalog?q=")
    assert asked.href.endswith(
        f"&share_type=conditional&share_type=withheld&provider={EDUCATION}&sort=title&limit=50"
    )
    assert asked.without("share_type", "withheld").chosen["share_type"] == ("conditional",)
    assert asked.cleared().choices == 0
    assert asked.export_href("csv").startswith("/catalog/export?format=csv&q=")
    assert "limit" not in asked.export_href("csv")
    assert Asked().href == "/catalog"
    assert (Asked().order, Asked("学").order, Asked(sort=Sort.RELEVANCE).order) == (
        Sort.NEWEST,
        Sort.RELEVANCE,
        Sort.NEWEST,
    )


def test_a_hit_shows_what_was_found_and_the_way_to_apply(world: World) -> None:
    html = main_of(visiting(world, "applicant").get("/catalog?q=学校").text)
    assert "“学校”共找到 1 条数据资源" in html
    assert "中小<mark>学校</mark>名录" in html
    assert "<mark>学校</mark>代码、<mark>学校</mark>名称" in html
    for words in ("有条件共享", "内蒙古自治区教育厅", "307001/000001", "每年", "2026-02-11"):
        assert words in html
    assert f'href="/requests/new?resource={world.resource_code}"' in html


@pytest.mark.parametrize("who", ["registrar", "head", "reviewer", "data_admin", "consumer_head"])
def test_only_those_who_may_apply_get_the_button(world: World, who: str) -> None:
    html = visiting(world, who).get("/catalog?q=学校").text
    assert "中小<mark>学校</mark>名录" in html
    assert "/requests/new" not in html


def test_item_names_and_codes_find_too(world: World) -> None:
    client = visiting(world, "stranger")
    for words in ("经度", "307001/000001", "教育厅"):
        assert "1 条数据资源" in client.get("/catalog", params={"q": words}).text, words


def test_filters_narrow_and_show_as_chips_that_take_them_away(world: World) -> None:
    client = visiting(world, "applicant")
    html = main_of(
        client.get(
            f"/catalog?q=学校&share_type=conditional&share_type=withheld&provider={EDUCATION}"
        ).text
    )
    assert "共找到 1 条" in html
    assert "清除全部" in html
    chips = [
        link.replace("&amp;", "&") for link in re.findall(r'class="sq-chip" href="([^"]+)"', html)
    ]
    chosen = ("share_type=conditional", "share_type=withheld", f"provider={EDUCATION}")
    assert [[one for one in chosen if one not in link] for link in chips] == [
        [one] for one in chosen
    ]
    assert re.search(r'value="conditional" checked', html)
    none = main_of(client.get("/catalog?q=学校&share_type=unconditional").text)
    assert "没有符合条件的数据资源" in none
    assert re.search(r'value="unconditional" checked', none)
    assert client.get("/catalog?provider=nobody&provider=&sort=&limit=").status_code == 200


def test_the_table_is_chosen_once_and_kept(world: World) -> None:
    client = visiting(world, "applicant")
    assert "<table" not in main_of(client.get("/catalog").text)
    table = client.get("/catalog?view=table")
    assert "<table" in main_of(table.text)
    assert "HttpOnly" in table.headers["set-cookie"]
    again = main_of(client.get("/catalog?q=学校").text)
    assert "<table" in again
    assert "<mark>学校</mark>" in again
    client.get("/catalog?view=list")
    assert "<table" not in main_of(client.get("/catalog").text)


def test_the_swap_brings_the_found_part_only(world: World) -> None:
    client = visiting(world, "applicant")
    part = client.get("/catalog?q=学校", headers={"hx-request": "true"})
    assert part.headers["vary"] == "HX-Request, HX-Request-Type"
    assert "<html" not in part.text
    assert 'id="results"' in part.text
    assert 'name="share_type"' in part.text


def test_the_swap_leaves_a_tidy_address(world: World) -> None:
    headers = {"hx-request": "true"}
    answer = visiting(world, "applicant").get(
        "/catalog?q=&sort=newest&limit=20&is_open=false", headers=headers
    )
    assert answer.headers["hx-push-url"] == "/catalog?is_open=false"


@pytest.mark.parametrize("query", ["没有的东西", "%", "':*&|!", "<script>alert(1)</script>"])
def test_what_is_not_found_says_what_to_try(world: World, query: str) -> None:
    answer = visiting(world, "applicant").get("/catalog", params={"q": query})
    assert answer.status_code == 200
    assert "请减少筛选条件或检索词" in answer.text
    assert "<script>alert" not in answer.text


def test_an_empty_catalogue_says_so(world_at: At) -> None:
    assert (
        "目录中还没有已发布的数据资源"
        in visiting(world_at("consented_resource"), "applicant").get("/catalog").text
    )


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("?q=学校&share_type=x", "“共享类型”没有地址中的选项"),
        ("?q=" + "学" * 201, "检索词最多 200 个字，现有 201 个字"),
        ("?q=学校&cursor=x", "已从第一页开始显示"),
        ("?q=学校&sort=x", "没有这种排序方式"),
        ("?q=学校&limit=1000", "每页可显示 1 至 100 条"),
        ("?q=学校&limit=-1", "每页可显示 1 至 100 条"),
    ],
)
def test_what_is_wrong_is_told_in_words_and_the_query_stays(
    world: World, address: str, words: str
) -> None:
    answer = visiting(world, "applicant").get(f"/catalog{address}")
    assert answer.status_code == 400
    assert words in answer.text
    assert re.search(r'name="q" type="search" value="学', answer.text)


def test_the_list_goes_on_page_by_page_with_its_filters(world: World) -> None:
    publish_withheld(world, "不予共享的学校信息")
    client = visiting(world, "applicant")
    first = main_of(client.get("/catalog?q=学校&limit=1").text)
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following is not None
    second = main_of(client.get(following[1].replace("&amp;", "&")).text)
    assert "第 1–1 条，共 2 条" in first
    assert "第 2–2 条，共 2 条" in second
    titles = [re.findall(r"<h3>.*?</h3>", part) for part in (first, second)]
    assert [len(found) for found in titles] == [1, 1]
    assert titles[0] != titles[1]
    assert "下一页" not in second
    assert f'href="/catalog?q={quote("学校")}&amp;limit=1"' in second


@pytest.mark.parametrize("path", ["/catalog", "/catalog/307001-000001", "/catalog/export"])
def test_the_catalogue_is_for_those_who_are_signed_in(world: World, path: str) -> None:
    answer = visiting(world, None).get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")


@pytest.mark.parametrize(
    ("query", "said", "instead"),
    [
        ("kundulun", "以下为名称读音相符的结果。", "昆都仑"),
        ("陪训机构", "没有包含该词的目录，以下为一字之差的结果。", "培训机构"),
        ("培训机构 医院", "没有同时包含各检索词的目录，以下为包含任一词的结果。", None),
        ("昆都仑", None, None),
    ],
)
def test_what_was_widened_is_said_with_what_was_perhaps_meant(
    world: World, query: str, said: str | None, instead: str | None
) -> None:
    publish_withheld(world, "昆都仑区校外培训机构名录")
    html = main_of(visiting(world, "applicant").get(f"/catalog?q={quote(query)}").text)
    assert html.count('href="/catalog/') >= 1
    assert ("sq-notice" in html) is (said is not None)
    assert said is None or said in html
    link = f'<a href="/catalog?q={quote(instead)}">{instead}</a>' if instead else ""
    assert ("您是不是要找" in html) is bool(instead)
    assert link in html
