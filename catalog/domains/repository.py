"""Every SQL statement about value domains."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import pyarrow as pa
from sqlalchemy import ColumnElement, RowMapping, and_, func, or_, text
from sqlmodel import Session, col, select

from auth.departments.models import Department
from catalog.domains.models import IDENTIFIER, DomainVersion, ValueDomain, ValueDomainEntry
from shuqiao.db import column
from shuqiao.web.paging import PageRequest

#: Numbered through, not by year: year 0.
_NEXT_SERIAL: Final = text(
    "INSERT INTO number_series (prefix, year, last) VALUES ('VD', 0, 1)"
    " ON CONFLICT (prefix, year) DO UPDATE SET last = number_series.last + 1 RETURNING last"
)
_COPY: Final = (
    "COPY value_domain_entry (version_id, position, code, label, parent_code, valid_from,"
    " valid_until, is_revoked) FROM STDIN"
)
#: A code with two labels in one edition is compared by both.
_DIFFERENCES: Final = text(
    "SELECT code, a.labels AS before, b.labels AS after FROM ("
    " SELECT code, string_agg(label, '、' ORDER BY position) AS labels FROM value_domain_entry"
    " WHERE version_id = :before GROUP BY code) a FULL JOIN ("
    " SELECT code, string_agg(label, '、' ORDER BY position) AS labels FROM value_domain_entry"
    " WHERE version_id = :after GROUP BY code) b USING (code)"
    " WHERE a.labels IS DISTINCT FROM b.labels ORDER BY code"
)


def by_identifier(session: Session, identifier: str, *, lock: bool = False) -> ValueDomain | None:
    """The domain; None also for what can be no identifier."""
    if not IDENTIFIER.fullmatch(identifier):
        return None
    query = select(ValueDomain).where(ValueDomain.identifier == identifier)
    return session.exec(query.with_for_update() if lock else query).first()


def ids_by_identifier(session: Session, identifiers: Iterable[str]) -> dict[str, UUID]:
    """Ids of the domains that exist, by identifier."""
    query = select(ValueDomain.identifier, ValueDomain.id).where(
        col(ValueDomain.identifier).in_(set(identifiers))
    )
    return dict(session.exec(query).all())


def by_name(session: Session, name: str, *, lock: bool = False) -> ValueDomain | None:
    query = select(ValueDomain).where(ValueDomain.name == name)
    return session.exec(query.with_for_update() if lock else query).first()


def next_identifier(session: Session) -> str:
    """The next identifier; its series stays locked until the transaction ends."""
    return f"VD-{session.connection().execute(_NEXT_SERIAL).scalar_one():06d}"


def page(session: Session, wanted: PageRequest) -> tuple[Sequence[ValueDomain], str | None]:
    """One page by identifier."""
    query = wanted.keyset(select(ValueDomain), column(ValueDomain.identifier))
    return wanted.cut(session.exec(query).all(), lambda row: (row.identifier,))


def versions(session: Session, domain_id: UUID) -> Sequence[DomainVersion]:
    """The editions of a domain, the one of the latest days first."""
    query = select(DomainVersion).where(DomainVersion.domain_id == domain_id)
    return session.exec(
        query.order_by(col(DomainVersion.in_force_from).desc(), col(DomainVersion.number).desc())
    ).all()


def version(session: Session, domain_id: UUID, number: int) -> DomainVersion | None:
    query = select(DomainVersion).where(
        DomainVersion.domain_id == domain_id, DomainVersion.number == number
    )
    return session.exec(query).first()


def in_force(session: Session, domain_ids: Iterable[UUID], on: date) -> dict[UUID, DomainVersion]:
    """Of each domain the edition of a day."""
    query = select(DomainVersion).where(
        col(DomainVersion.domain_id).in_(set(domain_ids)),
        DomainVersion.in_force_from <= on,
        or_(col(DomainVersion.in_force_until).is_(None), col(DomainVersion.in_force_until) > on),
    )
    return {found.domain_id: found for found in session.exec(query)}


def domains(session: Session, ids: Iterable[UUID]) -> dict[UUID, ValueDomain]:
    query = select(ValueDomain).where(col(ValueDomain.id).in_(set(ids)))
    return {found.id: found for found in session.exec(query)}


def codes_page(
    session: Session, version_id: UUID, wanted: PageRequest, *, q: str = "", code: str = ""
) -> tuple[Sequence[ValueDomainEntry], str | None]:
    """Codes of an edition in its own order: all, those that begin with ``q`` or have it in their
    label, or one.
    """
    query = select(ValueDomainEntry).where(ValueDomainEntry.version_id == version_id)
    if code:
        query = query.where(ValueDomainEntry.code == code)
    if q:
        label = col(ValueDomainEntry.label).contains(q, autoescape=True)
        query = query.where(or_(_begins(q), label))
    rows = session.exec(wanted.keyset(query, column(ValueDomainEntry.position))).all()
    return wanted.cut(rows, lambda row: (row.position,))


def first_codes(session: Session, version_id: UUID, limit: int) -> Sequence[ValueDomainEntry]:
    query = select(ValueDomainEntry).where(ValueDomainEntry.version_id == version_id)
    return session.exec(query.order_by(col(ValueDomainEntry.position)).limit(limit)).all()


def values(
    session: Session, version_id: UUID, *, of_labels: bool = False, on: date | None = None
) -> pa.StringArray:
    """The codes of an edition, or its labels, to check a table against. ``on``: only those that
    are valid on this day; without, those that it gave up too: old records keep them.
    """
    wanted = ValueDomainEntry.label if of_labels else ValueDomainEntry.code
    query = select(wanted).where(ValueDomainEntry.version_id == version_id)
    if on is not None:
        query = query.where(_valid(on))
    return pa.array(session.exec(query.distinct()).all(), pa.string())


def differences(session: Session, before: UUID, after: UUID) -> Sequence[RowMapping]:
    """Every code that the two editions do not say the same of, by code."""
    given = {"before": before, "after": after}
    return session.connection().execute(_DIFFERENCES, given).mappings().all()


def add_entries(session: Session, version_id: UUID, listed: pa.Table) -> None:
    """Write the codes of an edition, in one statement whatever their number."""
    session.flush()
    held: Any = session.connection().connection.driver_connection
    position = 0
    with held.cursor() as cursor, cursor.copy(_COPY) as copy:
        for batch in listed.to_batches(max_chunksize=8_192):
            columns = [each.to_pylist() for each in batch.columns]
            for row in zip(*columns, strict=True):
                copy.write_row((version_id, position, *row))
                position += 1


def department_names(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    query = select(Department.id, Department.name).where(col(Department.id).in_(set(ids)))
    return dict(session.exec(query).all())


def department_by_code(session: Session, code: str) -> Department | None:
    return session.exec(select(Department).where(Department.code == code)).first()


def count(session: Session) -> int:
    return session.exec(select(func.count(col(ValueDomain.id)))).one()


def _begins(q: str) -> ColumnElement[bool]:
    """A prefix of the code; without wildcards, so that the index serves it whatever the locale."""
    return col(ValueDomainEntry.code).startswith(q, autoescape=True)


def _valid(on: date) -> ColumnElement[bool]:
    entry = ValueDomainEntry
    return and_(
        col(entry.is_revoked).is_(False),
        or_(col(entry.valid_from).is_(None), col(entry.valid_from) <= on),
        or_(col(entry.valid_until).is_(None), col(entry.valid_until) > on),
    )
