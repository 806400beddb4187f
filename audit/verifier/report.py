"""What a verification found, and what it did not look at."""

from dataclasses import dataclass, field
from typing import Final

#: Exit status by verdict: all that was asked for is right; something is wrong; nothing wrong was
#: found, but less was checked than was asked for; the file is no export. 2 is left to wrong calls,
#: 3 to 7 to the other commands of ``sq``.
EXITS: Final = {"verified": 0, "wrong": 1, "less": 8, "not_an_export": 9}
#: Problems that are kept; more are counted.
MOST_PROBLEMS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and in which line (a number), event or stream."""

    code: str
    where: str | int
    facts: dict[str, object]


@dataclass(slots=True)
class Report:
    """Result of a verification."""

    #: Whether a part was asked for, so that a part is enough.
    wants_part: bool = False
    is_export: bool = True
    is_whole: bool = False
    exported_at: str = ""
    events: int = 0
    streams: int = 0
    #: Code of what was not looked at, with facts.
    unchecked: dict[str, dict[str, object]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: Problems beyond :data:`MOST_PROBLEMS`.
    more: int = 0

    @property
    def verdict(self) -> str:
        """A key of :data:`EXITS`."""
        if not self.is_export:
            return "not_an_export"
        if self.problems:
            return "wrong"
        is_enough = self.events > 0 and (self.is_whole or self.wants_part)
        return "verified" if is_enough and "rest" not in self.unchecked else "less"

    @property
    def verified(self) -> bool:
        return self.verdict == "verified"

    def problem(self, code: str, where: str | int, **facts: object) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(code, where, facts))
        else:
            self.more += 1
