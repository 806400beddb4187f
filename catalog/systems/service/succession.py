"""Systems of ended departments, and what they owe to a census, go over to the successor."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.cases import take
from auth.succession.errors import CannotSucceed
from auth.succession.service.handing import handed_over
from auth.succession.service.holdings import Held, Ruling
from catalog.systems import lifecycle, repository
from catalog.systems.words import SystemStatus
from shuqiao.clock import now
from shuqiao.i18n import _
from shuqiao.subject import Subject


def held(session: Session, department_id: UUID) -> Sequence[Held]:
    """The systems of a department that are not shut down."""
    return [
        Held(each.system_no, each.name, f"/systems/{each.system_no}")
        for each in repository.of_owner(session, department_id)
        if each.status is not SystemStatus.STOPPED
    ]


def succeed(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """A system goes over with its number. Raises ``CannotSucceed`` where the successor has one of
    this name.
    """
    system = repository.by_no(session, number, lock=True)
    assert system is not None, "what is left was read in this transaction"
    if repository.is_taken(session, ruling.after.id, system.name, apart_from=system.id):
        raise CannotSucceed(
            _("The successor has a system called “%(name)s” already", name=system.name)
        )
    system.owner_id, system.version = ruling.after.id, system.version + 1
    system.updated_at = now()
    session.flush()
    append(
        session,
        subject,
        Event.SYSTEM_SUCCEEDED,
        stream=system.audit_stream(),
        obj=system.audit_ref(),
        why=ruling.why(),
    )


def held_returns(session: Session, department_id: UUID) -> Sequence[Held]:
    """What a department owes to censuses that are open."""
    return [
        Held(
            each.return_no,
            _("Census of systems %(year)s", year=str(each.year)).render("zh_CN"),
            lifecycle.CENSUS_PAGE.format_map(each.told()),
        )
        for each in repository.due_returns(session, department_id)
    ]


def succeed_return(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """The successor reports the systems in its own return; one that has none takes this over."""
    owed = repository.return_by_no(session, number)
    assert owed is not None, "what is left was read in this transaction"
    own = repository.return_of(session, owed.year, ruling.after.id, lock=True)
    if own is None:
        owed.owner_id = ruling.after.id
        handed_over(session, subject, owed, Event.CENSUS_SUCCEEDED, ruling)
        return
    take(session, subject, owed, lifecycle.PASS, why={**ruling.why(), "into": own.return_no})
