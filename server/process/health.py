"""Alive, ready, measured: three routes without sign-in that tell nothing about data."""

from typing import Any

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from audit.queries import can_append
from server.tables import REVISION, guards_stand, revision_of
from shuqiao import drift
from shuqiao.db import reading

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers.

    Says nothing about the database, so that a restart is not tried when that is away.
    """
    return {"status": "alive"}


@router.get("/readyz")
def readyz(response: Response) -> dict[str, Any]:
    """Database reachable at the right revision, the trail can be written, nothing changes without
    it (the triggers of the schema ``guard``), and the clock agrees with the database's: otherwise
    503, and of clocks that do not agree both times.
    """
    checks = dict.fromkeys(("database", "revision", "audit", "guard", "clock"), False)
    try:
        with reading() as session:
            session.connection()
            checks["database"] = True
            checks["revision"] = revision_of(session) == REVISION
            checks["audit"] = can_append(session)
            checks["guard"] = guards_stand(session)
            drift.look(session)
            checks["clock"] = drift.refusal() is None
    except SQLAlchemyError:
        pass
    is_ready = all(checks.values())
    response.status_code = 200 if is_ready else 503
    told: dict[str, Any] = {"status": "ready" if is_ready else "not_ready", "checks": checks}
    apart = drift.apart()
    return told if apart is None else told | {"clock": apart.told()}


@router.get("/metrics")
def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
