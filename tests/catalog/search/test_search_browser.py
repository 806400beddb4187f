"""What the catalogue's script adds: filters in a dialog on narrow
screens, and a focus that is never lost.
"""

from collections.abc import Callable, Iterator

import pytest
from fixtures.browser import Opened, OpenPage, served
from fixtures.callers import control_app
from fixtures.worlds import World
from playwright.sync_api import expect

from auth.identify import cookie_name

At = Callable[[str], World]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with served(control_app()) as address:
        yield address


@pytest.fixture
def enter(open_page: OpenPage, origin: str, committed_world: At) -> Callable[..., Opened]:
    world = committed_world("published_resource")

    def as_applicant(path: str, *, width: int = 1366, scripts: bool = True) -> Opened:
        cookies = {cookie_name(): world.cookies["applicant"]}
        return open_page(origin, path, width=width, scripts=scripts, cookies=cookies)

    return as_applicant


def test_a_filter_swaps_the_hits_keeps_the_focus_and_the_address(
    enter: Callable[..., Opened],
) -> None:
    opened = enter("/catalog?q=学校")
    page = opened.page
    page.get_by_label("有条件共享").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("link", name="共享类型：有条件共享")).to_be_visible()
    expect(page.get_by_label("有条件共享")).to_be_focused()
    assert page.url.endswith("&share_type=conditional")
    expect(page.locator("#live")).to_have_text("共 1 条数据资源")
    page.get_by_role("link", name="共享类型：有条件共享").click()
    expect(page.locator(".sq-chip")).to_have_count(0)
    expect(page.locator("#results")).to_be_focused()
    page.get_by_role("link", name="表格").click()
    expect(page.locator("#hits")).to_be_visible()
    assert opened.faults() == []


def test_narrow_screens_choose_in_a_dialog(enter: Callable[..., Opened]) -> None:
    opened = enter("/catalog?q=学校", width=320)
    page = opened.page
    expect(page.locator("#facets")).to_be_hidden()
    page.get_by_text("筛选（0）").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert opened.faults() == []
    page.get_by_label("每年").check()
    page.get_by_role("button", name="取消").click()
    page.get_by_text("筛选（0）").click()
    expect(page.get_by_label("每年")).not_to_be_checked()
    page.get_by_label("有条件共享").check()
    page.get_by_role("button", name="查看结果").click()
    expect(page.get_by_text("筛选（1）")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert "share_type=conditional" in page.url
    assert opened.overflow() == 0


def test_without_scripts_filters_unfold_and_are_applied(enter: Callable[..., Opened]) -> None:
    page = enter("/catalog?q=学校", width=320, scripts=False).page
    page.get_by_text("筛选（0）").click()
    page.get_by_label("有条件共享").check()
    page.get_by_role("button", name="应用筛选").click()
    expect(page.get_by_text("筛选（1）")).to_be_visible()
    expect(page.get_by_role("link", name="共享类型：有条件共享")).to_be_visible()
