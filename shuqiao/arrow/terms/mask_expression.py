"""From a mask to the engine.

``concat`` there skips NULL, so every mask decides about NULL before it builds a text.
"""

import hashlib
from typing import Final

import pyarrow as pa
import pyarrow.types as pat
from datafusion import Expr, lit
from datafusion import functions as f

from shuqiao.arrow.terms.masks import FREE_STARS, Keep, Mask, Pseudonym, Round, Stars, Year

_BLOCK_BYTES: Final = 64
SHORTEST_KEY: Final = 16


def mask_expression(mask: Mask, value: Expr, type_: pa.DataType, key: bytes | None) -> Expr:
    """``value`` (of ``type_``) as the recipient may see it, of
    :func:`~shuqiao.arrow.terms.masks.masked_type`.

    ``key``: the recipient's mask key, at least 16 bytes; needed by pseudonyms only. Raises
    ``ValueError`` without it.
    """
    match mask:
        case Keep():
            return _text(value, _keep(mask, value))
        case Stars():
            return _text(value, _words(FREE_STARS))
        case Pseudonym():
            return _text(value, _pseudonym(mask, value, key))
        case Year():
            return f.date_part("year", value).cast(pa.int32())
        case Round():
            return _rounded(mask, value, type_).cast(type_)


def _text(value: Expr, masked: Expr) -> Expr:
    """NULL stays NULL; ``concat`` gives string views, the wire has plain strings."""
    return f.when(value.is_null(), lit(pa.scalar(None, pa.string()))).otherwise(
        masked.cast(pa.string())
    )


def _words(text: str) -> Expr:
    return lit(pa.scalar(text, pa.string()))


def _number(number: int) -> Expr:
    return lit(pa.scalar(number, pa.int64()))


def _keep(mask: Keep, value: Expr) -> Expr:
    hidden = "*" * (mask.length - mask.prefix - mask.suffix) if mask.length else FREE_STARS
    parts = [f.left(value, _number(mask.prefix))] if mask.prefix else []
    parts.append(_words(hidden))
    if mask.suffix:
        parts.append(f.right(value, _number(mask.suffix)))
    kept = f.concat(*parts).cast(pa.string())
    characters = f.character_length(value).cast(pa.int64())
    if mask.length is None:
        return f.when(characters > _number(mask.prefix + mask.suffix), kept).otherwise(
            _words(FREE_STARS)
        )
    whole = _number(mask.length)
    fits = (characters == whole) & (f.octet_length(value).cast(pa.int64()) == whole)
    return f.when(fits, kept).otherwise(_words("*" * mask.length))


def _pseudonym(mask: Pseudonym, value: Expr, key: bytes | None) -> Expr:
    """RFC 2104 with SHA-256, digest by digest inside the engine."""
    if key is None or len(key) < SHORTEST_KEY:
        raise ValueError("a pseudonym needs the recipient's key of at least 16 bytes")
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK_BYTES else key).ljust(
        _BLOCK_BYTES, b"\0"
    )
    inner, outer = (
        lit(pa.scalar(bytes(byte ^ pad for byte in block), pa.binary())) for pad in (0x36, 0x5C)
    )
    message = value.cast(pa.string()).cast(pa.binary())
    digest = f.encode(f.sha256(f.concat(outer, f.sha256(f.concat(inner, message)))), "hex")
    return (
        digest
        if mask.digits == 2 * hashlib.sha256().digest_size
        else f.left(digest, _number(mask.digits))
    )


def _rounded(mask: Round, value: Expr, type_: pa.DataType) -> Expr:
    """``value - value % step``: the remainder has the sign of the
    value, so nothing grows and nothing overflows.
    """
    number = (
        int(mask.step)
        if pat.is_integer(type_)
        else float(mask.step)
        if pat.is_floating(type_)
        else mask.step
    )
    return value - value % lit(pa.scalar(number, type_))
