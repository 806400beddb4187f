"""Binding items to elements: what an item is called may follow, its data type does."""

from collections.abc import Container, Sequence
from uuid import UUID

from sqlmodel import Session

from auth.cases import check, take
from auth.departments import repository as departments
from catalog.conformity.service import checking as conformity
from catalog.duplicates.schemas import BindingWrite
from catalog.elements import repository as elements
from catalog.elements.models import DataElement
from catalog.elements.words import ElementStatus
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.lifecycle import EDIT
from catalog.resources.models import DataResource, ResourceItem
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject


def bind(
    session: Session,
    subject: Subject,
    resource: DataResource,
    bindings: Sequence[BindingWrite],
    *,
    version: int,
) -> None:
    """Let items of ``resource`` (locked) follow elements, all or none.

    Raises ``PreconditionFailed``, ``NotPossibleNow``, or ``Invalid`` naming the item, the element
    or the name that cannot be.
    """
    registering.check_seen(resource, version)
    check(resource, EDIT)
    items = list(resources.items_of(session, resource.id))
    by_identity = {item.identity: item for item in items}
    known = {
        row.identifier: row
        for row in elements.by_identifiers(session, {each.element for each in bindings})
        if row.status in (ElementStatus.RECORDED, ElementStatus.STANDARD)
    }
    _refuse_unknown(bindings, by_identity.keys(), known.keys())
    for each in bindings:
        _follow(by_identity[each.item], known[each.element], takes_name=each.takes_name)
    _refuse_same_names(bindings, items)
    names = departments.names(session, {resource.provider_id})
    resources.index(resource, [item.name for item in items], names[resource.provider_id])
    session.flush()
    bound = sorted({each.element for each in bindings})
    take(session, subject, resource, EDIT, why={"items": len(items), "bound": bound})
    conformity.order_draft(session, resource)


def _follow(item: ResourceItem, element: DataElement, *, takes_name: bool) -> None:
    """Its type is the element's; length and codes are kept with the element alone."""
    item.element_id, item.data_type = element.id, element.data_type
    if takes_name:
        item.name = element.name


def _refuse_unknown(
    bindings: Sequence[BindingWrite], items: Container[UUID], known: Container[str]
) -> None:
    errors = []
    seen = set()
    for place, each in enumerate(bindings):
        if each.item not in items or each.item in seen:
            fix = _("Use the id of an item that the entry shows, once.")
            errors.append(FieldError(f"/bindings/{place}/item", "unknown", _("No such item"), fix))
        if each.element not in known:
            fix = _("Use the identifier of an adopted data element.")
            errors.append(
                FieldError(f"/bindings/{place}/element", "unknown", _("No such data element"), fix)
            )
        seen.add(each.item)
    if errors:
        raise Invalid(errors=errors)


def _refuse_same_names(bindings: Sequence[BindingWrite], items: Sequence[ResourceItem]) -> None:
    names = [item.name for item in items]
    of_item = {item.identity: item.name for item in items}
    fix = _("Bind it without taking the name.")
    errors = [
        FieldError(
            f"/bindings/{place}/takes_name", "repeated", _("Another item bears this name"), fix
        )
        for place, each in enumerate(bindings)
        if each.takes_name and names.count(of_item[each.item]) > 1
    ]
    if errors:
        raise Invalid(errors=errors)
