"""Client of Shuqiao (数桥): find data, apply for it, fetch what was granted.

    from shuqiao_client import Client

    client = Client.from_profile()
    client.catalog.search("学校").to_polars()
    client.grant("GR-2026-000001").to_polars()

The parts are loaded when first used, so that ``sq --help`` answers at once.
"""

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from shuqiao_client.client import Client
    from shuqiao_client.errors import ShuqiaoError
    from shuqiao_client.handles import GrantHandle, RequestHandle, ResourceHandle
    from shuqiao_client.profile import Profile
    from shuqiao_client.records import Receipt
    from shuqiao_client.stream import DataStream

    __version__: str

__all__ = [
    "Client",
    "DataStream",
    "GrantHandle",
    "Profile",
    "Receipt",
    "RequestHandle",
    "ResourceHandle",
    "ShuqiaoError",
    "errors",
]

_HOMES: Final = {
    "Client": "client",
    "DataStream": "stream",
    "GrantHandle": "handles",
    "Profile": "profile",
    "Receipt": "records",
    "RequestHandle": "handles",
    "ResourceHandle": "handles",
    "ShuqiaoError": "errors",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return importlib.import_module("importlib.metadata").version("shuqiao-client")
    if name == "errors":
        return importlib.import_module("shuqiao_client.errors")
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"shuqiao_client.{_HOMES[name]}"), name)
