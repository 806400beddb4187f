"""A state moves by a step alone: the database holds every table of cases to the tables of steps."""

from typing import Final

import psycopg
import pytest
from fixtures.world import Worlds
from psycopg.errors import InsufficientPrivilege

from server.held import held_tables, moves_of_all
from server.tables import metadata
from tests.audit.test_settling import as_app, record

#: Columns called ``status`` that no life cycle moves, and what moves them.
OTHERWISE: Final = {
    "attachment": "the job that decodes the file; each change has its event",
    "case_clock": "bookkeeping of the steps, without a right to anything",
    "data_element": "the steps of its proposals, each with an event about the element",
    "demand_state": "what stood at the end of a month, for the statistics",
    "idempotency_key": "the status of an answer",
}
RELEASED: Final = "UPDATE share_request SET status = 'approved' WHERE request_no = %s"


def test_every_table_with_a_state_is_held_or_says_what_moves_it() -> None:
    with_state = {table.name for table in metadata.tables.values() if "status" in table.columns}
    assert with_state == set(held_tables()) | set(OTHERWISE)
    assert not set(held_tables()) & set(OTHERWISE)


def test_the_database_knows_the_steps_as_they_are(worlds: Worlds) -> None:
    with worlds.cloned("accounts") as world, worlds.as_superuser(world) as superuser:
        told = superuser.execute("SELECT tab, was, becomes, event FROM guard.step").fetchall()
        assert sorted(told) == [tuple(move) for move in moves_of_all()]
        held = superuser.execute(
            "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger WHERE tgenabled = 'A'"
            " AND tgname IN ('guard_move', 'guard_state') GROUP BY 1"
        ).fetchall()
        assert dict(held) == dict.fromkeys(held_tables(), 2)


def test_nobody_tells_the_database_other_steps(worlds: Worlds) -> None:
    with worlds.cloned("accounts") as world, as_app(world) as app:
        for statement in (
            "INSERT INTO guard.step VALUES ('share_request', 'draft', 'approved', 'x')",
            "DELETE FROM guard.moved",
            "SELECT guard.hold('share_request')",
            "ALTER TABLE share_request DISABLE TRIGGER guard_move",
        ):
            with pytest.raises(InsufficientPrivilege):
                app.execute(statement.encode())


@pytest.mark.parametrize(
    "event",
    [
        pytest.param("auth:user:created", id="an event of something else"),
        pytest.param("exchange:request:approved", id="the event of a step from another state"),
    ],
)
def test_raw_sql_skips_no_step_even_with_an_event_about_the_very_case(
    worlds: Worlds, event: str
) -> None:
    with worlds.cloned("submitted_request") as world, as_app(world) as app:
        no, before = world.request_no, _status(app, world.request_no)
        with pytest.raises(InsufficientPrivilege, match="such a step"), app.transaction():  # noqa: PT012
            app.execute(RELEASED, [no])
            record(app, "ShareRequest", no, action=event)
        assert _status(app, no) == before


def test_a_step_with_its_event_is_taken(worlds: Worlds) -> None:
    """By hand too: what is held is the way, not the writer."""
    with worlds.cloned("submitted_request") as world, as_app(world) as app:
        no = world.request_no
        was = _status(app, no)
        move = next(
            each for each in moves_of_all() if each.tab == "share_request" and each.was == was
        )
        with app.transaction():
            app.execute(
                "UPDATE share_request SET status = %s WHERE request_no = %s", [move.becomes, no]
            )
            record(app, "ShareRequest", no, action=move.event)
        assert _status(app, no) == move.becomes


def test_a_case_does_not_begin_in_the_middle(worlds: Worlds) -> None:
    with worlds.cloned("proposed_seat") as world, as_app(world) as app:
        copied = """INSERT INTO seat_change SELECT (jsonb_populate_record(s, jsonb_build_object(
            'id', uuidv7(), 'seat_no', 'SE-2026-000099', 'status', 'expired'))).*
            FROM seat_change s"""
        with pytest.raises(InsufficientPrivilege, match="such a step"), app.transaction():  # noqa: PT012
            app.execute(copied)
            record(app, "SeatChange", "SE-2026-000099", action="auth:seat:expired")


def _status(app: psycopg.Connection, no: str) -> str:
    row = app.execute("SELECT status FROM share_request WHERE request_no = %s", [no]).fetchone()
    assert row is not None
    return str(row[0])
