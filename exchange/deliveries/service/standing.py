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

    def ask(self, session: Session, proofs: Mapping[UUID, str]) -> Verdicts:
        """All deliveries at once, each with what proved its plan when it began: one statement. What
        is not found was not checked.
        """
        found: dict[UUID, EndReason | None] = dict.fromkeys(proofs, EndReason.UNCHECKED)
        unnoted: dict[UUID | None, Subject] = {}
        for row in repository.under_grants(session, list(proofs)):
            bearer = tokens.found_in(row.token) or sessions.found_in(row.session)
            found[row.id] = self._reason(row, bearer, proofs[row.id])
            if bearer is not None and bearer.is_stale:
                unnoted[bearer.subject.credential_id] = bearer.subject
        ended = {delivery_id: reason for delivery_id, reason in found.items() if reason is not None}
        self._allowed = {each: facts for each, facts in self._allowed.items() if each in found}
        return Verdicts(ended, list(unnoted.values()))

    def _reason(
        self, row: repository.UnderGrant, bearer: Found | None, proof: str
    ) -> EndReason | None:
        if row.status is not DeliveryStatus.RUNNING:  # the sweeper's doing, or its own end
            return EndReason.LOST if row.status is DeliveryStatus.FAILED else None
        if not is_live(row.grant):
            return _NOT_LIVE.get(row.grant.standing, EndReason.NOT_ALLOWED)
        if row.carries_stopped:
            return EndReason.ITEM_SUSPENDED
        if bearer is None or bearer.is_password_temporary:
            return EndReason.CREDENTIAL_ENDED
        if not self._is_allowed(row.id, bearer.subject, row.grant, row.consumer_id):
            return EndReason.NOT_ALLOWED
        if row.is_cleared or row.grant.plan_fingerprint != proof:
            return EndReason.DRIFTED
        return EndReason.DATA_DAMAGED if row.is_damaged else None

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
