"""Many uploads at the same moment, on a running control process: few decoders within one memory,
a queue that is told when it is full, pages that go on, nothing decoded for nobody.
"""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from fixtures import callers
from fixtures.processes import eventually, free_ports, surroundings
from fixtures.streaming import wait_ready
from fixtures.warm_roles import WarmRole
from fixtures.world import Worlds

from shuqiao.arrow.child.places import Places
from shuqiao.settings import SMALLEST_DECODER
from tests.server.process.test_connections import Served

pytestmark = pytest.mark.timeout(300)
AT_ONCE = 60
PLACES, QUEUE = 2, 16
BUDGET = PLACES * SMALLEST_DECODER
BOUNDARY = "b0undary"
FILE = "代码,名称\n" + "".join(f"{row:05},小学\n" for row in range(20_000))
BODY = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="s.csv"\r\n'
    f"Content-Type: text/csv\r\n\r\n{FILE}\r\n--{BOUNDARY}--\r\n"
).encode()


@pytest.fixture(scope="module")
def control(
    worlds: Worlds, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    log_file = tmp_path_factory.mktemp("control") / "log"
    with worlds.cloned("draft_resource") as world:
        port = free_ports()[0]
        environment = surroundings(
            home,
            SHUQIAO_DATABASE_URL=world.url.render_as_string(hide_password=False),
            SHUQIAO_PORT=str(port),
            SHUQIAO_DECODERS_MEMORY_BYTES=str(BUDGET),
            SHUQIAO_DECODER_QUEUE=str(QUEUE),
            SHUQIAO_DECODER_WAIT_SECONDS="120",
            SHUQIAO_UPLOADS_PER_PERSON=str(AT_ONCE),  # what is asked here comes after that
        )
        process = WarmRole("control", environment, stderr=log_file)
        try:
            wait_ready(f"http://127.0.0.1:{port}", seconds=120)
            yield Served(port, world, log_file)
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture
def all_taken(home: Path, control: Served) -> Iterator[ExitStack]:
    """Every place is held by somebody else until the stack is closed."""
    (home / "decoders").mkdir(exist_ok=True)
    places = Places(home / "decoders", PLACES, QUEUE)
    with ExitStack() as taken:
        for _place in range(PLACES):
            taken.enter_context(places.hold(30))
        yield taken


def sent(control: Served) -> http.client.HTTPConnection:
    """An upload on its way."""
    connection = http.client.HTTPConnection("127.0.0.1", control.port, timeout=200)
    path = f"/api/v1/resources/{control.world.resource_code}/attachments"
    media = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    headers = control.credentials("registrar") | callers.once() | media
    connection.request("POST", path, BODY, headers)
    return connection


def answered(control: Served) -> tuple[int, str, str]:
    """Status, code of the problem and Retry-After of one upload."""
    connection = sent(control)
    try:
        answer = connection.getresponse()
        told = json.loads(answer.read())
        return answer.status, str(told.get("code", "")), answer.headers.get("retry-after", "")
    finally:
        connection.close()


def decoders() -> list[Path]:
    """Processes of this machine that decode for an installation with our limit."""
    found = []
    for limits in Path("/proc").glob("[0-9]*/limits"):
        try:
            space = next(
                line for line in limits.read_text().splitlines() if line.startswith("Max address")
            )
        except (OSError, StopIteration):
            continue
        if space.split()[3] == str(BUDGET // PLACES):
            found.append(limits.parent)
    return found


def resident(process: Path) -> int:
    try:
        return int((process / "statm").read_text().split()[1]) * 4_096
    except (OSError, IndexError):
        return 0


def test_of_sixty_uploads_each_succeeds_or_is_told_to_come_again(
    control: Served, all_taken: ExitStack
) -> None:
    most, memory, is_over = 0, 0, threading.Event()

    def look() -> None:
        nonlocal most, memory
        while not is_over.wait(0.005):
            running = decoders()
            most = max(most, len(running))
            memory = max(memory, sum(map(resident, running)))

    watching = threading.Thread(target=look)
    with ThreadPoolExecutor(AT_ONCE) as executor:
        uploads = [executor.submit(answered, control) for _upload in range(AT_ONCE)]
        assert eventually(
            lambda: sum(each.done() for each in uploads) == AT_ONCE - QUEUE, seconds=120
        )
        started = time.monotonic()
        with control.connected() as page:
            assert page.ask("GET", "/sign-in") == 200
        assert time.monotonic() - started < 10, "pages wait behind uploads"
        watching.start()
        all_taken.close()
        answers = Counter(each.result() for each in uploads)
    is_over.set()
    watching.join()

    assert answers == {(201, "", ""): QUEUE, (503, "decoders_busy", "5"): AT_ONCE - QUEUE}
    assert 1 <= most <= PLACES
    assert memory <= BUDGET


def test_who_leaves_the_queue_is_decoded_for_no_more(
    control: Served, all_taken: ExitStack, home: Path
) -> None:
    before = set((home / "uploads").iterdir())
    connection = sent(control)
    assert eventually(lambda: set((home / "uploads").iterdir()) != before, seconds=60)
    connection.close()
    assert eventually(lambda: set((home / "uploads").iterdir()) == before, seconds=60)
    all_taken.close()
    assert answered(control)[0] == 201
