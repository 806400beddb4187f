"""What one request is counted for: by its address at the door, by its person once that is known.

Each process counts for itself: with n replicas of a role the limits are n times as high, and a
restart forgets. A person is counted under all their sessions and tokens together; an address may do
:data:`CROWD` times as much, since an office can share one. What is left is told to programs by the
fields of draft-ietf-httpapi-ratelimit-headers.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Final

import structlog

from shuqiao import meters
from shuqiao.errors import TooManyRequests
from shuqiao.i18n import Message, _
from shuqiao.settings import settings
from shuqiao.web.rates import WINDOW_SECONDS, Rate, Running, Standing

log = structlog.get_logger("visits")
#: What an address may do, in people.
CROWD: Final = 4
#: How long who has enough running is told to wait.
_SOON: Final = 5.0


class LimitReached(TooManyRequests):
    """429, with the whole seconds after which it is worth trying again."""

    code, title = "limit_reached", _("More than one may ask for in so short a time")

    def __init__(self, detail: Message, seconds: float) -> None:
        super().__init__(detail)
        self.retry_after = max(1, ceil(seconds))


@dataclass(frozen=True, slots=True)
class Policy:
    """A quota under the name and in the unit in which answers tell it."""

    name: str
    rate: Rate
    of: str
    refused: Message
    unit: str = "requests"

    def admit(self, key: str, cost: int) -> Standing:
        """Raises ``LimitReached``."""
        standing = self.rate.take(key, cost)
        if standing.wait:
            log.info("limit_reached", policy=self.name, of=self.of)
            meters.LIMITS_REACHED.labels(self.name, self.of).inc()
            raise LimitReached(self.refused, standing.wait)
        return standing

    @property
    def stated(self) -> str:
        unit = "" if self.unit == "requests" else f';qu="{self.unit}"'
        return f'"{self.name}";q={self.rate.quota};w={int(WINDOW_SECONDS)}{unit}'

    def left(self, standing: Standing) -> str:
        return f'"{self.name}";r={standing.left};t={ceil(standing.whole_in)}'


class Quotas:
    """Those of a person, or of an address."""

    def __init__(self, of: str, times: int) -> None:
        limits = settings()
        self.requests = Policy(
            "requests",
            Rate(limits.requests_a_minute * times),
            of,
            _("Too many requests came from you or your address; wait as long as is said."),
        )
        self.bytes = Policy(
            "bytes",
            Rate(limits.body_bytes_a_minute * times),
            of,
            _("Too much was sent by you or your address; wait as long as is said."),
            "content-bytes",
        )
        self.denials = Policy(
            "denials",
            Rate(limits.denials_a_minute * times),
            of,
            _("Too much was refused to you, and all of it is recorded; wait as long as is said."),
        )

    def left(self, key: str) -> "Left":
        return Left(self.requests.rate.take(key, 0), self.bytes.rate.take(key, 0))

    def admit(self, key: str) -> "Left":
        """One more request, unless its key owes something. Raises ``LimitReached``."""
        return Left(self.requests.admit(key, 1), self.bytes.admit(key, 0))


@dataclass(slots=True)
class Left:
    """What a person has left."""

    requests: Standing
    bytes: Standing


@dataclass(frozen=True, slots=True)
class Both:
    """What runs of each person and from each address."""

    person: Running
    address: Running

    @classmethod
    def of(cls, most: int) -> "Both":
        return cls(Running(most), Running(most * CROWD))


class Counters:
    """Everything that is counted in one process."""

    def __init__(self) -> None:
        self.person, self.address = Quotas("person", 1), Quotas("address", CROWD)
        self.uploads = Both.of(settings().uploads_per_person)
        self.transfers = Both.of(settings().transfers_per_person)


@cache
def counters() -> Counters:
    """Those of this process."""
    return Counters()


class Visit:
    """One request. ``running``: of what it is one as long as it lasts."""

    def __init__(self, address: str, running: Both | None) -> None:
        self._address, self._running = address, running
        self._person = ""
        self._bytes = 0
        self._left: Left | None = None
        self._held = ExitStack()

    def arrive(self) -> None:
        """Before anything is read or anybody known. Raises ``LimitReached``."""
        counters().address.admit(self._address)
        if self._running is not None:
            self._hold(self._running.address, self._address, "address")

    def received(self, size: int) -> None:
        """A piece of the body has come."""
        here = counters()
        here.address.bytes.rate.owe(self._address, size)
        if self._left is None:
            self._bytes += size
        else:
            self._left.bytes = here.person.bytes.rate.owe(self._person, size)

    def identified(self, person: str) -> None:
        """Raises ``LimitReached``."""
        if self._left is not None:
            return
        quotas = counters().person
        self._person, self._left = person, quotas.left(person)
        self._left = quotas.admit(person)
        if self._bytes:
            self._left.bytes = quotas.bytes.rate.owe(person, self._bytes)
        if self._running is not None:
            self._hold(self._running.person, person, "person")

    def denied(self) -> None:
        """A refusal is about to be written into the trail. Raises ``LimitReached``."""
        here = counters()
        if self._left is None:
            here.address.denials.admit(self._address, 1)
        else:
            here.person.denials.admit(self._person, 1)

    def headers(self) -> dict[str, str]:
        """``RateLimit-Policy`` and ``RateLimit`` of the person; nothing for nobody."""
        if self._left is None:
            return {}
        quotas = counters().person
        told = ((quotas.requests, self._left.requests), (quotas.bytes, self._left.bytes))
        return {
            "ratelimit-policy": ", ".join(policy.stated for policy, _standing in told),
            "ratelimit": ", ".join(policy.left(standing) for policy, standing in told),
        }

    def leave(self) -> None:
        self._held.close()

    def _hold(self, running: Running, key: str, of: str) -> None:
        def refusal() -> LimitReached:
            meters.LIMITS_REACHED.labels("running", of).inc()
            words = _(
                "At most %(most)s of yours run at once; wait until one has ended.",
                most=running.most,
            )
            return LimitReached(words, _SOON)

        self._held.enter_context(running.one(key, refusal))


_present: ContextVar[Visit | None] = ContextVar("visit", default=None)


@contextmanager
def begun(visit: Visit) -> Iterator[None]:
    """For as long as the request is answered."""
    token = _present.set(visit)
    try:
        yield
    finally:
        _present.reset(token)
        visit.leave()


def identified(person: str) -> None:
    """The person behind the present request. Raises ``LimitReached``."""
    if visit := _present.get():
        visit.identified(person)


def denied() -> None:
    """The present request is about to be refused, on record. Raises ``LimitReached``."""
    if visit := _present.get():
        visit.denied()
