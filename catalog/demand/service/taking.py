"""A step of a demand, told to every department whose voice it carries."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session

from auth.cases import take
from auth.departments import repository as departments
from auth.departments.service import must_be_open
from auth.steps import Step
from catalog.demand.lifecycle.seats import FILER
from catalog.demand.models import Demand
from catalog.demand.repository import cases
from catalog.demand.words import DemandStatus
from shuqiao.desk import messages
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject


def advance(
    session: Session,
    subject: Subject,
    demand: Demand,
    step: Step[DemandStatus],
    version: int | None = None,
    *,
    why: Mapping[str, Any] | None = None,
    words: Mapping[str, Any] | None = None,
) -> None:
    """Take the step; what its filer is told, whoever spoke for another voice is told too."""
    take(session, subject, demand, step, version, why=why, words=words)
    others = {
        voice.speaker_id
        for voice in cases.voices_of(session, demand.id)
        if voice.left_at is None and voice.speaker_id != demand.filer_id
    }
    said = {**demand.told(), **(words or {})}
    for notice in step.tells:
        if FILER in notice.to:
            messages.send(
                session,
                user_ids=others,
                what=notice.what.filled(said),
                href=notice.page.format_map(said),
            )


def department_named(
    session: Session, code: str, field: str, beside: Mapping[UUID, Message]
) -> UUID:
    """The open department of this credit code. ``beside``: those that it may not be, and why.

    Raises ``Invalid`` naming the field, ``DepartmentEnded``.
    """
    found = departments.by_code(session, code)
    fix = _("Use the credit code of the department, as its page shows it")
    if found is None:
        raise _wrong(field, "unknown", _("There is no such department"), fix)
    if found.id in beside:
        raise _wrong(field, "not_this_one", beside[found.id], _("Name another department"))
    must_be_open(found)
    return found.id


def _wrong(field: str, code: str, detail: Message, fix: Message) -> Invalid:
    return Invalid(errors=[FieldError(f"/{field}", code, detail, fix)])


def joined(held: list[UUID], *others: UUID | None) -> list[UUID]:
    """Another list: a change inside one is not noticed."""
    return list(dict.fromkeys([*held, *(each for each in others if each is not None)]))
