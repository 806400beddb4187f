"""Whether running deliveries may go on: what was asked before the first byte, of the facts of now.

It is the same question, not a second condition beside it: the credential is looked up as for every
request, the rules decide about whoever it belongs to now, one function says whether the grant is
live.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef
from auth.accounts.service.subjects import Found
from auth.guard import is_allowed
from auth.sessions.service import sessions
from auth.tokens import service as tokens
from auth.visibility import principal_facts
from exchange.deliveries import repository
from exchange.deliveries.words import DeliveryStatus, EndReason
from exchange.grants.models import ShareGrant
from exchange.grants.service.granting import is_live
from exchange.grants.words import GrantStatus
from policies.actions import Action
from policies.facts import PrincipalFacts, ResourceFacts
from policies.rulebook import rulebook
from shuqiao.subject import Subject

#: All that a decision depends on: who, what, and the hash of the rules.
_Facts = tuple[PrincipalFacts, ResourceFacts, str]
_NOT_LIVE: Final[Mapping[GrantStatus, EndReason]] = {
    GrantStatus.EXPIRED: EndReason.EXPIRED,
    GrantStatus.REVOKED: EndReason.REVOKED,
    GrantStatus.SUSPENDED: EndReason.ITEM_SUSPENDED,
    GrantStatus.TERMINATED: EndReason.REVOKED,
}


@dataclass(frozen=True, slots=True)
class Verdicts:
    """``ended``: deliveries that may not go on, and why.

    ``unnoted``: whose browser sessions' use is to be noted again.
    """

    ended: Mapping[UUID, EndReason]
    unnoted: Sequence[Subject]


class Standing:
    """Asked again and again; the rules decide anew only about what has changed."""

    def __init__(self) -> None:
        self._allowed: dict[UUID, _Facts] = {}

    def ask(self, session: Session, ids: Sequence[UUID]) -> Verdicts:
        """All deliveries ``ids`` at once: three statements. What is not found was not checked."""
        rows = repository.under_grants(session, ids)
        bearers = _bearers(session, {row[2] for row in rows if row[2]})
        found: dict[UUID, EndReason | None] = dict.fromkeys(ids, EndReason.UNCHECKED)
        for delivery_id, status, credential, is_stopped, grant, consumer_id in rows:
            found[delivery_id] = self._reason(
                delivery_id,
                status,
                bearers.get(credential),
                grant,
                consumer_id,
                carries_stopped=is_stopped,
            )
        ended = {delivery_id: reason for delivery_id, reason in found.items() if reason is not None}
        self._allowed = {each: facts for each, facts in self._allowed.items() if each in found}
        return Verdicts(ended, [bearer.subject for bearer in bearers.values() if bearer.is_stale])

    def _reason(
        self,
        delivery_id: UUID,
        status: DeliveryStatus,
        bearer: Found | None,
        grant: ShareGrant,
        consumer_id: UUID,
        *,
        carries_stopped: bool,
    ) -> EndReason | None:
        if status is not DeliveryStatus.RUNNING:  # the sweeper's doing, or its own end just written
            return EndReason.LOST if status is DeliveryStatus.FAILED else None
        if not is_live(grant):
            return _NOT_LIVE.get(grant.standing, EndReason.NOT_ALLOWED)
        if carries_stopped:
            return EndReason.ITEM_SUSPENDED
        if bearer is None or bearer.is_password_temporary:
            return EndReason.CREDENTIAL_ENDED
        if not self._is_allowed(delivery_id, bearer.subject, grant, consumer_id):
            return EndReason.NOT_ALLOWED
        return None

    def _is_allowed(
        self, delivery_id: UUID, subject: Subject, grant: ShareGrant, consumer_id: UUID
    ) -> bool:
        """For the department that began it: what a successor takes over meanwhile goes on to its
        end.
        """
        fetched = _Fetched(grant, consumer_id)
        facts = (principal_facts(subject), fetched.policy_facts(), rulebook().policy_hash)
        if self._allowed.get(delivery_id) == facts:
            return True
        if not is_allowed(subject, Action.GRANT_FETCH, fetched):
            return False
        self._allowed[delivery_id] = facts
        return True


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A grant as the department ``consumer_id`` fetches under it."""

    grant: ShareGrant
    consumer_id: UUID

    def policy_facts(self) -> ResourceFacts:
        facts = self.grant.policy_facts()
        return replace(facts, attributes={**facts.attributes, "consumer": str(self.consumer_id)})

    def audit_ref(self) -> ObjectRef:
        return self.grant.audit_ref()

    def audit_stream(self) -> str:
        return self.grant.audit_stream()


def _bearers(session: Session, credentials: set[UUID]) -> dict[UUID | None, Found]:
    """Whose each of the credentials is at this moment; those that hold no more are left out."""
    found = [*tokens.holding(session, credentials), *sessions.holding(session, credentials)]
    return {bearer.subject.credential_id: bearer for bearer in found}
