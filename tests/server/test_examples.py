"""The tables of examples: one example a route, none of a route that is not there."""

from pathlib import Path

import examples.desk
from fixtures.example import Example
from fixtures.routes import ROOMS, calls
from fixtures.routes import examples as all_examples

DECLARED = Example(
    world="submitted_request",
    who="approver",
    visibility="parties",
    path={"no": lambda world: world["number"]},
    body={"items": lambda world: [world["number"]], "remark": "同意"},
)


def test_every_example_is_of_a_route() -> None:
    """Where a route is gone or has another name, so has its example. Routes without an example
    fail beside the other tests of routes.
    """
    played = sum(call.example is not None for call in calls())
    assert played == len(all_examples()), "an example names no route"


def test_every_table_is_read_and_tells_each_route_once() -> None:
    folder = Path(examples.desk.__file__).parent
    assert {Path(str(room.__file__)) for room in ROOMS} == set(folder.glob("*.py"))
    keys = [key for room in ROOMS for key in room.EXAMPLES]
    assert sorted(keys) == sorted(set(keys))


def test_values_come_from_the_world() -> None:
    world = {"number": "REQ-2026-000001"}
    assert DECLARED.resolved(DECLARED.path, world) == {"no": "REQ-2026-000001"}
    assert DECLARED.resolved(DECLARED.body, world) == {
        "items": ["REQ-2026-000001"],
        "remark": "同意",
    }
    assert DECLARED.resolved(lambda given: given["number"], world) == "REQ-2026-000001"
