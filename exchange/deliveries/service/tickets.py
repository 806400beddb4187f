"""Download tickets (下载凭据): the cookie of the pages does not hold at the address of the data, so
the page carries this there, in the body of a form.

A minute long, for one person, one grant and one kind of file; kept as a hash; the first use takes
it away, whatever comes of that use.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from exchange.deliveries.models import DownloadTicket
from exchange.deliveries.repository import tickets
from exchange.deliveries.words import FileFace
from exchange.grants.models import ShareGrant
from shuqiao.db import moment_of, unit_of_work
from shuqiao.subject import Subject

SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Taken:
    """What a ticket was good for."""

    user_id: UUID
    session_id: UUID
    grant_id: UUID
    face: FileFace


def issue(session: Session, subject: Subject, grant: ShareGrant, face: FileFace) -> str:
    """A ticket for ``subject``, who is signed in with a browser; its text is shown once and never
    stored.
    """
    assert subject.user_id is not None and subject.credential_id is not None
    secret = secrets.token_urlsafe(32)
    session.add(
        DownloadTicket(
            secret_hash=_hash(secret),
            user_id=subject.user_id,
            session_id=subject.credential_id,
            grant_id=grant.id,
            face=face,
            expires_at=moment_of(session) + timedelta(seconds=SECONDS),
        )
    )
    session.flush()
    return secret


def take(presented: str) -> Taken | None:
    """Use a ticket up, for good; None for what is none, or none any more."""
    with unit_of_work() as session:
        row = tickets.take(session, _hash(presented))
    if row is None or not row["holds"]:
        return None
    return Taken(row["user_id"], row["session_id"], row["grant_id"], FileFace(row["face"]))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
