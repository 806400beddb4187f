"""The rules of applying: create, ask for consent, consent, return, withdraw. Flushes and records,
never commits.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.cases import check, take
from auth.departments.service import must_all_be_open
from auth.succession.service.holdings import Held, Ruling
from catalog.demand.service import meeting
from catalog.negative import repository as negative
from catalog.resources.models import DataResource
from catalog.resources.words import ShareWay
from exchange.requests import fields, lifecycle, repository
from exchange.requests.checks import (
    GRANTED,
    check_answers,
    check_open,
    check_still_there,
    struck,
)
from exchange.requests.errors import AskedAlready, OwnRequest
from exchange.requests.models import ASKED_ONCE, ShareRequest
from exchange.requests.schemas import RequestAnswers, RequestCreate
from policies.deadlines import deadlines
from shuqiao.changes import compare, names
from shuqiao.clock import now
from shuqiao.db import first_of
from shuqiao.desk import messages, todos
from shuqiao.errors import Conflict, FieldError, Invalid, ShuqiaoError
from shuqiao.i18n import Message, _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject


def create(
    session: Session, subject: Subject, resource: DataResource, wanted: RequestCreate
) -> ShareRequest:
    """Draft a request on a published resource.

    Raises ``Invalid`` naming the field, ``NotRequestable``, ``DepartmentEnded`` where consumer or
    provider has ended.
    """
    _check(session, resource, wanted)
    assert subject.department_id is not None and subject.user_id is not None
    must_all_be_open(session, subject.department_id, resource.provider_id)
    if wanted.demand_no is not None:
        meeting.must_be_citable(session, wanted.demand_no, subject.department_id, resource.id)
    request = ShareRequest(
        request_no=next_number(session, "REQ"),
        resource_id=resource.id,
        resource_version=resource.published_version,
        consumer_id=subject.department_id,
        provider_id=resource.provider_id,
        applicant_id=subject.user_id,
        **wanted.model_dump(include={"basis", "scenario", "scope", "until", "demand_no"}),
        purpose_digest=wanted.purpose_digest,
        share_way=wanted.share_way.value,
    )
    session.add(request)
    session.flush()
    repository.replace_items(session, request, wanted.item_ids)
    why = {
        "resource": resource.code,
        "resource_version": request.resource_version,
        "items": wanted.item_ids,
    }
    take(session, subject, request, lifecycle.CREATE, why=why)
    return request


def edit(
    session: Session, subject: Subject, request: ShareRequest, version: int, wanted: RequestAnswers
) -> ShareRequest:
    """Change a draft, also one that the own sharing head returned. Raises as ``create`` does."""
    check(request, lifecycle.EDIT, version)
    resource = repository.resource(session, request.resource_id)
    _check(session, resource, wanted)
    before = answers(session, request)
    changed = names(compare(fields.answers({}), before.model_dump(), wanted.model_dump()))
    request.basis, request.scenario, request.scope = wanted.basis, wanted.scenario, wanted.scope
    request.share_way, request.until = wanted.share_way.value, wanted.until
    request.purpose_digest = wanted.purpose_digest
    request.resource_version = resource.published_version
    repository.replace_items(session, request, wanted.item_ids)
    why = {"changed": changed, "resource_version": request.resource_version}
    take(session, subject, request, lifecycle.EDIT, version, why=why)
    return request


def answers(session: Session, request: ShareRequest) -> RequestAnswers:
    """What the request asks for, as it was typed."""
    plain = request.model_dump(include=set(RequestAnswers.model_fields))
    item_ids = [item.id for item in repository.items(session, request)]
    # what is stored was checked when it came in; a rule that became
    # stricter since then speaks at the next step
    return RequestAnswers.model_construct(
        **plain | {"share_way": ShareWay(request.share_way), "item_ids": item_ids}
    )


def ask_consent(
    session: Session, subject: Subject, request: ShareRequest, version: int
) -> ShareRequest:
    """The applicant is done: the own department's sharing head is asked (Art. 20). Raises as
    ``create`` does, and ``AskedAlready``.
    """
    check(request, lifecycle.ASK_CONSENT, version)
    _check_still_there(session, request)
    asked = answers(session, request)
    _check(
        session, repository.resource(session, request.resource_id), asked
    )  # days may lie between
    why = {"answers": asked.model_dump(mode="json")}
    place = request.consumer_id, request.resource_id, request.purpose_digest
    with first_of(session, ASKED_ONCE, lambda: _already(session, *place)):
        take(session, subject, request, lifecycle.ASK_CONSENT, version, why=why)
    # looked for only now: a reply that was being released is decided, and its grant is there
    if asked_first(session, *place, beside=request.request_no) is not None:
        raise _already(session, *place, beside=request.request_no)
    return request


def asked_first(
    session: Session,
    consumer_id: UUID,
    resource_id: UUID,
    purpose_digest: str,
    *,
    beside: str = "",
) -> ShareRequest | None:
    """The request by which the department asks for this purpose already, or holds a live grant;
    another than ``beside``.
    """
    found = repository.same(session, consumer_id, resource_id, purpose_digest)
    granted = GRANTED.held(session, [each.request_no for each in found if each.status.gave])
    return next(
        (
            each
            for each in found
            if each.request_no != beside and (each.status.is_open or each.request_no in granted)
        ),
        None,
    )


def _already(session: Session, *place: Any, beside: str = "") -> ShuqiaoError:
    first = asked_first(session, *place, beside=beside)
    # between the two looks the first may have been taken back: then asking again is the way
    return AskedAlready(first.request_no, first.status) if first is not None else Conflict()


def consent(
    session: Session, subject: Subject, request: ShareRequest, version: int, remark: str
) -> ShareRequest:
    """The sharing head answers for truth, law and need; the request reaches the unified intake and
    the clock starts: as long as the version it was made against says.

    Raises ``Invalid`` for an item that a later version no longer offers, or the negative list
    strikes.
    """
    check(request, lifecycle.CONSENT, version)
    if subject.user_id == request.applicant_id:
        raise OwnRequest(subject, request.audit_ref(), request.audit_stream())
    _check_still_there(session, request)
    request.submitted_at = now()
    limit = deadlines().reply(share_type=repository.share_type(session, request).value)
    why = {"remark": remark or None}
    if request.demand_no is not None:
        consumer = request.consumer_id
        meeting.requested(session, subject, request.demand_no, request.request_no, consumer)
    take(session, subject, request, lifecycle.CONSENT, version, why=why, limit=limit)
    return request


def return_to_applicant(
    session: Session, subject: Subject, request: ShareRequest, version: int, remark: str
) -> ShareRequest:
    """The sharing head sends the request back to its applicant with a remark."""
    if not remark.strip():
        fix = _("Say what the applicant should change")
        raise Invalid(errors=[FieldError("/remark", "required", _("A return needs a reason"), fix)])
    said = {"remark": remark}
    take(session, subject, request, lifecycle.RETURN, version, why=said, words=said)
    return request


def withdraw(
    session: Session, subject: Subject, request: ShareRequest, version: int, remark: str
) -> ShareRequest:
    """The applicant takes the request back; a running reply clock ends."""
    why = {"remark": remark or None}
    check(request, lifecycle.WITHDRAW, version)
    came_to_nothing(session, subject, request)
    take(session, subject, request, lifecycle.WITHDRAW, version, why=why)
    return request


def came_to_nothing(session: Session, subject: Subject, request: ShareRequest) -> None:
    """The demand that a withdrawn or refused request cites waits again."""
    if request.demand_no is not None and request.submitted_at is not None:
        meeting.request_ended(session, subject, request.demand_no, request.request_no)


def tell_of_take_down(session: Session, resource_id: UUID) -> None:
    """Whoever asks for an entry learns that it has left the catalogue; once."""
    for request in repository.open_for(session, resource_id):
        what = _("The data asked for by %(no)s was taken out of the catalogue", **request.told())
        _tell_applicant(session, request, what)


def tell_of_strike(session: Session, resource_id: UUID) -> None:
    """Whoever asks for an item that the negative list strikes learns it, with the basis; once."""
    for request in repository.open_for(session, resource_id):
        asked = repository.items(session, request)
        covers = negative.covers_of(session, [item.id for item in asked])
        for item in asked:
            if item.id in covers:
                words = struck(item.name, covers[item.id])
                what = _("Asked for by %(no)s: %(what)s", what=words, **request.told())
                _tell_applicant(session, request, what)


def _tell_applicant(session: Session, request: ShareRequest, what: Message) -> None:
    href = lifecycle.PAGE.format_map(request.told())
    if not repository.is_told(session, request.applicant_id, href, what):
        messages.send(session, user_ids=[request.applicant_id], what=what, href=href)


def held(session: Session, department_id: UUID) -> Sequence[Held]:
    """The requests of a department that are under way, for a successor to take over."""
    rows = repository.under_way_of(session, department_id)
    titles = repository.titles(session, {row.resource_id for row in rows})
    return [
        Held(row.request_no, titles[row.resource_id], lifecycle.PAGE.format_map(row.told()))
        for row in rows
    ]


def succeed(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """A request goes on in the name of the successor; it falls away where that is the provider, or
    has asked the same.
    """
    request = repository.by_no(session, number, lock=True)
    assert request is not None, "what is left was read in this transaction"
    asked = repository.same(session, ruling.after.id, request.resource_id, request.purpose_digest)
    if request.provider_id == ruling.after.id or asked:
        came_to_nothing(session, subject, request)
        take(session, subject, request, lifecycle.WITHDRAW, why=ruling.why())
        return
    request.consumer_id = ruling.after.id
    _goes_over(session, subject, request, ruling)


def follow_entry(session: Session, subject: Subject, code: str, ruling: Ruling) -> None:
    """What is asked of an entry that went over is answered by the successor."""
    entry = repository.resource_by_code(session, code)
    for request in repository.open_for(session, entry.id) if entry is not None else ():
        if request.consumer_id == ruling.after.id:
            came_to_nothing(session, subject, request)
            take(session, subject, request, lifecycle.WITHDRAW, why=ruling.why())
        elif request.provider_id != ruling.after.id:
            request.provider_id = ruling.after.id
            _goes_over(session, subject, request, ruling)


def _goes_over(session: Session, subject: Subject, request: ShareRequest, ruling: Ruling) -> None:
    request.version += 1
    session.flush()
    append(
        session,
        subject,
        Event.REQUEST_SUCCEEDED,
        stream=request.audit_stream(),
        obj=request.audit_ref(),
        why=ruling.why(),
    )
    before, after = ruling.before.id, ruling.after.id
    todos.hand_over(session, case_no=request.request_no, before=before, after=after)


def _check(session: Session, resource: DataResource, wanted: RequestAnswers) -> None:
    check_open(resource)
    covers = negative.covers_of(session, wanted.item_ids)
    check_answers(resource, repository.items_of(session, resource.id), wanted, covers)


def _check_still_there(session: Session, request: ShareRequest) -> None:
    asked = repository.items(session, request)
    check_still_there(asked, negative.covers_of(session, [item.id for item in asked]))
