"""Demands that ended departments want or are to answer go over to the successor."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from audit.events import Event
from auth.succession.errors import CannotSucceed
from auth.succession.service.handing import handed_over
from auth.succession.service.holdings import Held, Ruling
from catalog.demand.repository import cases
from catalog.demand.service.taking import joined
from shuqiao.i18n import _
from shuqiao.subject import Subject


def held(session: Session, department_id: UUID) -> Sequence[Held]:
    """The demands under way that a department wants or is to answer."""
    return [
        Held(each.demand_no, f"{each.title}（{each.status.label}）", f"/demands/{each.demand_no}")
        for each in cases.held_by(session, department_id)
    ]


def succeed(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """Its voices speak for the successor, or the successor answers it. Raises ``CannotSucceed``
    where both sides become one department.
    """
    demand = cases.by_no(session, number, lock=True)
    assert demand is not None, "what is left was read in this transaction"
    before, after = ruling.before.id, ruling.after.id
    voices = list(dict.fromkeys(after if each == before else each for each in demand.voice_ids))
    provider = after if demand.provider_id == before else demand.provider_id
    if provider in voices:
        raise CannotSucceed(
            _(
                "Both sides of demand %(no)s become one department: end it or assign it first",
                no=demand.demand_no,
            )
        )
    demand.voice_ids, demand.provider_id = voices, provider
    demand.party_ids = joined(demand.party_ids, after)
    if demand.consumer_id == before:
        demand.consumer_id = after
    for voice in cases.voices_of(session, demand.id):
        if voice.department_id == before and voice.left_at is None:
            voice.department_id = after
            session.add(voice)
    handed_over(session, subject, demand, Event.DEMAND_SUCCEEDED, ruling)
