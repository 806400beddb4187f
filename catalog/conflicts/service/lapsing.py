"""What becomes of a source conflict without a decision: a side goes over to a successor; where the
two sides become one department, or the element ends, it falls away.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import Session

from audit.events import Event
from auth.cases import take
from auth.succession.service.handing import handed_over
from auth.succession.service.holdings import Held, Ruling
from catalog.conflicts import lifecycle, repository
from catalog.conflicts.models import SourceConflict
from catalog.conflicts.service import judging
from catalog.conflicts.service.opening import STANDING
from catalog.conflicts.words import OPEN
from catalog.elements.models import DataElement
from catalog.sources import repository as sources
from catalog.sources.models import SourceClaim
from catalog.sources.service import lapsing as claims
from catalog.sources.service import succession
from shuqiao.clock import today
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject


def held(session: Session, department_id: UUID) -> Sequence[Held]:
    """The conflicts of a department that are open, or may still be reviewed."""
    return [
        Held(
            each.conflict_no,
            f"{each.element_name}（{each.status.label}）",
            lifecycle.PAGE.format_map(each.told()),
        )
        for each in repository.live_of(session, department_id, today())
    ]


def succeed(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """A side goes over with its claims; what both sides were is one claim afterwards."""
    conflict = repository.by_no(session, number, lock=True)
    assert conflict is not None, "what is left was read in this transaction"
    for claim in _claims(session, conflict):
        if claim.department_id == ruling.before.id and claim.status in STANDING:
            succession.succeed(session, subject, claim.claim_no, ruling)
    _side(session, subject, conflict, ruling)


def follow_claim(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """The side of a conflict is the department of its claim."""
    claim = sources.by_no(session, number)
    assert claim is not None, "it has just gone over"
    for conflict in repository.live_about_claim(session, claim.id, today()):
        _side(session, subject, conflict, ruling)


def element_ended(
    session: Session,
    subject: Subject,
    element: DataElement,
    successor: DataElement | None,
    carries: bool,
) -> None:
    """Nobody is to be the source of an element that has ended: its conflicts fall away, its claims
    end or go over to ``successor``.
    """
    cause = _("The data element %(identifier)s has ended", identifier=element.identifier)
    for conflict in repository.open_about(session, [element.id], lock=True):
        _lapse(session, subject, conflict, cause, {"element": element.identifier})
    claims.element_ended(session, subject, element, successor, carries=carries)


def _side(session: Session, subject: Subject, conflict: SourceConflict, ruling: Ruling) -> None:
    before, after = ruling.before.id, ruling.after.id
    if before not in (conflict.opener_id, conflict.rival_id):
        return
    other = conflict.rival_id if conflict.opener_id == before else conflict.opener_id
    is_one = other == after and conflict.status in OPEN
    if conflict.opener_id == before:
        conflict.opener_id = after
    else:
        conflict.rival_id = after
    if not is_one:
        judging.assign(session, conflict)
        handed_over(session, subject, conflict, Event.CONFLICT_SUCCEEDED, ruling)
        return
    cause = _("both sides are %(department)s now", department=ruling.after.name)
    why = ruling.why()
    _lapse(session, subject, conflict, cause, why)
    standing = [each for each in _claims(session, conflict) if each.status in STANDING]
    if standing:
        claims.keep_one(session, subject, standing, cause, why)


def _lapse(
    session: Session,
    subject: Subject,
    conflict: SourceConflict,
    cause: Message,
    why: Mapping[str, object],
) -> None:
    said = cause.render("zh_CN")
    conflict.lapse_reason = said
    take(session, subject, conflict, lifecycle.LAPSE, why=why, words={"cause": said})


def _claims(session: Session, conflict: SourceConflict) -> list[SourceClaim]:
    """The claims of both sides, with the one made anew for the review."""
    ids = (conflict.claim_id, conflict.own_claim_id, conflict.review_claim_id)
    return [sources.by_id(session, each, lock=True) for each in ids if each is not None]
