"""It starts from what it ships: the runtime lock and the two wheels, with no checkout around.

``make install-check``. The installation is what the Dockerfile makes; the roles run from it on a
PostgreSQL of the site over TCP, as docker-compose.yml says, and with the extra on the embedded one.
No Docker engine is needed.
"""

import http.client
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fixtures.casting import MOMENT, played, urls_of
from fixtures.processes import eventually, free_ports, processes_of
from fixtures.tcp_postgres import tcp_postgres
from packaging.utils import canonicalize_name

import run as door
from shuqiao.embedded import EmbeddedPostgres
from tests.architecture.sources import PACKAGES
from tests.setup.compose import SERVICES, Deployment, in_order
from tests.setup.image import ROOT, Image
from tests.setup.own_client import Wheel
from tests.setup.test_lock_files import pins

pytestmark = [pytest.mark.installation, pytest.mark.timeout(900)]
#: Prints where each named package lies. The demo needs an extra and the samples of a checkout, the
#: collector of traces an extra that is loaded where one is named.
IMPORT_ALL = """
import importlib, pathlib, sys
for top in sys.argv[1:]:
    folder = pathlib.Path(importlib.import_module(top).__file__).parent
    for file in folder.rglob("*.py"):
        name = ".".join(file.relative_to(folder.parent).with_suffix("").parts)
        if not name.startswith(("server.demo.", "server.process.collector")):
            importlib.import_module(name.removesuffix(".__init__"))
    print(top, folder)
"""


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    """The installation, in a folder that the embedded database's own user can enter."""
    with tempfile.TemporaryDirectory(prefix="sq-installation-") as folder:
        Path(folder).chmod(0o711)
        made = Image(Path(folder))
        made.build()
        yield made


@pytest.fixture(autouse=True)
def nothing_is_left(image: Image) -> Iterator[None]:
    yield
    assert eventually(lambda: not processes_of(image.folder), seconds=20), processes_of(
        image.folder
    )


class Role:
    """An HTTP role, asked under the host name that it answers to."""

    def __init__(self, port: int, origin: str) -> None:
        self.port, self.host = port, urlsplit(origin).netloc

    def get(self, path: str) -> tuple[int, str]:
        """Status and text; 0 when nobody answers."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            asked.request("GET", path, headers={"Host": self.host})
            answer = asked.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            asked.close()


@contextmanager
def started(
    image: Image, words: list[str], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the installation; it must drain and end with 0 at SIGTERM."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            words, env=environment, cwd=image.workplace, stdout=said, stderr=said
        )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, log.read_text(encoding="utf-8")[-4000:]
    finally:
        process.kill()
        process.wait()


def works(control: Role, data: Role, logs: list[Path]) -> None:
    """Both HTTP roles are ready, the worker works, a page comes with styles and scripts."""

    def told() -> str:
        return "\n".join(log.read_text(encoding="utf-8") for log in logs)

    for role in (control, data):
        assert eventually(lambda role=role: role.get("/readyz")[0] == 200, seconds=90), told()[
            -4000:
        ]  # type: ignore[misc]
    assert eventually(lambda: '"event": "working"' in told(), seconds=60), told()[-4000:]
    status, page = control.get("/sign-in")
    assert (status, "登录" in page) == (200, True)
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert any("/vendor/" in file for file in files)
    assert {file: control.get(file)[0] for file in files} == dict.fromkeys(files, 200)


def test_it_holds_the_locked_packages_and_our_two_wheels(image: Image) -> None:
    ask = "import importlib.metadata as m\nfor d in m.distributions(): print(d.name, d.version)"
    answer = image.run(["python", "-I", "-c", ask], image.environment())
    told = (line.split() for line in answer.stdout.splitlines())
    held = {(canonicalize_name(name), version) for name, version in told}
    assert {name for name, _ in held - pins("requirements.lock")} == {"shuqiao", "shuqiao-client"}


def test_every_module_that_a_role_may_load_can_be_loaded(image: Image) -> None:
    """Late imports too; Alembic loads the migrations in the tests below."""
    packages = (*PACKAGES, "shuqiao_client")
    done = image.run(["python", "-P", "-c", IMPORT_ALL, *packages], image.environment())
    assert done.returncode == 0, done.stderr
    places = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert [name for name in packages if not places[name].startswith(str(image.folder))] == []


def test_the_programs_answer(image: Image) -> None:
    for words in (["sq", "--help"], ["shuqiao", "--help"]):
        done = image.run(words, image.environment())
        assert (done.returncode, "Usage: " in done.stdout) == (0, True), done.stderr


def test_the_demo_says_where_it_can_be_played(image: Image) -> None:
    done = image.run(["shuqiao", "demo", "--once"], image.environment())
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "checkout" in done.stderr


def on_free_ports(image: Image, folder: str, **changed: str) -> dict[str, str]:
    """Settings of a service of the image, with a home of its own."""
    port, data_port = map(str, free_ports())
    home = image.folder / folder
    home.mkdir(mode=0o711)
    return image.environment(
        SHUQIAO_ENVIRONMENT="test",
        SHUQIAO_HOME=str(home),
        SHUQIAO_HOST="127.0.0.1",
        SHUQIAO_PORT=port,
        SHUQIAO_DATA_PORT=data_port,
        **changed,
    )


def roles_of(environment: Mapping[str, str]) -> tuple[Role, Role]:
    ports = (int(environment[name]) for name in ("SHUQIAO_PORT", "SHUQIAO_DATA_PORT"))
    control, data = (Role(port, f"http://127.0.0.1:{port}") for port in ports)
    return control, data


def test_it_serves_the_whole_story_on_a_database_of_the_site(image: Image, tmp_path: Path) -> None:
    """From the first account to the rows in Arrow: the service from the core lock, the rows by the
    client from its own wheel in an environment of its own.
    """
    log = image.folder / "external.log"
    with tcp_postgres() as superuser:
        environment = on_free_ports(image, "external", **urls_of(superuser), SHUQIAO_CLOCK=MOMENT)
        migrated = image.run(["shuqiao", "migrate", "--bootstrap"], environment)
        assert migrated.returncode == 0, migrated.stderr
        with started(image, ["shuqiao", "serve"], environment, log):
            control, data = roles_of(environment)
            works(control, data, [log])
            facts = played(
                lambda *words: image.run(["shuqiao", *words], environment),
                f"http://127.0.0.1:{control.port}",
                tmp_path,
                fetching=Wheel(tmp_path / "client").fetch,
            )
        assert facts.rows == 100
    assert "Traceback" not in log.read_text(encoding="utf-8")


def test_without_a_database_it_names_the_extra(image: Image) -> None:
    for words in (["serve"], ["migrate"]):
        environment = on_free_ports(image, f"none-{words[0]}")
        done = image.run(["shuqiao", *words], environment)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert "SHUQIAO_DATABASE_URL" in done.stderr and "shuqiao[embedded]" in done.stderr


@pytest.fixture
def deployment(image: Image) -> Iterator[Deployment]:
    """The compose file beside a PostgreSQL that knows nothing of us yet, in the place of ``db``."""
    ports = dict(zip(("SHUQIAO_PORT", "SHUQIAO_DATA_PORT"), map(str, free_ports()), strict=True))
    home = image.folder / "database"
    home.mkdir(mode=0o711)
    with EmbeddedPostgres(
        home, database="other", owner_role="other_owner", app_role="other_app"
    ) as server:
        yield Deployment(image, server.superuser_url, SHUQIAO_HOST="127.0.0.1", **ports)


def test_the_compose_file_brings_every_service_up_in_its_order(deployment: Deployment) -> None:
    logs = {name: deployment.folder / f"{name}.log" for name in SERVICES}
    control, data = (
        Role(int(deployment.changed[port]), deployment.variables[url])
        for port, url in (
            ("SHUQIAO_PORT", "SHUQIAO_PUBLIC_URL"),
            ("SHUQIAO_DATA_PORT", "SHUQIAO_DATA_URL"),
        )
    )
    with ExitStack() as running:
        for name, ends in in_order():
            if ends:
                done = deployment.run(name)
                assert done.returncode == 0, done.stderr
            else:
                process = started(
                    deployment.image,
                    deployment.command(name),
                    deployment.environment(name),
                    logs[name],
                )
                running.enter_context(process)
        works(control, data, [logs["control"], logs["data"], logs["worker"]])
        for name in SERVICES:
            if name != "db" and (words := deployment.health(name)):
                assert deployment.run(name, words).returncode == 0, name
        again = deployment.run("migrate")
        assert (again.returncode, "none new" in again.stdout) == (0, True), again.stderr
    gone = deployment.run("control", deployment.health("control"))
    assert gone.returncode == 1
    assert "control does not answer on port" in gone.stderr


def test_with_the_extra_it_migrates_and_serves_on_a_database_of_its_own(image: Image) -> None:
    """Last, since what it adds stays."""
    uv = Path(sys.executable).with_name("uv")
    lock = ROOT / "requirements-embedded.lock"
    install = [uv, "pip", "install", "-q", "--require-hashes", "--only-binary", ":all:", "-r", lock]
    python = image.folder / "opt" / "shuqiao" / "bin" / "python"
    subprocess.run([*install, "--python", python], env=door.mirror_env(), check=True)
    environment = on_free_ports(image, "embedded")
    migrated = image.run(["shuqiao", "migrate"], environment)
    assert migrated.returncode == 0, migrated.stderr
    log = image.folder / "embedded.log"
    with started(image, ["shuqiao", "serve"], environment, log):
        works(*roles_of(environment), [log])
