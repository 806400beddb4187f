"""So many at once, so many before them; nobody takes the place of another owner."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

import pytest

from shuqiao.bulkheads import Places, PlacesByKey


class Busy(Exception):
    pass


@contextmanager
def held(place: Callable[[], AbstractContextManager[None]], times: int) -> Iterator[None]:
    """So many threads stand in ``place``."""
    done, standing = threading.Event(), threading.Semaphore(0)

    def stand() -> None:
        with place():
            standing.release()
            done.wait(30)

    with ThreadPoolExecutor(times) as pool:
        for _each in range(times):
            pool.submit(stand)
        for _each in range(times):
            assert standing.acquire(timeout=10)
        try:
            yield
        finally:
            done.set()


def test_who_finds_the_waiting_places_taken_is_refused_at_once() -> None:
    places = Places(2, 1, Busy)
    with ThreadPoolExecutor(1) as pool, held(lambda: places.place(0), 2):
        waiting = pool.submit(places.place(5).__enter__)
        while not places._waiting:
            time.sleep(0.01)
        started = time.monotonic()
        with pytest.raises(Busy), places.place(5):
            pass
        assert time.monotonic() - started < 1
        assert not waiting.done()
    waiting.result()


def test_who_waits_is_admitted_when_a_place_is_free_or_refused_when_it_is_not() -> None:
    places = Places(1, 5, Busy)
    with held(lambda: places.place(0), 1), pytest.raises(Busy), places.place(0.05):
        pass
    with places.place(0.05):
        pass
    assert places._waiting == 0


def test_a_place_is_given_back_whatever_happens_in_it() -> None:
    places = Places(1, 0, Busy)
    for _each in range(3):
        with pytest.raises(KeyError), places.place(0):
            raise KeyError


def test_one_owner_never_has_the_places_of_another() -> None:
    places = PlacesByKey(8, 2, 1, Busy)
    with held(lambda: places.place("a", 0), 2):
        with pytest.raises(Busy), places.place("a", 0.01):
            pass
        with places.place("b", 0):
            pass


def test_all_owners_together_have_no_more_than_the_process_gives() -> None:
    places = PlacesByKey(3, 2, 2, Busy)
    with (
        held(lambda: places.place("a", 0), 2),
        held(lambda: places.place("b", 0), 1),
        pytest.raises(Busy),
        places.place("c", 5),
    ):
        pass
