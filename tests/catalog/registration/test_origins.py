"""A second registration of what has a source (Order 809, Art. 19), as its registrar meets it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fixtures.callers import client
from fixtures.page_forms import filled, shown
from fixtures.people import DEPARTMENTS
from fixtures.registering import resource
from fixtures.sourcing import collect, element
from fixtures.worlds import World

from auth.guard import Place
from catalog.registration.service import shortcomings
from catalog.resources import repository, service
from catalog.sources import service as sources
from catalog.sources.checks import CONFLICTS, OpenConflict
from catalog.sources.repository import by_no, countersigns
from catalog.sources.schemas import ClaimDecision, CountersignAnswer
from catalog.sources.words import Answer
from shuqiao.db import reading, unit_of_work

At = Callable[[str], World]
EDUCATION = DEPARTMENTS["education"]


def registered(world: World, who: str, *, items: int = 1, **origin: Any) -> str:
    """An entry with so many items of the element, each of this origin; its code."""
    code = collect(world, who, format="service", title=f"名录{who}")
    rows = [
        {
            "name": f"代码{place}",
            "column_name": f"code{place}",
            "data_type": "C",
            "element": world.element_identifier,
            "origin": origin or {"kind": "collected"},
        }
        for place in range(items)
    ]
    with unit_of_work() as session:
        found = repository.by_code(session, code, lock=True)
        assert found is not None
        body = service.as_written(service.read(session, found), {"items": rows})
        service.edit(session, world.subjects[who], found, body, version=found.version)
    world.resource_code = code.replace("/", "-")
    return code


def gaps(world: World) -> list[tuple[str, str, str]]:
    with reading() as session:
        found = shortcomings(session, resource(session, world))
    return [(gap.pointer, gap.code, str(gap.detail)) for gap in found if "/origin" in gap.pointer]


def codes(world: World) -> list[tuple[str, str]]:
    return [(pointer.removeprefix("/items/"), code) for pointer, code, _detail in gaps(world)]


def test_scenario_1_a_second_source_is_refused_and_linking_succeeds(
    world_at: At, shared_data: Path
) -> None:
    """Two of the eleven fields of the file follow the element, which has its source."""
    rows = json.loads((shared_data / "tables/cn/covid_by_city_2020-12-08.json").read_text())
    assert len(rows) == 755
    world = world_at("named_source")
    registered(world, "consumer_registrar", items=2)
    found = gaps(world)
    assert [(pointer, code) for pointer, code, _detail in found] == [
        ("/items/0/origin/kind", "has_source"),
        ("/items/1/origin/kind", "has_source"),
    ]
    assert EDUCATION[0] in found[0][2] and world.claim_no in found[0][2]

    registrar = client(world, "consumer_registrar")
    page = f"/resources/{world.resource_code}/edit/check"
    assert shown(registrar, page).count("引用数源</button>") == 2
    for place in ("0", "1"):
        answer = filled(
            registrar, page, f"/resources/{world.resource_code}/edit/items/source", {"item": place}
        )
        assert answer.status_code == 303, answer.text
    assert {code for _pointer, code, _detail in gaps(world)} == {"missing"}  # how it is refreshed
    with reading() as session:
        entry = service.read(session, resource(session, world))
    assert [item.origin and item.origin.department for item in entry.items] == [EDUCATION[1]] * 2


def test_scenario_2_a_further_source_is_refused_however_it_says_it(world_at: At) -> None:
    world = world_at("named_source")
    registered(world, "consumer_registrar")
    assert codes(world) == [("0/origin/kind", "has_source")]
    made = {"kind": "processed", "lineage": [world.element_identifier], "method": "逐条比对"}
    registered(world, "consumer_registrar", **made)
    assert codes(world) == []


def test_whoever_has_a_reason_goes_on_by_opening_the_conflict(world_at: At) -> None:
    """Refused, but not without a way: the form of the conflict has the reason and the claim."""
    world = world_at("named_source")
    registered(world, "consumer_registrar", kind="collected", reason="本厅依法独立登记")
    registrar = client(world, "consumer_registrar")
    page = shown(registrar, f"/resources/{world.resource_code}/edit/check")
    way = next(part for part in page.split('"') if "/source-conflicts/new?statement=" in part)
    form = shown(registrar, way)
    assert "本厅依法独立登记</textarea>" in form
    action = f"/elements/{world.element_identifier}/source-conflicts"
    assert (
        f'value="{world.claim_no}" selected' in form or f'value="{world.claim_no}" checked' in form
    )
    said = {"statement": "本厅依法独立登记", "against": world.claim_no, "document": "职能配置规定"}
    answer = filled(registrar, way, action, said)
    assert answer.status_code == 303, answer.text
    assert codes(world) == []


def test_the_source_itself_collects(world_at: At) -> None:
    world = world_at("named_source")
    registered(world, "registrar")
    assert codes(world) == []


def test_of_two_that_collect_the_one_is_left_that_is_named(world_at: At) -> None:
    """Rule 21: both may register as long as nobody is named; then exactly one goes on."""
    world = world_at("claimed_source")
    mine = registered(world, "registrar")
    assert codes(world) == []
    registered(world, "consumer_registrar")
    assert codes(world) == []
    with unit_of_work() as session:
        claim = by_no(session, world.claim_no, lock=True)
        assert claim is not None
        admin = world.subjects["data_admin"]
        sources.ask(session, admin, claim)
        (sign,) = countersigns(session, claim.id)
        agreed = CountersignAnswer(answer=Answer.AGREED)
        sources.answer(session, world.subjects["consumer_head"], sign, agreed)
        sources.confirm(session, admin, claim, ClaimDecision(reason="职责"))
    assert codes(world) == [("0/origin/kind", "has_source")]
    world.resource_code = mine.replace("/", "-")
    assert codes(world) == []


def test_collected_again_while_a_conflict_is_open_it_says_why(
    world_at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_at("named_source")
    with reading() as session:
        claim, about = by_no(session, world.claim_no), element(session, world).id
        assert claim is not None
        case = Place("SourceConflict", "", {"opener": "", "rival": ""})
        held = [OpenConflict("CF-2026-000001", "/", frozenset({claim.id}), case)]
    monkeypatch.setattr(CONFLICTS, "_held", lambda _session, ids: held if about in ids else [])
    registered(world, "consumer_registrar")
    assert codes(world) == [("0/origin/reason", "missing")]
    registered(world, "consumer_registrar", kind="collected", reason="数源缺少近三年的数据")
    assert codes(world) == []


def test_without_one_single_source_the_click_is_refused(world_at: At) -> None:
    world = world_at("adopted_element")
    registered(world, "consumer_registrar")
    page = f"/resources/{world.resource_code}/edit/check"
    with client(world, "consumer_registrar") as registrar:
        sent = shown(registrar, page)
        assert "引用数源</button>" not in sent
