"""What docker-compose.yml starts, in its order, with its settings and secrets, on a database of its own; no engine."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from sqlalchemy import URL, make_url

from shuqiao.embedded import EmbeddedPostgres

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
ROOT = Path(__file__).resolve().parents[2]
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
PUBLIC = {"SHUQIAO_PUBLIC_URL": "https://shuqiao.example", "SHUQIAO_DATA_URL": "https://data.example"}


def free_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


class Box:
    """A service of the compose file as a process: its command, its environment, its secrets, nothing of ours."""

    def __init__(self, folder: Path, urls: dict[str, str], ports: dict[str, str]) -> None:
        self.folder, self.urls, self.ports = folder, urls, ports

    def environment(self, name: str) -> dict[str, str]:
        secrets = self.folder / f"secrets-{name}"
        secrets.mkdir(exist_ok=True)
        for secret in SERVICES[name]["secrets"]:
            (secrets / secret).write_text(self.urls[secret], encoding="utf-8")
        stated = {key: str(value) for key, value in SERVICES[name]["environment"].items() if "${" not in str(value)}
        return {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", **stated, **PUBLIC, **self.ports,
            "SHUQIAO_HOME": str(self.folder / "home"), "SHUQIAO_HOST": "127.0.0.1",
            "CREDENTIALS_DIRECTORY": str(secrets),
        }  # fmt: skip

    def command(self, name: str, words: list[str] | None = None) -> list[str]:
        return [sys.executable, "-m", "server.cli", *(words or SERVICES[name]["command"])]

    def run(self, name: str, words: list[str] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(name, words), env=self.environment(name), cwd=ROOT, capture_output=True, text=True, timeout=120
        )

    def start(self, name: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(self.command(name), env=self.environment(name), cwd=ROOT, stderr=log)


@pytest.fixture
def box(cluster: EmbeddedPostgres, tmp_path: Path) -> Iterator[Box]:
    owner = cluster.superuser_url.set(username="site_owner", password="owner secret/1", database="site")

    def text(url: URL) -> str:
        return url.render_as_string(hide_password=False)

    urls = {
        "shuqiao_admin_database_url": text(cluster.superuser_url),
        "shuqiao_owner_database_url": text(owner),
        "shuqiao_database_url": text(owner.set(username="site_app", password="app secret/2")),
    }
    ports = {"SHUQIAO_PORT": free_port(), "SHUQIAO_DATA_PORT": free_port(), "SHUQIAO_APP_ROLE": "site_app"}
    yield Box(tmp_path, urls, ports)
    with psycopg.connect(text(cluster.superuser_url.set(drivername="postgresql")), autocommit=True) as superuser:
        superuser.execute("DROP DATABASE IF EXISTS site WITH (FORCE)")
        superuser.execute("DROP ROLE IF EXISTS site_app")
        superuser.execute("DROP ROLE IF EXISTS site_owner")


def test_bootstrap_migrate_and_all_roles_come_up_and_go_down(box: Box) -> None:
    assert make_url(box.urls["shuqiao_database_url"]).password not in " ".join(box.command("migrate"))
    first = box.run("migrate")
    assert first.returncode == 0, first.stderr
    again = box.run("migrate")
    assert again.returncode == 0, again.stderr
    assert "none new" in again.stdout
    running = {name: box.start(name) for name in ("control", "data", "worker")}
    try:
        for name in ("control", "data"):
            wait_healthy(box, name, running[name])
        assert running["worker"].poll() is None
    finally:
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        ended = {name: process.wait(40) for name, process in running.items()}
    assert set(ended.values()) == {0}, ended
    done = box.run("control", ["health", "control"])
    assert (done.returncode, done.stdout) == (1, "")
    assert "control does not answer on port" in done.stderr


def wait_healthy(box: Box, name: str, process: subprocess.Popen[bytes]) -> None:
    """By the very check that the compose file states."""
    words = SERVICES[name]["healthcheck"]["test"][2:]
    deadline = time.monotonic() + 90
    while (done := box.run(name, words)).returncode:
        assert process.poll() is None, (box.folder / f"{name}.log").read_text(encoding="utf-8")
        assert time.monotonic() < deadline, done.stderr
        time.sleep(0.3)
