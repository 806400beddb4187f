"""What has not left its department stays inside, along every way
through the life cycles; who may act may read.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

import pytest

from auth.guard import _VIEW
from catalog.resources import lifecycle as resources
from exchange.requests import lifecycle as requests
from exchange.requests.words import RequestStatus
from policies.actions import Action
from policies.decide import decide
from policies.facts import ROLES, VOCABULARY, Fact, PrincipalFacts, ResourceFacts
from policies.rulebook import rulebook

WRITER, OTHER, THIRD = "dept-writer", "dept-other", "dept-third"
PEOPLE = [
    PrincipalFacts("somebody", department, frozenset({role}), frozenset(), True)
    for role, department in product(sorted(ROLES), (WRITER, OTHER, THIRD))
]


class Step(NamedTuple):
    """One step of a life cycle: the thing before and after, and whether
    the step leads it out of its department.
    """

    name: str
    before: ResourceFacts
    after: ResourceFacts
    leads_out: bool


def request(status: str, *, has_left: bool) -> ResourceFacts:
    parties: Mapping[str, Fact] = {"consumer": WRITER, "provider": OTHER, "applicant": "applicant"}
    return ResourceFacts(
        "ShareRequest", "REQ-2026-000001", {**parties, "status": status, "has_left": has_left}
    )


def resource(status: str, *, has_left: bool) -> ResourceFacts:
    facts: Mapping[str, Fact] = {
        "owner": WRITER,
        "share_type": "conditional",
        "status": status,
        "has_left": has_left,
        "writers": frozenset({"registrar"}),
        "consenter": "",
    }
    return ResourceFacts("DataResource", "307001/000001", facts)


def steps_of_requests() -> Iterator[Step]:
    reached, todo = set[tuple[RequestStatus, bool]](), [(RequestStatus.DRAFT, False)]
    while todo:
        status, has_left = todo.pop()
        if (status, has_left) in reached:
            continue
        reached.add((status, has_left))
        for before, step, target in requests.LIFECYCLE.moves():
            if before is status:
                out = step is requests.CONSENT
                todo.append((target, has_left or out))
                yield Step(
                    f"{status}-{step.name}-{target}" + ("-outside" if has_left else ""),
                    request(status, has_left=has_left),
                    request(target, has_left=has_left or out),
                    out,
                )


def steps_of_resources() -> Iterator[Step]:
    reached, todo = set[tuple[resources.State, bool]](), [(resources.DRAFT, False)]
    while todo:
        state, has_left = todo.pop()
        if (state, has_left) in reached:
            continue
        reached.add((state, has_left))
        for before, row, after in resources.LIFECYCLE.moves():
            if before == state:
                out = row in (resources.CONSENT, resources.PUBLISH)
                todo.append((after, has_left or out))
                yield Step(
                    f"{state.status}-{row.name}-{after.status}" + ("-outside" if has_left else ""),
                    resource(state.status.value, has_left=has_left),
                    resource(after.status.value, has_left=has_left or out),
                    out,
                )


def readers(thing: ResourceFacts) -> set[PrincipalFacts]:
    view = _VIEW[thing.type]
    return {who for who in PEOPLE if decide(view, who, thing).allowed}


@pytest.mark.parametrize(
    "step", [*steps_of_requests(), *steps_of_resources()], ids=lambda step: step.name
)
def test_only_the_step_that_leads_out_shows_it_to_anybody_else(step: Step) -> None:
    more = readers(step.after) - readers(step.before)
    assert step.leads_out or not more
    assert more or step.before.attributes["has_left"] or not step.leads_out
    assert not {who for who in readers(step.before) if who.department != WRITER} - readers(
        step.after
    )


def test_the_steps_that_lead_out_do() -> None:
    steps = [*steps_of_requests(), *steps_of_resources()]
    assert {step.name for step in steps if readers(step.after) - readers(step.before)} == {
        "own_consent-consent-submitted",
        "in_review-consent-in_review",
        "in_review-publish-published-outside",
    }


def things(kind: str) -> Iterator[ResourceFacts]:
    """Things of a type in every state, inside and outside, seen from three departments."""
    names = sorted(
        frozenset[str]().union(
            *(r.attributes for r in rulebook().by_action.values() if r.resource_type == kind)
        )
    )
    if kind in ("DataResource", "ShareRequest"):
        make, words = (resource, request)[kind == "ShareRequest"], VOCABULARY[kind, "status"]
        yield from (
            make(status, has_left=left) for status, left in product(sorted(words), (True, False))
        )
    elif kind == "DataElement":
        yield from (
            ResourceFacts(kind, "e", {"status": status})
            for status in sorted(VOCABULARY[kind, "status"])
        )
    elif kind in ("Grant", "Delivery", "Consultation"):
        parties: Mapping[str, Fact] = {"consumer": WRITER, "provider": OTHER}
        yield ResourceFacts(
            kind, "g", {**parties, "status": "active"} if kind == "Grant" else parties
        )
    else:
        told: dict[str, Fact] = dict.fromkeys(names, "somebody" if kind == "Tokens" else WRITER)
        if "actors" in names:
            told["actors"] = frozenset()
        if "by_administration" in names:
            told["by_administration"] = True
        yield ResourceFacts(kind, kind, told)


#: Changing one's own account is no reading of the list of accounts.
VIEWED = [
    action
    for action in Action
    if rulebook().by_action[action].resource_type in _VIEW and action is not Action.PROFILE_CHANGE
]


@pytest.mark.parametrize("action", VIEWED)
def test_who_may_do_something_to_a_thing_may_read_it(action: Action) -> None:
    """Else a page that comes back with a correction, or a 409, would
    tell what the reading itself does not.
    """
    kind = rulebook().by_action[action].resource_type
    for who, thing in product(PEOPLE, things(kind)):
        if decide(action, who, thing).allowed:
            assert decide(_VIEW[kind], who, thing).allowed, (
                who.roles,
                who.department,
                thing.attributes,
            )
