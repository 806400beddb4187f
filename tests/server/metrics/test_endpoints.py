"""Who may read the metrics."""

from collections.abc import Callable, Iterator

import pytest
from fixtures import callers
from fixtures.worlds import World
from starlette.testclient import TestClient

from server.process.worker import create_app
from shuqiao.settings import settings

At = Callable[[str], World]


@pytest.fixture
def scraping(monkeypatch: pytest.MonkeyPatch, world_at: At) -> Iterator[Callable[..., int]]:
    world_at("accounts")

    def scrape(at: str, networks: str | None = None, proxies: str = "[]", **headers: str) -> int:
        monkeypatch.setenv("SHUQIAO_TRUSTED_PROXIES", proxies)
        if networks is not None:
            monkeypatch.setenv("SHUQIAO_METRICS_NETWORKS", networks)
        settings.cache_clear()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        client = callers.sharing(TestClient(create_app(), client=(at, 50_000)))
        return client.get("/metrics", headers=sent).status_code

    yield scrape
    settings.cache_clear()


def test_this_machine_alone_may_unless_others_are_named(scraping: Callable[..., int]) -> None:
    assert scraping("127.0.0.1") == 200
    assert scraping("::1") == 200
    assert scraping("192.0.2.7") == 403
    assert scraping("nobody") == 403
    assert scraping("192.0.2.7", '["192.0.2.0/24"]') == 200
    assert scraping("127.0.0.1", '["192.0.2.0/24"]') == 403


def test_a_proxy_that_nobody_listed_does_not_open_them_to_all(
    scraping: Callable[..., int],
) -> None:
    assert scraping("127.0.0.1", x_forwarded_for="203.0.113.5") == 403
    behind = {"proxies": '["127.0.0.1"]'}
    assert scraping("127.0.0.1", **behind, x_forwarded_for="203.0.113.5") == 403
    assert scraping("127.0.0.1", '["203.0.113.5"]', **behind, x_forwarded_for="203.0.113.5") == 200
