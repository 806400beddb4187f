"""What becomes of granted items: suspended with what the entry no longer allows, resumed or left by
the provider's approver. Flushes and records, never commits.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlmodel import Session

from auth.cases import take
from catalog.negative import repository as negative
from exchange.grants import lifecycle, repository
from exchange.grants.errors import NotSuspended, StillNotAllowed
from exchange.grants.models import GrantedItem, ShareGrant
from exchange.grants.schemas import ItemSettled
from exchange.grants.service import granting
from exchange.grants.words import GrantStatus, Ground, WhyNot
from shuqiao.clock import now, today
from shuqiao.desk import clocks, todos
from shuqiao.jobs import enqueue
from shuqiao.subject import Subject

_STRUCK: Final = WhyNot.NEGATIVE_ENTRY


def suspend_items(session: Session, grant: ShareGrant) -> int:
    """Write down what the entry of ``grant`` (locked) no longer allows; gives how many items are
    new to it. They have not left since the entry changed, written down or not.
    """
    why = repository.not_allowed(session, grant)
    held = repository.items(session, grant)
    fresh = [item for item in held if item.suspended_at is None and item.item_id in why]
    if grant.standing.is_over or not fresh:
        return 0
    for item in fresh:
        item.suspended_at, item.suspended_why = now(), why[item.item_id]
    session.add_all(fresh)
    said = {str(item.item_id): why[item.item_id].value for item in fresh}
    words = {"items": "、".join(item.name for item in fresh)}
    worker = Subject.system("worker")
    facts: dict[str, Any] = {"items": said}
    if struck := _entries(session, [each for each in fresh if why[each.item_id] is _STRUCK]):
        facts["negative_entries"] = struck
    take(session, worker, grant, lifecycle.SUSPEND_ITEM, why=facts, words=words)
    if _STRUCK in why.values():
        if all(item.suspended_at is not None for item in held):
            _suspend(session, grant, facts.get("negative_entries"), words)
        enqueue(session, granting.CONSULT, lock=grant.grant_no, grant_no=grant.grant_no)
    return len(fresh)


def _suspend(
    session: Session, grant: ShareGrant, entries: Sequence[str] | None, words: Mapping[str, str]
) -> None:
    """Negative entries left nothing of the grant (依据变化)."""
    grant.ground = Ground.BASIS_CHANGED
    why = {"ground": grant.ground.value, "negative_entries": entries}
    said = {**words, "ground": grant.ground.label}
    take(session, Subject.system("worker"), grant, lifecycle.SUSPEND, why=why, words=said)


def _entries(session: Session, items: Sequence[GrantedItem]) -> Sequence[str]:
    """Numbers of the negative entries that strike the items, each once, in order."""
    covers = negative.covers_of(session, [item.item_id for item in items])
    return sorted({entry.entry_no for found in covers.values() for entry in found})


def settle_item(
    session: Session, subject: Subject, grant: ShareGrant, version: int, wanted: ItemSettled
) -> ShareGrant:
    """Have a suspended item of ``grant`` (locked) leave again, or leave it as it is.

    Raises ``GrantWrongState``, ``GrantChanged``, ``NotSuspended``, and for an item that the entry
    does not allow again ``StillNotAllowed``.
    """
    is_resumed = wanted.outcome == "resumed"
    step = lifecycle.RESUME_ITEM if is_resumed else lifecycle.LEAVE_ITEM
    granting.check_step(grant, step, version)
    held = {item.item_id: item for item in repository.items(session, grant)}
    item = held.get(wanted.item_id)
    if item is None or item.suspended_at is None:
        raise NotSuspended
    if is_resumed:
        if (why := repository.why_not(session, item)) is not None:
            raise StillNotAllowed(why.label)
        item.suspended_at = item.suspended_why = None
        session.add(item)
    said, words = {"item": item.item_id}, {"items": item.name}
    take(session, subject, grant, step, version, why=said, words=words)
    if is_resumed:
        _goes_on(session, subject, grant)
    if not is_resumed or all(each.suspended_at is None for each in held.values()):
        kind = lifecycle.SETTLE.kind
        todos.done(session, case_no=grant.grant_no, kind=kind, by=subject.user_id)
        clocks.close(session, case_no=grant.grant_no, kind=lifecycle.SUSPENDED, on=today())
    return grant


def _goes_on(session: Session, subject: Subject, grant: ShareGrant) -> None:
    """An item of ``grant`` leaves again: a suspended grant is as before; what was consulted about
    may be over.
    """
    if grant.status is GrantStatus.SUSPENDED:
        grant.ground = None
        if grant.activated_at is not None:
            take(session, subject, grant, lifecycle.RESUME)
        else:
            take(session, subject, grant, lifecycle.READY_AGAIN)
            enqueue(session, granting.PROVE, lock=grant.grant_no, grant_no=grant.grant_no)
    enqueue(session, granting.CONSULT, lock=grant.grant_no, grant_no=grant.grant_no)
