"""Every step of a data resource in every state: where it leads, or that nothing happens; and that
the table leads everywhere it should.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
from fixtures.exchanging import trail
from fixtures.worlds import World
from sqlmodel import Session

from auth.cases import take
from auth.steps import Step
from catalog.publication.models import Publication, PublicationReview
from catalog.publication.words import ReviewOutcome
from catalog.resources import repository
from catalog.resources.errors import NotPossibleNow
from catalog.resources.lifecycle import (
    ATTACH,
    CHANGE,
    CHOOSE_CLASS,
    CONSENT,
    DISCARD,
    DRAFT,
    EDIT,
    LIFECYCLE,
    PUBLISH,
    PUBLISHED,
    RECALL,
    RETURN,
    RETURN_FROM_REVIEW,
    RETURNED,
    SUBMIT,
    TAKE_DOWN,
    TAKEN_DOWN,
    WAITING_FOR_ADMINISTRATION,
    WAITING_FOR_HEAD,
    State,
)
from catalog.resources.models import DataResource
from catalog.resources.service import read
from catalog.resources.words import ResourceStatus, ReviewStep
from policies.facts import VOCABULARY
from shuqiao.clock import now
from shuqiao.db import unit_of_work
from shuqiao.errors import PreconditionFailed
from shuqiao.subject import Subject

At = Callable[[str], World]
Row = Step[State]
#: The rows that a resource which is there can take.
ROWS: Final = [step for step in LIFECYCLE.steps if step.at]
STATES: Final[Mapping[State, tuple[str, tuple[Row, ...]]]] = {
    DRAFT: ("stored_resource", ()),
    WAITING_FOR_HEAD: ("submitted_resource", ()),
    WAITING_FOR_ADMINISTRATION: ("consented_resource", ()),
    RETURNED: ("submitted_resource", (RETURN,)),
    PUBLISHED: ("published_resource", ()),
    TAKEN_DOWN: ("published_resource", (TAKE_DOWN,)),
}
#: Written out once more on purpose: the table of the code is what is tested.
LEADS_TO: Final[Mapping[tuple[State, Row], tuple[State, str]]] = {
    (DRAFT, EDIT): (DRAFT, "resource:edited"),
    (DRAFT, CHOOSE_CLASS): (DRAFT, "resource:class_chosen"),
    (DRAFT, ATTACH): (DRAFT, "resource:attached"),
    (DRAFT, SUBMIT): (WAITING_FOR_HEAD, "resource:submitted"),
    (WAITING_FOR_HEAD, CONSENT): (WAITING_FOR_ADMINISTRATION, "resource:consented"),
    (WAITING_FOR_HEAD, RETURN): (RETURNED, "resource:returned"),
    (WAITING_FOR_ADMINISTRATION, PUBLISH): (PUBLISHED, "resource:published"),
    (WAITING_FOR_ADMINISTRATION, RETURN_FROM_REVIEW): (RETURNED, "resource:returned"),
    (RETURNED, EDIT): (RETURNED, "resource:edited"),
    (RETURNED, ATTACH): (RETURNED, "resource:attached"),
    (PUBLISHED, ATTACH): (PUBLISHED, "resource:attached"),
    (RETURNED, SUBMIT): (WAITING_FOR_HEAD, "resource:submitted"),
    (DRAFT, DISCARD): (DRAFT, "resource:discarded"),
    (RETURNED, DISCARD): (RETURNED, "resource:discarded"),
    (WAITING_FOR_HEAD, RECALL): (DRAFT, "resource:recalled"),
    (WAITING_FOR_ADMINISTRATION, RECALL): (DRAFT, "resource:recalled"),
    (PUBLISHED, CHANGE): (PUBLISHED, "resource:change_opened"),
    (PUBLISHED, TAKE_DOWN): (TAKEN_DOWN, "resource:taken_down"),
}


def found(world: World) -> dict[str, Any]:
    with unit_of_work() as session:
        row = repository.by_id(session, world.resource_id)
        return row.model_dump()


def state_of(values: Mapping[str, Any]) -> State:
    return State(values["status"], values["review_step"])


def taken(world: World, step: Row, *, behind: int = 0) -> None:
    """The step with the version its caller saw, perhaps some steps ``behind``."""
    with unit_of_work() as session:
        row = repository.by_id(session, world.resource_id, lock=True)
        if step is CONSENT:
            row.consented_at = now()
        if step is PUBLISH:
            row.published_version, row.published_at = 1, now()
        if step is TAKE_DOWN:
            row.taken_down_at, row.taken_down_reason = now(), "职责已取消"
        subject, version = world.subjects["registrar"], row.version - behind
        words = {"remark": "请补充", "reason": row.taken_down_reason}
        take(session, subject, row, step, version, words=words)
        if step is PUBLISH:
            publish(session, row, world.subjects["data_admin"])


def publish(session: Session, row: DataResource, by: Subject) -> None:
    """What the database asks for of a published entry: a review, and the publication of it."""
    said = {"resource_id": row.id, "entry": read(session, row).model_dump(mode="json")}
    session.add(
        PublicationReview(
            **said,
            version=row.version,
            step=ReviewStep.ADMINISTRATION,
            outcome=ReviewOutcome.PUBLISHED,
            reviewer_id=by.user_id,
        )
    )
    session.flush()
    session.add(Publication(**said, version=1, published_by=by.user_id))


def in_state(world_at: At, state: State) -> World:
    name, steps = STATES[state]
    world = world_at(name)
    for step in steps:
        taken(world, step)
    assert state_of(found(world)) == state
    return world


@pytest.mark.parametrize("state", STATES, ids=str)
@pytest.mark.parametrize("step", ROWS, ids=lambda step: step.name)
def test_each_step_leads_where_it_may_or_changes_nothing(
    world_at: At, state: State, step: Row
) -> None:
    world = in_state(world_at, state)
    before = found(world)
    code, events = before["code"], trail(before["code"])
    if (state, step) not in LEADS_TO:
        with pytest.raises(NotPossibleNow):
            taken(world, step)
        assert (found(world), trail(code)) == (before, events)
        return
    with pytest.raises(PreconditionFailed):
        taken(world, step, behind=1)
    assert (found(world), trail(code)) == (before, events)
    taken(world, step)
    target, event = LEADS_TO[state, step]
    after = found(world)
    version = before["version"] + (not step.is_note)
    assert (state_of(after), after["version"]) == (target, version)
    assert trail(code) == [*events, event]


def test_no_state_or_step_is_left_out() -> None:
    assert {(before, step) for before, step, _to in LIFECYCLE.moves() if before} == set(LEADS_TO)
    assert {to for _before, _step, to in LIFECYCLE.moves()} == set(STATES)


def test_statuses_are_the_words_that_policies_know() -> None:
    assert {status.value for status in ResourceStatus} == VOCABULARY[("DataResource", "status")]


def test_every_state_but_draft_and_published_waits_for_who_takes_a_step_of_it() -> None:
    waiting = LIFECYCLE.waiting()
    assert set(STATES) - set(waiting) == {DRAFT, PUBLISHED, TAKEN_DOWN}
    for state, todo in waiting.items():
        assert any(todo.seat in step.by for step in LIFECYCLE.possible(state))


def test_a_row_is_named_once_in_each_state() -> None:
    for state in STATES:
        names = [step.name for step in LIFECYCLE.possible(state)]
        assert len(names) == len(set(names))


def test_nothing_is_published_without_the_head_and_the_administration() -> None:
    moves = list(LIFECYCLE.moves())
    into = {before for before, step, to in moves if to == PUBLISHED and step.to}
    assert into == {WAITING_FOR_ADMINISTRATION}
    into = {before for before, _step, to in moves if to == WAITING_FOR_ADMINISTRATION}
    assert into == {WAITING_FOR_HEAD}
    assert DataResource.model_fields["status"].default is ResourceStatus.DRAFT
