"""Every SQL statement of reviews, publications and the search."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, String, and_, cast, func, select, true
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from auth.models import AppUser, Department
from auth.visibility import visible
from catalog.publication.models import Publication, PublicationReview
from catalog.resources.lifecycle import ResourceStatus
from catalog.resources.models import SEARCH, DataResource, ShareType
from catalog.resources.repository import search_words, visible_to
from policies.actions import Action
from shuqiao.db import column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: Hits are counted up to here; a larger number is told as "5,000+".
COUNT_LIMIT: Final = 5_000
FACET_LIMIT: Final = 50


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for. ``words`` None: everything; empty: the query had no word in it, so nothing fits."""

    words: tuple[str, ...] | None = None
    #: Any of these; empty: all.
    share_types: tuple[ShareType, ...] = ()
    provider_ids: tuple[UUID, ...] = ()

    @classmethod
    def of(cls, query: str, share_types: Iterable[ShareType] = (), provider_ids: Iterable[UUID] = ()) -> "Search":
        words = tuple(search_words(query)) if query.strip() else None
        return cls(words, tuple(share_types), tuple(provider_ids))


def publication(session: Session, resource_id: UUID, version: int) -> Publication | None:
    query = select_rows(Publication).where(Publication.resource_id == resource_id, Publication.version == version)
    return session.exec(query).first()


def reviews(session: Session, resource_id: UUID) -> Sequence[tuple[PublicationReview, str]]:
    """The steps so far, oldest first, with the reviewers' names."""
    query = select_rows(PublicationReview, AppUser.name).join(
        AppUser, col(PublicationReview.reviewer_id) == col(AppUser.id)
    )
    query = query.where(PublicationReview.resource_id == resource_id).order_by(col(PublicationReview.id))
    return session.exec(query).all()


def department_ids(session: Session, codes: Iterable[str]) -> Sequence[UUID]:
    """The departments with these credit codes; what is no code has none."""
    known = {code for code in codes if code.isalnum()}
    return session.exec(select_rows(Department.id).where(col(Department.code).in_(known))).all()


def department_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    known = {code for code in codes if code.isalnum()}
    query = select_rows(Department.code, Department.name).where(col(Department.code).in_(known))
    return dict(session.exec(query).all())


def publications(session: Session, resource_id: UUID) -> Sequence[tuple[int, datetime]]:
    """Number and moment of every published version, the newest first."""
    query = select_rows(Publication.version, Publication.published_at).where(Publication.resource_id == resource_id)
    return session.exec(query.order_by(col(Publication.version).desc())).all()


def codes_to_ask_for(session: Session, subject: Subject, codes: Iterable[str]) -> frozenset[str]:
    """Those of ``codes`` that ``subject`` may apply for, by the rule of the single check."""
    columns = {
        "owner": column(DataResource.provider_id),
        "status": column(DataResource.status),
        "share_type": column(DataResource.share_type),
    }
    may_apply = visible(Action.REQUEST_CREATE, subject, columns)
    query = select_rows(DataResource.code).where(col(DataResource.code).in_(set(codes)), may_apply)
    return frozenset(session.exec(query))


def hits(
    session: Session, subject: Subject, search: Search, wanted: PageRequest
) -> tuple[Sequence[DataResource], str | None]:
    """One page of published resources: the best first when words are searched for, else the newest first."""
    order: tuple[ColumnElement[Any], ...] = (column(DataResource.published_at), column(DataResource.id))
    if search.words:
        order = (_rank(search.words), column(DataResource.id))
    query = select(DataResource, order[0].label("key")).where(_wanted(subject, search))
    rows = session.execute(wanted.keyset(query, *order, descending=True)).all()
    kept, following = wanted.cut(rows, lambda row: (row[1], row[0].id))
    return [row[0] for row in kept], following


def count(session: Session, subject: Subject, search: Search) -> tuple[int, bool]:
    """How many hits, counted up to the limit, and whether that is all."""
    some = select(DataResource.id).where(_wanted(subject, search)).limit(COUNT_LIMIT + 1).subquery()  # type: ignore[call-overload]
    number = int(session.connection().execute(select(func.count()).select_from(some)).scalar_one())
    return min(number, COUNT_LIMIT), number <= COUNT_LIMIT


def share_type_facet(session: Session, subject: Subject, search: Search) -> list[tuple[ShareType, int]]:
    """Hits by share type, as if none had been chosen."""
    rows = _grouped(session, subject, replace(search, share_types=()), column(DataResource.share_type))
    return [(ShareType(value), number) for value, number in rows]


def provider_facet(session: Session, subject: Subject, search: Search) -> list[tuple[Department, int]]:
    """Hits by provider, as if none had been chosen, the largest first."""
    rows = _grouped(session, subject, replace(search, provider_ids=()), column(DataResource.provider_id))
    found = dict(rows[:FACET_LIMIT])
    departments = session.exec(select_rows(Department).where(col(Department.id).in_(found))).all()
    return sorted(((each, found[each.id]) for each in departments), key=lambda pair: (-pair[1], pair[0].code))


def provider_names(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    query = select_rows(Department.id, Department.name).where(col(Department.id).in_(set(ids)))
    return dict(session.exec(query).all())


def _grouped(
    session: Session, subject: Subject, search: Search, by: ColumnElement[Any]
) -> Sequence[tuple[Any, int]]:
    number = func.count()
    query = select(by, number).where(_wanted(subject, search)).group_by(by).order_by(number.desc(), by)
    return [(value, int(found)) for value, found in session.connection().execute(query)]


def _wanted(subject: Subject, search: Search) -> ColumnElement[bool]:
    """Published, visible to ``subject`` by the rule of the single check, and fitting the search."""
    conditions: list[ColumnElement[bool]] = [
        column(DataResource.status) == ResourceStatus.PUBLISHED,
        visible_to(subject),
        _matches(search.words),
    ]
    if search.share_types:
        conditions.append(column(DataResource.share_type).in_(search.share_types))
    if search.provider_ids:
        conditions.append(column(DataResource.provider_id).in_(search.provider_ids))
    return and_(*conditions)


def _matches(words: tuple[str, ...] | None) -> ColumnElement[bool]:
    return true() if words is None else SEARCH.op("@@", is_comparison=True)(_query(words))


def _query(words: tuple[str, ...]) -> ColumnElement[Any]:
    # plainto_tsquery takes its text literally: no operator of the query language can be in it
    return func.plainto_tsquery("simple", cast(" ".join(words), String))


def _rank(words: tuple[str, ...]) -> ColumnElement[Any]:
    """Relevance as a whole number, so that it can stand in a cursor; words of the title weigh most."""
    return cast(func.ts_rank(SEARCH, _query(words)) * 1_000_000, Integer)
