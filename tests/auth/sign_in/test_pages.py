"""The sign-in page: no redirect leads elsewhere, refusals say what to
do, nothing typed but the account comes back.
"""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from fixtures.people import password_of
from fixtures.worlds import World
from starlette.testclient import TestClient

from auth.identify import cookie_name
from auth.sessions.service import sessions
from shuqiao.settings import settings
from shuqiao.web.paths import own_path
from tests.auth.conftest import Caller, events

At = Callable[[str], World]
WRONG = "not the password at all"


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("accounts")


def enter(client: TestClient, account: str = "applicant", password: str | None = None, **more: str):  # type: ignore[no-untyped-def]
    sent = {
        "account": account,
        "password": password_of("applicant") if password is None else password,
        **more,
    }
    return client.post("/sign-in", data=sent, headers={"accept": "text/html"})


@pytest.mark.parametrize(
    "foreign",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "http:/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        " /catalog",
        "/\t/evil.example",
        "/\n/evil.example",
        "/a\\b",
        "/a b",
        "/\r\nset-cookie: x=y",
        "/" + "a" * 2_000,
        "/sign-in",
        "/sign-out?next=/",
        "///evil.example",
        "/\x00",
        "/\u2028/evil.example",
        "data:text/html,x",
    ],
)
def test_only_own_paths_are_gone_to(foreign: str) -> None:
    assert own_path(foreign) == "/"


@pytest.mark.parametrize(
    "own", ["/", "/catalog?q=%E5%AD%A6&share_type=x", "/catalog/学校", "/requests/REQ-1#a"]
)
def test_own_paths_stay(own: str) -> None:
    assert own_path(own) == own


def test_the_page_keeps_where_the_person_was_going(world: World, calling: Caller) -> None:
    client = calling(world, None)
    asked = client.get("/sign-in", params={"next": "/desk?unread=true"})
    assert asked.status_code == 200
    assert 'name="next" value="/desk?unread=true"' in asked.text
    foreign = client.get("/sign-in", params={"next": "//evil.example"})
    assert "evil.example" not in foreign.text.split("<main", 1)[1].split("</main>")[0]


@pytest.mark.parametrize(
    ("sent", "landed"),
    [
        ("/desk?unread=true", "/desk?unread=true"),
        ("https://evil.example", "/"),
        ("//evil.example/x", "/"),
    ],
)
def test_signing_in_goes_on_there_with_a_session(
    world: World, calling: Caller, sent: str, landed: str
) -> None:
    answer = enter(calling(world, None), next=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, landed)
    cookie = answer.cookies[cookie_name()]
    assert cookie not in world.cookies.values()
    assert events("auth:applicant")[-1] == "auth:session:opened"


def test_a_chinese_address_survives_the_way_through_the_page(world: World, calling: Caller) -> None:
    target = f"/catalog/{quote('学校')}"
    answer = enter(calling(world, None), next=target)
    assert answer.headers["location"] == target


def test_blanks_and_full_width_letters_of_the_account_do_no_harm(
    world: World, calling: Caller
) -> None:
    assert enter(calling(world, None), " ａｐｐｌｉｃａｎｔ　").status_code == 303


@pytest.mark.parametrize("account", ["applicant", "nobody"])
def test_a_refusal_says_so_and_keeps_the_account_only(
    world: World, calling: Caller, account: str
) -> None:
    answer = enter(calling(world, None), account, WRONG, next="/desk")
    assert answer.status_code == 401
    assert "账号或密码不正确" in answer.text
    assert f'value="{account}"' in answer.text
    assert 'name="next" value="/desk"' in answer.text
    assert WRONG not in answer.text
    assert cookie_name() not in answer.cookies
    assert "<title>错误：" in answer.text


def test_both_refusals_are_the_same_page(world: World, calling: Caller) -> None:
    known, unknown = (
        enter(calling(world, None), account, WRONG).text for account in ("applicant", "nobodyxxx")
    )
    assert known.replace("applicant", "") == unknown.replace("nobodyxxx", "")


def test_a_lock_says_for_how_long(world: World, calling: Caller) -> None:
    for _ in range(settings().sign_in_failures):
        answer = enter(calling(world, None), "applicant", WRONG)
    locked = enter(calling(world, None), "applicant")
    assert answer.status_code == locked.status_code == 429
    assert f"{settings().sign_in_lock_minutes} 分钟后" in locked.text
    assert locked.headers["retry-after"] == str(settings().sign_in_lock_minutes * 60)


def test_empty_fields_are_named(world: World, calling: Caller) -> None:
    answer = enter(calling(world, None), "  ", "")
    assert answer.status_code == 422
    assert 'href="#f-account"' in answer.text
    assert 'href="#f-password"' in answer.text
    assert events("auth:unknown") == []


def test_a_foreign_site_cannot_sign_somebody_in(world: World, calling: Caller) -> None:
    client = calling(world, None)
    sent = {"account": "applicant", "password": password_of("applicant")}
    for foreign in (
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "null"},
    ):
        answer = client.post("/sign-in", data=sent, headers={"accept": "text/html"} | foreign)
        assert answer.status_code == 403
        assert cookie_name() not in answer.cookies


def test_somebody_signed_in_is_shown_the_way_on_and_the_way_out(
    world: World, calling: Caller
) -> None:
    answer = calling(world, "applicant").get("/sign-in", params={"next": "/desk"})
    assert answer.status_code == 200
    assert 'type="password"' not in answer.text
    assert 'href="/desk"' in answer.text
    assert 'action="/sign-out"' in answer.text


def test_signing_out_ends_the_session_and_a_second_time_is_harmless(
    world: World, calling: Caller
) -> None:
    client = calling(world, "applicant")
    field = {"csrf_token": sessions.csrf_token(world.cookies["applicant"])}
    for _ in range(2):
        answer = client.post("/sign-out", data=field)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?done=out")
    assert events("auth:applicant").count("auth:session:closed") == 1
    assert calling(world, "applicant").get("/api/v1/me").status_code == 401
    assert "您已退出" in client.get("/sign-in?done=out").text


def test_signing_out_from_elsewhere_is_refused(world: World, calling: Caller) -> None:
    assert calling(world, "applicant").post("/sign-out", data={}).status_code == 403
    assert calling(world, "applicant").get("/api/v1/me").status_code == 200
