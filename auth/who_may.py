"""Who could do what somebody was refused: names of roles and sides of the case, never of people."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from auth.roles import Role
from auth.steps import CONCERNED, CONSUMER, JUDGE, OPENER, PROPOSER, PROVIDER, RIVAL, Seat
from policies.actions import Action
from policies.decide import decide
from policies.facts import PrincipalFacts, ResourceFacts
from shuqiao.i18n import Message

#: Attributes of the facts that name a department; of tokens the owner is a person.
_SIDES: Final = {
    "owner": PROVIDER,
    "provider": PROVIDER,
    "consumer": CONSUMER,
    "proposed_by": PROPOSER,
    "department": CONCERNED,
    "opener": OPENER,
    "rival": RIVAL,
    "judge": JUDGE,
}
_NOBODY: Final = PrincipalFacts(
    "somebody-else", "another-department", frozenset(), frozenset(), True
)


def who_may(action: Action, facts: ResourceFacts) -> tuple[Message, ...]:
    """The roles that the rules would let do ``action`` on this very
    thing, found by asking the rules themselves.
    """
    found = [words for role in Role for words in _seats(action, facts, role)]
    return tuple(words for place, words in enumerate(found) if words not in found[:place])


def _seats(action: Action, facts: ResourceFacts, role: Role) -> Iterator[Message]:
    person = replace(_NOBODY, roles=frozenset({role.value}))
    if decide(action, person, facts).allowed:
        yield Message("%(role)s", {"role": role.label})
        return
    for name, column in _SIDES.items():
        side = facts.attributes.get(name)
        if facts.type == "Tokens" or not isinstance(side, str) or not side:
            continue
        if decide(action, replace(person, department=side), facts).allowed:
            yield Seat(role, column).label
