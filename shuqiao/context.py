"""What belongs to the request being answered: its id, the caller's
address, the language of the answer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Literal

from shuqiao.ids import uuid7

Locale = Literal["zh_CN", "en"]

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_client_ip: ContextVar[str | None] = ContextVar("client_ip", default=None)
_is_gone: ContextVar[Callable[[], bool]] = ContextVar("is_gone", default=lambda: False)
_locale: ContextVar[Locale] = ContextVar("locale", default="zh_CN")


def request_id() -> str:
    """The id of the request, job or command being worked on; empty outside of one."""
    return _request_id.get()


def client_ip() -> str | None:
    return _client_ip.get()


def client_network() -> str:
    """The caller's address; of IPv6 the /64, in which a single customer has 2^64 of them."""
    given = _client_ip.get() or "nowhere"
    try:
        address = ip_address(given)
    except ValueError:
        return given[:45]
    return str(
        ip_network((address, 64), strict=False) if isinstance(address, IPv6Address) else address
    )


def locale() -> Locale:
    return _locale.get()


def caller_is_gone() -> bool:
    """Whether whoever sent the request being answered has closed the connection; asked from the
    thread that answers it. Never so for jobs and commands.
    """
    return _is_gone.get()()


def ask_of_caller(is_gone: Callable[[], bool]) -> None:
    """How :func:`caller_is_gone` finds out, for the request whose task this is."""
    _is_gone.set(is_gone)


@contextmanager
def working_on(
    *, request_id: str | None = None, client_ip: str | None = None, locale: Locale = "zh_CN"
) -> Iterator[str]:
    """Set the context for one request, job or command; gives its id."""
    identity = request_id or uuid7().hex
    tokens = (_request_id.set(identity), _client_ip.set(client_ip), _locale.set(locale))
    try:
        yield identity
    finally:
        _request_id.reset(tokens[0])
        _client_ip.reset(tokens[1])
        _locale.reset(tokens[2])
