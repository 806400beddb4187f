"""Every SQL statement about causes of updates, and about what is owed for entries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import Session, col, func, or_, select

from audit.append import ObjectRef
from auth.departments.models import Department
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.repository import PRESENT, read_code, visible_to
from catalog.resources.words import ResourceStatus, SecurityLevel
from catalog.systems.models import InformationSystem
from catalog.updates.models import CatalogueChange, UpdateCause
from catalog.updates.words import OVER, ChangeKind
from shuqiao.desk.models import CaseClock
from shuqiao.subject import Subject

OPEN = col(CatalogueChange.status).not_in(OVER)
_ENTRY = col(DataResource.copy_of).is_(None)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a cause: the same said again is the same."""

    kind: ChangeKind
    on: date
    basis: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an update is owed for: a published entry, or data that has none (``code`` is empty)."""

    code: str
    title: str
    provider_id: UUID
    system_id: UUID | None = None

    @property
    def key(self) -> str:
        """By what it is told from the others of one cause."""
        return self.code or f"{self.provider_id}:{self.title}"

    @classmethod
    def of(cls, entry: DataResource) -> "Chosen":
        return cls(entry.code, entry.title, entry.provider_id)


def by_no(session: Session, no: str, *, lock: bool = False) -> CatalogueChange | None:
    query = select(CatalogueChange).where(CatalogueChange.change_no == no)
    return session.exec(query.with_for_update() if lock else query).first()


def cause_by_no(session: Session, no: str) -> UpdateCause | None:
    return session.exec(select(UpdateCause).where(UpdateCause.cause_no == no)).first()


def cause_by_id(session: Session, cause_id: UUID) -> UpdateCause:
    return session.exec(select(UpdateCause).where(UpdateCause.id == cause_id)).one()


def cause_about(session: Session, told: Told, about: ObjectRef) -> UpdateCause | None:
    """The cause that the platform recorded of this object and day."""
    query = select(UpdateCause).where(
        UpdateCause.kind == told.kind,
        UpdateCause.changed_on == told.on,
        UpdateCause.about_type == about.type,
        UpdateCause.about_no == about.id,
    )
    return session.exec(query).first()


def clock_of(session: Session, change_no: str) -> CaseClock:
    """The limit of an update, over or not."""
    return session.exec(select(CaseClock).where(CaseClock.case_no == change_no)).one()


def of_cause(session: Session, cause_id: UUID) -> Sequence[CatalogueChange]:
    """What a cause opened, in the order of the numbers."""
    query = select(CatalogueChange).where(CatalogueChange.cause_id == cause_id)
    return session.exec(query.order_by(col(CatalogueChange.change_no))).all()


def of_cause_and_entry(session: Session, cause_id: UUID, code: str) -> CatalogueChange | None:
    query = select(CatalogueChange).where(
        CatalogueChange.cause_id == cause_id, CatalogueChange.resource_code == code
    )
    return session.exec(query).first()


def of_entry(session: Session, code: str) -> Sequence[CatalogueChange]:
    """The changes that concern an entry, the newest first."""
    query = select(CatalogueChange).where(CatalogueChange.resource_code == code)
    return session.exec(query.order_by(col(CatalogueChange.change_no).desc())).all()


def open_of_entry(session: Session, code: str) -> Sequence[CatalogueChange]:
    """Those whose update is still owed, locked."""
    query = select(CatalogueChange).where(CatalogueChange.resource_code == code, OPEN)
    return session.exec(query.order_by(col(CatalogueChange.change_no)).with_for_update()).all()


def owed_for(session: Session, code: str) -> Sequence[CatalogueChange]:
    """The same for reading."""
    query = select(CatalogueChange).where(CatalogueChange.resource_code == code, OPEN)
    return session.exec(query.order_by(col(CatalogueChange.change_no))).all()


def alike(session: Session, told: Told, codes: Collection[str]) -> dict[str, str]:
    """The number of what is owed for the very same already, by the code of its entry."""
    query = select(CatalogueChange.resource_code, CatalogueChange.change_no).where(
        col(CatalogueChange.resource_code).in_(codes),
        CatalogueChange.kind == told.kind,
        CatalogueChange.changed_on == told.on,
        CatalogueChange.basis == told.basis,
        OPEN,
    )
    return dict(session.exec(query).all())


def data_alike(session: Session, chosen: Iterable[Chosen]) -> dict[str, str]:
    """The same of new data of that name in that department."""
    wanted = {(each.provider_id, each.title): each.key for each in chosen}
    same = tuple_(col(CatalogueChange.provider_id), col(CatalogueChange.resource_title))
    query = select(CatalogueChange).where(
        same.in_(list(wanted)), CatalogueChange.kind == ChangeKind.NEW_DATA, OPEN
    )
    rows = session.exec(query)
    return {wanted[row.provider_id, row.resource_title]: row.change_no for row in rows}


def data_of(session: Session, provider_id: UUID) -> Sequence[CatalogueChange]:
    """New data of a department that no entry is named for."""
    query = select(CatalogueChange).where(
        CatalogueChange.provider_id == provider_id, CatalogueChange.resource_code == "", OPEN
    )
    return session.exec(query.order_by(col(CatalogueChange.change_no))).all()


def data_in(session: Session, system_id: UUID) -> Sequence[CatalogueChange]:
    """New data of a system that is still owed."""
    query = select(CatalogueChange).where(CatalogueChange.system_id == system_id, OPEN)
    return session.exec(query.order_by(col(CatalogueChange.change_no))).all()


def entries_by_code(
    session: Session, subject: Subject, codes: Iterable[str]
) -> Mapping[str, DataResource]:
    """Those entries that ``subject`` may know of, by the code as it was spelt; locked by code."""
    spelt = {each: code for each in codes if (code := read_code(each)) is not None}
    query = select(DataResource).where(
        col(DataResource.code).in_(set(spelt.values())), _ENTRY, visible_to(subject)
    )
    rows = session.exec(query.order_by(col(DataResource.code)).with_for_update())
    found = {row.code: row for row in rows}
    return {each: found[code] for each, code in spelt.items() if code in found}


def departments(session: Session, codes: Collection[str]) -> Mapping[str, Department]:
    """Departments that stand, by code."""
    query = select(Department).where(
        col(Department.code).in_(codes), col(Department.ended_on).is_(None)
    )
    return {row.code: row for row in session.exec(query)}


def systems(session: Session, numbers: Collection[str]) -> Mapping[str, InformationSystem]:
    query = select(InformationSystem).where(col(InformationSystem.system_no).in_(numbers))
    return {row.system_no: row for row in session.exec(query)}


def count_published(session: Session, provider_id: UUID) -> int:
    """How many published entries a department has."""
    query = select(func.count()).select_from(DataResource)
    query = query.where(
        DataResource.provider_id == provider_id,
        _ENTRY,
        col(DataResource.status) == ResourceStatus.PUBLISHED,
    )
    return session.exec(query).one()


def entries_of(session: Session, provider_id: UUID) -> Sequence[DataResource]:
    """The entries of a department that were not taken down, drafts among them, by code."""
    query = select(DataResource).where(
        DataResource.provider_id == provider_id,
        _ENTRY,
        col(DataResource.status) != ResourceStatus.TAKEN_DOWN,
    )
    return session.exec(query.order_by(col(DataResource.code))).all()


def sensitive(session: Session, entries: Collection[UUID]) -> set[UUID]:
    """Those of ``entries`` with personal information, or important or core data."""
    levels = (SecurityLevel.IMPORTANT, SecurityLevel.CORE)
    by_item = select(ResourceItem.resource_id).where(
        col(ResourceItem.resource_id).in_(entries),
        PRESENT,
        or_(col(ResourceItem.is_personal), col(ResourceItem.security_level).in_(levels)),
    )
    whole = select(DataResource.id).where(
        col(DataResource.id).in_(entries), col(DataResource.security_level).in_(levels)
    )
    return {*session.exec(by_item), *session.exec(whole)}


def owed_by_code(session: Session, codes: Collection[str]) -> Mapping[str, list[str]]:
    """The numbers of all that is owed for these entries, by code."""
    query = select(CatalogueChange.resource_code, CatalogueChange.change_no).where(
        col(CatalogueChange.resource_code).in_(codes), OPEN
    )
    found: dict[str, list[str]] = {}
    for code, change_no in session.exec(query.order_by(col(CatalogueChange.change_no))):
        found.setdefault(code, []).append(change_no)
    return found
