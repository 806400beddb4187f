"""Every SQL statement of the list of suspected duplicates, and of what was said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal, or_
from sqlmodel import Session, col, select

from audit.append import ObjectRef
from auth.accounts.models import AppUser
from auth.departments.models import Department
from auth.visibility import visible
from catalog.duplicates.models import DuplicateRuling, DuplicateSweep, SuspectedDuplicate
from catalog.duplicates.words import Suspicion
from catalog.elements.models import DataElement
from catalog.resources.models import DataResource, ResourceItem
from policies.actions import Action
from policies.facts import Fact, ResourceFacts
from shuqiao.db import column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

_S: Final = SuspectedDuplicate
#: State as it is seen: from the item, and from what was said of this evidence.
_STATE: Final[ColumnElement[Any]] = case(
    (col(ResourceItem.element_id) == _S.element_id, literal(Suspicion.BOUND.value)),
    (col(DuplicateRuling.id).is_not(None), literal(Suspicion.DISMISSED.value)),
    else_=literal(Suspicion.OPEN.value),
)
#: Once an item follows one element, it is no longer suspected to be another one.
_STANDS: Final = and_(
    col(ResourceItem.removed_in).is_(None),
    or_(col(ResourceItem.element_id).is_(None), col(ResourceItem.element_id) == _S.element_id),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A suspicion with all that it speaks of."""

    suspicion: SuspectedDuplicate
    state: Suspicion
    item: ResourceItem
    element: DataElement
    resource: DataResource
    provider: str
    ruling: DuplicateRuling | None
    ruled_by: str

    def policy_facts(self) -> ResourceFacts:
        facts: dict[str, Fact] = {
            "owner": str(self.resource.provider_id),
            "has_left": self.resource.consented_at is not None,
        }
        return ResourceFacts("SuspectedDuplicate", str(self.suspicion.id), facts)

    def audit_ref(self) -> ObjectRef:
        return self.resource.audit_ref()

    def audit_stream(self) -> str:
        return self.resource.audit_stream()


def _rows() -> Any:
    ruled = and_(
        col(DuplicateRuling.item_id) == _S.item_id,
        col(DuplicateRuling.element_id) == _S.element_id,
        col(DuplicateRuling.fingerprint) == _S.fingerprint,
    )
    entities: Any = (
        SuspectedDuplicate,
        _STATE.label("state"),
        ResourceItem,
        DataElement,
        DataResource,
        Department.name,
        DuplicateRuling,
        AppUser.name,
    )
    return (
        select(*entities)
        .join(ResourceItem, col(ResourceItem.id) == _S.item_id)
        .join(DataElement, col(DataElement.id) == _S.element_id)
        .join(DataResource, col(DataResource.id) == _S.resource_id)
        .join(Department, col(Department.id) == _S.provider_id)
        .outerjoin(DuplicateRuling, ruled)
        .outerjoin(AppUser, col(AppUser.id) == DuplicateRuling.ruled_by)
        .where(_STANDS)
    )


def visible_to(subject: Subject) -> ColumnElement[bool]:
    """The rows that the single check would show."""
    facts = {
        "owner": column(DataResource.provider_id),
        "has_left": col(DataResource.consented_at).is_not(None),
    }
    return visible(Action.DUPLICATE_READ, subject, facts)


def page(
    session: Session, subject: Subject, wanted: PageRequest, state: Suspicion | None
) -> tuple[Sequence[Listed], str | None]:
    """One page, the likeliest first."""
    query = _narrowed(subject, state)
    key = column(_S.score)
    rows = session.exec(wanted.keyset(query, key, column(_S.id), descending=True)).all()
    kept, following = wanted.cut(rows, lambda row: (row[0].score, row[0].id))
    return [_listed(row) for row in kept], following


def everything(session: Session, subject: Subject, state: Suspicion | None) -> Sequence[Listed]:
    query = _narrowed(subject, state).order_by(column(_S.score).desc(), column(_S.id).desc())
    return [_listed(row) for row in session.exec(query)]


def by_id(session: Session, wanted: UUID, *, lock: bool = False) -> Listed | None:
    """``lock``: until the transaction ends nobody else says anything of it, and no sweep writes."""
    query = _rows().where(_S.id == wanted)
    row = session.exec(query.with_for_update(of=_S) if lock else query).first()
    return _listed(row) if row else None


def counts(session: Session, subject: Subject) -> dict[Suspicion, int]:
    """How many there are of each state."""
    found = _narrowed(subject, None).subquery()
    query: Any = select(found.c.state, func.count()).group_by(found.c.state)
    return {Suspicion(state): count for state, count in session.exec(query)}


def last_sweep(session: Session) -> DuplicateSweep | None:
    return session.exec(
        select(DuplicateSweep).order_by(col(DuplicateSweep.sweep_no).desc())
    ).first()


def of_resource(session: Session, resource_id: UUID) -> Sequence[Listed]:
    return [_listed(row) for row in session.exec(_rows().where(_S.resource_id == resource_id))]


def _narrowed(subject: Subject, state: Suspicion | None) -> Any:
    query = _rows().where(visible_to(subject))
    return query.where(_STATE.in_([state.value])) if state else query


def _listed(row: Any) -> Listed:
    suspicion, state, item, element, resource, provider, ruling, ruled_by = row
    return Listed(
        suspicion, Suspicion(state), item, element, resource, provider, ruling, ruled_by or ""
    )
