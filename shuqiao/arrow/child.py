"""A function run in a fresh, limited process: the only place where bytes somebody uploaded are decoded.

The child gets its own session, no standard input, a scrubbed environment, and hard limits on address space, CPU time,
file size and open files (set by itself before anything heavy is imported, see ``child_entry.py``). It answers with
JSON in a file; nothing is unpickled. Whatever it does – crash, grow, spin, hang – ends as a :class:`DecodeRefused`.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge
from shuqiao.i18n import Message, _

#: Functions of these packages only may be named.
OUR_PACKAGES: Final = ("shuqiao", "audit", "policies", "auth", "catalog", "exchange", "server")
#: The answer is JSON of at most this size; tables travel in files of their own.
ANSWER_LIMIT_BYTES: Final = 32 * 1_048_576
#: All that the child sees of our environment: where programs and their libraries are, never a setting or a secret.
_PASSED_ON: Final = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Hard limits of one child. Sizes are bytes, times seconds."""

    memory_bytes: int = 2 * 1_073_741_824
    cpu_seconds: int = 120
    wall_seconds: float = 240.0
    file_bytes: int = 4 * 1_073_741_824 + 64 * 1_048_576
    open_files: int = 64


@dataclass(frozen=True, slots=True)
class ChildAnswer:
    """What the function returned (plain JSON), and what it cost: the child's peak resident bytes and CPU seconds."""

    value: Any
    peak_bytes: int
    cpu_seconds: float


def run_in_child(function: str, arguments: Mapping[str, Any], limits: ChildLimits) -> ChildAnswer:
    """Run ``module:function(**arguments)`` of our packages in a limited child and give back its JSON answer.

    Raises :class:`DecodeRefused` or :class:`DecodeTooLarge`: as raised by the function, or with reason ``memory``,
    ``cpu_time``, ``wall_time`` or ``crashed``. The caller's memory grows with the answer only, never with the input.
    """
    if function.partition(":")[0].partition(".")[0] not in OUR_PACKAGES:
        raise ValueError("only functions of our own packages run in the child")
    folder = Path(tempfile.mkdtemp(prefix="shuqiao-child-"))
    try:
        order = {"function": function, "arguments": dict(arguments), "limits": asdict(limits)}
        (folder / "order.json").write_text(json.dumps(order), encoding="utf-8")
        status = _run(folder, limits.wall_seconds)
        return _answer(folder, status)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, wall_seconds: float) -> int:
    command = [sys.executable, "-I", "-m", "shuqiao.arrow.child_entry", str(folder)]
    with (folder / "stderr").open("wb") as stderr:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )
    try:
        if not _ended(process, wall_seconds):
            raise DecodeRefused("wall_time", _too_slow())
    finally:
        _kill_group(process)
    return process.returncode


def _environment(folder: Path) -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # One thread and the plain allocator, large blocks given back at once: address space is what the limit counts, and
    # arenas, mimalloc's reservations and glibc's growing threshold would spend it on nothing.
    quiet = {
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_MMAP_THRESHOLD_": "262144",
        "MALLOC_TRIM_THRESHOLD_": "1048576",
    }
    own = {"HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "TZ": "UTC"}
    return {**passed, **quiet, **own}


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait without reaping, so that the process group's number cannot be given to somebody else before we kill it."""
    if not hasattr(os, "pidfd_open"):  # not Linux
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True
    handle = os.pidfd_open(process.pid)
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        return bool(poll.poll(seconds * 1_000))
    finally:
        os.close(handle)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End whatever is left in the child's own group, then reap it."""
    if process.returncode is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # PermissionError: only a zombie is left (macOS)
            process.kill()
        process.wait()


def _answer(folder: Path, status: int) -> ChildAnswer:
    path = folder / "answer.json"
    if status != 0 or not path.exists():
        raise _ending(status, _last_words(folder))
    if path.stat().st_size > ANSWER_LIMIT_BYTES:
        raise DecodeTooLarge("answer_size", _("The description of this table is too large to be shown."))
    answer = json.loads(path.read_bytes())
    if "refused" in answer:
        raise DecodeRefused.from_json(answer["refused"])
    return ChildAnswer(answer["value"], answer["peak_bytes"], answer["cpu_seconds"])


def _ending(status: int, last_words: str) -> DecodeRefused:
    """The refusal for a child that gave no answer; its last words go to the log only."""
    facts: dict[str, Any] = {"status": status, "stderr": last_words}
    if status == -signal.SIGXCPU:
        return DecodeRefused("cpu_time", _too_slow(), **facts)
    detail = _(
        "The file could not be decoded: it is damaged, or made so that decoding it fails. "
        "Export it again from its source, as CSV in UTF-8 if possible."
    )
    return DecodeRefused("crashed", detail, **facts)


def _too_slow() -> Message:
    return _("Decoding this file takes longer than allowed. Split it into smaller files.")


def _last_words(folder: Path) -> str:
    try:
        with (folder / "stderr").open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 2_000))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""
