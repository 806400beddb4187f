"""What may not be known takes the same time as what is not there, on a running service."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import httpx2
import pytest
from fixtures.processes import free_ports, surroundings
from fixtures.streaming import wait_ready
from fixtures.warm_roles import WarmRole
from fixtures.world import Worlds

from auth.identify import cookie_name

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PAIRS = 500
CLOSE_SECONDS = 0.002
#: Kind → what a stranger may not know of, and what is not there.
HIDDEN = {
    "draft": ("/api/v1/resources/{code}", "/api/v1/resources/307001-999999"),
    "account": ("/api/v1/users/registrar", "/api/v1/users/nobody.here"),
    "page of a draft": ("/catalog/{code}", "/catalog/307001-999999"),
}


@pytest.fixture(scope="module")
def stranger(
    worlds: Worlds, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[httpx2.Client, str]]:
    """A browser of somebody of another department before a running control role, and the code of a
    draft.
    """
    log_file = tmp_path_factory.mktemp("control") / "log"
    with worlds.cloned("draft_resource") as world:
        port = free_ports()[0]
        url = world.url.render_as_string(hide_password=False)
        environment = surroundings(
            home,
            SHUQIAO_DATABASE_URL=url,
            SHUQIAO_PORT=str(port),
            SHUQIAO_REQUESTS_A_MINUTE="100000",
            SHUQIAO_DENIALS_A_MINUTE="100000",
        )
        process, origin = (
            WarmRole("control", environment, stderr=log_file),
            f"http://127.0.0.1:{port}",
        )
        try:
            wait_ready(origin, seconds=120)
            cookies = {cookie_name(): world.cookies["stranger"]}
            with httpx2.Client(base_url=origin, cookies=cookies, timeout=30.0) as http:
                yield http, world.resource_code
        finally:
            process.terminate()
            process.wait(30)


@pytest.mark.parametrize("kind", list(HIDDEN))
def test_medians_of_interleaved_pairs_are_close(
    stranger: tuple[httpx2.Client, str], kind: str
) -> None:
    http, code = stranger
    paths = [path.format(code=code) for path in HIDDEN[kind]]
    headers = {"accept": "text/html" if "page" in kind else "application/json"}
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(-10, PAIRS):
        for place in (0, 1) if number % 2 else (1, 0):
            begun = time.perf_counter()
            status = http.get(paths[place], headers=headers).status_code
            assert status == 404
            if number >= 0:
                taken[place].append(time.perf_counter() - begun)
    there, not_there = (median(each) for each in taken)
    print(f"{kind}: {there * 1_000:.2f} ms hidden, {not_there * 1_000:.2f} ms absent")
    assert abs(there - not_there) < CLOSE_SECONDS, (there, not_there)
