"""The page to try calls on, in a real browser: Swagger UI starts under
the strict policy and sends what it must.
"""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures import callers
from fixtures.browser import OpenPage, served
from fixtures.worlds import World
from playwright.sync_api import expect

from auth.identify import cookie_name

pytestmark = pytest.mark.browser


def test_a_call_is_made_as_who_is_signed_in(
    open_page: OpenPage, committed_world: Callable[[str], World]
) -> None:
    world = committed_world("accounts")
    with served(callers.control_app()) as origin:
        opened = open_page(origin, "/docs/try", cookies={cookie_name(): world.cookies["applicant"]})
        page = opened.page
        page.locator("#operations-tag-accounts").click()
        page.locator("#operations-accounts-tokens_issue button.opblock-summary-control").click()
        page.get_by_role("button", name="Try it out").click()
        sent: list[Any] = []
        page.on(
            "request", lambda request: sent.append(request) if request.method == "POST" else None
        )
        for _time in range(2):
            with page.expect_response("**/api/v1/tokens") as answered:
                page.get_by_role("button", name="Execute").click()
            assert answered.value.status == 201
        expect(page.locator(".live-responses-table td.response-col_status").last).to_contain_text(
            "201"
        )
        assert opened.complaints == []
        keys = [request.headers["idempotency-key"] for request in sent]
        assert len(set(keys)) == 2, "the example's key is made new for each call"
        assert all(len(request.headers["x-csrf-token"]) > 20 for request in sent)
