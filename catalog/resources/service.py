"""Registering data resources: register, edit, submit.

The rules of attached files are in ``attachments``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.cases import check, take
from auth.departments import repository as departments
from auth.departments.service import must_all_be_open
from catalog.elements import repository as elements
from catalog.elements.service.binding import bound
from catalog.resources import lifecycle, repository
from catalog.resources.checks import refuse_origins, refuse_repeated, same_items
from catalog.resources.errors import SecretDeclared
from catalog.resources.fields.origin import Origin
from catalog.resources.fields.system import SourceSystem
from catalog.resources.fields.table import PLAIN
from catalog.resources.fields.withholding import Withholding
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.schemas import (
    ItemRead,
    ItemWrite,
    ResourceCreate,
    ResourceRead,
    ResourceSummary,
    ResourceUpdate,
)
from catalog.resources.words import ShareType
from catalog.systems import repository as systems
from catalog.systems.service.register import source_of
from shuqiao.desk import drafts
from shuqiao.errors import FieldError, Forbidden, Invalid, PreconditionFailed
from shuqiao.i18n import _
from shuqiao.subject import Subject

_NO_CHANGES: Final[Mapping[str, Any]] = {}


def register(session: Session, subject: Subject, body: ResourceCreate) -> DataResource:
    """Register a draft of the subject's own department under a new code.

    Raises ``SecretDeclared``, ``DepartmentEnded``, or ``Invalid`` naming the fields.
    """
    if subject.user_id is None or subject.department_id is None:
        raise Forbidden(_("Only a person of a department registers data resources"))
    if body.is_secret:
        raise SecretDeclared(subject)
    must_all_be_open(session, subject.department_id)
    resource = DataResource(
        code=repository.next_code(session, body.class_code),
        class_code=body.class_code,
        title=body.title,
        provider_id=subject.department_id,
        registrar_id=subject.user_id,
        share_type=body.share_type,
    )
    session.add(resource)
    _write(session, resource, body)
    take(session, subject, resource, lifecycle.REGISTER, why={"items": len(body.items)})
    return resource


def edit(
    session: Session,
    subject: Subject,
    resource: DataResource,
    body: ResourceUpdate,
    *,
    version: int,
) -> DataResource:
    """Replace everything that may be said of ``resource`` (locked).

    ``version``: the one the caller saw.

    Raises ``SecretDeclared``, ``PreconditionFailed``, ``NotPossibleNow`` or ``Invalid``.
    """
    if body.is_secret:
        raise SecretDeclared(subject, resource)
    check_seen(resource, version)
    check(resource, lifecycle.EDIT)
    _write(session, resource, body)
    take(session, subject, resource, lifecycle.EDIT, why={"items": len(body.items)})
    return resource


def choose_class(
    session: Session, subject: Subject, resource: DataResource, class_code: str, *, version: int
) -> DataResource:
    """Give a draft (locked) the next code of another class; the old code is never given again.

    What anybody typed into its forms goes with it. Both codes' streams tell of it.

    Raises ``PreconditionFailed``, ``NotPossibleNow`` or ``Invalid``.
    """
    check(resource, lifecycle.CHOOSE_CLASS, version)
    if class_code == resource.class_code:
        fix = _("Write another class code, or leave it as it is.")
        said = FieldError("/class_code", "unchanged", _("The draft is in this class already"), fix)
        raise Invalid(errors=[said])
    old, new = resource.code, repository.next_code(session, class_code)
    why = {"old": old, "new": new}
    take(session, subject, resource, lifecycle.CHOOSE_CLASS, version, why=why)
    resource.code, resource.class_code = new, class_code
    names = [item.name for item in repository.items_of(session, resource.id)]
    repository.index(resource, names, _provider(session, resource))
    session.flush()
    drafts.move(session, old, new)
    ref = resource.audit_ref()
    append(session, subject, Event.RESOURCE_CLASS_CHOSEN, stream=new, obj=ref, why=why)
    return resource


def check_seen(resource: DataResource, version: int) -> None:
    """Nobody decides on a version other than the one they saw. Raises ``PreconditionFailed``."""
    if version != resource.version:
        raise PreconditionFailed


def href(resource: DataResource) -> str:
    """The page of the resource."""
    return lifecycle.PAGE.format_map(resource.told())


def review_href(resource: DataResource) -> str:
    """The page on which the entry is consented to, published or returned."""
    return lifecycle.REVIEW_PAGE.format_map(resource.told())


def edit_href(resource: DataResource) -> str:
    """The page on which its registrar works on the entry."""
    return lifecycle.EDIT_PAGE.format_map(resource.told())


def read(session: Session, resource: DataResource) -> ResourceRead:
    """The resource with its items, without its files."""
    (shown,) = read_all(session, [resource])
    return shown


def read_all(session: Session, rows: Sequence[DataResource]) -> list[ResourceRead]:
    """The same for many resources at once."""
    items = repository.items_of_all(session, {row.id for row in rows})
    homes = departments.names(session, {row.provider_id for row in rows})
    used = {item.element_id for each in items.values() for item in each if item.element_id}
    names = elements.identifiers_by_id(session, used)
    sources = {
        key: SourceSystem(system_no=each.system_no, name=each.name)
        for key, each in systems.named(
            session, {row.system_id for row in rows if row.system_id}
        ).items()
    }
    return [
        ResourceRead.of(
            row,
            homes[row.provider_id],
            [
                ItemRead.of(item, names.get(item.element_id) if item.element_id else None)
                for item in items.get(row.id, ())
            ],
            sources.get(row.system_id) if row.system_id else None,
        )
        for row in rows
    ]


def summaries(session: Session, rows: Sequence[DataResource]) -> list[ResourceSummary]:
    """Resources as lists show them."""
    names = departments.names(session, {row.provider_id for row in rows})
    return [ResourceSummary.of_row(row, names[row.provider_id]) for row in rows]


def as_written(entry: ResourceRead, changes: Mapping[str, Any] = _NO_CHANGES) -> ResourceUpdate:
    """What ``edit`` takes to leave the entry as it is, but for the fields that ``changes`` names.

    Items that have what the resource has go on following it.
    """
    told = set(ResourceUpdate.model_fields) - {"items"}
    kept = entry.model_dump(include=told, exclude={"system": {"name"}})
    kept["items"] = [
        {
            **item.model_dump(
                include=set(ItemWrite.model_fields), exclude={"origin": {"department_name"}}
            ),
            "share_type": None if item.share_type is entry.share_type else item.share_type,
            "security_level": None
            if item.security_level is entry.security_level
            else item.security_level,
        }
        for item in entry.items
    ]
    return ResourceUpdate.model_validate({**kept, **changes})


def _provider(session: Session, resource: DataResource) -> str:
    return departments.names(session, {resource.provider_id})[resource.provider_id]


def _write(session: Session, resource: DataResource, body: ResourceUpdate) -> None:
    for name in PLAIN:
        setattr(resource, name, getattr(body, name))
    number = body.system.system_no if body.system is not None else ""
    resource.system_id = source_of(session, number, resource.provider_id, resource.system_id)
    secrecy, privacy = body.secrecy_assessment, body.privacy_assessment
    resource.coverage = body.coverage.model_dump(mode="json") if body.coverage else None
    for name, value in Withholding.columns(body.withholding).items():
        setattr(resource, name, value)
    resource.secrecy_conclusion = secrecy.conclusion if secrecy else None
    resource.secrecy_assessor = secrecy.assessor if secrecy else ""
    resource.secrecy_assessed_on = secrecy.assessed_on if secrecy else None
    resource.privacy_conclusion = privacy.conclusion if privacy else None
    resource.privacy_assessor = privacy.assessor if privacy else ""
    resource.privacy_assessed_on = privacy.assessed_on if privacy else None
    repository.index(resource, [item.name for item in body.items], _provider(session, resource))
    session.flush()
    _write_items(session, resource, body.items)


def _write_items(session: Session, resource: DataResource, items: Sequence[ItemWrite]) -> None:
    """Replace the items; one that names its id, or keeps its name, stays the same item.

    So does one that was left out of a working copy and comes back.
    """
    refuse_repeated(items)
    origins = _origins(session, items)
    present = {row.id: row for row in repository.items_of(session, resource.id)}
    published = repository.items_of(session, resource.copy_of) if resource.copy_of else ()
    held = {row.element_id for row in (*present.values(), *published)}
    element_ids = bound(session, [item.element for item in items], held)
    kept = same_items(items, [*present.values(), *published])
    for position, item in enumerate(items):
        values: dict[str, Any] = item.model_dump(
            exclude={"id", "element", "share_type", "security_level", "withholding", "origin"}
        )
        share_type = item.share_type or resource.share_type
        basis = item.withholding if share_type is ShareType.WITHHELD else None
        values |= {
            "position": position,
            "element_id": element_ids.get(item.element) if item.element else None,
            "share_type": share_type,
            "security_level": item.security_level or resource.security_level,
            **Withholding.columns(basis),
            "origin": origins[position],
        }
        same = kept.get(position)
        row = present.pop(same.id, None) if same else None
        if row is None:  # new, or back again
            origin_id = same.id if same else None
            row = ResourceItem(resource_id=resource.id, origin_id=origin_id, **values)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
    for row in present.values():
        session.delete(row)
    session.flush()


def _origins(session: Session, items: Sequence[ItemWrite]) -> list[dict[str, Any] | None]:
    """What is kept of each item's origin. Raises ``Invalid``."""
    said = [item.origin for item in items if item.origin]
    named = departments.names_by_code(session, [o.department for o in said if o.department])
    lineage = {code for each in said for code in each.lineage}
    found = {*elements.ids_by_identifier(session, lineage), *repository.known(session, lineage)}
    refuse_origins(items, named, found)
    return [_kept(item.origin, named) if item.origin else None for item in items]


def _kept(origin: Origin, names: Mapping[str, str]) -> dict[str, Any]:
    """Only what is said, with the present name of the department."""
    kept = origin.model_dump(mode="json", exclude_defaults=True)
    name = names.get(origin.department or "")
    return {**kept, "department_name": name} if name else kept


def applicable(session: Session, subject: Subject, codes: Iterable[str]) -> frozenset[str]:
    """Those of ``codes`` that ``subject`` may apply for: where a page shows the button."""
    return repository.codes_to_ask_for(session, subject, codes)
