"""The catalogue's pages: the search as its address says it, one resource as published, the two steps of its review."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from fixtures import callers
from fixtures.states import entry
from fixtures.worlds import World
from sqlalchemy import text
from starlette.testclient import TestClient

from auth import sessions
from catalog.publication import service
from catalog.publication.display import Asked, marked
from catalog.publication.schemas import ConsentCreate, ReviewCreate
from catalog.resources import service as registering
from catalog.resources.models import ShareType
from catalog.resources.schemas import ResourceCreate
from shuqiao.db import reading, unit_of_work
from shuqiao.ids import uuid7

At = Callable[[str], World]
EDUCATION = "11150000009900021B"


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


def step(world: World, account: str, path: str, **fields: str) -> Any:
    """Send the form as the page would."""
    sent = {
        "csrf_token": sessions.csrf_token(world.cookies[account]), "once_key": uuid7().hex,
        "version": str(scalar("SELECT version FROM data_resource")), **fields,
    }  # fmt: skip
    return visiting(world, account).post(f"/catalog/{world.resource_code}/{path}", data=sent)


def publish_withheld(world: World, title: str) -> None:
    """A resource that is not shared needs no data, but a legal basis."""
    basis = {"kind": "law", "basis": "《中华人民共和国未成年人保护法》第一百零三条", "reason": "涉及未成年人个人信息"}
    body = ResourceCreate.model_validate(entry(title=title, share_type="withheld", withholding=basis))
    with unit_of_work() as session:
        made = registering.register(session, world.subjects["registrar"], body)
        registering.submit(session, world.subjects["registrar"], made)
        service.consent(session, world.subjects["head"], made, ConsentCreate())
        verdict = ReviewCreate.model_validate({"outcome": "published"})
        service.review(session, world.subjects["data_admin"], made, verdict)


def scalar(statement: str) -> Any:
    with reading() as session:
        return session.connection().execute(text(statement)).scalar()


def test_words_are_marked_and_nothing_else_gets_through() -> None:
    assert str(marked("中小学校名录", ["学校"])) == "中小<mark>学校</mark>名录"
    assert str(marked("Ａ<b>学校</b>", ["a"])) == "<mark>Ａ</mark>&lt;b&gt;学校&lt;/b&gt;"
    assert str(marked("<i>", [])) == "&lt;i&gt;"
    assert str(marked("a.c abc", [".", "学校代码"])) == "a<mark>.</mark>c abc"


def test_a_search_is_told_by_its_address() -> None:
    asked = Asked("学校 代码", (ShareType.CONDITIONAL, ShareType.WITHHELD), (EDUCATION,))
    assert asked.href.startswith("/catalog?q=")
    assert asked.without("withheld").share_types == (ShareType.CONDITIONAL,)
    assert asked.without(EDUCATION).providers == ()
    assert Asked().href == "/catalog"


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
    html = main_of(client.get(f"/catalog?q=学校&share_type=conditional&share_type=withheld&provider={EDUCATION}").text)
    assert "共找到 1 条" in html
    chips = [link.replace("&amp;", "&") for link in re.findall(r'class="sq-chip" href="([^"]+)"', html)]
    assert len(chips) == 3
    assert all("share_type=conditional" not in link for link in chips[:1])
    assert f"provider={EDUCATION}" not in chips[2]
    assert re.search(r'value="conditional" checked', html)
    none = main_of(client.get("/catalog?q=学校&share_type=unconditional").text)
    assert "没有符合条件的数据资源" in none
    assert re.search(r'value="unconditional" checked', none)
    assert client.get("/catalog?provider=nobody&provider=").status_code == 200


def test_the_swap_brings_the_found_part_only(world: World) -> None:
    client = visiting(world, "applicant")
    part = client.get("/catalog?q=学校", headers={"hx-request": "true"})
    assert part.headers["vary"] == "HX-Request, HX-Request-Type"
    assert "<html" not in part.text
    assert 'id="results"' in part.text
    assert 'name="share_type"' in part.text


@pytest.mark.parametrize("query", ["没有的东西", "%", "':*&|!", "<script>alert(1)</script>"])
def test_what_is_not_found_says_what_to_try(world: World, query: str) -> None:
    answer = visiting(world, "applicant").get("/catalog", params={"q": query})
    assert answer.status_code == 200
    assert "请减少筛选条件或检索词" in answer.text
    assert "<script>alert" not in answer.text


def test_an_empty_catalogue_says_so(world_at: At) -> None:
    assert "目录中还没有已发布的数据资源" in visiting(world_at("consented_resource"), "applicant").get("/catalog").text


@pytest.mark.parametrize("address", ["/catalog?share_type=x", "/catalog?q=" + "学" * 201, "/catalog?cursor=x"])
def test_a_bad_address_is_refused_in_words(world: World, address: str) -> None:
    answer = visiting(world, "applicant").get(address)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")


def test_the_list_goes_on_page_by_page_with_its_filters(world: World) -> None:
    publish_withheld(world, "不予共享的学校信息")
    client = visiting(world, "applicant")
    first = main_of(client.get("/catalog?q=学校&limit=1").text)
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following is not None
    second = main_of(client.get(following[1].replace("&amp;", "&")).text)
    titles = [re.findall(r"<h3>.*?</h3>", part) for part in (first, second)]
    assert [len(found) for found in titles] == [1, 1]
    assert titles[0] != titles[1]
    assert "下一页" not in second
    assert f'href="/catalog?q={quote("学校")}"' in second


@pytest.mark.parametrize("path", ["/catalog", "/catalog/307001-000001"])
def test_the_catalogue_is_for_those_who_are_signed_in(world: World, path: str) -> None:
    answer = visiting(world, None).get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")


def test_a_resource_shows_the_nine_fields_its_items_and_its_versions(world: World) -> None:
    html = main_of(visiting(world, "applicant").get(f"/catalog/{world.resource_code}").text)
    names = "目录名称 数据项 提供部门 数据格式 更新频率 共享属性 共享方式 使用条件 数据分类分级"
    for name in names.split():
        assert f"<dt>{name}</dt>" in html, name
    for words in (
        "限履行校园安全职责的部门使用。", "不得提供给第三方。", "教育/基础教育", "字符型C", "双精度型B",
        world.element_identifier, "10 个工作日内答复", "?version=1", f"/api/v1/catalog/{world.resource_code}",
        "保密风险评估",
    ):  # fmt: skip
        assert words in html, words
    assert f'href="/requests/new?resource={world.resource_code}"' in html
    assert "学校.csv" not in html


def test_the_provider_sees_what_is_attached_and_the_course_of_the_review(world: World) -> None:
    html = main_of(visiting(world, "registrar").get(f"/catalog/{world.resource_code}").text)
    assert "学校.csv" in html
    assert "审核过程" in html
    assert "审核过程" not in visiting(world, "applicant").get(f"/catalog/{world.resource_code}").text


def test_both_spellings_lead_to_it_and_other_versions_are_not_there(world: World) -> None:
    client = visiting(world, "applicant")
    assert client.get("/catalog/307001-000001?version=1").status_code == 200
    assert client.get("/catalog/307001-000001?version=2").status_code == 404
    assert client.get("/catalog/307001-999999").status_code == 404
    assert client.get("/catalog/307001-000001?version=0").status_code == 422


@pytest.mark.parametrize(
    ("state", "who", "status"),
    [
        ("draft_resource", "registrar", 200), ("draft_resource", "head", 200), ("draft_resource", "data_admin", 404),
        ("draft_resource", "applicant", 404), ("submitted_resource", "data_admin", 200),
        ("submitted_resource", "applicant", 404), ("submitted_resource", "reviewer", 404),
    ],
)  # fmt: skip
def test_before_publication_only_those_who_work_on_it_see_it(world_at: At, state: str, who: str, status: int) -> None:
    world = world_at(state)
    assert visiting(world, who).get(f"/catalog/{world.resource_code}").status_code == status


def test_the_step_is_offered_to_whose_turn_it_is(world_at: At) -> None:
    world = world_at("submitted_resource")
    path = f"/catalog/{world.resource_code}"
    assert f'action="{path}/consents"' in visiting(world, "head").get(path).text
    for who in ("registrar", "data_admin", "approver"):
        html = visiting(world, who).get(path).text
        assert "<form" not in main_of(html), who
        assert "等待办理：部门负责人" in html


def test_consent_and_publication_by_form(world_at: At) -> None:
    world = world_at("submitted_resource")
    consented = step(world, "head", "consents", outcome="consented")
    assert consented.status_code == 303
    assert consented.headers["location"] == f"/catalog/{world.resource_code}?done=consented"
    shown = visiting(world, "data_admin").get(f"/catalog/{world.resource_code}").text
    assert "2026-02-13" in shown
    assert "《政务数据共享条例》第十七条：2个工作日" in shown
    assert f"{world.resource_code}/reviews" in shown
    published = step(world, "data_admin", "reviews", outcome="published")
    assert published.status_code == 303
    assert "目录已发布" in visiting(world, "data_admin").get(published.headers["location"]).text
    assert scalar("SELECT status FROM data_resource") == "published"
    assert scalar("SELECT count(*) FROM audit_event WHERE action = 'catalog:resource:published'") == 1


@pytest.mark.parametrize(
    ("state", "who", "path"),
    [("submitted_resource", "head", "consents"), ("consented_resource", "data_admin", "reviews")],
)
def test_returning_needs_a_remark_and_keeps_what_was_typed(world_at: At, state: str, who: str, path: str) -> None:
    world = world_at(state)
    refused = step(world, who, path, outcome="returned", remark="  ")
    assert refused.status_code == 422
    assert 'href="#f-remark"' in refused.text
    assert scalar("SELECT status FROM data_resource") == "in_review"
    too_long = step(world, who, path, outcome="returned", remark="更正" * 300)
    assert (too_long.status_code, "更正更正" in too_long.text) == (422, True)
    returned = step(world, who, path, outcome="returned", remark="请更正摘要")
    assert returned.status_code == 303
    html = visiting(world, "registrar").get(f"/catalog/{world.resource_code}").text
    assert "请更正摘要" in html
    assert "等待办理：编目员" in html


def test_a_second_click_ends_on_the_same_page_and_has_no_second_effect(world_at: At) -> None:
    world = world_at("submitted_resource")
    same = {"once_key": uuid7().hex, "version": str(scalar("SELECT version FROM data_resource"))}
    first, again = (step(world, "head", "consents", outcome="consented", **same) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert scalar("SELECT count(*) FROM publication_review") == 1


def test_nobody_decides_on_what_the_page_did_not_show(world_at: At) -> None:
    world = world_at("submitted_resource")
    assert step(world, "head", "consents", outcome="consented", version="1").status_code == 412
    assert step(world, "head", "consents", outcome="consented", version="").status_code == 428
    assert step(world, "head", "consents", outcome="consented", once_key="").status_code == 400
    assert step(world, "head", "consents", outcome="consented", csrf_token="x").status_code == 403
    assert scalar("SELECT count(*) FROM publication_review") == 0


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("registrar", "consents", 403), ("data_admin", "consents", 403), ("applicant", "consents", 404),
        ("head", "reviews", 403),
    ],
)
def test_steps_of_others_are_refused_and_recorded(world_at: At, who: str, path: str, status: int) -> None:
    world = world_at("submitted_resource")
    outcome = "consented" if path == "consents" else "published"
    assert step(world, who, path, outcome=outcome).status_code == status
    assert scalar("SELECT status FROM data_resource") == "in_review"
    assert scalar("SELECT count(*) FROM audit_event WHERE action = 'auth:action:denied'") == 1
