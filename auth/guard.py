"""The guard in front of every route: hands over object and subject together, knows no table.

401 nobody signed in · 404 not there, or not to be known · 403 seen but not allowed, with the rules
that decided. Every refusal is written to the trail, apart from the request's own transaction, which
has been rolled back by then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Generic, Protocol, TypeVar

from fastapi import Depends
from starlette.requests import Request

from audit.append import ObjectRef, append
from auth.denials import service as denials
from auth.errors import Denial, NotAllowed, NotVisible
from auth.identify import SubjectDep
from auth.tokens import service as tokens
from auth.tokens.words import giving
from auth.visibility import principal_facts
from auth.who_may import who_may
from policies.actions import Action
from policies.decide import DEFAULT_DENY, ERROR_DENY, Decision, Reason, decide
from policies.facts import Fact, ResourceFacts
from policies.rulebook import rulebook
from shuqiao.context import Locale
from shuqiao.db import unit_of_work
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web import visits


class Governed(Protocol):
    """What the guard needs to know of an object: its facts for the
    policies and its name for the trail.
    """

    def policy_facts(self) -> ResourceFacts: ...

    def audit_ref(self) -> ObjectRef: ...

    def audit_stream(self) -> str: ...


T = TypeVar("T", bound=Governed)
#: The rule that binds a service token to its scopes.
_SCOPES: Final = "ACC-SCO-1"


@dataclass(frozen=True, slots=True)
class Authorized(Generic[T]):
    """An object somebody may do the action on, and who that is."""

    subject: Subject
    object: T


#: Action that decides whether an object of this kind may be known at all.
_VIEW = {
    "DataElement": Action.ELEMENT_READ,
    "ElementProposal": Action.PROPOSAL_READ,
    "DataResource": Action.RESOURCE_READ,
    "CatalogueChange": Action.UPDATE_READ,
    "UpdateCause": Action.CAUSE_READ,
    "SuspectedDuplicate": Action.DUPLICATE_READ,
    "SourceClaim": Action.SOURCE_READ,
    "SourceConflict": Action.CONFLICT_READ,
    "Demand": Action.DEMAND_READ,
    "NegativeEntry": Action.NEGATIVE_READ,
    "NegativeContest": Action.CONTEST_READ,
    "System": Action.SYSTEM_READ,
    "ListTemplate": Action.TEMPLATE_READ,
    "Assignment": Action.ASSIGNMENT_READ,
    "CollectionCheck": Action.COLLECTION_READ,
    "RepeatedForm": Action.REPEAT_READ,
    "ShareRequest": Action.REQUEST_READ,
    "Grant": Action.GRANT_READ,
    "Consultation": Action.CONSULTATION_READ,
    "Delivery": Action.DELIVERY_READ,
    "Tokens": Action.TOKEN_READ,
    "Account": Action.ACCOUNT_READ,
    "SeatChange": Action.SEAT_READ,
    "Connection": Action.CONNECTION_USE,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A governed thing without a row: the catalogue as a whole, the trail, the job list."""

    kind: str
    stream: str
    attributes: Mapping[str, Fact] = field(default_factory=dict)

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts(self.kind, self.kind.lower(), self.attributes)

    def audit_ref(self) -> ObjectRef:
        return ObjectRef(self.kind, self.kind.lower())

    def audit_stream(self) -> str:
        return self.stream


def authorize(subject: Subject, action: Action, governed: Governed) -> Subject:
    """Decide.

    Raises ``NotVisible`` or ``NotAllowed``; gives the subject with the
    rules that allowed, for the event.
    """
    within_scopes(subject, action)
    facts, principal = governed.policy_facts(), principal_facts(subject)
    decision = decide(action, principal, facts)
    if decision.allowed:
        return subject.allowed_by(decision.rules, decision.policy_hash)
    view = _VIEW.get(facts.type)
    is_visible = view is None or (view != action and decide(view, principal, facts).allowed)
    refusal: NotAllowed | NotVisible = NotVisible()
    if is_visible:
        refusal = NotAllowed(ReasonList(decision), who_can_help=who_may(action, facts))
    refusal.about(subject, action, decision, governed.audit_ref(), governed.audit_stream())
    raise refusal


def within_scopes(subject: Subject, action: Action) -> None:
    """Whether the token in use carries a scope for ``action``, asked before anything is loaded: the
    answer is the same whatever exists.

    Raises ``NotAllowed`` naming the scope that is needed and where to get it.
    """
    if subject.scopes is None or action in subject.scopes:
        return
    detail, who_can_help = _scope_needed(subject, action)
    book = rulebook()
    rule = book.rules[_SCOPES]
    decision = Decision(False, (rule.id,), (Reason(rule.id, rule.zh, rule.en),), book.policy_hash)
    refusal = NotAllowed(detail, who_can_help=who_can_help)
    token = ObjectRef("Token", str(subject.credential_id))
    refusal.about(subject, action, decision, token, f"auth:{subject.account}")
    raise refusal


def _scope_needed(subject: Subject, action: Action) -> tuple[Message, tuple[Message, ...]]:
    """In words, and who could do it if the person's roles do not give the scope."""
    scopes, held = giving(action), tokens.held_by(subject)
    if not scopes:
        return _("No service token can do this: it is left to people. Sign in on the pages."), ()
    scope = next((each for each in scopes if each in held), None)
    if scope is not None:
        return _(
            "This service token does not carry the scope %(scope)s (%(words)s). Issue a token with "
            "it under “My account”, “New token”, and use that one.",
            scope=str(scope),
            words=scope.label,
        ), ()
    (scope, *_others) = scopes
    hold = ResourceFacts("Scope", scope, {"name": str(scope)})
    return _(
        "This needs the scope %(scope)s (%(words)s), which your roles do not give, or no longer. "
        "The security administrator assigns roles.",
        scope=str(scope),
        words=scope.label,
    ), who_may(Action.SCOPE_HOLD, hold)


def is_allowed(subject: Subject, action: Action, governed: Governed) -> bool:
    """The same decision without a refusal: which buttons a page shows.

    What they lead to asks again.
    """
    return decide(action, principal_facts(subject), governed.policy_facts()).allowed


def why_not(subject: Subject, action: Action, governed: Governed) -> Message | None:
    """What stands in the way of somebody whose role would let them, in the rules' own sentences;
    None for whom no rule forbids it.
    """
    decision = decide(action, principal_facts(subject), governed.policy_facts())
    is_forbidden = not decision.allowed and decision.rules[0] not in (DEFAULT_DENY, ERROR_DENY)
    return ReasonList(decision) if is_forbidden else None


def may(action: Action, load: Callable[..., T]) -> Any:
    """Dependency for routes, named once in the ``access`` of a room: ``SubmittableResource =
    Annotated[Authorized[DataResource], may(Action.RESOURCE_SUBMIT, by_code)]``.
    """

    async def within(subject: SubjectDep) -> Subject:
        within_scopes(subject, action)
        return subject

    async def guard(
        request: Request,
        subject: Annotated[Subject, Depends(within)],
        found: Annotated[Any, Depends(load)],
    ) -> Authorized[Any]:
        allowed = authorize(subject, action, found)
        request.state.is_let_in = True
        return Authorized(allowed, found)

    # Read by the test that every route is guarded.
    guard.__guards__ = action  # type: ignore[attr-defined]
    return Depends(guard)


def may_at(action: Action, place: Place) -> Any:
    """Dependency for routes without an object: gives the subject."""

    async def guard(request: Request, subject: SubjectDep) -> Subject:
        allowed = authorize(subject, action, place)
        request.state.is_let_in = True
        return allowed

    guard.__guards__ = action  # type: ignore[attr-defined]
    return Depends(guard)


def may_list(action: Action) -> Any:
    """Dependency for lists: gives the subject. Which things are in the list, its filter says; a
    token without the scope is told so, where the list would only be empty.
    """

    async def guard(subject: SubjectDep) -> Subject:
        within_scopes(subject, action)
        return subject

    # Read by the reference.
    guard.__guards__ = action  # type: ignore[attr-defined]
    return Depends(guard)


def record_denial(denial: Denial) -> Mapping[str, str]:
    """Write a refusal to the trail in its own short transaction, as far as ``auth.denials`` has it
    written one by one. Gives the header fields that prove it: none where it was only counted, and
    none of what the subject may not know of, which is no event of that case either.

    Raises ``LimitReached`` for whoever has been refused too often: they are told nothing else.
    """
    visits.denied()
    is_strange = isinstance(denial, NotVisible)
    with unit_of_work() as session:
        denial.settle(session)
        number = denials.tries(session, denial.subject, is_strange=is_strange)
        if number is None:
            return {}
        why = dict(denial.why())
        if number > denials.ONE_BY_ONE:
            why["tries"] = number
        recorded = append(
            session,
            denial.subject,
            denial.event,
            stream=denials.stream_of(denial.subject.account) if is_strange else denial.stream,
            obj=denial.obj,
            result="deny",
            why=why,
        )
    return {} if is_strange else recorded.headers


class ReasonList(Message):
    """The deciding rules' own sentences, in the reader's language."""

    def __init__(self, decision: Decision) -> None:
        chinese = "\n".join(reason.zh for reason in decision.reasons)
        super().__init__("\n".join(reason.en for reason in decision.reasons), {"zh": chinese})

    def render(self, language: Locale) -> str:
        return self.msgid if language == "en" else str(self.params["zh"])
