"""The list filter of a stage as SQL: the same rules as the single
check, over the stage's own columns.
"""

from collections.abc import Mapping
from operator import eq, ge, gt, le, lt, ne
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, false, literal, not_, or_, true

from policies.expressions import And, Compare, Constant, Expr, Has, In, Not, Or, Scalar
from policies.facts import PrincipalFacts
from policies.listing import residual
from policies.rulebook import rulebook
from shuqiao.subject import Subject

_OPERATORS = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
Columns = Mapping[str, ColumnElement[Any]]


def principal_facts(subject: Subject) -> PrincipalFacts:
    """What the rules may know of ``subject``.

    An anonymous one has an empty id, on which no decision can be made.
    """
    return PrincipalFacts(
        id=str(subject.user_id) if subject.user_id is not None else subject.account,
        department=str(subject.department_id) if subject.department_id is not None else "",
        roles=subject.roles,
        scopes=subject.scopes if subject.scopes is not None else frozenset(),
        all_scopes=subject.scopes is None,
        department_ended=subject.is_department_ended,
    )


def visible(action: str, subject: Subject, columns: Columns) -> ColumnElement[bool]:
    """A WHERE clause true of exactly the rows on which ``subject`` may do ``action``.

    ``columns`` gives, for every attribute the action's rules read, the column that holds it. The
    columns must be NOT
    NULL: a NULL makes the comparison unknown and hides the row. Raises ``LookupError`` for an
    unknown action or a missing column, whoever asks, so that a first test finds it.
    """
    rules = rulebook().by_action[action]
    missing = rules.attributes - set(columns)
    if missing:
        raise LookupError(f"{action} reads attributes without a column: {sorted(missing)}")
    return where(residual(action, principal_facts(subject), rules.resource_type), columns)


def where(expr: Expr, columns: Columns) -> ColumnElement[bool]:
    """The neutral filter ``expr`` over ``columns``."""
    match expr:
        case Constant(value=value):
            return true() if value else false()
        case Compare(op=op, attr=attr, value=value):
            return _compare(op, columns[attr], value)
        case In(attr=attr, values=values):
            return _one_of(columns[attr], values)
        case Has(attr=attr, value=value):
            return _has(columns[attr], value)
        case Not(part=part):
            return not_(where(part, columns))
        case And(parts=parts):
            return and_(true(), *(where(part, columns) for part in parts))
        case Or(parts=parts):
            return or_(false(), *(where(part, columns) for part in parts))


def _compare(op: str, column: ColumnElement[Any], value: Scalar) -> ColumnElement[bool]:
    try:
        bound = _bindable(column, value)
    except ValueError:  # text that is no UUID equals no UUID, and differs from every one
        return true() if op == "!=" else false()
    clause: ColumnElement[bool] = _OPERATORS[op](column, bound)
    return clause


def _one_of(column: ColumnElement[Any], values: frozenset[Scalar]) -> ColumnElement[bool]:
    bound = []
    for value in sorted(values, key=str):
        try:
            bound.append(_bindable(column, value))
        except ValueError:
            continue
    return column.in_(bound) if bound else false()


def _has(column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    assert isinstance(column.type, ARRAY), "a set of the resource is an array of the row"
    try:
        bound = UUID(value) if isinstance(column.type.item_type, Uuid) else value
    except ValueError:
        return false()
    return literal(bound, column.type.item_type) == any_(column)


def _bindable(column: ColumnElement[Any], value: Scalar) -> Scalar | UUID:
    """Facts write ids as text; a UUID column is asked with a UUID."""
    return UUID(str(value)) if isinstance(column.type, Uuid) else value
