"""The process tree: one launcher, a process for each role.

It restarts what dies and stops everything it started. The launcher listens, the roles serve: a port
is taken once, before anything is started, and belongs to this launcher until it stops. Whoever
connects while a role is started again waits; no other installation can come between.
"""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx2
import structlog

from server.process.database import Database
from server.process.last_one_out import PROGRAM, SECRETS
from server.process.role import (
    CANNOT_START,
    LISTENER,
    PIPE,
    PORTS,
    SERVING,
    Role,
    listeners,
    port_of,
)
from shuqiao.settings import settings

log = structlog.get_logger("launcher")

#: A role that fails to start again and again is tried more slowly, at most this many seconds apart.
SLOWEST_RESTART_SECONDS = 5.0
#: So often a role that has never served is tried before the launcher gives up.
START_TRIES = 5
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_LOOK_SECONDS = 0.25


def end_on_signals() -> None:
    """Turn the first stopping signal into ``SystemExit(0)``: everything begun is taken down.

    Later ones are ignored.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        for sign in STOPPING:
            signal.signal(sign, signal.SIG_IGN)
        raise SystemExit(0)

    for sign in STOPPING:
        signal.signal(sign, end)


class RoleCannotStart(Exception):
    """A role never came up; its own last log line says why."""


@dataclass(slots=True)
class Child:
    """One process of a role."""

    role: Role
    process: subprocess.Popen[bytes]
    #: Where it says that it serves.
    word: int
    #: Whether a process of this role has ever served.
    has_served: bool = False
    #: Processes of this role in a row that ended before they served.
    failed_starts: int = 0
    died: float | None = None

    def listen(self) -> None:
        """Take note if it has begun to serve since the last time."""
        try:
            said = os.read(self.word, 1)
        except BlockingIOError:
            return
        if said:
            self.has_served, self.failed_starts = True, -1  # so that its own death counts as none


class Launcher:
    """Starts roles against a ready database and keeps them running until told to stop.

    Use it in ``with``. ``opened``: the sockets of ``listeners(roles)``, where they were taken
    before the database was begun.
    """

    def __init__(
        self,
        database: Database,
        roles: Sequence[Role],
        opened: Mapping[Role, socket.socket] | None = None,
    ) -> None:
        self._database = database
        self._listeners = listeners(roles) if opened is None else opened
        self._ports = {role: port_of(listener) for role, listener in self._listeners.items()}
        self._reading, self._writing = os.pipe()
        self._children: dict[Role, Child] = {}
        self._roles = tuple(roles)
        self._is_stopping = False
        self._looking = threading.Lock()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        for role in self._roles:
            self._children[role] = self._spawn(role)

    def pids(self) -> dict[Role, int]:
        return {role: child.process.pid for role, child in self._children.items()}

    def port(self, role: Role) -> int:
        """Where ``role`` is reached; ``KeyError`` for the worker."""
        return self._ports[role]

    def wait_ready(self, seconds: float = 60.0) -> None:
        """Until every role says that it is ready. Raises ``RoleCannotStart``."""
        deadline = time.monotonic() + seconds
        for role in self._roles:
            while not self._is_ready(role):
                self.keep_alive()
                if time.monotonic() > deadline:
                    raise RoleCannotStart(f"the {role} role is not ready after {seconds:.0f} s")
                time.sleep(0.1)

    def keep_alive(self) -> None:
        """One look around: revive the embedded database, start dead roles again. Safe from any
        thread.

        Raises ``RoleCannotStart`` for a role that has never served; one that has is tried for ever.
        """
        with self._looking:
            if self._is_stopping:
                return
            self._database.revive()
            for child in list(self._children.values()):
                self._look_after(child)

    def run(self) -> None:
        """Keep alive until SIGTERM, SIGINT or SIGHUP; the caller stops.

        Raises ``RoleCannotStart``.
        """
        for sign in STOPPING:
            signal.signal(sign, self._on_signal)
        while not self._is_stopping:
            self.keep_alive()
            time.sleep(_LOOK_SECONDS)

    def stop(self) -> None:
        """Drain every role; kill what does not end in time."""
        self._is_stopping = True
        with self._looking:
            for opened in self._listeners.values():
                opened.close()  # first, so that nobody waits at a door that does not open again
            running = [child for child in self._children.values() if child.process.poll() is None]
            for child in running:
                child.process.terminate()
            given = settings()
            deadline = time.monotonic() + given.unready_seconds + given.drain_seconds + 10
            for child in running:
                try:
                    child.process.wait(max(0.1, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    log.error("role_killed", role=child.role)
                    child.process.kill()
                    child.process.wait()
            for descriptor in (
                self._reading,
                self._writing,
                *(child.word for child in self._children.values()),
            ):
                os.close(descriptor)
            self._children.clear()

    def _look_after(self, child: Child) -> None:
        child.listen()
        code = child.process.poll()
        if code is None:
            return
        if child.died is None:
            child.died = time.monotonic()
            child.failed_starts += 1
            log.warning("role_died", role=child.role, code=code, failed_starts=child.failed_starts)
        if not child.has_served and (code == CANNOT_START or child.failed_starts >= START_TRIES):
            raise RoleCannotStart(
                f"the {child.role} role cannot start (status {code}); its last log line says why"
            )
        pause = (
            min(0.1 * 2**child.failed_starts, SLOWEST_RESTART_SECONDS)
            if child.failed_starts
            else 0.0
        )
        if time.monotonic() - child.died >= pause:
            os.close(child.word)
            new = self._children[child.role] = self._spawn(child.role)
            new.has_served, new.failed_starts = child.has_served, child.failed_starts

    def _spawn(self, role: Role) -> Child:
        word, said = os.pipe()
        os.set_blocking(word, False)
        handed = {SERVING: said}
        if role in self._listeners:
            handed[LISTENER] = self._listeners[role].fileno()
        try:
            process = subprocess.Popen(
                [*PROGRAM, "server.process.role", role],
                env=self._environment() | {name: str(fd) for name, fd in handed.items()},
                pass_fds=[self._reading, *handed.values(), *self._database.pipes],
                stdin=subprocess.DEVNULL,
                # Ctrl-C reaches the launcher alone, which then drains the roles in order.
                start_new_session=True,
            )
        finally:
            os.close(said)
        return Child(role, process, word)

    def _environment(self) -> dict[str, str]:
        """The launcher's own without any secret but the application role's URL, with true ports."""
        given = {name: value for name, value in os.environ.items() if name not in SECRETS}
        given |= {PORTS[role]: str(port) for role, port in self._ports.items()}
        return given | {"SHUQIAO_DATABASE_URL": self._database.app_url, PIPE: str(self._reading)}

    def _is_ready(self, role: Role) -> bool:
        """The child's own word: that it serves, and of an HTTP role what it answers."""
        if not self._children[role].has_served:
            return False
        if role not in self._ports:
            return True
        host, port = settings().host, self._ports[role]
        address = f"[{host}]" if ":" in host else host
        origin = settings().control_origin if role == "control" else settings().data_origin
        known_as = {"host": urlsplit(origin).netloc}
        try:
            answer = httpx2.get(f"http://{address}:{port}/readyz", headers=known_as, timeout=2.0)
        except httpx2.HTTPError:
            return False
        return answer.status_code == 200

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True
