"""After an act each object that an ended department holds gets its successor, by the document that
gives the duty (三定). Flushes and records, never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from auth.cases import check, take
from auth.departments.models import Department, Reorganisation
from auth.succession import lifecycle, repository
from auth.succession.models import SucceededObject, Succession
from auth.succession.schemas import SuccessorNaming
from auth.succession.service.holdings import HOLDERS, Held, Holder, Ruling
from shuqiao.clock import now
from shuqiao.errors import FieldError, Forbidden, Invalid
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject


@dataclass(frozen=True, slots=True)
class Left:
    """One object without a successor, and the ended department that holds it."""

    holder: Holder
    department: Department
    held: Held


def open_after(session: Session, subject: Subject, act: Reorganisation) -> Succession | None:
    """After an act is recorded: ask for successors if those that ended hold anything."""
    open_ones = left(session, act)
    if not open_ones:
        return None
    succession = Succession(act_no=act.act_no, reorganisation_id=act.id)
    session.add(succession)
    session.flush()
    words = {"left": len(open_ones)}
    take(session, subject, succession, lifecycle.OPEN, why=words, words=words)
    return succession


def left(session: Session, act: Reorganisation) -> list[Left]:
    """What the departments that ended by the act hold still, by kind."""
    ended, _after = repository.sides(session, act)
    return [
        Left(holder, department, held)
        for holder in HOLDERS.held
        for department in ended
        for held in holder.held(session, department.id)
    ]


def name(
    session: Session,
    subject: Subject,
    act: Reorganisation,
    succession: Succession,
    body: SuccessorNaming,
) -> int:
    """Name the successor of objects of one kind; ``succession`` is locked. Gives how many moved.

    Raises ``SuccessionSettled``, ``Invalid`` naming the fields, or what the stage says of one that
    cannot be taken over.
    """
    check(succession, lifecycle.NAME)
    if subject.user_id is None:
        raise Forbidden(_("Only a person names a successor"))
    _ended, after = repository.sides(session, act)
    to = next((each for each in after if each.code == body.successor), None)
    chosen, errors = _chosen(left(session, act), body)
    if to is None or to.ended_on is not None:
        fix = _("Choose one of the departments that stand after the act.")
        said = _("This department does not stand after the act")
        errors.append(FieldError("/successor", "no_successor", said, fix))
    if errors or to is None:
        raise Invalid(errors=errors)
    for each in chosen:
        ruling = Ruling(
            act_no=act.act_no,
            before=each.department,
            after=to,
            document_no=body.document_no,
            article=body.article,
            effective_on=act.effective_on,
            passes_on=body.is_passed_on or not each.holder.asks_passing,
        )
        _move(session, subject, succession, each, ruling)
    session.flush()
    remaining = len(left(session, act))
    why = {
        "kind": body.kind,
        "numbers": [each.held.number for each in chosen],
        "to": to.code,
        "document_no": body.document_no,
        "article": body.article,
        "left": remaining,
    }
    take(session, subject, succession, lifecycle.NAME, why=why, words={"left": remaining})
    if not remaining:
        succession.settled_at = now()
        take(session, subject, succession, lifecycle.SETTLE)
    return len(chosen)


def _move(
    session: Session, subject: Subject, succession: Succession, each: Left, ruling: Ruling
) -> None:
    assert subject.user_id is not None
    session.add(
        SucceededObject(
            succession_id=succession.id,
            kind=each.holder.kind,
            number=each.held.number,
            title=each.held.title,
            from_id=ruling.before.id,
            to_id=ruling.after.id,
            document_no=ruling.document_no,
            article=ruling.article,
            is_passed_on=ruling.passes_on,
            named_by=subject.user_id,
        )
    )
    session.flush()
    for step in (each.holder.move, *each.holder.follow):
        step(session, subject, each.held.number, ruling)


def _chosen(
    open_ones: Sequence[Left], body: SuccessorNaming
) -> tuple[list[Left], list[FieldError]]:
    """What the ruling is about. What is sensitive is named alone and confirmed."""
    of_kind = [each for each in open_ones if each.holder.kind == body.kind]
    if not body.numbers:
        chosen = [each for each in of_kind if not each.held.is_sensitive]
        if chosen:
            return chosen, []
        said, fix = _("Nothing of this kind can be named at once"), _("Name each by its number.")
        return [], [FieldError("/numbers", "nothing_left", said, fix)]
    known: dict[str, list[Left]] = {}
    for each in of_kind:
        known.setdefault(each.held.number, []).append(each)
    chosen = [each for number in dict.fromkeys(body.numbers) for each in known.get(number, ())]
    errors = [
        FieldError(
            f"/numbers/{place}",
            "unknown",
            _("No ended department holds this, or it has its successor already"),
            _("Name one of those that are left."),
        )
        for place, number in enumerate(body.numbers)
        if number not in known
    ]
    if any(each.held.is_sensitive for each in chosen):
        errors += _sensitive(chosen, body)
    return chosen, errors


def _sensitive(chosen: Sequence[Left], body: SuccessorNaming) -> list[FieldError]:
    errors: list[FieldError] = []
    fix: Message = _("Name each entry with personal or important data by a ruling of its own.")
    if len(chosen) > 1:
        said = _("Personal or important data never moves together with others")
        errors.append(FieldError("/numbers", "own_confirmation", said, fix))
    elif not body.is_confirmed:
        said = _("What holds personal or important data is confirmed on its own")
        fix = _("Confirm that its security was looked after (NDSR, Arts. 14 and 32).")
        errors.append(FieldError("/is_confirmed", "required", said, fix))
    return errors
