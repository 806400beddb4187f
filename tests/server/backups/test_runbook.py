"""The runbook of ``docs/operations.md``, command by command, on a real installation: backed up,
destroyed, restored, mended, and delivering again under the same pseudonyms.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx2
import pyarrow as pa
import pytest
from fixtures.backed_up import Installation, told
from fixtures.database import MIGRATED, Cluster
from fixtures.processes import (
    PROGRAM,
    Tree,
    eventually,
    free_ports,
    processes_of,
    public_home,
    serving,
    surroundings,
)
from fixtures.tcp_postgres import PASSWORD, tcp_postgres

from bench.granted import Granted, grant_on_table

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
FIRST = "once"


def blocks(page: str) -> dict[str, str]:
    """Heading of the runbook → the commands below it; those before the first heading under it."""
    runbook = page.split("\n## 12. Runbook\n")[1]
    found = re.split(r"^### (.+)$", f"### {FIRST}\n{runbook}", flags=re.MULTILINE)
    return {
        title: "\n".join(re.findall(r"^    (.+)$", text, re.MULTILINE))
        for title, text in zip(found[1::2], found[2::2], strict=True)
    }


@pytest.fixture
def granted(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Installation, Granted]:
    """A grant with pseudonyms, on a home and a database of the test."""
    urls = cluster.fresh(MIGRATED)
    made = grant_on_table(
        urls.owner_url.render_as_string(hide_password=False),
        tmp_path / "first",
        3000,
        columns=["id", "name", "phone"],
        masks={"phone": {"kind": "pseudonym"}},
        keep=None,
    )
    of = Installation(tmp_path / "first", str(urls.app_url.database), cluster, monkeypatch)
    (of.home / "keys").mkdir(mode=0o700, exist_ok=True)
    return of, made


def program(words: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, "server.cli", *words], env=dict(environment), capture_output=True, text=True
    )


def delivered(tree: Tree, granted: Granted) -> str:
    """Digest of the rows that the grant gives."""
    tree.wait_ready("control", "data")
    answer = httpx2.get(
        f"{tree.url('data')}/api/v1/grants/{granted.grant_no}/data",
        headers={"authorization": f"Bearer {granted.token}"},
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    rows = pa.ipc.open_stream(answer.content).read_all()
    assert rows.num_rows == 3000
    return hashlib.sha256(repr(rows.to_pydict()).encode()).hexdigest()


def emptied(home: Path) -> None:
    """As after the loss of the machine: only the empty folder."""
    assert eventually(lambda: not processes_of(home), seconds=60), processes_of(home)
    for path in home.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def test_the_runbook_runs(
    granted: tuple[Installation, Granted], checkout: Path, tmp_path: Path
) -> None:
    pages = blocks((checkout / "docs" / "operations.md").read_text(encoding="utf-8"))
    first, grant = granted
    with first.entered():
        told("backup", tmp_path / "seed", "--without-keys")
    with public_home() as home:
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        around = surroundings(
            home,
            PATH=programs,
            LANG="en_GB.UTF-8",
            BACKUPS=str(tmp_path / "backups"),
            PASSPHRASE=str(tmp_path / "passphrase"),
        )
        done = program(["restore", str(tmp_path / "seed"), "--without-keys"], around)
        assert done.returncode == 0, done.stderr

        def run(title: str) -> str:
            said = subprocess.run(
                ["sh", "-euc", pages[title]], env=around, capture_output=True, text=True
            )
            assert said.returncode == 0, (title, said.stdout, said.stderr)
            return said.stdout

        with serving(home) as tree:
            before = delivered(tree, grant)
            pages[FIRST] = "\n".join(
                line for line in pages[FIRST].splitlines() if "export" not in line
            )
            run(FIRST)
            run("Back up every night")
            assert tree.status("control") == 200
        (key,) = (home / "keys").glob("mask.*")
        secret = key.read_bytes()

        emptied(home)
        said = run("Restore on a new machine")
        assert "proved: the trail verifies" in said and "in force again" in said
        assert "server:backup" not in run("Verify the trail")

        snapshot = next((home / "snapshots").iterdir())
        shutil.rmtree(snapshot)
        assert f"snapshots/{snapshot.name}/manifest.json is missing" in run(
            "A snapshot's folder is lost or damaged"
        )
        key.unlink()
        assert f"Key put back: {key.name}" in run("A key is lost")
        run("The disk is full")
        run("Update")
        assert key.read_bytes() == secret
        with serving(home) as tree:
            assert delivered(tree, grant) == before
    assert set(pages) - {"Move to another machine"} == {
        FIRST,
        "Back up every night",
        "Restore on a new machine",
        "Verify the trail",
        "A snapshot's folder is lost or damaged",
        "A key is lost",
        "The disk is full",
        "Update",
    }


def test_a_killed_restore_serves_nobody_and_can_be_made_again(
    granted: tuple[Installation, Granted], tmp_path: Path
) -> None:
    first, _grant = granted
    with first.entered():
        told("backup", tmp_path / "seed", "--without-keys")
    words = ["restore", str(tmp_path / "seed"), "--without-keys"]
    with public_home() as home:
        port, data_port = map(str, free_ports())  # those of the settings may be somebody's
        ports = {"SHUQIAO_PORT": port, "SHUQIAO_DATA_PORT": data_port}
        around = surroundings(home, LANG="en_GB.UTF-8", **ports)
        for moment in ("restoring", "postgres/postmaster.pid"):
            process = subprocess.Popen([*PROGRAM, "server.cli", *words], env=around)
            assert eventually((home / moment).exists, seconds=120)
            process.send_signal(signal.SIGKILL)
            process.wait()
            for command in (["serve"], ["user", "list"], ["migrate"], words):
                done = program(command, around)
                assert (done.returncode, "broken off" in done.stderr) == (1, True), done.stderr
            look = program(["check-home"], around)
            assert (look.returncode, "broken off" in look.stdout) == (1, True), look.stderr
            emptied(home)
        done = program(words, around)
        assert done.returncode == 0, done.stderr
        assert program(["check-home", "--thorough"], around).returncode == 0


def test_a_database_of_ones_own_over_tcp(
    granted: tuple[Installation, Granted], tmp_path: Path
) -> None:
    first, _grant = granted
    with first.entered():
        told("backup", tmp_path / "seed", "--without-keys")
    with tcp_postgres() as admin:
        addresses = {
            "SHUQIAO_ADMIN_DATABASE_URL": admin,
            "SHUQIAO_OWNER_DATABASE_URL": admin.set(
                username="shuqiao_owner", password="of-the-owner", database="shuqiao"
            ),
            "SHUQIAO_DATABASE_URL": admin.set(
                username="shuqiao_app", password="of-the-service", database="shuqiao"
            ),
        }
        shown = {name: url.render_as_string(hide_password=False) for name, url in addresses.items()}
        around = surroundings(tmp_path / "home", **shown)
        restored = program(
            ["restore", str(tmp_path / "seed"), "--without-keys", "--bootstrap"], around
        )
        assert restored.returncode == 0, restored.stderr
        backup = program(["backup", str(tmp_path / "again"), "--without-keys"], around)
        assert backup.returncode == 0, backup.stderr
        refused = program(["restore", str(tmp_path / "again"), "--without-keys"], around)
        assert (refused.returncode, PASSWORD in refused.stderr) == (1, False)
        apart = {**around, "SHUQIAO_HOME": str(tmp_path / "other")}
        refused = program(["restore", str(tmp_path / "again"), "--without-keys"], apart)
        assert (refused.returncode, "shuqiao" in refused.stderr) == (1, True)
        assert not (tmp_path / "other" / "restoring").exists()
