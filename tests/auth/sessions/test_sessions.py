"""Signing in: what opens a session, what is recorded, what ends it. Time is the database's."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from fixtures.people import password_of
from fixtures.worlds import World

from auth.sessions.errors import SignInLocked, SignInRefused
from auth.sessions.service import sessions
from auth.sign_in.access import attempt
from shuqiao.db import reading, unit_of_work
from shuqiao.settings import settings
from shuqiao.subject import Subject
from tests.auth.conftest import Caller, change, events, scalar

At = Callable[[str], World]
WRONG = "not the password at all"
MISTYPED = "secret typed into the wrong field"


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("accounts")


def person_behind(cookie: str) -> Subject | None:
    with reading() as session:
        found = sessions.find(session, cookie)
    return found.subject if found else None


def fail(account: str, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises((SignInRefused, SignInLocked)):
            attempt(account, WRONG)


def test_the_right_password_opens_a_session_and_leaves_an_event(world: World) -> None:
    signed_in = attempt("applicant", password_of("applicant"))
    found = person_behind(signed_in.cookie)
    assert found is not None
    assert (found.account, found.auth, found.department_name) == (
        "applicant",
        "session",
        "内蒙古自治区公安厅",
    )
    assert found.credential_id is not None
    assert found.scopes is None
    assert events("auth:applicant")[-1] == "auth:session:opened"
    assert signed_in.receipt["event_id"]


def test_only_a_hash_of_the_cookie_is_kept(world: World) -> None:
    cookie = attempt("applicant", password_of("applicant")).cookie
    digest = sha256(cookie.encode()).digest()
    assert (
        scalar("SELECT count(*) FROM login_session WHERE token_hash = :digest", digest=digest) == 1
    )
    assert (
        scalar(
            "SELECT count(*) FROM login_session s WHERE s::text LIKE :cookie", cookie=f"%{cookie}%"
        )
        == 0
    )


@pytest.mark.parametrize("account", ["applicant", "nobody", "", "x" * 40, "применитель"])
def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(
    world: World, calling: Caller, account: str
) -> None:
    refused = calling(world, None).post(
        "/api/v1/sessions", json={"account": account or "?", "password": WRONG}
    )
    known = calling(world, None).post(
        "/api/v1/sessions", json={"account": "registrar", "password": WRONG}
    )
    for answer in (refused, known):
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
    assert {**refused.json(), "request_id": ""} == {**known.json(), "request_id": ""}


def test_a_closed_account_gets_that_answer_too_and_its_sessions_end(world: World) -> None:
    cookie = world.cookies["applicant"]
    assert person_behind(cookie) is not None
    change("UPDATE app_user SET is_active = false WHERE account = 'applicant'")
    with pytest.raises(SignInRefused):
        attempt("applicant", password_of("applicant"))
    assert person_behind(cookie) is None


def test_failures_are_in_the_trail_without_the_password(world: World) -> None:
    fail("applicant")
    fail(MISTYPED)
    assert events("auth:applicant")[-1] == "auth:session:refused"
    assert events("auth:unknown") == ["auth:session:refused"]
    kept = scalar(
        "SELECT string_agg(convert_from(canon, 'UTF8') || e::text, ' ')"
        " || (SELECT string_agg(t::text, ' ') FROM sign_in_throttle t) FROM audit_event e"
    )
    assert all(typed not in kept for typed in (WRONG, password_of("applicant"), MISTYPED))


def test_strangers_cannot_fill_the_trail_with_names_that_nobody_has(world: World) -> None:
    with unit_of_work() as session:
        for number in range(130):
            assert sessions.sign_in(session, account=f"guess{number}", password=WRONG) is None
    assert len(events("auth:unknown")) == sessions.TRIES_RECORDED + 2  # the 64th and the 128th


def test_every_sign_in_makes_a_new_session_whatever_cookie_came(
    world: World, calling: Caller
) -> None:
    before = world.cookies["applicant"]
    client = calling(world, "applicant")
    body = {"account": "applicant", "password": password_of("applicant")}
    answers = [client.post("/api/v1/sessions", json=body) for _ in range(2)]
    cookies = {answer.headers["set-cookie"].partition(";")[0] for answer in answers}
    assert len(cookies) == 2
    assert all(before not in cookie for cookie in cookies)


def test_the_oldest_sessions_beyond_the_allowed_number_end(world: World) -> None:
    kept = settings().sessions_per_user
    cookies = [attempt("applicant", password_of("applicant")).cookie for _ in range(kept + 1)]
    assert person_behind(world.cookies["applicant"]) is None
    assert [person_behind(cookie) is not None for cookie in cookies] == [False] + [True] * kept
    assert person_behind(world.cookies["registrar"]) is not None


@pytest.mark.parametrize(
    "aged", ["expires_at = now()", "seen_at = now() - interval '30 minutes'", "ended_at = now()"]
)
def test_a_session_ends_by_the_databases_clock(world: World, aged: str) -> None:
    cookie = world.cookies["applicant"]
    assert person_behind(cookie) is not None
    change(f"UPDATE login_session SET {aged}")
    assert person_behind(cookie) is None


def test_the_business_clock_does_not_end_or_prolong_a_session(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUQIAO_CLOCK", "2031-01-01T09:00:00+08:00")
    settings.cache_clear()
    cookie = attempt("applicant", password_of("applicant")).cookie
    assert person_behind(cookie) is not None
    life = scalar("SELECT expires_at - now() FROM login_session ORDER BY id DESC LIMIT 1")
    assert life.total_seconds() == settings().session_hours * 3600


def test_use_keeps_a_session_alive_but_is_noted_at_most_once_a_minute(
    world: World, calling: Caller
) -> None:
    client = calling(world, "applicant")
    change("UPDATE login_session SET seen_at = now() - interval '50 seconds'")
    before = scalar("SELECT max(seen_at) FROM login_session")
    assert client.get("/api/v1/me").status_code == 200
    assert scalar("SELECT max(seen_at) FROM login_session") == before
    change("UPDATE login_session SET seen_at = now() - interval '29 minutes'")
    assert client.get("/api/v1/me").status_code == 200
    assert scalar("SELECT max(seen_at) = now() FROM login_session") is True


def test_signing_out_ends_this_session_only(world: World) -> None:
    other = attempt("applicant", password_of("applicant")).cookie
    person = person_behind(world.cookies["applicant"])
    assert person is not None
    with unit_of_work() as session:
        sessions.end(session, person)
    assert person_behind(world.cookies["applicant"]) is None
    assert person_behind(other) is not None
    assert events("auth:applicant")[-1] == "auth:session:closed"


@pytest.mark.parametrize("cookie", ["", "x", "\ud800", "a" * 5_000, "' OR 1=1 --"])
def test_nonsense_is_nobodys_cookie(world: World, cookie: str) -> None:
    assert person_behind(cookie) is None


def test_a_form_token_belongs_to_one_session(world: World) -> None:
    mine, theirs = world.cookies["applicant"], world.cookies["registrar"]
    assert sessions.is_csrf_token(mine, sessions.csrf_token(mine))
    for sent in (sessions.csrf_token(theirs), "", None, mine, sessions.csrf_token(mine)[:-1], "é"):
        assert not sessions.is_csrf_token(mine, sent)
