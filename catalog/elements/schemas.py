"""What goes in and out of the element routes."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, Field

from audit.schemas import EventReceipt
from catalog.domains.schemas import DomainIdentifier
from catalog.elements.models import IDENTIFIER
from catalog.elements.words import DataType, ElementStatus
from shuqiao.i18n import _
from shuqiao.texts import CodeText, LongText, Name, ShortText, Strict, TextRule, example

ENTRY_LIMIT: Final = 5_000


def _checked(identifier: str) -> str:
    if not IDENTIFIER.fullmatch(identifier):
        raise ValueError(
            _("This is not an element identifier"), _("Write it as DE-000001, or leave it out.")
        )
    return identifier


Identifier = Annotated[CodeText, AfterValidator(_checked)]
OptionalShortText = Annotated[str, TextRule(200, shortest=0)]


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


class ElementCreate(Strict):
    """A data element to be adopted.

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
    name: Name
    name_en: OptionalShortText = ""
    object_class: Annotated[
        str, TextRule(100, shortest=0), Field(description="Object class: of what it says something")
    ] = ""
    definition: LongText
    data_type: DataType
    standard_no: Annotated[str, TextRule(100, shortest=0)] = ""
    value_domain: ValueDomainCreate | None = None
    domain: Annotated[DomainIdentifier, Field(description="A value domain that exists")] | None = (
        None
    )


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
    object_class: str
    definition: str
    data_type: DataType
    standard_no: str
    status: ElementStatus
    adopted_at: datetime | None
    version: int
    value_domain: ValueDomainRead | None


class ElementAdopted(ElementRead, EventReceipt):
    """A data element that has just been adopted."""
