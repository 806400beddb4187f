"""Demands of ended departments go over: their voices, and what they were asked. A department never
answers its own demand: where both become one, its voice goes.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from audit.events import Event
from auth.succession.service.handing import handed_over
from auth.succession.service.holdings import Held, Ruling
from catalog.demand.lifecycle.seats import PAGE
from catalog.demand.models import Demand
from catalog.demand.repository import cases
from catalog.demand.service.filing import leave
from catalog.demand.service.taking import joined
from catalog.demand.words import ENDED
from shuqiao.i18n import _
from shuqiao.subject import Subject


def held(session: Session, department_id: UUID) -> Sequence[Held]:
    """The demands under way that carry a voice of a department."""
    return [_held(each) for each in cases.held_by(session, department_id)]


def held_asked(session: Session, department_id: UUID) -> Sequence[Held]:
    """The demands under way that a department answers, or is proposed for."""
    return [_held(each) for each in cases.asked_of(session, department_id)]


def succeed(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """The need goes on as it was filed, as a need of the successor."""
    demand = _locked(session, number)
    if demand.provider_id == ruling.after.id:
        _fall_away(session, subject, demand, ruling.before.id, ruling)
        return
    before, after = ruling.before.id, ruling.after.id
    for voice in cases.voices_of(session, demand.id):
        if voice.left_at is None and voice.department_id == before:
            voice.department_id = after
            session.add(voice)
    kept = [each for each in demand.voice_ids if each != before]
    demand.voice_ids, demand.party_ids = joined(kept, after), joined(demand.party_ids, after)
    if demand.consumer_id == before:
        demand.consumer_id = after
    handed_over(session, subject, demand, Event.DEMAND_SUCCEEDED, ruling)


def succeed_asked(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """The successor answers; what was answered stands as it was given."""
    demand = _locked(session, number)
    if ruling.after.id in demand.voice_ids:
        _fall_away(session, subject, demand, ruling.after.id, ruling)
        if demand.status in ENDED:
            return
    demand.provider_id = ruling.after.id
    demand.party_ids = joined(demand.party_ids, ruling.after.id)
    handed_over(session, subject, demand, Event.DEMAND_SUCCEEDED, ruling)


def _fall_away(
    session: Session, subject: Subject, demand: Demand, department_id: UUID, ruling: Ruling
) -> None:
    reason = str(_("Demander and provider have become one department"))
    leave(session, subject, demand, department_id, {**ruling.why(), "reason": reason})


def _held(demand: Demand) -> Held:
    return Held(demand.demand_no, demand.title, PAGE.format_map(demand.told()))


def _locked(session: Session, number: str) -> Demand:
    demand = cases.by_no(session, number, lock=True)
    assert demand is not None, "what is left was read in this transaction"
    return demand
