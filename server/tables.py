"""The one module that imports every table, for migrations and tests."""

from typing import Final

from sqlalchemy import text
from sqlmodel import Session, select

import audit.models
import auth.accounts.models
import auth.areas.models
import auth.denials.models
import auth.departments.models
import auth.duties.models
import auth.seats.models
import auth.sessions.models
import auth.succession.models
import auth.tokens.models
import catalog.assignments.models
import catalog.attachments.models
import catalog.collection.models
import catalog.conflicts.models
import catalog.conformity.models
import catalog.demand.models
import catalog.domains.models
import catalog.duplicates.models
import catalog.editions.models
import catalog.elements.models
import catalog.lists.models
import catalog.negative.models
import catalog.proposals.models
import catalog.publication.models
import catalog.registration.models
import catalog.resources.models
import catalog.sources.models
import catalog.systems.models
import catalog.updates.models
import exchange.approvals.models
import exchange.consultations.models
import exchange.deliveries.models
import exchange.grants.models
import exchange.requests.models
import shuqiao.desk.models
import shuqiao.jobs.models
import shuqiao.models
from shuqiao.db import Table

#: Importing a module is what registers its tables.
MODULES = (
    shuqiao.models,
    shuqiao.jobs.models,
    shuqiao.desk.models,
    audit.models,
    auth.areas.models,
    auth.departments.models,
    auth.duties.models,
    auth.accounts.models,
    auth.denials.models,
    auth.sessions.models,
    auth.tokens.models,
    auth.succession.models,
    auth.seats.models,
    catalog.domains.models,
    catalog.elements.models,
    catalog.proposals.models,
    catalog.systems.models,
    catalog.resources.models,
    catalog.attachments.models,
    catalog.editions.models,
    catalog.duplicates.models,
    catalog.conformity.models,
    catalog.publication.models,
    catalog.registration.models,
    catalog.collection.models,
    catalog.lists.models,
    catalog.demand.models,
    catalog.sources.models,
    catalog.conflicts.models,
    catalog.negative.models,
    catalog.updates.models,
    catalog.assignments.models,
    exchange.requests.models,
    exchange.approvals.models,
    exchange.grants.models,
    exchange.consultations.models,
    exchange.deliveries.models,
)

metadata = Table.metadata

#: The revision of ``migrations/`` this program was written for;
#: ``/readyz`` compares it with the database, which may be newer where it says so.
REVISION = "0068"


def revision_of(session: Session) -> str | None:
    """The revision the database is at."""
    found: str | None = (
        session.connection().execute(text("SELECT version_num FROM alembic_version")).scalar()
    )
    return found


def oldest_program(session: Session) -> str:
    """The oldest revision whose programs run on the database as it is."""
    return session.exec(select(shuqiao.models.Installation.oldest_program)).one()


_GUARDS: Final = text("""
    SELECT relname || '.' || tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE pronamespace = to_regnamespace('guard') AND tgenabled = 'A'
""")
_MOMENTS: Final = ("insert", "update", "delete", "truncate")


def guards_stand(session: Session) -> bool:
    """Whether the triggers that refuse a change without its event are all there and fire always."""
    facts = {
        str(mapper.class_.__tablename__)
        for mapper in Table._sa_registry.mappers
        if not mapper.class_.__unaudited__
    }
    wanted = {f"{table}.guard_{moment}" for table in facts for moment in _MOMENTS}
    found = set(session.connection().execute(_GUARDS).scalars())
    return wanted | {"pending.settle", "moved.settle_move"} <= found
