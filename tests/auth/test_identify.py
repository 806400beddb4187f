"""From a request to its subject: cookies need a form token and an own
origin, tokens need neither.
"""

from collections.abc import Callable, Iterator

import pytest
from fixtures.callers import bearer, once
from fixtures.people import password_of
from fixtures.worlds import World
from sqlalchemy import Engine
from starlette.testclient import TestClient

from auth.identify import cookie_name
from auth.sessions.service import sessions
from shuqiao import db
from shuqiao.settings import settings
from tests.auth.conftest import Caller, events, form_token, scalar

At = Callable[[str], World]
BODY = {"name": "夜间取数"}
OWN = {"origin": "http://testserver"}


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("token")


def tokens_made() -> int:
    return int(scalar("SELECT count(*) FROM service_token")) - 1


def order(client: TestClient, **headers: str) -> int:
    sent = once() | {name.replace("_", "-"): value for name, value in headers.items()}
    status: int = client.post("/api/v1/tokens", json=BODY, headers=sent).status_code
    return status


def test_nobody_is_401_and_leaves_nothing(world: World, calling: Caller) -> None:
    client = calling(world, None)
    for method, path in (
        ("GET", "/api/v1/me"),
        ("POST", "/api/v1/tokens"),
        ("DELETE", "/api/v1/sessions/current"),
    ):
        answer = client.request(method, path, json=BODY if method == "POST" else None)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert tokens_made() == 0


def test_a_browser_without_the_form_token_of_its_session_is_refused(
    world: World, calling: Caller
) -> None:
    client = calling(world, "applicant")
    foreign = sessions.csrf_token(world.cookies["stranger"])
    for status in (
        order(client),
        order(client, x_csrf_token=""),
        order(client, x_csrf_token=foreign),
    ):
        assert status == 403
    assert tokens_made() == 0
    assert order(client, **form_token(world, "applicant")) == 201


def test_the_form_token_may_be_a_hidden_field(world: World, calling: Caller) -> None:
    client = calling(world, "applicant")
    without = client.post("/sign-out", data={"csrf_token": "x"})
    signed_out = client.post(
        "/sign-out", data={"csrf_token": sessions.csrf_token(world.cookies["applicant"])}
    )
    assert (without.status_code, signed_out.status_code) == (403, 303)


@pytest.mark.parametrize(
    "foreign",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://testserver:8701"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver"},
        {"sec-fetch-site": "cross-site", "origin": "null"},
        {"origin": "null"},
    ],
)
def test_a_foreign_origin_is_refused_even_with_the_right_token(
    world: World, calling: Caller, foreign: dict[str, str]
) -> None:
    client = calling(world, "applicant")
    right = form_token(world, "applicant")
    refused = client.post("/api/v1/tokens", json=BODY, headers=once() | right | foreign)
    allowed = client.post(
        "/api/v1/tokens",
        json=BODY,
        headers=once() | right | OWN | {"sec-fetch-site": "same-origin"},
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_token_missing")
    assert allowed.status_code == 201
    assert tokens_made() == 1


def test_reading_needs_no_form_token(world: World, calling: Caller) -> None:
    client = calling(world, "applicant")
    assert client.get("/api/v1/me", headers={"origin": "https://evil.example"}).status_code == 200


def test_a_token_needs_no_form_token_and_comes_before_the_cookie(
    world: World, calling: Caller
) -> None:
    by_token = calling(world, "registrar").get("/api/v1/me", headers=bearer(world.token)).json()
    assert (by_token["account"], by_token["auth"]) == ("applicant", "token")
    spoilt = calling(world, "registrar").get("/api/v1/me", headers=bearer(world.token + "x"))
    assert spoilt.status_code == 401


@pytest.mark.parametrize("sent", ["Basic YTpi", "Bearer", "bearer ", "sq_", "Bearer \t", "Token x"])
def test_other_authorization_is_nobody(world: World, calling: Caller, sent: str) -> None:
    assert (
        calling(world, "registrar").get("/api/v1/me", headers={"authorization": sent}).status_code
        == 401
    )


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(
    world: World, calling: Caller
) -> None:
    body = {"account": "applicant", "password": password_of("applicant")}
    answer = calling(world, None).post("/api/v1/sessions", json=body)
    name, *flags = answer.headers["set-cookie"].split("; ")
    assert name.startswith("sq=")
    assert {flag.lower() for flag in flags} == {"httponly", "path=/", "samesite=lax"}


def test_outside_development_the_cookie_is_bound_to_https_and_this_host(
    world: World, calling: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUQIAO_ENVIRONMENT", "production")
    monkeypatch.delenv("SHUQIAO_CLOCK")
    monkeypatch.setenv("SHUQIAO_PUBLIC_URL", "https://shuqiao.example")
    settings.cache_clear()
    assert cookie_name() == "__Host-sq"
    body = {"account": "applicant", "password": password_of("applicant")}
    client = calling(world, None)
    client.base_url = "https://testserver"
    name, *flags = client.post("/api/v1/sessions", json=body).headers["set-cookie"].split("; ")
    assert name.startswith("__Host-sq=")
    assert {flag.lower() for flag in flags} == {"httponly", "path=/", "samesite=lax", "secure"}


def test_signing_out_drops_the_cookie_and_the_old_one_is_nobody(
    world: World, calling: Caller
) -> None:
    client = calling(world, "applicant")
    answer = client.delete("/api/v1/sessions/current", headers=form_token(world, "applicant"))
    assert answer.status_code == 200
    assert answer.headers["set-cookie"].startswith('sq="";')
    assert events("auth:applicant")[-1] == "auth:session:closed"
    assert calling(world, "applicant").get("/api/v1/me").status_code == 401


@pytest.fixture
def one_connection(
    committed_world: At, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[World, Engine]]:
    """A world behind a pool of a single connection, which waits a tenth of a second for it."""
    world = committed_world("token")
    monkeypatch.setenv("SHUQIAO_DB_POOL_SIZE", "1")
    monkeypatch.setenv("SHUQIAO_DB_POOL_TIMEOUT_SECONDS", "0.1")
    settings.cache_clear()
    engine = db.make_engine(world.url.render_as_string(hide_password=False))
    db.configure(engine)
    yield world, engine
    engine.dispose()


def test_no_request_ever_holds_two_connections(
    one_connection: tuple[World, Engine], calling: Caller
) -> None:
    world, engine = one_connection
    client = calling(world, "applicant")
    assert order(client, **form_token(world, "applicant")) == 201
    assert client.get("/api/v1/tokens").status_code == 200
    denied = calling(world, "approver").post(
        "/api/v1/tokens", json=BODY, headers=form_token(world, "approver") | once()
    )
    assert denied.status_code == 403
    credentials = {"account": "registrar", "password": password_of("registrar")}
    assert client.post("/sign-in", data=credentials).status_code == 303
    assert engine.pool.status().startswith(
        "Pool size: 1  Connections in pool: 1 Current Overflow: 0"
    )
