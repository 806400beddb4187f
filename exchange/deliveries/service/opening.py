"""A transfer is opened: the plan of the grant is made and held against what was proved, its source
looked at, and the start committed before the first byte leaves. Every face comes through here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlmodel import Session

from exchange.deliveries.errors import (
    ColumnNotGranted,
    EditionCleared,
    ItemsSuspended,
    NoDownload,
    PlanDrifted,
    SourceAway,
    WorksheetFull,
)
from exchange.deliveries.service import recording
from exchange.deliveries.service.downloads import check_fits, check_way
from exchange.deliveries.service.plans import (
    Compiled,
    check_source,
    compile_grant,
    part_of,
    source_stands,
    stopped_of,
)
from exchange.deliveries.service.watcher import Watched
from exchange.deliveries.words import Face
from exchange.grants import repository as grants
from exchange.grants.errors import GrantNotLive
from exchange.grants.models import ShareGrant
from exchange.grants.service.granting import is_live
from exchange.grants.words import GrantStatus
from shuqiao.arrow.connectors.causes import ConnectorFailed
from shuqiao.arrow.connectors.live import LiveRelation, RelationChanged
from shuqiao.arrow.scans.places import NoPlace, Places
from shuqiao.arrow.scans.plan import DeliveryPlan, PlanRefused
from shuqiao.arrow.snapshots.manifest import SnapshotDamaged
from shuqiao.arrow.terms.filters import FilterRefused
from shuqiao.arrow.terms.mask_parameters import MaskRefused
from shuqiao.subject import Subject


@dataclass(frozen=True, slots=True)
class Opened:
    """A transfer whose start is in the trail: its plan, of which edition, who watches it."""

    plan: DeliveryPlan
    edition_no: int | None
    started: recording.Started
    watched: Watched

    def headers(self) -> dict[str, str]:
        """What every face says of the one fetch."""
        edition = {} if self.edition_no is None else {"shuqiao-edition": str(self.edition_no)}
        return {
            **edition,
            "accept-ranges": "none",
            "shuqiao-delivery": self.started.delivery_no,
            **self.started.recorded.headers,
        }


def opened(
    session: Session,
    subject: Subject,
    grant: ShareGrant,
    face: Face,
    places: Places,
    columns: Sequence[str] | None = None,
) -> Opened:
    """Open a transfer of ``columns`` (None: all that is granted) as ``face``. The session is let
    go: what is recorded has connections of its own, never two at once.

    Every refusal is recorded. Raises ``GrantNotLive``, ``ItemsSuspended``, ``ColumnNotGranted``,
    ``PlanDrifted``, ``SourceAway``, ``NoPlace``, ``SnapshotDamaged``, ``EditionCleared``,
    ``NoDownload``, ``WorksheetFull``.
    """
    session.expunge(grant)  # kept as read
    session.rollback()
    try:
        compiled, plan = _planned(session, grant, face, columns, places)
    except ConnectorFailed as failed:
        session.rollback()
        away = SourceAway(**failed.facts)
        recording.refuse(subject, grant, away)
        raise away from None
    except (
        GrantNotLive,
        PlanDrifted,
        ColumnNotGranted,
        ItemsSuspended,
        NoDownload,
        NoPlace,
        SnapshotDamaged,
        WorksheetFull,
    ) as refusal:
        session.rollback()
        recording.refuse(subject, grant, refusal)
        raise
    started = _started(subject, grant, plan, face, compiled.edition_no)
    watched = Watched(started.delivery_id, compiled.proof, partial(source_stands, plan))
    return Opened(plan, compiled.edition_no, started, watched)


def _planned(
    session: Session,
    grant: ShareGrant,
    face: Face,
    columns: Sequence[str] | None,
    places: Places,
) -> tuple[Compiled, DeliveryPlan]:
    """The plan of the grant, and the part of it that is asked for, its source looked at."""
    if grant.standing is GrantStatus.SUSPENDED:
        raise ItemsSuspended(stopped_of(session, grant, grants.items(session, grant)))
    if not is_live(grant):
        raise GrantNotLive(grant.standing)
    if face is not Face.ARROW:
        check_way(session, grant)
    compiled = _compiled(session, grant)
    plan = part_of(compiled, columns)
    check_fits(plan, face)
    # A database of the provider may take its time: nothing of ours is held meanwhile.
    session.rollback()
    _check(plan, places)
    return compiled, plan


def _started(
    subject: Subject, grant: ShareGrant, plan: DeliveryPlan, face: Face, edition_no: int | None
) -> recording.Started:
    """Raises ``EditionCleared`` or ``SnapshotDamaged``, recorded."""
    try:
        return recording.start(subject, grant, plan, face=face, edition_no=edition_no)
    except (EditionCleared, SnapshotDamaged) as refusal:
        recording.refuse(subject, grant, refusal)
        raise


def _compiled(session: Session, grant: ShareGrant) -> Compiled:
    """The plan, held against what was proved.

    Raises ``PlanDrifted``, ``ItemsSuspended``, ``ConnectorFailed``.
    """
    try:
        compiled = compile_grant(session, grant)
    except (PlanRefused, FilterRefused, MaskRefused):  # other columns than the ones proved
        raise PlanDrifted from None
    if compiled.proof != grant.plan_fingerprint:
        raise PlanDrifted
    return compiled


def _check(plan: DeliveryPlan, places: Places) -> None:
    """Raises ``PlanDrifted``, ``ConnectorFailed``, ``NoPlace``."""
    if not plan.is_ready:
        places.check_room()
    if not isinstance(plan.source, LiveRelation):
        return
    try:
        with places.asking(plan.source.connection.owner):
            check_source(plan)
    except RelationChanged:
        raise PlanDrifted from None
