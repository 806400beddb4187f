"""Who acts: a frozen value that policies and audit read without knowing the account tables."""

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

AuthWay = Literal["session", "token", "system", "anonymous"]


@dataclass(frozen=True, slots=True)
class Subject:
    """The person, service token or part of the system on whose behalf something is done."""

    user_id: UUID | None
    account: str
    name: str
    department_id: UUID | None
    department_name: str
    roles: frozenset[str]
    auth: AuthWay
    credential_id: UUID | None = None
    #: Actions a token is limited to; None: everything the roles allow.
    scopes: frozenset[str] | None = None
    #: The policy rules that let this subject do what it is doing, and
    #: the hash of their files; for the event.
    rules: tuple[str, ...] = ()
    policy_hash: str = ""
    #: The department has ended by an act: nobody speaks for it any more.
    is_department_ended: bool = False

    @classmethod
    def system(cls, part: str) -> "Subject":
        """A part of the system itself: ``worker``, ``cli``, ``data``."""
        return cls(None, f"system:{part}", part, None, "", frozenset({"system"}), "system")

    @classmethod
    def anonymous(cls) -> "Subject":
        """Nobody has signed in."""
        return cls(None, "", "", None, "", frozenset(), "anonymous")

    def allowed_by(self, rules: tuple[str, ...], policy_hash: str) -> "Subject":
        """The same subject, carrying the decision that lets it act."""
        return replace(self, rules=rules, policy_hash=policy_hash)

    def has(self, role: str) -> bool:
        return role in self.roles
