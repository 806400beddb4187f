"""Anything but a clean Allow is a no: odd facts, odd names, a failing rule, a failing engine."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import cedarpy
import pytest
from cedarpy import pst

from policies.actions import Action
from policies.decide import ERROR_DENY, decide, decide_by
from policies.facts import Fact, PrincipalFacts, ResourceFacts
from policies.rulebook import Rulebook, rulebook

OWNER = "dept-edu"
WHO = PrincipalFacts("user-me", OWNER, frozenset({"registrar"}), frozenset(), True)
FACTS: Mapping[str, Fact] = {
    "owner": OWNER,
    "status": "published",
    "share_type": "conditional",
    "has_left": True,
    "writers": frozenset({"user-other"}),
    "consenter": "",
}
RESOURCE = ResourceFacts("DataResource", "res", FACTS)
GRANT = ResourceFacts("Grant", "GR-1", {"consumer": OWNER, "provider": OWNER, "status": "active"})


class TestFailClosed:
    """Each case would be allowed if the fault were overlooked."""

    def test_the_sound_case_is_allowed(self) -> None:
        assert decide(Action.RESOURCE_EDIT, WHO, RESOURCE).allowed

    @pytest.mark.parametrize(
        "action", ["catalog:resource:destroy", "", 'catalog:resource:edit"', "changing", "business"]
    )
    def test_unknown_action(self, action: str) -> None:
        assert decide(action, WHO, RESOURCE).rules == (ERROR_DENY,)

    @pytest.mark.parametrize("ident", ['u"', "u\\", "", "u\n", "x" * 301, "\ud800"])
    def test_an_id_that_is_no_plain_text(self, ident: str) -> None:
        assert decide(Action.RESOURCE_EDIT, replace(WHO, id=ident), RESOURCE).rules == (ERROR_DENY,)
        assert decide(Action.RESOURCE_EDIT, WHO, replace(RESOURCE, id=ident)).rules == (ERROR_DENY,)

    @pytest.mark.parametrize(
        "attributes",
        [
            *({name: FACTS[name] for name in FACTS if name != missing} for missing in FACTS),
            {**FACTS, "extra": "x"},
            {**FACTS, "share_type": 2},
            {**FACTS, "share_type": None},
            {**FACTS, "share_type": frozenset({"conditional"})},
            {**FACTS, "has_left": "true"},
            {**FACTS, "has_left": None},
            {**FACTS, "writers": "user-other"},
            {},
        ],
    )
    def test_facts_that_do_not_fit_the_schema(self, attributes: Mapping[str, object]) -> None:
        odd = ResourceFacts("DataResource", "res", cast("Mapping[str, Fact]", attributes))
        answer = decide(Action.RESOURCE_EDIT, WHO, odd)
        assert (answer.allowed, answer.rules) == (False, (ERROR_DENY,))
        assert answer.errors

    def test_a_resource_of_another_type(self) -> None:
        assert decide(Action.RESOURCE_EDIT, WHO, GRANT).rules == (ERROR_DENY,)
        assert decide(Action.RESOURCE_EDIT, WHO, replace(RESOURCE, type="Nothing")).rules == (
            ERROR_DENY,
        )

    def test_values_that_are_not_json(self) -> None:
        odd = ResourceFacts("DataResource", "res", {**FACTS, "owner": cast(str, object())})
        assert decide(Action.RESOURCE_EDIT, WHO, odd).rules == (ERROR_DENY,)

    def test_the_engine_throwing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError("engine")

        monkeypatch.setattr("cedarpy.is_authorized", broken)
        never_asked = replace(WHO, id="never asked")
        assert decide(Action.RESOURCE_EDIT, never_asked, RESOURCE).rules == (ERROR_DENY,)


def test_what_has_the_same_facts_is_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rule reads which thing it is; who asks, what for and each fact are other questions."""
    asked: list[object] = []
    answer = cedarpy.is_authorized

    def noted(request: dict[str, object], *rest: object) -> object:
        asked.append(request)
        return answer(request, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("cedarpy.is_authorized", noted)
    someone = replace(WHO, id="someone new")
    for number in range(3):
        assert decide(Action.RESOURCE_EDIT, someone, replace(RESOURCE, id=f"res-{number}")).allowed
    assert len(asked) == 1

    others = {**FACTS, "owner": "dept-other"}
    assert not decide(Action.RESOURCE_EDIT, someone, replace(RESOURCE, attributes=others)).allowed
    assert decide(Action.RESOURCE_READ, someone, RESOURCE).allowed
    assert decide(Action.RESOURCE_EDIT, replace(someone, id="another"), RESOURCE).allowed
    assert len(asked) == 4


class TestEngineErrors:
    """A forbid whose condition fails is skipped by the engine; the answer here is still no."""

    def test_a_forbid_that_fails_to_evaluate_denies(self) -> None:
        book = rulebook()
        rules = book.by_action[Action.RESOURCE_EDIT]
        broken = cedarpy.policies_to_pst(
            "forbid(principal, action, resource) when { principal.nothing == 1 };"
        )
        parsed = rules.policies.to_pst()
        both = pst.PolicySet({}, {**parsed.static_policies, **broken.static_policies}, ())
        faulty = type(rules)(
            rules.action,
            rules.resource_type,
            cedarpy.PolicySet.from_pst(both),
            rules.rules,
            rules.attributes,
        )
        changed = Rulebook(book.schema, {rules.action: faulty}, book.rules, book.policy_hash)
        assert decide_by(book, rules.action, WHO, RESOURCE).allowed
        assert decide_by(changed, rules.action, WHO, RESOURCE).rules == (ERROR_DENY,)
