"""Checks before collecting and reports of repeated forms go over to the successor."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from audit.events import Event
from auth.succession.service.handing import handed_over
from auth.succession.service.holdings import Held, Ruling
from catalog.collection import repository
from catalog.collection.lifecycle.repeats import PAGE
from shuqiao.subject import Subject


def held_checks(session: Session, department_id: UUID) -> Sequence[Held]:
    """The checks of a department that are not concluded; what was concluded stays as it is."""
    return [
        Held(each.check_no, each.title, f"/collection-checks/{each.check_no}")
        for each in repository.open_checks(session, department_id)
    ]


def succeed_check(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    made = repository.by_no(session, number, lock=True)
    assert made is not None, "what is left was read in this transaction"
    made.owner_id = ruling.after.id
    handed_over(session, subject, made, Event.COLLECTION_SUCCEEDED, ruling)


def held_repeats(session: Session, department_id: UUID) -> Sequence[Held]:
    """The reports of a department that are not answered."""
    return [
        Held(each.report_no, each.form_name, PAGE.format_map(each.told()))
        for each in repository.open_repeats(session, department_id)
    ]


def succeed_repeat(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    made = repository.repeat_by_no(session, number, lock=True)
    assert made is not None, "what is left was read in this transaction"
    made.owner_id = ruling.after.id
    handed_over(session, subject, made, Event.REPEAT_SUCCEEDED, ruling)
