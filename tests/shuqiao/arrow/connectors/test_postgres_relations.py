"""What may be read in a department's database: what is the department's, listed or typed."""

from collections.abc import Iterator

import pytest
from fixtures.database import Cluster
from fixtures.department_database import DepartmentDatabase, of_cluster

from shuqiao.arrow.connectors.causes import Cause, ConnectorFailed
from shuqiao.arrow.connectors.postgres import Session


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> DepartmentDatabase:
    return of_cluster(cluster, "dept_relations")


@pytest.fixture
def extended(database: DepartmentDatabase) -> Iterator[DepartmentDatabase]:
    """With a table that an extension brought, in the midst of the department's."""
    database.do("CREATE TABLE of_an_extension (id int)")
    database.do("ALTER EXTENSION plpgsql ADD TABLE of_an_extension")
    database.grant("of_an_extension")
    yield database
    database.do("ALTER EXTENSION plpgsql DROP TABLE of_an_extension", "DROP TABLE of_an_extension")


@pytest.mark.parametrize("schema", ["pg_catalog", "information_schema", "pg_toast", "public"])
def test_what_is_the_servers_own_is_not_there_whoever_types_its_name(
    extended: DepartmentDatabase, schema: str
) -> None:
    """Readable to every account: roles, settings, samples of the planner, statements of others."""
    rows = extended.ask(
        "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = %s::regnamespace"
        " AND c.relkind IN ('r', 'v', 't') AND c.relname NOT IN ('school', 'secret')",
        [schema],
    )
    every = [name for (name,) in rows]
    assert every
    with Session(extended.connection) as session:
        listed = {(each.schema, each.name) for each in session.tables()}
        assert listed == {("public", "school")}
        for name in every:
            with pytest.raises(ConnectorFailed) as caught:
                session.describe(schema, name)
            assert caught.value.cause is Cause.RELATION_MISSING


def test_a_view_is_the_departments_word_whatever_it_reaches_for(
    database: DepartmentDatabase,
) -> None:
    database.do("CREATE VIEW accounts AS SELECT rolname::text FROM pg_roles")
    database.grant("accounts")
    with Session(database.connection) as session:
        assert ("public", "accounts") in {(each.schema, each.name) for each in session.tables()}
        assert [each.name for each in session.describe("public", "accounts").columns] == ["rolname"]
    database.do("DROP VIEW accounts")
