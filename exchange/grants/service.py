"""The rules of grants: issue, activate, revoke, expire. Flushes and records, never commits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from auth.cases import check, possible, take
from auth.steps import Step
from catalog.resources.models import DataResource
from exchange.grants import lifecycle, repository
from exchange.grants.errors import NothingToProve
from exchange.grants.lifecycle import LIFECYCLE
from exchange.grants.models import GrantedItem, ShareGrant
from exchange.grants.words import GrantStatus
from shuqiao.clock import now, today
from shuqiao.desk import todos
from shuqiao.i18n import Message
from shuqiao.jobs import enqueue
from shuqiao.numbers import next_number
from shuqiao.subject import Subject

#: The job that trial-runs the plan; it lives above this stage and is asked for by name.
PROVE = "exchange.deliveries.prove"


@dataclass(frozen=True, slots=True)
class ItemTerms:
    """One item that is granted: what it is called, where it lies, how it is masked."""

    item_id: UUID
    name: str
    column_name: str
    mask: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreeing reply settles: for whom and what for, which items under which masks, which
    rows, until when. A grant takes all of it over as it is.
    """

    request_no: str
    consumer_id: UUID
    purpose: str
    resource_version: int
    items: Sequence[ItemTerms]
    row_filter: dict[str, Any] | None
    valid_until: date
    #: One of the two: stored rows, or the attachment of live ones.
    snapshot_id: str | None
    live_id: UUID | None = None

    def columns(self) -> dict[str, Any]:
        """The columns of a grant's row that are told here."""
        own = (field.name for field in fields(self) if field.name != "items")
        return {name: getattr(self, name) for name in own}


def issue(session: Session, subject: Subject, resource: DataResource, terms: Terms) -> ShareGrant:
    """Turn an agreeing reply into a grant; the delivery clock starts
    (Order 809, Art. 22) and the plan is tried.
    """
    grant = ShareGrant(
        grant_no=next_number(session, "GR"),
        resource_id=resource.id,
        resource_code=resource.code,
        resource_title=resource.title,
        provider_id=resource.provider_id,
        **terms.columns(),
    )
    session.add(grant)
    session.flush()
    _add_items(session, grant, terms)
    why = {
        "request": terms.request_no,
        "resource": resource.code,
        "resource_version": terms.resource_version,
        "items": [item.item_id for item in terms.items],
        "snapshot": terms.snapshot_id,
        "live": terms.live_id,
    }
    take(session, subject, grant, lifecycle.ISSUE, why=why)
    enqueue(session, PROVE, lock=grant.grant_no, grant_no=grant.grant_no)
    return grant


def _add_items(session: Session, grant: ShareGrant, terms: Terms) -> None:
    session.add_all(
        GrantedItem(grant_id=grant.id, position=position, **asdict(item))
        for position, item in enumerate(terms.items)
    )


def activate(session: Session, grant: ShareGrant, *, plan_fingerprint: str, rows: int) -> None:
    """The plan was run and works: the consumer may fetch, the delivery clock ends.

    A repeat is a no-op.
    """
    if grant.status is GrantStatus.ACTIVE:
        return
    grant.activated_at, grant.plan_fingerprint = now(), plan_fingerprint
    why = {"plan": plan_fingerprint, "trial_rows": rows}
    take(session, Subject.system("worker"), grant, lifecycle.ACTIVATE, why=why)


def not_ready(session: Session, grant: ShareGrant, why: Message) -> None:
    """The trial run failed: recorded, and the provider's approver gets the task to mend it."""
    reason = {"reason": why.render("en")}
    worker = Subject.system("worker")
    take(session, worker, grant, lifecycle.NOT_READY, why=reason, words={"why": why})


def ask_proof(session: Session, subject: Subject, grant: ShareGrant, version: int) -> ShareGrant:
    """Have the plan of ``grant`` (locked) tried again after its trial run failed.

    Raises ``GrantWrongState``, ``GrantChanged``, or ``NothingToProve`` while no trial run has
    failed.
    """
    _check(grant, lifecycle.PROVE, version)
    if why_not_ready(session, grant) is None:
        raise NothingToProve
    take(session, subject, grant, lifecycle.PROVE, version)
    enqueue(session, PROVE, lock=grant.grant_no, grant_no=grant.grant_no)
    return grant


def why_not_ready(session: Session, grant: ShareGrant) -> Message | None:
    """Why the trial run failed, while nobody has mended it; None: it
    did not fail, or runs again.
    """
    asked = todos.find_open(session, case_no=grant.grant_no, kind=lifecycle.MEND.kind)
    return Message.from_json(asked.what) if asked is not None else None


def revoke(
    session: Session, subject: Subject, grant: ShareGrant, version: int, reason: str
) -> ShareGrant:
    """End the grant at once; running transfers stop within a second of the commit."""
    _check(grant, lifecycle.REVOKE, version)
    grant.ended_at, grant.end_reason = now(), reason
    said = {"reason": reason}
    take(session, subject, grant, lifecycle.REVOKE, version, why=said, words=said)
    return grant


def expire(session: Session, grant: ShareGrant) -> None:
    """The term is over."""
    grant.ended_at = now()
    take(session, Subject.system("worker"), grant, lifecycle.EXPIRE)


def expire_past_term(session: Session) -> int:
    """Expire every live grant whose last day is over; gives how many."""
    past = repository.past_term(session, today())
    for grant in past:
        expire(session, grant)
    return len(past)


def is_live(grant: ShareGrant) -> bool:
    """Whether data may leave: active, and today is within the term (the last day included)."""
    return grant.standing is GrantStatus.ACTIVE


def possible_now(subject: Subject, grant: ShareGrant) -> Sequence[Step[GrantStatus]]:
    """The steps ``subject`` may take: none once the term is over, written down or not."""
    return [] if grant.standing.is_over else possible(subject, grant, LIFECYCLE)


def _check(grant: ShareGrant, step: Step[GrantStatus], version: int) -> None:
    if grant.standing not in step.at:
        raise grant.not_now(step)
    check(grant, step, version)
