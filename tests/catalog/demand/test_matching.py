"""What may serve a demand, the best first, each with why."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fixtures import demanding, sourcing
from fixtures.callers import client
from fixtures.database import run_sql
from fixtures.demanding import ask, shown
from fixtures.exchanging import WITHHOLD, change_items
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from sqlmodel import func, select

from catalog.demand.checks import alike
from catalog.editions import repository as editions
from catalog.resources.models import DataResource
from shuqiao.db import reading

At = Callable[[str], World]


def candidates(world: World, who: str = "data_admin") -> list[dict[str, Any]]:
    path = f"/api/v1/demands/{world.demand_no}/candidates"
    found: list[dict[str, Any]] = client(world, who).get(path).json()["candidates"]
    return found


def test_a_districts_school_list_is_served_by_the_entry_that_is_there(
    shared_data: Path, world_at: At
) -> None:
    """Scenario 12: the demand of a district (学校名录) matches the entry of the responsibility list
    with 249 real schools as its first candidate, and no new dataset is made.
    """
    assert shared_data
    world = world_at("hangzhou_schools")
    run_sql("UPDATE department SET level = 'county' WHERE code = :no", no=DEPARTMENTS["police"][1])
    with reading() as session:
        edition = editions.current(session, world.resource_id)
        assert edition is not None and edition.rows == 249
        before = session.exec(select(func.count()).select_from(DataResource)).one()
    world.demand_no = demanding.file_it(
        world, items=[{"name": "学校名称"}, {"name": "学校地址"}, {"name": "学校类别"}]
    )
    first = candidates(world)[0]
    assert (first["kind"], first["name"]) == ("entry", world.resource_code.replace("-", "/"))
    assert first["title"] == "杭州市学校位置信息"
    assert any("学校名称" in word and "学校地址" in word for word in first["why"])
    demanding.assign_it(world)
    found = ask(world, "provider_head", "answers", {"kind": "share", "entry": first["name"]})
    assert found.json()["status"] == "answered"
    page = client(world, "applicant").get(f"/demands/{world.demand_no}").text
    named = [str(item) for item in world.item_ids[1:3]]  # name and address, nothing else
    asked = "&amp;".join(f"item={item}" for item in named)
    assert f"demand={world.demand_no}&amp;{asked}" in page
    with reading() as session:
        assert session.exec(select(func.count()).select_from(DataResource)).one() == before


def test_the_confirmed_source_and_the_duty_speak_for_a_department(world_at: At) -> None:
    world = world_at("named_source")
    education = DEPARTMENTS["education"]
    run_sql(
        "INSERT INTO duty (id, duty_no, department_id, text, document, document_no, article,"
        " valid_from, recorded_at) SELECT gen_random_uuid(), 'DU-2026-000009', id,"
        " '负责学校设置的审批与学校名录的公布', '编制规定', '', '', '2020-01-01', now()"
        " FROM department WHERE code = :no",
        no=education[1],
    )
    world.demand_no = demanding.file_it(
        world, items=[{"name": "学校编码", "element": world.element_identifier}]
    )
    found = candidates(world)
    element = next(each for each in found if each["kind"] == "element")
    assert (element["name"], element["department"]) == (world.element_identifier, education[0])
    home = next(each for each in found if each["kind"] == "department")
    assert (home["title"], home["name"]) == education
    told = " ".join(home["why"])
    assert "数源" in told and "DU-2026-000009" in told and "学校" in told


def test_a_withheld_entry_is_a_candidate_with_its_basis_and_no_request(world_at: At) -> None:
    world = world_at("published_resource")
    change_items(world, WITHHOLD, item=world.item_ids[3])
    world.demand_no = demanding.file_it(world, items=[{"name": "经度"}])
    assert candidates(world)[0]["name"] == "307001/000001"
    demanding.assign_it(world)
    demanding.answer_it(world, kind="share", entry=world.resource_code)
    page = client(world, "applicant").get(f"/demands/{world.demand_no}").text
    assert str(world.item_ids[3]) not in page


def test_whoever_wants_it_is_no_candidate(world_at: At) -> None:
    world = world_at("adopted_element")
    claim = {"department": DEPARTMENTS["police"][1]}
    world.claim_no = sourcing.propose(world, "data_admin", **claim)
    with_source = [{"name": "学校代码", "element": world.element_identifier}]
    world.demand_no = demanding.file_it(world, items=with_source)
    homes = [each["title"] for each in candidates(world) if each["kind"] == "department"]
    assert DEPARTMENTS["police"][0] not in homes


def test_what_has_nothing_in_common_is_not_proposed(world_at: At) -> None:
    world = world_at("filed_demand")
    other = demanding.file_it(world, "stranger", title="婚姻登记信息", items=[{"name": "登记日期"}])
    path = f"/api/v1/demands/{world.demand_no}/candidates"
    assert client(world, "data_admin").get(path).json()["similar"] == []
    assert shown(world, no=other)["status"] == "filed"


def test_demands_of_other_words_are_alike_by_the_names_of_their_items(world_at: At) -> None:
    world = world_at("filed_demand")
    other = demanding.file_it(world, "stranger", title="困境儿童核对表", items=[{"name": "地址"}])
    demanding.file_it(world, "stranger", title="困境儿童去向", items=[{"name": "去向"}])
    path = f"/api/v1/demands/{world.demand_no}/candidates"
    found = client(world, "data_admin").get(path).json()["similar"]
    assert [(each["demand_no"], each["score"]) for each in found] == [(other, 100)]


def test_alike_goes_by_the_words_or_the_items() -> None:
    assert alike(["学校", "名录"], ["学校", "名单"], [], 2) == 33
    assert alike(["学校"], ["医院"], ["地址"], 2) == 50
    assert alike([], [], [], 0) == 0
