"""The part of Cedar that rules may be written in: what both the single
check and a list filter can express.

A condition is built from ``&&``, ``||``, ``!``, comparisons and ``contains`` over attributes of the
principal, of the resource and of the context, and over literals. Hierarchies, ``like``, ``has``,
arithmetic, extension functions and the id of the resource stay out: a database query cannot say
them, or they can fail while a decision is made.
"""

from collections.abc import Iterator

from cedarpy import pst

from policies.facts import ROLES, VOCABULARY

_COMPARISONS = frozenset({"eq", "not_eq", "less", "less_eq", "greater", "greater_eq"})
#: Of whom a set of the resource may be asked.
_MEMBERS = tuple(pst.GetAttr(pst.Var("principal"), name) for name in ("id", "department"))


class PolicyRefused(ValueError):
    """The policy files cannot be served from.

    Says the file or rule and what is wrong with it; start-up stops.
    """


def check(rule: str, template: pst.Template) -> frozenset[str]:
    """The attributes of the resource that ``template`` reads, if it keeps to the subset.

    Raises ``PolicyRefused`` naming ``rule`` otherwise.
    """
    if not isinstance(template.principal, pst.ScopeAny | pst.ScopeIs):
        raise PolicyRefused(f"{rule}: the head must not name a single principal")
    if not isinstance(template.resource, pst.ScopeAny | pst.ScopeIs):
        raise PolicyRefused(f"{rule}: the head must not name a single resource or a hierarchy")
    kind = (
        str(template.resource.entity_type) if isinstance(template.resource, pst.ScopeIs) else None
    )
    for clause in template.clauses:
        _condition(rule, kind, clause.expr)
    read = frozenset(
        attr for clause in template.clauses for attr in _resource_attributes(clause.expr)
    )
    if read and kind is None:
        raise PolicyRefused(
            f"{rule}: a rule that reads the resource must say its type (resource is …)"
        )
    return read


def _condition(rule: str, kind: str | None, node: pst.Expr) -> None:
    match node:
        case pst.BoolLit():
            return
        case pst.UnaryOp(op="not", arg=arg):
            _condition(rule, kind, arg)
        case pst.BinaryOp(op="and" | "or", left=left, right=right):
            _condition(rule, kind, left)
            _condition(rule, kind, right)
        case pst.BinaryOp(op="contains", left=left, right=right):
            _contains(rule, kind, left, right)
        case pst.BinaryOp(op=op, left=left, right=right) if op in _COMPARISONS:
            _comparison(rule, kind, left, right)
        case pst.GetAttr(base=pst.Var(name="principal" | "resource")):
            return
        case _:
            raise PolicyRefused(
                f"{rule}: {_name(node)} is outside the subset that list filters can express"
            )


def _comparison(rule: str, kind: str | None, left: pst.Expr, right: pst.Expr) -> None:
    _scalar(rule, left)
    _scalar(rule, right)
    if _reads_resource(left) and _reads_resource(right):
        raise PolicyRefused(f"{rule}: compares two attributes of the resource with each other")
    for attribute, value in ((left, right), (right, left)):
        if isinstance(attribute, pst.GetAttr) and isinstance(value, pst.StringLit):
            _known_word(rule, kind, attribute, value)


def _contains(rule: str, kind: str | None, left: pst.Expr, right: pst.Expr) -> None:
    _scalar(rule, right)
    match left:
        case pst.GetAttr(base=pst.Var(name="principal"), attr=attr):
            if attr == "roles" and isinstance(right, pst.StringLit) and right.value not in ROLES:
                raise PolicyRefused(f"{rule}: no such role: {right.value}")
        case pst.GetAttr(base=pst.Var(name="resource")):
            if right not in _MEMBERS:
                raise PolicyRefused(
                    f"{rule}: a set of the resource is asked for the person or the department"
                )
        case pst.Set(elements=elements):
            for element in elements:
                if not isinstance(element, pst.StringLit | pst.LongLit):
                    raise PolicyRefused(f"{rule}: a set in a rule holds texts or numbers only")
                if isinstance(right, pst.GetAttr) and isinstance(element, pst.StringLit):
                    _known_word(rule, kind, right, element)
        case _:
            raise PolicyRefused(
                f"{rule}: contains needs a set of the principal or of the resource, or a "
                "written-out set, on its left"
            )


def _scalar(rule: str, node: pst.Expr) -> None:
    match node:
        case pst.BoolLit() | pst.LongLit() | pst.StringLit():
            return
        case pst.GetAttr(base=pst.Var(name="principal" | "resource" | "context")):
            return
        case _:
            raise PolicyRefused(f"{rule}: {_name(node)} cannot be compared in a list filter")


def _known_word(rule: str, kind: str | None, attribute: pst.GetAttr, value: pst.StringLit) -> None:
    """A literal compared with an attribute of a closed vocabulary must be one of its words."""
    if not _reads_resource(attribute) or kind is None:
        return
    words = VOCABULARY.get((kind, attribute.attr))
    if words is not None and value.value not in words:
        raise PolicyRefused(f"{rule}: {kind}.{attribute.attr} is never {value.value!r}")


def _reads_resource(node: pst.Expr) -> bool:
    return isinstance(node, pst.GetAttr) and node.base == pst.Var("resource")


def _resource_attributes(node: pst.Expr) -> Iterator[str]:
    match node:
        case pst.GetAttr(base=pst.Var(name="resource"), attr=attr):
            yield attr
        case pst.UnaryOp(arg=arg):
            yield from _resource_attributes(arg)
        case pst.BinaryOp(left=left, right=right):
            yield from _resource_attributes(left)
            yield from _resource_attributes(right)


def _name(node: pst.Expr) -> str:
    operator = getattr(node, "op", "")
    return f"{type(node).__name__} {operator}".strip()
