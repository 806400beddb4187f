"""What the exchange does for a demand: a request that cites it, and the delivery that meets it.

Called from above, in the transaction of the step that causes it; each is a no-op where the demand
no longer waits for it.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from catalog.collection.checks import key
from catalog.demand.lifecycle import ending
from catalog.demand.models import Demand, DemandVoice
from catalog.demand.repository import cases
from catalog.demand.service.taking import advance
from catalog.demand.words import DemandStatus
from catalog.resources import repository as resources
from catalog.resources.models import DataResource
from catalog.resources.words import ShareType
from shuqiao.clock import now, today
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject

#: While a request may cite it.
_CITABLE = frozenset({DemandStatus.ANSWERED, DemandStatus.BEING_SHARED})


def must_be_citable(
    session: Session, demand_no: str, department_id: UUID, resource_id: UUID
) -> None:
    """Whether a request of the department for this entry may name the demand. Raises ``Invalid``:
    the same for one that is not there and one of others.
    """
    demand = cases.by_no(session, demand_no)
    fix = _("Open the form from the page of the demand, or leave the number out")
    if demand is None or department_id not in demand.voice_ids:
        detail = _("Your department has no such demand")
        raise Invalid(errors=[FieldError("/demand_no", "unknown", detail, fix)])
    if demand.status not in _CITABLE or demand.resource_id != resource_id:
        detail = _("The demand is not served by this entry, or no longer open")
        raise Invalid(errors=[FieldError("/demand_no", "not_served", detail, fix)])


def items_to_ask(session: Session, demand: Demand, entry: DataResource) -> list[str]:
    """Ids of the items of the entry that are wanted: by their name, or by their element."""
    wanted = cases.items_of(session, [demand.id])
    names = {key(each.name) for each in wanted}
    bound = {each.element_id for each in wanted if each.element_id}
    return [
        str(item.id)
        for item in resources.items_of(session, entry.id)
        if item.share_type is not ShareType.WITHHELD
        and (key(item.name) in names or item.element_id in bound)
    ]


def words_of(session: Session, demand_no: str, department_id: UUID) -> dict[str, object]:
    """Basis, scenario, scope, way and term as the department stated them when it filed its demand,
    by their names in a request: nothing is typed twice. Empty where it has no voice.
    """
    voice = next(iter(_open_voices(session, cases.by_no(session, demand_no), department_id)), None)
    filed = cases.by_no(session, voice.filed_as) if voice else None
    if voice is None or filed is None:
        return {}
    said: dict[str, object] = {
        "basis": f"{filed.basis_document} {filed.basis_article}".rstrip(),
        "scenario": voice.scenario,
        "scope": filed.scope,
    }
    if voice.until > today():
        said["until"] = voice.until
    return said | ({"share_way": filed.share_way.value} if filed.share_way else {})


def requested(
    session: Session, subject: Subject, demand_no: str, request_no: str, department_id: UUID
) -> None:
    """A request that cites it has reached the unified intake."""
    demand = cases.by_no(session, demand_no, lock=True)
    voices = _open_voices(session, demand, department_id)
    if demand is None or not voices or demand.status not in ending.REQUESTED.at:
        return
    for voice in voices:
        voice.request_no = request_no
    session.add_all(voices)
    advance(session, subject, demand, ending.REQUESTED, why={"request": request_no})


def request_ended(session: Session, subject: Subject, demand_no: str, request_no: str) -> None:
    """The request was withdrawn or refused; with no other one under way the demand waits again."""
    demand = cases.by_no(session, demand_no, lock=True)
    if demand is None or demand.status is not DemandStatus.BEING_SHARED:
        return
    voices = [each for each in _live(session, demand) if each.request_no]
    if request_no not in {each.request_no for each in voices}:
        return
    for each in voices:
        if each.request_no == request_no and each.met_at is None:
            each.request_no = ""
            session.add(each)
    if _is_under_way(voices):
        advance(session, subject, demand, ending.STAY_SHARED, why={"request": request_no})
    else:
        advance(session, subject, demand, ending.REQUEST_ENDED, why={"request": request_no})


def delivered(session: Session, demand_no: str, department_id: UUID, delivery_no: str) -> None:
    """A delivery to the department has finished: nothing else meets a demand."""
    demand = cases.by_no(session, demand_no, lock=True)
    voices = _open_voices(session, demand, department_id)
    if demand is None or not voices or demand.status is not DemandStatus.BEING_SHARED:
        return
    for voice in voices:
        voice.met_at, voice.delivery_no = now(), delivery_no
    session.add_all(voices)
    session.flush()
    if not meet_if_served(session, demand):
        why = {"delivery": delivery_no}
        advance(session, Subject.system("worker"), demand, ending.SERVE, why=why)
        wait_if_idle(session, demand)


def meet_if_served(session: Session, demand: Demand) -> bool:
    """Met once every voice that is left has its data."""
    voices = _live(session, demand)
    if demand.status not in _CITABLE or any(voice.met_at is None for voice in voices):
        return False
    last = max(voices, key=lambda voice: (voice.met_at, voice.filed_as))
    demand.delivery_no, demand.ended_at = last.delivery_no, now()
    why = {"delivery": last.delivery_no, "voices": len(voices)}
    advance(session, Subject.system("worker"), demand, ending.MEET, why=why)
    return True


def wait_if_idle(session: Session, demand: Demand) -> None:
    """With no request under way for a voice that is left, it is to be applied for again: no demand
    sleeps as being shared.
    """
    if demand.status is DemandStatus.BEING_SHARED and not _is_under_way(_live(session, demand)):
        advance(session, Subject.system("worker"), demand, ending.WAIT)


def _is_under_way(voices: Sequence[DemandVoice]) -> bool:
    return any(each.request_no and each.met_at is None for each in voices)


def _live(session: Session, demand: Demand) -> list[DemandVoice]:
    return [each for each in cases.voices_of(session, demand.id) if each.left_at is None]


def _open_voices(session: Session, demand: Demand | None, department_id: UUID) -> list[DemandVoice]:
    """The voices of the department without its data: what it receives, it receives for all."""
    if demand is None:
        return []
    return [
        each
        for each in _live(session, demand)
        if each.department_id == department_id and each.met_at is None
    ]
