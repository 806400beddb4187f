"""How often a password may be tried: against whom failures count, who waits, and for how long."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fixtures.database import clock_was_read
from fixtures.people import password_of
from fixtures.worlds import World

from auth.sessions.errors import SignInLocked, SignInRefused
from auth.sessions.service import throttle
from auth.sign_in.access import attempt
from server.tasks import upkeep
from shuqiao.context import working_on
from shuqiao.db import unit_of_work
from shuqiao.settings import settings
from tests.auth.conftest import Caller, change, scalar

At = Callable[[str], World]
WRONG = "not the password at all"
HOME, AWAY, THERE = "192.0.2.10", "198.51.100.9", "203.0.113.7"
ALLOWED = 5
LOCK = 15 * 60


@pytest.fixture(autouse=True)
def world(world_at: At) -> World:
    assert (settings().sign_in_failures, settings().sign_in_lock_minutes * 60) == (ALLOWED, LOCK)
    return world_at("accounts")


def fail(account: str, times: int = 1, *, at: str = HOME) -> None:
    """Wrong passwords that are looked at."""
    for _ in range(times):
        with working_on(client_ip=at), pytest.raises((SignInRefused, SignInLocked)):
            attempt(account, WRONG)


def try_only(account: str, times: int = 1, *, at: str = HOME) -> int:
    """How many of ``times`` wrong passwords would be looked at; quick, for no password is."""
    admitted = 0
    for _ in range(times):
        try:
            with working_on(client_ip=at), unit_of_work() as session:
                throttle.admit(session, account)
        except SignInLocked:
            continue
        admitted += 1
    return admitted


def enter(account: str, *, at: str = HOME) -> None:
    with working_on(client_ip=at):
        assert attempt(account, password_of(account)).cookie


def refused(account: str, *, at: str = HOME) -> int:
    """For how many seconds the right password is refused."""
    with working_on(client_ip=at), pytest.raises(SignInLocked) as raised:
        attempt(account, password_of(account))
    assert raised.value.retry_after is not None
    return raised.value.retry_after


def counts() -> list[int]:
    """Of all rows."""
    found: list[int] = scalar(
        "SELECT array_agg(failures ORDER BY account, address) FROM sign_in_throttle"
    )
    return found


def pass_time(seconds: float) -> None:
    """As if it had: all that is counted lies this much further back."""
    back = timedelta(seconds=seconds)
    change(
        "UPDATE sign_in_throttle SET last_at = last_at - :back,"
        " locked_until = locked_until - :back, succeeded_at = succeeded_at - :back",
        back=back,
    )


class TestAnAccountAtAnAddress:
    def test_is_locked_by_five_failures_for_a_quarter_of_an_hour(self) -> None:
        fail("applicant", ALLOWED)
        assert refused("applicant") == LOCK
        enter("registrar")
        pass_time(LOCK - 30.5)
        assert refused("applicant") == 31
        pass_time(30.5)
        enter("applicant")

    def test_says_at_the_last_failure_that_it_is_locked(self) -> None:
        fail("applicant", ALLOWED - 1)
        with working_on(client_ip=HOME), pytest.raises(SignInLocked):
            attempt("applicant", WRONG)

    def test_is_not_locked_by_tries_that_had_no_answer(self) -> None:
        """Nor is the lock that the last of them brought about kept; what had one stays counted."""
        fail("applicant", ALLOWED - 1)
        before = counts()
        for _try in range(3):
            with working_on(client_ip=HOME):
                with unit_of_work() as session:
                    is_known = throttle.admit(session, "applicant")
                with unit_of_work() as session:
                    throttle.take_back(session, "applicant", is_known=is_known)
            assert counts() == before
        assert try_only("applicant", 3) == 1
        assert refused("applicant") == LOCK

    def test_is_not_locked_for_longer_by_further_tries(self) -> None:
        try_only("applicant", ALLOWED)
        pass_time(LOCK / 2)
        assert try_only("applicant", 20) == 0
        assert refused("applicant") == LOCK / 2

    def test_that_nobody_has_looks_the_same(self) -> None:
        fail("nobody", ALLOWED)
        with working_on(client_ip=HOME), pytest.raises(SignInLocked) as raised:
            attempt("nobody", WRONG)
        assert raised.value.retry_after == LOCK

    def test_has_all_tries_again_after_a_lock(self) -> None:
        try_only("applicant", ALLOWED)
        pass_time(LOCK)
        assert try_only("applicant", ALLOWED + 1) == ALLOWED

    def test_is_not_locked_by_the_right_password_at_the_last_try(self) -> None:
        fail("applicant", ALLOWED - 1)
        enter("applicant")
        enter("applicant")
        assert try_only("applicant", ALLOWED + 1) == ALLOWED

    def test_of_ipv6_is_a_network(self) -> None:
        places = [f"2001:db8:1:2:{number:x}::{number}" for number in range(ALLOWED + 1)]
        assert sum(try_only("applicant", at=place) for place in places) == ALLOWED
        assert try_only("applicant", at="2001:db8:1:3::1") == 1


class TestAnAccountFromEverywhere:
    def test_is_open_to_others_when_one_address_hammers(self) -> None:
        for _quarter in range(8):
            assert try_only("applicant", 50, at=AWAY) == ALLOWED
            enter("applicant")
            pass_time(LOCK)
        enter("applicant", at=THERE)

    def test_is_locked_at_addresses_it_never_signed_in_from(self) -> None:
        enter("applicant", at=HOME)
        strangers = [f"198.51.100.{number}" for number in range(40)]
        assert (
            sum(try_only("applicant", 3, at=at) for at in strangers) == ALLOWED * throttle.STRANGERS
        )
        assert refused("applicant", at=THERE) == LOCK
        enter("applicant", at=HOME)
        fail("applicant", ALLOWED - 1, at=HOME)
        enter("applicant", at=HOME)
        assert refused("applicant", at=THERE) == LOCK

    def test_takes_forty_tries_of_strangers_in_an_hour(self) -> None:
        """The bound of docs/security.md, for an attacker with as many addresses as he likes."""
        admitted = 0
        for minute in range(60):
            admitted += sum(
                try_only("applicant", at=f"198.51.{minute}.{number}") for number in range(20)
            )
            pass_time(60)
        assert admitted == 40

    def test_forgets_at_success_only_what_failed_from_there(self) -> None:
        for number in range(3):
            try_only("applicant", 3, at=f"198.51.100.{number}")
        fail("applicant", at=THERE)  # the tenth: locked
        pass_time(LOCK)
        for number in range(3):
            try_only("applicant", 2, at=f"198.51.100.{number}")
        fail("applicant", 3, at=THERE)
        enter("applicant", at=THERE)  # takes its own three back
        assert sum(try_only("applicant", at=f"203.0.113.{number}") for number in range(20, 40)) == 4

    def test_is_not_locked_by_the_right_password_at_the_last_try(self) -> None:
        for number in range(3):
            try_only("applicant", 3, at=f"198.51.100.{number}")
        enter("applicant", at=THERE)
        assert try_only("applicant", at="203.0.113.8") == 1

    def test_knows_an_address_for_ninety_days(self) -> None:
        enter("applicant")
        for number in range(4):
            try_only("applicant", 3, at=f"198.51.100.{number}")
        moved = (
            "UPDATE sign_in_throttle SET succeeded_at = now() - interval '{}' WHERE failures = 0"
        )
        change(moved.format("89 days 23 hours"))
        enter("applicant")
        change(moved.format("90 days"))
        assert refused("applicant") == LOCK


class TestAnAddress:
    @pytest.fixture(autouse=True)
    def _crowd(self) -> None:
        for number in range(ALLOWED * throttle.CROWD):
            assert try_only(f"guess{number}") == 1

    def test_never_refuses_an_account_without_failures(self) -> None:
        fail("nobody", 3)
        enter("applicant")
        enter("registrar")

    def test_with_many_failures_makes_an_account_with_one_wait_some_seconds(self) -> None:
        with working_on(client_ip=HOME), pytest.raises(SignInLocked) as raised:
            attempt("applicant", WRONG)
        assert raised.value.retry_after == throttle.SLOW_SECONDS == refused("applicant")
        enter("applicant", at=AWAY)
        pass_time(throttle.SLOW_SECONDS)
        enter("applicant")

    def test_that_waits_is_still_locked_after_five(self) -> None:
        for _ in range(ALLOWED):
            assert try_only("applicant") == 1
            pass_time(throttle.SLOW_SECONDS)
        assert refused("applicant") == LOCK - throttle.SLOW_SECONDS

    def test_where_people_sign_in_with_success_is_no_crowd(self) -> None:
        change("DELETE FROM sign_in_throttle")
        for _ in range(3):
            fail("applicant")
            enter("applicant")
        assert (
            scalar(
                "SELECT failures FROM sign_in_throttle WHERE account = '' AND address = :home",
                home=HOME,
            )
            == 0
        )


@pytest.mark.parametrize(
    ("seconds", "words"), [(LOCK, "15 分钟后"), (61, "2 分钟后"), (60, "1 分钟后"), (7, "7 秒后")]
)
def test_page_and_api_say_when_to_come_back(
    world: World, calling: Caller, seconds: int, words: str
) -> None:
    client, sent = (
        calling(world, None),
        {"account": "applicant", "password": password_of("applicant")},
    )
    try_only("applicant", ALLOWED, at="127.0.0.1")
    pass_time(LOCK - seconds)
    page = client.post("/sign-in", data=sent, headers={"accept": "text/html"})
    problem = client.post("/api/v1/sessions", json=sent)
    for answer in (page, problem):
        assert (answer.status_code, answer.headers["retry-after"]) == (429, str(seconds))
        assert words in answer.text
    assert problem.json()["code"] == "sign_in_locked"


def test_what_is_long_past_is_swept() -> None:
    enter("applicant")
    try_only("registrar", ALLOWED, at=AWAY)
    count = "SELECT count(*) FROM sign_in_throttle"
    upkeep()
    assert scalar(count) == 6
    pass_time(LOCK)
    upkeep()
    assert scalar(count) == 6, "not before it is sure"
    pass_time(8 * 3_600)
    clock_was_read("7 hours")
    upkeep()
    assert scalar(count) == 1  # the address that the applicant is known at
    pass_time(throttle.KNOWN_DAYS * 86_400)
    upkeep()
    assert scalar(count) == 0


def test_a_lock_that_still_runs_is_not_swept() -> None:
    """Also when it was made for longer than locks last now."""
    try_only("applicant", ALLOWED)
    change("UPDATE sign_in_throttle SET last_at = last_at - interval '8 hours'")
    clock_was_read("7 hours")
    upkeep()
    assert scalar("SELECT count(*) FROM sign_in_throttle") == 1
    assert refused("applicant") == LOCK
