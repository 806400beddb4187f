"""Demands that want the same go on as one, with the voices of all (并案)."""

from sqlmodel import Session

from auth.cases import check
from auth.departments import repository as departments
from catalog.demand.errors import NotMergeable
from catalog.demand.lifecycle import ending
from catalog.demand.models import Demand
from catalog.demand.repository import cases
from catalog.demand.service.taking import advance, joined
from catalog.resources import repository as resources
from shuqiao.clock import now
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject


def merge(
    session: Session, subject: Subject, demand: Demand, into_no: str, version: int | None
) -> Demand:
    """Let ``demand`` go on under the other one; need, scene and term of each department stay as it
    filed them. Both rows are locked in one order: of two mergers that cross, one is too late.

    Raises ``Invalid`` for a number that is none, ``DemandNotNow``, ``NotMergeable``. Gives the one
    that goes on.
    """
    named = cases.by_no(session, into_no)
    if named is None or named.id == demand.id:
        detail = _("There is no such other demand")
        fix = _("Name the number of another demand that goes on")
        raise Invalid(errors=[FieldError("/into", "unknown", detail, fix)])
    rows = cases.two_locked(session, demand.id, named.id)
    demand, into = rows[demand.id], rows[named.id]
    check(demand, ending.MERGE, version)
    if into.status not in ending.JOIN.at:
        raise NotMergeable(
            _("The other demand does not go on: %(status)s", status=into.status.label)
        )
    own = demand.voice_ids
    if into.provider_id in own:
        raise NotMergeable(_("The department that is to answer the other demand wants this one"))
    if into.resource_id and resources.by_id(session, into.resource_id).provider_id in own:
        raise NotMergeable(_("The entry that serves the other demand is of a department of this"))
    _move(session, subject, demand, into, version)
    return into


def _move(
    session: Session, subject: Subject, demand: Demand, into: Demand, version: int | None
) -> None:
    """The event of the one that is merged comes last: it is the answer's receipt."""
    voices = [each for each in cases.voices_of(session, demand.id) if each.left_at is None]
    own = [each.department_id for each in voices]
    names = departments.names(session, set(own))
    into.voice_ids, into.party_ids = joined(into.voice_ids, *own), joined(into.party_ids, *own)
    told = "、".join(names[each] for each in dict.fromkeys(own))
    joins = {"from": demand.demand_no}
    advance(session, subject, into, ending.JOIN, why=joins, words={"department": told})
    demand.into_id, demand.ended_at = into.id, now()
    goes = {"into": into.demand_no}
    advance(session, subject, demand, ending.MERGE, version, why=goes, words=goes)
    for voice in voices:
        voice.demand_id = into.id
        session.add(voice)
    session.flush()
