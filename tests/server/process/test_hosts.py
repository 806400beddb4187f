"""A probe knows a process by its address, and learns how it is; nothing else is told by one."""

from collections.abc import Callable

import pytest
from fixtures import callers
from fixtures.worlds import World

At = Callable[[str], World]


@pytest.mark.parametrize("host", ["10.1.2.3", "10.1.2.3:8700", "[fd00::7]:8700"])
def test_probes_by_address_are_answered_and_nothing_else(world_at: At, host: str) -> None:
    anybody = callers.client(world_at("accounts"), None)
    by_address = {"host": host}
    for path in ("/healthz", "/readyz", "/metrics"):
        assert anybody.get(path, headers=by_address).status_code == 200
    for path in ("/", "/api/v1/me", "/healthz/", "/readyz/x", "/static/shuqiao.css"):
        assert anybody.get(path, headers=by_address).status_code == 400


@pytest.mark.parametrize("host", ["elsewhere.example", "", "10.1.2", "10.1.2.3.example", "[::1"])
def test_other_names_are_refused_to_probes_too(world_at: At, host: str) -> None:
    anybody = callers.client(world_at("accounts"), None)
    assert anybody.get("/readyz", headers={"host": host}).status_code == 400
