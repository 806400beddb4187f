"""An update that was owed before 0042 has a cause of its own afterwards."""

from collections.abc import Callable

from fixtures.world import Worlds
from fixtures.worlds import World

from server.process import migrating

BEFORE = "0040"
JOINED = (
    b"SELECT cause_no, c.kind, c.basis = u.basis, c.recorder_id = u.recorder_id,"
    b" u.department_id IS NOT NULL, change_no FROM catalogue_change AS c"
    b" JOIN update_cause AS u ON u.id = c.cause_id"
)


def test_what_was_owed_before_gets_its_cause(
    committed_world: Callable[[str], World], worlds: Worlds
) -> None:
    world = committed_world("asked_extension")
    address = worlds.owner_address(world)
    worlds.let_go(world)
    migrating.downgrade(address, BEFORE)
    with worlds.as_owner(world) as owner:
        assert owner.execute(b"SELECT to_regclass('update_cause')").fetchall() == [(None,)]
        assert owner.execute(b"SELECT kind FROM catalogue_change").fetchall() == [("law",)]
    migrating.upgrade(address)
    with worlds.as_owner(world) as owner:
        (told,) = owner.execute(JOINED).fetchall()
        assert told == ("UC-2026-000001", "law", True, True, True, world.change_no)
        series = owner.execute(b"SELECT last FROM number_series WHERE prefix = 'UC'").fetchall()
        assert series == [(1,)], "the next cause gets the next number"
