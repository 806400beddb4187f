"""What an operator does before the story begins: departments, accounts, a connection, each by the
operator's own command line.
"""

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

from server.demo.actors import StoryFailed
from server.demo.department import make_database
from server.demo.second import FILE, script
from server.process.database import Database
from server.process.last_one_out import PROGRAM

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def bootstrap() -> dict[str, dict[str, Any]]:
    """Departments and accounts, by the operator's own command line;
    gives the accounts with their passwords.
    """
    departments = str(SAMPLES / "departments.toml")
    _operator("area", "load", str(SAMPLES / "areas.csv"), "--source", "GB/T 2260（samples）")
    zone = ("150271", "包头稀土高新技术产业开发区", "--parent", "150200")
    _operator("area", "add", *zone, "--basis", "示例：国函〔1992〕169号", "--since", "1992-11-09")
    _operator("department", "add", "--from", departments)
    _operator("department", "describe", "--from", departments)
    return people_of("accounts.toml")


def people_of(file: str) -> dict[str, dict[str, Any]]:
    """Accounts of a file of the samples, added by the operator's own
    command line, with their passwords.
    """
    departments = str(SAMPLES / "departments.toml")
    made = _operator(
        "user", "add", "--from", str(SAMPLES / file), "--departments", departments, "--json"
    )
    return {entry["account"]: entry for entry in json.loads(made)}


def connect(database: Database) -> dict[str, dict[str, Any]]:
    """The second department's own database, its people, and the
    connection as the operator writes it down.
    """
    assert database.embedded is not None, "the demo brings its own server"
    wanted = script(SAMPLES)["connection"]
    departments = tomllib.loads((SAMPLES / "departments.toml").read_text(encoding="utf-8"))[
        "department"
    ]
    code = next(entry["code"] for entry in departments if entry["key"] == wanted["department"])
    entry = make_database(database.embedded.superuser_url, wanted, SAMPLES)
    _operator(
        "connection",
        "add",
        wanted["alias"],
        "--department",
        code,
        "--host",
        entry.host,
        "--port",
        str(entry.port),
        "--database",
        wanted["database"],
        "--user",
        wanted["user"],
        "--password-stdin",
        typed=f"{entry.password}\n",
    )
    return people_of(FILE)


def _operator(*words: str, typed: str | None = None) -> str:
    command = [*PROGRAM, "server.cli", *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, input=typed, text=True, check=False)
    if done.returncode != 0:
        raise StoryFailed(f"shuqiao {' '.join(words[:2])} ended with {done.returncode}")
    return done.stdout
