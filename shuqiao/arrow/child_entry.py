"""The child's side of ``child.py``: limit ourselves first, then import the named function, run it, write the answer."""

import contextlib
import ctypes
import errno
import importlib
import json
import os
import resource
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge
from shuqiao.i18n import Message, _

_PR_SET_PDEATHSIG: Final = 1


def main(folder: Path) -> int:
    """Run the order in ``folder``; 0 when an answer (value or refusal) was written."""
    order = json.loads((folder / "order.json").read_bytes())
    _limit_ourselves(order["limits"])
    answer: dict[str, Any]
    try:
        answer = {"value": _named(order["function"])(**order["arguments"])}
    except DecodeRefused as refused:
        answer = {"refused": refused.to_json()}
    except MemoryError:  # pyarrow's ArrowMemoryError is one
        answer = {"refused": DecodeTooLarge("memory", _too_much_memory()).to_json()}
    except OSError as error:
        if error.errno not in (errno.EFBIG, errno.ENOMEM):
            raise
        answer = {"refused": DecodeTooLarge("file_size", _too_much_memory()).to_json()}
    usage = resource.getrusage(resource.RUSAGE_SELF)
    answer |= {"peak_bytes": _peak_bytes(), "cpu_seconds": usage.ru_utime + usage.ru_stime}
    (folder / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    return 0


def _peak_bytes() -> int:
    """Our largest resident size. Not ``ru_maxrss``: that survives exec and would tell the parent's size."""
    with contextlib.suppress(OSError), open("/proc/self/status", encoding="ascii") as file:
        return next((int(line.split()[1]) * 1_024 for line in file if line.startswith("VmHWM:")), 0)
    return 0


def _limit_ourselves(limits: Mapping[str, Any]) -> None:
    _die_with_parent()
    with contextlib.suppress(OSError):  # the first to go when the machine runs out of memory
        Path("/proc/self/oom_score_adj").write_text("1000")
    os.nice(5)
    for kind, value in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(kind, int(value), int(value))
    # Soft limit: SIGXCPU, which tells the parent why; hard limit one second later: SIGKILL.
    _lower(resource.RLIMIT_CPU, int(limits["cpu_seconds"]), int(limits["cpu_seconds"]) + 1)


def _lower(kind: int, soft: int, hard: int) -> None:
    ceiling = resource.getrlimit(kind)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(kind, (soft, hard))


def _die_with_parent() -> None:
    """Linux: be killed when the thread that waits for us is gone, so that a killed service leaves no decoder behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _named(function: str) -> Any:
    module, _colon, name = function.partition(":")
    found = getattr(importlib.import_module(module), name)
    # Nothing that a module merely imported: its own functions only.
    if getattr(found, "__module__", None) != module or not callable(found):
        raise ValueError(f"{function} is not a function of that module")
    return found


def _too_much_memory() -> Message:
    return _("Decoding this file takes more memory than allowed. Split it into smaller files.")


if __name__ == "__main__":
    # No tidying up: after a refusal Arrow's thread may still be reading ahead, and would find the interpreter gone.
    os._exit(main(Path(sys.argv[1])))
