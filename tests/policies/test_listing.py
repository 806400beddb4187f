"""The list filter and the single check are one rule: compared on every
action over random people and things.
"""

import random
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.actions import Action
from policies.decide import decide
from policies.expressions import (
    FALSE,
    TRUE,
    And,
    Compare,
    Constant,
    Has,
    In,
    Or,
    all_of,
    any_of,
    holds,
    negated,
)
from policies.facts import ROLES, VOCABULARY, Fact, PrincipalFacts, ResourceFacts
from policies.listing import NotCompilable, _compiler, residual
from policies.rulebook import rulebook

DEPARTMENTS = ("dept-1", "dept-2", "dept-3", "")
USERS = ("user-1", "user-2", "user-3")
PARTIES = ("owner", "consumer", "provider", "proposed_by")

people = st.builds(
    PrincipalFacts,
    id=st.sampled_from(USERS),
    department=st.sampled_from(DEPARTMENTS),
    roles=st.frozensets(st.sampled_from(sorted(ROLES)), max_size=4),
    scopes=st.frozensets(st.sampled_from(sorted(Action)), max_size=6),
    all_scopes=st.booleans(),
    department_ended=st.booleans(),
)


def draw_attributes(kind: str, names: frozenset[str], dice: random.Random) -> Mapping[str, Fact]:
    drawn: dict[str, Fact] = {}
    for name in sorted(names):
        if name in ("has_left", "by_administration", "is_elsewhere", "is_referred"):
            drawn[name] = dice.choice((True, False))
            continue
        if name in ("writers", "actors"):
            drawn[name] = frozenset(dice.sample(USERS, dice.randrange(3)))
            continue
        if name in ("parties", "voices"):
            drawn[name] = frozenset(dice.sample(DEPARTMENTS[:3], dice.randrange(3)))
            continue
        words = VOCABULARY.get((kind, name))
        parties = DEPARTMENTS if name in PARTIES and kind != "Tokens" else USERS
        drawn[name] = dice.choice(sorted(words)) if words else dice.choice(parties)
    return drawn


#: What the schema wants of each type.
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "Domains": frozenset(),
    "DataElement": frozenset({"status", "proposed_by"}),
    "ElementProposal": frozenset({"proposed_by", "author", "has_left"}),
    "DataResource": frozenset(
        {"owner", "status", "share_type", "has_left", "writers", "consenter"}
    ),
    "ShareRequest": frozenset({"consumer", "provider", "status", "applicant", "has_left"}),
    "Grant": frozenset({"consumer", "provider", "status"}),
    "Delivery": frozenset({"consumer", "provider"}),
    "Consultation": frozenset({"consumer", "provider"}),
    "Tokens": frozenset({"owner"}),
    "Scope": frozenset({"name"}),
    "Connections": frozenset(),
    "Connection": frozenset({"owner"}),
    "Departments": frozenset(),
    "Areas": frozenset(),
    "Accounts": frozenset(),
    "Account": frozenset({"person"}),
    "SeatChange": frozenset({"office", "proposer", "person"}),
    "Trail": frozenset(),
    "SelfReviews": frozenset(),
    "Jobs": frozenset(),
    "Storage": frozenset(),
    "Calendars": frozenset(),
    "SuspectedDuplicate": frozenset({"owner", "has_left"}),
    "SourceClaim": frozenset({"department", "proposer", "by_administration", "judge"}),
    "SourceCountersign": frozenset({"department"}),
    "UpdateCauses": frozenset(),
    "UpdateCause": frozenset({"owner"}),
    "SourceConflict": frozenset(
        {"opener", "rival", "actors", "decider", "judge", "is_elsewhere", "is_referred"}
    ),
    "CatalogueChange": frozenset({"owner"}),
    "NegativeList": frozenset(),
    "NegativeEntry": frozenset({"department", "has_left", "proposer", "consenter"}),
    "NegativeContest": frozenset({"department", "opener", "actors"}),
    "ListTemplate": frozenset({"status"}),
    "Assignment": frozenset({"department", "answerer"}),
    "System": frozenset({"owner"}),
    "CollectionCheck": frozenset({"owner"}),
    "RepeatedForm": frozenset({"owner"}),
    "CollectionChecks": frozenset(),
    "Lists": frozenset(),
    "Demands": frozenset(),
    "Demand": frozenset({"consumer", "provider", "parties", "voices", "answerer", "contester"}),
    "RepeatedForms": frozenset(),
    "Systems": frozenset(),
    "CensusReturn": frozenset({"owner"}),
    "Desk": frozenset(),
}


@pytest.mark.parametrize("action", Action)
@settings(max_examples=25, deadline=None)
@given(who=people, seed=st.integers(0, 2**32))
def test_the_filter_agrees_with_the_single_check(
    action: Action, who: PrincipalFacts, seed: int
) -> None:
    kind, dice = rulebook().by_action[action].resource_type, random.Random(seed)
    expr = residual(action, who, kind)
    for number in range(12):
        attributes = draw_attributes(kind, ATTRIBUTES[kind], dice)
        answer = decide(action, who, ResourceFacts(kind, f"thing-{number}", attributes))
        assert not answer.errors
        assert holds(expr, attributes) == answer.allowed


class TestResidual:
    WHO = PrincipalFacts("user-1", "dept-1", frozenset({"approver"}), frozenset(), True)

    def test_is_as_small_as_it_can_be(self) -> None:
        expected = And((Compare("==", "provider", "dept-1"), Compare("==", "has_left", True)))
        assert residual(Action.REQUEST_READ, self.WHO, "ShareRequest") == expected

    def test_is_everything_or_nothing_when_the_resource_does_not_matter(self) -> None:
        assert residual(Action.TODO_READ, self.WHO, "Desk") == TRUE
        assert residual(Action.TRAIL_READ, self.WHO, "Trail") == FALSE

    @pytest.mark.parametrize(
        ("action", "who", "kind"),
        [
            ("exchange:request:destroy", WHO, "ShareRequest"),
            (Action.REQUEST_READ, WHO, "Grant"),
            (Action.TODO_READ, PrincipalFacts('u"', "d", ROLES, frozenset(), True), "Desk"),
            (Action.TODO_READ, PrincipalFacts("", "", frozenset(), frozenset(), True), "Desk"),
        ],
    )
    def test_is_nothing_when_no_decision_could_be_made(
        self, action: str, who: PrincipalFacts, kind: str
    ) -> None:
        assert residual(action, who, kind) == FALSE


class TestCompiler:
    """Shapes the engine may hand over, written out, so that a change of
    the engine's form is seen.
    """

    ATTR: Mapping[str, object] = {".": {"left": {"unknown": [{"Value": "resource"}]}, "attr": "n"}}

    @pytest.mark.parametrize(
        ("op", "straight", "turned"),
        [
            ("==", "==", "=="),
            ("!=", "!=", "!="),
            ("<", "<", ">"),
            ("<=", "<=", ">="),
            (">", ">", "<"),
            (">=", ">=", "<="),
        ],
    )
    def test_a_comparison_reads_the_same_from_both_sides(
        self, op: str, straight: str, turned: str
    ) -> None:
        compiler, three = _compiler("DataResource"), {"Value": 3}
        assert compiler.expr({op: {"left": self.ATTR, "right": three}}) == Compare(straight, "n", 3)  # type: ignore[arg-type]
        assert compiler.expr({op: {"left": three, "right": self.ATTR}}) == Compare(turned, "n", 3)  # type: ignore[arg-type]

    def test_sets_in_both_spellings(self) -> None:
        compiler = _compiler("DataResource")
        for left in ({"Set": [{"Value": "a"}, {"Value": "b"}]}, {"Value": ["a", "b"]}):
            assert compiler.expr({"contains": {"left": left, "right": self.ATTR}}) == In(
                "n", frozenset({"a", "b"})
            )

    def test_a_set_of_the_resource(self) -> None:
        node = {"contains": {"left": self.ATTR, "right": {"Value": "user-1"}}}
        assert _compiler("DataResource").expr(node) == Has("n", "user-1")

    def test_a_truth_value_attribute(self) -> None:
        assert _compiler("DataResource").expr(self.ATTR) == Compare("==", "n", True)

    @pytest.mark.parametrize("kind", ["DataResource", "Grant"])
    def test_the_type_of_the_resource_is_known(self, kind: str) -> None:
        node = {"is": {"left": {"unknown": [{"Value": "resource"}]}, "entity_type": kind}}
        assert _compiler("DataResource").expr(node) == Constant(kind == "DataResource")

    @pytest.mark.parametrize(
        "node",
        [
            {"like": {"left": ATTR, "pattern": []}},
            {"in": {"left": {"unknown": [{"Value": "resource"}]}, "right": {"Value": "x"}}},
            {"if-then-else": {"if": ATTR, "then": {"Value": True}, "else": {"Value": False}}},
            {"==": {"left": ATTR, "right": ATTR}},
            {"==": {"left": {"unknown": [{"Value": "resource"}]}, "right": {"Value": "x"}}},
            {"==": {"left": ATTR, "right": {"Value": {"__entity": {}}}}},
            {"contains": {"left": ATTR, "right": {"Value": 3}}},
            {"contains": {"left": ATTR, "right": ATTR}},
            {
                "is": {
                    "left": {"unknown": [{"Value": "resource"}]},
                    "entity_type": "DataResource",
                    "in": {"Value": "x"},
                }
            },
            {"Value": "true"},
            {"error": [{"Value": "x"}]},
        ],
    )
    def test_everything_else_is_refused(self, node: Mapping[str, object]) -> None:
        with pytest.raises(NotCompilable):
            _compiler("DataResource").expr(node)


class TestExpressions:
    A, B = Compare("==", "a", 1), Compare("<", "b", 2)

    def test_constants_and_repeats_fold_away(self) -> None:
        assert all_of(TRUE, self.A, self.A) == self.A
        assert all_of(self.A, FALSE) == FALSE
        assert all_of() == TRUE
        assert any_of(FALSE, self.A, any_of(self.B, self.A)) == Or((self.A, self.B))
        assert any_of(self.A, TRUE) == TRUE
        assert any_of() == FALSE
        assert negated(negated(self.A)) == self.A

    def test_a_missing_attribute_is_an_error_not_a_no(self) -> None:
        with pytest.raises(KeyError):
            holds(self.A, {})

    def test_only_numbers_have_an_order(self) -> None:
        assert holds(self.B, {"b": 1})
        with pytest.raises(TypeError):
            holds(self.B, {"b": "1"})
