"""What becomes of claims and object scopes without a word about them: a claim falls away, the
sources of an element that ends go over to the one that replaces it or end with it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.cases import take
from catalog.elements.models import DataElement
from catalog.elements.words import Sourcing
from catalog.sources import lifecycle, repository
from catalog.sources.errors import ScopeInUse
from catalog.sources.models import ObjectScope, SourceClaim, SourceException
from catalog.sources.schemas import ClaimReason
from catalog.sources.service import countersigning
from catalog.sources.words import ClaimStatus, Ground
from shuqiao.clock import today
from shuqiao.errors import Conflict
from shuqiao.i18n import Message, _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject


def lapse(
    session: Session,
    subject: Subject,
    claim: SourceClaim,
    cause: Message,
    why: Mapping[str, object],
) -> None:
    """A claim that waits falls away; what was asked about it too."""
    said = cause.render("zh_CN")
    claim.end_reason = said
    take(session, subject, claim, lifecycle.LAPSE, why=why, words={"cause": said})
    countersigning.close(session, subject, claim)


def keep_one(
    session: Session,
    subject: Subject,
    claims: Sequence[SourceClaim],
    cause: Message,
    why: Mapping[str, object],
) -> SourceClaim:
    """Of claims of one department for the same, the confirmed one is left, else the earliest."""
    order = sorted(claims, key=lambda each: (each.status is not ClaimStatus.CONFIRMED, each.id))
    kept, *others = order
    for other in others:
        lapse(session, subject, other, cause, {**why, "kept": kept.claim_no})
    return kept


def element_ended(
    session: Session,
    subject: Subject,
    element: DataElement,
    successor: DataElement | None,
    *,
    carries: bool,
) -> None:
    """In the transaction that ends an element: claims that wait fall away, sources end, or go over
    to ``successor`` where the act says so (``carries``). Both are in the queue.
    """
    cause = _("The data element %(identifier)s has ended", identifier=element.identifier)
    why: dict[str, object] = {"element": element.identifier}
    for claim in repository.open_claims(session, [element.id]):
        lapse(session, subject, claim, cause, why)
    for claim in repository.confirmed(session, [element.id]):
        goes_to = successor if carries and _is_free(session, claim, successor) else None
        _end(session, subject, claim, cause, {**why, **_successor(goes_to)})
        if goes_to is not None:
            _carry(session, subject, claim, goes_to)


def _successor(element: DataElement | None) -> dict[str, object]:
    return {} if element is None else {"successor_element": element.identifier}


def _end(
    session: Session,
    subject: Subject,
    claim: SourceClaim,
    cause: Message,
    why: Mapping[str, object],
) -> None:
    claim.ended_on, claim.end_reason = today(), cause.render("zh_CN")
    take(session, subject, claim, lifecycle.END, why=why)


def _is_free(session: Session, claim: SourceClaim, successor: DataElement | None) -> bool:
    """Whether the replacing element has no source for these objects and this area yet. One for all
    objects goes with any scope; one for a scope with another.
    """
    if successor is None or successor.sourcing is not Sourcing.AUTHORITATIVE:
        return False
    names = {each.id: each.name for each in repository.scopes(session, successor.id)}
    own = repository.scope_names(session, {claim.scope_id} if claim.scope_id else set())
    name = own.get(claim.scope_id) if claim.scope_id else None
    return not any(
        name is None or each.scope_id is None or names.get(each.scope_id) == name
        for each in repository.sharing_ground(session, successor.id, claim)
    )


def _carry(session: Session, subject: Subject, claim: SourceClaim, to: DataElement) -> None:
    carried = SourceClaim(
        claim_no=next_number(session, "SC"),
        element_id=to.id,
        element_name=to.name,
        scope_id=_same_scope(session, subject, claim, to),
        ground=Ground.CARRIED,
        status=ClaimStatus.CONFIRMED,
        confirmed_on=today(),
        **claim.model_dump(
            include={
                *("department_id", "area_code", "duty_id", "document", "article"),
                *("collected_by", "is_upper", "is_by_administration", "proposer_id"),
                *("instance", "judge_id"),
            }
        ),
    )
    session.add(carried)
    session.flush()
    session.add_all(
        SourceException(claim_id=carried.id, **each.model_dump(exclude={"claim_id"}))
        for each in repository.exceptions(session, [claim.id])
    )
    session.flush()
    session.refresh(carried)
    why = {"element": to.identifier, "from": claim.claim_no}
    take(session, subject, carried, lifecycle.CARRY, why=why)


def _same_scope(session: Session, subject: Subject, claim: SourceClaim, to: DataElement) -> Any:
    """The object scope of the same name, registered where the replacing element has none."""
    if claim.scope_id is None:
        return None
    own = repository.scope_by_id(session, claim.scope_id)
    for scope in repository.scopes(session, to.id):
        if scope.name == own.name:
            return scope.id
    scope = ObjectScope(element_id=to.id, name=own.name, belongs=own.belongs)
    session.add(scope)
    session.flush()
    _note(session, subject, to, Event.SOURCE_SCOPED, scope)
    return scope.id


def end_scope(
    session: Session, subject: Subject, element: DataElement, scope: ObjectScope, body: ClaimReason
) -> ObjectScope:
    """From today nobody claims for this scope; its name is free again. Raises ``ScopeInUse`` while
    a claim for it stands or waits, ``Conflict`` for one that ended.
    """
    repository.queue(session, element)
    if scope.ended_on is not None:
        raise Conflict(_("The object scope has ended already"))
    live = repository.claims_for_scope(session, scope.id)
    if live:
        raise ScopeInUse([each.claim_no for each in live])
    scope.ended_on, scope.end_reason = today(), body.reason
    session.add(scope)
    session.flush()
    _note(session, subject, element, Event.SOURCE_SCOPE_ENDED, scope, reason=body.reason)
    return scope


def _note(
    session: Session,
    subject: Subject,
    element: DataElement,
    event: Event,
    scope: ObjectScope,
    **more: str,
) -> None:
    append(
        session,
        subject,
        event,
        stream=element.audit_stream(),
        obj=element.audit_ref(),
        why={"scope": scope.name, "number": scope.number, **more},
    )
