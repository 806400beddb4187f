"""Pages tell one clock: what the database noted is shown as the business clock showed it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from fixtures.callers import client
from fixtures.page_forms import shown
from fixtures.worlds import World

from shuqiao.settings import settings
from shuqiao.web.formats import business

At = Callable[[str], World]
REAL = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)


def test_nothing_is_changed_where_the_clocks_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHUQIAO_CLOCK")
    settings.cache_clear()
    assert business(REAL) == REAL
    assert business(None) is None


def test_sessions_are_of_the_same_day_as_requests(world_at: At) -> None:
    html = shown(client(world_at("token"), "applicant"), "/me")
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert "2026-02-11 09:00" in html
    assert today not in html
