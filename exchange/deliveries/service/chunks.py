"""A plan's run as Arrow IPC bytes, with the receipt growing beside it."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any

from shuqiao.arrow.scans.places import Places
from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.arrow.scans.receipts import ReceiptBuilder, closing_bytes
from shuqiao.arrow.scans.scan import run


class ArrowChunks:
    """Schema message, record batch messages, and the closing zero-row
    batch that carries the receipt.
    """

    def __init__(
        self,
        plan: DeliveryPlan,
        keys: Mapping[str, bytes],
        places: Places | None = None,
        edition_no: int | None = None,
        too_slow: Callable[[], None] = lambda: None,
    ) -> None:
        self._plan, self._keys, self._edition_no = plan, keys, edition_no
        self._places, self._too_slow = places, too_slow
        self._builder = ReceiptBuilder(plan)

    async def pieces(self) -> AsyncGenerator[tuple[memoryview, int], None]:
        """(bytes, rows) in order; the bytes are Arrow's own buffers, never copied. The first when
        rows follow: whoever waits for a place, or for a source in vain, is told so in place of a
        stream.
        """
        runs = run(self._plan, self._keys, self._places, self._begin, self._too_slow)
        async with aclosing(runs) as batches:
            batch = await anext(batches, None)
            yield memoryview(self._plan.schema.serialize()), 0
            while batch is not None:
                if self._plan.is_ready:
                    self._builder.add(batch)  # stored digests are looked up, nothing is hashed
                else:
                    await asyncio.to_thread(self._builder.add, batch)
                yield memoryview(batch.serialize()), batch.num_rows
                batch = await anext(batches, None)

    def _begin(self) -> None:
        """After any waiting: what is live says since when."""
        self._builder = ReceiptBuilder(self._plan)

    def last(self) -> tuple[bytes, dict[str, Any]]:
        receipt = self._builder.receipt()
        if self._edition_no is not None:
            receipt["edition"] = self._edition_no
        return closing_bytes(self._plan.schema, receipt), receipt
