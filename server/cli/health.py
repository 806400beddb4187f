"""The question behind ``shuqiao health``.

It is asked every few seconds, so it imports next to nothing.
"""

import http.client
from typing import Final, Literal
from urllib.parse import urlsplit

from shuqiao.settings import settings

Listener = Literal["control", "data"]
LISTENERS: Final[tuple[Listener, ...]] = ("control", "data")

SECONDS: Final = 4.0
#: Addresses that mean "every address of this machine": asked on the loopback.
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


def complaint(role: Listener) -> str | None:
    """Why ``role`` is not alive, in one sentence; None when it is."""
    given = settings()
    origin, port = {
        "control": (given.control_origin, given.port),
        "data": (given.data_origin, given.data_port),
    }[role]
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
