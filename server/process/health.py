"""Alive and ready: two routes without sign-in that tell nothing about data.

None shares a thread or a connection with what people do, so that a busy service is not taken for a
dead one.
"""

import asyncio
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from server.process import readiness
from server.process.readiness import Readiness, Role
from shuqiao import deadline, drift
from shuqiao.web.threads import Threads, ThreadsBusy

router = APIRouter(include_in_schema=False)


#: Whoever asks more often than it can be found out waits, and is told that it is not ready.
_THREADS: Final = Threads("readiness", 1)
#: Longer than a request waits, so that a machine that is merely slow is not taken for one that is
#: not ready.
_SECONDS: Final = 5.0


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers.

    Says nothing about the database, so that a restart is not tried when that is away.
    """
    return {"status": "alive"}


@router.get("/readyz")
async def readyz(request: Request, response: Response) -> dict[str, Any]:
    """Whether this role should be sent anything: 200, or 503 with the cause of each check that
    fails (``server/process/readiness.py``). A role that was told to end says ``stopping``.
    """
    state = request.app.state
    if state.is_stopping:
        response.status_code = 503
        return {"status": "stopping", "checks": {}}
    found = await _found(state.role)
    checks = found.checks
    is_ready = all(checks.values())
    response.status_code = 200 if is_ready else 503
    told: dict[str, Any] = {"status": "ready" if is_ready else "not_ready", "checks": checks}
    told |= {"causes": found.causes} if found.causes else {}
    told |= {"warnings": found.warnings} if found.warnings else {}
    apart = drift.apart()
    return told if apart is None else told | {"clock": apart.told()}


async def _found(role: Role) -> Readiness:
    """A disk that never answers holds its thread, not whoever asks."""
    with deadline.begun(_SECONDS):
        looking = asyncio.ensure_future(_THREADS.run(readiness.look, role))
    looking.add_done_callback(lambda done: done.cancelled() or done.exception())
    done, _ = await asyncio.wait({looking}, timeout=_SECONDS)
    try:
        return looking.result() if done else Readiness()
    except ThreadsBusy:
        return Readiness()
