"""What comes after publication: editions of the data (数据更新批次), their renewal on schedule, and
changes of law or duties that ask for an update.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import quote

from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing
from shuqiao_client.reading import Record


@dataclass(frozen=True, kw_only=True)
class CoverageFinding(Record):
    """Rows outside of one part of the declared coverage; ``empty``: those that say nothing."""

    COLUMNS = ("part", "outside", "empty")
    part: str
    outside: int
    empty: int


@dataclass(frozen=True, kw_only=True)
class EditionReport(Record):
    """What the check of an edition found, in counts, against the edition ``compared_with``.

    ``changed``: rows whose key (the items ``key``) stayed; without a key a changed row is one
    removed and one added. ``outside``: rows that the declared coverage does not hold.
    """

    COLUMNS = (
        "compared_with",
        "rows_before",
        "rows_after",
        "added",
        "removed",
        "changed",
        "key",
        "is_other_shape",
        "outside",
    )
    compared_with: int | None = None
    rows_before: int | None = None
    rows_after: int | None = None
    added: int | None = None
    removed: int | None = None
    changed: int | None = None
    key: list[str] = field(default_factory=list)
    is_other_shape: bool = False
    outside: int = 0
    findings: list[CoverageFinding] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class RuleCount(Record):
    """One rule of a column: of the values ``checked``, how many broke it."""

    COLUMNS = ("rule", "detail", "checked", "failed")
    rule: str
    detail: str
    checked: int
    failed: int


@dataclass(frozen=True, kw_only=True)
class ColumnConformity(Record):
    """One column against its data element and value domain."""

    COLUMNS = ("item", "element", "domain_edition_label", "checked", "failed")
    item: str
    element: str | None = None
    domain_edition_label: str | None = None
    checked: int
    failed: int
    rules: list[RuleCount] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Conformity(Record):
    """How far data keeps to its standards (贯标核验); ``columns`` once ``state`` is ``done``."""

    COLUMNS = ("state", "rows", "held_on", "made_at")
    state: str
    rows_known: int | None = None
    rows_done: int | None = None
    held_on: date | None = None
    made_at: datetime | None = None
    rows: int | None = None
    failed: int | None = None
    columns: list[ColumnConformity] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class FailingValue(Record):
    """One value that breaks a rule; identity numbers are masked."""

    COLUMNS = ("row", "item", "value", "detail")
    row: int
    item: str
    rule: str
    detail: str
    value: str


@dataclass(frozen=True, kw_only=True)
class LiveProfile(Record):
    """What a table that is read live held when it became current, as its own database counted."""

    COLUMNS = ("profiled_at", "rows", "is_capped", "outside", "failed")
    profiled_at: datetime
    rows: int | None = None
    is_capped: bool = False
    outside: int | None = None
    failed: str | None = None


@dataclass(frozen=True, kw_only=True)
class Edition(Record):
    """One edition of an entry's data: ``arriving``, ``held``, ``current``, ``kept``, ``removed``.

    ``rows``: None where they are read live; ``report``: None for whoever is no registrar of it;
    ``cleared_at``: when its rows were removed by the rules of retention; ``damaged_at``: since when
    its stored rows are known to be damaged, so that nothing of it is delivered.
    """

    COLUMNS = (
        "number",
        "status",
        "rows",
        "is_live",
        "arrived_at",
        "current_from",
        "ended_at",
        "cleared_at",
        "damaged_at",
    )
    number: int
    status: str
    is_live: bool = False
    rows: int | None
    arrived_at: datetime
    current_from: datetime | None
    ended_at: datetime | None
    cleared_at: datetime | None = None
    damaged_at: datetime | None = None
    version: int
    report: EditionReport | None = None
    profile: LiveProfile | None = None


@dataclass(frozen=True, kw_only=True)
class Renewal(Record):
    """Whether a connected table is copied anew on schedule (定期更新), and when next.

    ``version`` is 0 before it was ever switched.
    """

    COLUMNS = ("is_on", "due_at", "failed_at")
    is_on: bool
    due_at: datetime | None
    failed_at: datetime | None
    version: int


@dataclass(frozen=True, kw_only=True)
class ChangeEvent(Record):
    """A change of law or duties, and when the entry is to be updated by (Order 809, Art. 17)."""

    COLUMNS = ("change_no", "status", "resource_code", "changed_on", "kind_label", "due_on")
    change_no: str
    status: str
    resource_code: str
    changed_on: date
    kind: str
    kind_label: str = ""
    basis: str
    limit_days: int
    due_on: date | None
    extension_days: int | None = None
    decided_at: datetime | None = None
    is_self_reviewed: bool = False


class ChangeEventHandle:
    """A change of law or duties by its number. More time is decided on by people, on the page."""

    def __init__(self, connection: Connection, change_no: str) -> None:
        self._connection, self.change_no = connection, change_no.strip().upper()

    @property
    def metadata(self) -> ChangeEvent:
        """As it stands now."""
        return ChangeEvent.from_json(self._connection.get(self._path()))

    def ask_extension(self, working_days: int, reason: str) -> ChangeEvent:
        """Ask the data administration for more time, once, while the limit runs."""
        body = {"working_days": working_days, "reason": reason}
        return ChangeEvent.from_json(self._connection.post(f"{self._path()}/extensions", body))

    def _path(self) -> str:
        return f"/change-events/{quote(self.change_no, safe='')}"


class EditionHandle:
    """One edition of an entry. ``metadata`` is as it was when last loaded."""

    def __init__(self, connection: Connection, entry: str, number: int) -> None:
        self.number = number
        self._connection, self._path = connection, f"{entry}/editions/{number}"
        self._loaded: Edition | None = None

    def __repr__(self) -> str:
        return f"EditionHandle({self.number})"

    @property
    def metadata(self) -> Edition:
        """The edition as last loaded."""
        return self._loaded or self.refresh()

    def refresh(self) -> Edition:
        """Load it as it is now."""
        self._loaded = Edition.from_json(self._connection.get(self._path))
        return self._loaded

    @property
    def conformity(self) -> Conformity:
        """How far its rows keep to the standards of their columns."""
        return Conformity.from_json(self._connection.get(f"{self._path}/conformity"))

    @property
    def failures(self) -> Listing[FailingValue]:
        """The first 1,000 values that break a rule; for registrars of the provider."""
        return Listing(self._connection, f"{self._path}/conformity/failures", FailingValue)

    def check(self) -> Edition:
        """Have a held edition checked again, against what the entry declares by now."""
        return self._step("checks")

    def drop(self) -> Edition:
        """Give a held edition up: none of it was ever delivered, the current one stays."""
        return self._step("drops")

    def _step(self, name: str) -> Edition:
        answer = self._connection.post(f"{self._path}/{name}", None, version=self.metadata.version)
        self._loaded = Edition.from_json(answer)
        return self._loaded
