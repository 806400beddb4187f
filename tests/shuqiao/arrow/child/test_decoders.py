"""The zygote: nothing of the service is in it, it may die, a file has a process of its own."""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from shuqiao.arrow.child import decoders as module
from shuqiao.arrow.child.decoders import Decoders, Zygote
from shuqiao.arrow.child.decoding import ChildLimits, run_in_child
from shuqiao.arrow.child.places import Places
from shuqiao.arrow.intake.readers import IntakeLimits, preview
from shuqiao.arrow.refusals import DecodeRefused, DecoderLost, DecodersBusy
from tests.shuqiao.arrow.child.test_decoding import is_running, until

AT_ONCE = 2


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Decoders]:
    """Decoders that nobody else uses, and that this process uses in this test."""
    monkeypatch.setenv("SHUQIAO_DATABASE_URL", "postgresql://app:canary-4711@/db")
    (tmp_path / "places").mkdir()
    made = Decoders(Places(tmp_path / "places", AT_ONCE, queue=20))
    monkeypatch.setitem(module._made, os.getpid(), made)
    yield made
    made.close()


def zygote_of(own: Decoders) -> Zygote:
    with own.zygote() as zygote:
        return zygote


def surroundings() -> dict[str, Any]:
    """Asked by a person: a place is free for them while a job holds its own."""
    probe = "shuqiao.arrow.child.probes:surroundings"
    return dict(run_in_child(probe, {}, ChildLimits(), wait_seconds=60).value)


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


class Hanging:
    """An order that hangs, given by a thread of its own."""

    def __init__(self, folder: Path, executor: ThreadPoolExecutor) -> None:
        self._pids = folder / "pids"
        arguments, limits = {"pid_file": str(self._pids)}, ChildLimits(wall_seconds=30)
        probe = "shuqiao.arrow.child.probes:hang"
        self.answer = executor.submit(run_in_child, probe, arguments, limits)
        assert until(lambda: self._pids.exists() and len(self.numbers()) == 2, 30)

    def numbers(self) -> list[int]:
        return [int(word) for word in self._pids.read_text().split()]


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(20) as executor:
        yield executor


class TestZygote:
    def test_nothing_of_the_service_is_in_it(self, own: Decoders) -> None:
        with open(os.devnull) as file:
            os.set_inheritable(file.fileno(), True)
            surroundings()
            folder = Path(f"/proc/{zygote_of(own).pid}")
            kinds = sorted(
                os.readlink(entry).partition(":")[0] for entry in (folder / "fd").iterdir()
            )
        # One pipe, its standard error: that of Arrow's signal handlers would be closed in a decoder
        # and its number given to the uploaded file, whose bytes would then be taken for signals.
        assert kinds == ["/dev/null", "/dev/null", "pipe", "socket"]
        for secret_place in ("environ", "cmdline"):
            assert b"canary" not in (folder / secret_place).read_bytes()
        assert b"SHUQIAO" not in (folder / "environ").read_bytes()

    def test_it_has_one_thread(self, own: Decoders) -> None:
        surroundings()
        assert len(list(Path(f"/proc/{zygote_of(own).pid}/task").iterdir())) == 1

    def test_each_order_has_its_own_process_and_folder(self, own: Decoders) -> None:
        first, second = surroundings(), surroundings()
        assert first["parent"] == second["parent"] == zygote_of(own).pid
        assert len(set(first["folders"])) == 1
        assert set(first["folders"]).isdisjoint(second["folders"])
        assert first["environment"]["HOME"] == first["environment"]["TMPDIR"] == first["folders"][0]

    def test_arrow_reads_in_every_decoder_of_it(self, own: Decoders, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text("name,count\none,1\n")
        for _time in range(3):
            found = preview(tmp_path / "a.csv", file_name="a.csv", limits=IntakeLimits())
            assert [column.name for column in found.columns] == ["name", "count"]

    def test_it_leaves_no_zombie(self, own: Decoders, tmp_path: Path) -> None:
        surroundings()
        arguments = {"pid_file": str(tmp_path / "pids")}
        with pytest.raises(DecodeRefused):
            run_in_child("shuqiao.arrow.child.probes:hang", arguments, ChildLimits(wall_seconds=1))
        zygote = zygote_of(own)
        assert children(zygote.pid) == []
        own.close()
        assert not Path(f"/proc/{zygote.pid}").exists()


class TestDeath:
    def test_the_next_order_finds_another(self, own: Decoders) -> None:
        killed = surroundings()["parent"]
        os.kill(killed, signal.SIGKILL)
        assert surroundings()["parent"] != killed

    def test_an_order_that_was_not_begun_is_given_again(
        self, own: Decoders, executor: ThreadPoolExecutor
    ) -> None:
        stopped = surroundings()["parent"]
        os.kill(stopped, signal.SIGSTOP)
        assert until(lambda: stat(stopped)[0] == "T")
        waiting = executor.submit(surroundings)
        assert until(lambda: zygote_of(own).orders >= 2)
        os.kill(stopped, signal.SIGKILL)
        assert waiting.result(30)["parent"] != stopped

    def test_an_order_that_was_begun_is_not(
        self, own: Decoders, executor: ThreadPoolExecutor, tmp_path: Path
    ) -> None:
        hanging = Hanging(tmp_path, executor)
        decoder, _sleeper = hanging.numbers()
        os.kill(zygote_of(own).pid, signal.SIGKILL)
        with pytest.raises(DecoderLost) as caught:
            hanging.answer.result(30)
        assert (caught.value.status, is_running(decoder)) == (503, False)
        assert hanging.numbers()[0] == decoder
        assert surroundings()["parent"] != decoder

    def test_all_of_it_ends_with_the_socket(
        self, own: Decoders, executor: ThreadPoolExecutor, tmp_path: Path
    ) -> None:
        hanging = Hanging(tmp_path, executor)
        zygote = zygote_of(own)
        own.close()
        with pytest.raises(DecoderLost):
            hanging.answer.result(30)
        assert until(lambda: not any(map(is_running, [*hanging.numbers(), zygote.pid])))


class TestRecycling:
    def test_a_worn_one_is_replaced_and_ends_after_its_last_order(
        self,
        own: Decoders,
        executor: ThreadPoolExecutor,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        monkeypatch.setattr(module, "ORDERS_OF_ONE", 3)
        hanging = Hanging(tmp_path, executor)
        parents = [surroundings()["parent"] for _order in range(5)]
        assert [parents.count(parent) for parent in dict.fromkeys(parents)] == [2, 3]
        assert is_running(parents[0])  # it still has an order
        os.kill(hanging.numbers()[0], signal.SIGKILL)
        with pytest.raises(DecoderLost):  # nothing is wrong with its file
            hanging.answer.result(30)
        assert not any(Path(f"/proc/{parent}").exists() for parent in parents)

    def test_an_old_one_is_replaced(self, own: Decoders, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "SECONDS_OF_ONE", 0.0)
        assert surroundings()["parent"] != surroundings()["parent"]


class TestPlaces:
    def test_orders_at_once_see_their_own_file_only_and_are_few(
        self, own: Decoders, executor: ThreadPoolExecutor, tmp_path: Path
    ) -> None:
        paths = [tmp_path / f"{number}.csv" for number in range(20)]
        for number, path in enumerate(paths):
            path.write_text(f"name_{number}\n" + f"value_{number}\n" * (1 + number))
        most, is_over, zygote = 0, threading.Event(), zygote_of(own)

        def look() -> None:
            nonlocal most
            while not is_over.wait(0.002):
                most = max(most, len(children(zygote.pid)))

        looking = threading.Thread(target=look)
        looking.start()
        found = list(
            executor.map(
                lambda path: preview(path, file_name=path.name, limits=IntakeLimits()), paths
            )
        )
        is_over.set()
        looking.join()
        seen = [(column.name, column.samples) for each in found for column in each.columns]
        assert seen == [(f"name_{number}", (f"value_{number}",)) for number in range(20)]
        assert 1 <= most <= AT_ONCE

    def test_who_waits_too_long_is_told_that_we_are_busy(
        self, own: Decoders, tmp_path: Path
    ) -> None:
        (tmp_path / "a.csv").write_text("name\none\n")
        hasty = IntakeLimits(wait_seconds=0.05)
        with ExitStack() as taken:
            for _place in range(AT_ONCE):
                taken.enter_context(own.places.hold(0))
            with pytest.raises(DecodersBusy) as caught:
                preview(tmp_path / "a.csv", file_name="a.csv", limits=hasty)
        assert (caught.value.status, caught.value.code) == (503, "decoders_busy")
        assert preview(tmp_path / "a.csv", file_name="a.csv", limits=hasty).columns

    def test_a_refused_order_gives_its_place_back(self, own: Decoders) -> None:
        for _order in range(AT_ONCE + 1):
            with pytest.raises(DecodeRefused):
                run_in_child(
                    "shuqiao.arrow.child.probes:fall_over", {}, ChildLimits(), wait_seconds=5
                )
        surroundings()

    @pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
    def test_a_fork_of_the_service_has_its_own(self, own: Decoders) -> None:
        pid = os.fork()
        if pid == 0:
            os._exit(0 if module.decoders() is not own else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
