"""What is withheld proposes its entry, which comes into force with the publication; how far it
reaches, what it does elsewhere, how it changes.
"""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures.database import run_sql
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError

from catalog.publication.views import reviews
from catalog.registration import service as registration
from catalog.resources.errors import Incomplete
from catalog.resources.service import read
from shuqiao.db import reading, unit_of_work
from tests.catalog.negative import deeds
from tests.catalog.negative.deeds import item

At = Callable[[str], World]
STAFF = "从业人员数"
PAY = "营业收入"


def faults(world: World, code: str) -> list[tuple[str, str]]:
    with unit_of_work() as session, pytest.raises(Incomplete) as refused:
        registration.check_complete(session, deeds.row(session, code))
    return [(each.pointer, each.code) for each in refused.value.errors]


def test_rule_3_what_states_no_live_basis_is_not_published(world_at: At) -> None:
    world = world_at("adopted_element")
    bare = {"article": "", "text": "", "review_on": None}
    code = deeds.draft(world, item(STAFF, stated=bare))
    at = "/items/0/withholding"
    assert faults(world, code) == [
        (f"{at}/{part}", "missing") for part in ("article", "text", "review_on")
    ]
    code = deeds.draft(world, item(STAFF, stated={"review_on": "2026-02-11"}))
    assert faults(world, code) == [(f"{at}/review_on", "in_past")]
    code = deeds.draft(world, item(STAFF, share_type="withheld"))
    assert faults(world, code) == [(at, "no_legal_basis")]


def test_one_basis_is_one_entry_in_force_with_the_publication(world_at: At) -> None:
    world = world_at("adopted_element")
    code = deeds.draft(
        world,
        item(STAFF, stated={}),
        item(PAY, stated={"reason": "另一理由"}),
        item("住址", stated={"article": "第九条"}),
    )
    assert deeds.entries() == []
    deeds.submit(world, code)
    first, second = deeds.entries()
    assert [each.status.value for each in (first, second)] == ["proposed"] * 2
    assert first.reason.endswith("；另一理由")
    deeds.consent(world, code)
    assert deeds.struck(code)[STAFF] == []
    deeds.review(world, code)
    first, second = deeds.entries()
    assert [each.status.value for each in (first, second)] == ["in_force"] * 2
    assert first.approver_id == world.subjects["data_admin"].user_id
    assert deeds.struck(code) == {
        STAFF: [first.entry_no],
        PAY: [first.entry_no],
        "住址": [second.entry_no],
        "机构名称": [],
    }


def test_what_is_no_longer_stated_is_dropped_and_what_is_thrown_away_goes(world_at: At) -> None:
    world = world_at("adopted_element")
    code = deeds.published(world, item(PAY))
    deeds.change(world, code, item(PAY, stated={}))
    deeds.submit(world, code)
    (proposed,) = deeds.entries()
    from catalog.copies import service as copies

    with unit_of_work() as session:
        copy = deeds.row(session, code, lock=True)
        copies.recall(session, world.subjects["registrar"], copy, copy.version)
    assert deeds.entries()[0].status.value == "proposed"
    with unit_of_work() as session:
        copy = deeds.row(session, code, lock=True)
        copies.throw_away(session, world.subjects["registrar"], copy, copy.version)
    (gone,) = deeds.entries()
    assert (gone.entry_no, gone.status.value, gone.end_kind) == (
        proposed.entry_no,
        "withdrawn",
        "taken_back",
    )


def test_the_same_datum_elsewhere_is_published_with_a_notice(world_at: At) -> None:
    """从业人员数 withheld at one department, conditional at another: both are published."""
    world = world_at("adopted_element")
    deeds.hire_head(world)
    survey = deeds.published(world, item(STAFF, stated={"business": "统计调查"}), title="统计调查")
    code = deeds.draft(world, item(STAFF), who="consumer_registrar", title="社会保险登记")
    with reading() as session:
        row = deeds.row(session, code)
        checks = reviews.checked(session, world.subjects["data_admin"], row, read(session, row))
        (notice,) = [each for each in checks if each.check.id == "E11"]
        assert notice.check.weight.value == "asks" and len(notice.found) == 1
    for step in (deeds.submit, deeds.consent):
        step(world, code, "consumer_registrar")
    deeds.review(world, code)
    assert deeds.struck(code)[STAFF] == [] and len(deeds.struck(survey)[STAFF]) == 1
    assert deeds.shares(code)[STAFF] == "conditional"


SPELT = ["从业人员数", "从业⼈员数", "从 业 人 员 数", "从业人员\u3000数", "（从业人员数）"]


@pytest.mark.parametrize("name", SPELT)
def test_inside_the_reach_no_spelling_escapes(world_at: At, name: str) -> None:
    world = world_at("adopted_element")
    deeds.published(world, item(STAFF, stated={}), title="甲")
    code = deeds.draft(world, item(name), title="乙")
    assert faults(world, code) == [("/items/0/share_type", "on_negative_list")]


def test_the_same_element_is_inside_whatever_it_is_called(world_at: At) -> None:
    world = world_at("adopted_element")
    bound = {"element": world.element_identifier, "origin": {"kind": "collected"}}
    deeds.published(world, item(STAFF, stated={}, **bound), title="甲")
    code = deeds.draft(world, item("另一名称", **bound), title="乙")
    assert faults(world, code) == [("/items/0/share_type", "on_negative_list")]


def test_a_business_ends_the_reach(world_at: At) -> None:
    world = world_at("adopted_element")
    deeds.published(world, item(STAFF, stated={"business": "统计调查"}), category="统计调查/企业")
    other = deeds.published(world, item(STAFF), title="乙", category="行政许可")
    assert deeds.struck(other)[STAFF] == []
    code = deeds.draft(world, item(STAFF), title="丙", category="国民经济/统计 调查")
    assert faults(world, code) == [("/items/0/share_type", "on_negative_list")]


def test_an_item_that_is_struck_needs_no_basis_of_its_own(world_at: At) -> None:
    world = world_at("adopted_element")
    deeds.published(world, item(STAFF, stated={}), title="甲")
    code = deeds.published(world, item(STAFF, share_type="withheld"), title="乙")
    (only,) = deeds.entries()
    assert deeds.struck(code)[STAFF] == [only.entry_no]


def test_what_stands_published_is_struck_and_stays_as_its_owner_stated_it(world_at: At) -> None:
    world = world_at("adopted_element")
    before = deeds.published(world, item(STAFF), title="甲")
    shares = deeds.shares(before)
    deeds.published(world, item(STAFF, stated={}), title="乙")
    (entry,) = deeds.entries()
    assert deeds.struck(before)[STAFF] == [entry.entry_no]
    assert deeds.shares(before) == shares
    with unit_of_work() as session:
        from catalog.updates.repository.owed import open_of_entry

        assert [each.kind for each in open_of_entry(session, before)] == ["negative_entry"]


def test_a_changed_basis_supersedes_and_an_unchanged_one_stays(world_at: At) -> None:
    world = world_at("adopted_element")
    code = deeds.published(world, item(STAFF, stated={}))
    (first,) = deeds.entries()
    deeds.change(world, code, item(STAFF, stated={}), abstract="另一摘要")
    for step in (deeds.submit, deeds.consent):
        step(world, code)
    deeds.review(world, code)
    assert [each.entry_no for each in deeds.entries()] == [first.entry_no]
    deeds.change(world, code, item(STAFF, stated={"reason": "新的理由"}))
    for step in (deeds.submit, deeds.consent):
        step(world, code)
    deeds.review(world, code)
    old, new = deeds.entries()
    assert (old.status.value, new.status.value) == ("superseded", "in_force")
    assert new.supersedes_id == old.id
    assert deeds.struck(code)[STAFF] == [new.entry_no]


def test_what_is_shared_again_frees_what_it_struck(world_at: At) -> None:
    world = world_at("adopted_element")
    other = deeds.published(world, item(STAFF), title="甲")
    marked = deeds.published(world, item(PAY), title="丙")
    code = deeds.published(world, item(STAFF, stated={}), title="乙")
    assert len(deeds.struck(other)[STAFF]) == 1
    deeds.change(world, code, item(STAFF), title="乙")
    for step in (deeds.submit, deeds.consent):
        step(world, code)
    deeds.review(world, code)
    (entry,) = deeds.entries()
    assert (entry.status.value, entry.end_kind) == ("withdrawn", "reclassified")
    assert deeds.struck(code)[STAFF] == deeds.struck(other)[STAFF] == []
    assert deeds.struck(marked)[PAY] == []


def test_what_another_rests_on_stays_struck_until_that_is_classified_anew(world_at: At) -> None:
    world = world_at("adopted_element")
    code = deeds.published(world, item(STAFF, stated={}), title="甲")
    leaning = deeds.published(world, item(STAFF, share_type="withheld"), title="乙")
    deeds.change(world, code, item(STAFF), title="甲")
    for step in (deeds.submit, deeds.consent):
        step(world, code)
    deeds.review(world, code)
    (entry,) = deeds.entries()
    assert deeds.struck(code)[STAFF] == []
    assert deeds.struck(leaning)[STAFF] == [entry.entry_no]


def test_the_database_closes_no_last_cover(world_at: At) -> None:
    world = world_at("adopted_element")
    deeds.published(world, item(STAFF, stated={}))
    with pytest.raises(IntegrityError, match="struck by an entry"):
        run_sql("UPDATE negative_cover SET until = now(); SET CONSTRAINTS ALL IMMEDIATE")


def test_a_whole_resource_is_struck_item_by_item(world_at: At) -> None:
    world = world_at("adopted_element")
    from fixtures.bases import BASIS

    said: dict[str, Any] = {"share_type": "withheld", "withholding": dict(BASIS)}
    code = deeds.published(world, item(STAFF), share_condition="", **said)
    (entry,) = deeds.entries()
    assert set(map(tuple, deeds.struck(code).values())) == {(entry.entry_no,)}
