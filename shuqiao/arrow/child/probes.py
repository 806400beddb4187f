"""Functions that run into one limit of the child each: with them the
tests prove that every limit bites.
"""

import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import _


def surroundings() -> dict[str, Any]:
    """What the child sees: its environment, limits, privileges, folder, standard input, session,
    parent.
    """
    limits = {
        name: resource.getrlimit(getattr(resource, name))[0]
        for name in ("RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE")
    }
    descriptors = Path("/proc/self/fd")
    return {
        "environment": dict(os.environ),
        "limits": limits,
        "stdin": sys.stdin.read() if sys.stdin else "",
        "leads_session": os.getsid(0) == os.getpid(),
        "may_gain_privileges": "NoNewPrivs:\t1\n" not in Path("/proc/self/status").read_text(),
        "folders": [os.getcwd(), tempfile.gettempdir(), str(Path.home())],
        "parent": os.getppid(),
        "open_files": sorted(int(entry.name) for entry in descriptors.iterdir())
        if descriptors.is_dir()
        else [],
    }


def take_memory(chunk_bytes: int) -> int:
    """Take memory until there is no more."""
    taken = []
    while True:
        taken.append(bytes(chunk_bytes))


def spin() -> None:
    """Use CPU time for ever."""
    while True:
        pass


def hang(pid_file: str) -> None:
    """Start a process of our own, note both numbers, and wait for ever."""
    grandchild = subprocess.Popen([sys.executable, "-I", "-c", "import time; time.sleep(600)"])
    Path(pid_file).write_text(f"{os.getpid()} {grandchild.pid}")
    time.sleep(600)


def write_much(path: str) -> None:
    """Write a file without end."""
    with open(path, "wb") as file:
        while True:
            file.write(bytes(1_048_576))


def open_many() -> None:
    """Open files without end."""
    opened = []
    while True:
        opened.append(open(os.devnull))  # noqa: SIM115


def fall_over() -> None:
    """Read address 0: a segmentation fault."""
    ctypes.string_at(0)


def refuse() -> None:
    """Refuse with a reason of our own."""
    raise DecodeRefused("probe", _("The file could not be opened."))
