"""A program that has imported all that decoding needs, and forks one decoder for each file.

``decoders.py`` starts it with a scrubbed environment and one socket, and asks two things of it:

begin FOLDER   fork a decoder for the order in it; answers with its number and a handle (pidfd)
end NUMBER     kill what is left of its process group, reap all of it; answers with the exit status

It ends when the socket closes. It imports and never reads: what a reader leaves behind in Arrow
(threads, the pipe of its signal handlers) would be broken in every later decoder. It stays
single-threaded, as fork wants it.
"""

import codecs
import ctypes
import gc
import importlib
import os
import signal
import socket
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Final, Never

import pyarrow as pa

from shuqiao.arrow.child import entry

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36
_PR_SET_NO_NEW_PRIVS: Final = 38
_prctl: Final = ctypes.CDLL(None, use_errno=True).prctl


def main(descriptor: int) -> None:
    """Fork decoders until the service closes its end of the socket."""
    os.set_inheritable(descriptor, False)
    link = socket.socket(fileno=descriptor)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _prctl(
        _PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0
    )  # what decoders started is ours to reap, not that of process 1
    pa.enable_signal_handlers(False)
    _load()
    running: set[int] = set()
    try:
        while said := link.recv(8_192):
            _obey(link, said, running)
    except ConnectionError:  # the service went away between a question and its answer
        pass
    for pid in running:
        _end(pid)


def _obey(link: socket.socket, said: bytes, running: set[int]) -> None:
    word, _space, what = said.partition(b" ")
    if word == b"begin":
        _begin(link, Path(os.fsdecode(what)), running)
    else:
        running.discard(int(what))
        link.send(b"%d" % _end(int(what)))


def _load() -> None:
    """Import what each decoder would otherwise import on its own when it first uses it."""
    importlib.import_module("shuqiao.arrow.intake.previews")
    sys.meta_path.insert(0, SimpleNamespace(find_spec=_without_pandas))
    pa.array([""])
    options = importlib.import_module("shuqiao.arrow.intake.options")
    for name in (*options.ENCODINGS, "cp437"):  # the last: names in a packed workbook
        codecs.lookup(name)
    gc.collect()
    gc.freeze()  # what all decoders share is not written to by their collectors


def _without_pandas(name: str, _path: object = None, _target: object = None) -> None:
    """Arrow looks for pandas: where it is installed, the largest import of all, for nothing."""
    if name == "pandas":
        raise ModuleNotFoundError(name=name)


def _begin(link: socket.socket, folder: Path, running: set[int]) -> None:
    zygote = os.getpid()
    try:
        pid = os.fork()
    except OSError:  # no more processes or memory: the service says that it is busy
        link.send(b"0")
        return
    if pid == 0:
        _decode(folder, zygote)
    running.add(pid)
    handle = os.pidfd_open(pid)
    socket.send_fds(link, [b"%d" % pid], [handle])
    os.close(handle)


def _end(pid: int) -> int:
    """End the decoder and its group. Its number is nobody else's before it is reaped here."""
    os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):  # killed before it led a group
        os.killpg(pid, signal.SIGKILL)
    status = os.waitpid(pid, 0)[1]
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-pid, 0)
    return os.waitstatus_to_exitcode(status)


def _decode(folder: Path, zygote: int) -> Never:
    """We are the decoder now: leave all that is the zygote's, carry out the order, end."""
    status = 1
    try:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() == zygote:  # else it died before we asked to die with it
            _settle(folder)
            status = entry.main(folder)
    except BaseException:
        traceback.print_exc()
    finally:
        # No tidying up: after a refusal Arrow's thread may still be reading ahead, and would find
        # the interpreter gone.
        os._exit(status)


def _settle(folder: Path) -> None:
    os.setsid()
    os.chdir(folder)
    os.dup2(os.open("stderr", os.O_WRONLY | os.O_CREAT, 0o600), 2)
    os.closerange(3, max(int(name) for name in os.listdir("/proc/self/fd")) + 1)
    os.environ.update(HOME=str(folder), TMPDIR=str(folder))
    tempfile.tempdir = None


if __name__ == "__main__":
    main(int(sys.argv[1]))
    os._exit(0)
