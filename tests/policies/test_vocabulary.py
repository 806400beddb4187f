"""The words that rules know are the words that the stages and the accounts use."""

from enum import StrEnum

import pytest

from auth.tokens.words import Scope
from catalog.elements.words import ElementStatus
from catalog.resources.words import ResourceStatus, ShareType
from exchange.grants.words import GrantStatus
from exchange.requests.words import RequestStatus
from policies.facts import VOCABULARY

_STATES: list[tuple[str, str, type[StrEnum]]] = [
    ("Scope", "name", Scope),
    ("DataElement", "status", ElementStatus),
    ("DataResource", "status", ResourceStatus),
    ("DataResource", "share_type", ShareType),
    ("ShareRequest", "status", RequestStatus),
    ("Grant", "status", GrantStatus),
]


def test_every_vocabulary_is_held_against_a_stage() -> None:
    assert {(kind, attribute) for kind, attribute, _words in _STATES} == set(VOCABULARY)


@pytest.mark.parametrize(("kind", "attribute", "words"), _STATES)
def test_states(kind: str, attribute: str, words: type[StrEnum]) -> None:
    assert {word.value for word in words} == VOCABULARY[(kind, attribute)]
