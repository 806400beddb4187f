"""What can go wrong when somebody asks."""

from typing import ClassVar

from audit.append import ObjectRef
from policies.decide import Decision
from policies.rulebook import rulebook
from shuqiao.errors import Forbidden, NotFound, TooManyRequests, Unauthenticated
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject


class SignInRefused(Unauthenticated):
    """One text for an unknown account, a wrong password and a closed account: nothing to enumerate."""

    code = "sign_in_refused"
    title = _("Account or password is wrong")


class SignInLocked(TooManyRequests):
    code = "sign_in_locked"
    title = _("Too many failed sign-ins; try again later")


class CsrfMissing(Forbidden):
    code = "csrf_token_missing"
    title = _("This form is no longer valid; load the page again")


class Denial:
    """A decision against the caller, to be written to the trail when the request has been rolled back."""

    subject: Subject
    action: str
    decision: Decision
    obj: ObjectRef
    stream: str

    def about(self, subject: Subject, action: str, decision: Decision, obj: ObjectRef, stream: str) -> "Denial":
        self.subject, self.action, self.decision, self.obj, self.stream = subject, action, decision, obj, stream
        return self


class NotAllowed(Forbidden, Denial):
    """Seen, but not allowed. Carries the rules that decided, in words."""

    code = "not_allowed"

    def __init__(self, detail: Message) -> None:
        super().__init__(detail)


class ForbiddenByCase(NotAllowed):
    """A fact of the case that no policy can see forbids it. Recorded like a rule of the policies, under ``rule``."""

    rule: ClassVar[str]
    action_name: ClassVar[str]

    def __init__(self, subject: Subject, obj: ObjectRef, stream: str) -> None:
        super().__init__(self.title)
        self.about(subject, self.action_name, Decision(False, (self.rule,), (), rulebook().policy_hash), obj, stream)


class NotVisible(NotFound, Denial):
    """Exists, but the caller may not know: answered exactly as if it were not there."""

