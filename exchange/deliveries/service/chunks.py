"""A plan's run as Arrow IPC bytes, with the receipt growing beside it."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.arrow.scans.receipts import ReceiptBuilder, closing_bytes
from shuqiao.arrow.scans.scan import ready, run


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
        """(bytes, rows) in order. Of ready rows the bytes are those that were checked, never copied
        again. Raises ``SnapshotDamaged`` before anything of a batch that is not what was written.
        """
        self._builder = ReceiptBuilder(
            self._plan
        )  # now, after any waiting: what is live says since when
        yield memoryview(self._plan.schema.serialize()), 0
        if self._plan.is_ready and self._plan.source.is_ready:
            for message in ready(self._plan, self._builder.read):
                self._builder.add(message.batch)  # its digests are looked up, nothing is hashed
                yield memoryview(message.raw), message.batch.num_rows
            return
        async with aclosing(run(self._plan, self._keys, self._builder.read)) as batches:
            async for batch in batches:
                await asyncio.to_thread(self._builder.add, batch)
                yield memoryview(batch.serialize()), batch.num_rows

    def last(self) -> tuple[bytes, dict[str, Any]]:
        receipt = self._builder.whole()
        if self._edition_no is not None:
            receipt["edition"] = self._edition_no
        return closing_bytes(self._plan.schema, receipt), receipt
