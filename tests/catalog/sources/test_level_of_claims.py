"""Art. 19: a data administration names sources at its own level and in its own area; departments
above it, or led from above, it records as upper sources (上级数源). Who decides is computed, and
anew when an administration joins, ends or is another one.
"""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from fixtures import organising, sourcing
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.exchanging import task_kinds, trail
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from sqlmodel import col, select

from auth.accounts import repository as users
from auth.administration import service as accounts
from auth.areas import repository as areas
from auth.departments import repository as departments
from auth.departments.models import Department
from auth.departments.words import Level, Line
from auth.roles import Role
from catalog.conflicts.tasks import find_judges
from catalog.sources.checks.instances import Reach, instance_of, reach
from catalog.sources.models import SourceClaim
from shuqiao.db import reading, unit_of_work
from shuqiao.desk import todos

At = Callable[[str], World]
REGION = {"level": "province", "area_code": "150000", "line": "territorial", "regime": "applies"}
CITY = {**REGION, "level": "city", "area_code": "150200"}
OTHER_CITY = {**REGION, "level": "city", "area_code": "150100"}
NATION = {**REGION, "level": "national", "area_code": "100000"}

#: Level and area of a department as a city (150200) sees it, led by its own government.
_SEEN_BY_THE_CITY = {
    ("national", "100000"): Reach.RECORDS,
    ("province", "150000"): Reach.RECORDS,
    ("province", "410000"): Reach.NOTHING,
    ("city", "150200"): Reach.NAMES,
    ("city", "150100"): Reach.NOTHING,
    ("county", "150200"): Reach.NOTHING,  # below it, though it shares all its ground
    ("county", "150203"): Reach.NOTHING,
    ("county", "150102"): Reach.NOTHING,
    ("township", "150203"): Reach.NOTHING,
}
#: Whom of those led from above it records: whoever shares ground with it.
_NEAR = {"100000", "150000", "150200", "150203"}


def department(level: str | None, area: str | None, line: str = "territorial") -> Department:
    return Department(
        code="x", name="x", level=Level(level) if level else None, area_code=area, line=Line(line)
    )


def _matrix() -> Iterator[tuple[str, str, str, Reach]]:
    for (level, area), line in product(_SEEN_BY_THE_CITY, Line):
        found = _SEEN_BY_THE_CITY[level, area]
        if line is Line.VERTICAL:
            found = Reach.RECORDS if area in _NEAR else Reach.NOTHING
        yield level, area, line.value, found


@pytest.mark.parametrize(("level", "area", "line", "expected"), list(_matrix()))
def test_level_area_and_line_say_what_a_city_can_do(
    level: str, area: str, line: str, expected: Reach
) -> None:
    city = department("city", "150200")
    assert reach(city, department(level, area, line)) is expected


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        (("county", "150203"), ("township", "150203"), Reach.NAMES),
        (("county", "150203"), ("using_point", "150203"), Reach.NAMES),
        (("county", "150203"), ("township", "150204"), Reach.NOTHING),
        (("national", "100000"), ("province", "150000"), Reach.NOTHING),
        (("province", "150000"), ("city", "150200"), Reach.NOTHING),
        (("city", None), ("city", "150200"), None),
        (("city", "150200"), (None, "150200"), None),
    ],
)
def test_streets_are_of_their_county_and_what_is_not_stated_hinders_nobody(
    own: Any, other: Any, expected: Any
) -> None:
    assert reach(department(*own), department(*other)) is expected


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        (("city", "150200"), "city:150200"),
        (("city", "150200", "dual"), "city:150200"),
        (("city", "150200", "vertical"), "province:150000"),
        (("county", "150203", "vertical"), "city:150200"),
        (("township", "150203"), "county:150203"),
        (("national", "100000", "vertical"), "national:100000"),
        ((None, "150200"), None),
    ],
)
def test_of_one_department_its_own_administration_decides(side: Any, expected: Any) -> None:
    found = instance_of(department(*side))
    assert (found.key if found else None) == expected


def claim(world: World, who: str, **said: Any) -> Any:
    path = f"/api/v1/elements/{world.element_identifier}/source-claims"
    return client(world, who).post(path, json=sourcing.BASIS | said, headers=once())


def act(world: World, who: str, what: str, body: dict[str, Any] | None = None) -> Any:
    path = f"/api/v1/source-claims/{world.claim_no}"
    seen = client(world, "data_admin").get(path).headers["etag"]
    sent = client(world, who)
    return sent.post(f"{path}{what}", json=body, headers={**once(), "if-match": seen})


def shown(world: World) -> Any:
    return client(world, "data_admin").get(f"/api/v1/source-claims/{world.claim_no}").json()


def state(world: World, **described: dict[str, str]) -> None:
    """Say level and area of departments of the world."""
    who = world.subjects["data_admin"]
    with unit_of_work() as session:
        if areas.by_code(session, "150200") is None:
            organising.describe(session, who)
        for key, said in described.items():
            organising.state(session, who, organising.found(session, key), **said)


def make_administration(world: World, who: str, key: str) -> None:
    """``who`` is a data administrator of the department from now on."""
    run_sql(
        "UPDATE app_user SET roles = '{data_admin}', department_id ="
        " (SELECT id FROM department WHERE code = :code) WHERE account = :account",
        account=world.account(who),
        code=DEPARTMENTS[key][1],
    )


def holders_of_task(world: World) -> set[Any]:
    with reading() as session:
        names = {each.id: each for each in departments.listed(session)}
        open_ones = todos.open_of(session, case_no=world.claim_no)
        return {names[t.department_id].code if t.department_id else None for t in open_ones}


@pytest.fixture
def two_administrations(world_at: At) -> World:
    """The education department is of a city, whose data administration is the civil department's;
    the bureau is the region's.
    """
    world = world_at("adopted_element")
    make_administration(world, "stranger", "civil")
    state(world, education=CITY, civil=CITY, bureau=REGION)
    world.claim_no = claim(world, "registrar").json()["claim_no"]
    return world


def test_the_administration_of_its_own_level_and_area_names_a_source(
    two_administrations: World,
) -> None:
    world = two_administrations
    assert shown(world)["decides"] == DEPARTMENTS["civil"][0]
    assert holders_of_task(world) == {DEPARTMENTS["civil"][1]}
    assert "name_source" not in task_kinds(world, "data_admin")
    page = client(world, "data_admin").get(f"/source-claims/{world.claim_no}").text
    assert "/decisions" not in page and DEPARTMENTS["civil"][0] in page
    for what, body in (
        ("/confirmations", {}),
        ("/refusals", {"reason": "x"}),
        ("/countersigns", None),
    ):
        refused = act(world, "data_admin", what, body)
        assert (refused.status_code, "同级同地区" in refused.text) == (403, True), what
    assert act(world, "stranger", "/confirmations", {}).status_code == 201
    for what, body in (
        ("/exceptions", {"area_code": "150203", "reason": "x"}),
        ("/ends", {"reason": "x"}),
    ):
        assert act(world, "data_admin", what, body).status_code == 403, what
    assert act(world, "stranger", "/ends", {"reason": "x"}).status_code == 201


def test_of_its_own_motion_too_and_in_its_own_area(world_at: At) -> None:
    world = world_at("adopted_element")
    state(world, education=CITY, civil=NATION, bureau=CITY, police=OTHER_CITY)
    own = claim(world, "data_admin", department=DEPARTMENTS["police"][1])
    (error,) = own.json()["errors"]
    assert (error["pointer"], "呼和浩特市" in error["fix"]) == ("#/department", True), error
    upper = {"department": DEPARTMENTS["civil"][1], "is_upper": True}
    wide = claim(world, "data_admin", **upper, area_code="150000")
    assert [each["code"] for each in wide.json()["errors"]] == ["outside_own"]
    recorded = claim(world, "data_admin", **upper)
    assert (recorded.status_code, recorded.json()["area_code"]) == (201, "150200")
    assert recorded.json()["decides"] == DEPARTMENTS["bureau"][0], "it is for whoever records it"
    assert find_judges() == 0, "and stays so"
    wrong = claim(world, "data_admin", department=DEPARTMENTS["education"][1], is_upper=True)
    assert [each["pointer"] for each in wrong.json()["errors"]] == ["#/department"]


def test_a_source_that_another_administration_named_is_not_replaced(
    two_administrations: World,
) -> None:
    """Re-assignment: what the city named is the city's to give to another department."""
    world = two_administrations
    assert act(world, "stranger", "/confirmations", {}).status_code == 201
    state(world, police=REGION)
    said = {"department": DEPARTMENTS["police"][1], "replaces": world.claim_no}
    answer = claim(world, "data_admin", **said, area_code="150200")
    assert [each["code"] for each in answer.json()["errors"]] == ["elsewhere"], answer.text


def test_what_is_decided_elsewhere_is_recorded_with_its_document(world_at: At) -> None:
    world = world_at("adopted_element")
    state(world, education=CITY, bureau=REGION)
    world.claim_no = claim(world, "registrar").json()["claim_no"]
    assert (shown(world)["is_elsewhere"], "包头市" in shown(world)["decides"]) == (True, True)
    page = client(world, "data_admin").get(f"/source-claims/{world.claim_no}").text
    assert "不在本平台" in page and shown(world)["decides"] in page
    bare = act(world, "data_admin", "/confirmations", {})
    assert [each["pointer"] for each in bare.json()["errors"]] == ["#/reason"], bare.text
    named = act(world, "data_admin", "/confirmations", {"reason": "包数函〔2026〕3号"})
    assert named.json()["status"] == "confirmed", named.text


class TestAnew:
    """Who decides is found anew; nothing is decided by that."""

    def test_an_administration_that_joins_later_takes_over(self, world_at: At) -> None:
        world = world_at("adopted_element")
        state(world, education=CITY, civil=CITY, bureau=REGION)
        world.claim_no = claim(world, "registrar").json()["claim_no"]
        assert holders_of_task(world) == {None}
        run_sql("DELETE FROM jobs.procrastinate_jobs")
        run_sql(
            "UPDATE app_user SET department_id = (SELECT id FROM department WHERE code = :code)"
            " WHERE account = :account",
            account=world.account("stranger"),
            code=DEPARTMENTS["civil"][1],
        )
        with unit_of_work() as session:
            user = users.by_account(session, world.account("stranger"))
            assert user is not None
            who = world.subjects["data_admin"]
            roles, basis = [Role.DATA_ADMIN], {"operator": "test"}
            accounts.assign_roles(session, who, user, roles=roles, before=user.roles, basis=basis)
        find = "DELETE FROM jobs.procrastinate_jobs WHERE task_name = :name"
        assert run_sql(find, name="catalog.conflicts.find_judges") == 1
        assert find_judges() == 1
        assert shown(world)["decides"] == DEPARTMENTS["civil"][0]
        assert holders_of_task(world) == {DEPARTMENTS["civil"][1]}
        assert trail(world.claim_no)[-1] == "source:routed"
        assert find_judges() == 0, "nothing changed since"

    def test_of_two_of_one_level_the_first_to_have_it_keeps_it(
        self, two_administrations: World
    ) -> None:
        world = two_administrations
        make_administration(world, "applicant", "police")
        state(world, police=CITY)
        assert DEPARTMENTS["police"][1] < DEPARTMENTS["civil"][1], "asked anew it would be first"
        assert find_judges() == 0
        assert shown(world)["decides"] == DEPARTMENTS["civil"][0]

    def test_so_does_the_one_of_another_level(self, two_administrations: World) -> None:
        world = two_administrations
        state(world, education=REGION)
        assert find_judges() == 1
        assert holders_of_task(world) == {DEPARTMENTS["bureau"][1]}
        assert act(world, "data_admin", "/confirmations", {}).status_code == 201

    def test_one_that_ended_leaves_it_to_be_recorded(self, two_administrations: World) -> None:
        world = two_administrations
        run_sql(
            "UPDATE department SET ended_on = '2026-02-01' WHERE code = :code",
            code=DEPARTMENTS["civil"][1],
        )
        assert find_judges() == 1
        assert (shown(world)["is_elsewhere"], holders_of_task(world)) == (True, {None})

    def test_so_does_one_in_which_nobody_decides_any_more(self, two_administrations: World) -> None:
        world = two_administrations
        run_sql(
            "UPDATE app_user SET is_active = false WHERE account = :account",
            account=world.account("stranger"),
        )
        assert find_judges() == 1
        assert (shown(world)["is_elsewhere"], holders_of_task(world)) == (True, {None})

    def test_what_says_nothing_yet_is_found(self, two_administrations: World) -> None:
        """A claim of before this was reckoned."""
        world = two_administrations
        run_sql("UPDATE source_claim SET instance = '', judge_id = NULL")
        assert find_judges() == 1
        assert shown(world)["decides"] == DEPARTMENTS["civil"][0]

    def test_a_conflict_follows_with_its_task(self, world_at: At) -> None:
        world = world_at("elsewhere_conflict")
        assert task_kinds(world, "data_admin") == ["refer_source_conflict"]
        state(world, police=REGION, education=REGION, bureau=REGION)
        assert find_judges() >= 1
        assert task_kinds(world, "data_admin") == ["decide_source_conflict"]
        assert trail(world.conflict_no)[-1] == "source_conflict:routed"
        with reading() as session:
            query = select(SourceClaim.claim_no).where(col(SourceClaim.is_rival))
            rivals = session.exec(query).all()
        assert rivals
        assert all("source:routed" not in trail(each) for each in rivals), "the conflict settles it"

    def test_what_was_brought_above_stays_there(self, world_at: At) -> None:
        world = world_at("elsewhere_conflict")
        path = f"/api/v1/source-conflicts/{world.conflict_no}/referrals"
        body = {"to": "国家数据局", "document": "内数据函〔2026〕12号"}
        assert client(world, "data_admin").post(path, json=body, headers=once()).is_success
        state(world, police=REGION, education=REGION, bureau=REGION)
        find_judges()
        assert task_kinds(world, "data_admin") == ["record_superior_decision"]
