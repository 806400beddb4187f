"""What goes in and out of the routes of value domains."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, Field

from audit.schemas import EventReceipt
from catalog.domains.models import IDENTIFIER, DomainVersion, ValueDomainEntry
from catalog.domains.words import DefectKind, Standing
from shuqiao.clock import today
from shuqiao.i18n import _
from shuqiao.texts import CodeText, Name, ShortText, Strict, TextRule, example

#: The addresses that take the file of a list.
LIST_PATHS: Final = re.compile(r"^/(api/v1/)?domains/[^/]+/editions/files/?$")
_LONGEST: Final = 200


def _checked(identifier: str) -> str:
    if not IDENTIFIER.fullmatch(identifier):
        raise ValueError(_("This is not the identifier of a domain"), _("Write it as VD-000001."))
    return identifier


DomainIdentifier = Annotated[CodeText, AfterValidator(_checked)]
OptionalShort = Annotated[str, TextRule(_LONGEST, shortest=0)]
#: The name of a column of the file; empty: it is called as lists usually call it.
ColumnName = Annotated[str, TextRule(_LONGEST, shortest=0)]


class DomainCreate(Strict):
    """A value domain without editions yet."""

    model_config = example(
        name="民族代码", name_en="codes of ethnic groups", standard_no="GB/T 3304-1991"
    )

    name: Name
    name_en: OptionalShort = ""
    standard_no: Annotated[str, TextRule(100, shortest=0)] = ""
    owner: Annotated[CodeText, Field(description="Unified social credit code")] | None = None


class EditionWrite(Strict):
    """An edition beside the file of its codes. A reason given for a kind of defect acknowledges
    it, for the very file that was reported.
    """

    model_config = example(label="2023", source="国家统计局2023年版", in_force_from="2023-07-01")

    label: Annotated[Name, Field(description="Name of the edition")]
    source: ShortText
    in_force_from: date
    in_force_until: date | None = None
    code_column: ColumnName = ""
    label_column: ColumnName = ""
    parent_column: ColumnName = ""
    from_column: ColumnName = ""
    until_column: ColumnName = ""
    revoked_column: ColumnName = ""
    reported: Annotated[
        str, Field(pattern="^([0-9a-f]{64})?$", description="SHA-256 of the file that was reported")
    ] = ""
    lost_zeros: OptionalShort = ""
    repeated_code: OptionalShort = ""
    repeated_row: OptionalShort = ""
    blank_label: OptionalShort = ""
    unknown_parent: OptionalShort = ""

    def reason(self, kind: DefectKind) -> str:
        """Why lists with such defects are taken as they are; empty: they are not."""
        return str(getattr(self, kind.value, ""))


class DomainVersionRead(BaseModel):
    """One edition of a domain."""

    number: Annotated[int, Field(description="Counted within the domain")]
    label: Annotated[str, Field(description="Name of the edition")]
    source: str
    in_force_from: date
    in_force_until: date | None
    standing: Standing
    standing_label: str
    code_count: int
    digest: str
    acknowledged: dict[str, Any]
    imported_at: datetime

    @classmethod
    def of(cls, row: DomainVersion) -> Self:
        standing = row.standing(today())
        kept = row.model_dump(exclude={"id", "domain_id", "reference"})
        return cls(**kept, standing=standing, standing_label=str(standing.label))


class DomainRead(BaseModel):
    """A value domain with the edition that is in force today."""

    identifier: str
    name: str
    name_en: str
    standard_no: str
    owner: str | None
    current: DomainVersionRead | None


class DomainShown(DomainRead):
    """A value domain with all its editions, the newest first."""

    editions: list[DomainVersionRead]


class DomainCreated(DomainRead, EventReceipt):
    """A domain that has just been made."""


class DomainImported(DomainVersionRead, EventReceipt):
    """An edition that has just been imported."""


class DomainCodeRead(BaseModel):
    """One code of an edition and what it means there. ``valid_until``: the first day without."""

    code: str
    label: str
    parent_code: str
    valid_from: date | None
    valid_until: Annotated[
        date | None, Field(description="First day on which the code is no longer valid")
    ]
    is_revoked: bool

    @classmethod
    def of(cls, row: ValueDomainEntry) -> Self:
        return cls(**row.model_dump(exclude={"version_id", "position"}))


class CodeDifference(BaseModel):
    """A code that two editions do not have in common, or that they name otherwise."""

    code: str
    before: str | None
    after: str | None


class DomainDifferences(BaseModel):
    """What changed from one edition to another: exact counts, the first 1,000 codes."""

    before: int
    after: int
    added: Annotated[int, Field(description="How many codes are new")]
    removed: Annotated[int, Field(description="How many codes are gone")]
    renamed: int
    codes: Annotated[list[CodeDifference], Field(description="The codes that differ")]
