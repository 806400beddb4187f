"""0066: entries that stand already are found by the same terms as those written now."""

from collections.abc import Callable

from fixtures.world import Worlds
from fixtures.worlds import World

from server.process import migrating

At = Callable[[str], World]
_FOUND = b"SELECT code, terms, title_skeleton, item_looks FROM data_resource ORDER BY code"
_SAYS = b"SELECT count(*) FROM data_resource WHERE search @@ '''\xe5\xad\xa6'''::tsquery"


def test_old_entries_are_found_as_new_ones(committed_world: At, worlds: Worlds) -> None:
    world = committed_world("published_resource")
    address = worlds.owner_address(world)
    worlds.let_go(world)
    with worlds.as_owner(world) as owner:
        written = owner.execute(_FOUND).fetchall()
    migrating.downgrade(address, "0065")
    with worlds.as_owner(world) as owner:
        owner.execute(b"SELECT guard.excuse('as before'); UPDATE data_resource SET terms = ''")
    migrating.upgrade(address)
    with worlds.as_owner(world) as owner:
        assert owner.execute(_FOUND).fetchall() == written
        assert all(looks for *_rest, looks in written)
        assert owner.execute(_SAYS).fetchone() != (0,)
