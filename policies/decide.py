"""May they? One pure function over facts; anything but a clean Allow of the engine is a refusal.

A Cedar ``forbid`` whose condition fails to evaluate is skipped by the engine, so an answer with any
diagnostics error is read as a denial here, as are facts that do not fit the schema, an unknown
action and an exception of the engine.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import cedarpy

from policies.facts import PrincipalFacts, ResourceFacts, UnusableFacts, entities_json, entity_id
from policies.rulebook import ActionRules, Rulebook, rulebook

#: In ``Decision.rules`` when no rule forbids, but none permits either;
#: the reasons then say who may.
DEFAULT_DENY = "DENY-DEFAULT"
#: In ``Decision.rules`` when no decision could be made.
ERROR_DENY = "DENY-ERROR"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in both languages, under the number of the rule that says so."""

    rule: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, the rules that made it and the hash of the files they stand in.

    ``rules`` is never empty: the permits that allowed, the forbids that refused, or
    ``DENY-DEFAULT`` / ``DENY-ERROR``. ``errors`` are the engine's words, for operators' logs only.
    """

    allowed: bool
    rules: tuple[str, ...]
    reasons: tuple[Reason, ...]
    policy_hash: str
    errors: tuple[str, ...] = ()


#: Whatever is asked about, as the engine knows it.
_IT = "it"
_UNDECIDABLE = Reason(
    ERROR_DENY,
    "无法依据现有信息作出判定，按不允许处理。",
    "No decision could be made from what is known, so the answer is no.",
)


def decide(action: str, principal: PrincipalFacts, resource: ResourceFacts) -> Decision:
    """Whether ``principal`` may do ``action`` to ``resource``, by the packaged rules.

    Never raises on bad facts.
    """
    return decide_by(rulebook(), action, principal, resource)


def decide_by(
    book: Rulebook, action: str, principal: PrincipalFacts, resource: ResourceFacts
) -> Decision:
    """``decide`` by the rules of ``book``."""
    rules = book.by_action.get(action)
    if rules is None:
        return _undecidable(book, (f"no such action: {action}",))
    try:
        answer = _ask(book, rules, principal, resource)
    except Exception as error:  # whatever the engine or the facts throw, the answer is no
        return _undecidable(book, (f"{type(error).__name__}: {error}",))
    if answer.diagnostics.errors or answer.decision is cedarpy.Decision.NoDecision:
        return _undecidable(book, tuple(answer.diagnostics.errors))
    fired = set(answer.diagnostics.reasons)
    reasons = tuple(
        Reason(rule.id, rule.zh, rule.en) for rule in rules.rules.values() if rule.id in fired
    )
    if reasons:
        return Decision(
            answer.allowed, tuple(reason.rule for reason in reasons), reasons, book.policy_hash
        )
    return Decision(False, (DEFAULT_DENY,), _who_may(rules), book.policy_hash)


def _ask(
    book: Rulebook, rules: ActionRules, principal: PrincipalFacts, resource: ResourceFacts
) -> cedarpy.AuthzResult:
    if resource.type != rules.resource_type:
        raise UnusableFacts(f"{rules.action} is not about {resource.type}")
    entity_id(resource.id)
    # No rule can read the id (``policies.subset``): what has the same facts has the same answer.
    alike = replace(resource, id=_IT)
    document = entities_json(principal, alike)
    return _answered(rules.action, principal.id, alike.type, document, rules.policies, book.schema)


@lru_cache(maxsize=4_096)
def _answered(
    action: str,
    person: str,
    kind: str,
    document: str,
    policies: cedarpy.PolicySet,
    schema: cedarpy.Schema,
) -> cedarpy.AuthzResult:
    """The engine's answer; the same question has the same one, as nothing else goes into it.

    The key is the document as the engine reads it: there ``true`` and ``1`` are not the same. The
    document fits the schema, the type is the action's and the rules name the action themselves
    (``policies.rulebook``): nothing of the question is left for the schema to check.
    """
    request = {
        "principal": {"type": "User", "id": person},
        "action": {"type": "Action", "id": action},
        "resource": {"type": kind, "id": _IT},
    }
    return cedarpy.is_authorized(request, policies, _parsed(document, schema))


@lru_cache(maxsize=256)
def _parsed(document: str, schema: cedarpy.Schema) -> cedarpy.Entities:
    """The facts checked against the schema: half of a decision's time,
    and the same for every button of a page.
    """
    return cedarpy.Entities.from_json_str(document, schema)


def _who_may(rules: ActionRules) -> tuple[Reason, ...]:
    """The permits that would have been needed: their reasons are worded to say who may."""
    return tuple(
        Reason(rule.id, rule.zh, rule.en)
        for rule in rules.rules.values()
        if rule.effect == "permit"
    )


def _undecidable(book: Rulebook, errors: tuple[str, ...]) -> Decision:
    return Decision(False, (ERROR_DENY,), (_UNDECIDABLE,), book.policy_hash, errors)
