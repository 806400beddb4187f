"""The store between a source and its reader: the same batches in order, a bound, and an end of
patience.
"""

import asyncio
import os
import threading
import time
from pathlib import Path

import pyarrow as pa
import pytest

from shuqiao.arrow.scans.spool import Left, ReaderTooSlow, Spool
from shuqiao.settings import settings

SCHEMA = pa.schema([pa.field("n", pa.int64()), pa.field("text", pa.string())])
#: One batch is about 48 KB as it is kept.
ROWS, SMALL = 2_000, 110_000


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings(), "home", tmp_path)
    return tmp_path


def batch(number: int) -> pa.RecordBatch:
    numbers = range(number * ROWS, (number + 1) * ROWS)
    return pa.record_batch([list(numbers), [f"第{each}行" for each in numbers]], schema=SCHEMA)


async def all_of(spool: Spool, *, pause: float = 0.0) -> list[pa.RecordBatch]:
    found = []
    while (taken := await spool.take()) is not None:
        found.append(taken)
        await asyncio.sleep(pause)
    return found


def written(spool: Spool) -> None:
    """Until something lies in the file."""
    deadline = time.monotonic() + 30
    while spool._written == 0:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def over(spool: Spool) -> None:
    """Whoever took and whoever put let go of it."""
    spool.leave()
    spool.let_go()
    assert spool._file is None


def putting(spool: Spool, count: int) -> threading.Thread:
    def put() -> None:
        try:
            for number in range(count):
                spool.put(batch(number))
            spool.end()
        except Exception as error:
            spool.end(error)

    thread = threading.Thread(target=put)
    thread.start()
    return thread


@pytest.mark.parametrize("limit", [SMALL, 10_000, 10_000_000])
def test_what_is_put_comes_out_in_order_round_and_round_within_the_limit(
    limit: int, own_home: Path
) -> None:
    async def both() -> list[pa.RecordBatch]:
        spool = Spool(SCHEMA, limit=limit, patience=60)
        thread = putting(spool, 12)
        await asyncio.to_thread(written, spool)
        found = await all_of(spool, pause=0.01)
        thread.join()
        assert spool._file is not None
        assert os.fstat(spool._file.fileno()).st_size <= max(limit, 60_000)
        over(spool)
        return found

    assert asyncio.run(both()) == [batch(number) for number in range(12)]
    assert list((own_home / "spool").iterdir()) == [], "the file had no name"


def test_a_reader_who_is_waited_for_too_long_is_told_apart_from_one_who_left() -> None:
    async def unread() -> None:
        spool = Spool(SCHEMA, limit=SMALL, patience=0.3)
        began = time.monotonic()
        with pytest.raises(ReaderTooSlow):
            await asyncio.to_thread(lambda: [spool.put(batch(n)) for n in range(12)])
        assert 0.3 <= time.monotonic() - began < 20
        over(spool)

    async def left() -> None:
        spool = Spool(SCHEMA, limit=SMALL, patience=60)
        waiting = asyncio.create_task(
            asyncio.to_thread(lambda: [spool.put(batch(n)) for n in range(12)])
        )
        await asyncio.to_thread(written, spool)
        spool.leave()
        with pytest.raises(Left):
            await waiting
        spool.let_go()
        assert spool._file is None

    asyncio.run(unread())
    asyncio.run(left())


def test_what_broke_the_source_comes_behind_what_it_gave() -> None:
    async def broken() -> None:
        spool = Spool(SCHEMA, limit=SMALL, patience=60)
        spool.put(batch(0))
        spool.end(ValueError("broken"))
        assert await spool.take() == batch(0)
        with pytest.raises(ValueError, match="broken"):
            await spool.take()

    asyncio.run(broken())


def test_who_put_lets_go_and_the_rest_is_still_taken_from_the_file() -> None:
    async def reads() -> list[pa.RecordBatch]:
        spool = Spool(SCHEMA, limit=10_000_000, patience=30)
        putting(spool, 5).join()
        assert spool._file is not None
        spool.let_go()
        found = await all_of(spool)
        spool.leave()
        assert spool._file is None
        return found

    assert asyncio.run(reads()) == [batch(number) for number in range(5)]


def test_nothing_is_kept_for_a_reader_who_left() -> None:
    async def leaves() -> Spool:
        spool = Spool(SCHEMA, limit=10_000_000, patience=30)
        spool.leave()
        with pytest.raises(Left):
            spool.put(batch(0))
        return spool

    over_now = asyncio.run(leaves())
    assert not over_now._waiting
    over_now.let_go()
