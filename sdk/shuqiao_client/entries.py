"""What the service answers about registration, as frozen values."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from shuqiao_client.reading import Record
from shuqiao_client.records import Item


@dataclass(frozen=True, kw_only=True)
class Entry(Record):
    """A data resource as the lists of its department and of the review show it."""

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "code",
        "title",
        "provider",
        "status",
        "review_step",
        "version",
        "updated_at",
    )
    code: str
    title: str
    provider: str
    share_type: str
    status: str
    review_step: str | None = None
    version: int
    published_version: int
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class AttachedFile(Record):
    """A file attached to an entry. ``rows``: how many are stored; ``refusal``: why it cannot be."""

    COLUMNS: ClassVar[tuple[str, ...]] = ("id", "file_name", "status", "rows", "refusal")
    id: str
    file_name: str
    bytes: int
    status: str
    rows: int | None = None
    refusal: str | None = None


@dataclass(frozen=True, kw_only=True)
class EntryNow(Entry):
    """A data resource as it is now, published or not.

    ``acts``: the steps that its state allows; ``waiting_for``: the role whose turn it is.
    """

    COLUMNS = (
        "code",
        "title",
        "provider",
        "status",
        "review_step",
        "waiting_for",
        "acts",
        "version",
        "published_version",
        "updated_at",
    )
    items: list[Item]
    acts: list[str] = field(default_factory=list)
    waiting_for: str | None = None
    attachments: list[AttachedFile] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class FoundColumn(Record):
    """A column found in an attached file, with the type proposed for it."""

    COLUMNS = ("name", "proposed_type", "null_count", "samples", "note", "is_personal")
    name: str
    original_name: str = ""
    proposed_type: str
    null_count: int
    samples: list[str] = field(default_factory=list)
    note: str | None = None
    is_personal: bool = False


@dataclass(frozen=True, kw_only=True)
class Reading(Record):
    """One encoding a file may be in, and the names that its columns then have."""

    COLUMNS = ("encoding", "names")
    encoding: str
    names: list[str]


@dataclass(frozen=True, kw_only=True)
class Attachment(AttachedFile):
    """An attached file with what was found in it.

    ``readings`` is empty unless the encoding has to be chosen before anything can be stored;
    ``problem`` says why it cannot be read until another way of reading is stated.
    """

    COLUMNS = ("id", "file_name", "kind", "row_count", "status", "rows", "refusal")
    kind: str
    row_count: int
    columns: list[FoundColumn]
    readings: list[Reading] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    problem: str | None = None
    snapshot_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Element(Record):
    """A data element (数据元)."""

    COLUMNS = ("identifier", "name", "data_type", "status", "standard_no", "definition")
    identifier: str
    name: str
    definition: str
    data_type: str
    standard_no: str = ""
    status: str


@dataclass(frozen=True, kw_only=True)
class DomainEdition(Record):
    """One edition of a value domain, with the days on which it is in force."""

    COLUMNS = (
        "number",
        "label",
        "standing_label",
        "in_force_from",
        "in_force_until",
        "code_count",
        "source",
    )
    number: int
    label: str
    source: str
    in_force_from: str
    in_force_until: str | None = None
    standing: str
    standing_label: str
    code_count: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class Domain(Record):
    """A value domain (值域). ``current``: the edition in force today."""

    COLUMNS = ("identifier", "name", "standard_no", "owner", "edition_label")
    identifier: str
    name: str
    standard_no: str = ""
    owner: str | None = None
    current: DomainEdition | None = None
    editions: list[DomainEdition] = field(default_factory=list)

    @property
    def edition_label(self) -> str:
        return self.current.label if self.current else ""


@dataclass(frozen=True, kw_only=True)
class DomainCode(Record):
    """A code and what it means in an edition. ``valid_until``: the first day without it."""

    COLUMNS = ("value", "label", "parent_code", "valid_from", "no_longer", "is_revoked")
    code: str
    label: str
    parent_code: str = ""
    valid_from: str | None = None
    valid_until: str | None = None
    is_revoked: bool = False

    @property
    def value(self) -> str:
        return self.code

    @property
    def no_longer(self) -> str | None:
        return self.valid_until


@dataclass(frozen=True, kw_only=True)
class CodeDifference(Record):
    """A code that two editions do not have in common, or that they name otherwise."""

    COLUMNS = ("value", "before", "after")
    code: str
    before: str | None = None
    after: str | None = None

    @property
    def value(self) -> str:
        return self.code


@dataclass(frozen=True, kw_only=True)
class SelfReview(Record):
    """What the data administration decided about itself (本部门自审)."""

    COLUMNS = ("kind", "number", "code", "title", "version", "decided_by", "decided_at")
    kind: str
    number: str | None = None
    code: str
    title: str
    department: str
    version: int | None = None
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class Overdue(Record):
    """One limit that is over (逾期), and whose turn it is."""

    COLUMNS = (
        *("case_no", "clock_label", "what", "turn", "department", "overdue_since"),
        *("working_days_late", "basis_label"),
    )
    case_no: str
    clock: str
    clock_label: str
    what: str
    turn: str
    department: str
    overdue_since: date
    working_days_late: int | None = None
    is_breach: bool
    basis: str
    basis_label: str


@dataclass(frozen=True, kw_only=True)
class Calendar(Record):
    """A year of working days as its notice sets it."""

    COLUMNS = ("year", "version", "notice_no", "days_off", "days_worked", "source")
    year: int
    version: int
    notice_no: str
    source: str
    days_off: int
    days_worked: int


@dataclass(frozen=True, kw_only=True)
class CalendarDay(Record):
    """A day off, or a day at a weekend that is worked."""

    COLUMNS = ("date", "kind_label", "name")
    date: str
    kind: str
    kind_label: str
    name: str


@dataclass(frozen=True, kw_only=True)
class CalendarYear(Calendar):
    """The same with its days."""

    days: list[CalendarDay]
