"""Which servers a connector may reach: those the operator listed, and
after the name was resolved still only those.

A name is resolved once and its address handed on, so that it cannot mean another machine a moment
later. Link-local addresses (where clouds keep their secrets), multicast and "any" are never
reached, listed or not.
"""

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shuqiao.arrow.connectors.causes import Cause, ConnectorFailed
from shuqiao.arrow.connectors.registered import Connection
from shuqiao.settings import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
#: A host name whose last label holds a letter: ``2130706433`` and
#: ``0x7f.1`` are addresses in disguise.
_NAME: Final = re.compile(
    r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*(?!0x)[a-z]([a-z0-9-]{0,61}[a-z0-9])?\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where to connect: one address of the named host, or the folder of a socket (then ``address``
    is empty).
    """

    host: str
    address: str
    port: int


def locate(connection: Connection) -> Place:
    """The one place of ``connection``.

    Raises ``ConnectorFailed`` (``not_allowed``, ``host_unknown``).
    """
    host, port = connection.host, connection.port
    listed = settings().connector_hosts
    if connection.is_local:
        if not (settings().is_development or host in listed):
            raise ConnectorFailed(Cause.NOT_ALLOWED)
        return Place(host, "", port)
    literal = _literal(host)
    if literal is None and not _NAME.fullmatch(host):
        raise ConnectorFailed(Cause.NOT_ALLOWED)
    named = _is_named(host, port, listed)
    if (
        literal is None
        and not named
        and not (settings().is_development and host.lower() == "localhost")
    ):
        raise ConnectorFailed(
            Cause.NOT_ALLOWED
        )  # before the name is looked up: nothing leaves the machine
    found = [literal] if literal is not None else _resolved(host, port)
    allowed = [address for address in found if _may_reach(address, port, listed, named=named)]
    if not allowed:
        raise ConnectorFailed(Cause.NOT_ALLOWED)
    return Place(host, str(allowed[0]), port)


def _resolved(host: str, port: int) -> list[Address]:
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ConnectorFailed(Cause.HOST_UNKNOWN) from None
    return [found for entry in entries if (found := _literal(str(entry[4][0]))) is not None]


def _literal(text: str) -> Address | None:
    """The address a text writes out in full; an IPv4 address inside an
    IPv6 one is taken out of it.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _may_reach(address: Address, port: int, listed: Iterable[str], *, named: bool) -> bool:
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    is_listed = _is_named(str(address), port, listed) or any(
        _lies_in(address, entry) for entry in listed
    )
    if address.is_loopback:
        return is_listed or settings().is_development
    return named or is_listed


def _is_named(host: str, port: int, listed: Iterable[str]) -> bool:
    """Whether the list has ``host``, ``host:port`` or ``[host]:port``."""
    wanted = host.lower().rstrip(".")
    spellings = {wanted, f"{wanted}:{port}", f"[{wanted}]:{port}"}
    return any(entry.lower() in spellings for entry in listed)


def _lies_in(address: Address, entry: str) -> bool:
    try:
        return "/" in entry and address in ipaddress.ip_network(entry)
    except ValueError:
        return False
