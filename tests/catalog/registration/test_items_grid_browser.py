"""The grid of items under a clerk's hands: paste from a spreadsheet,
keys from row to row, rows without a reload.
"""

from collections.abc import Callable

import pytest
from fixtures.browser import OpenPage, served
from fixtures.callers import control_app
from fixtures.worlds import World
from playwright.sync_api import Page, expect

from auth.identify import cookie_name

At = Callable[[str], World]
pytestmark = pytest.mark.browser

#: What a spreadsheet puts on the clipboard: tabs and line ends, quotes
#: around a cell with a line end.
BLOCK = '办学类型\t类型\t字符型C\t\t不予共享\t一般数据3级\t是\t"小学、\n初中"\n学生人数\t人数\tI\n'


def paste(page: Page, text: str) -> None:
    """Paste at the focused cell, as the browser would from the clipboard."""
    page.evaluate(
        """text => { const data = new DataTransfer(); data.setData("text/plain", text);
        document.activeElement.dispatchEvent(
            new ClipboardEvent("paste",
                {clipboardData: data, bubbles: true, cancelable: true})); }""",
        text,
    )


def test_rows_are_pasted_filled_moved_and_saved_by_keyboard(
    open_page: OpenPage, committed_world: At
) -> None:
    world = committed_world("draft_resource")
    with served(control_app()) as origin:
        opened = open_page(
            origin,
            f"/resources/{world.resource_code}/edit/items",
            cookies={cookie_name(): world.cookies["registrar"]},
        )
        page = opened.page
        rows = page.locator("#grid tbody tr")
        expect(rows).to_have_count(4)

        page.locator("#f-items-3-name").focus()
        page.keyboard.press("Enter")  # beyond the last row a new one
        expect(rows).to_have_count(5)
        expect(page.locator("#f-items-4-name")).to_be_focused()
        paste(page, BLOCK)
        expect(rows).to_have_count(6)
        expect(page.locator("#f-items-4-column_name")).to_have_value("类型")
        expect(page.locator("#f-items-4-share_type")).to_have_value("withheld")
        expect(page.locator("#f-items-4-security_level")).to_have_value("general_3")
        expect(page.locator("#f-items-4-is_personal")).to_be_checked()
        expect(page.locator("#f-items-4-description")).to_have_value("小学、 初中")
        expect(page.locator("#f-items-5-data_type")).to_have_value("I")

        page.locator("#f-items-1-description").fill("全称")
        page.keyboard.press("ArrowDown")
        expect(page.locator("#f-items-2-description")).to_be_focused()
        page.keyboard.press("Control+d")
        expect(page.locator("#f-items-2-description")).to_have_value("全称")
        expect(page.locator("#f-items-3-description")).to_be_focused()

        page.locator("#f-items-1-element").fill("学校代码")
        page.keyboard.press("Tab")
        expect(page.locator("#f-items-1-element")).to_have_value(world.element_identifier)

        page.locator("#row-5").get_by_role("button", name="上移").press("Enter")
        expect(page.locator("#f-items-4-name")).to_have_value("学生人数")
        page.locator("#row-3").get_by_role("button", name="删除").click()
        expect(rows).to_have_count(5)
        expect(page.locator("#f-items-3-name")).to_have_value("学生人数")

        page.keyboard.press("Control+s")
        expect(page.locator("#saved")).to_contain_text("草稿已保存 09:00")
        assert opened.faults() == []
        page.get_by_role("button", name="保存并返回").click()
        expect(page.get_by_text("“信息项”已保存")).to_be_visible()
        page.goto(f"/resources/{world.resource_code}/edit/items")
        names = [page.locator(f"#f-items-{number}-name").input_value() for number in range(5)]
        assert names == ["学校代码", "学校名称", "地址", "学生人数", "办学类型"]
