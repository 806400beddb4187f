"""Where the values of an item come from (来源方式)."""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures.database import run_sql
from fixtures.people import DEPARTMENTS
from fixtures.registering import entry, grid, resource, save
from fixtures.worlds import World
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from catalog.registration.service import shortcomings
from catalog.resources.checks import refuse_origins
from catalog.resources.fields.origin import told
from catalog.resources.schemas import ItemWrite
from shuqiao.db import reading, unit_of_work
from shuqiao.errors import Invalid

At = Callable[[str], World]
POLICE = DEPARTMENTS["police"][1]
COPIED = {"kind": "copied", "department": "A", "cycle": "monthly", "way": "batch"}
PROCESSED = {"kind": "processed", "lineage": ["DE-000001", "307001-000001"], "method": "按区汇总"}


def refused(origin: dict[str, Any]) -> list[tuple[str, str]]:
    item = ItemWrite.model_validate(
        {"name": "代码", "column_name": "代码", "data_type": "C", "origin": origin}
    )
    try:
        refuse_origins([item], {"A": "民政局"}, {"DE-000001", "307001/000001"})
    except Invalid as error:
        found = error.errors
    else:
        return []
    return [(each.pointer.removeprefix("/items/0/origin/"), each.code) for each in found]


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ({"kind": "collected"}, []),
        ({"kind": "collected", "reason": "数源缺少近三年的数据"}, []),
        (COPIED, []),
        (PROCESSED, []),
        ({"kind": "copied"}, [("department", "missing")]),
        ({**COPIED, "department": "B"}, [("department", "unknown")]),
        ({**COPIED, "method": "抄录"}, [("method", "not_applicable")]),
        ({"kind": "processed"}, [("lineage", "missing"), ("method", "missing")]),
        ({**PROCESSED, "method": ""}, [("method", "missing")]),
        ({**PROCESSED, "lineage": ["DE-000001", "DE-000404"]}, [("lineage/1", "unknown")]),
        ({"kind": "collected", "department": "A"}, [("department", "not_applicable")]),
    ],
)
def test_an_origin_says_what_its_kind_needs_and_nothing_else(
    origin: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert refused(origin) == expected


def test_it_reads_in_one_line_with_the_name_of_the_department() -> None:
    kept = {**COPIED, "department_name": "民政局"}
    assert told(kept) == "引用数源 · 民政局 · 每月 · 批量交换"
    assert told(PROCESSED) == "加工产生 · DE-000001、307001-000001 · 按区汇总"
    assert told(None) == ""


def gaps(world: World) -> list[str]:
    with reading() as session:
        found = shortcomings(session, resource(session, world))
    return [gap.pointer for gap in found if "origin" in gap.pointer]


def test_an_item_of_an_element_with_a_source_says_it_before_the_review(world_at: At) -> None:
    world = world_at("draft_resource")
    bound = ("学校代码", "代码", "C", world.element_identifier)
    assert save(world, "items", grid(bound)).status_code == 303
    assert entry(world).items[0].origin is None
    assert gaps(world) == ["/items/0/origin/kind"]
    copied = {"items.0.origin.kind": "copied", "items.0.origin.department": POLICE}
    assert save(world, "items", {**grid(bound), **copied}).status_code == 303
    assert gaps(world) == ["/items/0/origin/cycle", "/items/0/origin/way"]
    refreshed = {"items.0.origin.cycle": "monthly", "items.0.origin.way": "batch"}
    assert save(world, "items", {**grid(bound), **copied, **refreshed}).status_code == 303
    assert gaps(world) == []
    said = entry(world).items[0].origin
    assert said is not None and said.department == POLICE and said.department_name


def test_what_belongs_to_another_kind_is_left_out_of_the_grid(world_at: At) -> None:
    world = world_at("draft_resource")
    typed = {
        "items.0.origin.kind": "processed",
        "items.0.origin.department": POLICE,
        "items.0.origin.lineage": f"{world.element_identifier}，{world.resource_code}",
        "items.0.origin.method": "合并",
    }
    saved = save(world, "items", {**grid(("代码", "代码", "C")), **typed})
    assert saved.status_code == 303, saved.text
    said = entry(world).items[0].origin
    assert said is not None and said.department is None
    assert said.lineage == [world.element_identifier, world.resource_code.replace("-", "/")]
    wrong = {**typed, "items.0.origin.lineage": f"{world.element_identifier}、ABC"}
    answer = save(world, "items", {**grid(("代码", "代码", "C")), **wrong})
    assert answer.status_code == 422
    assert f'value="{world.element_identifier}、ABC"' in answer.text
    assert 'id="f-items-0-origin-lineage-error"' in answer.text


def test_elements_without_a_source_do_not_ask(world_at: At) -> None:
    world = world_at("draft_resource")
    save(world, "items", grid(("学校代码", "代码", "C", world.element_identifier)))
    run_sql("UPDATE data_element SET sourcing = 'derived', derivation = '合计'")
    assert gaps(world) == []


def test_the_database_holds_nothing_processed_without_its_lineage(world_at: At) -> None:
    world_at("draft_resource")
    with unit_of_work() as session:
        for wrong in (
            '{"kind": "processed", "method": "x"}',
            '{"kind": "copied"}',
            '{"kind": "x"}',
        ):
            with pytest.raises(IntegrityError, match="origin"), session.begin_nested():
                session.execute(
                    text("UPDATE resource_item SET origin = CAST(:origin AS jsonb)"),
                    {"origin": wrong},
                )
