"""The reference of the interface as pages: plain, searchable, readable
without scripts; and one to try calls on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path, Query

from server.reference import calls, data_role, reading, samples
from server.reference.once import DocumentDep
from server.reference.reading import Group, OperationShown
from shuqiao.errors import NotFound
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.web.page import Page
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@dataclass(frozen=True, slots=True)
class ReferencePage(Page):
    """The groups of operations, and those of the chosen one or with the words that are wanted; what
    holds for all of them.
    """

    template = "reference/index.html"
    block = "found"
    groups: Sequence[Group]
    chosen: str
    q: str
    count: int


@dataclass(frozen=True, slots=True)
class OperationPage(Page):
    """One operation: who may, what is sent, what comes back, what can go wrong."""

    template = "reference/operation.html"
    shown: OperationShown
    curl: str
    is_data: bool


@dataclass(frozen=True, slots=True)
class TryPage(Page):
    """The document in Swagger UI, whose files come from here."""

    template = "reference/try.html"
    example_key: str


@router.page("/docs")
def index(
    made: DocumentDep,
    q: Annotated[str, Query(max_length=100)] = "",
    group: Annotated[str, Query(max_length=60)] = "",
) -> ReferencePage:
    groups = reading.groups(made, q)
    if group and not q:
        groups = [each for each in groups if each.name == group]
        if not groups:
            raise NotFound(_("There is no group of operations of this name."))
    return ReferencePage(groups, group, q, sum(len(each.lines) for each in groups))


@router.page("/docs/operations/{operation_id}")
def operation(
    made: DocumentDep, operation_id: Annotated[str, Path(max_length=60)]
) -> OperationPage:
    shown = reading.operation(made, operation_id)
    if shown is None:
        raise NotFound(_("There is no operation of this name."))
    curl = calls.as_curl(shown, settings().control_origin)
    return OperationPage(shown, curl, is_data=operation_id == data_role.OPERATION_ID)


@router.page("/docs/try")
def try_it() -> TryPage:
    """Call the interface as whoever is signed in."""
    return TryPage(samples.PARAMETERS["idempotency-key"])
