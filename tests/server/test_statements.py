"""A page costs the same number of statements whatever it shows.

Every GET route without a number in its address is asked before and after the world has grown.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from fixtures import callers, routes
from fixtures.growing import grow
from fixtures.world import Worlds
from fixtures.worlds import World
from sqlalchemy import Engine, event

from shuqiao.web.paging import page_request

At = Callable[[str], World]
Ask = tuple[routes.Call, str]
TIMES: Final = 6
#: Beside whoever the example of the route says: whose lists show most.
READERS: Final = ("head", "approver", "provider_head", "consumer_head", "audit_admin")

#: Once a minute, whatever is shown.
USE_NOTED: Final = "UPDATE login_session SET seen_at"


@pytest.mark.slow
def test_a_list_runs_as_many_statements_for_many_rows_as_for_few(
    committed_world: At, worlds: Worlds
) -> None:
    world = committed_world("crowded")
    asked = list(asks())
    assert paged() <= {call.path for call, _who in asked}
    few = {ask: statements(ask, world, worlds) for ask in asked}
    with worlds.as_superuser(world) as superuser:
        grow(superuser, TIMES)
    many = {ask: statements(ask, world, worlds) for ask in asked}
    dearer = {
        f"{call} by {who}": dict(more.most_common(5))
        for call, who in asked
        if (more := many[call, who] - few[call, who]).total()
        > (few[call, who] - many[call, who]).total()
    }
    assert dearer == {}


def asks() -> Iterator[Ask]:
    """Every page without a number in its address by the reader of its example; those that are read
    page by page, whatever their address, by others too.
    """
    for call in routes.calls():
        is_list = "{" not in call.path or call.path in paged()
        if call.is_safe and call.face != "data" and is_list:
            for who in {call.known.who, *(READERS if call.path in paged() else ())}:
                yield call, who


def statements(ask: Ask, world: World, worlds: Worlds) -> Counter[str]:
    """What the page asks the database, when the process keeps already what it keeps."""
    call, who = ask
    client = callers.client(world, who)
    answer = routes.send(client, call, world)
    assert answer.status_code < 400 or who != call.known.who, (call, answer.text)
    with counted(worlds.engine(world)) as found:
        routes.send(client, call, world)
    return Counter(
        re.sub(r"IN \([^)]*\)", "IN (…)", statement)
        for statement in found
        if not statement.startswith(USE_NOTED)
    )


@cache
def paged() -> set[str]:
    """Addresses of the routes that hand out their rows page by page."""
    return {
        route.path
        for route in iter_route_contexts(callers.control_app().routes)
        if isinstance(route.original_route, APIRoute)
        and page_request in set(_asked(route.original_route.dependant))
    }


def _asked(dependant: Any) -> Iterator[Any]:
    for each in dependant.dependencies:
        yield each.call
        yield from _asked(each)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that the engine runs inside the block."""
    found: list[str] = []

    def ran(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", ran)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", ran)
