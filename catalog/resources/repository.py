"""Every SQL statement about data resources, and the words they are found by."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import rjieba
from sqlalchemy import ColumnElement, and_, func, or_, text
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session, col, select
from sqlmodel import select as select_rows

from auth.visibility import Columns, visible
from catalog.resources.fields.codes import CODE_PATTERN
from catalog.resources.fields.table import FIELDS
from catalog.resources.models import SEARCH, DataResource, ResourceItem
from catalog.resources.words import ResourceStatus
from policies.actions import Action
from shuqiao.db import column
from shuqiao.skeletons import skeleton
from shuqiao.subject import Subject
from shuqiao.terms import sounds, terms
from shuqiao.web.paging import PageRequest

_CODE: Final = re.compile(CODE_PATTERN)
_NEXT_IN_CLASS: Final = text(
    "INSERT INTO resource_series (class_code, last) VALUES (:class_code, 1)"
    " ON CONFLICT (class_code) DO UPDATE SET last = resource_series.last + 1 RETURNING last"
)


_NOBODY: Final = UUID(int=0)
#: Where the attributes that rules read of a resource stand in its row
#: (``DataResource.policy_facts``).
FACTS: Final[Columns] = {
    "owner": column(DataResource.provider_id),
    "status": column(DataResource.status),
    "share_type": column(DataResource.share_type),
    "has_left": col(DataResource.consented_at).is_not(None),
    "writers": column(DataResource.writer_ids),
    # no version on its way without consent has a consenter; a NULL would hide the row
    "consenter": func.coalesce(col(DataResource.consenter_id), _NOBODY),
}


#: The items that an entry has now: none that a version left out.
PRESENT: Final = col(ResourceItem.removed_in).is_(None)


def visible_to(subject: Subject) -> ColumnElement[bool]:
    """The entries that the single check would show: the predicate of every list, search and count.

    A working copy is in none of them.
    """
    return and_(col(DataResource.copy_of).is_(None), may_read(subject))


def may_read(subject: Subject) -> ColumnElement[bool]:
    """The same of every row, working copies too."""
    return visible(Action.RESOURCE_READ, subject, FACTS)


def next_code(session: Session, class_code: str) -> str:
    """The next code of the class; the row of the series stays locked until the transaction ends."""
    last = session.connection().execute(_NEXT_IN_CLASS, {"class_code": class_code}).scalar_one()
    return f"{class_code}/{last:06d}"


def read_code(spelt: str) -> str | None:
    """The code as stored; ``307001-000001`` and ``307001/000001`` are the same.

    None for what can be no code.
    """
    code = spelt.replace("-", "/")
    return code if _CODE.fullmatch(code) else None


def by_code(session: Session, spelt: str, *, lock: bool = False) -> DataResource | None:
    """The entry, its row locked until the end of the transaction
    when it is going to be changed.
    """
    code = read_code(spelt)
    if code is None:
        return None
    query = select(DataResource).where(
        DataResource.code == code, col(DataResource.copy_of).is_(None)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def known(session: Session, codes: Iterable[str]) -> Sequence[str]:
    """Those of ``codes`` that are codes of entries."""
    query = select(DataResource.code).where(col(DataResource.code).in_(set(codes)))
    return session.exec(query.where(col(DataResource.copy_of).is_(None))).all()


def working_copy(
    session: Session, entry: DataResource, *, lock: bool = False
) -> DataResource | None:
    """The open working copy of an entry; locked after the entry, always in this order."""
    query = select(DataResource).where(DataResource.copy_of == entry.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def working_copies(
    session: Session, subject: Subject, entries: Iterable[DataResource]
) -> Mapping[UUID, DataResource]:
    """The open working copies that ``subject`` may read, by the id of their entry."""
    ids = {row.id for row in entries if row.published_version}
    if not ids:
        return {}
    query = select(DataResource).where(col(DataResource.copy_of).in_(ids), may_read(subject))
    return {row.entry_id: row for row in session.exec(query)}


def by_id(session: Session, resource_id: UUID, *, lock: bool = False) -> DataResource:
    found = found_by_id(session, resource_id, lock=lock)
    if found is None:
        raise NoResultFound
    return found


def found_by_id(session: Session, resource_id: UUID, *, lock: bool = False) -> DataResource | None:
    """The row, unless it was deleted: a draft or a working copy may be."""
    query = select(DataResource).where(DataResource.id == resource_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def page(
    session: Session,
    subject: Subject,
    wanted: PageRequest,
    *,
    status: ResourceStatus | None = None,
    provider_id: UUID | None = None,
    with_copies: bool = False,
) -> tuple[Sequence[DataResource], str | None]:
    """One page of the resources ``subject`` may see (of one provider,
    or all), last changed first. ``with_copies``: working copies among them.
    """
    seen = may_read(subject) if with_copies else visible_to(subject)
    query = select(DataResource).where(seen)
    if provider_id is not None:
        query = query.where(DataResource.provider_id == provider_id)
    if status is not None:
        query = query.where(DataResource.status == status)
    order = (column(DataResource.updated_at), column(DataResource.id))
    rows = session.exec(wanted.keyset(query, *order, descending=True)).all()
    return wanted.cut(rows, lambda row: (row.updated_at, row.id))


def items_of(session: Session, resource_id: UUID) -> Sequence[ResourceItem]:
    query = select(ResourceItem).where(ResourceItem.resource_id == resource_id, PRESENT)
    return session.exec(query.order_by(col(ResourceItem.position))).all()


def items_of_all(session: Session, resource_ids: Iterable[UUID]) -> dict[UUID, list[ResourceItem]]:
    """Items of several resources, in their order."""
    query = select(ResourceItem).where(
        col(ResourceItem.resource_id).in_(set(resource_ids)), PRESENT
    )
    found: dict[UUID, list[ResourceItem]] = {}
    for row in session.exec(query.order_by(col(ResourceItem.position))):
        found.setdefault(row.resource_id, []).append(row)
    return found


def counts_by_status(
    session: Session, subject: Subject, provider_id: UUID
) -> dict[ResourceStatus, int]:
    """How many resources of a provider ``subject`` may see in each status."""
    number = func.count()
    query = select(DataResource.status, number).where(
        visible_to(subject), DataResource.provider_id == provider_id
    )
    rows = session.exec(query.group_by(column(DataResource.status))).all()
    return {ResourceStatus(status): count for status, count in rows}


def count_published(session: Session, subject: Subject) -> tuple[int, int]:
    """How many published resources ``subject`` may see, and of how many providers."""
    query = select(
        func.count(), func.count(func.distinct(col(DataResource.provider_id)))
    ).select_from(DataResource)
    return session.exec(query.where(*_published_for(subject))).one()


def count_published_items(session: Session, subject: Subject) -> int:
    """How many information items the published resources that ``subject`` may see have."""
    items = select(func.count()).select_from(ResourceItem)
    of_these = items.join(DataResource, col(DataResource.id) == col(ResourceItem.resource_id))
    return session.exec(of_these.where(PRESENT, *_published_for(subject))).one()


def _published_for(subject: Subject) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return visible_to(subject), col(DataResource.status) == ResourceStatus.PUBLISHED


def sharing_words(
    session: Session, subject: Subject, title: str, *, limit: int = 100
) -> Sequence[DataResource]:
    """Resources ``subject`` may see that say a part of ``title``, or whose title looks the same;
    those that say the most of it first.
    """
    looks = col(DataResource.title_skeleton) == skeleton(title)
    asked = [term for term in terms(title) if len(term) > 1]
    if not asked:
        return session.exec(
            select(DataResource).where(visible_to(subject), looks).limit(limit)
        ).all()
    query = sql_cast(" | ".join(f"'{term}'" for term in asked), TSQUERY)
    matches = SEARCH.op("@@", is_comparison=True)(query)
    rows = (
        select(DataResource)
        .where(visible_to(subject), or_(matches, looks))
        .order_by(looks.desc(), func.ts_rank(SEARCH, query).desc())
    )
    return session.exec(rows.limit(limit)).all()


def class_codes(session: Session, provider_id: UUID) -> Sequence[str]:
    """Class codes a provider has registered under, most used first."""
    query = select(DataResource.class_code).where(
        DataResource.provider_id == provider_id, col(DataResource.copy_of).is_(None)
    )
    grouped = query.group_by(col(DataResource.class_code)).order_by(
        func.count().desc(), col(DataResource.class_code)
    )
    return session.exec(grouped.limit(50)).all()


def item_names(session: Session, resource_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Names of the items of several resources, in their order."""
    query = select(ResourceItem.resource_id, ResourceItem.name).where(
        col(ResourceItem.resource_id).in_(set(resource_ids)), PRESENT
    )
    found: dict[UUID, list[str]] = {}
    for resource_id, name in session.exec(query.order_by(col(ResourceItem.position))):
        found.setdefault(resource_id, []).append(name)
    return found


@lru_cache(maxsize=4_096)  # titles of demands are compared with each other
def search_words(written: str) -> tuple[str, ...]:
    """The words of a text as people read them (rjieba, search mode), each once, in order; to be
    told, not to be searched for (``shuqiao.terms``).
    """
    folded = unicodedata.normalize("NFKC", written).casefold()
    folded = "".join(" " if unicodedata.category(char)[0] == "C" else char for char in folded)
    words = (word.strip() for word in rjieba.cut_for_search(folded))
    return tuple(dict.fromkeys(word for word in words if any(char.isalnum() for char in word)))


_INDEXED: Final = ("code", "title", *(each.name for each in FIELDS if each.is_searched))


def index(resource: DataResource, item_names: Iterable[str], provider_name: str) -> None:
    """Set what ``resource`` is found by; the caller flushes, so index and change are one
    transaction.
    """
    values = {name: getattr(resource, name) for name in _INDEXED}
    found = indexed(values, list(item_names), provider_name)
    resource.terms, resource.title_skeleton, resource.item_looks = found


def indexed(
    row: Mapping[str, Any], item_names: Sequence[str], provider_name: str
) -> tuple[str, str, str]:
    """What an entry is found by, and what its title and the names of its items look like."""
    code = f"{row['code']} {row['code'].replace('/', '-')}"
    said = [each.words(row[each.name]) for each in FIELDS if each.is_searched]
    title = row["title"]
    found = [
        each for part in (title, *said, provider_name, code, *item_names) for each in terms(part)
    ]
    looks = "\n".join(map(skeleton, item_names))
    return " ".join(dict.fromkeys([*found, *sounds(title)])), skeleton(title), looks


def codes_to_ask_for(session: Session, subject: Subject, codes: Iterable[str]) -> frozenset[str]:
    """Those of ``codes`` that ``subject`` may apply for, by the rule of the single check."""
    may_apply = visible(Action.REQUEST_CREATE, subject, FACTS)
    query = select_rows(DataResource.code).where(col(DataResource.code).in_(set(codes)), may_apply)
    return frozenset(session.exec(query))
