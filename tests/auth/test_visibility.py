"""The WHERE clause of a list, on real PostgreSQL, against the single
check: no difference in any pair.
"""

import random
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar, Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Integer,
    Text,
    Uuid,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

from auth.visibility import principal_facts, visible, where
from policies.actions import Action
from policies.decide import decide
from policies.expressions import FALSE, TRUE, And, Compare, Expr, Has, In, Not, Or, holds
from policies.facts import ROLES, VOCABULARY, Fact, ResourceFacts
from policies.listing import residual
from policies.rulebook import rulebook
from shuqiao.db import choice
from shuqiao.subject import Subject

DEPARTMENTS = tuple(UUID(int=number) for number in (1, 2, 3))
USERS = tuple(UUID(int=number) for number in (101, 102, 103, 104))
#: Attribute → where its ids come from; the rest are words.
IDS = {
    "owner": DEPARTMENTS,
    "consumer": DEPARTMENTS,
    "provider": DEPARTMENTS,
    "applicant": USERS,
    "consenter": USERS,
    "proposed_by": DEPARTMENTS,
}
SHAPES: Mapping[str, tuple[str, ...]] = {
    "DataElement": ("status", "proposed_by"),
    "DataResource": ("owner", "status", "share_type", "has_left", "writers", "consenter"),
    "ShareRequest": ("consumer", "provider", "status", "applicant", "has_left"),
    "Grant": ("consumer", "provider", "status"),
    "Delivery": ("consumer", "provider"),
    "Consultation": ("consumer", "provider"),
    "Tokens": ("owner",),
}
#: What may become of a thing at any time without leading it out to
#: anybody who could not see it before.
AFTERWARDS: Mapping[str, tuple[str, ...]] = {
    "DataResource": ("draft", "returned", "taken_down"),
    "ShareRequest": ("draft", "withdrawn"),
    "Grant": ("suspended", "expired", "revoked", "terminated"),
}
LISTED = (
    Action.ELEMENT_READ,
    Action.RESOURCE_READ,
    Action.RESOURCE_CONSENT,
    Action.RESOURCE_REVIEW,
    Action.REQUEST_CREATE,
    Action.REQUEST_READ,
    Action.REQUEST_PREPARE_REPLY,
    Action.GRANT_READ,
    Action.DELIVERY_READ,
    Action.TOKEN_READ,
)
PEOPLE, ROWS = 40, 300
#: How many of them in every run.
FEWER: Final = 12
Row = Mapping[str, Fact]
Types = Mapping[str, type[TypeEngine[Any]] | TypeEngine[Any]]


class State(StrEnum):
    """A closed set of words as the stages declare their columns."""

    DRAFT = "draft"
    DONE = "done"


def draw_subject(dice: random.Random) -> Subject:
    roles = frozenset(dice.sample(sorted(ROLES), dice.choice((0, 1, 1, 1, 2, 3, 5))))
    scopes = None if dice.random() < 0.8 else frozenset(map(str, dice.sample(sorted(Action), 14)))
    department = dice.choice((*DEPARTMENTS, None))
    return Subject(
        dice.choice(USERS), "account", "name", department, "", roles, "session", None, scopes
    )


def draw_row(kind: str, dice: random.Random) -> Row:
    row: dict[str, Fact] = {}
    for name in SHAPES[kind]:
        ids = USERS if (kind, name) == ("Tokens", "owner") else IDS.get(name)
        if name == "has_left":
            row[name] = dice.choice((True, False))
        elif name == "writers":
            row[name] = frozenset(map(str, dice.sample(USERS, dice.randrange(3))))
        else:
            row[name] = (
                str(dice.choice(ids)) if ids else dice.choice(sorted(VOCABULARY[(kind, name)]))
            )
    return row


def type_of(name: str) -> type[TypeEngine[Any]] | TypeEngine[Any]:
    if name == "writers":
        return ARRAY(Uuid)
    return Boolean if name == "has_left" else Uuid if name in IDS else Text


def rows_where(
    session: Session, rows: Sequence[Row], types: Types, clause: ColumnElement[bool]
) -> set[int]:
    """The numbers of the rows for which the database says yes, the rows
    being handed over as one JSON document.
    """
    document = [
        {"row_number": number, **{name: _in_json(fact) for name, fact in row.items()}}
        for number, row in enumerate(rows)
    ]
    columns = [
        column("row_number", Integer()),
        *(column(name, kind) for name, kind in types.items()),
    ]
    source = (
        func.jsonb_to_recordset(cast(document, JSONB))
        .table_valued(*columns)
        .render_derived(name="listed", with_types=True)
    )
    return set(session.scalars(select(source.c.row_number).where(clause)))


def _in_json(fact: Fact) -> Any:
    return sorted(fact) if isinstance(fact, frozenset) else fact


@pytest.mark.parametrize("action", LISTED)
@pytest.mark.parametrize("people", [FEWER, pytest.param(PEOPLE, marks=pytest.mark.slow)])
@settings(
    max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_check_filter_and_query_agree_on_every_pair(
    session: Session, action: Action, people: int, seed: int
) -> None:
    kind, dice = rulebook().by_action[action].resource_type, random.Random(seed)
    rows = [draw_row(kind, dice) for _ in range(ROWS)]
    types: Types = {name: type_of(name) for name in SHAPES[kind]}
    columns: dict[str, ColumnElement[object]] = {
        name: column(name, sql) for name, sql in types.items()
    }
    for _ in range(people):
        subject = draw_subject(dice)
        who = principal_facts(subject)
        checked: dict[tuple[Fact, ...], bool] = {}
        for row in rows:
            if tuple(row.values()) not in checked:
                checked[tuple(row.values())] = decide(
                    action, who, ResourceFacts(kind, "row", row)
                ).allowed
        expected = {number for number, row in enumerate(rows) if checked[tuple(row.values())]}
        expr = residual(action, who, kind)
        assert {number for number, row in enumerate(rows) if holds(expr, row)} == expected
        assert rows_where(session, rows, types, visible(action, subject, columns)) == expected


@pytest.mark.parametrize("action", [Action.RESOURCE_READ, Action.REQUEST_READ, Action.GRANT_READ])
@settings(
    max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_what_later_becomes_of_a_thing_shows_it_to_nobody_else(
    session: Session, action: Action, seed: int
) -> None:
    """Every state is asked: and if it is then withdrawn, returned, taken down? Check, filter and
    query say the same.
    """
    kind, dice = rulebook().by_action[action].resource_type, random.Random(seed)
    now = [draw_row(kind, dice) for _ in range(ROWS // 3)]
    types: Types = {name: type_of(name) for name in SHAPES[kind]}
    columns: dict[str, ColumnElement[object]] = {
        name: column(name, sql) for name, sql in types.items()
    }
    for status in AFTERWARDS[kind]:
        if status == "taken_down":  # only what is published ever is
            now = [{**row, "status": "published"} for row in now]
        later = [{**row, "status": status} for row in now]
        for role in sorted(ROLES):
            subject = Subject(
                USERS[0], "account", "name", DEPARTMENTS[0], "", frozenset({role}), "session"
            )
            who, clause = principal_facts(subject), visible(action, subject, columns)
            before, after = (rows_where(session, rows, types, clause) for rows in (now, later))
            assert after <= before, status
            for number in set(range(len(now))) - before:
                assert not decide(action, who, ResourceFacts(kind, "row", later[number])).allowed


class TestWhere:
    """Every form of the neutral tree, in memory and in the database."""

    ROWS: Sequence[Row] = [
        {
            "n": n,
            "word": word,
            "flag": flag,
            "ident": str(ident),
            "state": state,
            "people": frozenset(map(str, USERS[:n])),
        }
        for n in (1, 2, 3)
        for word in ("a", "b", "c'--")
        for flag in (True, False)
        for ident in DEPARTMENTS[:2]
        for state in State
    ]
    TYPES: ClassVar[Types] = {
        "n": Integer,
        "word": Text,
        "flag": Boolean,
        "ident": Uuid,
        "state": choice(State, "state"),
        "people": ARRAY(Uuid),
    }

    @pytest.mark.parametrize(
        "expr",
        [
            TRUE,
            FALSE,
            *(Compare(op, "n", 2) for op in ("==", "!=", "<", "<=", ">", ">=")),
            Compare("==", "word", "c'--"),
            Compare("!=", "word", "a"),
            Compare("==", "flag", True),
            Not(Compare("==", "flag", True)),
            Compare("==", "flag", False),
            Compare("==", "ident", str(DEPARTMENTS[0])),
            Compare("==", "ident", ""),
            Compare("!=", "ident", "no uuid"),
            Not(Compare("==", "ident", "")),
            In("word", frozenset({"a", "c'--"})),
            In("word", frozenset()),
            Not(In("word", frozenset())),
            In("ident", frozenset({str(DEPARTMENTS[1]), "", "no uuid"})),
            In("ident", frozenset({""})),
            In("n", frozenset({1, 3})),
            And(
                (
                    Compare("<", "n", 3),
                    Or((Compare("==", "word", "a"), Compare("==", "flag", False))),
                )
            ),
            Not(And((Compare("<", "n", 3), Compare("==", "word", "a")))),
            Has("people", str(USERS[1])),
            Not(Has("people", str(USERS[1]))),
            Has("people", "no uuid"),
            Compare("==", "state", "draft"),
            Compare("!=", "state", "a word of a later release"),
            Not(In("state", frozenset({"draft", "a word of a later release"}))),
            And(()),
            Or(()),
        ],
        ids=lambda expr: type(expr).__name__,  # a set has no order that could name the case
    )
    def test_means_the_same(self, session: Session, expr: Expr) -> None:
        columns: dict[str, ColumnElement[object]] = {
            name: column(name, sql) for name, sql in self.TYPES.items()
        }
        expected = {number for number, row in enumerate(self.ROWS) if holds(expr, row)}
        assert rows_where(session, self.ROWS, self.TYPES, where(expr, columns)) == expected


class TestVisible:
    SUBJECT = Subject(USERS[0], "a", "n", DEPARTMENTS[0], "", frozenset({"approver"}), "session")

    def test_values_are_bound_never_written_into_the_statement(self) -> None:
        columns: dict[str, ColumnElement[object]] = {
            "owner": column("owner_id", Uuid),
            "status": column("status", Text),
            "has_left": column("has_left", Boolean),
        }
        clause = visible(Action.RESOURCE_READ, self.SUBJECT, columns)
        assert str(DEPARTMENTS[0]) not in str(clause)
        assert "published" not in str(clause)

    @pytest.mark.parametrize("roles", [{"approver"}, {"system_admin"}])
    def test_a_missing_column_is_found_whoever_asks(self, roles: set[str]) -> None:
        subject = Subject(USERS[0], "a", "n", DEPARTMENTS[0], "", frozenset(roles), "session")
        with pytest.raises(LookupError, match="owner"):
            visible(Action.RESOURCE_READ, subject, {"status": column("status", Text)})

    def test_an_unknown_action_is_an_error(self) -> None:
        with pytest.raises(LookupError):
            visible("catalog:resource:look", self.SUBJECT, {})

    def test_the_anonymous_see_nothing(self) -> None:
        clause = visible(
            Action.ELEMENT_READ,
            Subject.anonymous(),
            {"status": column("status", Text), "proposed_by": column("proposed_by", Uuid)},
        )
        assert str(clause) == "false"


class TestPrincipalFacts:
    def test_a_session_is_bound_by_its_roles_alone(self) -> None:
        facts = principal_facts(TestVisible.SUBJECT)
        assert (facts.id, facts.department) == (str(USERS[0]), str(DEPARTMENTS[0]))
        assert (facts.all_scopes, facts.scopes) == (True, frozenset())

    def test_a_token_without_scopes_may_nothing(self) -> None:
        subject = Subject(USERS[0], "a", "n", None, "", frozenset(), "token", None, frozenset())
        facts = principal_facts(subject)
        assert (facts.all_scopes, facts.department) == (False, "")
        assert not decide(Action.TODO_READ, facts, ResourceFacts("Desk", "desk", {})).allowed

    def test_a_part_of_the_system_has_no_business_of_its_own(self) -> None:
        facts = principal_facts(Subject.system("worker"))
        assert facts.id == "system:worker"
        thing = ResourceFacts("DataElement", "e", {"status": "draft"})
        assert not decide(Action.ELEMENT_ADOPT, facts, thing).allowed
