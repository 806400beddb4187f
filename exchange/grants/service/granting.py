"""The rules of grants: issue, activate, revoke, expire. Flushes and records, never commits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.cases import check, possible, take
from auth.roles import Role
from auth.steps import Step
from catalog.elements.words import DataType
from catalog.resources.models import DataResource
from exchange.grants import lifecycle, repository
from exchange.grants.errors import NothingToProve, TerminateInstead
from exchange.grants.lifecycle import LIFECYCLE
from exchange.grants.models import GrantedItem, ShareGrant
from exchange.grants.schemas import Termination
from exchange.grants.words import GrantStatus
from shuqiao import observed
from shuqiao.clock import now
from shuqiao.desk import messages, todos
from shuqiao.i18n import Message, _
from shuqiao.jobs import enqueue
from shuqiao.numbers import next_number
from shuqiao.subject import Subject

#: The job that trial-runs the plan; it lives above this stage and is asked for by name.
PROVE = "exchange.deliveries.prove"
#: The job that opens what a strike asks for, consultation and filing, and closes what is over.
CONSULT = "exchange.consultations.follow"


@dataclass(frozen=True, slots=True)
class ItemTerms:
    """One item that is granted: what it is called, where it lies, of which type it is in the entry
    and as stored, how it is masked.
    """

    item_id: UUID
    name: str
    column_name: str
    data_type: DataType
    column_type: str
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
    filter_columns: dict[str, list[str]]
    coverage: dict[str, Any]
    valid_until: date
    follows_editions: bool
    #: The edition of this day; of its rows one of the two: stored, or the attachment of live ones.
    edition_no: int
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
        "edition": terms.edition_no,
        "follows_editions": terms.follows_editions,
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
    check_step(grant, lifecycle.PROVE, version)
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


def tell_of_edition(session: Session, grant: ShareGrant, number: int) -> None:
    """The consumer learns that there are new rows under a grant that follows them; once."""
    what = _(
        "New rows under %(no)s: edition %(number)s of %(title)s", number=number, **grant.told()
    )
    _tell_consumer(session, grant, what)


def tell_of_take_down(session: Session, grant: ShareGrant) -> None:
    """The consumer learns that the entry has left the catalogue; once."""
    what = _("%(title)s, granted under %(no)s, was taken out of the catalogue", **grant.told())
    _tell_consumer(session, grant, what)


def _tell_consumer(session: Session, grant: ShareGrant, what: Message) -> None:
    href = lifecycle.PAGE.format_map(grant.told())
    if not repository.is_told(session, what, href):
        people = accounts.holders(session, Role.APPLICANT, grant.consumer_id)
        messages.send(session, user_ids=[each.id for each in people], what=what, href=href)


def revoke(
    session: Session, subject: Subject, grant: ShareGrant, version: int, reason: str
) -> ShareGrant:
    """End the grant at once; running transfers stop within a second of the commit.

    Raises ``GrantWrongState``, ``GrantChanged``, and ``TerminateInstead`` for the provider of a
    grant that a negative entry strikes.
    """
    check_step(grant, lifecycle.REVOKE, version)
    is_provider = subject.department_id == grant.provider_id and not subject.has(Role.DATA_ADMIN)
    if is_provider and repository.is_struck(session, grant):
        raise TerminateInstead
    _end(session, grant, reason)
    said = {"reason": reason}
    take(session, subject, grant, lifecycle.REVOKE, version, why=said, words=said)
    return grant


def expire(session: Session, grant: ShareGrant) -> None:
    """The term is over."""
    _end(session, grant)
    take(session, Subject.system("worker"), grant, lifecycle.EXPIRE)


def terminate(
    session: Session, subject: Subject, grant: ShareGrant, version: int, wanted: Termination
) -> ShareGrant:
    """End a suspended grant (locked) by what the caller has looked up: a concluded consultation
    and a filing. Raises ``GrantWrongState``, ``GrantChanged``.
    """
    check_step(grant, lifecycle.TERMINATE, version)
    _end(session, grant, wanted.reason)
    grant.consultation_no, grant.filing_no = wanted.consultation_no, wanted.filing_no
    why, words = wanted.model_dump(), {"reason": wanted.reason}
    take(session, subject, grant, lifecycle.TERMINATE, version, why=why, words=words)
    return grant


def _end(session: Session, grant: ShareGrant, reason: str = "") -> None:
    """What is common to all ends; the caller takes the step. What is still consulted about falls
    away with it.
    """
    if repository.is_struck(session, grant):
        enqueue(session, CONSULT, lock=grant.grant_no, grant_no=grant.grant_no)
    grant.ended_at, grant.end_reason, grant.ground = now(), reason, None


def expire_past_term(session: Session) -> int:
    """Expire every live grant whose last day is certainly over; gives how many."""
    on = observed.sure_day(session)
    past = repository.past_term(session, on) if on else []
    for grant in past:
        expire(session, grant)
    return len(past)


def is_live(grant: ShareGrant) -> bool:
    """Whether data may leave: active, and today is within the term (the last day included)."""
    return grant.standing is GrantStatus.ACTIVE


def possible_now(subject: Subject, grant: ShareGrant) -> Sequence[Step[GrantStatus]]:
    """The steps ``subject`` may take: none once the term is over, written down or not."""
    return [] if grant.standing.is_over else possible(subject, grant, LIFECYCLE)


def check_step(grant: ShareGrant, step: Step[GrantStatus], version: int) -> None:
    """Whether the step is possible now, on the version that was seen. Raises ``GrantWrongState``,
    ``GrantChanged``.
    """
    if grant.standing not in step.at:
        raise grant.not_now(step)
    check(grant, step, version)
