"""What ``make test`` costs: CPU seconds by kind of process, watched from outside while it runs.

Five times a second every process of the machine is looked at; what a process used last is what it
cost. Processes that live shorter than that are missed, and counted in the time of the parent that
waited for them.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Final

from bench.measuring import Report

ROOT: Final = Path(__file__).resolve().parents[1]
TICKS: Final = os.sysconf("SC_CLK_TCK")
#: Kind → words of which one stands in the name or the command line of such a process.
KINDS: Final = {
    "PostgreSQL": ("postgres", "initdb"),
    "Chromium": ("chrom", "playwright"),
    "decode child": ("shuqiao.arrow.child",),
    "checks": ("ruff", "mypy", "lint-imports"),
    "serving processes, warm": ("multiprocessing.forkserver",),
    "serving processes, from nothing": ("server.process.role", "server.process.singleton"),
    "commands": ("server.cli", "bin/shuqiao", "bin/sq"),
    "tests": ("sys.stdin.readline", "-m pytest"),
}
#: Number and start of a process → its kind, its CPU seconds so far.
Spent = dict[tuple[str, str], tuple[str, float]]
#: Of a process that has ended the command line is gone: it stays what it was.
ENDED: Final = "ended"


def run(report: Report, options: argparse.Namespace) -> None:
    spent: Spent = {}
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(spent, done))
    watcher.start()
    begun = time.monotonic()
    try:
        status = subprocess.call([sys.executable, "run.py", "test"], cwd=ROOT, stdout=sys.stderr)
    finally:
        done.set()
        watcher.join()
    report.line("wall", time.monotonic() - begun, "s", status=status)
    by_kind: defaultdict[str, float] = defaultdict(float)
    for kind, seconds in spent.values():
        by_kind[kind] += seconds
    for kind, seconds in sorted(by_kind.items(), key=lambda each: -each[1]):
        report.line(f"CPU, {kind}", seconds, "s")


def _watch(spent: Spent, done: threading.Event) -> None:
    """Note of every process, by number and start, its kind and its user and system seconds."""
    there = set(_processes())
    while not done.wait(0.2):
        for number in set(_processes()) - there:
            found = _looked_at(Path("/proc", number))
            if found is not None:
                start, kind, seconds = found
                before, _seconds = spent.get((number, start), (kind, 0.0))
                spent[number, start] = (before if kind == ENDED else kind, seconds)


def _processes() -> list[str]:
    return [entry for entry in os.listdir("/proc") if entry.isdigit()]


def _looked_at(process: Path) -> tuple[str, str, float] | None:
    try:
        name, _, rest = (process / "stat").read_text().rpartition(")")
        line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return None
    fields = rest.split()
    if not line:
        return fields[19], ENDED, (int(fields[11]) + int(fields[12])) / TICKS
    words = f"{name} {line}"
    kind = next((kind for kind, marks in KINDS.items() if any(m in words for m in marks)), "other")
    return fields[19], kind, (int(fields[11]) + int(fields[12])) / TICKS
