"""Canonical bytes of an event and its leaf hash; standard library only,
so that the verifier can use it alone.

The bytes are RFC 8785 (JCS) in a restricted profile: objects with ASCII keys, strings, integers
below 2^53 in size, booleans, arrays; no floats, no null. In this profile sorted compact JSON is JCS
(the tests compare with an independent implementation). The leaf hash is the one of RFC 9162:
SHA-256(0x00 ‖ bytes).
"""

import hashlib
import json
from typing import Any

_LARGEST = 2**53 - 1


def canonical_bytes(value: dict[str, Any]) -> bytes:
    """The one byte form of ``value``. Raises ``ValueError`` outside the profile."""
    _check(value, "$")
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode("utf-8")


def leaf_hash(canon: bytes) -> bytes:
    """RFC 9162 section 2.1.1 leaf hash, 32 bytes."""
    return hashlib.sha256(b"\x00" + canon).digest()


def _check(value: Any, path: str) -> None:
    if isinstance(value, bool | str):
        return
    if isinstance(value, int):
        if abs(value) > _LARGEST:
            raise ValueError(f"{path}: integer of 2^53 or more")
    elif isinstance(value, dict):
        for name, inner in value.items():
            if not isinstance(name, str) or not name.isascii():
                raise ValueError(f"{path}: keys are ASCII strings")
            _check(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            _check(inner, f"{path}[{position}]")
    else:
        raise ValueError(f"{path}: {type(value).__name__} is outside the profile")
