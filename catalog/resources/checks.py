"""What is wrong with the items that were typed, and which item each of them goes on with."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from catalog.resources.fields.origin import BELONGS, NEEDS
from catalog.resources.models import ResourceItem
from catalog.resources.schemas import ItemWrite
from catalog.resources.words import OriginKind
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _


def refuse_repeated(items: Sequence[ItemWrite]) -> None:
    """No id, name or column twice. Raises ``Invalid``."""
    errors = []
    seen: dict[tuple[str, object], int] = {}
    for position, item in enumerate(items):
        told = (("id", item.id), ("name", item.name), ("column_name", item.column_name))
        for field, value in told:
            if value is None:
                continue
            first = seen.setdefault((field, value), position)
            if first != position:
                detail = _("The same as item %(number)s", number=first + 1)
                errors.append(
                    FieldError(
                        f"/items/{position}/{field}", "repeated", detail, _("Use another name.")
                    )
                )
    if errors:
        raise Invalid(errors=errors)


def same_items(items: Sequence[ItemWrite], rows: Sequence[ResourceItem]) -> dict[int, ResourceItem]:
    """Which of ``rows`` each item goes on with, by its place: by id, else by name; what was renamed
    on the way counts before what was published. Raises ``Invalid``.
    """
    by_identity: dict[UUID, ResourceItem] = {}
    for row in rows:
        by_identity.setdefault(row.identity, row)
    unknown = [
        FieldError(
            f"/items/{position}/id",
            "unknown",
            _("The entry has no such item"),
            _("Use the id that the entry shows, once, or leave it out."),
        )
        for position, item in enumerate(items)
        if item.id is not None and item.id not in by_identity
    ]
    if unknown:
        raise Invalid(errors=unknown)
    kept = {place: by_identity.pop(item.id) for place, item in enumerate(items) if item.id}
    by_name: dict[str, ResourceItem] = {}
    for row in by_identity.values():
        by_name.setdefault(row.name, row)
    named = {
        place: by_name[item.name]
        for place, item in enumerate(items)
        if item.id is None and item.name in by_name
    }
    return kept | named


def refuse_origins(
    items: Sequence[ItemWrite], departments: Mapping[str, str], known: Collection[str]
) -> None:
    """Every origin says what its kind needs, and nothing that belongs to another one.

    ``departments``: name by code of those that exist; ``known``: elements and resources that do.
    Raises ``Invalid``.
    """
    errors = [
        error
        for position, item in enumerate(items)
        if item.origin is not None
        for error in _origin(f"/items/{position}/origin", item, departments, known)
    ]
    if errors:
        raise Invalid(errors=errors)


def _origin(
    pointer: str, item: ItemWrite, departments: Mapping[str, str], known: Collection[str]
) -> list[FieldError]:
    origin = item.origin
    if origin is None:
        return []
    kind, found = origin.kind, []
    for name in sorted(frozenset().union(*BELONGS.values())):
        said = getattr(origin, name)
        if said and name not in BELONGS[kind]:
            fix = _("Leave it out, or choose the origin that it belongs to.")
            words = _("This does not belong to “%(kind)s”", kind=kind.label)
            found.append(FieldError(f"{pointer}/{name}", "not_applicable", words, fix))
        elif not said and name in NEEDS[kind]:
            found.append(
                FieldError(f"{pointer}/{name}", "missing", _("This is required"), _FIXES[name])
            )
    if kind is OriginKind.COPIED and origin.department and origin.department not in departments:
        fix = _("Use the unified social credit code of a department of the platform.")
        words = _("No such department")
        found.append(FieldError(f"{pointer}/department", "unknown", words, fix))
    for place, code in enumerate(origin.lineage):
        if code not in known:
            fix = _("Use the code of an element or a resource that exists.")
            words = _("No such data element or resource")
            found.append(FieldError(f"{pointer}/lineage/{place}", "unknown", words, fix))
    return found


_FIXES = {
    "department": _("Name the department that it is taken from."),
    "lineage": _("Name the elements or resources that it is made from."),
    "method": _("Say how it is made from them."),
}
