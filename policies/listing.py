"""Which of them may they?

The same rules as ``decide``, evaluated without the resource and turned into a filter.

The engine is asked with everything known but the resource; what it leaves open is compiled into the
neutral tree of ``policies.expressions``. The list shows a row if some permit holds of it and no
forbid does.
"""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import cedarpy

from policies.expressions import (
    FALSE,
    TRUE,
    Compare,
    Constant,
    Expr,
    Has,
    In,
    Operator,
    Scalar,
    all_of,
    any_of,
    negated,
)
from policies.facts import PrincipalFacts, UnusableFacts, entities_json
from policies.rulebook import Rulebook, rulebook

#: A node of the residual document: ``{"&&": {...}}``, ``{"Value": …}``,
#: ``{"unknown": [...]}`` and the like.
_Node = Mapping[str, Any]


class NotCompilable(ValueError):
    """The engine left something open that a filter cannot express.

    Loading tries every action, so never seen later.
    """


@lru_cache(maxsize=1_024)  # the same for every page of the same person
def residual(action: str, principal: PrincipalFacts, resource_type: str) -> Expr:
    """The filter for resources of ``resource_type`` on which ``principal`` may do ``action``.

    ``FALSE`` for what ``decide`` would refuse whatever the resource: unknown action, other type,
    unusable facts.
    """
    return residual_by(rulebook(), action, principal, resource_type)


def residual_by(book: Rulebook, action: str, principal: PrincipalFacts, resource_type: str) -> Expr:
    """``residual`` by the rules of ``book``."""
    rules = book.by_action.get(action)
    if rules is None or rules.resource_type != resource_type:
        return FALSE
    try:
        entities = cedarpy.Entities.from_json_str(entities_json(principal), book.schema)
    except (UnusableFacts, ValueError):
        return FALSE
    request = {
        "principal": f"User::{json.dumps(principal.id, ensure_ascii=False)}",
        "action": f'Action::"{action}"',
        "context": {"action": action},
    }
    answer = cedarpy.is_authorized_partial(request, rules.policies, entities, book.schema)
    if answer.diagnostics.errors or set(answer.residuals) != set(rules.rules):
        return FALSE
    return _filter(answer.residuals, resource_type)


def _filter(residuals: Mapping[str, _Node], resource_type: str) -> Expr:
    compiler = _compiler(resource_type)
    permits: list[Expr] = []
    forbids: list[Expr] = []
    for rest in residuals.values():
        (permits if rest["effect"] == "permit" else forbids).append(_condition(rest, compiler))
    return all_of(any_of(*permits), negated(any_of(*forbids)))


def _condition(rest: _Node, compiler: "_Compiler") -> Expr:
    if any(rest[part] != {"op": "All"} for part in ("principal", "action", "resource")):
        raise NotCompilable("the head of a residual is not open")
    parts = [(clause["kind"], compiler.expr(clause["body"])) for clause in rest["conditions"]]
    conditions = [part if kind == "when" else negated(part) for kind, part in parts]
    return conditions[0] if len(conditions) == 1 else all_of(*conditions)


class _Compiler:
    """Turns one residual condition into the neutral tree."""

    def __init__(self, resource_type: str) -> None:
        self._type = resource_type
        self._cases: dict[str, Callable[[Any], Expr]] = {
            "Value": self._value,
            ".": lambda body: Compare("==", _attribute({".": body}), True),
            "!": lambda body: negated(self.expr(body["arg"])),
            "&&": self._and,
            "||": self._or,
            "is": self._is,
            "contains": _contains,
            **{op: self._comparison(op, flipped) for op, flipped in _FLIPPED.items()},
        }

    def expr(self, node: _Node) -> Expr:
        """The tree for a Boolean node. Raises ``NotCompilable``."""
        ((kind, body),) = node.items()
        case = self._cases.get(kind)
        if case is None:
            raise NotCompilable(f"{kind} cannot be expressed in a list filter")
        return case(body)

    def _and(self, body: _Node) -> Expr:
        left = self.expr(body["left"])
        if isinstance(left, Constant):
            return self.expr(body["right"]) if left.value else FALSE
        return all_of(left, self.expr(body["right"]))

    def _or(self, body: _Node) -> Expr:
        left = self.expr(body["left"])
        if isinstance(left, Constant):
            return TRUE if left.value else self.expr(body["right"])
        return any_of(left, self.expr(body["right"]))

    def _value(self, body: object) -> Expr:
        if not isinstance(body, bool):
            raise NotCompilable("a condition is not a truth value")
        return TRUE if body else FALSE

    def _is(self, body: _Node) -> Expr:
        if not _is_resource(body["left"]) or "in" in body:
            raise NotCompilable("is … in cannot be expressed in a list filter")
        return Constant(body["entity_type"] == self._type)

    def _comparison(self, op: Operator, flipped: Operator) -> Callable[[_Node], Expr]:
        def compile_sides(body: _Node) -> Expr:
            left, right = body["left"], body["right"]
            if "." in left:
                return Compare(op, _attribute(left), _scalar(right))
            return Compare(flipped, _attribute(right), _scalar(left))

        return compile_sides


def _contains(body: _Node) -> Expr:
    """Either side may be the resource's: one of these words, or a set that this person is in."""
    if "." not in body["left"]:
        return In(_attribute(body["right"]), _values(body["left"]))
    value = _scalar(body["right"])
    if not isinstance(value, str):
        raise NotCompilable("a set of the resource holds texts")
    return Has(_attribute(body["left"]), value)


@lru_cache
def _compiler(resource_type: str) -> _Compiler:
    return _Compiler(resource_type)


_FLIPPED: Mapping[Operator, Operator] = {
    "==": "==",
    "!=": "!=",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}


def _is_resource(node: _Node) -> bool:
    return node == {"unknown": [{"Value": "resource"}]}


def _attribute(node: _Node) -> str:
    access = node.get(".")
    if access is None or not _is_resource(access["left"]):
        raise NotCompilable(
            "only attributes of the resource itself can be compared in a list filter"
        )
    return str(access["attr"])


def _scalar(node: _Node) -> Scalar:
    value = node.get("Value")
    if not isinstance(value, str | bool | int):
        raise NotCompilable("an attribute is compared with something that is not a plain value")
    return value


def _values(node: _Node) -> frozenset[Scalar]:
    if "Set" in node:
        return frozenset(_scalar(element) for element in node["Set"])
    written_out = node.get("Value")
    if not isinstance(written_out, list):
        raise NotCompilable("contains needs a known set on its left")
    return frozenset(_scalar({"Value": value}) for value in written_out)
