"""How a demand begins: filed, claimed or assigned; and how its demander gives it up."""

from uuid import UUID

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.cases import ask, check
from auth.departments import repository as departments
from auth.departments.service import must_all_be_open
from auth.duties import repository as duties
from auth.roles import Role
from catalog.demand.checks import refused_reason
from catalog.demand.errors import NotClosable
from catalog.demand.lifecycle import answering, ending
from catalog.demand.lifecycle.seats import PAGE, TO_ACCEPT, TO_APPLY
from catalog.demand.models import Demand, DemandItem, DemandVoice
from catalog.demand.repository import cases
from catalog.demand.schemas import DemandAssign, DemandClose, DemandCreate, WantedItem
from catalog.demand.service.meeting import meet_if_served, wait_if_idle
from catalog.demand.service.taking import advance, department_named, joined
from catalog.elements import repository as elements
from shuqiao.clock import now, today
from shuqiao.desk import messages, todos
from shuqiao.errors import FieldError, Forbidden, Invalid
from shuqiao.i18n import _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject


def file(session: Session, subject: Subject, body: DemandCreate) -> Demand:
    """Ask for what the catalogue does not offer. Raises ``Invalid`` naming each field,
    ``DepartmentEnded``.
    """
    if subject.user_id is None or subject.department_id is None:
        raise Forbidden(_("Only a person of a department files a demand"))
    must_all_be_open(session, subject.department_id)
    wanted = _wanted(session, subject, body)
    proposed = None
    if body.provider is not None:
        own = {subject.department_id: _("This is your own department")}
        proposed = department_named(session, body.provider, "provider", own)
    said = body.model_dump(exclude={"items", "item", "provider", "duty_no"})
    demand = Demand(
        demand_no=next_number(session, "DM"),
        consumer_id=subject.department_id,
        filer_id=subject.user_id,
        item_id=body.item,
        duty_no=body.duty_no or "",
        proposed_id=proposed,
        provider_id=proposed,
        party_ids=joined([subject.department_id], proposed),
        voice_ids=[subject.department_id],
        **said,
    )
    session.add(demand)
    session.flush()
    session.add_all(
        DemandItem(demand_id=demand.id, position=place, element_id=element, **_said(item))
        for place, (item, element) in enumerate(wanted, 1)
    )
    session.add(_voice(demand))
    why = {"items": len(wanted), "basis": body.basis_kind, "aimed_at": body.item}
    advance(session, subject, demand, answering.FILE, why=why)
    _tell_proposed(session, demand)
    return demand


def claim(session: Session, subject: Subject, demand: Demand, version: int | None) -> Demand:
    """The department that was proposed answers it. Raises ``DemandNotNow``."""
    check(demand, answering.CLAIM, version)
    words = {"department": subject.department_name}
    advance(session, subject, demand, answering.CLAIM, version, words=words)
    return demand


def assign(
    session: Session, subject: Subject, demand: Demand, body: DemandAssign, version: int | None
) -> Demand:
    """The data administration names who answers. Raises ``DemandNotNow``, ``Invalid``."""
    check(demand, answering.ASSIGN, version)
    wants = dict.fromkeys(demand.voice_ids, _("This department wants the data itself"))
    provider = department_named(session, body.provider, "provider", wants)
    demand.provider_id = provider
    demand.party_ids = joined(demand.party_ids, provider)
    name = departments.by_id(session, provider).name
    why = {"provider": body.provider, "reason": body.reason or None}
    words = {"department": name}
    advance(session, subject, demand, answering.ASSIGN, version, why=why, words=words)
    return demand


def withdraw(
    session: Session, subject: Subject, demand: Demand, reason: str, version: int | None
) -> Demand:
    """The own voice goes; without another one the demand ends. Raises ``DemandNotNow``."""
    check(demand, ending.WITHDRAW, version)
    assert subject.department_id is not None
    leave(session, subject, demand, subject.department_id, {"reason": reason}, version)
    return demand


def leave(
    session: Session,
    subject: Subject,
    demand: Demand,
    department_id: UUID,
    why: dict[str, object],
    version: int | None = None,
) -> None:
    """The voices of a department go; ``why`` has the reason in words."""
    voices = [each for each in cases.voices_of(session, demand.id) if each.left_at is None]
    own = [each for each in voices if each.department_id == department_id]
    others = [each for each in voices if each.department_id != department_id]
    for each in own:
        each.left_at = now()
        session.add(each)
    if not others:
        demand.ended_at, demand.end_note = now(), str(why["reason"])
        advance(session, subject, demand, ending.WITHDRAW, version, why=why)
        return
    demand.voice_ids = [each for each in demand.voice_ids if each != department_id]
    is_lead = demand.consumer_id == department_id
    if is_lead:
        demand.consumer_id, demand.filer_id = others[0].department_id, others[0].speaker_id
    advance(session, subject, demand, ending.LEAVE, why=why)
    if is_lead:
        _ask_anew(session, demand)
    if not meet_if_served(session, demand):
        wait_if_idle(session, demand)


def close(
    session: Session, subject: Subject, demand: Demand, body: DemandClose, version: int | None
) -> Demand:
    """End it as not met, for a coded reason. Raises ``DemandNotNow``, ``NotClosable``."""
    check(demand, ending.CLOSE, version)
    is_administration = Role.DATA_ADMIN in subject.roles
    if not is_administration and set(demand.voice_ids) != {subject.department_id}:
        raise NotClosable(_("Other departments want it too: withdraw the own voice instead"))
    refused = refused_reason(demand.status, body.reason, is_aimed=demand.item_id is not None)
    if refused is not None:
        raise NotClosable(refused)
    demand.unmet_reason, demand.end_note, demand.ended_at = body.reason, body.note, now()
    why, words = {"reason": body.reason}, {"reason": body.reason.label}
    advance(session, subject, demand, ending.CLOSE, version, why=why, words=words)
    return demand


def _wanted(
    session: Session, subject: Subject, body: DemandCreate
) -> list[tuple[WantedItem, UUID | None]]:
    """Each wanted item with the id of its element. Raises ``Invalid`` naming every field."""
    named = {each.element for each in body.items if each.element}
    known = elements.ids_by_identifier(session, named)
    fix = _("Use the identifier of a data element, or leave it out")
    errors = [
        FieldError(f"/items/{place}/element", "unknown", _("There is no such data element"), fix)
        for place, each in enumerate(body.items)
        if each.element and each.element not in known
    ]
    if body.until <= today():
        detail, fix = _("The term must end after today"), _("Choose a later day")
        errors.append(FieldError("/until", "bad_term", detail, fix))
    if body.duty_no is not None and not _has_duty(session, subject, body.duty_no):
        detail = _("The department has no such duty today")
        fix = _("Choose one of the duties of the department, or name a document.")
        errors.append(FieldError("/duty_no", "unknown_duty", detail, fix))
    if body.item is not None and cases.item_named(session, body.item) is None:
        fix = _("Follow the link from the page where the item is shown, or leave it out")
        errors.append(FieldError("/item", "unknown", _("No published entry has it"), fix))
    if errors:
        raise Invalid(errors=errors)
    return [(each, known.get(each.element or "")) for each in body.items]


def _has_duty(session: Session, subject: Subject, number: str) -> bool:
    assert subject.department_id is not None
    found = duties.by_no(session, subject.department_id, number)
    return found is not None and (found.valid_until is None or found.valid_until >= today())


def _said(item: WantedItem) -> dict[str, str]:
    return item.model_dump(include={"name", "definition", "why"})


def _voice(demand: Demand) -> DemandVoice:
    return DemandVoice(
        filed_as_id=demand.id,
        demand_id=demand.id,
        department_id=demand.consumer_id,
        speaker_id=demand.filer_id,
        filed_as=demand.demand_no,
        need=demand.need,
        scenario=demand.scenario,
        until=demand.until,
    )


def _tell_proposed(session: Session, demand: Demand) -> None:
    if demand.provider_id is None:
        return
    heads = accounts.holders(session, Role.SHARING_HEAD, demand.provider_id)
    messages.send(
        session,
        user_ids={each.id for each in heads},
        what=_("Your department is proposed for demand %(no)s: claim it", **demand.told()),
        href=PAGE.format_map(demand.told()),
    )


def _ask_anew(session: Session, demand: Demand) -> None:
    """What was asked of whoever led it is asked of whoever does now."""
    for todo in (TO_APPLY, TO_ACCEPT):
        if todos.done(session, case_no=demand.demand_no, kind=todo.kind, by=None):
            ask(session, demand, todo)
