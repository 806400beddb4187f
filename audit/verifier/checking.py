"""The check of an export: each event by itself, then order, numbers and what was kept elsewhere."""

from collections import defaultdict
from pathlib import Path
from typing import BinaryIO, Final

from .kept import Kept
from .lines import Header, events_of, header_of
from .report import Report
from .runs import Runs, named

#: Bounds of what is remembered, far beyond any honest trail: a stream is one run of numbers.
MOST_STREAMS: Final = 1_000_000
MOST_GAPS: Final = 100_000


def verify(
    export: Path,
    expectation: Path | None = None,
    *,
    earlier: Path | None = None,
    part: bool = False,
) -> Report:
    """Check the file ``export``.

    With ``expectation`` (JSON: ``events``, ``counts``) and the file of an ``earlier`` export of the
    whole trail also against them. ``part`` asks for no more than what the file holds. Raises
    ``NotComparable`` when what is compared with is not usable, and ``OSError``.
    """
    report = Report(wants_part=part)
    kept = Kept(expectation, earlier)
    with export.open("rb") as file:
        header = header_of(file, report)
        if report.is_export:
            report.exported_at, report.is_whole = header.exported_at, header.is_whole
            _check(file, header, kept, report)
            _say_what_was_not_checked(header, kept, report, has_earlier=earlier is not None)
    return report


def _check(file: BinaryIO, header: Header, kept: Kept, report: Report) -> None:
    streams: defaultdict[str, Runs] = defaultdict(Runs)
    counted: defaultdict[str, int] = defaultdict(int)
    gaps, last, own = 0, "", None
    for event in events_of(file, report):
        report.events += 1
        if event.id <= last:
            report.problem("order", event.id, line=event.line)
        last = event.id
        kept.meet(event, report)
        if gaps > MOST_GAPS or len(streams) > MOST_STREAMS:
            report.unchecked.setdefault("rest", {"line": event.line})
            continue
        if header.own and event.id == header.own[0]:
            own = event.leaf  # recorded after the counts were taken
        else:
            counted[event.stream] += 1
        runs = streams[event.stream]
        before = len(runs)
        runs.add(event.seq)
        gaps += len(runs) - max(before, 1)
    report.streams = len(streams)
    kept.finish(report)
    if header.events is not None and header.events != report.events:
        report.problem("cut", 1, found=report.events, wanted=header.events)
    if header.is_whole and header.own and own != header.own[1]:
        report.problem("own_event", header.own[0])
    if "rest" not in report.unchecked:
        _check_numbers(streams, header, report)
        _check_counts(counted, kept, report)


def _check_numbers(streams: dict[str, Runs], header: Header, report: Report) -> None:
    heads = header.heads or {}
    for stream in sorted(heads.keys() | streams.keys()):
        runs = streams.get(stream) or Runs()
        if header.is_whole or stream in heads:
            head = heads.get(stream, 0)
            if gone := named(runs.gone(head)):
                report.problem("missing", stream, numbers=gone, head=head)
            if beyond := named(runs.beyond(head)):
                report.problem("beyond_head", stream, numbers=beyond, head=head)
        if runs.doubled:
            report.problem("doubled", stream, numbers=named(iter(runs.doubled)))


def _check_counts(counted: dict[str, int], kept: Kept, report: Report) -> None:
    for stream in sorted(counted.keys() | kept.counts.keys()) if kept.counts else ():
        found, wanted = counted.get(stream, 0), kept.counts.get(stream, 0) if kept.counts else 0
        if found != wanted:
            report.problem("count", stream, found=found, wanted=wanted)


def _say_what_was_not_checked(
    header: Header, kept: Kept, report: Report, *, has_earlier: bool
) -> None:
    """In the order in which it is told: first what most likely misleads."""
    more = report.unchecked
    report.unchecked = {} if report.events else {"empty": {}}
    if not header.is_whole:
        report.unchecked["part"] = {"filter": header.filter or "-"}
        if not header.heads:
            report.unchecked["numbers"] = {}
    report.unchecked |= more
    if header.events is None:
        report.unchecked["count"] = {}
    if not kept.is_given:
        report.unchecked["receipts"] = {}
    if not has_earlier and kept.counts is None:
        report.unchecked["head"] = {}
    report.unchecked["seal"] = {}
