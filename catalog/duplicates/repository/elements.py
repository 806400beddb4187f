"""Every SQL statement about the elements that items are compared with."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from catalog.domains.models import ValueDomain
from catalog.elements.models import DataElement
from catalog.elements.words import ElementStatus

#: Elements that items are to follow.
ADOPTED: Final = (
    col(DataElement.status).in_((ElementStatus.RECORDED, ElementStatus.STANDARD)),
    col(DataElement.duplicate_of_id).is_(None),
)
#: Longer lists are no lists of codes: registers, addresses.
_LONGEST: Final = 100_000
#: Changes when an element or a list of codes does, and with each sweep; of this database alone.
_STATE: Final = text("""
    SELECT current_database()
        || (SELECT md5(coalesce(string_agg(id::text || version, ',' ORDER BY id), ''))
            FROM data_element)
        || (SELECT md5(coalesce(string_agg(
                id::text || coalesce(in_force_until::text, ''), ',' ORDER BY id), ''))
            FROM domain_version)
        || coalesce((SELECT max(sweep_no) FROM duplicate_sweep), '')
""")
_CODES: Final = text("""
    SELECT domain_version.domain_id, array_agg(DISTINCT code)
    FROM value_domain_entry JOIN domain_version ON domain_version.id = version_id
    WHERE in_force_from <= :on AND (in_force_until IS NULL OR in_force_until > :on)
        AND code_count <= :longest
        AND domain_version.domain_id IN (SELECT value_domain_id FROM data_element)
    GROUP BY domain_version.domain_id
""")


def state(session: Session) -> str:
    """What the elements and the lists of codes are, in one text."""
    return str(session.connection().execute(_STATE).scalar_one())


def adopted(session: Session) -> Sequence[DataElement]:
    query = select(DataElement).where(*ADOPTED)
    return session.exec(query.order_by(col(DataElement.identifier))).all()


def codes(session: Session, on: date) -> Mapping[UUID, Sequence[str]]:
    """Of each domain that an element goes by the codes that are in force on a day."""
    rows = session.connection().execute(_CODES, {"on": on, "longest": _LONGEST})
    return {row[0]: row[1] for row in rows}


def domain_names(session: Session) -> Mapping[UUID, str]:
    rows: Any = session.exec(select(ValueDomain.id, ValueDomain.name))
    return dict(rows.all())
