"""Every SQL statement about checks before collecting and reports of repeated forms."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, or_
from sqlmodel import Session, col, select

from auth.departments.models import Department
from auth.visibility import Columns, visible
from catalog.collection.models import CollectedField, CollectionCheck, RepeatedForm
from catalog.collection.words import CheckStatus, RepeatStatus
from catalog.elements.models import DataElement
from catalog.elements.words import ElementStatus
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.repository import PRESENT, visible_to
from catalog.resources.words import ResourceStatus
from policies.actions import Action
from shuqiao.db import TextArray, column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

_CHECKS: Final[Columns] = {"owner": column(CollectionCheck.owner_id)}
_REPEATS: Final[Columns] = {"owner": column(RepeatedForm.owner_id)}
#: As ``checks.key``, as far as names of items have such marks.
_MARKS: Final = r"[\s()（）*:：、,，._·-]+"
Found = tuple[ResourceItem, DataResource, str]


def by_no(session: Session, no: str, *, lock: bool = False) -> CollectionCheck | None:
    query = select(CollectionCheck).where(CollectionCheck.check_no == no.strip().upper())
    return session.exec(query.with_for_update() if lock else query).first()


def page(
    session: Session, subject: Subject, wanted: PageRequest
) -> tuple[Sequence[CollectionCheck], str | None]:
    """The checks that ``subject`` may read, the newest first."""
    query = select(CollectionCheck).where(visible(Action.COLLECTION_READ, subject, _CHECKS))
    rows = session.exec(
        wanted.keyset(query, column(CollectionCheck.check_no), descending=True)
    ).all()
    return wanted.cut(rows, lambda row: (row.check_no,))


def fields_of(session: Session, check_id: UUID) -> Sequence[CollectedField]:
    query = select(CollectedField).where(CollectedField.check_id == check_id)
    return session.exec(query.order_by(col(CollectedField.position))).all()


def field(session: Session, check_id: UUID, position: int) -> CollectedField | None:
    query = select(CollectedField).where(
        CollectedField.check_id == check_id, CollectedField.position == position
    )
    return session.exec(query).first()


def open_checks(session: Session, owner_id: UUID) -> Sequence[CollectionCheck]:
    """The checks of a department that are not concluded, by number."""
    query = select(CollectionCheck).where(
        CollectionCheck.owner_id == owner_id, CollectionCheck.status == CheckStatus.OPEN
    )
    return session.exec(query.order_by(col(CollectionCheck.check_no))).all()


def open_repeats(session: Session, owner_id: UUID) -> Sequence[RepeatedForm]:
    """The reports of a department that are not answered, by number."""
    query = select(RepeatedForm).where(
        RepeatedForm.owner_id == owner_id, RepeatedForm.status == RepeatStatus.REPORTED
    )
    return session.exec(query.order_by(col(RepeatedForm.report_no))).all()


def repeat_by_no(session: Session, no: str, *, lock: bool = False) -> RepeatedForm | None:
    query = select(RepeatedForm).where(RepeatedForm.report_no == no.strip().upper())
    return session.exec(query.with_for_update() if lock else query).first()


def repeats(
    session: Session, subject: Subject, wanted: PageRequest
) -> tuple[Sequence[RepeatedForm], str | None]:
    query = select(RepeatedForm).where(visible(Action.REPEAT_READ, subject, _REPEATS))
    rows = session.exec(wanted.keyset(query, column(RepeatedForm.report_no), descending=True)).all()
    return wanted.cut(rows, lambda row: (row.report_no,))


def elements_called(
    session: Session, keys: Collection[str], names: Collection[str]
) -> Sequence[DataElement]:
    """Adopted elements of these names, or with one of them as a synonym."""
    query = select(DataElement).where(
        col(DataElement.status).in_((ElementStatus.RECORDED, ElementStatus.STANDARD)),
        or_(
            _key(DataElement.name).in_(keys),
            column(DataElement.synonyms).op("&&")(literal(list(names), TextArray)),
        ),
    )
    return session.exec(query.order_by(col(DataElement.identifier))).all()


def items_called(
    session: Session, subject: Subject, keys: Collection[str], elements: Collection[UUID]
) -> Sequence[Found]:
    """Items of published entries of these names or bound to these elements, with the name of their
    provider.
    """
    query = _published(subject).where(
        or_(_key(ResourceItem.name).in_(keys), col(ResourceItem.element_id).in_(elements))
    )
    return [_found(row) for row in session.execute(query.order_by(col(DataResource.code))).all()]


def item_of(session: Session, subject: Subject, code: str, name: str) -> Found | None:
    """One item of a published entry."""
    query = _published(subject).where(
        DataResource.code == code.replace("-", "/"), ResourceItem.name == name
    )
    row = session.execute(query).first()
    return _found(row) if row else None


def entries(session: Session, subject: Subject) -> int:
    """How many published entries ``subject`` may see."""
    query = select(func.count(col(DataResource.id))).where(
        DataResource.status == ResourceStatus.PUBLISHED, visible_to(subject)
    )
    return int(session.exec(query).one())


def _published(subject: Subject) -> Any:
    return (
        select(ResourceItem, DataResource, Department.name)
        .join(DataResource, col(DataResource.id) == col(ResourceItem.resource_id))
        .join(Department, col(Department.id) == col(DataResource.provider_id))
        .where(DataResource.status == ResourceStatus.PUBLISHED, visible_to(subject), PRESENT)
    )


def _found(row: Any) -> Found:
    return row[0], row[1], row[2]


def _key(name: Any) -> ColumnElement[str]:
    return func.lower(func.regexp_replace(col(name), _MARKS, "", "g"))
