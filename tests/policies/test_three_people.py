"""The people of one version: whoever holds all three roles still takes one step of it only."""

import pytest
from fixtures.asked import ME, PROVIDER, SOMEONE, person, resource

from policies.actions import Action
from policies.decide import decide
from policies.facts import ResourceFacts

ALL = person("registrar", "department_head", "data_admin", department=PROVIDER)


@pytest.mark.parametrize(
    ("action", "thing", "rules"),
    [
        (Action.RESOURCE_CONSENT, resource(writers=frozenset({ME})), ("CAT-EYE-1",)),
        (Action.RESOURCE_REVIEW, resource(writers=frozenset({ME})), ("CAT-EYE-1",)),
        (Action.RESOURCE_REVIEW, resource(consenter=ME), ("CAT-EYE-2",)),
        (Action.RESOURCE_CONSENT, resource(writers=frozenset({SOMEONE})), ("CAT-CON-1",)),
        (Action.RESOURCE_REVIEW, resource(consenter=SOMEONE), ("CAT-REV-1",)),
        (Action.RESOURCE_EDIT, resource(writers=frozenset({ME}), consenter=ME), ("CAT-REG-1",)),
    ],
)
def test_nobody_decides_on_what_they_wrote_or_consented_to(
    action: Action, thing: ResourceFacts, rules: tuple[str, ...]
) -> None:
    answer = decide(action, ALL, thing)
    assert answer.rules == rules
    assert answer.allowed == ("EYE" not in rules[0])
