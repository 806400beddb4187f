"""A database that is at work already is brought to the head with everything in it.

Each state is taken back to the shape of revision 0015, in which nothing of working copies,
editions, the people of a version, shapes or clocks of the platform is told, and from there to the
head: what is told then has to be found out from what was kept.
"""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from fixtures.world import Worlds
from fixtures.worlds import World
from sqlalchemy import create_engine
from sqlmodel import Session

from auth.escalation import count_waiting
from server.process import migrating

At = Callable[[str], World]
OLD = "0015"
#: What the platform has set for what waits inside a department, as 0015 had no such clocks.
OWN_CLOCKS = (
    *("head_consent", "entry_correction", "own_consent", "request_correction"),
    *("held_edition", "suspended_item"),
)


def asked(owner: psycopg.Connection, query: str) -> list[Any]:
    return owner.execute(query.encode()).fetchall()


def brought_up(worlds: Worlds, world: World, *changes: str) -> str:
    """Down to the old shape, there the ``changes``, and up again; gives the owner's address."""
    address = worlds.owner_address(world)
    worlds.let_go(world)
    with worlds.as_owner(world) as owner:
        listed = ", ".join(f"'{kind}'" for kind in OWN_CLOCKS)
        owner.execute(f"DELETE FROM case_clock WHERE kind IN ({listed})".encode())
    migrating.downgrade(address, OLD)
    with worlds.as_owner(world) as owner:
        gone = "SELECT to_regclass('edition'), to_regnamespace('guard')"
        assert asked(owner, gone) == [(None, None)], "the old shape"
        for change in changes:
            owner.execute(change.encode())
    migrating.upgrade(address)
    return address


def test_grants_say_the_edition_the_shape_and_the_coverage_they_were_decided_on(
    committed_world: At, worlds: Worlds
) -> None:
    world = committed_world("finished_delivery")
    brought_up(worlds, world)
    with worlds.as_owner(world) as owner:
        (grant,) = asked(
            owner,
            "SELECT status, coverage, follows_editions, edition_no, row_filter FROM share_grant",
        )
        assert grant == ("active", {"all": True}, False, 1, None)
        (edition,) = asked(
            owner, "SELECT number, status, snapshot_id, cleared_at, erased_at FROM edition"
        )
        (snapshot,) = asked(owner, "SELECT snapshot_id FROM share_grant")
        assert edition == (1, "current", snapshot[0], None, None)
        deliveries = asked(owner, "SELECT DISTINCT edition_no, snapshot_id FROM delivery")
        assert deliveries == [(1, snapshot[0])]
        kinds = asked(owner, "SELECT count(*) FROM granted_item WHERE data_type IS NULL")
        assert kinds == [(0,)]
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="terms of a grant"):
            owner.execute(b"""SELECT guard.excuse('x'); UPDATE share_grant SET coverage = '{}'""")


@pytest.mark.parametrize(
    ("state", "case", "kind", "limit_days"),
    [
        ("submitted_resource", "307001/000001", "head_consent", 5),
        ("asked_request", "REQ-2026-000001", "own_consent", 3),
    ],
)
def test_what_waits_has_its_clock_afterwards(
    committed_world: At, worlds: Worlds, state: str, case: str, kind: str, limit_days: int
) -> None:
    world = committed_world(state)
    address = brought_up(worlds, world)
    with worlds.as_owner(world) as owner:
        clocks = asked(
            owner,
            "SELECT case_no, kind, basis, limit_days, status, started_on::text FROM case_clock"
            " WHERE closed_on IS NULL AND basis = 'policy'",
        )
        assert clocks == [(case, kind, "policy", limit_days, "calendar_missing", "2026-02-11")]
        linked = asked(owner, "SELECT DISTINCT clock FROM todo WHERE done_at IS NULL")
        assert linked == [(kind,)]
    engine = create_engine(address)
    try:
        with Session(engine) as session:
            assert count_waiting(session) == 1, "the next upkeep counts it"
            session.commit()
    finally:
        engine.dispose()
    with worlds.as_owner(world) as owner:
        (due,) = asked(owner, "SELECT status, due_on FROM case_clock WHERE basis = 'policy'")
        assert due[0] == "running" and due[1] is not None


def test_who_wrote_and_who_submitted_is_read_from_the_trail(
    committed_world: At, worlds: Worlds
) -> None:
    world = committed_world("consented_resource")
    brought_up(worlds, world)
    with worlds.as_owner(world) as owner:
        (people,) = asked(
            owner,
            "SELECT submitter.account, consenter.account, array_length(writer_ids, 1)"
            " FROM data_resource JOIN app_user AS submitter ON submitter.id = submitter_id"
            " JOIN app_user AS consenter ON consenter.id = consenter_id",
        )
        assert people == ("registrar", "head", 1)


def test_live_data_and_entries_without_data_come_over(committed_world: At, worlds: Worlds) -> None:
    world = committed_world("live_grant")
    brought_up(worlds, world)
    with worlds.as_owner(world) as owner:
        assert asked(owner, "SELECT number, status, snapshot_id FROM edition") == [
            (1, "current", None)
        ]
        assert asked(owner, "SELECT edition_no, coverage FROM share_grant") == [(1, {"all": True})]


def test_every_state_of_the_story_comes_over(committed_world: At, worlds: Worlds) -> None:
    """The last rows of the story, with a grant that is over and one whose trial run failed."""
    for state in ("crowded", "unready_grant", "prepared_request", "attached_resource"):
        world = committed_world(state)
        brought_up(worlds, world)
        with worlds.as_owner(world) as owner:
            assert asked(owner, "SELECT count(*) FROM share_grant WHERE coverage IS NULL") == [(0,)]
            waiting = asked(
                owner,
                "SELECT count(*) FROM data_resource WHERE status = 'in_review'"
                " AND submitter_id IS NULL",
            )
            assert waiting == [(0,)]


#: As the old shape let them be: the same asked twice, an earlier file that was stored too.
TWIN = """
INSERT INTO share_request SELECT (jsonb_populate_record(share_request,
    jsonb_build_object('id', gen_random_uuid(), 'request_no', 'REQ-2026-000099'))).*
FROM share_request
"""
EARLIER = """
INSERT INTO attachment SELECT (jsonb_populate_record(attachment, jsonb_build_object(
    'id', gen_random_uuid(), 'snapshot_id', repeat('0', 64),
    'stored_at', stored_at - interval '1 day'))).* FROM attachment WHERE status = 'stored'
"""
TAKEN_DOWN = "UPDATE data_resource SET status = 'taken_down'"


def test_what_the_old_shape_let_be_comes_over(committed_world: At, worlds: Worlds) -> None:
    world = committed_world("submitted_request")
    brought_up(worlds, world, TWIN, EARLIER)
    with worlds.as_owner(world) as owner:
        digests = asked(owner, "SELECT count(*), count(DISTINCT purpose_digest) FROM share_request")
        assert digests == [(2, 2)], "the second goes on under a digest of its own"
        (edition,) = asked(owner, "SELECT number, snapshot_id <> repeat('0', 64) FROM edition")
        assert edition == (1, True), "what was published, not what was stored before"


def test_an_entry_that_was_taken_down_says_so(committed_world: At, worlds: Worlds) -> None:
    world = committed_world("published_resource")
    brought_up(worlds, world, TAKEN_DOWN)
    with worlds.as_owner(world) as owner:
        (entry,) = asked(
            owner,
            "SELECT status, taken_down_at IS NOT NULL, taken_down_reason <> '' FROM data_resource",
        )
        assert entry == ("taken_down", True, True)
        assert asked(owner, "SELECT count(*) FROM edition") == [(1,)]
