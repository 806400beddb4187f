"""Disks of the running service fill and are freed: it is told, nothing is torn, all goes on."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psycopg
import pytest
from fixtures import callers, people
from fixtures.database import FAST, Cluster
from fixtures.service import Service, running_service
from fixtures.small_disk import fill, free, mounted
from fixtures.store import quick_folder
from fixtures.worlds import World

from server.process import migrating
from shuqiao import db
from shuqiao.context import working_on
from shuqiao.db import unit_of_work
from shuqiao.embedded import EmbeddedPostgres
from shuqiao.ids import uuid7

pytestmark = pytest.mark.timeout(300)

SMALL = b"a,b\n" + b"1,2\n" * 1_000
HEADROOM = {"SHUQIAO_DISK_HEADROOM_BYTES": "1048576"}


@pytest.fixture(scope="module")
def temporary() -> Iterator[Path]:
    with (
        tempfile.TemporaryDirectory(prefix="sq-disk-", dir=quick_folder()) as made,
        mounted(Path(made) / "tmp", "8m") as disk,
    ):
        yield disk


@pytest.fixture(scope="module")
def service(cluster: Cluster, temporary: Path) -> Iterator[Service]:
    with running_service(cluster, TMPDIR=str(temporary), **HEADROOM) as running:
        running.people["registrar"].sign_in()
        running.people["data_admin"].sign_in()
        running.story.adopt_elements()
        running.story.register()
        yield running


def disk_of(service: Service, name: str) -> Path:
    return Path(service.environment["SHUQIAO_HOME"], name)


def path_of(service: Service) -> str:
    return f"/api/v1/resources/{service.story.facts.resource_code}/attachments"


def attached(service: Service, content: bytes) -> httpx2.Response:
    """One try, without patience."""
    registrar = service.people["registrar"]
    return registrar.http.post(
        path_of(service),
        files={"file": ("a.csv", content, "text/csv")},
        headers={"x-csrf-token": registrar.csrf_token, "idempotency-key": uuid7().hex},
    )


def tried(service: Service) -> int:
    """How often the job has been tried that makes the snapshot."""
    url = service.environment["SHUQIAO_DATABASE_URL"].replace("+psycopg", "")
    query = "SELECT max(attempts) FROM jobs.procrastinate_jobs WHERE task_name LIKE '%snapshot'"
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[arg-type]
    return int(row[0] or 0) if row else 0


def assert_full(answer: httpx2.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_full"), answer.text
    assert int(answer.headers["retry-after"]) > 0


def test_the_folder_of_uploads_fills(service: Service) -> None:
    with mounted(disk_of(service, "uploads"), "8m") as disk:
        assert_full(attached(service, b"1,2\n" * 5_000_000))
        assert list(disk.iterdir()) == []

        def untold() -> Iterator[bytes]:
            part = (
                b'--b0undary\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
            )
            yield part
            for _each in range(20):
                yield b"1,2\n" * 250_000

        registrar = service.people["registrar"]
        token = {"x-csrf-token": registrar.csrf_token, "idempotency-key": uuid7().hex}
        media = {"content-type": "multipart/form-data; boundary=b0undary"}
        sent = registrar.http.post(path_of(service), content=untold(), headers=token | media)
        assert_full(sent)
        assert list(disk.iterdir()) == [], "half a file"
        assert attached(service, SMALL).status_code == 201
        fill(disk)
        assert_full(attached(service, SMALL))
        free(disk)
        assert attached(service, SMALL).status_code == 201


def test_the_temporary_folder_fills(service: Service, temporary: Path) -> None:
    """The decoder has no room, and no file is called damaged for it."""
    fill(temporary)
    assert_full(attached(service, SMALL))
    page = service.people["registrar"].http.get("/catalog/export?format=xlsx")
    assert page.status_code in (200, 507)
    free(temporary)
    assert attached(service, SMALL).status_code == 201


def test_the_snapshots_fill_and_the_job_waits_for_room(service: Service) -> None:
    made = attached(service, Path(service.story.samples / "schools.csv").read_bytes()).json()
    path = f"{path_of(service)}/{made['id']}"
    registrar = service.people["registrar"]
    with mounted(disk_of(service, "snapshots"), "8m") as disk:
        fill(disk, leave=500_000)
        registrar.post(f"{path}/snapshots", {}, success=202)
        while not tried(service):
            time.sleep(0.1)
        assert registrar.get(path)["status"] == "confirmed"
        assert [each.name for each in disk.iterdir()] == ["filler"]
        free(disk)
        registrar.wait(path, "stored")


@pytest.fixture
def on_small_disk(home: Path) -> Iterator[tuple[World, Path]]:
    """Applicants before a database of which the whole disk is small."""
    with tempfile.TemporaryDirectory(prefix="sq-disk-", dir=quick_folder()) as made:
        Path(made).chmod(0o711)
        with mounted(Path(made) / "disk", "160m") as disk:
            disk.chmod(0o711)
            with EmbeddedPostgres(disk / "home", options=FAST) as server:
                migrating.upgrade(server.owner_url.render_as_string(hide_password=False))
                db.configure(server.app_url.render_as_string(hide_password=False))
                world = World("accounts", server.app_url)
                with working_on(request_id="test"), unit_of_work() as session:
                    people.found_departments(session)
                    world.subjects = people.hire(session)
                with working_on(request_id="test"), unit_of_work() as session:
                    world.cookies["data_admin"] = people.sign_in(session, "data_admin")
                yield world, disk
                db.engine().dispose()


def test_the_disk_of_the_database_fills(on_small_disk: tuple[World, Path]) -> None:
    """Writing until nothing goes any more, then there is room again."""
    world, disk = on_small_disk
    client = callers.client(world, "data_admin", raising=False)

    body = {"definition": "定" * 400, "data_type": "C"}

    def told(count: int) -> list[httpx2.Response]:
        headers = [callers.once() for _each in range(count)]
        return [
            client.post(
                "/api/v1/elements", json=body | {"name": once["idempotency-key"]}, headers=once
            )
            for once in headers
        ]

    assert told(1)[0].status_code == 201
    fill(disk)
    refused: list[httpx2.Response] = []
    for _try in range(60):  # what is allocated already still takes some
        refused += [each for each in told(50) if each.status_code != 201]
        if len(refused) > 20:
            break
    assert refused, "the disk was not full"
    assert {each.status_code for each in refused} <= {503, 507}
    assert all(int(each.headers["retry-after"]) > 0 for each in refused)
    free(disk)
    deadline = time.monotonic() + 30
    while client.get("/readyz").status_code != 200 or told(1)[0].status_code != 201:
        assert time.monotonic() < deadline
        time.sleep(0.5)
