"""What an element named as its source before 0027 is a confirmed claim afterwards."""

from collections.abc import Callable

from fixtures.people import DEPARTMENTS
from fixtures.world import Worlds
from fixtures.worlds import World

from server.process import migrating

BEFORE = "0030"


def test_the_source_that_an_element_named_becomes_a_claim(
    committed_world: Callable[[str], World], worlds: Worlds
) -> None:
    world = committed_world("adopted_element")
    address = worlds.owner_address(world)
    worlds.let_go(world)
    migrating.downgrade(address, BEFORE)
    with worlds.as_owner(world) as owner:
        owner.execute(
            b"SELECT guard.excuse('named in the old way'); UPDATE data_element SET"
            b" source_department_id = (SELECT id FROM department WHERE code = '%s')"
            % DEPARTMENTS["education"][1].encode()
        )
    migrating.upgrade(address)
    with worlds.as_owner(world) as owner:
        told = owner.execute(
            b"SELECT claim_no, department.code, source_claim.area_code, scope_id, status, ground,"
            b" confirmed_on::text, area_span::text FROM source_claim"
            b" JOIN department ON department.id = department_id"
        ).fetchall()
        code = DEPARTMENTS["education"][1]
        whole = ("100000", None, "confirmed", "adopted", "2026-02-11", "{[0,1000000)}")
        assert told == [("SC-2026-000001", code, *whole)]
        series = owner.execute(b"SELECT last FROM number_series WHERE prefix = 'SC'").fetchall()
        assert series == [(1,)], "the next claim gets the next number"
    worlds.let_go(world)
    migrating.downgrade(address, BEFORE)
    with worlds.as_owner(world) as owner:
        back = owner.execute(
            b"SELECT code FROM data_element JOIN department ON department.id = source_department_id"
        ).fetchall()
        assert back == [(code,)]
    migrating.upgrade(address)
