"""What goes in and out of the routes of proposals, bindings and suspected duplicates."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from catalog.duplicates.words import Signal, Suspicion
from catalog.elements.schemas import Identifier
from catalog.elements.words import DataType
from shuqiao.texts import Strict, TextRule, example

#: So many items are bound at once.
MOST_BOUND: Final = 500


class BindingWrite(Strict):
    """One item that is to follow an element. ``takes_name``: it is called like the element from now
    on.
    """

    item: Annotated[UUID, Field(description="Id of the item")]
    element: Annotated[Identifier, Field(description="Identifier of a data element")]
    takes_name: bool = False


class BindingsWrite(Strict):
    """Items of one entry that are bound, all or none."""

    model_config = example(
        bindings=[{"item": "01890000-0000-7000-8000-000000000000", "element": "DE-000001"}]
    )

    bindings: Annotated[list[BindingWrite], Field(min_length=1, max_length=MOST_BOUND)]


class EntryBindings(Strict):
    """Items of one draft or working copy, as of the version that was seen."""

    resource_code: Annotated[str, TextRule(20), Field(description="Code of a draft")]
    version: Annotated[int, Field(ge=1, description="The version that was seen")]
    bindings: Annotated[list[BindingWrite], Field(min_length=1, max_length=MOST_BOUND)]


class DraftsBindingsWrite(Strict):
    """Items of several drafts of the own department that are bound, all or none."""

    model_config = example(
        entries=[
            {
                "resource_code": "307001/000001",
                "version": 1,
                "bindings": [
                    {"item": "01890000-0000-7000-8000-000000000000", "element": "DE-000001"}
                ],
            }
        ]
    )

    entries: Annotated[list[EntryBindings], Field(min_length=1, max_length=MOST_BOUND)]


class EvidenceRead(BaseModel):
    """One reason. ``share``: per cent, 0 where nothing is counted."""

    signal: Signal
    words: str
    share: int
    is_against: bool


class ProposalRead(BaseModel):
    """An element for an item. ``score``: 0 … 1, for the order; ``is_likely``: at or above the
    threshold.
    """

    element: str
    name: str
    data_type: DataType
    max_length: int | None
    domain: str
    score: float
    is_likely: bool
    evidence: list[EvidenceRead]


class ProposedItem(BaseModel):
    """An item that follows no element yet, and at most three for it, the likeliest first."""

    item: UUID
    name: str
    column_name: str
    proposals: list[ProposalRead]


class FollowingRead(BaseModel):
    """An item and what it has from the element that it follows, in the version in force: type,
    length at most, value domain. ``is_drifted``: the item says another type than the element.
    """

    item: UUID
    name: str
    data_type: DataType
    element: str
    element_name: str
    element_version: Annotated[int, Field(description="Version of the element in force")]
    element_type: Annotated[DataType, Field(description="Data type of the element")]
    max_length: int | None
    domain: str | None
    domain_name: str | None
    is_in_force: bool
    is_drifted: bool


class BindingProposals(BaseModel):
    """``threshold``: from this score on a proposal is likely; ``following``: the items that follow
    an element already.
    """

    resource_code: str
    version: int
    threshold: float
    items: list[ProposedItem]
    following: list[FollowingRead]


class DraftProposals(BaseModel):
    """The unbound items of one draft or working copy as of ``version``."""

    resource_code: str
    title: str
    version: int
    items: list[ProposedItem]


class DraftsProposals(BaseModel):
    """All drafts of the department with unbound items, by code."""

    threshold: float
    entries: list[DraftProposals]


class EntryBound(BaseModel):
    """An entry after its items were bound."""

    resource_code: str
    version: int
    bound: int


class DraftsBound(EventReceipt):
    """The entries after their items were bound, with the receipt of the last event; each entry has
    one of its own.
    """

    bound: int
    entries: list[EntryBound]


class ItemsBound(EventReceipt):
    """The entry after its items were bound, with the receipt of the event."""

    resource_code: str
    version: int
    bound: int
    filled: Annotated[list[FollowingRead], Field(description="What these items have from it now")]


class DismissalCreate(Strict):
    """Why an item is not the element that it was taken for."""

    model_config = example(reason="是学校内部编号，不是学校代码")

    reason: Annotated[str, TextRule(500, multiline=True)]


class SuspicionRead(BaseModel):
    """An item that is likely to be an element, as the last sweep found it. ``found_at``: since when
    there is this evidence. ``reason``, ``ruled_by``, ``ruled_at``: of what was said of it.
    """

    id: UUID
    state: Suspicion
    state_label: str
    resource_code: str
    resource_title: str
    provider: str
    item: UUID
    item_name: str
    column_name: str
    element: str
    element_name: str
    score: float
    evidence: list[EvidenceRead]
    found_at: datetime
    reason: str
    ruled_by: str
    ruled_at: datetime | None


class SuspicionDismissed(SuspicionRead, EventReceipt):
    """A suspicion that has just been dismissed."""


class SimilarEntry(BaseModel):
    """A published entry of another department. ``shared``: of ``total`` items of the entry asked
    about, how many it seems to hold; ``element_names``: of the elements of these.
    """

    resource_code: str
    resource_title: str
    provider: str
    element_names: list[str]
    shared: int
    total: int


class SimilarEntries(BaseModel):
    """Those that hold half of an entry or more, at most five."""

    resource_code: str
    items: list[SimilarEntry]
