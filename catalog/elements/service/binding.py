"""Which elements items may be bound to: published ones. What is bound stays bound."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import Session

from catalog.elements import repository
from catalog.elements.models import DataElement
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _


def bound(
    session: Session, named: Sequence[str | None], held: Collection[UUID | None]
) -> dict[str, UUID]:
    """Ids of the elements that items name, place by place; ``held``: those that items of the entry
    are bound to already. Raises ``Invalid`` at ``/items/…/element``, with what to use instead.
    """
    found = {
        each.identifier: each
        for each in repository.by_identifiers(session, [name for name in named if name])
    }
    errors = [
        _refused(session, place, found.get(name))
        for place, name in enumerate(named)
        if name and not _is_free(found.get(name), held)
    ]
    if errors:
        raise Invalid(errors=errors)
    return {identifier: element.id for identifier, element in found.items()}


def _is_free(element: DataElement | None, held: Collection[UUID | None]) -> bool:
    return element is not None and (element.is_in_force or element.id in held)


def _refused(session: Session, place: int, element: DataElement | None) -> FieldError:
    pointer = f"/items/{place}/element"
    fix: Message = _("Use the identifier of a published data element, or leave it out.")
    if element is None:
        return FieldError(pointer, "unknown", _("No such data element"), fix)
    if element.successor_id is not None:
        named = repository.identifiers_by_id(session, [element.successor_id])
        fix = _("Use %(identifier)s instead.", identifier=named[element.successor_id])
    detail = _("It is not in force: %(status)s", status=element.status.label)
    return FieldError(pointer, "not_in_force", detail, fix)
