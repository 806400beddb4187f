"""Before whom a source conflict comes is computed by level and area (Arts. 19 and 28); what no
administration on this platform decides is brought before the one that does.
"""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures import disputing, organising
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.exchanging import task_kinds, told, trail
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError

from auth.departments.models import Department
from auth.departments.words import Level, Line
from catalog.sources.checks.instances import instance_of
from shuqiao.db import unit_of_work

At = Callable[[str], World]
REGION = {"level": "province", "area_code": "150000", "line": "territorial", "regime": "applies"}
REFERRAL = {"to": "国家数据局", "document": "内数据函〔2026〕12号"}


def department(level: str | None, area: str | None, line: str = "territorial") -> Department:
    return Department(
        code="x", name="x", level=Level(level) if level else None, area_code=area, line=Line(line)
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("province", "150000"), ("province", "150000"), "province:150000"),
        (("city", "150200"), ("city", "150200"), "city:150200"),
        (("county", "150203"), ("township", "150203"), "county:150203"),
        (("city", "150200"), ("city", "150100"), "province:150000"),
        (("city", "150200"), ("city", "410300"), "national:100000"),
        (("county", "150203"), ("county", "150204"), "city:150200"),
        (("county", "150203"), ("county", "150102"), "province:150000"),
        (("province", "150000"), ("city", "150200"), "national:100000"),
        (("city", "150200"), ("county", "150203"), "province:150000"),
        (("national", "100000"), ("province", "150000"), "national:100000"),
        (("province", "150000", "vertical"), ("province", "150000"), "national:100000"),
        (("city", "150200", "vertical"), ("city", "150200", "vertical"), "province:150000"),
        ((None, "150000"), ("province", "150000"), None),
        (("province", None), ("province", "150000"), None),
    ],
)
def test_who_decides_follows_from_level_and_area(one: Any, other: Any, expected: Any) -> None:
    for sides in ((one, other), (other, one)):
        found = instance_of(department(*sides[0]), department(*sides[1]))
        assert (found.key if found else None) == expected


def act(world: World, who: str, what: str, body: Any = None) -> Any:
    path = f"/api/v1/source-conflicts/{world.conflict_no}/{what}"
    return client(world, who).post(path, json=body, headers=once())


def shown(world: World) -> Any:
    path = f"/api/v1/source-conflicts/{world.conflict_no}"
    return client(world, "data_admin").get(path).json()


def decision(world: World) -> dict[str, str]:
    return {"named": world.claim_no, **disputing.DECISION}


@pytest.fixture
def in_the_region(world_at: At) -> World:
    """Both sides and the bureau are of the region; a data administrator sits elsewhere, too."""
    world = world_at("opened_conflict")
    who = world.subjects["data_admin"]
    with unit_of_work() as session:
        organising.describe(session, who)
        organising.state(session, who, organising.found(session, "bureau"), **REGION)
    disputing.state_it(world)
    run_sql(
        "UPDATE app_user SET roles = '{data_admin}' WHERE account = :account",
        account=world.account("stranger"),
    )
    return world


def test_the_administration_of_level_and_area_decides_and_no_other(in_the_region: World) -> None:
    world = in_the_region
    assert shown(world)["decides"] == DEPARTMENTS["bureau"][0]
    assert task_kinds(world, "data_admin") == ["decide_source_conflict"]
    page = f"/source-conflicts/{world.conflict_no}"
    assert "/decisions" not in client(world, "stranger").get(page).text
    refused = act(world, "stranger", "decisions", decision(world))
    assert (refused.status_code, "同级同地区" in refused.text) == (403, True), refused.text
    assert act(world, "data_admin", "referrals", REFERRAL).status_code == 403
    assert "/decisions" in client(world, "data_admin").get(page).text
    assert act(world, "data_admin", "decisions", decision(world)).status_code == 201


class TestElsewhere:
    def test_the_page_says_where_it_is_to_be_taken(self, world_at: At) -> None:
        world = world_at("elsewhere_conflict")
        found = shown(world)
        assert (found["status"], found["is_elsewhere"]) == ("heard", True)
        assert task_kinds(world, "data_admin") == ["refer_source_conflict"]
        page = client(world, "data_admin").get(f"/source-conflicts/{world.conflict_no}").text
        assert found["decides"] in page
        assert ("/referrals" in page, "/decisions" in page) == (True, False)
        refused = act(world, "data_admin", "decisions", decision(world))
        assert (refused.status_code, "同级同地区" in refused.text) == (403, True)
        assert act(world, "provider_head", "referrals", REFERRAL).status_code == 403

    def test_it_is_brought_there_by_a_document_and_the_answer_recorded(self, world_at: At) -> None:
        world = world_at("elsewhere_conflict")
        bare = act(world, "data_admin", "referrals", {"to": "国家数据局", "document": ""})
        assert [each["pointer"] for each in bare.json()["errors"]] == ["#/document"]
        referred = act(world, "data_admin", "referrals", REFERRAL)
        assert (referred.status_code, referred.json()["status"]) == (201, "referred")
        assert trail(world.conflict_no)[-1] == "source_conflict:referred"
        assert task_kinds(world, "data_admin") == ["record_superior_decision"]
        assert any("was brought before" in each for each in told(world, "consumer_head"))
        assert act(world, "data_admin", "referrals", REFERRAL).status_code in (403, 409)
        with pytest.raises(IntegrityError, match="stays as it is"):
            run_sql("UPDATE source_conflict SET referred_document = 'x'")
        decided = act(world, "data_admin", "decisions", decision(world))
        assert decided.json()["status"] == "decided", decided.text
        assert task_kinds(world, "data_admin") == []
        asked = act(world, "consumer_head", "review-requests", {"plea": "x"})
        assert (asked.status_code, asked.json()["code"]) == (409, "decided_above")
        page = client(world, "consumer_head").get(f"/source-conflicts/{world.conflict_no}").text
        assert "/review-requests" not in page and REFERRAL["document"] in page

    def test_the_database_lets_nobody_decide_here(self, world_at: At) -> None:
        world = world_at("elsewhere_conflict")
        with pytest.raises(IntegrityError, match="another administration"):
            run_sql(
                "UPDATE source_conflict SET status = 'decided', decided_at = now(), reasons = 'x',"
                " basis = 'x', named_claim_id = claim_id, decider_id = :who",
                who=world.subjects["data_admin"].user_id,
            )


def test_a_review_is_one_task_and_not_two(world_at: At) -> None:
    world = world_at("appealed_conflict")
    assert task_kinds(world, "data_admin") == ["review_source_conflict"]


def test_decided_about_the_own_department_it_is_listed(world_at: At) -> None:
    """本部门自审: the bureau is a side, its other person decides, the superior reads it."""
    world = world_at("named_source")
    run_sql("UPDATE app_user SET roles = roles || ARRAY['registrar'] WHERE account = 'data_admin'")
    path = f"/api/v1/elements/{world.element_identifier}/source-conflicts"
    body = {**disputing.SAID, "against": world.claim_no}
    opened = client(world, "data_admin").post(path, json=body, headers=once())
    world.conflict_no = opened.json()["conflict_no"]
    disputing.state_it(world)
    disputing.hire_another_admin(world)
    assert act(world, disputing.SECOND, "decisions", decision(world)).status_code == 201
    listed = client(world, "reviewer").get("/api/v1/self-reviews").json()["items"]
    assert ("conflict", world.conflict_no) in [(each["kind"], each["number"]) for each in listed]
    assert world.conflict_no in client(world, "reviewer").get("/self-reviews").text
