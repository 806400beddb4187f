"""Alive and ready: two routes without sign-in that tell nothing about data.

None shares a thread or a connection with what people do, so that a busy service is not taken for a
dead one.
"""

from typing import Any, Final

from fastapi import APIRouter, Response
from sqlalchemy.exc import SQLAlchemyError

from audit.queries import can_append
from server.tables import REVISION, guards_stand, revision_of
from shuqiao import deadline, drift
from shuqiao.db import beside, reading
from shuqiao.deadline import DeadlinePassed
from shuqiao.web.threads import Threads, ThreadsBusy

router = APIRouter(include_in_schema=False)


#: Whoever asks more often than it can be found out waits, and is told that it is not ready.
_THREADS: Final = Threads("readiness", 1)
#: Longer than a request waits, so that a machine that is merely slow is not taken for one that is
#: not ready.
_SECONDS: Final = 5.0
_NOTHING: Final = dict.fromkeys(("database", "revision", "audit", "guard", "clock"), False)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers.

    Says nothing about the database, so that a restart is not tried when that is away.
    """
    return {"status": "alive"}


@router.get("/readyz")
async def readyz(response: Response) -> dict[str, Any]:
    """Database reachable at the right revision, the trail can be written, nothing changes without
    it (the triggers of the schema ``guard``), and the clock agrees with the database's: otherwise
    503, and of clocks that do not agree both times.
    """
    try:
        with deadline.begun(_SECONDS):
            checks = await _THREADS.run(checks_now)
    except ThreadsBusy:
        checks = _NOTHING
    is_ready = all(checks.values())
    response.status_code = 200 if is_ready else 503
    told: dict[str, Any] = {"status": "ready" if is_ready else "not_ready", "checks": checks}
    apart = drift.apart()
    return told if apart is None else told | {"clock": apart.told()}


def checks_now() -> dict[str, bool]:
    """Each check of ``/readyz`` by its name."""
    checks = dict(_NOTHING)
    try:
        with reading(beside("readiness", 1)) as session:
            session.connection()
            checks["database"] = True
            checks["revision"] = revision_of(session) == REVISION
            checks["audit"] = can_append(session)
            checks["guard"] = guards_stand(session)
            drift.look(session)
            checks["clock"] = drift.refusal() is None
    except (SQLAlchemyError, DeadlinePassed):
        pass
    return checks
