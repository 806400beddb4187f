"""Commands that find a resource and apply for it, ready to copy."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from catalog.resources.models import DataResource
from catalog.resources.schemas import ResourceRead
from shuqiao.settings import settings


@dataclass(frozen=True, slots=True)
class Programs:
    """The same in three languages; ``body`` is the file that ``sq`` sends."""

    api_url: str
    curl: str
    sq: str
    body: str
    python: str


def programs(resource: DataResource, entry: ResourceRead) -> Programs:
    origin, code = settings().control_origin, resource.url_code
    chosen = entry.items[:2]
    facts = {
        "origin": origin,
        "code": code,
        "title": entry.title,
        "names": _quoted(item.name for item in chosen),
        "ids": _quoted(str(item.id) for item in chosen),
    }
    return Programs(
        api_url=f"{origin}/api/v1/catalog/{code}",
        curl=_CURL.format(**facts),
        sq=_SQ.format(**facts),
        body=_BODY.format(**facts),
        python=_PYTHON.format(**facts),
    )


_CURL: Final = """\
curl -sf -H @header {origin}/api/v1/catalog/{code}

curl -sf -H @header -H 'content-type: application/json' -H "idempotency-key: apply-$(date +%s)" \\
     -d '{{"resource_code": "{code}", "item_ids": [{ids}],
          "basis": "…", "scenario": "…", "scope": "…",
          "share_way": "batch", "until": "2026-12-31"}}' \\
     {origin}/api/v1/requests"""
_SQ: Final = """\
sq resource show {code}
sq request create -f request.json --submit"""
_BODY: Final = """\
{{
  "resource": "{code}",
  "items": [{names}],
  "basis": "…",
  "scenario": "…",
  "scope": "…",
  "share_way": "batch",
  "until": "2026-12-31"
}}"""
_PYTHON: Final = """\
from shuqiao_client import Client

client = Client.from_profile()
resource = client.resource("{code}")  # {title}
request = client.requests.create(
    resource, items=[{names}],
    basis="…", scenario="…", scope="…", share_way="batch", until="2026-12-31",
)
request.submit()
resource.to_polars()  # as soon as it is granted"""


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
