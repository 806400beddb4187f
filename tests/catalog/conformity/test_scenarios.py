"""Acceptance scenarios 1, 2 and 5 through the product: file, edition, job, page."""

from collections.abc import Callable
from pathlib import Path

from fixtures import conforming
from fixtures.callers import client
from fixtures.page_forms import shown
from fixtures.worlds import World

At = Callable[[str], World]


def test_scenario_1_city_codes_outside_of_the_domain(world_at: At, shared_data: Path) -> None:
    world = world_at("accounts")
    divisions = (shared_data / "divisions" / "divisions.csv").read_bytes()
    domain = conforming.domain(world, "行政区划代码", divisions)
    element = conforming.element(
        world, "行政区划代码", domain=domain, code_kind="division_code", max_length=6
    )
    city = {"name": "城市代码", "column_name": "cityCode", "element": element}
    conforming.registered(world, city, {"name": "城市", "column_name": "city"})
    cases = (shared_data / "tables/cn/covid_by_city_2020-12-08.json").read_bytes()
    conforming.stored(world, cases, "病例.json")
    found = conforming.checked_draft(world)
    assert (found["state"], found["rows"]) == ("done", 755)
    assert conforming.rules(found, "城市代码") == {
        "outside_domain": (56, 508),
        "division_character": (51, 508),  # not numeric
        "division_rank": (1, 508),
    }
    data = shown(client(world, "registrar"), f"/resources/{world.resource_code}/edit/data")
    assert "508 个值中有 56 个" in data
    conforming.published(world)
    published = conforming.checked_edition(world, who="applicant")
    assert conforming.rules(published, "城市代码")["outside_domain"] == (56, 508)
    page = shown(
        client(world, "applicant"), f"/resources/{world.resource_code}/editions/1/conformity"
    )
    assert "508 个值中有 56 个" in page and "1500y0" not in page
    values = f"/resources/{world.resource_code}/editions/1/conformity/failures"
    assert "1500y0" in shown(client(world, "registrar"), values)
    shown(client(world, "applicant"), values, status=403)
    entry = shown(client(world, "applicant"), f"/catalog/{world.resource_code}?tab=standards")
    assert "508 个值中有 56 个" in entry


def test_scenario_2_codes_that_bear_two_names(world_at: At, shared_data: Path) -> None:
    world = world_at("accounts")
    divisions = (shared_data / "divisions" / "divisions.csv").read_bytes()
    domain = conforming.domain(world, "行政区划代码", divisions)
    code = conforming.element(world, "行政区划代码", domain=domain)
    name = conforming.element(world, "行政区划名称", domain=domain, representation="名称")
    conforming.registered(
        world,
        {"name": "代码", "column_name": "code", "element": code},
        {"name": "名称", "column_name": "name", "element": name},
        title="历年区划",
    )
    early = (shared_data / "divisions" / "raw" / "gb2260_2019_with_revoked.csv").read_bytes()
    conforming.stored(world, early)
    found = conforming.checked_draft(world)
    assert conforming.rules(found, "代码")["two_names"][0] == 2
    assert {each["item"]: each["held_to"] for each in found["columns"]} == {
        "代码": "codes",
        "名称": "names",
    }
    path = f"/api/v1/resources/{world.resource_code}/conformity/failures"
    listed = client(world, "registrar").get(path, params={"item": "代码", "limit": "200"}).json()
    assert listed["next"], "a page of many"
    page = shown(client(world, "registrar"), f"/resources/{world.resource_code}/conformity")
    assert "6,564 个值中有 2 个" in page


def test_scenario_5_names_that_are_not_those_of_the_standard(
    world_at: At, shared_data: Path
) -> None:
    world = world_at("accounts")
    listed = (shared_data / "standards" / "GB-3304-1991.csv").read_bytes()
    domain = conforming.domain(
        world, "民族", listed, code_column="code_letter", label_column="name"
    )
    element = conforming.element(world, "民族", domain=domain)
    conforming.registered(world, {"name": "民族", "column_name": "column_1", "element": element})
    names = (shared_data / "standards" / "ethnic_groups_56.csv").read_bytes()
    conforming.stored(world, names, options={"header_row": 0})
    found = conforming.checked_draft(world)
    assert conforming.rules(found, "民族") == {"no_name_of_domain": (5, 56)}
    page = shown(client(world, "registrar"), f"/resources/{world.resource_code}/conformity")
    assert "56 个值中有 5 个" in page
    answer = client(world, "registrar").get(
        f"/api/v1/resources/{world.resource_code}/conformity/failures"
    )
    assert [(each["row"], each["value"]) for each in answer.json()["items"]] == [
        (20, "傈僳族"),
        (28, "柯尔克孜族"),
        (35, "毛南族"),
        (42, "乌孜别克族"),
        (45, "德昂族"),
    ]
