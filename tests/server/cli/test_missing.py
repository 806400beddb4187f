"""One sentence for each thing that can be missing: what it is and how to mend it, no traceback.

Each as the process that an operator starts.
"""

import json
import os
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from fixtures.database import Cluster
from fixtures.processes import PROGRAM, surroundings
from fixtures.small_disk import fill, mounted

from server.tables import REVISION
from shuqiao.roles import administering

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
AWAY = "postgresql+psycopg://shuqiao_app:geheim@127.0.0.1:1/shuqiao"
OURS = {"SHUQIAO_DATABASE_URL": AWAY, "SHUQIAO_PORT": "0", "SHUQIAO_DATA_PORT": "0"}
OWNER = {"SHUQIAO_OWNER_DATABASE_URL": AWAY}


def told(
    words: Sequence[str], home: Path, changed: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, "server.cli", *words],
        env=surroundings(home, **changed),
        capture_output=True,
        text=True,
        timeout=250,
    )


def is_refused(done: subprocess.CompletedProcess[str], *named: str) -> None:
    """Its last line names everything in ``named``; of a role it is a line of its log."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr and "geheim" not in done.stderr, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    if lines[-1].startswith("{"):
        last = json.loads(lines[-1])
        assert (last["event"], last.get("exception")) == ("cannot_start", None)
        said = last["reason"]
    else:
        said = lines[-1]
        assert not [line for line in lines[:-1] if not line.startswith("{")], done.stderr
    assert [word for word in named if word not in said] == [], said


@pytest.mark.parametrize(
    ("words", "changed", "named"),
    [
        ("migrate", OURS, ["SHUQIAO_OWNER_DATABASE_URL is not set"]),
        ("migrate", OURS | OWNER, ["the database cannot be used", "Connection refused"]),
        ("department list", OURS, ["the database cannot be used", "Connection refused"]),
        ("department list", {"SHUQIAO_DATABASE_URL": "geheim"}, ["DATABASE_URL", "write postgres"]),
        ("serve", OURS | {"SHUQIAO_PORT": "abc"}, ["SHUQIAO_PORT", "valid integer"]),
        ("serve", OURS | {"SHUQIAO_ALLOWED_HOSTS": "a,b"}, ["SHUQIAO_ALLOWED_HOSTS", "JSON"]),
        (
            "serve",
            OURS | {"SHUQIAO_ENVIRONMENT": "production", "SHUQIAO_CLOCK": ""},
            ["SHUQIAO_PUBLIC_URL must be https://"],
        ),
        (
            "serve control",
            OURS | {"SHUQIAO_LOCAL_DEADLINES": "/nowhere.toml"},
            ["/nowhere.toml", "No such file"],
        ),
    ],
    ids=[
        "no owner",
        "database away",
        "database away for a command",
        "no address",
        "no number",
        "no list",
        "no public address",
        "no table of limits",
    ],
)
def test_a_setting_that_is_missing_or_wrong(
    tmp_path: Path, words: str, changed: dict[str, str], named: list[str]
) -> None:
    is_refused(told(words.split(), tmp_path, changed), *named)


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = told(["serve"], tmp_path, OURS | {"SHUQIAO_PORT": port})
    is_refused(done, f"port {port}", "free it or set SHUQIAO_PORT")


def test_a_home_that_is_no_folder(tmp_path: Path) -> None:
    """For root too, whom no permission keeps out."""
    (tmp_path / "file").touch()
    for words, changed in ((["migrate"], {}), (["serve", "control"], OURS)):
        done = told(words, tmp_path / "file" / "home", changed)
        is_refused(done, str(tmp_path / "file"), "set SHUQIAO_HOME to a folder")


def test_a_home_on_a_full_disk() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="sq-full-") as folder,
        mounted(Path(folder) / "disk", "8m") as disk,
    ):
        os.chmod(folder, 0o711)
        disk.chmod(0o711)
        fill(disk)
        is_refused(told(["migrate"], disk / "home", {}), "No space left on device")


def test_a_wrong_password(cluster: Cluster, tmp_path: Path) -> None:
    url = cluster.app_url.set(password="geheim").render_as_string(hide_password=False)
    done = told(["department", "list"], tmp_path, {"SHUQIAO_DATABASE_URL": url})
    is_refused(done, "the database cannot be used", "password authentication failed")


def test_a_database_at_another_revision(cluster: Cluster, tmp_path: Path) -> None:
    for urls in (cluster.fresh(), cluster.empty("nothing")):
        with administering(cluster.superuser_url.set(database=urls.app_url.database)) as admin:
            if admin.execute("SELECT to_regclass('alembic_version')").fetchone() != (None,):
                admin.execute("UPDATE alembic_version SET version_num = '0001'")
        url = urls.app_url.render_as_string(hide_password=False)
        done = told(["department", "list"], tmp_path, {"SHUQIAO_DATABASE_URL": url})
        is_refused(done, "the database is at revision", REVISION, "shuqiao migrate")
