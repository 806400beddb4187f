"""Entries that are proposed by themselves: proposed, consented to by the head, taken back."""

from typing import Final
from uuid import UUID

from sqlmodel import Session

from auth.cases import check, take
from auth.departments import repository as departments
from auth.departments.service import must_all_be_open
from auth.guard import Place
from auth.roles import Role
from catalog.elements import repository as elements
from catalog.negative.checks import basis_of
from catalog.negative.lifecycle import entries as lifecycle
from catalog.negative.models import NegativeEntry
from catalog.negative.repository import entries
from catalog.negative.schemas import EntryConsent, EntryCreate
from catalog.negative.service.acting import passed
from catalog.negative.service.proposing import name_target
from catalog.negative.words import ConsentOutcome, EndKind
from catalog.resources import repository as resources
from catalog.resources.models import ResourceItem
from catalog.resources.words import ResourceStatus
from shuqiao.clock import now, today
from shuqiao.errors import FieldError, Forbidden, Invalid
from shuqiao.i18n import _
from shuqiao.numbers import next_number
from shuqiao.skeletons import skeleton
from shuqiao.subject import Subject

#: The list as a whole: what a proposal is asked of.
LIST: Final = Place("NegativeList", "catalog")


def propose_alone(session: Session, subject: Subject, body: EntryCreate) -> NegativeEntry:
    """Propose an entry for elements or published items: of the own department or, by the data
    administration, of any. It acts from its publication.

    Raises ``Invalid`` naming the fields, ``Forbidden``, ``DepartmentEnded``.
    """
    if subject.user_id is None or subject.department_id is None:
        raise Forbidden(_("Only a person of a department proposes a negative entry"))
    department_id = _department(session, subject, body)
    must_all_be_open(session, department_id)
    errors = _faults(body)
    found, unknown = _elements(session, body)
    items, missing = _items(session, body, department_id)
    old = _superseded(session, body, department_id, errors)
    errors += [*unknown, *missing]
    if errors:
        raise Invalid(errors=errors)
    entry = NegativeEntry(
        entry_no=next_number(session, "NE"),
        department_id=department_id,
        proposer_id=subject.user_id,
        supersedes_id=old.id if old else None,
        **body.model_dump(exclude={"department", "elements", "items", "supersedes"}),
    )
    session.add(entry)
    session.flush()
    for name, element_id in found:
        name_target(session, entry, name, element_id=element_id)
    for item in items:
        name_target(session, entry, item.name, item_id=item.id)
    why = {"basis": basis_of(entry), "named": len(found) + len(items)}
    take(session, subject, entry, lifecycle.PROPOSE, why=why)
    take(session, subject, entry, lifecycle.ASK_HEAD)
    return entry


def consent(
    session: Session, subject: Subject, entry: NegativeEntry, body: EntryConsent
) -> NegativeEntry:
    """The head consents to a proposed entry, or does not. Raises ``EntryNotNow``."""
    if body.outcome is ConsentOutcome.CONSENTED:
        check(entry, lifecycle.CONSENT)
        entry.consented_at = now()
        take(session, subject, entry, lifecycle.CONSENT)
        return entry
    check(entry, lifecycle.NOT_CONSENT)
    told = {"remark": body.remark}
    entry.ended_at, entry.end_kind, entry.end_reason = now(), EndKind.NOT_CONSENTED, body.remark
    take(session, subject, entry, lifecycle.NOT_CONSENT, why=told, words=told)
    return entry


def withdraw(session: Session, subject: Subject, entry: NegativeEntry) -> NegativeEntry:
    """Take a proposed entry back. Raises ``EntryNotNow``."""
    check(entry, lifecycle.WITHDRAW)
    entry.ended_at, entry.end_kind = now(), EndKind.TAKEN_BACK
    take(session, subject, entry, lifecycle.WITHDRAW)
    return entry


def _department(session: Session, subject: Subject, body: EntryCreate) -> UUID:
    """A registrar proposes for the own department only."""
    assert subject.department_id is not None
    if body.department is None:
        return subject.department_id
    found = departments.by_code(session, body.department)
    if found is None:
        detail, fix = _("There is no such department"), _("Use the credit code of a department.")
        raise Invalid(errors=[FieldError("/department", "unknown", detail, fix)])
    if found.id != subject.department_id and Role.DATA_ADMIN not in subject.roles:
        detail = _("Only the data administration proposes for another department")
        fix = _("Leave the department out, or ask the data administration.")
        raise Invalid(errors=[FieldError("/department", "not_yours", detail, fix)])
    return found.id


def _faults(body: EntryCreate) -> list[FieldError]:
    errors = []
    if not body.elements and not body.items:
        detail = _("The entry names nothing")
        fix = _("Name at least one data element or one published item.")
        errors.append(FieldError("/elements", "missing", detail, fix))
    if body.review_on <= today():
        errors.append(passed("/review_on"))
    if body.basis_ends_on is not None and body.basis_ends_on <= today():
        detail = _("The basis has ended already")
        fix = _("Give a last day that is to come, or leave it out.")
        errors.append(FieldError("/basis_ends_on", "in_past", detail, fix))
    if body.reach_clause and skeleton(body.reach_clause) not in skeleton(body.basis_text):
        detail = _("The quoted clause does not stand in the article")
        fix = _("Quote the article with the clause, word by word.")
        errors.append(FieldError("/reach_clause", "not_quoted", detail, fix))
    return errors


def _elements(
    session: Session, body: EntryCreate
) -> tuple[list[tuple[str, UUID]], list[FieldError]]:
    rows = {each.identifier: each for each in elements.by_identifiers(session, body.elements)}
    detail, fix = _("There is no such data element"), _("Use the identifier of a data element.")
    errors = [
        FieldError(f"/elements/{place}", "unknown", detail, fix)
        for place, identifier in enumerate(body.elements)
        if identifier not in rows
    ]
    return [(rows[each].name, rows[each].id) for each in body.elements if each in rows], errors


def _items(
    session: Session, body: EntryCreate, department_id: UUID
) -> tuple[list[ResourceItem], list[FieldError]]:
    found, errors = [], []
    for place, named in enumerate(body.items):
        entry = resources.by_code(session, named.resource)
        if (
            entry is None
            or entry.status is not ResourceStatus.PUBLISHED
            or entry.provider_id != department_id
        ):
            detail = _("The department has published no such entry")
            fix = _("Use the code of a published entry of the department.")
            errors.append(FieldError(f"/items/{place}/resource", "unknown", detail, fix))
            continue
        wanted = skeleton(named.name)
        rows = resources.items_of(session, entry.id)
        item = next((each for each in rows if skeleton(each.name) == wanted), None)
        if item is None:
            detail, fix = _("The entry has no such item"), _("Use the name of one of its items.")
            errors.append(FieldError(f"/items/{place}/name", "unknown", detail, fix))
        else:
            found.append(item)
    return found, errors


def _superseded(
    session: Session, body: EntryCreate, department_id: UUID, errors: list[FieldError]
) -> NegativeEntry | None:
    if body.supersedes is None:
        return None
    old = entries.by_no(session, body.supersedes)
    if (
        old is None
        or old.department_id != department_id
        or old.resource_id is not None
        or old.state not in lifecycle.SUPERSEDE.at
    ):
        detail = _("There is no such entry that could be superseded")
        fix = _(
            "Name an entry of the department that is in force and was proposed by itself; what an "
            "entry of the catalogue proposed changes with that."
        )
        errors.append(FieldError("/supersedes", "unknown", detail, fix))
        return None
    return old
