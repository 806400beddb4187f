"""Where a refusal is written, and how many of them.

Who is refused something they can see is a fact of that case. Who asks for what they may not know
of, or for what is not there, is a stranger to it: that is written into a stream of the account's
own (``denials:<account>``), one like the other, so that neither the case, nor the answer, nor the
time it takes tells which it was.

Of the refusals of one account from one address within ``SPAN_SECONDS`` the first ``ONE_BY_ONE``
are written, then the 32nd, 64th, 128th …, and at the end of the span one event with their number:
whoever tries without an end fills nothing, and the security reviewer reads who, from where and how
often.
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from auth.denials import repository
from shuqiao.context import client_ip
from shuqiao.subject import Subject

SPAN_SECONDS: Final = 900
ONE_BY_ONE: Final = 20
#: Spans that one upkeep closes in a transaction.
BATCH: Final = 500


def stream_of(account: str) -> str:
    """Where it is written what ``account`` asked for as a stranger."""
    return f"denials:{account}"


def tries(session: Session, subject: Subject, *, is_strange: bool) -> int | None:
    """Count a refusal of ``subject``; gives the how many-th it is if it is to be written, else
    None. What is no person's is always written.
    """
    if subject.user_id is None:
        return 1
    address = (client_ip() or "")[:45]
    counted = repository.count(
        session, subject.user_id, address, is_strange=is_strange, seconds=SPAN_SECONDS
    )
    if counted.has_ended and counted.since and counted.last_at:
        span = (counted.since, counted.last_at)
        _tell(session, subject, address, is_strange, counted.tries_before, span)
    return counted.tries if _is_written(counted.tries) else None


def sweep(session: Session) -> int:
    """Close the spans that are over, each with the number of its refusals; gives how many."""
    done = repository.sweep(session, seconds=SPAN_SECONDS, limit=BATCH)
    for each in done:
        who = Subject(each.user_id, each.account, "", None, "", frozenset(), "system")
        span = (each.since, each.last_at)
        _tell(session, who, each.address, each.is_strange, each.tries, span)
    return len(done)


def _is_written(number: int) -> bool:
    return number <= ONE_BY_ONE or not number & (number - 1)


def _tell(
    session: Session,
    who: Subject,
    address: str,
    is_strange: bool,
    number: int,
    span: tuple[datetime, datetime],
) -> None:
    """The number of a span, where it is more than stands in the trail one by one."""
    if number <= ONE_BY_ONE:
        return
    append(
        session,
        Subject.system("worker"),
        Event.DENIALS_COUNTED,
        stream=stream_of(who.account),
        obj=ObjectRef("User", str(who.user_id)),
        result="deny",
        why={
            "account": who.account,
            "address": address,
            "unknown_to_them": is_strange,
            "tries": number,
            "written": sum(_is_written(each) for each in range(1, number + 1)),
            "first_at": span[0].isoformat(),
            "last_at": span[1].isoformat(),
        },
    )
