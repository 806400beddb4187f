"""Reads the Cedar files, checks them as a whole and keeps one small policy set per action.

Everything is refused here that could surprise later: a rule without number or reason, a misspelt
attribute, role or status, a rule a list filter cannot express, an action nobody may do, a permit
for everything.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import cedarpy
from cedarpy import pst

from policies.actions import Action
from policies.files import PolicyFiles, packaged
from policies.subset import PolicyRefused, check

SCHEMA_FILE = "schema.cedarschema"
_RULE_ID = re.compile(r"[A-Z]{3}-[A-Z]{3}-[1-9][0-9]?")
_ANNOTATIONS = frozenset({"id", "reason_zh", "reason_en"})
_DECLARED_ACTION = re.compile(
    r'^action "(?P<name>[^"]+)"(?: in \[(?P<groups>[^\]]*)\])?(?: appliesTo '
    r"\{(?P<applies>[^}]*)\})?;",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of a policy file, with the reason shown to people in both languages."""

    id: str
    effect: Literal["permit", "forbid"]
    zh: str
    en: str
    file: str
    template: pst.Template


@dataclass(frozen=True, slots=True)
class ActionRules:
    """The rules that speak of one action, as the engine's handle and as
    readable sentences, in file order.
    """

    action: str
    resource_type: str
    policies: cedarpy.PolicySet
    rules: Mapping[str, Rule]
    #: Attributes of the resource that any of the rules reads: a list must have a column for each.
    attributes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All policy files of one folder, checked.

    ``policy_hash`` names exactly these bytes in audit events.
    """

    schema: cedarpy.Schema
    by_action: Mapping[str, ActionRules]
    rules: Mapping[str, Rule]
    policy_hash: str


@lru_cache(maxsize=1)
def rulebook() -> Rulebook:
    """The rulebook of this installation, read once per process."""
    return build(packaged())


def build(files: PolicyFiles) -> Rulebook:
    """Check the Cedar files.

    Raises ``PolicyRefused`` with the first thing wrong.
    """
    schema = _schema(files)
    rules: dict[str, Rule] = {}
    for name in files.named(".cedar"):
        for rule in _rules(name, files.text(name)):
            if rule.id in rules:
                raise PolicyRefused(f"{rule.file}: rule {rule.id} is numbered twice")
            rules[rule.id] = rule
    _validate(files, schema)
    by_action = {
        name: _action_rules(name, *declared, rules)
        for name, declared in _declared_actions(schema).items()
    }
    _complete(by_action, rules)
    return Rulebook(schema, by_action, rules, files.hash)


def _schema(files: PolicyFiles) -> cedarpy.Schema:
    try:
        return cedarpy.Schema.from_str(files.text(SCHEMA_FILE))
    except ValueError as error:
        raise PolicyRefused(f"{SCHEMA_FILE}: {error}") from error


def _rules(name: str, text: str) -> Iterator[Rule]:
    try:
        parsed = cedarpy.policies_to_pst(text)
    except ValueError as error:
        raise PolicyRefused(f"{name}: {error}") from error
    if parsed.templates or parsed.template_links:
        raise PolicyRefused(f"{name}: templates are not used; write the rule out")
    numbered = parsed.static_policies.items()
    for _, template in sorted(numbered, key=lambda item: int(item[0].removeprefix("policy"))):
        yield _rule(name, template)


def _rule(file: str, template: pst.Template) -> Rule:
    notes = template.annotations
    ident = notes.get("id", "")
    if not _RULE_ID.fullmatch(ident):
        raise PolicyRefused(f"{file}: a rule needs @id like CAT-REG-1, found {ident!r}")
    missing = [note for note in sorted(_ANNOTATIONS) if not notes.get(note, "").strip()]
    if missing or set(notes) - _ANNOTATIONS:
        raise PolicyRefused(
            f"{file}: rule {ident} must carry exactly @id, @reason_zh and @reason_en, none empty"
        )
    return Rule(ident, template.effect, notes["reason_zh"], notes["reason_en"], file, template)


def _validate(files: PolicyFiles, schema: cedarpy.Schema) -> None:
    for name in files.named(".cedar"):
        result = cedarpy.validate_policies(files.text(name), schema)
        if not result.validation_passed:
            raise PolicyRefused(f"{name}: " + "; ".join(error.error for error in result.errors))


def _declared_actions(schema: cedarpy.Schema) -> dict[str, tuple[str, frozenset[str]]]:
    """Action → (its resource type, itself and every group it is in),
    from the schema as the engine prints it.
    """
    groups: dict[str, frozenset[str]] = {}
    types: dict[str, str] = {}
    for found in _DECLARED_ACTION.finditer(str(schema)):
        name = found["name"]
        groups[name] = frozenset(re.findall(r'"([^"]+)"', found["groups"] or ""))
        if found["applies"] is not None:
            types[name] = _single_type(name, found["applies"])
    differing = set(types) ^ set(Action)
    if differing:
        raise PolicyRefused(
            f"{SCHEMA_FILE}: actions differ from policies/actions.py: {sorted(differing)}"
        )
    return {name: (kind, _closure(name, groups)) for name, kind in types.items()}


def _single_type(action: str, applies: str) -> str:
    types = re.findall(r"resource: \[([^\]]*)\]", applies)
    if len(types) != 1 or not re.fullmatch(r"\w+", types[0]):
        raise PolicyRefused(f"{SCHEMA_FILE}: {action} must apply to exactly one type of resource")
    return str(types[0])


def _closure(name: str, groups: Mapping[str, frozenset[str]]) -> frozenset[str]:
    reached, todo = {name}, [name]
    while todo:
        for group in groups.get(todo.pop(), frozenset()) - reached:
            reached.add(group)
            todo.append(group)
    return frozenset(reached)


def _action_rules(
    name: str, kind: str, names: frozenset[str], rules: Mapping[str, Rule]
) -> ActionRules:
    chosen = {rule.id: rule for rule in rules.values() if _speaks_of(rule, name, names, kind)}
    attributes = frozenset[str]().union(
        *(check(rule.id, rule.template) for rule in chosen.values())
    )
    own = {rule.id: _narrowed(rule, name) for rule in chosen.values()}
    handle = cedarpy.PolicySet.from_pst(
        pst.PolicySet(templates={}, static_policies=own, template_links=())
    )
    return ActionRules(name, kind, handle, chosen, attributes)


def _speaks_of(rule: Rule, action: str, names: frozenset[str], kind: str) -> bool:
    head = rule.template.action
    if isinstance(head, pst.ScopeAny):
        if rule.effect == "permit":
            raise PolicyRefused(f"{rule.file}: rule {rule.id} permits every action")
        return True
    named = (
        {head.entity.id}
        if isinstance(head, pst.ActionEq)
        else {entity.id for entity in head.entities}
    )
    if not named & names:
        return False
    target = rule.template.resource
    if isinstance(target, pst.ScopeIs) and str(target.entity_type) != kind:
        raise PolicyRefused(
            f"{rule.file}: rule {rule.id} can never apply: {action} is about {kind}"
        )
    return True


def _narrowed(rule: Rule, action: str) -> pst.Template:
    """The rule for one action alone, under its own number and without its texts: less for the
    engine to carry. Where it reads which action is asked for, it names it: a question needs no
    context, whose reading takes a third of an answer's time.
    """
    uid = pst.EntityUid(pst.EntityType("Action"), action)
    written = rule.template
    clauses = tuple(replace(each, expr=_naming(each.expr, action)) for each in written.clauses)
    return pst.Template(
        rule.id,
        rule.effect,
        written.principal,
        pst.ActionEq(uid),
        written.resource,
        clauses,
        {},
    )


def _naming(node: pst.Expr, action: str) -> pst.Expr:
    match node:
        case pst.GetAttr(base=pst.Var(name="context"), attr="action"):
            return pst.StringLit(action)
        case pst.UnaryOp():
            return replace(node, arg=_naming(node.arg, action))
        case pst.BinaryOp():
            return replace(node, left=_naming(node.left, action), right=_naming(node.right, action))
        case _:
            return node


def _complete(by_action: Mapping[str, ActionRules], rules: Mapping[str, Rule]) -> None:
    for action in by_action.values():
        if not any(rule.effect == "permit" for rule in action.rules.values()):
            raise PolicyRefused(f"nobody may ever {action.action}: no rule permits it")
    idle = set(rules) - {ident for action in by_action.values() for ident in action.rules}
    if idle:
        raise PolicyRefused(f"rules that speak of no action: {sorted(idle)}")
