"""What an address is counted for before anybody is known: requests, bytes, what runs, refusals."""

from collections.abc import Iterator

import pytest

from shuqiao.settings import settings
from shuqiao.web.visits import CROWD, Both, LimitReached, Visit, begun, counters

HERE = "192.0.2.7"


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One person may ask for ten, send 1,000 bytes and be refused twice a minute."""
    with monkeypatch.context() as patched:
        patched.setattr(settings(), "requests_a_minute", 10)
        patched.setattr(settings(), "body_bytes_a_minute", 1_000)
        patched.setattr(settings(), "denials_a_minute", 2)
        counters.cache_clear()
        yield
    counters.cache_clear()


def arrived(address: str = HERE, running: Both | None = None) -> Visit:
    visit = Visit(address, running)
    visit.arrive()
    return visit


def test_what_strangers_send_is_owed_by_their_address() -> None:
    arrived().received(CROWD * 1_000 + 500)
    with pytest.raises(LimitReached):
        arrived()
    arrived("192.0.2.8")


def test_an_address_asks_as_often_as_a_crowd() -> None:
    for _time in range(CROWD * 10):
        arrived()
    with pytest.raises(LimitReached):
        arrived()
    arrived("192.0.2.8")


def test_from_one_address_as_much_runs_as_of_a_crowd() -> None:
    running = Both.of(1)
    visits = [arrived(running=running) for _time in range(CROWD)]
    with pytest.raises(LimitReached):
        arrived(running=running)
    arrived("192.0.2.8", running)
    visits[0].leave()
    arrived(running=running)


def test_strangers_are_refused_on_record_as_often_as_a_crowd() -> None:
    for _time in range(CROWD * 2):
        Visit(HERE, None).denied()
    with pytest.raises(LimitReached):
        Visit(HERE, None).denied()
    Visit("192.0.2.8", None).denied()


def test_a_person_is_refused_on_record_by_themselves() -> None:
    visit = arrived()
    visit.identified("u1")
    for _time in range(2):
        visit.denied()
    with pytest.raises(LimitReached):
        visit.denied()
    other = arrived()
    other.identified("u2")
    other.denied()


def test_a_request_that_was_answered_runs_no_more() -> None:
    running, kept = Both.of(1), []
    for _time in range(CROWD + 1):
        kept.append(arrived(running=running))
        with begun(kept[-1]):
            pass
