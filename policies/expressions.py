"""The neutral form of a list filter: a small tree over attribute names,
known to no database and to no engine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from policies.facts import Fact

Scalar = str | bool | int
Operator = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Constant:
    """Everything (``TRUE``) or nothing (``FALSE``)."""

    value: bool


@dataclass(frozen=True, slots=True)
class Compare:
    """An attribute of the resource compared with a value. Only numbers have an order."""

    op: Operator
    attr: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class In:
    """An attribute of the resource is one of ``values``."""

    attr: str
    values: frozenset[Scalar]


@dataclass(frozen=True, slots=True)
class Has:
    """An attribute of the resource that is a set has ``value`` among its own."""

    attr: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    part: "Expr"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Expr", ...]


Expr = Constant | Compare | In | Has | Not | And | Or

TRUE = Constant(True)
FALSE = Constant(False)


def all_of(*parts: Expr) -> Expr:
    """The conjunction, without constants and nesting that say nothing."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    if FALSE in flat:
        return FALSE
    kept = tuple(dict.fromkeys(part for part in flat if part != TRUE))
    return kept[0] if len(kept) == 1 else And(kept) if kept else TRUE


def any_of(*parts: Expr) -> Expr:
    """The disjunction, without constants and nesting that say nothing."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))]
    if TRUE in flat:
        return TRUE
    kept = tuple(dict.fromkeys(part for part in flat if part != FALSE))
    return kept[0] if len(kept) == 1 else Or(kept) if kept else FALSE


def negated(part: Expr) -> Expr:
    """The negation, folded where that is free."""
    if isinstance(part, Constant):
        return Constant(not part.value)
    return part.part if isinstance(part, Not) else Not(part)


def holds(expr: Expr, attributes: Mapping[str, Fact]) -> bool:
    """Whether ``expr`` is true of one resource.

    Raises ``KeyError`` when an attribute is missing.
    """
    match expr:
        case Constant(value=value):
            return value
        case Compare(op=op, attr=attr, value=value):
            return _compare(op, attributes[attr], value)
        case In(attr=attr, values=values):
            return attributes[attr] in values
        case Has(attr=attr, value=value):
            held = attributes[attr]
            return isinstance(held, frozenset) and value in held
        case Not(part=part):
            return not holds(part, attributes)
        case And(parts=parts):
            return all(holds(part, attributes) for part in parts)
        case Or(parts=parts):
            return any(holds(part, attributes) for part in parts)


def _compare(op: Operator, found: Fact, value: Scalar) -> bool:
    if op == "==":
        return found == value
    if op == "!=":
        return found != value
    if not isinstance(found, int) or not isinstance(value, int):
        raise TypeError("only numbers have an order")
    return {"<": found < value, "<=": found <= value, ">": found > value, ">=": found >= value}[op]
