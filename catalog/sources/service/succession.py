"""Source claims and countersignings of ended departments go over to the successor."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from audit.events import Event
from auth.cases import take
from auth.succession.service.handing import handed_over
from auth.succession.service.holdings import Held, Ruling
from catalog.sources import lifecycle, repository
from catalog.sources.checks import CONFLICTS
from catalog.sources.models import SourceClaim
from catalog.sources.service import judging, lapsing
from catalog.sources.words import OPEN, ClaimStatus, CountersignStatus
from shuqiao.i18n import _
from shuqiao.subject import Subject


def held(session: Session, department_id: UUID) -> Sequence[Held]:
    """The claims of a department that stand, or wait to be decided."""
    return [
        Held(each.claim_no, f"{each.element_name}（{each.status.label}）", _page(each.claim_no))
        for each in repository.of_department(session, department_id)
    ]


def succeed(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """A claim is the successor's from now on: the source stays without a gap. What the successor
    was asked about it falls away, and of two claims for the same one is left.
    """
    claim = repository.by_no(session, number, lock=True)
    assert claim is not None, "what is left was read in this transaction"
    claim.department_id = ruling.after.id
    judging.assign(session, claim, ruling.after)
    handed_over(session, subject, claim, Event.CLAIM_SUCCEEDED, ruling)
    for sign in repository.countersigns(session, claim.id):
        if sign.department_id == ruling.after.id and sign.status is CountersignStatus.ASKED:
            take(session, subject, sign, lifecycle.CLOSE, to=CountersignStatus.DROPPED)
    _one_is_left(session, subject, claim, ruling)


def _one_is_left(session: Session, subject: Subject, claim: SourceClaim, ruling: Ruling) -> None:
    """Apart from what a conflict is about: that settles its own."""
    disputed = {
        claim_id
        for conflict in CONFLICTS.held(session, [claim.element_id])
        for claim_id in conflict.claim_ids
    }
    others = repository.overlapping(session, claim, {*OPEN, ClaimStatus.CONFIRMED})
    own = [claim, *(each for each in others if each.department_id == claim.department_id)]
    if len(own) > 1 and not disputed & {each.id for each in own}:
        cause = _("%(department)s has the source already", department=ruling.after.name)
        lapsing.keep_one(session, subject, own, cause, ruling.why())


def held_countersigns(session: Session, department_id: UUID) -> Sequence[Held]:
    """What a department was asked to countersign and has not said."""
    return [
        Held(each.countersign_no, each.element_name, _page(each.claim_no))
        for each in repository.asked_of(session, department_id)
    ]


def succeed_countersign(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """The successor is asked instead; where it has its say already, or it is its own claim, the
    countersigning falls away.
    """
    sign = repository.countersign_by_no(session, number, lock=True)
    assert sign is not None, "what is left was read in this transaction"
    claim = repository.by_id(session, sign.claim_id)
    heard = {each.department_id for each in repository.countersigns(session, claim.id)}
    if ruling.after.id in {claim.department_id, *heard}:
        why = ruling.why()
        take(session, subject, sign, lifecycle.CLOSE, to=CountersignStatus.DROPPED, why=why)
        return
    sign.department_id = ruling.after.id
    handed_over(session, subject, sign, Event.COUNTERSIGN_SUCCEEDED, ruling)


def _page(claim_no: str) -> str:
    return lifecycle.PAGE.format(no=claim_no)
