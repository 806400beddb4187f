"""The offline verifier. Standard library only and no database: whoever holds an export can run it.

It recomputes the canonical bytes and the leaf hash of every event, checks that each stream's
numbers run without a gap up to the head written in the export, and – with an expectation collected
elsewhere – that every expected event is there unchanged and that nothing was added. It never
repairs and never guesses: each problem names its event or stream.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audit.canonical import canonical_bytes, leaf_hash

FORMAT = "shuqiao-audit-export/1"
_FIELDS = {"v", "id", "stream", "seq", "ts", "act", "res", "actor", "obj", "rid"}


@dataclass(slots=True)
class Report:
    """Result of a verification: ``verified`` only when there is no problem."""

    events: int = 0
    streams: int = 0
    problems: list[dict[str, str]] = field(default_factory=list)

    @property
    def verified(self) -> bool:
        return not self.problems

    def problem(self, code: str, where: str, what: str) -> None:
        self.problems.append({"code": code, "where": where, "what": what})


@dataclass(frozen=True, slots=True)
class _Seen:
    leaf: str
    stream: str
    seq: int


def verify(export: Path, expectation: Path | None = None) -> Report:
    """Check the file ``export``; with ``expectation`` (JSON:
    ``events``, ``counts``) also against it.
    """
    report = Report()
    with export.open(encoding="utf-8") as lines:
        header = _header(lines.readline(), report)
        seen = _events(lines, report)
    if header.get("whole"):
        _check_streams(seen, header.get("streams", {}), report)
    report.events = len(seen)
    report.streams = len({event.stream for event in seen.values()})
    if expectation is not None:
        _check_expected(seen, header, json.loads(expectation.read_text(encoding="utf-8")), report)
    return report


def _header(line: str, report: Report) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if (
        not isinstance(found, dict)
        or found.get("format") != FORMAT
        or not _are_heads(found.get("streams", {}))
    ):
        report.problem("not_an_export", "line 1", f"the first line must be a {FORMAT} header")
        return {}
    return found


def _are_heads(streams: Any) -> bool:
    return isinstance(streams, dict) and all(type(head) is int for head in streams.values())


def _events(lines: Iterable[str], report: Report) -> dict[str, _Seen]:
    seen: dict[str, _Seen] = {}
    for number, line in enumerate(lines, start=2):
        try:
            row = json.loads(line)
            canon, leaf = row["canon"].encode("utf-8", "surrogateescape"), str(row["leaf_hash"])
            event = json.loads(canon)
            identity, stream, seq = str(event["id"]), str(event["stream"]), int(event["seq"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            report.problem("unreadable", f"line {number}", "this line is not an event any more")
            continue
        _check_event(event, canon, leaf, identity, report)
        if identity in seen:
            report.problem("doubled", identity, "the same event id stands twice")
        seen[identity] = _Seen(leaf, stream, seq)
    return seen


def _check_event(
    event: dict[str, Any], canon: bytes, leaf: str, identity: str, report: Report
) -> None:
    if leaf_hash(canon).hex() != leaf:
        report.problem("changed_bytes", identity, "the leaf hash does not belong to these bytes")
    try:
        exact = canonical_bytes(event) == canon
    except ValueError:
        exact = False
    if not exact:
        report.problem(
            "not_canonical", identity, "the bytes are not the canonical form of what they say"
        )
    if missing := sorted(_FIELDS - event.keys()):
        report.problem("incomplete", identity, f"missing: {', '.join(missing)}")


def _check_streams(seen: Mapping[str, _Seen], heads: Mapping[str, int], report: Report) -> None:
    numbers: dict[str, list[int]] = defaultdict(list)
    for event in seen.values():
        numbers[event.stream].append(event.seq)
    for stream in sorted(heads.keys() | numbers.keys()):
        found, head = sorted(numbers[stream]), int(heads.get(stream, 0))
        if gone := sorted(set(range(1, head + 1)) - set(found)):
            report.problem("missing", stream, f"numbers {_some(gone)} of {head} are gone")
        if beyond := [seq for seq in found if not 1 <= seq <= head]:
            report.problem(
                "beyond_head",
                stream,
                f"numbers {_some(beyond)} are beyond the stream's last number {head}",
            )
        if len(found) != len(set(found)):
            report.problem("doubled", stream, "a number stands twice")


def _check_expected(
    seen: Mapping[str, _Seen], header: Mapping[str, Any], expected: Any, report: Report
) -> None:
    for wanted in expected.get("events", []):
        event = seen.get(wanted["event_id"])
        if event is None:
            report.problem(
                "expected_missing",
                wanted["event_id"],
                "an event that was acknowledged is not in the export",
            )
        elif event.leaf != wanted["leaf_hash"]:
            report.problem(
                "expected_changed",
                wanted["event_id"],
                "its leaf hash is not the one that was acknowledged",
            )
    if "counts" not in expected:
        return
    own = str(header.get("export_event", {}).get("event_id", ""))
    counts: dict[str, int] = defaultdict(int)
    for identity, event in seen.items():
        counts[event.stream] += (
            identity != own
        )  # the export's own event came after the count was taken
    for stream in sorted(counts.keys() | expected["counts"].keys()):
        found, wanted_count = counts.get(stream, 0), int(expected["counts"].get(stream, 0))
        if found != wanted_count:
            report.problem("count", stream, f"{found} events, {wanted_count} expected")


def _some(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:5])) + (" …" if len(numbers) > 5 else "")
