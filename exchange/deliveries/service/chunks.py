"""A plan's run as Arrow IPC bytes, with the receipt growing beside it."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any

from shuqiao.arrow.scans.places import Places
from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.arrow.scans.receipts import ReceiptBuilder, closing_bytes
from shuqiao.arrow.scans.scan import Told, ready, run


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
        """(bytes, rows) in order. The first when rows follow: whoever waits for a place, or for a
        source in vain, is told so in place of a stream. Of ready rows the bytes are those that were
        checked, never copied again. Raises ``SnapshotDamaged`` before anything of a batch that is
        not what was written.
        """
        if self._plan.is_ready and self._plan.source.is_ready:
            yield memoryview(self._plan.schema.serialize()), 0
            for message in ready(self._plan, self._builder.read):
                self._builder.add(message.batch)  # its digests are looked up, nothing is hashed
                yield memoryview(message.raw), message.batch.num_rows
            return
        told = Told(self._builder.begin, self._too_slow, self._builder.read)
        async with aclosing(run(self._plan, self._keys, self._places, told)) as batches:
            batch = await anext(batches, None)
            yield memoryview(self._plan.schema.serialize()), 0
            while batch is not None:
                await asyncio.to_thread(self._builder.add, batch)
                yield memoryview(batch.serialize()), batch.num_rows
                batch = await anext(batches, None)

    def last(self) -> tuple[bytes, dict[str, Any]]:
        receipt = self._builder.whole()
        if self._edition_no is not None:
            receipt["edition"] = self._edition_no
        return closing_bytes(self._plan.schema, receipt), receipt
