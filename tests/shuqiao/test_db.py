"""Sessions of the process: where they come from, their limits, and starting over.

The edge is in tests/server.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

import pytest
import sqlalchemy
from fixtures.world import Worlds
from fixtures.worlds import World
from sqlalchemy import Column, Engine, MetaData, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateTable
from sqlmodel import Session

from audit.append import recorded
from auth.departments import service as departments
from auth.departments.models import Department
from shuqiao import db
from shuqiao.db import Table, choice, reading, start_over, unit_of_work
from shuqiao.unrecorded import UnrecordedChange

At = Callable[[str], World]
NEW: Final = {"code": "11150000009900099B", "name": "临时部门"}


class Colour(StrEnum):
    """Words of a closed set."""

    RED = "red"
    DARK_BLUE = "dark_blue"


def test_a_closed_set_is_text_with_a_named_check() -> None:
    own = MetaData(naming_convention=Table.metadata.naming_convention)
    painted = sqlalchemy.Table("painted", own, Column("colour", choice(Colour, "colour")))
    statement = str(CreateTable(painted))
    assert "VARCHAR(40)" in statement
    assert "CONSTRAINT painted_colour_check CHECK (colour IN ('red', 'dark_blue'))" in statement


def test_sessions_run_in_utc_with_time_outs_and_find_the_queue(app_engine: Engine) -> None:
    with app_engine.connect() as connection:
        shown = {
            name: connection.execute(text(f"SHOW {name}")).scalar_one()
            for name in (
                "timezone",
                "statement_timeout",
                "lock_timeout",
                "search_path",
                "application_name",
            )
        }
    assert shown == {
        "timezone": "UTC",
        "statement_timeout": "5s",
        "lock_timeout": "1s",
        "search_path": "public,jobs",
        "application_name": "shuqiao",
    }


def test_an_error_does_not_show_the_values(session: Session) -> None:
    with pytest.raises(Exception, match="hidden") as caught:
        session.connection().execute(text("SELECT CAST(:secret AS int)"), {"secret": "口令-4711"})
    assert "hide_parameters=True" in str(caught.value)


def test_a_statement_that_takes_too_long_is_broken_off(app_engine: Engine) -> None:
    with app_engine.connect() as connection:
        connection.execute(text("SET statement_timeout = 50"))
        with pytest.raises(OperationalError, match="statement timeout"):
            connection.execute(text("SELECT pg_sleep(5)"))


def test_a_process_without_a_database_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "_bind", None)
    with pytest.raises(RuntimeError, match="configure"), reading():
        pass


def test_rows_stay_readable_after_their_transaction(committed_world: At) -> None:
    committed_world("accounts")
    with reading() as session:
        department = (
            session.connection().execute(text("SELECT name FROM department LIMIT 1")).scalar_one()
        )
    with unit_of_work() as session:
        row = session.get(
            Department,
            session.connection().execute(text("SELECT id FROM department LIMIT 1")).scalar_one(),
        )
    assert row is not None
    assert row.name == department


def test_starting_over_forgets_changes_and_events(committed_world: At) -> None:
    committed_world("accounts")
    with unit_of_work() as session:
        session.add(Department(**NEW))
        session.flush()
        start_over(session)
    with reading() as session:
        assert (
            session.connection()
            .execute(text("SELECT count(*) FROM department WHERE name = '临时部门'"))
            .scalar()
            == 0
        )


def test_a_change_after_starting_over_needs_its_event_again(committed_world: At) -> None:
    world = committed_world("accounts")

    def change() -> None:
        with unit_of_work() as session:
            departments.create_department(session, world.subjects["system_admin"], **NEW)
            start_over(session)
            with pytest.raises(LookupError):
                recorded(session)
            session.add(Department(**NEW))

    with pytest.raises(UnrecordedChange):
        change()


def test_a_test_connection_takes_everything_back(worlds: Worlds) -> None:
    """What these fixtures promise themselves: and no change goes without its event here either."""
    world = worlds.at("accounts")
    with (
        worlds.rolling_back(world),
        pytest.raises(UnrecordedChange),
        unit_of_work() as session,
    ):
        session.add(Department(**NEW))
    with worlds.rolling_back(world), unit_of_work() as session:
        departments.create_department(session, world.subjects["system_admin"], **NEW)
    with worlds.committing(world), reading() as session:
        assert (
            session.connection()
            .execute(text("SELECT count(*) FROM department WHERE name = '临时部门'"))
            .scalar()
            == 0
        )
