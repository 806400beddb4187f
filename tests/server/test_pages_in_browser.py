"""Sign-in, start, catalogue, desk and jobs in a real browser: accessible, within the policy, without scripts."""

from collections.abc import Iterator

import pytest
from fixtures import callers
from fixtures.browser import WIDTHS, OpenPage, served
from fixtures.people import password_of
from fixtures.world import Worlds
from fixtures.worlds import World
from playwright.sync_api import expect

from auth.identify import cookie_name

pytestmark = pytest.mark.browser

PAGES = [
    ("/", None, 200),
    ("/", "applicant", 200),
    ("/", "head", 200),
    ("/sign-in?next=/desk", None, 200),
    ("/sign-in", "applicant", 200),
    ("/help", None, 200),
    ("/problems/changed_meanwhile", None, 200),
    ("/catalog?q=学校", "applicant", 200),
    ("/catalog?q=没有的东西&share_type=withheld", "applicant", 200),
    ("/catalog/307001-000001", "head", 200),
    ("/desk", "head", 200),
    ("/jobs", "system_admin", 200),
    ("/jobs/1", "system_admin", 200),
    ("/jobs", "applicant", 403),
    ("/catalog/307001-999999", "applicant", 404),
]


@pytest.fixture(scope="module")
def world(worlds: Worlds) -> Iterator[World]:
    """An entry that waits for the department head; only read here."""
    with worlds.cloned("submitted_resource") as found:
        yield found


@pytest.fixture
def url(worlds: Worlds, world: World) -> Iterator[str]:
    with worlds.committing(world), served(callers.control_app()) as address:
        yield address


def cookies(world: World, who: str | None) -> dict[str, str]:
    return {cookie_name(): world.cookies[who]} if who else {}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("path", "who", "status"), PAGES)
def test_page_is_accessible_fits_and_keeps_the_policy(
    open_page: OpenPage, world: World, url: str, path: str, who: str | None, status: int, width: int
) -> None:
    opened = open_page(url, width=width, cookies=cookies(world, who))
    assert opened.go(path) == status
    assert opened.faults(status=status) == []


def test_a_person_signs_in_and_out_without_scripts_and_comes_back_to_the_page_wanted(
    open_page: OpenPage, world: World, url: str
) -> None:
    page = open_page(url, "/desk?unread=true", scripts=False).page
    expect(page).to_have_title("登录 – 数桥")
    page.get_by_label("账号").fill("both")
    page.get_by_label("密码").fill("wrong password here")
    page.get_by_role("main").get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不正确")
    expect(page.get_by_label("账号")).to_have_value("both")
    page.get_by_label("密码").fill(password_of("both"))
    page.get_by_role("main").get_by_role("button", name="登录").click()
    expect(page).to_have_url(f"{url}/desk?unread=true")
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("status").filter(has_text="您已退出登录")).to_be_visible()
    page.goto(f"{url}/desk")
    expect(page).to_have_url(f"{url}/sign-in?next=/desk")


def test_a_search_is_narrowed_in_place_keeps_the_focus_and_is_announced(open_page: OpenPage, worlds: Worlds) -> None:
    with worlds.cloned("published_resource") as published, served(callers.control_app()) as address:
        opened = open_page(address, "/catalog?q=学校", cookies=cookies(published, "applicant"))
        page = opened.page
        box = page.get_by_role("checkbox", name="有条件共享")
        with page.expect_response(lambda answer: "share_type=conditional" in answer.url) as answer:
            box.check()
        assert "<html" not in answer.value.text()
        expect(page.locator(".sq-chip")).to_contain_text("共享类型：有条件共享")
        expect(page.locator("#live")).to_contain_text("1 条数据资源")
        expect(box).to_be_checked()
        expect(box).to_be_focused()
        assert "share_type=conditional" in page.url
        assert opened.faults() == []
        page.get_by_role("searchbox").fill("经度")
        page.keyboard.press("Enter")
        expect(page.locator("mark").first).to_have_text("经度")
        page.go_back()
        expect(page.locator("mark").first).to_have_text("学校")


def test_filters_and_pages_work_without_scripts(open_page: OpenPage, worlds: Worlds) -> None:
    with worlds.cloned("published_resource") as published, served(callers.control_app()) as address:
        page = open_page(address, "/", cookies=cookies(published, "applicant"), scripts=False).page
        page.get_by_role("searchbox").fill("学校代码")
        page.get_by_role("button", name="搜索").click()
        page.get_by_role("checkbox", name="内蒙古自治区教育厅").check()
        page.get_by_role("button", name="筛选").click()
        expect(page.locator(".sq-chip")).to_contain_text("内蒙古自治区教育厅")
        page.locator(".sq-chip").click()
        expect(page.locator(".sq-chip")).to_have_count(0)
        page.get_by_role("link", name="中小学校名录", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("中小学校名录")
        expect(page.get_by_role("link", name="申请共享").first).to_be_visible()


def test_the_department_head_follows_the_task_and_consents_without_scripts(open_page: OpenPage, worlds: Worlds) -> None:
    with worlds.cloned("submitted_resource") as waiting, served(callers.control_app()) as address:
        page = open_page(address, "/desk", cookies=cookies(waiting, "head"), scripts=False).page
        page.get_by_role("link", name="中小学校名录").click()
        page.get_by_role("button", name="退回修改").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_role("button", name="同意").click()
        page.get_by_role("button", name="确认同意").click()
        expect(page.get_by_role("status").filter(has_text="已同意，转数据主管部门审核")).to_be_visible()
        page.goto(f"{address}/desk")
        expect(page.get_by_text("没有待办事项")).to_be_visible()
