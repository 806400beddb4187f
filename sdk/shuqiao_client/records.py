"""What the service answers, as frozen values."""

from dataclasses import dataclass, field
from datetime import date, datetime

from shuqiao_client.reading import Record


@dataclass(frozen=True, kw_only=True)
class Me(Record):
    """Who the token speaks for."""

    COLUMNS = ("account", "name", "department", "roles")
    account: str
    name: str
    department: str
    roles: list[str]


@dataclass(frozen=True, kw_only=True)
class CatalogHit(Record):
    """A published resource as the search shows it."""

    COLUMNS = (
        "code",
        "title",
        "provider",
        "share_type",
        "update_cycle",
        "matched_items",
        "published_at",
    )
    code: str
    title: str
    abstract: str = ""
    provider: str
    share_type: str
    update_cycle: str | None = None
    keywords: list[str] = field(default_factory=list)
    published_at: datetime
    published_version: int
    matched_items: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Origin(Record):
    """Where the values of an item come from (来源方式)."""

    COLUMNS = ("kind", "department_name", "resource", "cycle", "way", "lineage", "method")
    kind: str
    department: str | None = None
    department_name: str = ""
    resource: str = ""
    cycle: str | None = None
    way: str | None = None
    lineage: list[str] = field(default_factory=list)
    method: str = ""
    reason: str = ""

    def __str__(self) -> str:
        said = (self.kind, self.department_name or self.department, *self.lineage)
        return " ".join(each for each in said if each)


@dataclass(frozen=True, kw_only=True)
class Item(Record):
    """An information item (信息项)."""

    COLUMNS = (
        "name",
        "column_name",
        "data_type",
        "element",
        "is_personal",
        "share_type",
        "origin",
        "description",
    )
    id: str
    name: str
    column_name: str = ""
    data_type: str
    element: str | None = None
    is_personal: bool = False
    share_type: str = ""
    description: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, kw_only=True)
class CatalogEntry(Record):
    """A published version of a data resource."""

    COLUMNS = (
        *("code", "title", "provider", "share_type", "share_condition"),
        *("update_cycle", "abstract"),
    )
    code: str
    title: str
    provider: str
    abstract: str = ""
    share_type: str
    share_condition: str = ""
    use_condition: str = ""
    share_way: str | None = None
    update_cycle: str | None = None
    published_version: int
    published_at: datetime | None = None
    items: list[Item]


@dataclass(frozen=True, kw_only=True)
class Party(Record):
    """A department or person by name."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Clock(Record):
    """A statutory time limit and when it falls due."""

    kind: str
    limit_basis: str
    instrument: str
    article: str
    limit_days: int
    started_on: date
    due_on: date | None
    closed_on: date | None = None
    status: str


@dataclass(frozen=True, kw_only=True)
class Difference(Record):
    """One thing that is otherwise than before."""

    COLUMNS = ("field", "kind", "before", "after")
    field: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ShareRequest(Record):
    """A share request (共享申请). Where one is shown: ``edition_no``, the current edition of its
    data; ``entry_changes``, what the entry says otherwise than the version asked for; ``changes``
    of the answers since the own sharing head saw them.
    """

    COLUMNS = (
        "request_no",
        "status",
        "resource_code",
        "resource_title",
        "consumer",
        "items",
        "until",
        "created_at",
    )
    request_no: str
    status: str
    status_label: str = ""
    version: int
    resource_code: str
    resource_title: str
    consumer: Party
    provider: Party
    applicant: Party
    items: list[Item]
    basis: str
    scenario: str
    scope: str
    share_way: str
    until: date
    created_at: datetime
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    clocks: list[Clock] = field(default_factory=list)
    resource_version: int | None = None
    latest_version: int | None = None
    edition_no: int | None = None
    entry_changes: list[Difference] | None = None
    changes: list[Difference] | None = None


@dataclass(frozen=True, kw_only=True)
class GrantedItem(Record):
    """A granted item; while it is suspended nothing of it leaves: ``suspended_label`` says why."""

    COLUMNS = ("name", "mask_label", "suspended_label")
    item_id: str
    name: str
    mask_label: str = ""
    is_suspended: bool = False
    suspended_label: str = ""
    suspended_at: datetime | None = None
    may_resume: bool = False
    negative_entries: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Grant(Record):
    """A share grant (共享授权). ``data_url``: absolute address of its data.

    ``follows_editions``: each fetch gives the current edition of the data, else always the same;
    ``edition_no``: the one that a fetch gives now, None where the data has none.
    """

    COLUMNS = (
        "grant_no",
        "status",
        "resource_code",
        "resource_title",
        "provider",
        "items",
        "valid_until",
    )
    grant_no: str
    request_no: str
    status: str
    status_label: str = ""
    version: int
    resource_code: str
    resource_title: str
    consumer: str
    provider: str
    purpose: str = ""
    share_way: str = ""
    ground_label: str = ""
    items: list[GrantedItem]
    row_filter_label: str = ""
    valid_until: date
    follows_editions: bool = False
    edition_no: int | None = None
    data_url: str


@dataclass(frozen=True, kw_only=True)
class Delivery(Record):
    """One handing-over of granted data. ``rows`` and ``bytes``: at most so many can have arrived;
    ``acknowledged_bytes``: at least so many came to the other end's machine. They are unknown while
    it runs; ``edition_no`` and ``snapshot_id``: which rows, None where they were read live.
    """

    COLUMNS = (
        "delivery_no",
        "grant_no",
        "status",
        "end_reason",
        "face",
        "rows",
        "bytes",
        "fetched_by",
        "started_at",
    )
    delivery_no: str
    grant_no: str
    status: str
    end_reason: str | None = None
    face: str
    columns: list[str]
    edition_no: int | None = None
    snapshot_id: str | None = None
    rows: int | None
    bytes: int | None
    acknowledged_bytes: int | None = None
    fetched_by: str
    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Receipt(Record):
    """The receipt (回执) of a stream that arrived whole and was checked.

    ``bytes``: canonical, not on the wire. ``checked``: the members of the receipt that were
    computed from the rows that arrived and agree; ``not_checked``: those that nobody can compute
    from the rows – where they came from, and against which digests the service held what it read.
    ``edition_no``: of the data, None where it has none. ``event_id`` and ``leaf_hash`` name the
    delivery's start in the audit trail.
    """

    COLUMNS = ("delivery_no", "grant_no", "rows", "bytes", "root")
    delivery_no: str
    grant_no: str
    edition_no: int | None = None
    rows: int
    bytes: int
    root: str
    event_id: str = ""
    leaf_hash: str = ""
    checked: list[str] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)
