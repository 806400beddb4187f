"""What the lists are asked with, and their lines as programs read them."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel, Field

from auth.departments.words import Level
from catalog.lists.words import OF_ENTRIES, ROOMS, By, Cause, Ground, ListKind, Mounting, Sourced

#: Where sheets come back.
SHEET_PATHS: Final = re.compile(r"^/(api/v1/)?lists/[^/]+/returned/?$")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of a list is asked for: of one department, of an area with those below it, of one
    level, of one entry; all of it by default.
    """

    department: str = ""
    area: str = ""
    level: Level | None = None
    code: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The same as parameters of an address."""
        given = {
            "department": self.department,
            "area": self.area,
            "level": self.level.value if self.level else "",
            "code": self.code,
        }
        return {name: value for name, value in given.items() if value}


class _LineRead(BaseModel):
    """What every line of the two lists of items says."""

    department: str
    department_code: str
    code: str
    title: str
    items: list[str] = Field(description="One item, or those of the entry that are in this list")
    item_ids: list[str]
    version: int = Field(description="Version of the entry")
    effective_on: date
    published_at: datetime
    review: str = Field(description="How it was reviewed")

    @property
    def identity(self) -> str:
        """By what a line is found again."""
        return self.item_ids[0]

    @property
    def told(self) -> str:
        return self.items[0]


class ResponsibilityLine(_LineRead):
    """A line of the responsibility list (责任清单)."""

    contact: str = Field(description="Unit that answers for sharing, and how to reach it")
    sourced: Sourced | None = Field(description="Whether the department is the source; by item")
    source: str = Field(description="The sources that are named")
    share_type: str
    share_type_label: str
    condition: str
    share_way: str
    update_cycle: str
    format: str
    level: str
    promise: str = Field(description="Limits for reply and delivery")
    mounting: Mounting
    duty: str = Field(description="Duty or document on which the source rests")


class NegativeLine(_LineRead):
    """A line of the negative list (负面清单)."""

    reason: str
    basis_kind: str
    basis_name: str
    basis_number: str
    basis_article: str
    basis_text: str
    assessment: str
    reviewed_by: str
    reviewed_on: date | None
    review_on: date | None
    ground: Ground
    entry_no: str = Field(description="Number of the negative entry; empty of what has none yet")


class DemandLine(BaseModel):
    """A line of the demand list (需求清单)."""

    department: str
    department_code: str
    code: str = Field(description="Number of the demand")
    title: str
    items: list[str]
    provider: str = Field(description="Department that is asked; empty: to be assigned")
    basis: str
    matter: str = Field(description="Matter and scenario of use")
    range: str
    share_way: str
    until: date
    update_cycle: str
    resource: str = Field(description="Code of the entry that serves it")
    state: str
    state_label: str
    tone: str = Field(exclude=True)
    limits: str = Field(description="Limits as the clocks have them")
    person: str = Field(description="Who filed it, and who answered")
    voices: int = Field(description="How many departments need it")
    filed_on: date

    @property
    def identity(self) -> str:
        return self.code

    @property
    def told(self) -> str:
        return "、".join(self.items)


class VersionRead(BaseModel):
    """A version of a list of a department."""

    kind: ListKind
    department: str
    department_code: str
    number: int
    at: datetime
    cause: Cause
    cause_label: str
    reference: str = Field(description="What caused it: code of an entry, number of a case")
    published_version: int | None
    event_id: UUID | None = Field(description="The event of the cause in the trail")

    @property
    def href(self) -> str:
        """Where its cause is shown."""
        if self.cause in OF_ENTRIES:
            shown = f"?version={self.published_version}" if self.published_version else ""
            code = self.reference.partition("#")[0]
            return f"/catalog/{code.replace('/', '-')}{shown}"
        return f"/{ROOMS.get(self.cause, 'negative-entries')}/{self.reference}"


class FieldChange(BaseModel):
    """A column that says something else."""

    field: str
    label: str
    before: str
    after: str


class LineChange(BaseModel):
    """A line that came, went or says something else."""

    kind: str
    kind_label: str
    department: str
    code: str
    title: str
    item: str
    item_id: str
    fields: list[FieldChange]

    @property
    def href(self) -> str:
        """Where it is shown."""
        if self.code.startswith("DM-"):
            return f"/demands/{self.code}"
        return f"/catalog/{self.code.replace('/', '-')}"


class Comparison(BaseModel):
    """What differs between two states of a list."""

    kind: ListKind
    before: datetime
    after: datetime
    added: int
    removed: int
    changed: int
    changes: list[LineChange]


class Totals(BaseModel):
    """How long the lists of a department are."""

    department: str
    department_code: str
    responsibility: int
    negative: int
    entries: int


class Summary(BaseModel):
    """How long the lists are, by department."""

    as_of: datetime
    responsibility: int
    negative: int
    entries: int
    departments: list[Totals]


class ListPage(BaseModel):
    """A page of a list of items with what it is of."""

    kind: ListKind
    by: By
    as_of: datetime
    total: int
    next: str | None = None


class ResponsibilityPage(ListPage):
    """A page of the responsibility list."""

    items: list[ResponsibilityLine]


class DemandPage(ListPage):
    """A page of the demand list."""

    items: list[DemandLine]


class NegativePage(ListPage):
    """A page of the negative list."""

    items: list[NegativeLine]


class FrequentLine(BaseModel):
    """An entry with how often it was wanted and used in a month."""

    rank: int
    code: str
    title: str
    department: str
    department_code: str
    share_type: str
    asked: int = Field(description="Requests and voices of demands together")
    requests: int = Field(description="Requests that were submitted")
    voices: int = Field(description="Departments that filed a demand it serves")
    departments: int = Field(description="Departments that asked for it or fetched it")
    grants: int
    deliveries: int = Field(description="Deliveries that were finished")


class Frequent(BaseModel):
    """The data shared most in a month."""

    month: str
    items: list[FrequentLine]


class RowRead(BaseModel):
    """A row of a returned sheet that says something else than the list."""

    row: int
    change: LineChange
    places: list["Place"] = Field(description="Where each differing column is changed")


class Place(BaseModel):
    """Where a column is changed; ``href`` empty: nowhere, it is worked out."""

    field: str
    words: str
    href: str


class SheetRead(BaseModel):
    """What a returned sheet says otherwise than the list as it is now; nothing was changed."""

    kind: ListKind
    rows: int
    same: int
    unknown: list[int] = Field(description="Rows that are no line of the list")
    absent: int = Field(description="Lines of the list in its scope that the sheet leaves out")
    differing: list[RowRead]
