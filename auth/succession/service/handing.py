"""Handing a case over: what happens with each that is the successor's from now on."""

from typing import TypeVar

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.cases import Case, case_no
from auth.steps import State
from auth.succession.service.holdings import Ruling
from shuqiao.desk import todos
from shuqiao.subject import Subject

S = TypeVar("S", bound=State)


def handed_over(
    session: Session, subject: Subject, case: Case[S], event: Event, ruling: Ruling
) -> None:
    """The row names the successor already: its version goes up, the event says by which act and
    document, and its open tasks follow.
    """
    case.enter(case.state)
    session.flush()
    append(
        session,
        subject,
        event,
        stream=case.audit_stream(),
        obj=case.audit_ref(),
        why=ruling.why(),
    )
    before, after = ruling.before.id, ruling.after.id
    todos.hand_over(session, case_no=case_no(case), before=before, after=after)
