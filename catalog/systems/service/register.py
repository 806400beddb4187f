"""The register of systems: register one, describe it anew, say where it stands. Flushes and
records, never commits.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session

from auth.cases import check, take
from auth.departments.service import must_all_be_open
from auth.duties import repository as duties
from catalog.systems import lifecycle, repository
from catalog.systems.errors import SystemExists
from catalog.systems.models import DAYS, InformationSystem
from catalog.systems.schemas import SystemCreate, SystemMove, SystemUpdate
from catalog.systems.words import Protection, SystemStatus
from shuqiao.clock import today
from shuqiao.db import insert_once
from shuqiao.errors import FieldError, Forbidden, Invalid
from shuqiao.i18n import Message, _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject

#: What is compared when a system is described anew.
_PLAIN: Final = tuple(name for name in SystemUpdate.model_fields if name != "duties")


def register(session: Session, subject: Subject, body: SystemCreate) -> InformationSystem:
    """Register a system of the subject's own department.

    Raises ``SystemExists``, ``DepartmentEnded``, or ``Invalid`` naming the fields.
    """
    if subject.user_id is None or subject.department_id is None:
        raise Forbidden(_("Only a person of a department registers systems"))
    must_all_be_open(session, subject.department_id)
    _fit(body)
    if body.status not in lifecycle.REGISTER.to:
        raise Invalid(errors=[_WRONG_BEGINNING])
    _check_since(body)
    served = _duties(session, subject.department_id, body.duties)
    if repository.is_taken(session, subject.department_id, body.name, apart_from=None):
        raise SystemExists
    system = InformationSystem(
        system_no=next_number(session, "IS"),
        owner_id=subject.department_id,
        registrar_id=subject.user_id,
        status=body.status,
        **body.model_dump(include=set(_PLAIN)),
    )
    if body.status in DAYS:
        setattr(system, DAYS[body.status], body.since)
    insert_once(session, system, SystemExists())
    repository.set_duties(session, system.id, served)
    why = {"name": system.name, "duties": sorted(body.duties), "since": system.since}
    take(session, subject, system, lifecycle.REGISTER, why=why)
    return system


def edit(
    session: Session,
    subject: Subject,
    system: InformationSystem,
    body: SystemUpdate,
    *,
    version: int,
) -> InformationSystem:
    """Replace everything that is said of ``system`` (locked) but where it stands.

    Raises ``SystemChanged``, ``SystemNotNow``, ``SystemExists``, or ``Invalid`` naming the fields.
    """
    check(system, lifecycle.EDIT, version)
    _fit(body)
    served = _duties(session, system.owner_id, body.duties)
    if repository.is_taken(session, system.owner_id, body.name, apart_from=system.id):
        raise SystemExists
    changed = [name for name in _PLAIN if getattr(system, name) != getattr(body, name)]
    before = {duty.id for duty in repository.duties_of(session, {system.id}).get(system.id, ())}
    if before != set(served):
        changed.append("duties")
    for name in _PLAIN:
        setattr(system, name, getattr(body, name))
    insert_once(session, system, SystemExists())
    repository.set_duties(session, system.id, served)
    take(session, subject, system, lifecycle.EDIT, version, why={"changed": changed})
    return system


def move(
    session: Session,
    subject: Subject,
    system: InformationSystem,
    body: SystemMove,
    *,
    version: int,
) -> InformationSystem:
    """Say where ``system`` (locked) stands from a day on.

    Raises ``SystemChanged``, ``SystemNotNow``, or ``Invalid`` for a state that no step leads to, a
    day to come, or one before the last step.
    """
    step = lifecycle.MOVES.get(body.status)
    if step is None:
        fix = _("Choose one of the states that follow.")
        said = FieldError("/status", "no_step", _("No step leads back to this state"), fix)
        raise Invalid(errors=[said])
    check(system, step, version)
    _check_day("/on", body.on, after=_last_day(system))
    setattr(system, DAYS[body.status], body.on)
    take(session, subject, system, step, version, why={"on": body.on})
    return system


def _fit(body: SystemUpdate) -> None:
    """Members that say nothing without another one. Raises ``Invalid``."""
    errors = []
    if body.protection is Protection.NONE and body.filing_no:
        detail = _("A system that is not classified has no filing number")
        fix = _("Choose the level, or leave the number empty.")
        errors.append(FieldError("/filing_no", "no_level", detail, fix))
    if not body.contractor and (body.contract_no or body.contract_until):
        detail = _("The contract names no contractor")
        fix = _("Name the contractor, or leave the contract empty.")
        errors.append(FieldError("/contractor", "required", detail, fix))
    if errors:
        raise Invalid(errors=errors)


def _check_since(body: SystemCreate) -> None:
    if body.status is SystemStatus.PLANNED:
        if body.since is not None:
            detail, fix = _("A plan has no day yet"), _("Leave the day empty.")
            raise Invalid(errors=[FieldError("/since", "not_asked", detail, fix)])
        return
    if body.since is None:
        detail, fix = _("The day is missing"), _("Give the day from which it stands there.")
        raise Invalid(errors=[FieldError("/since", "required", detail, fix)])
    _check_day("/since", body.since, after=None)


def _check_day(pointer: str, day: date, *, after: date | None) -> None:
    detail: Message | None = None
    if day > today():
        detail, fix = _("This day is still to come"), _("Give a day up to today.")
    elif after is not None and day < after:
        detail = _("This day lies before the last step")
        fix = _("Give a day from %(day)s on", day=after.isoformat())
    if detail is not None:
        raise Invalid(errors=[FieldError(pointer, "wrong_day", detail, fix)])


def _last_day(system: InformationSystem) -> date | None:
    days = [getattr(system, name) for name in DAYS.values()]
    return max((day for day in days if day is not None), default=None)


def _duties(session: Session, owner_id: UUID, numbers: Sequence[str]) -> list[UUID]:
    """The duties of these numbers, each once. Raises ``Invalid`` for one of another department."""
    known = {duty.duty_no: duty.id for duty in duties.of_department(session, owner_id)}
    fix = _("Use the number of a duty that is recorded for your department.")
    errors = [
        FieldError(f"/duties/{place}", "unknown", _("The department has no such duty"), fix)
        for place, number in enumerate(numbers)
        if number not in known
    ]
    if errors:
        raise Invalid(errors=errors)
    return list({known[number]: None for number in numbers})


_WRONG_BEGINNING: Final = FieldError(
    "/status",
    "wrong_beginning",
    _("A system is registered while it is planned, built or running"),
    _("Choose one of these states."),
)
