"""A function run in a fresh, limited process: the only place where
bytes somebody uploaded are decoded.

The child is forked for one file by a process that has seen none (``decoders.py``, ``zygote.py``).
It gets its own session, no standard input, a scrubbed environment, and hard limits on address
space, CPU time, file size and open files (set by itself before it opens anything, see
``child_entry.py``). It answers with JSON in a file; nothing is unpickled. Whatever it does – crash,
grow, spin, hang – ends as a :class:`DecodeRefused`.
"""

import errno
import json
import os
import signal
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from shuqiao import deadline
from shuqiao.arrow.child.decoders import ZygoteLost, decoders
from shuqiao.arrow.child.entry import NO_DISK, ORDER
from shuqiao.arrow.refusals import DecodeRefused, DecoderLost, DecodeTooLarge
from shuqiao.context import caller_is_gone
from shuqiao.disk import StorageFailing, StorageFull
from shuqiao.errors import ShuqiaoError
from shuqiao.i18n import Message, _
from shuqiao.scratch import scratch

#: Functions of these packages only may be named.
OUR_PACKAGES: Final = ("shuqiao", "audit", "policies", "auth", "catalog", "exchange", "server")
#: The answer is JSON of at most this size; tables travel in files of their own.
ANSWER_LIMIT_BYTES: Final = 32 * 1_048_576


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
    """What the function returned (plain JSON), and what it cost: the
    child's peak resident bytes and CPU seconds.
    """

    value: Any
    peak_bytes: int
    cpu_seconds: float


def run_in_child(
    function: str,
    arguments: Mapping[str, Any],
    limits: ChildLimits,
    *,
    wait_seconds: float | None = None,
) -> ChildAnswer:
    """Run ``module:function(**arguments)`` of our packages in a limited child; its JSON answer.

    ``wait_seconds`` bounds the wait for a free place; None waits for its turn. Raises
    :class:`DecodersBusy` when there was none, :class:`CallerGone` when nobody waits any more,
    :class:`DecoderLost` when the child was lost without a fault of its own, :class:`DecodeRefused`
    or :class:`DecodeTooLarge`: as raised by the function, or with reason ``memory``, ``cpu_time``,
    ``wall_time`` or ``crashed``. The caller's memory grows with the answer only, never with the
    input.
    """
    if function.partition(":")[0].partition(".")[0] not in OUR_PACKAGES:
        raise ValueError("only functions of our own packages run in the child")
    order = json.dumps(
        {"function": function, "arguments": dict(arguments), "limits": asdict(limits)}
    )
    longest = (wait_seconds or 0.0) + 2 * limits.wall_seconds
    with deadline.apart(longest), decoders().places.hold(wait_seconds, caller_is_gone):
        answer = _tried(order, limits.wall_seconds) or _tried(order, limits.wall_seconds)
    if answer is None:
        raise DecoderLost
    return answer


def _tried(order: str, wall_seconds: float) -> ChildAnswer | None:
    """The answer; None when the zygote was lost before a child took the order: give it again."""
    with scratch() as folder:
        try:
            (folder / ORDER).write_text(order, encoding="utf-8")
            with decoders().zygote() as zygote:
                status = zygote.decode(folder, wall_seconds)
            if status is None:
                raise DecodeRefused("wall_time", _too_slow())
            return _answer(folder, status)
        except ZygoteLost:
            # Whoever removes it has it: we, or a child that would carry it out.
            try:
                (folder / ORDER).unlink()
            except FileNotFoundError:
                raise DecoderLost from None
            return None


def _answer(folder: Path, status: int) -> ChildAnswer:
    if status == -signal.SIGKILL:  # its limits end it in other ways
        raise DecoderLost
    path = folder / "answer.json"
    if status != 0 or not path.exists():
        raise _ending(status, _last_words(folder))
    if path.stat().st_size > ANSWER_LIMIT_BYTES:
        raise DecodeTooLarge(
            "answer_size", _("The description of this table is too large to be shown.")
        )
    answer = json.loads(path.read_bytes())
    if "refused" in answer:
        raise DecodeRefused.from_json(answer["refused"])
    return ChildAnswer(answer["value"], answer["peak_bytes"], answer["cpu_seconds"])


def _ending(status: int, last_words: str) -> ShuqiaoError:
    """The refusal for a child that gave no answer; its last words go to the log only."""
    facts: dict[str, Any] = {"status": status, "stderr": last_words}
    if status in NO_DISK.values():
        return StorageFull() if status == NO_DISK[errno.ENOSPC] else StorageFailing()
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
