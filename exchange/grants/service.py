"""The rules of grants: issue, activate, revoke, expire. Flushes and records, never commits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.accounts import repository as accounts
from auth.roles import Role
from catalog.resources.models import DataResource
from exchange.grants import repository
from exchange.grants.errors import GrantChanged, GrantWrongState, NothingToProve
from exchange.grants.lifecycle import may_become
from exchange.grants.models import GrantedItem, ShareGrant
from exchange.grants.words import GrantStatus
from policies.deadlines import Clock, deadlines
from shuqiao.clock import now, today
from shuqiao.desk import clocks, messages, todos
from shuqiao.i18n import Message, _
from shuqiao.jobs import enqueue
from shuqiao.numbers import next_number
from shuqiao.subject import Subject

DELIVERY = "delivery"
#: The task of the provider's approver after a trial run failed, or the stored data drifted.
MEND = "mend_grant"
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
    append(
        session,
        subject,
        Event.GRANT_ISSUED,
        stream=grant.grant_no,
        obj=grant.audit_ref(),
        why={
            "request": terms.request_no,
            "resource": resource.code,
            "resource_version": terms.resource_version,
            "items": [item.item_id for item in terms.items],
            "snapshot": terms.snapshot_id,
            "live": terms.live_id,
        },
        change=(None, grant.status),
    )
    _start_delivery_clock(session, grant)
    enqueue(session, PROVE, lock=grant.grant_no, grant_no=grant.grant_no)
    return grant


def _add_items(session: Session, grant: ShareGrant, terms: Terms) -> None:
    session.add_all(
        GrantedItem(grant_id=grant.id, position=position, **asdict(item))
        for position, item in enumerate(terms.items)
    )


def _start_delivery_clock(session: Session, grant: ShareGrant) -> None:
    limit = deadlines()[Clock.DELIVERY]
    clocks.start(
        session,
        case_no=grant.grant_no,
        kind=DELIVERY,
        limit=limit.given,
        started_on=today(),
    )


def activate(session: Session, grant: ShareGrant, *, plan_fingerprint: str, rows: int) -> None:
    """The plan was run and works: the consumer may fetch, the delivery clock ends.

    A repeat is a no-op.
    """
    if grant.status is GrantStatus.ACTIVE:
        return
    _become(
        session,
        Subject.system("worker"),
        grant,
        GrantStatus.ACTIVE,
        Event.GRANT_ACTIVATED,
        why={"plan": plan_fingerprint, "trial_rows": rows},
    )
    grant.activated_at, grant.plan_fingerprint = now(), plan_fingerprint
    clocks.close(session, case_no=grant.grant_no, kind=DELIVERY, on=today())
    todos.done(session, case_no=grant.grant_no, by=None)
    _tell_consumer(
        session,
        grant,
        _("%(title)s can be fetched now: %(no)s", title=grant.resource_title, no=grant.grant_no),
    )


def not_ready(session: Session, grant: ShareGrant, why: Message) -> None:
    """The trial run failed: recorded, and the provider's approver gets the task to mend it."""
    append(
        session,
        Subject.system("worker"),
        Event.GRANT_NOT_READY,
        stream=grant.grant_no,
        obj=grant.audit_ref(),
        result="error",
        why={"reason": why.render("en")},
    )
    todos.ask(
        session,
        case_no=grant.grant_no,
        kind=MEND,
        role=Role.APPROVER,
        department_id=grant.provider_id,
        what=_("Delivery under %(no)s is not ready: %(why)s", no=grant.grant_no, why=why),
        href=f"/grants/{grant.grant_no}",
    )


def ask_proof(session: Session, subject: Subject, grant: ShareGrant, version: int) -> ShareGrant:
    """Have the plan of ``grant`` (locked) tried again after its trial run failed.

    Raises ``GrantWrongState``, ``GrantChanged``, or ``NothingToProve`` while no trial run has
    failed.
    """
    if grant.status is not GrantStatus.PENDING_DELIVERY:
        raise GrantWrongState(grant.status)
    if version != grant.version:
        raise GrantChanged
    if not todos.done(session, case_no=grant.grant_no, kind=MEND, by=subject.user_id):
        raise NothingToProve
    grant.version += 1
    session.add(grant)
    append(session, subject, Event.GRANT_PROOF_ASKED, stream=grant.grant_no, obj=grant.audit_ref())
    enqueue(session, PROVE, lock=grant.grant_no, grant_no=grant.grant_no)
    return grant


def why_not_ready(session: Session, grant: ShareGrant) -> Message | None:
    """Why the trial run failed, while nobody has mended it; None: it
    did not fail, or runs again.
    """
    asked = todos.find_open(session, case_no=grant.grant_no, kind=MEND)
    return Message.from_json(asked.what) if asked is not None else None


def revoke(
    session: Session, subject: Subject, grant: ShareGrant, version: int, reason: str
) -> ShareGrant:
    """End the grant at once; running transfers stop within a second of the commit."""
    if not may_become(grant.status, GrantStatus.REVOKED):
        raise GrantWrongState(grant.status)
    if version != grant.version:
        raise GrantChanged
    _become(
        session, subject, grant, GrantStatus.REVOKED, Event.GRANT_REVOKED, why={"reason": reason}
    )
    grant.ended_at, grant.end_reason = now(), reason
    _closed(session, grant)
    what = _("The grant %(no)s was revoked: %(reason)s", no=grant.grant_no, reason=reason)
    _tell_consumer(session, grant, what)
    return grant


def expire(session: Session, grant: ShareGrant) -> None:
    """The term is over."""
    _become(session, Subject.system("worker"), grant, GrantStatus.EXPIRED, Event.GRANT_EXPIRED)
    grant.ended_at = now()
    _closed(session, grant)
    _tell_consumer(session, grant, _("The grant %(no)s has expired", no=grant.grant_no))


def expire_past_term(session: Session) -> int:
    """Expire every live grant whose last day is over; gives how many."""
    past = repository.past_term(session, today())
    for grant in past:
        expire(session, grant)
    return len(past)


def is_live(grant: ShareGrant) -> bool:
    """Whether data may leave: active, and today is within the term (the last day included)."""
    return grant.status is GrantStatus.ACTIVE and today() <= grant.valid_until


def _become(
    session: Session,
    subject: Subject,
    grant: ShareGrant,
    target: GrantStatus,
    event: Event,
    *,
    why: dict[str, Any] | None = None,
) -> None:
    if not may_become(grant.status, target):
        raise GrantWrongState(grant.status)
    before, grant.status, grant.version = grant.status, target, grant.version + 1
    session.add(grant)
    append(
        session,
        subject,
        event,
        stream=grant.grant_no,
        obj=grant.audit_ref(),
        why=why,
        change=(before, target),
    )


def _closed(session: Session, grant: ShareGrant) -> None:
    clocks.close(session, case_no=grant.grant_no, kind=DELIVERY, on=today())
    todos.done(session, case_no=grant.grant_no, by=None)


def _tell_consumer(session: Session, grant: ShareGrant, what: Message) -> None:
    people = {user.id for user in accounts.holders(session, Role.APPLICANT, grant.consumer_id)}
    messages.send(session, user_ids=people, what=what, href=f"/grants/{grant.grant_no}")
