"""What the engine gives the kinds of mask to build their expressions with.

``concat`` there skips NULL, so every mask decides about NULL before it builds a text.
"""

import hashlib
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

import pyarrow as pa
from datafusion import Expr, lit
from datafusion import functions as f

_BLOCK_BYTES: Final = 64
SHORTEST_KEY: Final = 16


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine as the kinds of mask use it; values reach it as typed literals only.

    ``key``: the recipient's mask key, at least 16 bytes; asked for by pseudonyms only.
    """

    key: bytes | None
    functions: ModuleType = f

    def literal(self, value: Any, type_: pa.DataType) -> Expr:
        return lit(pa.scalar(value, type_))

    def words(self, text: str) -> Expr:
        return self.literal(text, pa.string())

    def number(self, number: int) -> Expr:
        return self.literal(number, pa.int64())

    def text(self, value: Expr, masked: Expr) -> Expr:
        """``masked``, but NULL stays NULL; ``concat`` gives string views, the wire has plain
        strings.
        """
        return f.when(value.is_null(), self.literal(None, pa.string())).otherwise(
            masked.cast(pa.string())
        )

    def key_pads(self) -> tuple[Expr, Expr]:
        """The inner and the outer key block of RFC 2104 with SHA-256.

        Raises ``ValueError`` without a proper key.
        """
        key = self.key
        if key is None or len(key) < SHORTEST_KEY:
            raise ValueError("a pseudonym needs the recipient's key of at least 16 bytes")
        block = (hashlib.sha256(key).digest() if len(key) > _BLOCK_BYTES else key).ljust(
            _BLOCK_BYTES, b"\0"
        )
        inner, outer = (
            self.literal(bytes(byte ^ pad for byte in block), pa.binary()) for pad in (0x36, 0x5C)
        )
        return inner, outer
