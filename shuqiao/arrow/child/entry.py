"""The child's side of ``child.py``: take the order, limit ourselves,
run the named function, write the answer.
"""

import contextlib
import errno
import importlib
import json
import os
import resource
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge
from shuqiao.i18n import Message, _

#: The file that an order lies in until somebody takes it.
ORDER: Final = "order.json"
#: Exit status where there was no room, or the disk had an error: no fault of the file. EFBIG is
#: the limit that we set ourselves.
NO_DISK: Final = {errno.ENOSPC: 74, errno.EDQUOT: 74, errno.EIO: 75, errno.EROFS: 75}
#: What Arrow says when there is no address space left for the stack of a thread.
_NO_THREAD: Final = "Failed to launch worker thread"


def main(folder: Path) -> int:
    """Run the order in ``folder``; 0 when an answer (value or refusal) was written."""
    (folder / ORDER).rename(folder / "taken.json")  # from now on it is not given to another
    order = json.loads((folder / "taken.json").read_bytes())
    _limit_ourselves(order["limits"])
    answer: dict[str, Any]
    try:
        answer = {"value": _named(order["function"])(**order["arguments"])}
    except DecodeRefused as refused:
        answer = {"refused": refused.to_json()}
    except MemoryError:  # pyarrow's ArrowMemoryError is one
        answer = {"refused": DecodeTooLarge("memory", _too_much_memory()).to_json()}
    except pa.ArrowException as error:
        if _NO_THREAD not in str(error):
            raise
        answer = {"refused": DecodeTooLarge("memory", _too_much_memory()).to_json()}
    except OSError as error:
        if error.errno in NO_DISK:
            return NO_DISK[error.errno]
        if error.errno not in (errno.EFBIG, errno.ENOMEM):
            raise
        answer = {"refused": DecodeTooLarge("file_size", _too_much_memory()).to_json()}
    usage = resource.getrusage(resource.RUSAGE_SELF)
    answer |= {
        "peak_bytes": usage.ru_maxrss * 1_024,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
    }
    try:
        (folder / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    except OSError as error:
        if error.errno in NO_DISK:
            return NO_DISK[error.errno]
        raise
    return 0


def _limit_ourselves(limits: Mapping[str, Any]) -> None:
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


def _named(function: str) -> Any:
    module, _colon, name = function.partition(":")
    found = getattr(importlib.import_module(module), name)
    # Nothing that a module merely imported: its own functions only.
    if getattr(found, "__module__", None) != module or not callable(found):
        raise ValueError(f"{function} is not a function of that module")
    return found


def _too_much_memory() -> Message:
    return _("Decoding this file takes more memory than allowed. Split it into smaller files.")
