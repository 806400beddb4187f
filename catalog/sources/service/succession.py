"""Source claims of ended departments go over to the successor, with their number."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.succession.service.holdings import Held, Ruling
from catalog.sources import repository
from shuqiao.desk import todos
from shuqiao.subject import Subject


def held(session: Session, department_id: UUID) -> Sequence[Held]:
    """The claims of a department that stand, or wait to be decided."""
    return [
        Held(each.claim_no, f"{each.element_name}（{each.status.label}）")
        for each in repository.of_department(session, department_id)
    ]


def succeed(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """A claim is the successor's from now on: the source stays without a gap."""
    claim = repository.by_no(session, number, lock=True)
    assert claim is not None, "what is left was read in this transaction"
    claim.department_id, claim.version = ruling.after.id, claim.version + 1
    session.flush()
    append(
        session,
        subject,
        Event.CLAIM_SUCCEEDED,
        stream=claim.audit_stream(),
        obj=claim.audit_ref(),
        why=ruling.why(),
    )
    before, after = ruling.before.id, ruling.after.id
    todos.hand_over(session, case_no=claim.claim_no, before=before, after=after)
