"""A password in a file, sealed (AES-256-GCM) under the key ``connections.key`` of the home.

The rest of the file is bound to it: alias, host and whatever else says where the password goes, so
that who can write to the folder cannot send it elsewhere. A file may hold several boxes, each
saying by a fingerprint under which key it was closed: so one key gives way to another while
processes read.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shuqiao.keys import fingerprint

KEY: Final = "connections.key"
_NONCE_BYTES: Final = 12


class CannotOpen(Exception):
    """No box was closed under one of the keys, or what is bound to it was changed."""


def seal(document: Mapping[str, Any], password: str, secret: bytes) -> dict[str, str]:
    """A box with ``password``, which opens beside this very ``document`` only."""
    nonce = os.urandom(_NONCE_BYTES)
    closed = AESGCM(secret).encrypt(nonce, password.encode(), _bound(document))
    return {"key": fingerprint(KEY, secret).hex(), "box": b64encode(nonce + closed).decode()}


def opened(
    document: Mapping[str, Any], boxes: Sequence[Mapping[str, str]], under: Iterable[bytes]
) -> str:
    """The password. Raises ``CannotOpen``, ``ValueError`` or ``KeyError`` for what is no box."""
    secrets = {fingerprint(KEY, each).hex(): each for each in under}
    for box in boxes:
        if (secret := secrets.get(box["key"])) is not None:
            raw = b64decode(box["box"], validate=True)
            try:
                found = AESGCM(secret).decrypt(
                    raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound(document)
                )
            except InvalidTag:
                raise CannotOpen from None
            return found.decode()
    raise CannotOpen


def _bound(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, ensure_ascii=False).encode()
