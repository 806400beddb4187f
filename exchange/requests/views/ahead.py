"""The way a request still has to go: which step, whose, by when (Order 809, Arts. 20 to 22)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.departments import repository as departments
from auth.roles import Role
from catalog.resources.models import DataResource
from exchange.requests import repository
from exchange.requests.lifecycle import REPLY
from exchange.requests.models import ShareRequest
from exchange.requests.words import RequestStatus
from policies.clocks import Clock
from policies.deadlines import Deadline, deadlines
from shuqiao.clock import today
from shuqiao.desk import clocks
from shuqiao.desk.calendar import CalendarMissing, add_working_days
from shuqiao.i18n import Listed, Message, _, ngettext


@dataclass(frozen=True, slots=True)
class Ahead:
    """One step of the way.

    ``by`` is a date that is certain or, with ``is_if_today``, holds if it starts today.
    """

    title: Message
    who: Message
    when: Message | None
    by: date | None
    is_if_today: bool
    state: Literal["now", "later"]


@dataclass(frozen=True, slots=True)
class Expected:
    """The reply a request made now would get."""

    days: int
    source: Message
    by: date | None


def expected(session: Session, resource: DataResource) -> Expected:
    """How long the reply takes, and until when if the request reached the unified intake today."""
    limit = deadlines().reply(share_type=resource.share_type.value)
    return Expected(limit.working_days, limit.given.source, _counted(session, limit))


def ahead(session: Session, request: ShareRequest) -> list[Ahead]:
    """The steps that are still to come; none once the request has ended."""
    return list(_steps(session, request))


def ahead_of_new(session: Session, resource: DataResource, consumer: str) -> list[Ahead]:
    """The same for a request that is being written."""
    provider = departments.by_id(session, resource.provider_id).name
    limit = deadlines().reply(share_type=resource.share_type.value)
    return [
        _consent(consumer, "later"),
        _reply(provider, limit, _counted(session, limit), is_if_today=True, state="later"),
        _delivery(provider),
    ]


def _steps(session: Session, request: ShareRequest) -> Iterator[Ahead]:
    status = request.status
    if status.is_decided or status is RequestStatus.WITHDRAWN:
        return
    provider = departments.by_id(session, request.provider_id).name
    limit = deadlines().reply(share_type=repository.share_type(session, request).value)
    is_running = request.submitted_at is not None
    if not is_running:
        names = [
            user.name for user in accounts.holders(session, Role.SHARING_HEAD, request.consumer_id)
        ]
        consumer = departments.by_id(session, request.consumer_id).name
        yield _consent(consumer, "now" if status is RequestStatus.OWN_CONSENT else "later", names)
        due = _counted(session, limit)
    else:
        running = clocks.clocks_of(session, request.request_no)
        due = next((each.due_on for each in running if each.kind == REPLY), None)
    yield _reply(
        provider, limit, due, is_if_today=not is_running, state="now" if is_running else "later"
    )
    yield _delivery(provider)


def _consent(
    consumer: str, state: Literal["now", "later"], names: list[str] | None = None
) -> Ahead:
    who = _("%(department)s, sharing head", department=consumer)
    if names:
        who = _("%(who)s: %(names)s", who=who, names=Listed(names))
    none = _("The order sets no limit for this; the reply clock starts with the consent.")
    return Ahead(_("Consent of your own department"), who, none, None, False, state)


def _reply(
    provider: str,
    limit: Deadline,
    due: date | None,
    *,
    is_if_today: bool,
    state: Literal["now", "later"],
) -> Ahead:
    rule = ngettext(
        "Within %(days)s working day (%(source)s)",
        "Within %(days)s working days (%(source)s)",
        limit.working_days,
        days=limit.working_days,
        source=limit.given.source,
    )
    return Ahead(_("Reply, item by item"), _provider_side(provider), rule, due, is_if_today, state)


def _delivery(provider: str) -> Ahead:
    limit = deadlines()[Clock.DELIVERY]
    rule = ngettext(
        "Within %(days)s working day after the agreeing reply (%(source)s)",
        "Within %(days)s working days after the agreeing reply (%(source)s)",
        limit.working_days,
        days=limit.working_days,
        source=limit.given.source,
    )
    return Ahead(
        _("Delivery of what is granted"),
        _("%(department)s", department=provider),
        rule,
        None,
        False,
        "later",
    )


def _provider_side(provider: str) -> Message:
    return _("%(department)s, approver and then sharing head", department=provider)


def _counted(session: Session, limit: Deadline) -> date | None:
    """The last day of the limit if it began today; None when the
    calendar of that year is not loaded.
    """
    try:
        return add_working_days(session, today(), limit.working_days)
    except CalendarMissing:
        return None
