"""Settings: one reader of the environment, and what is refused outside development."""

from typing import Any

import pytest
from pydantic import ValidationError

from shuqiao.settings import Settings, settings

SERVING = {"environment": "production", "public_url": "https://share.example"}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SHUQIAO_{name.upper()}", raising=False)


def test_the_environment_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.cache_clear()
    monkeypatch.setenv("SHUQIAO_PORT", "9001")
    assert settings().port == 9001
    monkeypatch.setenv("SHUQIAO_PORT", "9002")
    assert settings().port == 9001


def test_a_moved_clock_is_refused_outside_development() -> None:
    with pytest.raises(ValidationError, match="SHUQIAO_CLOCK is refused outside development"):
        Settings(**SERVING, clock="2026-02-11T09:00:00+08:00")
    assert Settings(clock="2026-02-11T09:00:00+08:00").clock


def test_plain_http_is_refused_outside_development() -> None:
    with pytest.raises(ValidationError, match="https"):
        Settings(environment="production", public_url="http://share.example")
    with pytest.raises(ValidationError, match="https"):
        Settings(environment="production")
    assert not Settings(**SERVING).has_plain_cookie


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ({}, True),
        ({"host": "0.0.0.0"}, False),
        ({"host": "localhost"}, True),
        ({"host": "::1"}, True),
        ({"public_url": "https://share.example"}, False),
        ({"environment": "test"}, True),
    ],
)
def test_a_plain_cookie_only_on_the_own_machine_in_development(
    given: dict[str, Any], plain: bool
) -> None:
    assert Settings(**given).has_plain_cookie is plain


@pytest.mark.parametrize("given", ["0.0.0.0/0", "::/0", "10.0.0.1/8", "proxy.example", "*"])
def test_a_trusted_proxy_is_an_address_or_a_network_and_never_everybody(given: str) -> None:
    with pytest.raises(ValidationError):
        Settings(trusted_proxies=["10.0.0.1", given])  # type: ignore[list-item]


@pytest.mark.parametrize(
    "given",
    [
        {"port": 70_000},
        {"owner_role": "x; DROP"},
        {"token_days": 91},
        {"db_pool_size": 0},
        {"environment": "prod"},
        {"statement_timeout_ms": 1},
        {"log_level": "chatty"},
    ],
)
def test_values_out_of_bounds_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**given)


def test_addresses_follow_host_and_ports() -> None:
    plain = Settings()
    assert (plain.control_origin, plain.data_origin) == (
        "http://127.0.0.1:8700",
        "http://127.0.0.1:8701",
    )
    public = Settings(public_url="https://share.example/", data_url="https://data.example/")
    assert (public.control_origin, public.data_origin) == (
        "https://share.example",
        "https://data.example",
    )
