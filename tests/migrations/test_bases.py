"""What was published as not shared before there was a negative list has its entry afterwards."""

from collections.abc import Callable

from fixtures.world import Worlds
from fixtures.worlds import World

from server.process import migrating
from tests.catalog.negative import deeds

BEFORE = "0042"
ENTRIES = (
    b"SELECT e.entry_no, e.status, e.basis_name, e.basis_article, e.review_on = current_date,"
    b" t.name, i.name, c.until FROM negative_entry e JOIN negative_target t ON t.entry_id = e.id"
    b" JOIN negative_cover c ON c.entry_id = e.id JOIN resource_item i ON i.id = c.item_id"
)


def test_what_was_published_so_is_struck_and_due_for_review(
    committed_world: Callable[[str], World], worlds: Worlds
) -> None:
    world = committed_world("adopted_element")
    code = deeds.draft(world, deeds.item("从业人员数", stated={}), deeds.item("营业收入"))
    for step in (deeds.submit, deeds.consent, deeds.review):
        step(world, code)
    (before,) = deeds.entries()
    address = worlds.owner_address(world)
    worlds.let_go(world)
    migrating.downgrade(address, BEFORE)
    with worlds.as_owner(world) as owner:
        assert owner.execute(b"SELECT to_regclass('negative_entry')").fetchall() == [(None,)]
    migrating.upgrade(address)
    with worlds.as_owner(world) as owner:
        (told,) = owner.execute(ENTRIES).fetchall()
        named = ("从业人员数", "从业人员数")
        assert told[1:] == ("in_force", before.basis_name, "", True, *named, None)
