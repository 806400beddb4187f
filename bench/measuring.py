"""How every benchmark measures and prints: cases in turn, medians,
ratios of the same round, one JSON object a line.
"""

import json
import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

#: One run of a case; gives nothing, or what it handled (rows) to be checked against the others.
Case = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds a run of one case, in the order of the rounds."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def quantile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def speed_to(self, other: "Times") -> float:
        """How many times as fast as ``other``: the median of the ratios
        of each round, which noise hits alike.
        """
        return statistics.median(b / a for a, b in zip(self.seconds, other.seconds, strict=True))


@dataclass(slots=True)
class Report:
    """The lines of one benchmark, printed as they come."""

    bench: str
    lines: list[dict[str, Any]] = field(default_factory=list)

    def line(
        self,
        case: str,
        value: float,
        unit: str,
        *,
        target: float | None = None,
        ratio_to: str | None = None,
        rows: int | None = None,
        **more: Any,
    ) -> None:
        """``target``: at most for ms, µs and MB, at least for a ratio (unit ``x``)."""
        holds = None if target is None else (value >= target if unit == "x" else value <= target)
        found = {
            "bench": self.bench,
            "case": case,
            "value": _rounded(value),
            "unit": unit,
            "ratio_to": ratio_to,
            "target": target,
            "holds": holds,
            "rows": rows,
            "load": round(os.getloadavg()[0], 1),
            **more,
        }
        self.lines.append(found)
        print(json.dumps(found, ensure_ascii=False), flush=True)


def interleaved(cases: Mapping[str, Case], *, rounds: int, warm: int = 1) -> dict[str, Times]:
    """Run all cases in turn, ``rounds`` times, after ``warm`` unmeasured ones."""
    for _round in range(warm):
        for case in cases.values():
            case()
    found: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(rounds):
        turn = list(cases.items())
        for name, case in turn if number % 2 else reversed(turn):  # who goes first changes
            started = time.perf_counter()
            case()
            found[name].append(time.perf_counter() - started)
    return {name: Times(tuple(seconds)) for name, seconds in found.items()}


def machine() -> dict[str, Any]:
    """What the figures were measured on, for the report's first line."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cpu": names[0] if names else "unknown",
        "cores": os.cpu_count(),
        "memory_gb": round(pages / 2**30),
    }


def anonymous_bytes(pid: int) -> int:
    """Anonymous memory of a process: what is neither a file nor shared."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1_024 for line in file if line.startswith("RssAnon:"))


def _rounded(value: float) -> float:
    return round(value, 3 if value < 10 else 1)
