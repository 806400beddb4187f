"""Keys in escrow (托管): the folder ``keys`` as one file that only a passphrase opens.

    "shuqiao-keys/1" LF ‖ salt (16) ‖ nonce (12) ‖ AES-256-GCM of {name: base64}

The key is scrypt (RFC 7914) of the passphrase and the salt, N = 2^17, r = 8, p = 1; the first line
and the salt are bound in. The passwords of the embedded database are left out: they belong to the
cluster, and a restored one gets new ones.
"""

import base64
import hashlib
import json
import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.backups.errors import BackupRefused
from shuqiao.i18n import _

_MAGIC: Final = b"shuqiao-keys/1\n"
_SALT, _NONCE = 16, 12
_N, _R, _P = 2**17, 8, 1
_SHORTEST: Final = 12
_OF_THE_CLUSTER: Final = "postgres_"


def read_passphrase(file: Path) -> bytes:
    """The first line of ``file``. Raises ``BackupRefused``."""
    try:
        with file.open("rb") as opened:
            found = opened.readline(4096).strip()
    except OSError as error:
        raise BackupRefused(
            _(
                "The passphrase file %(file)s cannot be read: %(why)s.",
                file=str(file),
                why=error.strerror or "",
            )
        ) from None
    if len(found) < _SHORTEST:
        raise BackupRefused(
            _(
                "The passphrase in %(file)s has fewer than %(count)s bytes: use a longer one.",
                file=str(file),
                count=_SHORTEST,
            )
        )
    return found


def seal(keys: Path, passphrase: bytes) -> bytes:
    """Every key below ``keys`` but the cluster's, sealed."""
    held = {
        str(path.relative_to(keys)): base64.b64encode(path.read_bytes()).decode()
        for path in sorted(keys.rglob("*"))
        if path.is_file() and not path.name.startswith((".", _OF_THE_CLUSTER))
    }
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    plain = json.dumps(held, sort_keys=True).encode()
    head = _MAGIC + salt
    return head + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, plain, head)


def unseal(sealed: bytes, passphrase: bytes) -> dict[str, bytes]:
    """Name → key. Raises ``BackupRefused`` for another passphrase, or changed bytes."""
    start = len(_MAGIC)
    salt, rest = sealed[start : start + _SALT], sealed[start + _SALT :]
    try:
        if not sealed.startswith(_MAGIC):
            raise InvalidTag
        plain = AESGCM(_key(passphrase, salt)).decrypt(rest[:_NONCE], rest[_NONCE:], _MAGIC + salt)
    except (InvalidTag, ValueError):
        raise BackupRefused(
            _("The keys of the backup do not open: this is not the passphrase that sealed them.")
        ) from None
    return {name: base64.b64decode(value) for name, value in json.loads(plain).items()}


def put_back(keys: Path, held: dict[str, bytes]) -> list[str]:
    """Each key that is not there as a file of its own, 0600; gives their names."""
    gone = [name for name in held if not (keys / name).exists()]
    for name, value in ((name, held[name]) for name in gone):
        path = keys / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(value)
            file.flush()
            os.fsync(file.fileno())
    return gone


def _key(passphrase: bytes, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase, salt=salt, n=_N, r=_R, p=_P, maxmem=256 * _N * _R, dklen=32)
