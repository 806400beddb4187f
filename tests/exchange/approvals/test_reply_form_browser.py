"""The form of a reply in a real browser."""

from collections.abc import Callable

import pytest
from fixtures.browser import OpenPage, served
from fixtures.callers import control_app
from fixtures.worlds import World
from playwright.sync_api import expect

from auth.identify import cookie_name
from shuqiao.arrow.terms.mask_kinds import KINDS

At = Callable[[str], World]


@pytest.mark.browser
def test_fields_that_do_not_apply_are_hidden_until_they_do_without_scripts(
    open_page: OpenPage, committed_world: At
) -> None:
    world = committed_world("submitted_request")
    with served(control_app()) as origin:
        cookies = {cookie_name(): world.cookies["approver"]}
        page = open_page(
            origin, f"/requests/{world.request_no}/decision", scripts=False, cookies=cookies
        ).page
        code = page.locator(".sq-answer", has_text="学校代码").first
        expect(code.get_by_label("“学校代码”的脱敏方式")).to_be_hidden()
        code.get_by_label("同意", exact=True).check()
        code.get_by_label("“学校代码”的脱敏方式").select_option("pseudonym")
        expect(code.get_by_label("假名位数")).to_be_visible()
        expect(code.get_by_label("保留前几位")).to_be_hidden()
        code.get_by_label("不同意", exact=True).check()
        expect(code.get_by_label("不同意提供“学校代码”的理由")).to_be_visible()
        expect(code.get_by_label("“学校代码”的脱敏方式")).to_be_hidden()


@pytest.mark.browser
def test_each_kind_of_mask_shows_what_it_is_told_with_and_nothing_else(
    open_page: OpenPage, committed_world: At
) -> None:
    world = committed_world("submitted_request")
    with served(control_app()) as origin:
        cookies = {cookie_name(): world.cookies["approver"]}
        page = open_page(
            origin, f"/requests/{world.request_no}/decision", scripts=False, cookies=cookies
        ).page
        shown = {}
        for answer in page.locator(".sq-answer").all():
            outcome = answer.locator('[name$=".outcome"][value="granted"]')
            if not outcome.is_visible():
                continue  # the answer for the ticked items, folded away
            outcome.check()
            masks = answer.locator('[name$=".mask"]')
            for kind in masks.locator("option").evaluate_all("all => all.map(each => each.value)"):
                masks.select_option(kind)
                parts = answer.locator("[data-kinds] input:visible")
                names = parts.evaluate_all("all => all.map(each => each.name.split('.').pop())")
                shown.setdefault(kind, set()).add(tuple(names))

        told = {kind: {tuple(p.name for p in each.parameters)} for kind, each in KINDS.items()}
        assert len(shown) > 6
        assert shown == {kind: told.get(kind, {()}) for kind in shown}
