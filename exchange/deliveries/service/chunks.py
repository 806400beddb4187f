"""A plan's run as Arrow IPC bytes, with the receipt growing beside it."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.arrow.scans.receipts import ReceiptBuilder, closing_bytes
from shuqiao.arrow.scans.scan import run


class ArrowChunks:
    """Schema message, record batch messages, and the closing zero-row
    batch that carries the receipt.
    """

    def __init__(
        self, plan: DeliveryPlan, keys: Mapping[str, bytes], edition_no: int | None = None
    ) -> None:
        self._plan, self._keys, self._edition_no = plan, keys, edition_no
        self._builder = ReceiptBuilder(plan)

    async def pieces(self) -> AsyncGenerator[tuple[memoryview, int], None]:
        """(bytes, rows) in order; the bytes are Arrow's own buffers, never copied."""
        self._builder = ReceiptBuilder(
            self._plan
        )  # now, after any waiting: what is live says since when
        yield memoryview(self._plan.schema.serialize()), 0
        async with aclosing(run(self._plan, self._keys)) as batches:
            async for batch in batches:
                if self._plan.is_ready:
                    self._builder.add(batch)  # stored digests are looked up, nothing is hashed
                else:
                    await asyncio.to_thread(self._builder.add, batch)
                yield memoryview(batch.serialize()), batch.num_rows

    def last(self) -> tuple[bytes, dict[str, Any]]:
        receipt = self._builder.receipt()
        if self._edition_no is not None:
            receipt["edition"] = self._edition_no
        return closing_bytes(self._plan.schema, receipt), receipt
