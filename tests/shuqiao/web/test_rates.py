"""Counters on a clock of the test's own."""

import pytest

from shuqiao.web.rates import _MOST_KEYS, Rate, Running


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


class TestRate:
    def test_all_of_the_quota_at_once_and_not_one_more(self, clock: Clock) -> None:
        rate = Rate(60, clock=clock)
        assert [rate.take("a").left for _each in range(60)] == list(range(59, -1, -1))
        refused = rate.take("a")
        assert (refused.left, refused.wait) == (0, pytest.approx(1.0))

    def test_who_waits_as_long_as_was_said_is_admitted(self, clock: Clock) -> None:
        rate = Rate(60, clock=clock)
        rate.take("a", 60)
        clock.now += rate.take("a", 5).wait - 0.01
        assert rate.take("a", 5).wait > 0
        clock.now += 0.02
        assert rate.take("a", 5).wait == 0

    def test_a_refusal_costs_nothing(self, clock: Clock) -> None:
        rate = Rate(60, clock=clock)
        rate.take("a", 60)
        for _each in range(100):
            assert rate.take("a").wait == pytest.approx(1.0)

    def test_after_a_window_it_is_whole_and_no_more_than_whole(self, clock: Clock) -> None:
        rate = Rate(60, clock=clock)
        rate.take("a", 60)
        clock.now += rate.take("a", 0).whole_in
        assert rate.take("a", 0).left == 60
        clock.now += 3_600
        assert (rate.take("a", 60).wait, rate.take("a").wait > 0) == (0, True)

    def test_debts_are_paid_before_anything_is_admitted(self, clock: Clock) -> None:
        rate = Rate(60, clock=clock)
        rate.owe("a", 600)
        assert rate.take("a", 0).wait == pytest.approx(540)
        clock.now += 540
        assert rate.take("a", 0).wait == 0

    def test_nobody_uses_what_is_anothers(self, clock: Clock) -> None:
        rate = Rate(60, clock=clock)
        rate.take("a", 60)
        assert rate.take("b").wait == 0

    def test_keys_that_owe_nothing_are_forgotten(self, clock: Clock) -> None:
        rate = Rate(60, clock=clock)
        for number in range(_MOST_KEYS):
            rate.take(str(number))
        clock.now += 60
        rate.take("late")
        assert len(rate._whole_at) == 1


def test_so_many_at_once_and_one_more_when_one_has_ended() -> None:
    running = Running(2)
    with running.one("a", KeyError):
        with running.one("a", KeyError):
            with pytest.raises(KeyError), running.one("a", KeyError):
                pass
            with running.one("b", KeyError):
                pass
        with running.one("a", KeyError):
            pass
    assert running._running == {}
