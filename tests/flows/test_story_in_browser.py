"""From the catalogue to the trail in a browser: what an applicant, two
sharing heads, an approver and a reviewer do.

Real processes: the worker proves the grant by itself. The resource is registered and published
through the API; page by page, by keyboard and without scripts, the story is told in the quarters of
an hour.
"""

import re

import pytest
from fixtures.browser import OpenPage
from fixtures.service import Service
from fixtures.service_desk import ServiceDesk as Desk
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def published(service: Service) -> Service:
    """The service with the school list published."""
    story = service.story
    for actor in service.people.values():
        actor.sign_in()
    story.adopt_elements()
    for step in (story.register, story.attach, story.submit, story.consent_to_entry, story.publish):
        step()
    return service


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_request_from_search_to_trail(published: Service, open_page: OpenPage) -> None:
    request_no = applies(Desk(published, open_page, "applicant"))
    consents(Desk(published, open_page, "consumer_head"), request_no)
    replies(Desk(published, open_page, "approver"), request_no)
    grant_no = releases(Desk(published, open_page, "provider_head"), request_no)
    sees_the_grant(Desk(published, open_page, "applicant"), published, grant_no)
    revokes(Desk(published, open_page, "provider_head"), grant_no)
    looks_back(Desk(published, open_page, "reviewer"), request_no, grant_no)


def applies(desk: Desk) -> str:
    """Finds the resource by an item's name, fills in Art. 20's five
    statements, asks for consent.
    """
    desk.opened.go("/catalog?q=经度")
    desk.sound()
    desk.follow("中小学校名录")
    expect(desk.main).to_contain_text("307001/000001")
    desk.sound()
    desk.follow("申请共享")
    desk.press("继续")
    expect(desk.main.locator(".sq-error-summary, [role=alert]").first).to_be_visible()
    desk.opened.complaints.clear()  # the browser's own line about the 422 that was asked for
    for item in ("学校代码", "学校名称", "地址", "经度", "纬度"):
        desk.main.get_by_label(re.compile(f"^{item}")).check()
    desk.main.get_by_label(re.compile("使用依据")).fill("《企业事业单位内部治安保卫条例》")
    desk.main.get_by_label(re.compile("使用场景")).fill("为校园周边警务站选址提供学校位置")
    desk.main.get_by_label(re.compile("使用范围")).fill("治安管理部门")
    desk.main.get_by_label("批量交换").check()
    desk.main.get_by_label(re.compile("使用期限|使用时限")).fill("2026-08-11")
    desk.press("继续")
    expect(desk.page).to_have_url(re.compile(r"/requests/REQ-2026-\d{6}/check"))
    desk.sound()
    request_no = desk.page.url.rsplit("/", 2)[1]
    desk.press("提请负责人同意")
    desk.status("待本部门同意")
    return request_no


def consents(desk: Desk, request_no: str) -> None:
    """Finds the task on the desk and consents: the clock starts."""
    desk.opened.go("/desk")
    desk.sound()
    desk.main.get_by_role("link", name=re.compile(request_no)).first.click()
    desk.press("同意发出")
    desk.status("已受理")
    expect(desk.main).to_contain_text("2026-03-03")
    desk.sound()


def replies(desk: Desk, request_no: str) -> None:
    """Grants four items, two of them masked, refuses one with a coded reason, limits the rows."""
    desk.opened.go(f"/requests/{request_no}/decision")
    desk.sound()
    for position in range(4):
        desk.main.locator(f"input[name='items.{position}.outcome'][value=granted]").check()
    desk.main.locator("select[name='items.0.mask']").select_option("pseudonym")
    desk.main.locator("select[name='items.2.mask']").select_option("keep_prefix")
    desk.main.locator("input[name='items.2.prefix']").fill("6")
    desk.main.locator("input[name='items.4.outcome'][value=refused]").check()
    desk.main.locator("select[name='items.4.reason']").select_option("beyond_necessity")
    desk.main.locator("textarea[name='items.4.remark']").fill("选址只需按经度划分片区")
    items = desk.main.locator("select[name='conditions.0.item']")
    items.select_option(items.locator("option", has_text="经度").get_attribute("value"))
    desk.main.locator("select[name='conditions.0.op']").select_option("ge")
    desk.main.locator("input[name='conditions.0.value']").fill("120.2")
    desk.press("核对办理意见")
    desk.sound()
    desk.press("确认拟定答复")
    desk.status("待答复")
    desk.sound()


def releases(desk: Desk, request_no: str) -> str:
    """Reads the prepared reply and lets it out."""
    desk.opened.go(f"/requests/{request_no}/decision")
    expect(desk.main).to_contain_text("经度 ≥ 120.2")
    desk.sound()
    desk.press("核发答复……")
    desk.sound()
    desk.press("确认核发")
    desk.status("部分同意")
    desk.follow("打开共享授权")
    expect(desk.page).to_have_url(re.compile(r"/grants/GR-2026-\d{6}"))
    return desk.page.url.rsplit("/", 1)[1].partition("?")[0]


def sees_the_grant(desk: Desk, service: Service, grant_no: str) -> None:
    """The grant with its masks in words and code to copy, once its plan has been tried."""
    service.people["applicant"].wait(f"/api/v1/grants/{grant_no}", "active")
    desk.opened.go(f"/grants/{grant_no}")
    desk.status("有效")
    expect(desk.main).to_contain_text(f"/api/v1/grants/{grant_no}/data")
    desk.sound()


def revokes(desk: Desk, grant_no: str) -> None:
    desk.opened.go(f"/grants/{grant_no}")
    desk.main.get_by_role("link", name=re.compile("终止共享")).first.click()
    desk.main.get_by_label(re.compile("原因|理由")).fill("使用目的已经实现")
    desk.press("终止共享")
    desk.status("已终止共享")


def looks_back(desk: Desk, request_no: str, grant_no: str) -> None:
    """The case in the trail, in order, and one event to the last byte."""
    desk.opened.go(f"/trail?q=stream:{request_no}")
    desk.sound()
    tags = desk.main.locator("tbody").inner_text()
    order = ["partly_approved", "reply_prepared", "submitted", "consent_asked", "created"]
    places = [tags.index(f"exchange:request:{tag}") for tag in order]
    assert places == sorted(places)
    desk.opened.go(f"/trail?q=stream:{grant_no}")
    desk.main.get_by_role("link", name=re.compile("2026-02-11")).first.click()
    expect(desk.main).to_contain_text("RFC 9162")
    desk.sound()
