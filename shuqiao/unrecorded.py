"""A change without its event cannot exist: the database refuses the transaction, whoever wrote it
(schema ``guard``). Here the refusal gets its name, and rings.
"""

import structlog
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from shuqiao import meters

log = structlog.get_logger("unrecorded")


class UnrecordedChange(RuntimeError):
    """A transaction changed something and told the trail nothing about it. Always a fault of ours,
    or a break-in; never the database being away.
    """


@event.listens_for(Engine, "handle_error", retval=True)
def _name(context: ExceptionContext) -> UnrecordedChange | None:
    """What the statement or the commit raises instead; every process rings alike."""
    refusal = context.original_exception
    if not isinstance(refusal, InsufficientPrivilege) or refusal.diag.schema_name != "guard":
        return None
    meters.UNRECORDED.inc()
    log.critical("change_without_event", table=refusal.diag.table_name)
    return UnrecordedChange(refusal.diag.message_primary)
