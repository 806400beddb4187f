"""A state moves by a step alone: the database holds every table of cases to the tables of steps."""

import ast
from contextlib import nullcontext
from pathlib import Path
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
ROOT: Final = Path(__file__).resolve().parents[2]
#: What else sets a state, by file and function, and why that is held all the same.
BY_HAND: Final = {
    "auth/cases.py": ("take", "the one function behind every step"),
    "auth/succession/service/handing.py": ("handed_over", "stays in its state, the version rises"),
    "catalog/attachments/service/files.py": ("confirm", "files have no steps"),
    "catalog/attachments/service/storing.py": ("store, _refused", "files have no steps"),
    "catalog/editions/service/clearing.py": ("clear", "one event of the step names several"),
    "catalog/elements/service/versions.py": ("stage, publish, end", "by steps of its proposals"),
    "catalog/sources/service/judging.py": ("routed", "stays in its state, the version rises"),
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


def test_services_move_a_state_by_a_step_alone() -> None:
    found = {
        str(path.relative_to(ROOT)): ", ".join(places)
        for room in ("auth", "catalog", "exchange")
        for path in (ROOT / room).rglob("*.py")
        if (places := _moved_by_hand(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == {path: places for path, (places, _why) in BY_HAND.items()}


def _moved_by_hand(module: ast.Module) -> list[str]:
    """The functions that set a ``status`` or make a case enter a state, in the file's order."""
    return [
        function.name
        for function in ast.walk(module)
        if isinstance(function, ast.FunctionDef) and function.name != "enter"
        if any(map(_moves, ast.walk(function)))
    ]


def _moves(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "status" and isinstance(node.ctx, ast.Store)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    in_bulk = node.func.attr == "values" and any(word.arg == "status" for word in node.keywords)
    return in_bulk or node.func.attr == "enter"


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


@pytest.mark.parametrize(
    "otherwise",
    [
        pytest.param({"result": "deny"}, id="a refusal"),
        pytest.param({"kind": "Grant"}, id="of another kind of thing"),
    ],
)
def test_an_event_of_the_step_that_tells_of_no_such_step_is_none(
    worlds: Worlds, otherwise: dict[str, str]
) -> None:
    with worlds.cloned("submitted_request") as world, as_app(world) as app:
        no, was = world.request_no, _status(app, world.request_no)
        move = next(
            each for each in moves_of_all() if each.tab == "share_request" and each.was == was
        )
        with pytest.raises(InsufficientPrivilege, match="such a step"), app.transaction():  # noqa: PT012
            app.execute(
                "UPDATE share_request SET status = %s WHERE request_no = %s", [move.becomes, no]
            )
            record(app, "ShareRequest", no)
            record(
                app,
                otherwise.get("kind", "ShareRequest"),
                no,
                stream="other",
                action=move.event,
                result=otherwise.get("result", "allow"),
            )


@pytest.mark.parametrize(("told", "is_held"), [("1,3", True), ("1,2", False), ("12", True)])
def test_one_event_tells_of_the_parts_that_it_names(
    worlds: Worlds, told: str, *, is_held: bool
) -> None:
    """Of the second edition, that is: ``code#1,2``."""
    with worlds.cloned("renewed_data") as world, as_app(world) as app:
        [(code, was)] = app.execute(
            "SELECT code, e.status FROM edition e JOIN data_resource r ON r.id = resource_id"
            " WHERE number = 2"
        ).fetchall()
        move = next(each for each in moves_of_all() if each.tab == "edition" and each.was == was)
        refused = pytest.raises(InsufficientPrivilege, match="such a step")
        with refused if is_held else nullcontext(), app.transaction():
            app.execute(
                b"UPDATE edition SET status = %s, ended_at = now() WHERE number = 2",
                [move.becomes],
            )
            record(app, "Edition", f"{code}#2", stream="other")
            record(app, "Edition", f"{code}#{told}", action=move.event)


def test_a_published_entry_goes_not_back_into_review() -> None:
    """It changes in a working copy, and stays published while that takes its place."""
    moves = {(each.was, each.becomes) for each in moves_of_all() if each.tab == "data_resource"}
    assert not [becomes for was, becomes in moves if was == "published" and becomes != "taken_down"]


@pytest.mark.parametrize(
    ("event", "is_held"),
    [("catalog:resource:change_opened", False), ("catalog:resource:edited", True)],
)
def test_a_working_copy_begins_by_its_own_event(
    worlds: Worlds, event: str, *, is_held: bool
) -> None:
    copied = """INSERT INTO data_resource ({0}) SELECT {0} FROM jsonb_populate_record(
        NULL::data_resource, (SELECT to_jsonb(r) || jsonb_build_object('id', uuidv7(),
        'copy_of', r.id, 'status', 'draft') FROM data_resource r WHERE code = %s))"""
    names = ", ".join(c.name for c in metadata.tables["data_resource"].columns if not c.computed)
    with worlds.cloned("published_resource") as world, as_app(world) as app:
        code = world.resource_code.replace("-", "/")
        refused = pytest.raises(InsufficientPrivilege, match="such a step")
        with refused if is_held else nullcontext(), app.transaction():
            app.execute(copied.format(names).encode(), [code])
            record(app, "DataResource", code, stream=code, action=event)


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
