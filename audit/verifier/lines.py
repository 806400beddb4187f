"""Lines of an export: the header and the events, read with bounds, each by its strict form."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, TypeGuard

from .report import Report

FORMAT: Final = "shuqiao-audit-export/1"
LONGEST_LINE: Final = 4 * 1_048_576
#: The header names every stream.
LONGEST_HEADER: Final = 32 * 1_048_576
_LONGEST_NAME: Final = 200
_LARGEST: Final = 2**53 - 1
_PIECE: Final = 65_536
_FIELDS: Final = {"v", "id", "stream", "seq", "ts", "act", "res", "actor", "obj", "rid"}


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as it stands in the file."""

    line: int
    id: str
    stream: str
    seq: int
    leaf: str


@dataclass(frozen=True, slots=True)
class Header:
    """What the first line says: when, of what, and up to which number each stream goes."""

    exported_at: str = ""
    is_whole: bool = False
    filter: str = ""
    heads: dict[str, int] | None = None
    events: int | None = None
    #: Identity and leaf hash of the event that recorded the export.
    own: tuple[str, str] | None = None


class _Unreadable(Exception):
    """A line that cannot be read; its reason is a key of ``words.WHY``."""


def header_of(file: BinaryIO, report: Report) -> Header:
    """The header; when there is none, ``report`` says so."""
    line = file.readline(LONGEST_HEADER + 1)
    try:
        if line.startswith(b"\x1f\x8b"):
            raise _Unreadable("compressed")
        if not line.strip():
            raise _Unreadable("empty")
        if len(line) > LONGEST_HEADER:
            raise _Unreadable("long")
        return _header(parsed(line))
    except _Unreadable as reason:
        report.is_export = False
        report.problem("not_an_export", 1, format=FORMAT, why=str(reason))
        return Header()


def _header(said: Any) -> Header:
    own = said.get("export_event") if isinstance(said, dict) else None
    if (
        not isinstance(said, dict)
        or said.get("format") != FORMAT
        or type(said.get("whole")) is not bool
        or not are_numbers(heads := said.get("streams", {}))
        or not is_text(at := said.get("exported_at", ""))
        or not isinstance(chosen := said.get("filter", {}), dict)
        or not are_numbers({"events": said.get("events", 0)})
        or not isinstance(own or {}, dict)
    ):
        raise _Unreadable("shape")
    return Header(
        exported_at=at,
        is_whole=said["whole"] and not chosen,
        filter=", ".join(f"{name}={value}" for name, value in chosen.items())[:_LONGEST_NAME],
        heads=heads if heads or said["whole"] else None,
        events=said.get("events"),
        own=(str(own.get("event_id")), str(own.get("leaf_hash"))) if own else None,
    )


def events_of(file: BinaryIO, report: Report) -> Iterator[Seen]:
    """The events, each checked by itself; what is wrong with one is told in ``report``."""
    number = 1
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            report.problem("too_long", number, limit=LONGEST_LINE)
            while line and not line.endswith(b"\n"):
                line = file.readline(_PIECE)
            continue
        try:
            yield _event(line, number, report)
        except _Unreadable as reason:
            report.problem("unreadable", number, why=str(reason))


def _event(line: bytes, number: int, report: Report) -> Seen:
    row = parsed(line)
    if not isinstance(row, dict) or not is_text(leaf := row.get("leaf_hash")):
        raise _Unreadable("shape")
    try:
        # The export writes bytes that are no UTF-8 any more in this way, so that they are seen.
        canon = row["canon"].encode("utf-8", "surrogateescape")
    except (AttributeError, KeyError, ValueError):
        raise _Unreadable("shape") from None
    event = parsed(canon)
    if (
        not isinstance(event, dict)
        or not is_text(identity := event.get("id"))
        or not is_text(stream := event.get("stream"))
        or type(seq := event.get("seq")) is not int
        or abs(seq) > _LARGEST
    ):
        raise _Unreadable("shape")
    if hashlib.sha256(b"\x00" + canon).hexdigest() != leaf:
        report.problem("changed_bytes", identity)
    if canonical(event) != canon:
        report.problem("not_canonical", identity)
    if missing := sorted(_FIELDS - event.keys()):
        report.problem("incomplete", identity, names=", ".join(missing))
    return Seen(number, identity, stream, seq, leaf)


def parsed(line: bytes) -> Any:
    """What a line says. A member that is given twice would be read in two ways by two readers."""
    try:
        return json.loads(line.decode("utf-8"), object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise _Unreadable("utf8") from None
    except (ValueError, RecursionError):
        raise _Unreadable("json") from None


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        raise ValueError
    return found


def canonical(event: dict[str, Any]) -> bytes | None:
    """The one byte form of ``event`` (RFC 8785 without floats and null); None if it has none."""
    try:
        if not _is_in_profile(event):
            return None
        said = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return said.encode("utf-8")
    except (ValueError, RecursionError):
        return None


def _is_in_profile(value: Any) -> bool:
    if isinstance(value, dict):
        return all(name.isascii() and _is_in_profile(inner) for name, inner in value.items())
    if isinstance(value, list):
        return all(map(_is_in_profile, value))
    if isinstance(value, int):  # a boolean is one
        return abs(value) <= _LARGEST
    return isinstance(value, str)


def is_text(value: Any) -> TypeGuard[str]:
    """Whether ``value`` is a short text, as names, identities and hashes are."""
    return isinstance(value, str) and len(value) <= _LONGEST_NAME


def are_numbers(value: Any) -> bool:
    """Whether ``value`` maps names to whole numbers."""
    return isinstance(value, dict) and all(
        is_text(name) and type(number) is int and 0 <= number <= _LARGEST
        for name, number in value.items()
    )
