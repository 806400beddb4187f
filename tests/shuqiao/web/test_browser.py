"""The gallery in a real browser: nothing axe complains about, nothing
the policy blocks, nothing that needs scripts.
"""

import pytest
from fixtures.browser import WIDTHS, OpenPage
from playwright.sync_api import expect

PAGES = ["/requests", "/catalog", "/form", "/refused"]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible_and_keeps_the_policy(
    open_page: OpenPage, gallery_url: str, path: str
) -> None:
    opened = open_page(gallery_url, path, width=min(WIDTHS))
    assert opened.faults(status=403 if path == "/refused" else 200) == []


def test_failed_form_focuses_the_summary_and_leads_to_the_field(
    open_page: OpenPage, gallery_url: str
) -> None:
    opened = open_page(gallery_url, "/form")
    page = opened.page
    page.get_by_label("应用场景").fill("户籍核验")
    page.get_by_label("预计行数").fill("许多")
    page.get_by_role("button", name="检查并提交").click()
    summary = page.locator(".sq-error-summary")
    expect(summary).to_be_focused()
    assert page.title().startswith("错误：")
    assert page.get_by_label("应用场景").input_value() == "户籍核验"
    assert page.get_by_label("预计行数").input_value() == "许多"
    assert opened.violations() == []
    assert [line for line in opened.complaints if "422" not in line] == []
    for link in summary.get_by_role("link").all():
        link.click()
        target = str(link.get_attribute("href"))
        expect(page.locator(target)).to_be_focused()


def test_form_works_without_scripts(open_page: OpenPage, gallery_url: str) -> None:
    opened = open_page(gallery_url, "/form", scripts=False)
    page = opened.page
    page.get_by_role("button", name="检查并提交").click()
    expect(page.locator(".sq-error-summary li")).to_have_count(4)
    page.get_by_label("学校名称").check()
    page.get_by_label("应用场景").fill("户籍核验")
    page.get_by_label("履职依据").fill("户口登记条例第三条")
    page.get_by_label("共享方式").select_option("batch")
    page.get_by_role("button", name="检查并提交").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("中小学校名录的共享申请")


def test_swapped_results_stay_accessible_and_are_announced(
    open_page: OpenPage, gallery_url: str
) -> None:
    opened = open_page(gallery_url, "/catalog")
    page = opened.page
    with page.expect_response(lambda answer: "share_type" in answer.url) as answer:
        page.locator("#swap").click()
    assert "<html" not in answer.value.text()
    expect(page.locator("#live")).to_have_text("共找到 22 条")
    assert opened.violations() == []
    assert opened.complaints == []


def test_question_before_a_withdrawal_opens_without_scripts(
    open_page: OpenPage, gallery_url: str
) -> None:
    opened = open_page(gallery_url, "/requests", scripts=False)
    page = opened.page
    question = page.get_by_role("dialog", name="撤回这份申请？")
    expect(question).to_be_hidden()
    page.get_by_role("button", name="撤回申请").click()
    expect(question).to_be_visible()
    expect(question.get_by_label("撤回原因")).to_be_visible()


def test_slash_leads_to_the_search_box_and_can_be_typed_in_it(
    open_page: OpenPage, gallery_url: str
) -> None:
    opened = open_page(gallery_url, "/catalog")
    page = opened.page
    page.keyboard.press("/")
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("/")
    expect(box).to_have_value("学校/")


def test_skip_link_is_the_first_stop(open_page: OpenPage, gallery_url: str) -> None:
    opened = open_page(gallery_url, "/catalog")
    page = opened.page
    page.keyboard.press("Tab")
    expect(page.locator(".sq-skips a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
