"""Every state in which somebody must act has an owner, a clock and so a sweeper; and no clock
outlives its case.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any, Final

import pytest

from auth.steps import Lifecycle, Todo
from server.lifecycles import LIFECYCLES

#: A state, the clocks that run in it, and the open tasks (kind, clock).
Place = tuple[Any, frozenset[str], frozenset[tuple[str, str]]]

#: Steps after which there is no case any more.
_GO: Final = frozenset({"discard"})
each_lifecycle = pytest.mark.parametrize(
    "lifecycle",
    LIFECYCLES,
    ids=lambda each: each.of.msgid,
)


def places(lifecycle: Lifecycle[Any]) -> Iterator[Place]:
    """Everywhere a case can get to, by every order of steps."""
    first: Place = (None, frozenset(), frozenset())
    seen, waiting = {first}, deque([first])
    while waiting:
        state, clocks, tasks = waiting.popleft()
        for before, step, after in lifecycle.moves():
            if before != state or step.name in _GO:
                continue
            now = clocks - set(step.ends)
            if step.starts is not None:
                runs = step.starts.clock in now and not step.starts.goes_on
                assert not runs, f"{step.name} starts a clock that runs"
                now |= {step.starts.clock}
            stay = {named(todo) for todo in step.keeps}
            kept = tasks if step.tasks.value == "kept" else tasks & stay
            opened = {named(step.opens)} if step.opens else set()
            place: Place = (after, now, kept | opened)
            if place not in seen:
                seen.add(place)
                waiting.append(place)
                yield place


def named(todo: Todo) -> tuple[str, str]:
    return todo.kind, todo.clock


@each_lifecycle
def test_whatever_waits_has_an_owner_and_a_running_clock(lifecycle: Lifecycle[Any]) -> None:
    left = {before for before, step, after in lifecycle.moves() if before != after}
    for state, clocks, tasks in places(lifecycle):
        if state in left and state not in lifecycle.steady:
            running = {kind for kind, clock in tasks if clock in clocks}
            assert running, f"{state} waits for nobody, or without a clock"
        for kind, clock in tasks:
            assert clock in clocks | {""}, f"{kind} at {state}: its clock does not run"


@each_lifecycle
def test_a_case_that_is_over_or_rests_has_no_clock_left(lifecycle: Lifecycle[Any]) -> None:
    left = {before for before, step, after in lifecycle.moves() if before != after}
    for state, clocks, tasks in places(lifecycle):
        if state not in left:
            assert not clocks, f"{clocks} run on after {state}"
            assert not tasks
        elif state in lifecycle.steady and not tasks:
            assert not clocks, f"{clocks} run at {state} and nobody is asked"
