"""What can go wrong when somebody asks."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlmodel import Session

from audit.append import ObjectRef
from audit.events import Event
from policies.decide import Decision
from policies.rulebook import rulebook
from shuqiao.errors import (
    Forbidden,
    NotFound,
)
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject


class CsrfMissing(Forbidden):
    code = "csrf_token_missing"
    title = _("This form is no longer valid; load the page again")
    advice = _("Go back, copy what you have typed, load the page again and send it once more.")


class PasswordTemporary(Forbidden):
    """The password was made by an administrator and shown once; until
    the person has chosen one, nothing else goes.
    """

    code = "password_temporary"
    title = _("Choose your own password first")
    advice = _("Open the page “Change password”; then go on with what you were doing.")


class Denial:
    """A refusal, to be written to the trail when the request has been
    rolled back; mostly a decision of the rules.
    """

    event: ClassVar[Event] = Event.ACTION_DENIED
    subject: Subject
    action: str
    decision: Decision
    obj: ObjectRef
    stream: str

    def why(self) -> Mapping[str, Any]:
        """The facts of the event."""
        return {
            "action": str(self.action),
            "rules": self.decision.rules,
            "policy": self.decision.policy_hash,
        }

    def settle(self, session: Session) -> None:
        """What else is to be done, in the transaction of the event."""

    def about(
        self, subject: Subject, action: str, decision: Decision, obj: ObjectRef, stream: str
    ) -> "Denial":
        self.subject, self.action, self.decision, self.obj, self.stream = (
            subject,
            action,
            decision,
            obj,
            stream,
        )
        return self


class NotAllowed(Forbidden, Denial):
    """Seen, but not allowed. Carries the rules that decided, in words, and the roles that could."""

    code = "not_allowed"

    def __init__(self, detail: Message, *, who_can_help: Sequence[Message] = ()) -> None:
        super().__init__(detail)
        self.who_can_help = tuple(who_can_help)


class ForbiddenByCase(NotAllowed):
    """A fact of the case that no policy can see forbids it.

    Recorded like a rule of the policies, under ``rule``.
    """

    rule: ClassVar[str]
    action_name: ClassVar[str]

    def __init__(self, subject: Subject, obj: ObjectRef, stream: str) -> None:
        super().__init__(self.title)
        self.about(
            subject,
            self.action_name,
            Decision(False, (self.rule,), (), rulebook().policy_hash),
            obj,
            stream,
        )


class NotVisible(NotFound, Denial):
    """Exists, but the caller may not know: answered exactly as if it were not there."""
