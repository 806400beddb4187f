"""What the negative list asks of published entries: the update is on the board with the number of
the entry, and a version that classifies the item anew meets it. The platform changes no share
attribute by itself.
"""

from collections.abc import Callable

import pytest
from fixtures import withholding
from fixtures.callers import client, once
from fixtures.exchanging import trail
from fixtures.page_forms import shown
from fixtures.worlds import World

from catalog.resources.errors import Incomplete
from tests.catalog.negative import deeds
from tests.catalog.negative.deeds import item
from tests.catalog.updates.test_causes import get

At = Callable[[str], World]
STAFF = "从业人员数"
WITHHELD, SHARED = "withheld", "conditional"


def owed(world: World, kind: str, number: str) -> str:
    """The one update of this kind on the board, which names the entry; gives its number."""
    (row,) = get(world, "registrar", f"/updates?kind={kind}")["items"]
    assert number in row["basis"]
    page = shown(client(world, "registrar"), f"/updates?kind={kind}")
    assert row["change_no"] in page and number in page
    return str(row["change_no"])


def publish(world: World, code: str) -> None:
    for step in (deeds.submit, deeds.consent):
        step(world, code)
    deeds.review(world, code)


def test_what_an_entry_strikes_is_owed_until_a_version_marks_it(world_at: At) -> None:
    world = world_at("adopted_element")
    code = deeds.published(world, item(STAFF), title="甲")
    before = deeds.shares(code)
    deeds.published(world, item(STAFF, stated={}), title="乙")
    (entry,) = deeds.entries()
    change_no = owed(world, "negative_entry", entry.entry_no)
    assert deeds.shares(code) == before
    deeds.change(world, code, item(STAFF), title="甲")
    with pytest.raises(Incomplete):
        deeds.submit(world, code)
    assert trail(change_no)[-1] == "update:recorded"


def test_and_met_by_the_version_that_marks_it(world_at: At) -> None:
    world = world_at("adopted_element")
    code = deeds.published(world, item(STAFF), title="甲")
    deeds.published(world, item(STAFF, stated={}), title="乙")
    (entry,) = deeds.entries()
    change_no = owed(world, "negative_entry", entry.entry_no)
    deeds.change(world, code, item(STAFF, share_type=WITHHELD), title="甲")
    assert deeds.shares(code)[STAFF] == SHARED, "the published one stays until then"
    publish(world, code)
    assert deeds.shares(code)[STAFF] == WITHHELD
    assert trail(change_no)[-1] == "update:met"
    assert get(world, "data_admin", "/updates")["items"] == []


def test_what_a_lapsed_basis_struck_is_owed_until_it_is_classified_anew(world_at: At) -> None:
    world = world_at("adopted_element")
    code = deeds.published(world, item(STAFF, stated={}))
    (entry,) = deeds.entries()
    before = deeds.shares(code)
    path = f"/api/v1/negative-entries/{entry.entry_no}/endings"
    said = {"ended_on": "2026-02-10", "document": "主席令第90号", "reason": "条文已删除"}
    assert client(world, "data_admin").post(path, json=said, headers=once()).status_code == 201
    change_no = owed(world, "basis_lapsed", entry.entry_no)
    assert deeds.shares(code) == before
    deeds.change(world, code, item(STAFF))
    assert deeds.shares(code) == before
    publish(world, code)
    assert deeds.shares(code)[STAFF] == SHARED
    assert trail(change_no)[-1] == "update:met"
    assert get(world, "data_admin", "/updates")["items"] == []


def test_a_basis_of_any_length_is_told(world_at: At) -> None:
    world = world_at("adopted_element")
    code = deeds.published(world, item(STAFF))
    named = [{"resource": code, "name": STAFF}]
    no = withholding.propose(world, items=named, basis_name="法" * 500)
    withholding.consented(world, no)
    withholding.in_force(world, no)
    assert owed(world, "negative_entry", no)
