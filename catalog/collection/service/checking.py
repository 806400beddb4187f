"""Checks before collecting: made, corrected, concluded. Flushes and records, never commits."""

from collections.abc import Sequence
from typing import Any, Final

from sqlmodel import Session

from auth.cases import check, take
from auth.departments.service import must_all_be_open
from catalog.collection import repository
from catalog.collection.checks import counted
from catalog.collection.lifecycle import checks as lifecycle
from catalog.collection.models import CollectedField, CollectionCheck
from catalog.collection.schemas import CheckHead, FieldCorrect
from catalog.collection.service.matching import NOTHING, found, matched
from catalog.collection.words import Answer
from shuqiao.clock import now
from shuqiao.errors import FieldError, Forbidden, Invalid, NotFound
from shuqiao.i18n import Message, _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject


def make(
    session: Session, subject: Subject, head: CheckHead, names: Sequence[str]
) -> CollectionCheck:
    """Look for each of ``names`` in what is published now. Raises ``Invalid``."""
    if subject.user_id is None or subject.department_id is None:
        raise Forbidden(_("Only a person of a department checks what it collects"))
    must_all_be_open(session, subject.department_id)
    asked = counted(names)
    made = CollectionCheck(
        check_no=next_number(session, "CK"),
        owner_id=subject.department_id,
        maker_id=subject.user_id,
        entries=repository.entries(session, subject),
        status=lifecycle.MAKE.to[0],
        **head.model_dump(),
    )
    session.add(made)
    session.flush()
    fields = [
        CollectedField(
            check_id=made.id,
            position=place,
            name=match.name,
            is_collected=match.told["answer"] is Answer.COLLECTABLE,
            **match.told,
        )
        for place, match in enumerate(matched(session, subject, asked), 1)
    ]
    session.add_all(fields)
    session.flush()
    take(session, subject, made, lifecycle.MAKE, why=_counted(fields))
    return made


def correct(
    session: Session,
    subject: Subject,
    made: CollectionCheck,
    position: int,
    body: FieldCorrect,
    version: int | None,
) -> CollectionCheck:
    """Put another item in the place of what was found, or none; say whether and why the field is
    collected after all. Raises ``NotFound``, ``Invalid``, ``CheckNotNow``, ``CheckChanged``.
    """
    check(made, lifecycle.CORRECT, version)
    row = repository.field(session, made.id, position)
    if row is None:
        raise NotFound
    told = _stated(session, subject, body)
    is_collected = body.is_collected or told["answer"] is Answer.COLLECTABLE
    if is_collected and told["answer"] is not Answer.COLLECTABLE and not body.reason:
        raise Invalid(errors=[_NO_REASON])
    row.is_corrected = row.is_corrected or told["item_id"] != row.item_id
    for name, value in {**told, "is_collected": is_collected, "reason": body.reason}.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    why = {"field": position, "answer": row.answer, "collected": is_collected}
    take(session, subject, made, lifecycle.CORRECT, version, why=why)
    return made


def conclude(
    session: Session, subject: Subject, made: CollectionCheck, version: int | None
) -> CollectionCheck:
    """From now on the opinion stays as it is. Raises ``CheckNotNow`` or ``CheckChanged``."""
    check(made, lifecycle.CONCLUDE, version)
    fields = repository.fields_of(session, made.id)
    made.concluded_at, made.concluder_id = now(), subject.user_id
    take(session, subject, made, lifecycle.CONCLUDE, version, why=_counted(fields))
    return made


def _stated(session: Session, subject: Subject, body: FieldCorrect) -> dict[str, Any]:
    if not body.resource_code and not body.item:
        return dict(NOTHING)
    each = repository.item_of(session, subject, body.resource_code, body.item)
    if each is None:
        raise Invalid(errors=[_NO_ITEM])
    return found(subject, each)


def _counted(fields: Sequence[CollectedField]) -> dict[str, Any]:
    """What the event says of the answers: counts, and what is collected again."""
    counts = {each.value: sum(row.answer is each for row in fields) for each in Answer}
    again = [row.position for row in fields if row.is_collected and row.reason]
    return {**counts, "collected_again": again}


def _flaw(pointer: str, code: str, detail: Message, fix: Message) -> FieldError:
    return FieldError(pointer, code, detail, fix)


_NO_REASON: Final = _flaw(
    "/reason",
    "missing",
    _("The data is there already"),
    _("Say why it is collected again (Order 809, Arts. 19 and 40), or do not collect it."),
)
_NO_ITEM: Final = _flaw(
    "/item",
    "unknown",
    _("No published entry of this code has such an item"),
    _("Copy the code and the name of the item from the page of the entry."),
)
