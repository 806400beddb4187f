"""What goes in and out of the element routes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, Field

from audit.schemas import EventReceipt
from catalog.domains.schemas import DomainIdentifier
from catalog.elements.models import IDENTIFIER
from catalog.elements.words import DataType, ElementStatus, Sourcing, StandardKind
from shuqiao.codes.rules import CodeKind
from shuqiao.i18n import _
from shuqiao.texts import CodeText, LongText, Name, ShortText, Strict, TextRule, example

ENTRY_LIMIT: Final = 5_000
#: Other names of one element.
SYNONYM_LIMIT: Final = 20
#: PostgreSQL's own limits; nothing a standard says comes near them.
_LONGEST: Final = 1_000_000
_DIGITS: Final = 1_000


def _checked(identifier: str) -> str:
    if not IDENTIFIER.fullmatch(identifier):
        raise ValueError(
            _("This is not an element identifier"), _("Write it as DE-000001, or leave it out.")
        )
    return identifier


Identifier = Annotated[CodeText, AfterValidator(_checked)]
OptionalShortText = Annotated[str, TextRule(200, shortest=0)]
OptionalName = Annotated[str, TextRule(100, shortest=0)]


@dataclass(frozen=True, slots=True)
class Sought:
    """What elements are looked for by: ``q``, part of an identifier, a name or another name for the
    same, a definition or the number of a standard; and what must be so. Nothing: all of them.
    """

    q: str = ""
    status: ElementStatus | None = None
    data_type: DataType | None = None
    sourcing: Sourcing | None = None
    standard_kind: StandardKind | None = None
    domain: str = ""

    @property
    def choices(self) -> dict[str, str]:
        """Columns that must have a value."""
        named = {
            "status": self.status,
            "data_type": self.data_type,
            "sourcing": self.sourcing,
            "standard_kind": self.standard_kind,
        }
        return {name: value for name, value in named.items() if value is not None}


class ValueDomainEntryCreate(Strict):
    """One permitted code and its meaning."""

    code: CodeText
    label: ShortText


class ValueDomainCreate(Strict):
    """A value domain given with the element, in force from today: one edition, at most 5,000
    entries, each code once. Longer lists are imported first, and named as ``domain``.
    """

    name: Name
    edition: Name
    source: ShortText
    entries: Annotated[list[ValueDomainEntryCreate], Field(min_length=1, max_length=ENTRY_LIMIT)]


class ElementContent(Strict):
    """All that a data element says, after ISO/IEC 11179 and GB/T 18391: its name in parts, what it
    means and where it comes from, what it looks like, how figures are counted, whose standard it
    is. Sizes in characters and digits.
    """

    name: Name
    name_en: OptionalShortText = ""
    synonyms: Annotated[list[Name], Field(default_factory=list, max_length=SYNONYM_LIMIT)]
    object_class: Annotated[
        OptionalName, Field(description="Object class: of what it says something")
    ] = ""
    property_name: OptionalName = ""
    representation: OptionalName = ""
    definition: LongText
    sourcing: Annotated[
        Sourcing,
        Field(description="Whether a department keeps it, it is derived by a rule, or needs none"),
    ] = Sourcing.AUTHORITATIVE
    derivation: Annotated[
        str,
        TextRule(1_000, shortest=0, multiline=True),
        Field(description="Of a derived element: from which elements, and how"),
    ] = ""
    data_type: DataType
    max_length: Annotated[
        Annotated[int, Field(ge=1, le=_LONGEST)] | None, Field(description="Characters of a text")
    ] = None
    precision: Annotated[
        Annotated[int, Field(ge=1, le=_DIGITS)] | None,
        Field(description="Digits of a number in all"),
    ] = None
    scale: Annotated[
        Annotated[int, Field(ge=0, le=_DIGITS)] | None,
        Field(description="Digits of a number after the point"),
    ] = None
    unit: Annotated[
        str, TextRule(50, shortest=0), Field(description="Unit that a number is counted in")
    ] = ""
    code_kind: Annotated[
        CodeKind | None, Field(description="Kind of code whose form can be checked")
    ] = None
    domain: Annotated[DomainIdentifier, Field(description="A value domain that exists")] | None = (
        None
    )
    counting_rule: Annotated[str, TextRule(500, shortest=0, multiline=True)] = ""
    time_point: OptionalName = ""
    reporting_period: OptionalName = ""
    aggregation_level: OptionalName = ""
    standard_kind: StandardKind | None = None
    standard_no: OptionalName = ""
    standard_edition: OptionalName = ""
    in_force_from: Annotated[
        date | None, Field(description="First day on which the standard is in force")
    ] = None


class ElementCreate(ElementContent):
    """A data element to be adopted at once, from a standard that was issued.

    Without ``identifier`` the next number of the DE series is given.
    """

    model_config = example(
        name="学校代码",
        name_en="school code",
        definition="学校的唯一标识代码",
        data_type="C",
        value_domain={
            "name": "办学类型代码",
            "edition": "2026",
            "source": "示例",
            "entries": [{"code": "1", "label": "小学"}, {"code": "2", "label": "初级中学"}],
        },
    )

    identifier: Identifier | None = None
    value_domain: ValueDomainCreate | None = None


class ValueDomainEntryRead(BaseModel):
    code: str
    label: str


class ValueDomainRead(BaseModel):
    """The edition of a value domain that is in force; ``entries`` only with a single element, and
    no more than the first 5,000: all are with the domain.
    """

    identifier: str
    name: str
    edition: str
    source: str
    entry_count: int
    entries: list[ValueDomainEntryRead] = Field(default_factory=list)


class ElementRead(BaseModel):
    """A data element."""

    identifier: str
    name: str
    name_en: str
    synonyms: list[str]
    object_class: str
    property_name: str
    representation: str
    definition: str
    sourcing: Sourcing
    derivation: Annotated[
        str, Field(description="Of a derived element: from which elements, and how")
    ]
    data_type: DataType
    max_length: int | None
    precision: int | None
    scale: int | None
    unit: str
    code_kind: CodeKind | None
    counting_rule: str
    time_point: str
    reporting_period: str
    aggregation_level: str
    standard_kind: StandardKind | None
    standard_no: str
    standard_edition: str
    in_force_from: Annotated[
        date | None, Field(description="First day on which the standard is in force")
    ]
    status: ElementStatus
    adopted_at: datetime | None
    published_version: Annotated[int, Field(description="Version in force, 0 before the first")]
    successor: Annotated[str | None, Field(description="Identifier of what replaces it")]
    ended_on: Annotated[date | None, Field(description="Day from which nothing new follows it")]
    end_reason: Annotated[str, Field(description="Why it ended")]
    version: int
    value_domain: ValueDomainRead | None


class ElementAdopted(ElementRead, EventReceipt):
    """A data element that has just been adopted."""


class ElementVersionRead(BaseModel):
    """A published version: what the element said. ``digest``: SHA-256 of ``content`` as JSON with
    its members by name and without spaces; ``is_current``: whether it is the one in force.
    """

    number: Annotated[int, Field(description="Counted within the element")]
    content: Annotated[ElementContent, Field(description="What the element says")]
    digest: Annotated[str, Field(description="SHA-256 of the content")]
    proposal_no: Annotated[str, Field(description="Proposal it came from")]
    published_at: Annotated[datetime, Field(description="When it was published")]
    is_current: Annotated[bool, Field(description="Whether it is in force")]


class ElementDifference(BaseModel):
    """A field that two versions say otherwise, with what each says, in words."""

    field: Annotated[str, Field(description="Name of the field")]
    label: Annotated[str, Field(description="What the field is called")]
    before: Annotated[str, Field(description="What the earlier version says")]
    after: Annotated[str, Field(description="What the later version says")]


class ElementVersions(BaseModel):
    """Every published version of an element, the newest first."""

    items: list[ElementVersionRead]


class ElementDifferences(BaseModel):
    """What two versions of an element say otherwise, field by field."""

    items: list[ElementDifference]
