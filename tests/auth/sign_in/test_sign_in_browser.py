"""Signing in and out in a real browser."""

from collections.abc import Callable

import pytest
from fixtures.browser import OpenPage, served
from fixtures.callers import control_app
from fixtures.people import password_of
from fixtures.worlds import World
from playwright.sync_api import expect


@pytest.mark.browser
def test_a_person_signs_in_and_out_without_scripts_and_comes_back_to_the_page_wanted(
    open_page: OpenPage, committed_world: Callable[[str], World]
) -> None:
    committed_world("accounts")
    with served(control_app()) as origin:
        page = open_page(origin, "/desk?unread=true", scripts=False).page
        expect(page).to_have_title("登录 – 数桥")
        page.get_by_label("账号").fill("both")
        page.get_by_label("密码").fill("wrong password here")
        page.get_by_role("main").get_by_role("button", name="登录").click()
        expect(page.get_by_role("alert")).to_contain_text("账号或密码不正确")
        expect(page.get_by_label("账号")).to_have_value("both")
        page.get_by_label("密码").fill(password_of("both"))
        page.get_by_role("main").get_by_role("button", name="登录").click()
        expect(page).to_have_url(f"{origin}/desk?unread=true")
        page.get_by_role("button", name="退出").click()
        expect(page.get_by_role("status").filter(has_text="您已退出登录")).to_be_visible()
        page.goto(f"{origin}/desk")
        expect(page).to_have_url(f"{origin}/sign-in?next=/desk")
