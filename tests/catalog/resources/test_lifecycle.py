"""The table of states says what can be done, whose turn it is, and leads everywhere it should."""

from catalog.resources.lifecycle import (
    DRAFT,
    PUBLISHED,
    TRANSITIONS,
    WAITING_FOR,
    WAITING_FOR_ADMINISTRATION,
    WAITING_FOR_HEAD,
    acts,
    next_state,
)
from catalog.resources.words import Act, ResourceStatus
from policies.facts import ROLES, VOCABULARY


def test_statuses_are_the_words_that_policies_know() -> None:
    assert {status.value for status in ResourceStatus} == VOCABULARY[("DataResource", "status")]


def test_every_state_but_draft_and_published_waits_for_somebody() -> None:
    states = {state for state, _act in TRANSITIONS} | set(TRANSITIONS.values())
    assert states - set(WAITING_FOR) == {DRAFT, PUBLISHED}
    assert set(WAITING_FOR.values()) <= ROLES


def test_every_state_is_reached_from_a_draft_and_leads_to_publication() -> None:
    reached, frontier = {DRAFT}, {DRAFT}
    while frontier:
        frontier = {
            TRANSITIONS[(state, act)] for state in frontier for act in acts(state)
        } - reached
        reached |= frontier
    assert reached == {state for state, _act in TRANSITIONS} | {PUBLISHED}


def test_nothing_is_published_without_the_head_and_the_administration() -> None:
    assert {state for (state, act) in TRANSITIONS if act is Act.PUBLISH} == {
        WAITING_FOR_ADMINISTRATION
    }
    into = {
        state for (state, _act), after in TRANSITIONS.items() if after == WAITING_FOR_ADMINISTRATION
    }
    assert into == {WAITING_FOR_HEAD}
    assert next_state(PUBLISHED, Act.EDIT) is None
