"""The words that rules know are the words that the stages and the accounts use."""

from enum import StrEnum

import pytest

from auth.roles import Role
from catalog.elements.words import ElementStatus
from catalog.resources.words import ResourceStatus, ShareType
from exchange.grants.words import GrantStatus
from exchange.requests.words import RequestStatus
from policies.facts import ROLES, VOCABULARY


def test_roles() -> None:
    assert {role.value for role in Role} == ROLES


@pytest.mark.parametrize(
    ("kind", "attribute", "words"),
    [
        ("DataElement", "status", ElementStatus),
        ("DataResource", "status", ResourceStatus),
        ("DataResource", "share_type", ShareType),
        ("ShareRequest", "status", RequestStatus),
        ("Grant", "status", GrantStatus),
    ],
)
def test_states(kind: str, attribute: str, words: type[StrEnum]) -> None:
    assert {word.value for word in words} <= VOCABULARY[(kind, attribute)]
