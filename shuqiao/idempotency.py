"""Idempotency keys: the same key has one effect, whatever races (IETF
draft-ietf-httpapi-idempotency-key-header).
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.errors import LockNotAvailable
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col

from shuqiao.clock import now
from shuqiao.errors import BadRequest, Conflict, Invalid
from shuqiao.i18n import _
from shuqiao.models import IdempotencyKey
from shuqiao.upkeep import delete_some

_KEY = re.compile(r"[\x21-\x7e]{8,255}")


class KeyReused(Invalid):
    code = "idempotency_key_reused"
    title = _("This Idempotency-Key was used for a different request; choose a new one")


class StillRunning(Conflict):
    code = "idempotency_key_running"
    title = _("The first request with this Idempotency-Key is still running; try again in a moment")


class Replay(Exception):
    """The key was used before for the same request: answer as then, change nothing.

    ``whole``: the bytes and headers of that answer; None where only what it said was kept.
    """

    def __init__(
        self, status: int, answer: dict[str, Any], whole: "WholeAnswer | None" = None
    ) -> None:
        super().__init__("replay")
        self.status, self.answer, self.whole = status, answer, whole


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """An answer as it left: its bytes, and the headers that belong to it."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Claim:
    """A key taken for the present transaction."""

    owner: str
    key: str


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    """What makes two requests the same: method, path and body. SHA-256, 32 bytes."""
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).digest()


def claim(session: Session, *, owner: str, key: str | None, print_: bytes) -> Claim:
    """Take the key before anything else happens.

    Raises ``Replay``, ``StillRunning``, ``KeyReused`` or ``BadRequest``.

    A second request waits on the first one's uncommitted row for at most the lock time-out.
    """
    if key is None or not _KEY.fullmatch(key):
        raise BadRequest(
            _("Send an Idempotency-Key of 8 to 255 visible ASCII characters with this request")
        )
    row = insert(IdempotencyKey).values(owner=owner, key=key, fingerprint=print_, created_at=now())
    try:
        with session.begin_nested():
            taken = (
                session.connection()
                .execute(row.on_conflict_do_nothing().returning(col(IdempotencyKey.key)))
                .first()
            )
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise  # away, or without room on its disk
        raise StillRunning from error  # the first one has not finished
    if taken is None:
        _answer_from(session, owner, key, print_)
    return Claim(owner, key)


def remember(
    session: Session,
    taken: Claim,
    *,
    status: int,
    answer: dict[str, Any],
    whole: WholeAnswer | None = None,
) -> None:
    """Keep the answer in the same transaction as the effect."""
    session.connection().execute(
        update(IdempotencyKey)
        .where(col(IdempotencyKey.owner) == taken.owner, col(IdempotencyKey.key) == taken.key)
        .values(
            status=status,
            answer=json.loads(json.dumps(answer)),
            body=whole and whole.body,
            headers=whole and dict(whole.headers),
        )
    )


def forget_old(session: Session, before: datetime, limit: int) -> int:
    """Drop up to ``limit`` keys older than ``before``; gives how many."""
    return delete_some(
        session, IdempotencyKey, col(IdempotencyKey.created_at) < before, limit=limit
    )


def _answer_from(session: Session, owner: str, key: str, print_: bytes) -> None:
    found = (
        session.connection()
        .execute(
            select(
                col(IdempotencyKey.fingerprint),
                col(IdempotencyKey.status),
                col(IdempotencyKey.answer),
                col(IdempotencyKey.body),
                col(IdempotencyKey.headers),
            ).where(col(IdempotencyKey.owner) == owner, col(IdempotencyKey.key) == key)
        )
        .first()
    )
    if found is None or found.status is None:
        raise StillRunning
    if bytes(found.fingerprint) != print_:
        raise KeyReused
    whole = None if found.body is None else WholeAnswer(bytes(found.body), found.headers or {})
    raise Replay(found.status, found.answer or {}, whole)
