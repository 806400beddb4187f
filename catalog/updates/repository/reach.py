"""Whom a cause reaches: published entries found by what they rest on."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from auth.departments.models import Department
from auth.duties.models import Duty
from auth.visibility import visible
from catalog.elements.models import DataElement
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.repository import FACTS, PRESENT, read_code
from catalog.resources.words import ResourceStatus
from catalog.systems.models import SystemDuty
from policies.actions import Action
from shuqiao.subject import Subject
from shuqiao.web.slots import Slot

#: Entries found at once; who reaches more narrows the search.
LIMIT: Final = 200
#: Entries whose items negative entries strike by a basis with this text; negative entries stand
#: above.
STRUCK: Final[Slot[Callable[[Session, str], Collection[UUID]]]] = Slot(lambda _session, _text: ())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: all of it holds of an entry; ``codes`` come in addition. ``basis``: text
    of the law by which an entry or an item is not shared, or of a condition.
    """

    basis: str = ""
    duty: str = ""
    element: str = ""
    department: str = ""
    codes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.basis or self.duty or self.element or self.department or self.codes)


def reached(session: Session, subject: Subject, wanted: Wanted) -> Sequence[DataResource]:
    """The published entries that ``subject`` may record a cause for, by code; one more than the
    limit when there are more.
    """
    found = _fitting(session, wanted)
    codes = {code for each in wanted.codes if (code := read_code(each)) is not None}
    either: list[ColumnElement[bool]] = [col(DataResource.code).in_(codes)]
    if found:
        either.append(_all(found))
    query = select(DataResource).where(
        col(DataResource.copy_of).is_(None),
        DataResource.status == ResourceStatus.PUBLISHED,
        visible(Action.UPDATE_RECORD, subject, FACTS),
        or_(*either),
    )
    return session.exec(query.order_by(col(DataResource.code)).limit(LIMIT + 1)).all()


def _all(parts: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    first, *others = parts
    for each in others:
        first = first & each
    return first


def _fitting(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.basis:
        found.append(_rests_on(session, wanted.basis))
    if wanted.duty:
        systems = select(SystemDuty.system_id).join(Duty, col(Duty.id) == col(SystemDuty.duty_id))
        systems = systems.where(Duty.duty_no == wanted.duty)
        found.append(col(DataResource.system_id).in_(systems))
    if wanted.element:
        held = select(ResourceItem.resource_id).join(
            DataElement, col(DataElement.id) == col(ResourceItem.element_id)
        )
        held = held.where(DataElement.identifier == wanted.element, PRESENT)
        found.append(col(DataResource.id).in_(held))
    if wanted.department:
        owner = select(Department.id).where(Department.code == wanted.department)
        found.append(col(DataResource.provider_id).in_(owner))
    return found


def _rests_on(session: Session, text: str) -> ColumnElement[bool]:
    items = select(ResourceItem.resource_id).where(
        PRESENT, col(ResourceItem.withheld_basis).contains(text, autoescape=True)
    )
    said = (
        DataResource.withheld_basis,
        DataResource.share_condition,
        DataResource.use_condition,
        DataResource.open_condition,
    )
    return or_(
        *(col(each).contains(text, autoescape=True) for each in said),
        col(DataResource.id).in_(items),
        col(DataResource.id).in_(STRUCK.held(session, text)),
    )
