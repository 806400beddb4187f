"""What goes in and out of the resource routes.

A draft may be incomplete; ``submit`` names all that is missing.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from catalog.elements.schemas import Identifier
from catalog.elements.words import DataType
from catalog.resources.fields.codes import RelatedCode
from catalog.resources.fields.coverage import Coverage
from catalog.resources.fields.origin import Origin, OriginRead
from catalog.resources.fields.system import SourceSystem
from catalog.resources.fields.withholding import Withholding
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import (
    Format,
    PrivacyConclusion,
    ResourceStatus,
    ReviewStep,
    SecrecyConclusion,
    SecurityLevel,
    ShareType,
    ShareWay,
    UpdateCycle,
)
from shuqiao.i18n import _
from shuqiao.texts import CodeText, Name, Strict, TextRule, example

ITEM_LIMIT: Final = 1_000
_CLASS_CODE: Final = re.compile(r"[123][0-9]{5,19}")

Title = Annotated[str, TextRule(50)]
Abstract = Annotated[str, TextRule(256, shortest=0, multiline=True)]
Condition = Annotated[str, TextRule(500, shortest=0, multiline=True)]
Category = Annotated[str, TextRule(100, shortest=0)]
ColumnName = Annotated[str, TextRule(200)]


def _class_code(text: str) -> str:
    if not _CLASS_CODE.fullmatch(text):
        raise ValueError(
            _("This is not a class code"), _("Write class, item and object as digits: 307001.")
        )
    return text


ClassCode = Annotated[CodeText, AfterValidator(_class_code)]


class SecrecyAssessment(Strict):
    """Secrecy risk assessment (保密风险评估)."""

    conclusion: SecrecyConclusion
    assessor: Name
    assessed_on: date


class PrivacyAssessment(Strict):
    """Personal information protection impact assessment (个人信息保护影响评估)."""

    conclusion: PrivacyConclusion
    assessor: Name
    assessed_on: date


class ItemWrite(Strict):
    """One information item.

    Without ``share_type`` or ``security_level`` it takes those of the resource. ``id``: of the item
    that is renamed; without it an item is known by its name.
    """

    id: Annotated[UUID | None, Field(description="Id of the item that is renamed")] = None
    name: Name
    column_name: ColumnName
    data_type: DataType
    element: Annotated[Identifier, Field(description="Identifier of a data element")] | None = None
    is_personal: bool = False
    is_key: bool = False
    share_type: ShareType | None = None
    security_level: SecurityLevel | None = None
    description: Condition = ""
    withholding: Withholding | None = None
    origin: Origin | None = None


#: A small entry, as the reference shows it.
_REGISTER: Final[Mapping[str, Any]] = {
    "title": "中小学校名录",
    "share_type": "conditional",
    "items": [
        {"name": "学校代码", "column_name": "code", "data_type": "C"},
        {"name": "学校名称", "column_name": "name", "data_type": "C"},
    ],
}


class ResourceUpdate(Strict):
    """Everything that may be said of a resource; what is left out is emptied."""

    model_config = example(**_REGISTER)

    title: Title
    abstract: Abstract = ""
    category: Category = ""
    format: Format | None = None
    share_type: ShareType
    share_condition: Condition = ""
    use_condition: Condition = ""
    share_way: ShareWay | None = None
    withholding: Withholding | None = None
    is_open: bool = False
    open_condition: Condition = ""
    coverage: Coverage | None = None
    update_cycle: UpdateCycle | None = None
    keywords: Annotated[list[Annotated[str, TextRule(30)]], Field(max_length=20)] = Field(
        default_factory=list
    )
    related_code: RelatedCode = ""
    system: SourceSystem | None = None
    security_level: SecurityLevel | None = None
    secrecy_assessment: SecrecyAssessment | None = None
    privacy_assessment: PrivacyAssessment | None = None
    items: Annotated[list[ItemWrite], Field(max_length=ITEM_LIMIT)] = Field(default_factory=list)

    @property
    def is_secret(self) -> bool:
        """Whether it is declared to contain a state or work secret."""
        secrecy = self.secrecy_assessment
        return secrecy is not None and secrecy.conclusion is SecrecyConclusion.SECRET_FOUND


class ResourceCreate(ResourceUpdate):
    """A data resource to be registered; its code is made from ``class_code``."""

    model_config = example(class_code="307001", **_REGISTER)

    class_code: ClassCode


class ClassChoice(Strict):
    """The class of a draft, chosen again: it gets the next code of that class."""

    model_config = example(class_code="306001")

    class_code: ClassCode


class ItemRead(BaseModel):
    """One information item."""

    id: UUID
    position: int
    name: str
    column_name: str
    data_type: DataType
    element: str | None
    is_personal: bool
    #: Entries kept from before know no key.
    is_key: bool = False
    share_type: ShareType
    security_level: SecurityLevel | None
    description: str
    withholding: Withholding | None = None
    #: Entries kept from before know no origin.
    origin: OriginRead | None = None

    @classmethod
    def of(cls, row: ResourceItem, element: str | None) -> Self:
        told = row.model_dump(include=set(cls.model_fields) - {"id", "element", "withholding"})
        return cls(id=row.identity, element=element, withholding=Withholding.of(row), **told)


class ValueRead(BaseModel):
    """One value of a file and the row it stands in."""

    row: int
    text: str


class ReadingRead(BaseModel):
    """What one encoding makes of a file: the names and the first values that it decides on."""

    encoding: str
    names: list[str]
    values: list[ValueRead]


class ResourceSummary(BaseModel):
    """A resource as lists show it."""

    code: str
    title: str
    provider: str
    share_type: ShareType
    status: ResourceStatus
    review_step: ReviewStep | None
    version: int
    published_version: int
    updated_at: datetime

    @classmethod
    def of_row(cls, row: DataResource, provider: str) -> Self:
        return cls(
            provider=provider, **row.model_dump(include=set(cls.model_fields) - {"provider"})
        )


class ResourceRead(ResourceSummary):
    """A resource with everything known of it but its attached files."""

    class_code: str
    abstract: str
    category: str
    format: Format | None
    share_condition: str
    use_condition: str
    share_way: ShareWay | None
    withholding: Withholding | None
    is_open: bool
    open_condition: str
    coverage: Coverage | None = None
    update_cycle: UpdateCycle | None
    keywords: list[str]
    related_code: str
    system: SourceSystem | None = None
    security_level: SecurityLevel | None
    secrecy_assessment: SecrecyAssessment | None
    privacy_assessment: PrivacyAssessment | None
    published_at: datetime | None
    items: list[ItemRead]

    @classmethod
    def of(
        cls,
        row: DataResource,
        provider: str,
        items: list[ItemRead],
        system: SourceSystem | None = None,
    ) -> Self:
        grouped = {"provider", "items", "withholding", "secrecy_assessment", "privacy_assessment"}
        grouped.add("system")
        return cls(
            provider=provider,
            items=items,
            system=system,
            withholding=Withholding.of(row),
            secrecy_assessment=_secrecy(row),
            privacy_assessment=_privacy(row),
            **row.model_dump(include=set(cls.model_fields) - grouped),
        )


def _secrecy(row: DataResource) -> SecrecyAssessment | None:
    if row.secrecy_conclusion is None or row.secrecy_assessed_on is None:
        return None
    return SecrecyAssessment(
        conclusion=row.secrecy_conclusion,
        assessor=row.secrecy_assessor,
        assessed_on=row.secrecy_assessed_on,
    )


def _privacy(row: DataResource) -> PrivacyAssessment | None:
    if row.privacy_conclusion is None or row.privacy_assessed_on is None:
        return None
    return PrivacyAssessment(
        conclusion=row.privacy_conclusion,
        assessor=row.privacy_assessor,
        assessed_on=row.privacy_assessed_on,
    )
