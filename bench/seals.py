"""What it costs that stored batches are checked at every use: the ready stream's own work with each
kind of seal, beside the same without a check, in turn.

Seconds are of the processor, for one thread: what else the machine does is not in them. The cost is
told as the part of a stream of 2 GB/s that a check takes.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from bench.measuring import Report
from bench.table import write_table
from shuqiao.arrow.snapshots.reader import Snapshot, open_snapshot
from shuqiao.arrow.snapshots.sealing import keep_seals, made_seals
from shuqiao.settings import settings

#: Bytes a second of the stream that the cost is a part of.
STREAM: Final = 2_000_000_000
TARGETS: Final[Mapping[str, float | None]] = {"xxh3": 0.10, "gmac": 0.40, "sha256": None}
ROWS: Final = 1_000_000


def run(report: Report, options: argparse.Namespace) -> None:
    """Every kind over a table in the page cache, ``options.rounds`` times four."""
    with tempfile.TemporaryDirectory(prefix="shuqiao-bench-") as place:
        os.environ["SHUQIAO_HOME"] = place
        settings.cache_clear()
        rows = min(options.rows, ROWS)
        path = Path(place) / "store" / write_table(Path(place) / "store", rows).id
        cases = {"none": _unchecked(open_snapshot(path))}
        for kind in TARGETS:
            cases[kind] = _checked(_opened(path, kind))
        sizes = {name: case() for name, case in cases.items()}
        seconds: dict[str, list[float]] = {name: [] for name in cases}
        for _round in range(4 * options.rounds):
            for name, case in cases.items():
                started = time.thread_time()
                case()
                seconds[name].append(time.thread_time() - started)
        for kind, target in TARGETS.items():
            more = (b - a for a, b in zip(seconds["none"], seconds[kind], strict=True))
            cost = statistics.median(more) / (sizes["none"] / STREAM)
            report.line(f"check by {kind}", cost, "of 2 GB/s", target=target, rows=rows)


def _opened(path: Path, kind: str) -> Snapshot:
    """``sha256``: without seals, as what was written before there were any."""
    for seals in path.glob("seals.*"):
        seals.unlink()
    found = open_snapshot(path)
    if kind != "sha256":
        os.environ["SHUQIAO_STORE_SEALS"] = kind
        settings.cache_clear()
        keep_seals(path, made_seals(found))
    found.message(0, found.schema.names)  # its seals are read
    return found


def _checked(source: Snapshot) -> Callable[[], int]:
    names, numbers = source.schema.names, range(len(source.manifest.batch_sizes))
    return lambda: sum(source.message(number, names).raw.size for number in numbers)


def _unchecked(source: Snapshot) -> Callable[[], int]:
    names, numbers = source.schema.names, range(len(source.manifest.batch_sizes))
    reader = source._reader
    return lambda: sum(reader.get_batch(n).select(names).serialize().size for n in numbers)
