"""People before the control role's pages."""

from collections.abc import Callable

import pytest
from fixtures import callers
from fixtures.worlds import World
from starlette.testclient import TestClient

Visiting = Callable[[World, str | None], TestClient]


@pytest.fixture
def visiting() -> Visiting:
    """``visiting(world, "applicant")``: a browser of that person; None: of nobody."""

    def as_person(world: World, account: str | None) -> TestClient:
        client = callers.client(world, account)
        client.headers["accept"] = "text/html"
        return client

    return as_person
