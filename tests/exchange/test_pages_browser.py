"""Pages of the exchange and of the trail in a real browser: accessible, within the policy, usable without scripts."""

from collections.abc import Callable, Iterator

import pytest
from fixtures.browser import Opened, OpenPage, served
from fixtures.callers import control_app
from fixtures.worlds import World
from playwright.sync_api import Page, expect

from auth.identify import cookie_name
from exchange.deliveries.tasks import prove

At = Callable[[str], World]

pytestmark = pytest.mark.browser

#: state → (account, path); {0} request, {1} resource, {2} grant, {3} delivery
PAGES = {
    "draft_request": [
        ("applicant", "/requests"), ("applicant", "/requests/{0}/check"), ("applicant", "/requests/{0}/edit"),
        ("applicant", "/requests/new?resource={1}"),
    ],
    "asked_request": [("consumer_head", "/requests/{0}"), ("applicant", "/requests/{0}?done=asked")],
    "submitted_request": [
        ("approver", "/tasks"), ("approver", "/requests/{0}/decision"), ("applicant", "/requests/{0}/withdrawal"),
        ("reviewer", "/trail"), ("reviewer", "/trail?q=result:wrong"),
    ],
    "prepared_request": [("provider_head", "/requests/{0}/decision")],
    "finished_delivery": [
        ("applicant", "/requests/{0}"), ("applicant", "/grants"), ("applicant", "/grants/{2}"),
        ("applicant", "/deliveries/{3}"), ("provider_head", "/grants/{2}/revocation"),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """The control role's application on a free port; it uses whatever database the world of the moment is in."""
    with served(control_app()) as address:
        yield address


Enter = Callable[..., Opened]


@pytest.fixture
def enter(open_page: OpenPage, origin: str) -> Enter:
    """``enter(world, "applicant", "/requests", width=320)``: that person's window, showing the page."""

    def as_person(world: World, account: str, path: str, *, scripts: bool = True, width: int = 1366) -> Opened:
        return open_page(origin, path, scripts=scripts, width=width, cookies={cookie_name(): world.cookies[account]})

    return as_person


@pytest.mark.parametrize("state", PAGES)
def test_pages_are_accessible_at_both_widths(enter: Enter, committed_world: At, state: str) -> None:
    world = committed_world(state)
    for account, path in PAGES[state]:
        address = path.format(world.request_no, world.resource_code, world.grant_no, world.delivery_no)
        opened = enter(world, account, address)
        assert (path, opened.faults(status=422 if "wrong" in path else 200)) == (path, [])
        opened.page.set_viewport_size({"width": 320, "height": 900})
        assert (path, opened.violations(), opened.overflow()) == (path, [], 0)
        opened.context.close()


def test_one_event_is_accessible(enter: Enter, committed_world: At) -> None:
    opened = enter(committed_world("draft_request"), "reviewer", "/trail", width=320)
    opened.page.locator("#events tbody a").first.click()
    expect(opened.page.get_by_text("记录内容与叶哈希一致")).to_be_visible()
    assert opened.faults() == []


def test_fields_that_do_not_apply_are_hidden_until_they_do(enter: Enter, committed_world: At) -> None:
    world = committed_world("submitted_request")
    page = enter(world, "approver", f"/requests/{world.request_no}/decision", scripts=False).page
    code = page.locator(".sq-answer", has_text="学校代码").first
    expect(code.get_by_label("“学校代码”的脱敏方式")).to_be_hidden()
    code.get_by_label("同意", exact=True).check()
    code.get_by_label("“学校代码”的脱敏方式").select_option("pseudonym")
    expect(code.get_by_label("假名位数")).to_be_visible()
    expect(code.get_by_label("保留前几位")).to_be_hidden()
    code.get_by_label("不同意", exact=True).check()
    expect(code.get_by_label("不同意提供“学校代码”的理由")).to_be_visible()
    expect(code.get_by_label("“学校代码”的脱敏方式")).to_be_hidden()


def test_from_application_to_grant_without_scripts(enter: Enter, origin: str, committed_world: At) -> None:
    """The whole way on pages alone: apply, consent, decide, release, fetch code, revoke, look back."""
    world = committed_world("published_resource")

    def at(account: str, path: str) -> Page:
        return enter(world, account, path, scripts=False).page

    page = at("applicant", f"/requests/new?resource={world.resource_code}")
    for item in ("学校代码", "地址", "经度"):
        page.get_by_label(item).check()
    page.get_by_label("使用依据").fill("《户口登记条例》第三条")
    page.get_by_label("使用场景").fill("核对学龄人口就学情况")
    page.get_by_label("使用范围").fill("治安管理支队")
    page.get_by_role("button", name="继续").click()
    page.get_by_role("button", name="提请负责人同意").click()
    expect(page.get_by_text("已提请本部门共享工作机构负责人审核")).to_be_visible()
    case = page.url.split("?")[0].removeprefix(origin)

    page = at("consumer_head", case)
    page.get_by_role("button", name="同意发出").click()
    expect(page.get_by_text("申请已由平台统一受理")).to_be_visible()

    page = at("approver", f"{case}/decision")
    for item in ("学校代码", "地址", "经度"):
        page.get_by_role("group", name=item).get_by_label("同意", exact=True).check()
    page.get_by_label("“学校代码”的脱敏方式").select_option("pseudonym")
    page.get_by_label("“地址”的脱敏方式").select_option("keep_prefix")
    page.locator(".sq-answer").nth(1).get_by_label("保留前几位").fill("6")
    page.get_by_label("条件1：信息项").select_option(str(world.item_ids[3]))
    page.get_by_label("比较方式").first.select_option("ge")
    page.get_by_label("取值").first.fill("120.2")
    page.get_by_role("button", name="核对办理意见").click()
    page.get_by_role("button", name="确认拟定答复").click()
    expect(page.get_by_text("答复已拟定", exact=True)).to_be_visible()

    page = at("provider_head", f"{case}/decision")
    expect(page.get_by_text("经度 ≥ 120.2")).to_be_visible()
    page.get_by_role("button", name="核发答复").click()
    page.get_by_role("button", name="确认核发").click()
    expect(page.get_by_text("答复已核发", exact=True)).to_be_visible()
    prove("GR-2026-000001")

    page = at("applicant", case)
    expect(page.get_by_text("部分同意", exact=True)).to_be_visible()
    page.get_by_role("link", name="打开授权").click()
    expect(page.get_by_text("Client.from_profile()").first).to_be_visible()
    grant = page.url.removeprefix(origin)

    page = at("provider_head", grant)
    page.get_by_role("link", name="收回授权").click()
    page.get_by_label("原因").fill("使用目的已经实现")
    page.get_by_role("button", name="收回授权").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已收回")

    page = at("reviewer", "/trail?q=action:exchange:*")
    expect(page.locator("#events tbody tr").first).to_contain_text("收回授权")
