"""What came first is told by a number or a time, never by an id that a clock was part of.

An id breaks ties after a true key. Where it leads, the order decides nothing, for one of the
reasons below.
"""

import ast
import re
from collections.abc import Iterator
from typing import Final

import pytest

from tests.architecture.sources import modules

PACKAGES: Final = ("server", "exchange", "catalog", "auth", "policies", "audit", "shuqiao")

STEADY: Final = "any order would do, as long as it is always the same"
LOCKS: Final = "whoever locks several rows locks them in one order, whichever that is"
TOGETHER: Final = "brings together what belongs together; the order within follows"
ONE_PROCESS: Final = "written in one transaction, and the ids of one process follow each other"
SHOWN: Final = "a list reads so; each stream's own numbers, each message's time say the order"
SEQUENCE: Final = "numbers of jobs are a sequence of the database"
ONE_A_CASE: Final = "there is one of a case"
#: By file and key, why an id may lead.
MAY_LEAD: Final = {
    ("audit/export.py", "AuditEvent.id"): SHOWN,
    ("audit/queries.py", "AuditEvent.id"): SHOWN,
    ("auth/accounts/repository.py", "AppUser.id"): LOCKS,
    ("catalog/assignments/repository/assignments.py", "Assignment.template_id"): TOGETHER,
    ("catalog/conformity/repository.py", "Edition.id"): STEADY,
    ("catalog/demand/repository/cases.py", "DemandItem.demand_id"): TOGETHER,
    ("catalog/systems/repository.py", "InformationSystem.owner_id"): TOGETHER,
    ("catalog/duplicates/repository/elements.py", "id"): STEADY,
    ("catalog/duplicates/repository/sweep.py", "item.id"): STEADY,
    ("catalog/editions/repository.py", "Edition.resource_id"): STEADY,
    ("catalog/lists/repository/lines.py", "Publication.id"): TOGETHER,
    ("catalog/negative/repository/covers.py", "DataResource.id"): TOGETHER,
    ("catalog/negative/repository/covers.py", "NegativeCover.id"): STEADY,
    ("catalog/negative/repository/covers.py", "NegativeTarget.id"): ONE_PROCESS,
    ("catalog/negative/repository/entries.py", "NegativeEntry.department_id"): LOCKS,
    ("catalog/proposals/repository.py", "DataElement.id"): LOCKS,
    ("catalog/publication/repository/followers.py", "DataResource.provider_id"): STEADY,
    ("exchange/approvals/repository.py", "GrantedItem.grant_id"): TOGETHER,
    ("exchange/requests/repository.py", "CaseClock.id"): ONE_A_CASE,
    ("server/backups/repository.py", "id"): STEADY,
    ("shuqiao/desk/messages.py", "InboxMessage.id"): SHOWN,
    ("shuqiao/desk/notices.py", "CaseClock.id"): LOCKS,
    ("shuqiao/jobs/in_our_transaction.py", "id"): SEQUENCE,
}
#: Calls around a column that leave it the column that it is.
_AROUND: Final = {"col", "column", "_column", "_attribute", "desc", "asc", "nulls_last"}
_ORDERS: Final = {"order_by", "keyset"}
_EXTREMES: Final = {"max", "min", "last_value", "first_value"}
#: The leading key of an ORDER BY in a statement that is written as text.
_WRITTEN: Final = re.compile(r"ORDER\s+BY\s+((?:\w+\.)?(?:\w+_)?id)\b", re.IGNORECASE)
#: Numbers of jobs are a sequence of the database.
_SEQUENCES: Final = {"job.id"}


def leading_ids(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of each id that leads an order, bounds one, or is looked up as the extreme."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    others = [node for node in tree.body if not isinstance(node, ast.FunctionDef)]
    for scope in (*functions, ast.Module(others, [])):
        yield from _of_scope(scope)


def _of_scope(scope: ast.AST) -> Iterator[tuple[int, str]]:
    named = {
        target.id: node.value
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(scope):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            keys = node.args[1:] if node.func.attr == "keyset" else node.args
            if node.func.attr in _ORDERS | _EXTREMES and keys:
                yield from ((node.lineno, key) for key in _ids(keys[0], named))
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Lt | ast.Gt):
            yield from ((node.lineno, key) for key in _ids(node.left, named))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for key in _WRITTEN.findall(node.value):
                if key not in _SEQUENCES:
                    yield node.lineno, key


def _ids(key: ast.expr, named: dict[str, ast.expr]) -> Iterator[str]:
    """The id that ``key`` is, if it is one; of a choice each that it may be."""
    if isinstance(key, ast.Starred):
        yield from _ids(key.value, named)
    elif isinstance(key, ast.Tuple):
        yield from _ids(key.elts[0], named) if key.elts else ()
    elif isinstance(key, ast.IfExp):
        yield from _ids(key.body, named)
        yield from _ids(key.orelse, named)
    elif isinstance(key, ast.Name) and key.id in named:
        yield from _ids(named[key.id], {})
    elif isinstance(key, ast.Call):
        called = key.func
        if isinstance(called, ast.Name) and called.id in _AROUND and key.args:
            yield from _ids(key.args[0], named)
        elif isinstance(called, ast.Attribute) and called.attr in _AROUND:
            yield from _ids(called.value, named)
    elif isinstance(key, ast.Attribute) and isinstance(key.value, ast.Name):
        yield from [f"{key.value.id}.{key.attr}"] if f"_{key.attr}".endswith("_id") else []


def found() -> dict[tuple[str, str], list[int]]:
    lines: dict[tuple[str, str], list[int]] = {}
    for name, tree in modules(*PACKAGES):
        for line, key in leading_ids(tree):
            lines.setdefault((name, key), []).append(line)
    return lines


def test_no_order_goes_by_an_id_that_a_clock_made() -> None:
    assert {place: lines for place, lines in found().items() if place not in MAY_LEAD} == {}


def test_each_reason_is_still_needed() -> None:
    assert sorted(MAY_LEAD) == sorted(found())


@pytest.mark.parametrize(
    "source",
    [
        "query.order_by(col(Step.id).desc())",
        "query.order_by(Step.id, col(Step.at))",
        "order = (col(Step.id), col(Step.at))\nquery.order_by(*order)",
        "key = column(Step.id)\nquery.order_by(key if up else key.desc())",
        "wanted.keyset(query, column(Step.id), descending=True)",
        "select(func.max(col(Step.id)))",
        "query.where(col(Step.id) < step.id)",
        "text('SELECT 1 FROM step ORDER BY id DESC LIMIT 1')",
        "text('SELECT 1 FROM step ORDER BY step.request_id')",
    ],
)
def test_an_id_that_leads_is_found(source: str) -> None:
    assert list(leading_ids(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "query.order_by(col(Step.at).desc(), col(Step.id).desc())",
        "wanted.keyset(query, column(Step.at), column(Step.id))",
        "text('SELECT 1 FROM step ORDER BY at DESC, id DESC')",
        "text('SELECT 1 FROM jobs ORDER BY job.id')",
        "max(parts, key=lambda part: part.id)",
    ],
)
def test_an_id_that_breaks_a_tie_is_fine(source: str) -> None:
    assert list(leading_ids(ast.parse(source))) == []
