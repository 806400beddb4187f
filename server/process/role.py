"""One serving process: ``python -m server.process.role control|data|worker``. It knows the
application role's password only.

The launcher starts these with the read end of a pipe in ``SHUQIAO_LAUNCHER_PIPE``: when the
launcher is gone, however it went, the pipe closes and the process drains as on SIGTERM, so that
nothing is left running. Into the pipe of ``SHUQIAO_SERVING_PIPE`` the process writes a byte when it
serves. ``SHUQIAO_LISTENER`` is a socket that listens for it already: who connects while a role is
started again waits instead of being refused. A role that is started alone listens by itself.

Exit status: 0 after a drain, ``CANNOT_START`` with the reason in the log when it could not begin to
serve.
"""

import asyncio
import contextlib
import gc
import importlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from types import FrameType
from typing import Final, Literal, Protocol, get_args

import structlog
import uvicorn
from fastapi import FastAPI

from server.keys.service.registering import Registrar
from server.keys.service.settling import Settling
from server.process import logs, told
from server.process.bounded_http import BoundedHttp, PacedHttp
from shuqiao import db, drift, installation, keys, tracing
from shuqiao.home import refuse_unfinished
from shuqiao.reasons import reason
from shuqiao.scratch import remove_abandoned
from shuqiao.settings import settings
from shuqiao.web.transport import KeptConnection, TransportAccess

Role = Literal["control", "data", "worker"]
ROLES: tuple[Role, ...] = get_args(Role)
PIPE = "SHUQIAO_LAUNCHER_PIPE"
SERVING = "SHUQIAO_SERVING_PIPE"
LISTENER = "SHUQIAO_LISTENER"
#: The setting that says on which port a role is reached over HTTP.
PORTS: Final[Mapping[Role, str]] = {
    "control": "SHUQIAO_PORT",
    "data": "SHUQIAO_DATA_PORT",
    "worker": "SHUQIAO_WORKER_PORT",
}
#: Exit status of a role that cannot begin to serve; starting it again at once would not help.
CANNOT_START = 3
_STOPPING = (signal.SIGTERM, signal.SIGINT)
log = structlog.get_logger("process")


class _Drained(Protocol):
    """What runs longer than a request: the data role's watcher of
    streams, which only that role loads.
    """

    def drain(self, seconds: float) -> None: ...


class CannotStart(Exception):
    """The role cannot begin to serve; one sentence for the operator."""


def main(role: Role, opened: socket.socket | None = None) -> None:
    """Run ``role``, on ``opened`` if that listens for it, until SIGTERM or SIGINT, then drain.

    Raises ``SystemExit(CANNOT_START)``.
    """
    _follow_launcher()
    logs.configure(role)
    log.info("starting", pid=os.getpid())
    gc.disable()  # what is imported stays: looking it through is a fifth of the start
    try:
        serve_until_stopped = _prepared(role, opened)
    except Exception as fault:
        why = str(fault) if isinstance(fault, CannotStart) else told.sentence(fault)
        log.error("cannot_start", reason=why or reason(fault), exc_info=None if why else fault)
        raise SystemExit(CANNOT_START) from None
    gc.freeze()
    gc.enable()
    serve_until_stopped()
    db.close()
    tracing.end()
    log.info("stopped")


def configured_port(role: Role) -> int | None:
    """None: the role is not reached over HTTP."""
    given = settings()
    return {"control": given.port, "data": given.data_port, "worker": given.worker_port}[role]


def listening(role: Role, port: int) -> socket.socket:
    """A socket that listens on ``port`` for ``role``.

    0 means any free one. Raises ``CannotStart`` when it is taken or not allowed.
    """
    host = settings().host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
        opened.listen(2048)
    except OSError as error:
        opened.close()
        why = f"port {port} of {host} cannot be used ({error.strerror or error})"
        raise CannotStart(f"{why}: free it or set {PORTS[role]}") from None
    return opened


def listeners(roles: Iterable[Role]) -> dict[Role, socket.socket]:
    """A listening socket for each of ``roles`` reached over HTTP. Raises ``CannotStart``."""
    ports = ((role, configured_port(role)) for role in roles)
    with contextlib.ExitStack() as undoing:
        opened = {r: undoing.enter_context(listening(r, p)) for r, p in ports if p is not None}
        undoing.pop_all()
    return opened


def port_of(opened: socket.socket) -> int:
    port: int = opened.getsockname()[1]
    return port


def _prepared(role: Role, opened: socket.socket | None) -> Callable[[], None]:
    """Everything that can fail before serving is done here; gives what
    serves until it is stopped.
    """
    url = settings().database_url
    if not url:
        raise CannotStart("SHUQIAO_DATABASE_URL is not set: start this role with `shuqiao serve`")
    refuse_unfinished()
    _trace(role)
    db.configure(url)
    keys.keep_in(Registrar(role))
    installation.watched()
    drift.watch(also=Settling(role))
    readiness = importlib.import_module("server.process.readiness")
    importlib.import_module("server.metrics.numbers").Numbers(
        lambda: readiness.look(role).checks, is_whole=role != "data"
    ).watch()
    remove_abandoned()
    if role != "data":  # decodes no file
        importlib.import_module("shuqiao.arrow.child.decoders").decoders().warm()
    if role == "worker":
        importlib.import_module("server.tasks")  # registers the tasks of every stage
    port = configured_port(role)
    listener = opened or _handed_on() or (None if port is None else listening(role, port))
    if listener is None:
        return lambda: asyncio.run(_work(url, None))
    application = importlib.import_module(
        f"server.process.{role}"
    ).create_app()  # each role imports what it serves, no more
    importlib.import_module("server.process.app").build(application)
    server = _server(application)
    if role == "worker":
        return lambda: asyncio.run(_work(url, server, listener))
    return lambda: _serve(server, listener)


def _trace(role: Role) -> None:
    """Where a collector is named; the machinery for it is an extra."""
    if not os.environ.get(tracing.ENDPOINT):
        return
    try:
        importlib.import_module("server.process.collector").begin(role)
    except ImportError:
        why = f"{tracing.ENDPOINT} is set: install the extra shuqiao[otel]"
        log.warning("not_traced", reason=why)


def _server(application: FastAPI) -> "_Server":
    watcher: _Drained | None = getattr(application.state, "watcher", None)
    served = KeptConnection(application)
    config = uvicorn.Config(
        TransportAccess(served) if watcher is not None else served,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # server/proxies.py
        http=PacedHttp if watcher is None else BoundedHttp,
        ws="none",
        timeout_graceful_shutdown=int(settings().drain_seconds) + 5,
    )
    return _Server(application, config)


def _serve(server: "_Server", opened: socket.socket) -> None:
    # uvicorn raises the signal again when it has drained; ours then
    # lets the process end with status 0.
    for sign in _STOPPING:
        signal.signal(sign, lambda _number, _frame: setattr(server, "should_exit", True))
    server.run(sockets=[opened])
    if not server.started:
        log.error("cannot_start", reason="the application did not start")
        raise SystemExit(CANNOT_START)


class _Server(uvicorn.Server):
    """Told to end, it first says so at ``/readyz`` while it serves on (``SHUQIAO_UNREADY_SECONDS``;
    a second signal ends that). Then the watcher is told, so that running streams can be ended
    truthfully in time.
    """

    def __init__(self, application: FastAPI, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._state = application.state
        self._watcher: _Drained | None = getattr(application.state, "watcher", None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            log.info("serving", host=settings().host, port=port_of(sockets[0]) if sockets else None)
            _tell_launcher()

    async def serve_beside(self, opened: socket.socket) -> None:
        """On a loop whose signals are somebody else's, until ``should_exit``."""
        await self._serve([opened])

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        wait = 0.0 if self._state.is_stopping else settings().unready_seconds
        self._state.is_stopping = True
        if not wait:
            self._end(sig, frame)
            return
        log.info("unready", seconds=wait)
        asyncio.get_running_loop().call_later(wait, self._end, sig, frame)

    def _end(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit and sig != signal.SIGINT:
            return  # a second signal was quicker
        if self._watcher is not None:
            self._watcher.drain(settings().drain_seconds)
        super().handle_exit(sig, frame)


async def _work(url: str, server: "_Server | None", opened: socket.socket | None = None) -> None:
    jobs = importlib.import_module("shuqiao.jobs")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in _STOPPING:
        loop.add_signal_handler(sign, stop.set)
    log.info("working")
    if server is None or opened is None:
        _tell_launcher()
        await jobs.run_worker(url, stop=stop)
        return
    answering = asyncio.create_task(server.serve_beside(opened))
    await jobs.run_worker(url, stop=stop)
    server.should_exit = True  # until the last job has ended it can be asked
    await answering


def _follow_launcher() -> None:
    """Drain when the launcher's end of the pipe closes."""
    descriptor = os.environ.pop(PIPE, "")
    if not descriptor:
        return

    def wait() -> None:
        os.read(int(descriptor), 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="launcher", daemon=True).start()


def _handed_on() -> socket.socket | None:
    """The socket on which the launcher listens for this role; it outlives this process."""
    descriptor = os.environ.pop(LISTENER, "")
    if not descriptor:
        return None
    os.set_inheritable(int(descriptor), False)
    return socket.socket(fileno=int(descriptor))


def _tell_launcher() -> None:
    descriptor = os.environ.pop(SERVING, "")
    if descriptor:
        os.write(int(descriptor), b"1")
        os.close(int(descriptor))


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ROLES:
        raise SystemExit(f"usage: python -m server.process.role {'|'.join(ROLES)}")
    main(sys.argv[1])
