"""What was kept elsewhere and is compared with: receipts, counts, an earlier export."""

from collections.abc import Iterator
from pathlib import Path

from .lines import LONGEST_HEADER, Seen, are_numbers, events_of, header_of, is_text, parsed
from .report import Report


class NotComparable(Exception):
    """What was given to compare with is not usable; a key of ``words.NOT_COMPARABLE``."""


class Kept:
    """Receipts and counts in memory; an earlier export is read beside the file, both by id."""

    def __init__(self, expectation: Path | None, earlier: Path | None) -> None:
        self.receipts: dict[str, str] = {}
        self.counts: dict[str, int] | None = None
        self._earlier = _leaves(earlier) if earlier else iter(())
        self._next = next(self._earlier, None)
        #: Whether there is anything to compare single events with.
        self.is_given = earlier is not None
        if expectation is not None:
            self._read(expectation)
            self.is_given |= bool(self.receipts)

    def _read(self, expectation: Path) -> None:
        try:
            if expectation.stat().st_size > LONGEST_HEADER:
                raise ValueError
            found = parsed(expectation.read_bytes())
            known = found.get("events", ())
            self.receipts = {each["event_id"]: each["leaf_hash"] for each in known}
            self.counts = found.get("counts")
            is_right = are_numbers(self.counts or {}) and all(
                is_text(part) for pair in self.receipts.items() for part in pair
            )
        except OSError:
            raise
        except Exception:  # whatever else it is made of
            is_right = False
        if not is_right:
            raise NotComparable("unreadable")
        if not self.receipts and not self.counts:
            raise NotComparable("empty")

    def meet(self, event: Seen, report: Report) -> None:
        """Compare what was known of ``event``, and miss those that should have stood before it."""
        if self.receipts.pop(event.id, event.leaf) != event.leaf:
            report.problem("expected_changed", event.id)
        while self._next is not None and self._next.id <= event.id:
            if self._next.id < event.id:
                report.problem("earlier_missing", self._next.id)
            elif self._next.leaf != event.leaf:
                report.problem("earlier_changed", event.id)
            self._next = next(self._earlier, None)

    def finish(self, report: Report) -> None:
        """Miss what was not met."""
        for identity in self.receipts:
            report.problem("expected_missing", identity)
        while self._next is not None:
            report.problem("earlier_missing", self._next.id)
            self._next = next(self._earlier, None)


def _leaves(earlier: Path) -> Iterator[Seen]:
    """Events of an earlier export of the whole trail, which is itself sound."""
    report = Report()
    with earlier.open("rb") as file:
        if not header_of(file, report).is_whole:
            raise NotComparable("not_whole")
        last = ""
        for event in events_of(file, report):
            if report.problems or event.id <= last:
                break
            yield event
            last = event.id
        else:
            if not report.problems:
                return
    raise NotComparable("wrong")
