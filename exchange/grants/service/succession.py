"""Grants of ended departments: those on an entry follow it, those of a consumer go on with the
successor, or are suspended for disposal.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.cases import take
from auth.succession.service.holdings import Held, Ruling
from catalog.resources import repository as resources
from exchange.grants import lifecycle, repository
from exchange.grants.models import ShareGrant
from exchange.grants.service import granting
from exchange.grants.words import WhyNot
from shuqiao.clock import now
from shuqiao.desk import todos
from shuqiao.i18n import _
from shuqiao.subject import Subject


def held(session: Session, department_id: UUID) -> Sequence[Held]:
    """The grants that a department uses, for a successor to take over."""
    return [
        Held(each.grant_no, each.resource_title, lifecycle.PAGE.format_map(each.told()))
        for each in repository.live_of_consumer(session, department_id)
    ]


def succeed(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """A grant goes on with the successor under the same terms (承继) where duty and matter pass;
    else all its items are suspended, and the provider disposes of it. It ends where the successor
    is the provider itself.
    """
    grant = repository.by_no(session, number, lock=True)
    assert grant is not None, "what is left was read in this transaction"
    if grant.provider_id == ruling.after.id:
        _end(session, subject, grant)
        return
    grant.first_consumer_id = grant.first_consumer_id or grant.consumer_id
    grant.consumer_id = ruling.after.id
    _goes_over(session, subject, grant, ruling)
    if not ruling.passes_on:
        _suspend(session, subject, grant)


def follow_entry(session: Session, subject: Subject, code: str, ruling: Ruling) -> None:
    """The grants on an entry that went over are the successor's to look after."""
    entry = resources.by_code(session, code)
    assert entry is not None, "it has just gone over"
    for grant in repository.holding(session, entry.id, lock=True):
        if grant.consumer_id == ruling.after.id:
            _end(session, subject, grant)
        else:
            grant.provider_id = ruling.after.id
            _goes_over(session, subject, grant, ruling)


def _goes_over(session: Session, subject: Subject, grant: ShareGrant, ruling: Ruling) -> None:
    grant.version += 1
    session.flush()
    append(
        session,
        subject,
        Event.GRANT_SUCCEEDED,
        stream=grant.audit_stream(),
        obj=grant.audit_ref(),
        why={**ruling.why(), "passes_on": ruling.passes_on},
    )
    before, after = ruling.before.id, ruling.after.id
    todos.hand_over(session, case_no=grant.grant_no, before=before, after=after)


def _suspend(session: Session, subject: Subject, grant: ShareGrant) -> None:
    fresh = [each for each in repository.items(session, grant) if each.suspended_at is None]
    for item in fresh:
        item.suspended_at, item.suspended_why = now(), WhyNot.SUCCESSION
    session.add_all(fresh)
    if fresh:
        why = {"items": {str(each.item_id): WhyNot.SUCCESSION.value for each in fresh}}
        words = {"items": "、".join(each.name for each in fresh)}
        take(session, subject, grant, lifecycle.SUSPEND_ITEM, why=why, words=words)


def _end(session: Session, subject: Subject, grant: ShareGrant) -> None:
    reason = str(_("Consumer and provider have become one department"))
    granting.revoke(session, subject, grant, grant.version, reason)
