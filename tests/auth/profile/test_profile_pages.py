"""One's own account on pages: settings that travel, passwords,
sessions, tokens that are shown once.
"""

import base64
import json
import re
from collections.abc import Callable

import pytest
from fixtures import callers
from fixtures.page_forms import PAGE, filled, shown
from fixtures.people import password_of, sign_in
from fixtures.worlds import World
from starlette.testclient import TestClient

from auth.identify import cookie_name
from auth.tokens import service
from auth.tokens.words import Scope, actions_of
from shuqiao.db import reading, unit_of_work
from shuqiao.settings import settings
from tests.auth.conftest import change, events, scalar

At = Callable[[str], World]
NEW = "青城 河套 草原 云中 2026"


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("accounts")


@pytest.fixture
def me(world: World) -> TestClient:
    return callers.client(world, "applicant")


def enter(world: World, password: str | None = None, **cookies: str) -> TestClient:
    """Another machine, where the applicant signs in on the page."""
    client = callers.sharing(
        TestClient(
            callers.control_app(),
            base_url="http://testserver",
            follow_redirects=False,
            cookies=cookies,
        )
    )
    sent = {"account": "applicant", "password": password or password_of("applicant")}
    assert client.post("/sign-in", data=sent, headers=PAGE).status_code == 303
    return client


def test_the_page_says_who_one_is_in_words(me: TestClient) -> None:
    html = shown(me, "/me")
    for words in ("内蒙古自治区公安厅", "申请人", "显示设置", "登录会话", "尚无服务令牌"):
        assert words in html


def test_settings_come_along_to_another_machine(world: World, me: TestClient) -> None:
    answer = filled(me, "/me", "/me", {"language": "en", "is_large_type": "true"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/me?done=settings")
    assert answer.cookies["lang"] == "en"
    elsewhere = enter(world, contrast="high")
    html = elsewhere.get(
        "/catalog", headers={"accept": "text/html", "accept-language": "zh-CN"}
    ).text
    assert '<html lang="en" class="large ">' in html
    assert "contrast" not in html.split("<head>")[0], "what is off in the account is off there too"


def test_who_never_chose_keeps_the_machines_choice(world: World) -> None:
    client = enter(world, lang="en", type="large")
    assert (
        '<html lang="en" class="large ">'
        in client.get("/catalog", headers={"accept": "text/html"}).text
    )


def test_a_changed_password_ends_the_other_sessions_and_not_this_one(
    world: World, me: TestClient
) -> None:
    other = enter(world)
    fields = {"old_password": password_of("applicant"), "new_password": NEW, "again": NEW}
    answer = filled(me, "/me/password", "/me/password", fields)
    assert answer.headers["location"] == "/me?done=password"
    assert (me.get("/api/v1/me").status_code, other.get("/api/v1/me").status_code) == (200, 401)
    assert enter(world, NEW).get("/api/v1/me").status_code == 200


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"old_password": "not the password"}, "当前密码不正确"),
        ({"new_password": "short", "again": "short"}, "密码长度为5个字符"),
        ({"new_password": "password1234", "again": "password1234"}, "密码容易被猜到"),
        ({"again": "something else 2026"}, "两次输入的新密码不一致"),
        (
            {"new_password": password_of("applicant"), "again": password_of("applicant")},
            "新密码与当前密码相同",
        ),
        ({"new_password": ""}, "new_password"),
    ],
)
def test_a_refused_password_is_named_and_nothing_typed_comes_back(
    me: TestClient, changed: dict[str, str], words: str
) -> None:
    fields = {"old_password": password_of("applicant"), "new_password": NEW, "again": NEW} | changed
    answer = filled(me, "/me/password", "/me/password", fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert all(value not in answer.text for value in (NEW, password_of("applicant")))


def test_guessing_the_present_password_locks(me: TestClient) -> None:
    fields = {"old_password": "not the password", "new_password": NEW, "again": NEW}
    for _try in range(settings().sign_in_failures):
        assert filled(me, "/me/password", "/me/password", fields).status_code == 422
    fields["old_password"] = password_of("applicant")
    locked = filled(me, "/me/password", "/me/password", fields)
    assert (locked.status_code, locked.headers["retry-after"]) == (
        429,
        str(settings().sign_in_lock_minutes * 60),
    )
    assert "auth:user:password_changed" not in events("auth:applicant")


def test_sessions_are_listed_and_ended_one_by_one_or_together(world: World, me: TestClient) -> None:
    first, second = enter(world), enter(world)
    listed = me.get("/api/v1/me/sessions").json()["items"]
    assert [each["is_current"] for each in listed].count(True) == 1
    assert len(listed) == 3
    named = next(each["id"] for each in listed if not each["is_current"])
    assert filled(me, "/me", "/me/sessions", {"session": named}).status_code == 303
    assert sorted(client.get("/api/v1/me").status_code for client in (first, second)) == [200, 401]
    assert filled(me, "/me", "/me/sessions").status_code == 303
    assert [client.get("/api/v1/me").status_code for client in (first, second, me)] == [
        401,
        401,
        200,
    ]


def test_nobody_ends_the_sessions_of_others(world: World) -> None:
    with unit_of_work() as session:
        sign_in(session, "stranger")
    stranger = scalar(
        "SELECT id FROM login_session WHERE user_id = :user ORDER BY id DESC LIMIT 1",
        user=world.subjects["stranger"].user_id,
    )
    answer = callers.client(world, "applicant").delete(f"/api/v1/me/sessions/{stranger}")
    assert answer.json()["ended"] == 0
    assert callers.client(world, "stranger").get("/api/v1/me").status_code == 200


def test_a_token_is_shown_once_with_a_profile_that_works(world: World, me: TestClient) -> None:
    fields = {"name": "夜间取数", "scopes": ["catalog:read", "data:fetch"], "days": "７"}
    answer = filled(me, "/me/tokens/new", "/me/tokens/new", fields)
    assert answer.status_code == 201
    [secret] = set(re.findall(r"sq_[0-9a-f]{12}_[\w-]{43}", answer.text))
    encoded = re.search(
        r'href="data:application/json;base64,([^"]+)" download="profile.json"', answer.text
    )
    assert encoded is not None
    profile = json.loads(base64.b64decode(encoded[1]))
    assert profile == {"endpoint": settings().control_origin, "token": secret}
    with reading() as session:
        assert service.find(session, secret).subject.scopes == actions_of(  # type: ignore[union-attr]
            [Scope.CATALOG_READ, Scope.DATA_FETCH]
        )
    html = shown(me, "/me")
    assert secret not in html
    assert "按共享授权取数和查看交付记录" in html


def test_a_second_click_shows_no_token(world: World, me: TestClient) -> None:
    fields = {"name": "夜间取数", "scopes": "catalog:read", "days": "30", "once_key": "k" * 20}
    sent = {**fields, "csrf_token": me.headers["x-csrf-token"]}
    assert me.post("/me/tokens/new", data=sent, headers=PAGE).status_code == 201
    again = me.post("/me/tokens/new", data=sent, headers=PAGE)
    assert (again.status_code, again.headers["location"]) == (303, "/me?done=token#tokens")
    assert scalar("SELECT count(*) FROM service_token") == 1


@pytest.mark.parametrize(
    "fields",
    [{"days": "91"}, {"days": "0"}, {"scopes": []}, {"scopes": "catalog:write"}, {"name": " "}],
)
def test_a_token_beyond_the_limits_is_refused_at_the_field(
    me: TestClient, fields: dict[str, str]
) -> None:
    answer = filled(
        me,
        "/me/tokens/new",
        "/me/tokens/new",
        {"name": "甲", "scopes": "catalog:read", "days": "30"} | fields,
    )
    assert answer.status_code == 422
    assert f'href="#f-{next(iter(fields))}"' in answer.text
    assert scalar("SELECT count(*) FROM service_token") == 0


def test_the_page_offers_the_scopes_of_ones_roles_and_names_those_that_were_lost(
    world: World,
) -> None:
    offered = {
        who: set(re.findall(r'name="scopes" value="([^"]+)"', page))
        for who in ("applicant", "registrar", "data_admin")
        for page in [shown(callers.client(world, who), "/me/tokens/new")]
    }
    own = {"applicant": {"data:fetch", "requests:write"}, "registrar": {"catalog:write"}}
    own["data_admin"] = {"catalog:review"}
    assert offered == {who: {"catalog:read", "desk:read", *more} for who, more in own.items()}
    registrar = callers.client(world, "registrar")
    fields = {"name": "登记程序", "scopes": ["catalog:write"], "days": "30"}
    assert filled(registrar, "/me/tokens/new", "/me/tokens/new", fields).status_code == 201
    assert "登记、修改、提交本部门的数据资源" in shown(registrar, "/me")
    assert "角色不再有此权限" not in shown(registrar, "/me")
    change("UPDATE app_user SET roles = '{applicant}' WHERE account = 'registrar'")
    assert "角色不再有此权限：登记、修改、提交本部门的数据资源" in shown(registrar, "/me")


def test_who_cannot_issue_tokens_is_not_offered_any(world: World) -> None:
    assert "/me/tokens/new" in shown(callers.client(world, "applicant"), "/me")
    assert "/me/tokens/new" not in shown(callers.client(world, "reviewer"), "/me")


def test_a_token_changes_nothing_of_the_account(world: World, me: TestClient) -> None:
    made = me.post("/api/v1/tokens", json={"name": "甲"}, headers=callers.once()).json()["token"]
    program, passwords = callers.client(world, None), {"old_password": "x", "new_password": NEW}
    program.headers.update(callers.bearer(made))
    calls = (
        program.put("/api/v1/me/password", json=passwords),
        program.delete("/api/v1/me/sessions"),
        program.get("/api/v1/me/sessions"),
    )
    assert [call.status_code for call in calls] == [403, 403, 403]
    refused = "SELECT count(*) FROM audit_event WHERE action = 'auth:action:denied'"
    assert scalar(refused) == 3, "the addresses are there, and the rules refuse"
    assert me.get("/api/v1/me").status_code == 200


def test_a_form_of_an_ended_session_says_so_and_leads_back(world: World, me: TestClient) -> None:
    hidden = {"csrf_token": me.headers["x-csrf-token"], "once_key": "k" * 20, "language": "en"}
    client = callers.sharing(
        TestClient(callers.control_app(), follow_redirects=False, cookies={cookie_name(): "ended"})
    )
    answer = client.post(
        "/me", data=hidden, headers={**PAGE, "referer": "http://testserver/me?x=1"}
    )
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?next=/me%3Fx%3D1&done=ended",
    )
    assert "登录已失效，刚才提交的内容未保存" in shown(client, answer.headers["location"])
    foreign = client.post(
        "/me", data=hidden, headers={**PAGE, "referer": "http://evil.example//evil"}
    )
    assert foreign.headers["location"].startswith("/sign-in?next=/&")


def test_a_part_of_a_page_stays_with_what_was_typed(world: World) -> None:
    client = callers.sharing(
        TestClient(callers.control_app(), follow_redirects=False, cookies={cookie_name(): "ended"})
    )
    answer = client.post("/me", data={"language": "en"}, headers={**PAGE, "hx-request": "true"})
    assert answer.status_code == 401
    assert "登录已失效，您填写的内容仍在本页" in answer.text
    assert "<html" not in answer.text
