"""The one module that imports every table, for migrations and tests."""

from sqlalchemy import text
from sqlmodel import Session

import audit.models
import auth.accounts.models
import auth.areas.models
import auth.departments.models
import auth.duties.models
import auth.sessions.models
import auth.tokens.models
import catalog.attachments.models
import catalog.editions.models
import catalog.elements.models
import catalog.publication.models
import catalog.resources.models
import catalog.updates.models
import exchange.approvals.models
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
    auth.sessions.models,
    auth.tokens.models,
    catalog.elements.models,
    catalog.resources.models,
    catalog.attachments.models,
    catalog.editions.models,
    catalog.publication.models,
    catalog.updates.models,
    exchange.requests.models,
    exchange.approvals.models,
    exchange.grants.models,
    exchange.deliveries.models,
)

metadata = Table.metadata

#: The revision of ``migrations/`` this program was written for;
#: ``/readyz`` compares it with the database.
REVISION = "0024"


def revision_of(session: Session) -> str | None:
    """The revision the database is at."""
    found: str | None = (
        session.connection().execute(text("SELECT version_num FROM alembic_version")).scalar()
    )
    return found
