"""Deliveries themselves, and what they stand under."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, text
from sqlalchemy import select as select_columns
from sqlalchemy.orm import load_only
from sqlmodel import Session, col, select

from auth.accounts.repository import PERSON
from auth.sessions.repository import sessions
from auth.tokens import repository as tokens
from auth.visibility import visible
from catalog.attachments.models import Attachment
from catalog.editions.models import Edition
from catalog.negative import repository as negative
from catalog.publication.models import Publication
from exchange.deliveries.models import Delivery
from exchange.deliveries.words import DeliveryStatus
from exchange.grants.models import GrantedItem, ShareGrant
from exchange.grants.repository import RUNNING, STOPPED_NAMES
from exchange.requests.models import ShareRequest
from policies.actions import Action
from shuqiao.db import among_ids, column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: A running delivery whose process has given no sign of life for this long is lost.
LOST_AFTER_SECONDS: Final = 15

_COLUMNS: dict[str, Any] = {
    "consumer": column(Delivery.consumer_id),
    "provider": column(Delivery.provider_id),
}

_READ: tuple[Any, ...] = (
    ShareGrant.grant_no,
    ShareGrant.consumer_id,
    ShareGrant.provider_id,
    ShareGrant.status,
    ShareGrant.valid_until,
    ShareGrant.plan_fingerprint,
)
_TOKEN, _SESSION = tuple(tokens.HOLDING.c), tuple(sessions.HOLDING.c)
# All that the first check asks, in one statement. Of a grant only what the rules and the clock
# read: a row filter can be long, and this is asked every 250 ms.
_UNDER_GRANTS = (
    select_columns(
        column(Delivery.id),
        column(Delivery.status),
        column(Delivery.columns).has_any(STOPPED_NAMES).label("carries_stopped"),
        col(Edition.cleared_at).is_not(None).label("is_cleared"),
        col(Edition.damaged_at).is_not(None).label("is_damaged"),
        ShareGrant,
        column(Delivery.consumer_id),
        *_TOKEN,
        *_SESSION,
    )
    .join(ShareGrant, col(ShareGrant.id) == Delivery.grant_id)
    .outerjoin(
        Edition,
        and_(
            col(Edition.resource_id) == ShareGrant.resource_id,
            col(Edition.number) == Delivery.edition_no,
            col(Delivery.snapshot_id).is_not(None),
        ),
    )
    .outerjoin(tokens.HOLDING, tokens.HOLDING.c[len(PERSON)] == Delivery.credential_id)
    .outerjoin(sessions.HOLDING, sessions.HOLDING.c[len(PERSON)] == Delivery.credential_id)
    .where(among_ids(Delivery.id))
    .options(load_only(*_READ, raiseload=True))
)

# Rows and bytes of a running delivery are for the reader's page; the end writes the true ones.
_SIGN_OF_LIFE = text("""
UPDATE delivery SET seen_at = now(), rows = handed.rows, bytes = handed.bytes
FROM unnest(CAST(:ids AS uuid[]), CAST(:rows AS bigint[]), CAST(:sizes AS bigint[]))
    AS handed (id, rows, bytes)
WHERE delivery.id = handed.id AND delivery.status = 'running'
""")


def visible_to(subject: Subject) -> Any:
    """The rows the single check would show: the same rule, compiled to SQL."""
    return visible(Action.DELIVERY_READ, subject, _COLUMNS)


class UnderGrant(NamedTuple):
    """A delivery as it stands at this moment: status, whether it carries an item that may not
    leave, whether its rows were removed or are marked as damaged, grant, the department that
    fetches, and the token or the session it began under, if that holds (rows of their ``HOLDING``,
    empty else).
    """

    id: UUID
    status: DeliveryStatus
    carries_stopped: bool
    is_cleared: bool
    is_damaged: bool
    grant: ShareGrant
    consumer_id: UUID
    token: Sequence[Any]
    session: Sequence[Any]


def under_grants(session: Session, ids: Sequence[UUID]) -> Iterator[UnderGrant]:
    """The deliveries ``ids``, in one statement."""
    values = {"ids": list(ids), **sessions.spans()}
    first, rest = 7, 7 + len(_TOKEN)
    for row in session.execute(_UNDER_GRANTS, values):
        yield UnderGrant._make((*row[:first], row[first:rest], row[rest:]))


def struck_by(session: Session, delivery: Delivery) -> Sequence[str]:
    """The negative entries, by number, that strike what the delivery carries."""
    held = select(GrantedItem.item_id).where(
        GrantedItem.grant_id == delivery.grant_id, col(GrantedItem.name).in_(delivery.columns)
    )
    covers = negative.covers_of(session, session.exec(held).all())
    return sorted({entry.entry_no for entries in covers.values() for entry in entries})


def sign_of_life(session: Session, handed: Mapping[UUID, tuple[int, int]]) -> None:
    """The process that serves these deliveries lives, and has handed
    over so many (rows, bytes) of each so far.
    """
    rows, sizes = zip(*handed.values(), strict=True) if handed else ((), ())
    values = {"ids": list(handed), "rows": list(rows), "sizes": list(sizes)}
    session.connection().execute(_SIGN_OF_LIFE, values)


def by_no(session: Session, delivery_no: str) -> Delivery | None:
    return session.exec(select(Delivery).where(Delivery.delivery_no == delivery_no)).first()


def demand_of(session: Session, delivery: Delivery) -> str | None:
    """The demand that the request behind the delivery cites."""
    query = (
        select(ShareRequest.demand_no)
        .join(ShareGrant, col(ShareGrant.request_no) == col(ShareRequest.request_no))
        .where(ShareGrant.id == delivery.grant_id)
    )
    return session.exec(query).first()


def running(session: Session, delivery_id: UUID) -> Delivery | None:
    """The delivery, locked, if nobody has ended it yet."""
    query = select(Delivery).where(
        Delivery.id == delivery_id, Delivery.status == DeliveryStatus.RUNNING
    )
    return session.exec(query.with_for_update()).first()


def lost(session: Session) -> Sequence[Delivery]:
    """Running deliveries nobody serves any more, locked; those another
    sweeper holds are left to it.
    """
    silent = text(f"seen_at < now() - interval '{LOST_AFTER_SECONDS} seconds'")
    query = select(Delivery).where(Delivery.status == DeliveryStatus.RUNNING, silent)
    return session.exec(query.with_for_update(skip_locked=True)).all()


def needed(session: Session, snapshot_ids: Collection[str]) -> Collection[str]:
    """Those of the snapshots that a live grant is pinned to, or a running transfer reads."""
    pinned = select(ShareGrant.snapshot_id).where(
        col(ShareGrant.snapshot_id).in_(snapshot_ids),
        col(ShareGrant.follows_editions).is_(False),
        col(ShareGrant.status).in_(RUNNING),
    )
    read = select(Delivery.snapshot_id).where(
        col(Delivery.snapshot_id).in_(snapshot_ids), Delivery.status == DeliveryStatus.RUNNING
    )
    found = (session.exec(query).all() for query in (pinned, read))
    return {each for rows in found for each in rows if each is not None}


def named(session: Session, snapshot_ids: Collection[str]) -> Collection[str]:
    """Those of the snapshots that any row names: data stored, an edition, a publication, a grant, a
    delivery.
    """
    found: set[str] = set()
    for table in (Attachment, Edition, Publication, ShareGrant, Delivery):
        query = select(table.snapshot_id).where(col(table.snapshot_id).in_(snapshot_ids))
        found.update(each for each in session.exec(query.distinct()) if each is not None)
    return found


def page(
    session: Session,
    subject: Subject,
    wanted: PageRequest,
    grant_no: str | None = None,
    status: DeliveryStatus | None = None,
) -> tuple[Sequence[Delivery], str | None]:
    """One page of what ``subject`` may see, newest first; of one grant, in one status."""
    query = select(Delivery).where(visible_to(subject))
    if grant_no is not None:
        query = query.where(Delivery.grant_no == grant_no)
    if status is not None:
        query = query.where(Delivery.status == status)
    rows = session.exec(wanted.keyset(query, column(Delivery.delivery_no), descending=True)).all()
    return wanted.cut(rows, lambda row: (row.delivery_no,))


def titles(session: Session, grant_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Titles of the resources behind grants, by the grant's id."""
    query = select(ShareGrant.id, ShareGrant.resource_title).where(
        col(ShareGrant.id).in_(set(grant_ids))
    )
    return dict(session.exec(query).all())


def grant_of(session: Session, delivery: Delivery) -> ShareGrant:
    return session.exec(select(ShareGrant).where(ShareGrant.id == delivery.grant_id)).one()
