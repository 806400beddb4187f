"""Telling a living server from a dead one, and clearing up after a dead one.

PostgreSQL takes any process with the recorded number for a living server, a zombie too. A container
whose first process never reaps would then refuse to start for ever, so we look closer than it does.
"""

import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shuqiao.embedded.places import EmbeddedPostgresError, Places

#: How long a dead server may stay a zombie, or its orphans run on, before we act without them.
PATIENCE_SECONDS: Final = 10.0
PORT: Final = 5432
_PROC: Final = Path("/proc")
_HAS_PROC: Final = (_PROC / "self" / "stat").exists()


@dataclass(frozen=True)
class Postmaster:
    """What ``postmaster.pid`` records; the socket folder is None until the server listens."""

    pid: int
    socket_folder: Path | None


def running(places: Places) -> Postmaster | None:
    """The living server of the cluster, if any."""
    found = _recorded(places.data)
    if found is None or _state(found.pid) in ("", "Z"):
        return None
    return found if not _HAS_PROC or _working_in_data(places, [found.pid]) else None


def clear_dead(places: Places) -> None:
    """Make the cluster startable after its server was killed.

    Callers hold the start lock and know it is not running.

    Backends that outlived their server are told to quit and waited for: two generations on the same
    files would destroy them. A zombie is waited for, then its lock files are removed.

    Raises ``EmbeddedPostgresError`` when orphans do not end.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while orphans := _orphans(places):
        for pid in orphans:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(
                f"processes {orphans} of a killed server still use {places.data}: end them"
            )
        time.sleep(0.05)
    found = _recorded(places.data)
    while found is not None and _state(found.pid) == "Z" and time.monotonic() <= deadline:
        time.sleep(0.05)
    if found is not None and _state(found.pid) and running(places) is None:
        # Still a zombie, or a stranger that got the number after a restart of the machine:
        # never our server. The socket's lock file names the same process, so it goes too.
        (places.data / "postmaster.pid").unlink(missing_ok=True)
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock") if found.socket_folder else ():
            Path(found.socket_folder or "", name).unlink(missing_ok=True)


def _recorded(data: Path) -> Postmaster | None:
    """The server that ``data`` was last run by, alive or not."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        pid = abs(int(lines[0]))
    except (FileNotFoundError, IndexError, ValueError):
        return None
    folder = lines[4].strip() if len(lines) > 4 else ""
    return Postmaster(pid, Path(folder) if folder else None)


def _orphans(places: Places) -> list[int]:
    """Living PostgreSQL processes of the cluster."""
    if not _HAS_PROC or not places.data.exists():
        return []
    numbers = [int(entry) for entry in os.listdir(_PROC) if entry.isdigit()]
    candidates = [
        pid
        for pid in numbers
        if _owner(pid) == places.account.uid
        and _stat(pid)[0] == "postgres"
        and _state(pid) not in ("", "Z")
    ]
    return _working_in_data(places, candidates)


def _working_in_data(places: Places, pids: Iterable[int]) -> list[int]:
    """Those of ``pids`` whose working folder is the data folder: every
    PostgreSQL process's is, a stranger's is not.

    Where root may not look into other users' processes (a container without CAP_SYS_PTRACE), the
    server's own user looks: taking a living server for a stranger would be the end of the cluster.
    """
    wanted = places.data.stat()
    inside, hidden = [], []
    for pid in pids:
        try:
            if os.path.samestat(os.stat(_PROC / str(pid) / "cwd"), wanted):
                inside.append(pid)
        except PermissionError:
            hidden.append(pid)
        except OSError:
            continue
    if not hidden or not places.account.is_other:
        return inside
    paths = [_PROC / str(pid) / "cwd" for pid in hidden]
    looked = places.account.run(["stat", "-L", "-c", "%d:%i %n", *paths], timeout_seconds=10)
    marks = {f"{wanted.st_dev}:{wanted.st_ino} {path}" for path in paths}
    return inside + [
        int(line.split("/")[2]) for line in looked.stdout.splitlines() if line in marks
    ]


def _state(pid: int) -> str:
    """The process state letter ('Z' is a zombie); '' when gone; '?' where there is no /proc."""
    if _HAS_PROC:
        return _stat(pid)[1].replace("X", "")
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "?"


def _stat(pid: int) -> tuple[str, str]:
    """Name and state of a process; both '' when it is gone."""
    try:
        line = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return "", ""
    head, _, tail = line.rpartition(")")
    return head.partition("(")[2], tail.split()[0]


def _owner(pid: int) -> int | None:
    try:
        return os.stat(_PROC / str(pid)).st_uid
    except OSError:
        return None
