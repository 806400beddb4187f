"""From the address to the claim, the countersigning, and the element that is claimed."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Path, Query

from audit.append import ObjectRef
from auth.guard import Authorized, may, may_list
from catalog.elements.access import by_identifier
from catalog.elements.models import DataElement
from catalog.sources import repository
from catalog.sources.models import ObjectScope, SourceClaim, SourceCountersign
from catalog.sources.words import ClaimStatus
from policies.actions import Action
from policies.facts import ResourceFacts
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject

ClaimNo = Annotated[
    str, Path(max_length=20, description="Public number, for example SC-2026-000123")
]
Wanted = Annotated[ClaimStatus | None, Query(description="Only claims that stand there.")]
ClaimReader = Annotated[Subject, may_list(Action.SOURCE_READ)]
SignNo = Annotated[int, Path(ge=1, le=10_000, description="Which of the claim's countersignings")]


def to_change(no: ClaimNo, session: SessionDep) -> SourceClaim:
    found = repository.by_no(session, no, lock=True)
    if found is None:
        raise NotFound
    return found


def to_read(no: ClaimNo, session: ReadSessionDep) -> SourceClaim:
    found = repository.by_no(session, no)
    if found is None:
        raise NotFound
    return found


def to_sign(no: ClaimNo, number: SignNo, session: SessionDep) -> SourceCountersign:
    found = repository.countersign_by_no(session, f"{no}#{number}", lock=True)
    if found is None:
        raise NotFound
    return found


def element_to_change(identifier: str, session: SessionDep) -> DataElement:
    return by_identifier(identifier, session)


@dataclass(frozen=True, slots=True)
class ScopeOf:
    """An object scope with its element, which the rules speak of."""

    element: DataElement
    scope: ObjectScope

    def policy_facts(self) -> ResourceFacts:
        return self.element.policy_facts()

    def audit_ref(self) -> ObjectRef:
        return self.element.audit_ref()

    def audit_stream(self) -> str:
        return self.element.audit_stream()


ScopeNumber = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of the object scope")]


def scope_to_end(identifier: str, number: ScopeNumber, session: SessionDep) -> ScopeOf:
    element = by_identifier(identifier, session)
    scope = repository.scope_by_number(session, element.id, number, lock=True)
    if scope is None:
        raise NotFound
    return ScopeOf(element, scope)


ClaimableElement = Annotated[Authorized[DataElement], may(Action.SOURCE_CLAIM, element_to_change)]
#: "Seen": for the page with the form.
ClaimableElementSeen = Annotated[Authorized[DataElement], may(Action.SOURCE_CLAIM, by_identifier)]
ScopableElement = Annotated[Authorized[DataElement], may(Action.SOURCE_SCOPE, element_to_change)]
EndableScope = Annotated[Authorized[ScopeOf], may(Action.SOURCE_SCOPE, scope_to_end)]
ReadableClaim = Annotated[Authorized[SourceClaim], may(Action.SOURCE_READ, to_read)]
WithdrawableClaim = Annotated[Authorized[SourceClaim], may(Action.SOURCE_WITHDRAW, to_change)]
NameableClaim = Annotated[Authorized[SourceClaim], may(Action.SOURCE_NAME, to_change)]
ExceptableClaim = Annotated[Authorized[SourceClaim], may(Action.SOURCE_EXCEPT, to_change)]
EndableClaim = Annotated[Authorized[SourceClaim], may(Action.SOURCE_END, to_change)]
#: "Seen": for the page with the question.
EndableClaimSeen = Annotated[Authorized[SourceClaim], may(Action.SOURCE_END, to_read)]
SignableCountersign = Annotated[
    Authorized[SourceCountersign], may(Action.SOURCE_COUNTERSIGN, to_sign)
]
