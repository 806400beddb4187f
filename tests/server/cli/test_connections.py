"""``shuqiao connection``: the operator writes a connection down; its
password is in no output and no event.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures import people
from fixtures.database import Cluster
from fixtures.department_database import PASSWORD, DepartmentDatabase, of_cluster
from sqlalchemy import text
from typer.testing import CliRunner, Result

from server.cli.main import app
from shuqiao import db
from shuqiao.arrow.connectors.registered import Connection, aliases
from shuqiao.settings import settings

CODE = people.DEPARTMENTS["education"][1]


@pytest.fixture
def database_url(cluster: Cluster) -> Iterator[str]:
    made = cluster.fresh().app_url
    yield made.render_as_string(hide_password=False)
    cluster.drop(made)


@pytest.fixture
def operator(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands work on an installation of their own: database and home."""
    monkeypatch.setenv("SHUQIAO_DATABASE_URL", database_url)
    monkeypatch.setenv("SHUQIAO_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    shuqiao("department", "add", CODE, "教育厅")
    yield
    db.engine().dispose()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def there(cluster: Cluster) -> DepartmentDatabase:
    return of_cluster(cluster)


def shuqiao(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, list(words), input=stdin)


def add(there: DepartmentDatabase, *, department: str = CODE, password: str = PASSWORD) -> Result:
    found = there.connection
    return shuqiao(
        "connection",
        "add",
        "edu",
        "--department",
        department,
        "--host",
        found.host,
        "--port",
        str(found.port),
        "--database",
        found.database,
        "--user",
        found.user,
        "--password-stdin",
        stdin=f"{password}\n",
    )


def test_a_connection_is_added_tested_listed_and_removed(
    operator: None, there: DepartmentDatabase
) -> None:
    told = [
        add(there),
        shuqiao("connection", "test", "edu"),
        shuqiao("connection", "list", "--json"),
    ]
    assert [each.exit_code for each in told] == [0, 0, 0], [each.output for each in told]
    assert Connection.load("edu").password == PASSWORD
    assert [each["alias"] for each in json.loads(told[2].stdout)] == ["edu"]
    told.append(shuqiao("connection", "remove", "edu"))
    assert told[3].exit_code == 0 and aliases() == []
    assert not any(PASSWORD in each.output for each in told)
    engine = db.make_engine(settings().database_url or "")
    with engine.connect() as connection:
        events = (
            connection.execute(text("SELECT convert_from(canon, 'UTF8') FROM audit_event"))
            .scalars()
            .all()
        )
    engine.dispose()
    assert sum("catalog:connection:" in event for event in events) >= 3
    assert not any(PASSWORD in event for event in events)


def test_a_failed_test_ends_with_1_and_the_cause(operator: None, there: DepartmentDatabase) -> None:
    add(there, password="falsch-42")
    failed = shuqiao("connection", "test", "edu")
    assert failed.exit_code == 1
    assert "口令" in failed.output
    assert "falsch-42" not in failed.output
    assert (
        json.loads(shuqiao("connection", "test", "edu", "--json").stdout)[0]["cause"]
        == "password_refused"
    )


def test_nothing_is_written_for_a_department_that_does_not_exist(
    operator: None, there: DepartmentDatabase
) -> None:
    assert add(there, department="123").exit_code != 0
    assert aliases() == []
