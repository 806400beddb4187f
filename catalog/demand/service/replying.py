"""What a department answers, and what becomes of a refusal that is contested."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from auth.cases import check
from auth.departments import repository as departments
from catalog.demand.checks import check_answer
from catalog.demand.lifecycle import answering
from catalog.demand.lifecycle.seats import ANSWERING
from catalog.demand.models import Demand, DemandAnswer
from catalog.demand.repository import cases
from catalog.demand.schemas import AnswerCreate, DemandSettle
from catalog.demand.service.aiming import withheld_by
from catalog.demand.service.taking import advance, department_named, joined
from catalog.demand.words import AnswerKind, SettleOutcome, UnmetReason
from catalog.negative.repository import entries as negative
from catalog.negative.words import LIVE
from catalog.resources import repository as resources
from catalog.resources.models import DataResource
from catalog.resources.words import ResourceStatus, ShareType
from shuqiao import observed
from shuqiao.clock import now, today
from shuqiao.desk import clocks
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject

_STEPS = {
    AnswerKind.SHARE: answering.OFFER,
    AnswerKind.COLLECT: answering.PROMISE,
    AnswerKind.NOT_OURS: answering.HAND_BACK,
    AnswerKind.REFUSE: answering.REFUSE,
}


def answer(
    session: Session, subject: Subject, demand: Demand, body: AnswerCreate, version: int | None
) -> Demand:
    """Share, collect, hand back, or refuse on a legal basis. Raises ``DemandNotNow``, ``Invalid``
    naming each field.
    """
    step = _STEPS[body.kind]
    check(demand, step, version)
    check_answer(body, today())
    assert subject.user_id is not None and demand.provider_id is not None
    own = demand.provider_id
    given: dict[str, Any] = {"reason": body.reason}
    why: dict[str, Any] = {"kind": body.kind}
    words: dict[str, Any] = {"department": departments.by_id(session, own).name}
    if body.kind is AnswerKind.SHARE:
        entry = _serving(session, subject, demand, body.entry or "")
        demand.resource_id = given["resource_id"] = entry.id
        why["entry"], words["entry"] = entry.code, entry.title
    elif body.kind is AnswerKind.COLLECT:
        assert body.collect_by is not None
        demand.collect_by = given["collect_by"] = body.collect_by
        why["by"] = words["day"] = body.collect_by.isoformat()
    elif body.kind is AnswerKind.NOT_OURS:
        given["suggested_id"] = _suggested(session, demand, body.suggested)
        why["suggested"] = body.suggested
    else:
        given |= _basis(session, demand, body)
        why["basis"] = body.negative_no or f"{body.legal_document} {body.legal_article}"
    _keep(session, subject, demand, body.kind, own, given)
    if body.kind is AnswerKind.NOT_OURS:
        demand.provider_id = given["suggested_id"]
        demand.party_ids = joined(demand.party_ids, demand.provider_id)
    advance(session, subject, demand, step, version, why=why, words=words)
    return demand


def contest(
    session: Session, subject: Subject, demand: Demand, reason: str, version: int | None
) -> Demand:
    """A department that wants it does not accept the refusal. Raises ``DemandNotNow``."""
    check(demand, answering.CONTEST, version)
    advance(session, subject, demand, answering.CONTEST, version, why={"reason": reason})
    return demand


def settle(
    session: Session, subject: Subject, demand: Demand, body: DemandSettle, version: int | None
) -> Demand:
    """What the mediation comes to: the refusal stands, or the department answers anew. What stays
    disputed the government of the level decides (Order 809, Art. 28). Raises ``DemandNotNow``.
    """
    is_upheld = body.outcome is SettleOutcome.UPHELD
    step = answering.UPHOLD if is_upheld else answering.SEND_BACK
    check(demand, step, version)
    if is_upheld:
        demand.unmet_reason, demand.end_note = UnmetReason.WITHHELD_BY_LAW, body.reason
        demand.ended_at = now()
    advance(session, subject, demand, step, version, why={"reason": body.reason})
    return demand


def fall_due(session: Session) -> int:
    """Bring back what was to be collected by now; gives how many."""
    on = observed.sure_day(session)
    due = cases.fallen_due(session, on) if on else []
    for demand in due:
        why = {"promised": demand.collect_by}
        advance(session, Subject.system("worker"), demand, answering.FALL_DUE, why=why)
    return len(due)


def _keep(
    session: Session,
    subject: Subject,
    demand: Demand,
    kind: AnswerKind,
    own: UUID,
    given: dict[str, Any],
) -> None:
    assert subject.user_id is not None
    running = [
        clock
        for clock in clocks.clocks_of(session, demand.demand_no)
        if clock.kind == ANSWERING and clock.closed_on is None
    ]
    session.add(
        DemandAnswer(
            demand_id=demand.id,
            position=len(cases.answers_of(session, demand.id)) + 1,
            department_id=own,
            kind=kind,
            answerer_id=subject.user_id,
            due_on=running[0].due_on if running else None,
            **given,
        )
    )


def _serving(session: Session, subject: Subject, demand: Demand, code: str) -> DataResource:
    """The published entry of this code that the demanders may apply for. Raises ``Invalid``."""
    found = resources.by_code(session, code)
    fix = _("Name the code of a published entry that is shared")
    if found is None or found.status is not ResourceStatus.PUBLISHED:
        raise _wrong("unknown", _("There is no such published entry"), fix)
    if found.share_type is ShareType.WITHHELD:
        fix = _("Refuse it instead, with the legal basis: a demand is never dropped")
        raise _wrong("withheld", _("This entry is not shared"), fix)
    aimed = cases.item_named(session, demand.item_id) if demand.item_id else None
    if aimed is not None and aimed[0].share_type is ShareType.WITHHELD and aimed[1].id == found.id:
        fix = _("Refuse it instead, with the legal basis: a demand is never dropped")
        raise _wrong("withheld_item", _("The item it is aimed at is not shared"), fix)
    if found.provider_id in demand.voice_ids:
        raise _wrong("own", _("This entry is of a department that wants it"), fix)
    return found


def _wrong(code: str, detail: Message, fix: Message) -> Invalid:
    return Invalid(errors=[FieldError("/entry", code, detail, fix)])


def _suggested(session: Session, demand: Demand, code: str | None) -> UUID | None:
    """Whose it is, as the department says: it may claim the demand then."""
    beside = dict.fromkeys(demand.voice_ids, _("This department wants the data itself"))
    if demand.provider_id is not None:
        beside[demand.provider_id] = _("This is your own department")
    found = department_named(session, code, "suggested", beside) if code else None
    return found


def _basis(session: Session, demand: Demand, body: AnswerCreate) -> dict[str, Any]:
    """Raises ``Invalid`` for an entry of the negative list that is none, or does not reach this."""
    if body.negative_no:
        _must_bind(session, demand, body.negative_no)
    names = {"legal_kind", "legal_document", "legal_number", "legal_article", "negative_no"}
    return body.model_dump(include=names)


def _must_bind(session: Session, demand: Demand, number: str) -> None:
    """In force, and the asked department's, or reaching it."""
    found = negative.by_no(session, number)
    if found is None or found.in_force_at is None:
        raise _no_basis("unknown", _("There is no such entry of the negative list in force"))
    if found.status not in LIVE:
        said = _("This entry acts no more: %(status)s", status=found.status.label)
        raise _no_basis("not_in_force", said)
    is_bound = found.reaches_all or found.department_id == demand.provider_id
    if not is_bound and number not in withheld_by(session, demand):
        raise _no_basis("elsewhere", _("This entry binds another department"))


def _no_basis(code: str, detail: Message) -> Invalid:
    fix = _("Name an entry in force that binds your department, or the law itself")
    return Invalid(errors=[FieldError("/negative_no", code, detail, fix)])
