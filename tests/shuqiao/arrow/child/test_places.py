"""Places for decoding are few over all processes, waited for in a queue, and given back."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from shuqiao.arrow.child.places import Places
from shuqiao.arrow.refusals import CallerGone, DecodersBusy
from shuqiao.settings import SMALLEST_DECODER, Settings, settings
from tests.shuqiao.arrow.child.test_decoding import until

GB = 1_073_741_824


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(20) as executor:
        yield executor


def test_two_openings_of_a_folder_share_its_places(tmp_path: Path) -> None:
    """As two processes of an installation do."""
    control, worker = (Places(tmp_path, 2, queue=5) for _process in range(2))
    with control.hold(0), worker.hold(0):
        for places in (control, worker):
            with pytest.raises(DecodersBusy), places.hold(0.05):
                raise AssertionError("a third place")
    with worker.hold(0), worker.hold(0):
        pass


def test_a_killed_process_gives_its_place_back(tmp_path: Path) -> None:
    program = (
        "import sys, time\nfrom pathlib import Path\n"
        "from shuqiao.arrow.child.places import Places\n"
        "with Places(Path(sys.argv[1]), 1, 5).hold(0): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout and other.stdout.readline() == "held\n"
        places = Places(tmp_path, 1, queue=5)
        with pytest.raises(DecodersBusy), places.hold(0.05):
            pass
        other.kill()
        with places.hold(10):
            pass


def test_a_full_queue_is_told_at_once(tmp_path: Path, executor: ThreadPoolExecutor) -> None:
    places, is_over = Places(tmp_path, 1, queue=3), threading.Event()
    with places.hold(0):
        waiting = [executor.submit(held, places, 30, is_over.is_set) for _each in range(3)]
        assert until(lambda: places.waiting() == 3, 10)
        started = time.monotonic()
        with pytest.raises(DecodersBusy) as caught, places.hold(30):
            pass
        assert time.monotonic() - started < 5
        assert caught.value.retry_after == 5
    assert [each.result(10) for each in waiting] == ["held"] * 3
    assert places.waiting() == 0


def held(places: Places, seconds: float | None, is_gone: Callable[[], bool]) -> str:
    try:
        with places.hold(seconds, is_gone):
            return "held"
    except CallerGone:
        return "gone"


def test_who_has_left_waits_no_longer_and_takes_no_place(
    tmp_path: Path, executor: ThreadPoolExecutor
) -> None:
    places, has_left = Places(tmp_path, 1, queue=5), threading.Event()
    with places.hold(0):
        first = executor.submit(held, places, 60, has_left.is_set)
        assert until(lambda: places.waiting() == 1, 10)
        second = executor.submit(held, places, 60, lambda: False)
        has_left.set()
        assert first.result(10) == "gone"
    assert second.result(10) == "held"


def test_people_come_in_the_order_in_which_they_came(
    tmp_path: Path, executor: ThreadPoolExecutor
) -> None:
    places, order = Places(tmp_path, 1, queue=20), []

    def take(number: int) -> None:
        with places.hold(60):
            order.append(number)

    with places.hold(0):
        taking = []
        for number in range(8):
            taking.append(executor.submit(take, number))
            assert until(lambda count=number + 1: places.waiting() == count, 10)  # type: ignore[misc]
    for each in taking:
        each.result(20)
    assert order == list(range(8))


def test_jobs_leave_the_first_of_several_places_to_people(
    tmp_path: Path, executor: ThreadPoolExecutor
) -> None:
    places, gone = Places(tmp_path, 2, queue=5), threading.Event()
    with ExitStack() as first:
        first.enter_context(places.hold(None))
        job = executor.submit(held, places, None, gone.is_set)
        assert until(lambda: places.waiting() == 1, 10)
        with places.hold(5):
            assert not job.done()
    assert job.result(10) == "held"
    only = Places(tmp_path / "one", 1, queue=5)
    (tmp_path / "one").mkdir()
    with only.hold(None):
        pass


@pytest.mark.parametrize(
    ("memory", "at_once", "cores", "places"),
    [
        (4 * GB, 2, 2, 2),
        (4 * GB, 8, 2, 2),
        (4 * GB, 1, 64, 1),
        (SMALLEST_DECODER, 8, 64, 1),
        (GB, 8, 64, 2),
        (64 * GB, 8, 64, 8),
    ],
)
def test_all_decoders_together_stay_within_the_memory_for_all(
    monkeypatch: pytest.MonkeyPatch, memory: int, at_once: int, cores: int, places: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    chosen = Settings(decoders_memory_bytes=memory, decoders_at_once=at_once)
    assert chosen.decoder_places == places
    assert chosen.decoder_memory_bytes * places <= memory
    assert chosen.decoder_memory_bytes >= SMALLEST_DECODER


def test_the_setting_that_was_for_each_decoder_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUQIAO_DECODE_MEMORY_BYTES", "2147483648")
    settings.cache_clear()
    with pytest.raises(ValueError, match="SHUQIAO_DECODERS_MEMORY_BYTES"):
        settings()
    monkeypatch.delenv("SHUQIAO_DECODE_MEMORY_BYTES")
    settings.cache_clear()
