"""Binding the items of many drafts in one go: what was chosen, or all that is likely."""

from collections.abc import Sequence

from sqlmodel import Session

from catalog.duplicates.repository import drafts as repository
from catalog.duplicates.schemas import BindingWrite, EntryBindings
from catalog.duplicates.service import binding
from catalog.duplicates.service.proposing import proposals_of
from catalog.resources.models import DataResource
from shuqiao.errors import FieldError, Invalid, PreconditionFailed
from shuqiao.i18n import _
from shuqiao.subject import Subject

Bound = list[tuple[DataResource, int]]


def bind(session: Session, subject: Subject, entries: Sequence[EntryBindings]) -> Bound:
    """Let items of drafts of the own department follow elements, all or none; one event an entry.
    Gives each entry with how many of its items.

    Raises ``Invalid`` naming the entry and what cannot be.
    """
    assert subject.department_id is not None
    codes = [each.resource_code.replace("-", "/") for each in entries]
    held = repository.named(session, subject.department_id, codes)
    errors, bound = [], []
    for place, (code, each) in enumerate(zip(codes, entries, strict=True)):
        row = held.pop(code, None)
        if row is None:
            detail = _("The department has no such draft, or it is named twice")
            fix = _("Use the code of a draft or a working copy of your department, once.")
            errors.append(FieldError(f"/entries/{place}/resource_code", "unknown", detail, fix))
            continue
        try:
            binding.bind(session, subject, row, each.bindings, version=each.version)
        except PreconditionFailed:
            detail = _("%(code)s has changed since you looked at it", code=code)
            fix = _("Load the proposals again and choose anew.")
            errors.append(FieldError(f"/entries/{place}/version", "changed", detail, fix))
        except Invalid as refusal:
            errors += [
                FieldError(f"/entries/{place}{error.pointer}", error.code, error.detail, error.fix)
                for error in refusal.errors
            ]
        bound.append((row, len(each.bindings)))
    if errors:
        raise Invalid(errors=errors)
    return bound


def bind_likely(session: Session, subject: Subject) -> Bound:
    """Bind every item of every draft of the department to the element that is likely for it, as it
    is proposed now.
    """
    assert subject.department_id is not None
    rows = repository.with_unbound(session, subject.department_id)
    found = proposals_of(session, rows)
    wanted = [
        EntryBindings(resource_code=row.code, version=row.version, bindings=chosen)
        for row in rows
        if (
            chosen := [
                BindingWrite(item=each.item.identity, element=each.likely.element.identifier)
                for each in found[row.id]
                if each.likely is not None
            ]
        )
    ]
    return bind(session, subject, wanted) if wanted else []
