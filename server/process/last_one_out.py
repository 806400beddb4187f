"""No embedded server runs on for ever: a guard waits for the end of one
of its users and leaves in its place.

A user that ends in order leaves the server itself, and the last one out stops it. One that is
killed with -9 cannot. So every user holds the write end of a pipe open, and so do the serving
processes it starts; a shell, which costs next to nothing, waits at the read end. When the last of
them is gone, however it went, the kernel closes the pipe and the shell turns into
``python -m server.process.last_one_out HOME``: that joins and leaves, which stops a server that
nobody else uses. Only when the guard is killed too does the server stay; the next user adopts it
and stops it when he leaves.
"""

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from shuqiao.embedded import EmbeddedPostgres, postmaster
from shuqiao.embedded.places import find_places
from shuqiao.settings import settings

#: Runs our modules whatever the working folder holds: a folder called
#: ``server`` there must not be taken for ours.
PROGRAM = (sys.executable, "-P", "-m")
_WAIT = 'read -r _; exec "$@"'
#: Nothing here may reach a process that does not need it.
SECRETS = frozenset(
    {"SHUQIAO_DATABASE_URL", "SHUQIAO_OWNER_DATABASE_URL", "SHUQIAO_ADMIN_DATABASE_URL"}
)


class Guard:
    """Held by one user of the embedded server of ``home``.

    ``pipe`` is to be inherited by the processes it starts.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self.reading, self.pipe = os.pipe()
        self._shell = self._spawn()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._shell.kill()
        self._shell.wait()
        for descriptor in (self.reading, self.pipe):
            os.close(descriptor)

    def keep(self) -> None:
        """Start the guard again if somebody ended it."""
        if self._shell.poll() is not None:
            self._shell = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        command = [
            "/bin/sh",
            "-c",
            _WAIT,
            "guard",
            *PROGRAM,
            "server.process.last_one_out",
            str(self._home),
        ]
        environment = {name: value for name, value in os.environ.items() if name not in SECRETS}
        return subprocess.Popen(
            command,
            stdin=self.reading,
            stdout=subprocess.DEVNULL,
            cwd="/",
            env=environment,
            start_new_session=True,
        )


def leave(home: Path) -> bool:
    """Stop the server of ``home`` if it runs and nobody uses it any
    more; True when there was one to look at.
    """
    if not home.is_dir() or postmaster.running(find_places(home)) is None:
        return False
    with EmbeddedPostgres(home, owner_role=settings().owner_role, app_role=settings().app_role):
        return True


if __name__ == "__main__":
    leave(Path(sys.argv[1]))
