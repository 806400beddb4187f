"""The question behind ``shuqiao health``.

It is asked every few seconds, so it imports next to nothing.
"""

import http.client
from typing import Final, Literal
from urllib.parse import urlsplit

from shuqiao.settings import settings

Listener = Literal["control", "data", "worker"]
LISTENERS: Final[tuple[Listener, ...]] = ("control", "data", "worker")

SECONDS: Final = 4.0
#: Addresses that mean "every address of this machine": asked on the loopback.
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


def asked_by_default() -> tuple[Listener, ...]:
    """The worker only where it listens."""
    return LISTENERS if settings().worker_port is not None else LISTENERS[:2]


def complaint(role: Listener) -> str | None:
    """Why ``role`` is not alive, in one sentence; None when it is."""
    given = settings()
    origin, port = {
        "control": (given.control_origin, given.port),
        "data": (given.data_origin, given.data_port),
        "worker": ("http://worker", given.worker_port),
    }[role]
    if port is None:
        return "the worker listens nowhere: set SHUQIAO_WORKER_PORT"
    asked = http.client.HTTPConnection(
        _EVERYWHERE.get(given.host, given.host), port, timeout=SECONDS
    )
    try:
        asked.request("GET", "/healthz", headers={"Host": urlsplit(origin).netloc})
        status = asked.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"{role} does not answer on port {port} ({type(error).__name__})"
    finally:
        asked.close()
    return None if status == 200 else f"{role} answers {status} on port {port}"
