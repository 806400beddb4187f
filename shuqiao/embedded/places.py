"""Where the embedded server's files lie, and which operating-system user runs it."""

import hashlib
import os
import pwd
import secrets
import stat
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: Clusters of root, whose own folders the unprivileged server user usually cannot enter.
STATE: Final = Path("/var/lib/shuqiao")
SERVER_USER: Final = "nobody"
#: Longest socket path of Linux is 107 bytes, of macOS 103; the socket's own name takes 15.
_LONGEST_SOCKET_FOLDER: Final = 80


class EmbeddedPostgresError(RuntimeError):
    """The embedded server cannot be used; the message says why in one
    sentence and quotes the log where that helps.
    """


@dataclass(frozen=True)
class Account:
    """The operating-system user that runs the server programs."""

    uid: int
    gid: int
    #: True when it is another user than ours: we are root and step down.
    is_other: bool

    def run(
        self,
        command: Sequence[str | Path],
        *,
        timeout_seconds: float,
        environment: Mapping[str, str] | None = None,
        output: int = subprocess.PIPE,
        pass_fds: Sequence[int] = (),
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, in a session of its own so that
        Ctrl-C in our terminal does not reach it.

        The child sees only the variables named here: neither libpq settings nor secrets of ours.
        """
        other = self.is_other
        return subprocess.run(
            command,
            user=self.uid if other else None,
            group=self.gid if other else None,
            extra_groups=[] if other else None,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=pass_fds,
            start_new_session=True,
            timeout=timeout_seconds,
            encoding="utf-8",
            errors="replace",
        )


@dataclass(frozen=True)
class Places:
    """The folders and files of one cluster."""

    keys: Path
    data: Path
    account: Account

    @property
    def lock(self) -> Path:
        return self.data.with_name(f"{self.data.name}.lock")

    @property
    def users(self) -> Path:
        return self.data.with_name(f"{self.data.name}.users")

    @property
    def log(self) -> Path:
        return self.data.with_name(f"{self.data.name}.log")

    @property
    def draft(self) -> Path:
        """Where a cluster is made before it gets its name, so that a
        half-made one is never taken for a cluster.
        """
        return self.data.with_name(f"{self.data.name}.new")


def server_account() -> Account:
    """Ourselves, or ``nobody`` when we are root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_other=False)
    try:
        entry = pwd.getpwnam(SERVER_USER)
    except KeyError as error:
        raise EmbeddedPostgresError(
            f"run as root, the embedded database needs the user {SERVER_USER!r}"
        ) from error
    return Account(entry.pw_uid, entry.pw_gid, is_other=True)


def find_places(home: Path) -> Places:
    """Decide where the cluster of ``home`` lies, making the folders above it.

    It is ``<home>/postgres``, except for root with a home that the server's user cannot enter: then
    ``/var/lib/shuqiao/<hash of home>/postgres``, noted in ``<home>/postgres.where``. A decision
    once taken stays.
    """
    home = home.absolute()
    account = server_account()
    is_ours = account.is_other and home.parent == STATE
    home.mkdir(mode=0o711 if account.is_other else 0o700, parents=True, exist_ok=True)
    if is_ours:
        make_public_folder(STATE)
        home.chmod(0o711)  # enter, not list: what is secret below has a 0700 folder of its own
    keys = home / "keys"
    keys.mkdir(mode=0o700, exist_ok=True)
    data = home / "postgres"
    where = home / "postgres.where"
    if not account.is_other or (not where.exists() and _is_reachable(account, home)):
        return Places(keys, data, account)
    if data.exists():
        raise EmbeddedPostgresError(
            f"{data} holds a cluster, but the user {SERVER_USER!r} can no longer enter {home}"
        )
    return Places(keys, _elsewhere(home, where) / "postgres", account)


def _is_reachable(account: Account, folder: Path) -> bool:
    entered = account.run(["/bin/sh", "-c", 'cd "$1"', "sh", folder], timeout_seconds=10)
    return entered.returncode == 0


def _elsewhere(home: Path, where: Path) -> Path:
    place = STATE / hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    if where.exists():
        noted = Path(where.read_text(encoding="utf-8").strip())
        if noted != place:
            raise EmbeddedPostgresError(
                f"{where} names {noted}, but the cluster of {home} belongs in {place}: after "
                "moving the home move that"
                " folder too and remove the note; for a copy of the home just remove the note"
            )
    make_public_folder(STATE)
    place.mkdir(mode=0o711, exist_ok=True)
    place.chmod(0o711)
    where.write_text(f"{place}\n", encoding="utf-8")
    return place


def make_public_folder(folder: Path) -> None:
    """A folder of root's that everybody can enter, whatever the umask;
    one that others can write is refused.
    """
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != 0 or status.st_mode & 0o022:
        raise EmbeddedPostgresError(f"{folder} must be a folder that only root can write")
    if status.st_mode & 0o055 != 0o055:
        folder.chmod(0o755)


def read_secret(path: Path, *, create: bool) -> str:
    """The password in ``path``, 0600; made on first use when ``create``.

    Callers hold the start lock.
    """
    try:
        status = path.lstat()
    except FileNotFoundError:
        if not create:
            raise EmbeddedPostgresError(f"the password file {path} is gone: restore it") from None
        return _make_secret(path)
    if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077:
        raise EmbeddedPostgresError(
            f"{path} must be a file that only its owner can read (chmod 600)"
        )
    return path.read_text(encoding="ascii").strip()


def _make_secret(path: Path) -> str:
    secret = secrets.token_urlsafe(32)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return secret


def socket_path(places: Places) -> Path:
    """Where the server's socket folder belongs: short, outside the home, the same at every start.

    Root's own TMPDIR may be one that the server's user cannot enter; /tmp is everybody's.
    """
    name = f"shuqiao-{hashlib.sha256(os.fsencode(places.data)).hexdigest()[:16]}"
    root = Path(tempfile.gettempdir())
    is_short = len(os.fsencode(root)) + 1 + len(name) <= _LONGEST_SOCKET_FOLDER
    is_open = not places.account.is_other or _is_reachable(places.account, root)
    return (root if is_short and is_open else Path("/tmp")) / name


def make_socket_folder(places: Places) -> Path:
    """The folder of the server's socket, 0700 and its user's.

    Its name can be guessed, so someone else may have made it first: then this refuses, with a
    sentence.
    """
    folder = socket_path(places)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.lstat()
    if places.account.is_other and status.st_uid == 0 and stat.S_ISDIR(status.st_mode):
        # Just made, or left by a root that was killed before giving it
        # away; nobody but root can have put it there.
        os.chown(folder, places.account.uid, places.account.gid, follow_symlinks=False)
        status = folder.lstat()
    if (
        not stat.S_ISDIR(status.st_mode)
        or status.st_uid != places.account.uid
        or status.st_mode & 0o077
    ):
        raise EmbeddedPostgresError(
            f"{folder} is not a private folder of the database's user: remove it"
        )
    return folder
