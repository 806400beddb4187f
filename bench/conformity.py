"""Checks of codes by the column, one core: nanoseconds of the processor a value (beside them those
of the wall clock), and a whole table in batches.

The target is 125 ns a value: 8 million values a second.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pyarrow as pa

from bench.measuring import Report, anonymous_bytes, interleaved
from bench.table import blocks, write_table
from catalog.conformity.checks.columns import ColumnStandard
from catalog.conformity.checks.tables import conformity
from shuqiao.arrow.snapshots.reader import open_snapshot
from shuqiao.codes.rules import RULES, CodeKind

TARGET_NS: Final = 125.0
VALUES: Final = 1_000_000
#: Of each kind some that are right and one that is wrong.
SEEDS: Final = {
    CodeKind.CREDIT_CODE: ("91350100M000100Y43", "11150000000012343U", "11150000000012343A"),
    CodeKind.IDENTITY_NUMBER: ("11010519491231002X", "440524188001010014", "150203202302301238"),
    CodeKind.DIVISION_CODE: ("150200", "410307", "15020x"),
    CodeKind.DATE: ("2025-08-01", "2024-02-29", "2025-02-29"),
    CodeKind.TIME: ("09:30:00", "23:59:59", "24:00:00"),
    CodeKind.DATETIME: ("2025-08-01T09:30:00+08:00", "2024-02-29T23:59:59Z", "2025-02-29T09:30"),
}


def run(report: Report, options: argparse.Namespace) -> None:
    """All cases that contain ``options.only``, on one core."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pa.set_cpu_count(1)
    dice = np.random.default_rng(7)
    columns = {kind: _column(seeds, dice) for kind, seeds in SEEDS.items()}
    kinds = [kind for kind in SEEDS if options.only in kind.value]
    spent: dict[CodeKind, list[tuple[float, float]]] = {kind: [] for kind in kinds}
    for number in range(max(options.rounds, 5) + 1):
        for kind in kinds:
            seconds = _seconds(RULES[kind].faults_of, columns[kind])
            spent[kind] += [seconds] if number else []  # the first round is not counted
    for kind, seconds in spent.items():
        cpu, wall = (statistics.median(each) / VALUES * 1e9 for each in zip(*seconds, strict=True))
        speed = round(1e3 / cpu, 1)
        more = {"wall_ns": round(wall, 1), "million_per_second": speed}
        report.line(kind.value, cpu, "ns", target=TARGET_NS, rows=VALUES, **more)
    if options.only in "table":
        _table(report, min(options.rows, 2_000_000))
    if options.only in "edition":
        _edition(report, min(options.rows, 1_000_000))


def _seconds(check: Callable[[pa.Array], pa.Array], column: pa.Array) -> tuple[float, float]:
    """Of the processor, and of the clock on the wall."""
    cpu, wall = time.process_time(), time.perf_counter()
    check(column)
    return time.process_time() - cpu, time.perf_counter() - wall


def _table(report: Report, rows: int) -> None:
    """Three columns of the generated table, two by their form and one by its domain too."""
    domain = pa.array([f"{number:06d}" for number in range(110_000, 153_000)])
    standards = [
        ColumnStandard("person_id", CodeKind.IDENTITY_NUMBER),
        ColumnStandard("credit_code", CodeKind.CREDIT_CODE),
        ColumnStandard("region_code", CodeKind.DIVISION_CODE, domain),
    ]
    held = [batch.select([each.column for each in standards]) for batch in blocks(rows)]
    conformity(held[:1], standards)
    before = anonymous_bytes(os.getpid())
    times = interleaved({"table": lambda: conformity(held, standards)}, rounds=3)["table"]
    grown = (anonymous_bytes(os.getpid()) - before) / 2**20
    speed = round(rows / times.median / 1e6, 2)
    value = times.median / rows * 1e9
    report.line("table, 3 columns", value, "ns", rows=rows, million_per_second=speed)
    report.line("table, memory beyond its batches", grown, "MB", target=128.0, rows=rows)


def _edition(report: Report, rows: int) -> None:
    """The same from a stored snapshot, as the job of an edition reads it."""
    domain = pa.array([f"{number:06d}" for number in range(110_000, 153_000)])
    standards = [
        ColumnStandard("person_id", CodeKind.IDENTITY_NUMBER, max_length=18),
        ColumnStandard("credit_code", CodeKind.CREDIT_CODE, max_length=18),
        ColumnStandard("region_code", CodeKind.DIVISION_CODE, domain),
    ]
    with TemporaryDirectory() as place:
        found = open_snapshot(Path(place) / write_table(Path(place), rows).id)

        def check() -> None:
            groups = range(found.group_count())
            names = [each.column for each in standards]
            batches = (batch for number in groups for batch in found.group(number, names))
            conformity(batches, standards)

        before = anonymous_bytes(os.getpid())
        times = interleaved({"edition": check}, rounds=3)["edition"]
        grown = (anonymous_bytes(os.getpid()) - before) / 2**20
    report.line("edition from its snapshot", times.median, "s", target=30.0, rows=rows)
    report.line("edition, memory beyond the process", grown, "MB", target=128.0, rows=rows)


def _column(seeds: tuple[str, ...], dice: np.random.Generator) -> pa.Array:
    """A million values, one in a hundred of them wrong."""
    right = dice.integers(0, len(seeds) - 1, VALUES)
    right[dice.random(VALUES) < 0.01] = len(seeds) - 1
    return pa.array(seeds).take(pa.array(right))
