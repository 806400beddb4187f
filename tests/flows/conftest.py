"""People at desks before the control role's application, served from
this process; the worker's tasks are called.
"""

from collections.abc import Callable, Iterator

import pytest
from fixtures.browser import OpenPage, served
from fixtures.callers import control_app
from fixtures.desks import Desk
from fixtures.manners import KEYBOARD, MANNERS, SCRIPTLESS
from fixtures.states import STATES
from fixtures.worlds import World

At = Callable[[str], World]
AtDesk = Callable[[World, str], Desk]


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with served(control_app()) as address:
        yield address


@pytest.fixture(params=[pytest.param(KEYBOARD, marks=pytest.mark.slow), SCRIPTLESS])
def at_desk(request: pytest.FixtureRequest, open_page: OpenPage, origin: str) -> AtDesk:
    """``at_desk(world, "registrar")``: that person, signed in, at the home page."""
    manner = MANNERS[request.param]

    def sits_down(world: World, who: str) -> Desk:
        desk = manner(open_page(origin, scripts=manner.scripts))
        desk.signs_in(world.account(who), world.password(who))
        return desk

    return sits_down


def happens(world: World, *states: str) -> None:
    """What other people do meanwhile."""
    for state in states:
        STATES[state][1](world)
