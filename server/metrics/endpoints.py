"""``GET /metrics``: what Prometheus reads, from the addresses that may."""

from ipaddress import ip_address

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shuqiao import context
from shuqiao.errors import Forbidden
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.web.threads import Threads

router = APIRouter(include_in_schema=False)
_THREADS = Threads("metrics", 1)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Asks nothing of the database. Writing thousands of lines takes a while, so not on the loop.

    Raises ``Forbidden`` for addresses that ``SHUQIAO_METRICS_NETWORKS`` does not hold.
    """
    if _is_behind_a_stranger(request) or not _may_read(context.client_ip()):
        raise Forbidden(_("This address may not read the metrics: see SHUQIAO_METRICS_NETWORKS"))
    text = await _THREADS.run(generate_latest)
    return Response(text, media_type=CONTENT_TYPE_LATEST)


def _is_behind_a_stranger(request: Request) -> bool:
    """Whether a proxy that nobody listed stands in between: then everybody has its address. Where
    one is believed, the caller's port is not known (``server/process/proxies.py``).
    """
    is_believed = request.client is not None and request.client.port == 0
    return "x-forwarded-for" in request.headers and not is_believed


def _may_read(ip: str | None) -> bool:
    try:
        address = ip_address(ip or "")
    except ValueError:
        return False
    return any(address in network for network in settings().metrics_networks)
