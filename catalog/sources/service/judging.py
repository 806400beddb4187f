"""Which data administration decides on a claim, and what becomes of that when one joins later, ends
or moves to another level or area.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.areas import repository as areas
from auth.cases import Case, ask, case_no
from auth.departments import repository as departments
from auth.departments.models import Department
from auth.steps import State, Todo
from catalog.sources import lifecycle, repository
from catalog.sources.checks.instances import Instance, instance_of
from catalog.sources.models import SourceClaim
from shuqiao.desk import todos
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject

S = TypeVar("S", bound=State)


class Judged(Protocol):
    """What keeps who decides on it."""

    instance: str
    judge_id: UUID | None


class Routed(Judged, Case[S], Protocol[S]):
    """A case that keeps who decides on it."""


def seat(session: Session, judged: Judged, instance: Instance | None) -> bool:
    """Write down who decides: the administration of that level and area on this platform, the one
    of before as long as it is one. As long as one does not state level and area, it may be that
    one: any decides. Gives whether that is a change.
    """
    before = judged.instance, judged.judge_id
    found: Sequence[UUID] = ()
    if instance is not None:
        found = repository.administrations(session, instance.level, instance.area_code)
    if instance is None or (not found and repository.has_unstated(session)):
        judged.instance, judged.judge_id = "", None
    else:
        present = judged.judge_id if judged.judge_id in found else next(iter(found), None)
        judged.instance, judged.judge_id = instance.key, present
    return (judged.instance, judged.judge_id) != before


def assign(session: Session, claim: SourceClaim, department: Department) -> bool:
    """The administration of the department's own level and area; of an upper source the one that
    records it. Gives whether that is a change.
    """
    if claim.is_upper:
        return seat(session, claim, Instance.of_key(claim.instance))
    return seat(session, claim, instance_of(department))


def assign_recorder(claim: SourceClaim, administration: Department | None) -> None:
    """An upper source is a matter of whoever records it."""
    instance = instance_of(administration) if administration else None
    if administration is not None and instance is not None:
        claim.instance, claim.judge_id = instance.key, administration.id


def follow(session: Session) -> int:
    """Find anew who decides on what waits or stands; gives how many claims went to another one."""
    moved = [
        claim
        for claim, department in repository.to_be_judged(session)
        if assign(session, claim, department)
    ]
    for claim in moved:
        routed(session, claim, Event.SOURCE_ROUTED)
        ask_anew(session, claim, lifecycle.NAME_TODO)
    return len(moved)


def routed(session: Session, case: Routed[S], event: Event) -> None:
    """Another one decides from now on: the version goes up, the event says which."""
    case.enter(case.state)
    session.flush()
    why = {"instance": case.instance, "decides": decides(session, case)}
    subject, obj = Subject.system("worker"), case.audit_ref()
    append(session, subject, event, stream=case.audit_stream(), obj=obj, why=why)


def ask_anew(session: Session, case: Routed[S], todo: Todo, *others: str) -> None:
    """The task of deciding, or one of ``others``, goes to whoever decides now; where none of them
    is open, nothing is asked.
    """
    number = case_no(case)
    ticked = [todos.done(session, case_no=number, kind=k, by=None) for k in (todo.kind, *others)]
    if any(ticked):
        ask(session, case, todo)


def decides(session: Session, judged: Judged) -> str:
    """The administration that decides, else of what level and area it is; empty: any."""
    if judged.judge_id is not None:
        return departments.by_id(session, judged.judge_id).name
    instance = Instance.of_key(judged.instance)
    return called(session, instance) if instance is not None else ""


def called(session: Session, instance: Instance) -> str:
    known = areas.of_codes(session, {instance.area_code})
    found = known.get(instance.area_code)
    return str(instance.called(found.name if found else instance.area_code))


def must_name_decision(session: Session, claim: SourceClaim, reason: str) -> None:
    """What an administration decides that is not on this platform is recorded with its document.

    Raises ``Invalid``.
    """
    if claim.is_elsewhere and not reason:
        whose = decides(session, claim)
        detail = _("It is for another administration to decide: %(whose)s", whose=whose)
        fix = _("Record what it decided: name its document, with number and date.")
        raise Invalid(errors=[FieldError("/reason", "elsewhere", detail, fix)])
