"""Which servers may be reached: listed ones, and never what a name turns out to hide."""

import json
import socket
from dataclasses import replace
from typing import Any

import pytest

from shuqiao.arrow.connectors import hosts
from shuqiao.arrow.connectors.causes import Cause, ConnectorFailed
from shuqiao.arrow.connectors.registered import Connection
from shuqiao.settings import settings

EDU = Connection("edu", "x", "db.edu.example", "edu", "reader", "geheim")


@pytest.fixture(autouse=True)
def _settings() -> Any:
    yield
    settings.cache_clear()


def place(
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    *listed: str,
    environment: str = "production",
    resolves_to: str | None = None,
    port: int = 5432,
) -> hosts.Place:
    monkeypatch.setenv("SHUQIAO_CONNECTOR_HOSTS", json.dumps(listed))
    monkeypatch.setenv("SHUQIAO_ENVIRONMENT", environment)
    monkeypatch.setenv("SHUQIAO_PUBLIC_URL", "https://share.example")
    monkeypatch.delenv("SHUQIAO_CLOCK", raising=False)
    settings.cache_clear()

    def resolved(*_asked: Any, **_more: Any) -> list[Any]:
        if resolves_to is None:
            raise AssertionError("a name was looked up before it was allowed")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (resolves_to, port))]

    monkeypatch.setattr(hosts.socket, "getaddrinfo", resolved)
    return hosts.locate(replace(EDU, host=host, port=port))


def refused(monkeypatch: pytest.MonkeyPatch, *asked: Any, **more: Any) -> Cause:
    with pytest.raises(ConnectorFailed) as caught:
        place(monkeypatch, *asked, **more)
    return caught.value.cause


@pytest.mark.parametrize("listed", ["db.edu.example", "DB.edu.example", "db.edu.example:5432"])
def test_a_listed_name_is_resolved_once_and_its_address_handed_on(
    monkeypatch: pytest.MonkeyPatch, listed: str
) -> None:
    found = place(monkeypatch, "db.edu.example", listed, resolves_to="10.1.2.3")
    assert (found.host, found.address) == ("db.edu.example", "10.1.2.3")


@pytest.mark.parametrize(
    "listed", [(), ("other.example",), ("db.edu.example:5433",), ("edu.example",)]
)
def test_an_unlisted_name_is_not_even_looked_up(
    monkeypatch: pytest.MonkeyPatch, listed: tuple[str, ...]
) -> None:
    assert refused(monkeypatch, "db.edu.example", *listed) is Cause.NOT_ALLOWED


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "127.0.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
    ],
)
def test_a_listed_name_that_means_the_machine_itself_or_the_clouds_secrets_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    assert (
        refused(monkeypatch, "db.edu.example", "db.edu.example", resolves_to=address)
        is Cause.NOT_ALLOWED
    )


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "127.1",
        "017700000001",
        "127.0.0.1",
        "[::ffff:127.0.0.1]",
        "::1",
        "a@b.example",
        "user:pw@127.0.0.1",
        "http://x",
        "x,y",
        "x y",
        "127.0.0.1#x",
        "-x.example",
        "localhost",
        "169.254.169.254",
        "a" * 300,
    ],
)
def test_addresses_in_disguise_and_the_loopback_are_refused_in_production(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    assert refused(monkeypatch, host) is Cause.NOT_ALLOWED


def test_networks_and_the_loopback_can_be_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert place(monkeypatch, "10.1.2.3", "10.0.0.0/8").address == "10.1.2.3"
    assert refused(monkeypatch, "11.1.2.3", "10.0.0.0/8") is Cause.NOT_ALLOWED
    assert place(monkeypatch, "127.0.0.1", "127.0.0.1:5432").address == "127.0.0.1"
    assert place(monkeypatch, "::1", "[::1]:5432").address == "::1"
    assert refused(monkeypatch, "169.254.169.254", "169.254.0.0/16") is Cause.NOT_ALLOWED


def test_the_own_machine_is_open_in_development_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert place(monkeypatch, "127.0.0.1", environment="test").address == "127.0.0.1"
    assert (
        place(monkeypatch, "localhost", environment="test", resolves_to="127.0.0.1").address
        == "127.0.0.1"
    )
    assert place(monkeypatch, "/run/postgresql", environment="test") == hosts.Place(
        "/run/postgresql", "", 5432
    )
    assert refused(monkeypatch, "/run/postgresql") is Cause.NOT_ALLOWED
    assert place(monkeypatch, "/run/postgresql", "/run/postgresql").host == "/run/postgresql"
    assert (
        refused(monkeypatch, "localhost", environment="test", resolves_to="10.0.0.1")
        is Cause.NOT_ALLOWED
    )
