"""What is claimed is filled: the way, the entry, the upper code that stays, and the facts."""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures.assigning import EDUCATION, template
from fixtures.callers import client, once
from fixtures.exchanging import task_kinds, trail
from fixtures.listing import answer, asked, get, pointers, put, send, status
from fixtures.page_forms import shown
from fixtures.states import STATES
from fixtures.succeeding import act
from fixtures.worlds import World

from catalog.assignments.tasks import advance
from shuqiao.db import unit_of_work

At = Callable[[str], World]
FIRST = "AS-2026-000001"
UPPER = "150000-JY-0001"


def claimed(world: World, **line: Any) -> None:
    """In a world with an entry: a line with an upper code, claimed by education."""
    said = {"title": "学校名录", "upper_code": UPPER, "department": EDUCATION, **line}
    body = {"title": "清单", "deadline_on": "2026-03-06", "lines": [said]}
    number = send(world, "data_admin", "/list-templates", body).json()["template_no"]
    send(world, "data_admin", f"/list-templates/{number}/issues")
    assert answer(world, FIRST, answer="claimed").status_code == 201


def entry(world: World) -> dict[str, Any]:
    found: dict[str, Any] = get(world, "registrar", f"/resources/{world.resource_code}").json()
    return found


TOLD = (
    *("title", "abstract", "category", "format", "share_type", "share_condition", "use_condition"),
    *("share_way", "update_cycle", "security_level", "secrecy_assessment", "privacy_assessment"),
)


def described(world: World, where: str = "", **changes: Any) -> Any:
    """The entry, or its working copy, said anew without its upper code."""
    path = f"/api/v1/resources/{world.resource_code}"
    now = client(world, "registrar").get(f"{path}{where}")
    body = {name: now.json()[name] for name in TOLD}
    names = ("name", "column_name", "data_type")
    body["items"] = [{name: item[name] for name in names} for item in now.json()["items"]]
    headers = {**once(), "if-match": now.headers["etag"]}
    return client(world, "registrar").put(path, json={**body, **changes}, headers=headers)


def test_the_way_is_said_step_by_step(world_at: At) -> None:
    world = world_at("claimed_assignment")
    unknown = {"duty_no": "DU-1999-000001"}
    assert pointers(put(world, "registrar", f"/assignments/{FIRST}/way", unknown)) == ["#/duty_no"]
    strange = {"system_no": "IS-2026-000009"}
    assert pointers(put(world, "registrar", f"/assignments/{FIRST}/way", strange)) == [
        "#/system_no"
    ]
    said = {"duty_no": "DU-2026-000001", "matter": "学校设立审批", "table_name": "school"}
    kept = put(world, "registrar", f"/assignments/{FIRST}/way", said)
    assert kept.status_code == 200, kept.text
    assert kept.json() | said == kept.json()
    assert trail(FIRST)[-1] == "assignment:described"
    early = put(world, "registrar", "/assignments/AS-2026-000002/way", said)
    assert early.status_code == 409, "what is not claimed is not filled"


def test_a_draft_is_begun_with_what_the_line_says(world_at: At) -> None:
    world = world_at("begun_entry")
    made = get(world, "registrar", "/resources/307001-000001").json()
    assert (made["title"], made["upper_code"]) == ("中小学校名录", UPPER)
    assert [item["name"] for item in made["items"]] == ["学校代码", "学校名称", "办学类型"]
    assert status(world, FIRST) == "registered"
    assert trail(FIRST)[-2:] == ["assignment:bound", "assignment:registered"]
    assert "fill_publication" in task_kinds(world, "registrar")
    again = {"class_code": "307001", "share_type": "conditional"}
    twice = send(world, "registrar", f"/assignments/{FIRST}/entries", again)
    assert pointers(twice) == ["#/class_code"]


def test_an_element_of_the_line_becomes_an_item(world_at: At) -> None:
    world = world_at("adopted_element")
    claimed(world, element=world.element_identifier, items_text="学校代码、学校名称")
    body = {"class_code": "307001", "share_type": "conditional"}
    send(world, "registrar", f"/assignments/{FIRST}/entries", body)
    items = get(world, "registrar", "/resources/307001-000001").json()["items"]
    assert [(item["name"], item["element"]) for item in items] == [
        ("学校代码", world.element_identifier),
        ("学校名称", None),
    ]


def test_the_upper_code_stays_from_the_template_to_the_publication(world_at: At) -> None:
    world = world_at("stored_resource")
    claimed(world)
    bound = put(world, "registrar", f"/assignments/{FIRST}/entry", {"code": world.resource_code})
    assert (bound.status_code, bound.json()["status"]) == (200, "registered"), bound.text
    assert entry(world)["upper_code"] == UPPER
    refused = described(world, title="改名的名录", upper_code="X-1")
    assert pointers(refused) == ["#/upper_code"]
    renamed = described(world, title="改名的名录")
    assert renamed.status_code == 200, renamed.text
    assert (renamed.json()["title"], renamed.json()["upper_code"]) == ("改名的名录", UPPER)
    for state in ("submitted_resource", "consented_resource", "published_resource"):
        STATES[state][1](world)
    said = asked("SELECT entry ->> 'upper_code' FROM publication")
    assert said == UPPER, "the publication keeps it"
    assert UPPER in shown(client(world, "applicant"), f"/catalog/{world.resource_code}")
    found = get(world, "applicant", f"/catalog?q={UPPER}").json()["items"]
    assert [each["title"] for each in found] == ["改名的名录"]
    exported = client(world, "applicant").get("/catalog/export?format=csv").text
    assert UPPER in exported
    assert advance() == 1
    assert status(world, FIRST) == "with_data"
    assert task_kinds(world, "registrar") == []
    assert advance() == 0


def test_a_published_entry_takes_the_code_on_with_its_next_version(world_at: At) -> None:
    world = world_at("published_resource")
    claimed(world)
    bound = put(world, "registrar", f"/assignments/{FIRST}/entry", {"code": world.resource_code})
    assert bound.json()["status"] == "with_data", "facts count at once"
    assert entry(world)["upper_code"] == ""
    STATES["changing_resource"][1](world)
    changed = described(world, title="改名的名录", where="/working-copy")
    assert changed.status_code == 200, changed.text
    assert changed.json()["upper_code"] == UPPER


def test_facts_move_it_back_too(world_at: At) -> None:
    world = world_at("published_resource")
    claimed(world)
    put(world, "registrar", f"/assignments/{FIRST}/entry", {"code": world.resource_code})
    STATES["taken_down"][1](world)
    assert get(world, "registrar", f"/assignments/{FIRST}").json()["status"] == "claimed"
    assert advance() == 1
    assert trail(FIRST)[-1] == "assignment:entry_lost"
    assert "fill_registration" in task_kinds(world, "registrar")


def test_a_draft_that_is_thrown_away_is_missed(world_at: At) -> None:
    world = world_at("begun_entry")
    path = "/resources/307001-000001"
    tag = get(world, "registrar", path).headers["etag"]
    headers = {**once(), "if-match": tag}
    gone = client(world, "registrar").delete(f"/api/v1{path}", headers=headers)
    assert gone.status_code in (200, 204), gone.text
    assert advance() == 1
    assert (status(world, FIRST), trail(FIRST)[-1]) == ("claimed", "assignment:entry_lost")


@pytest.mark.parametrize("said", [{"code": "307001/999999"}, {"code": "另一个"}])
def test_only_an_entry_of_the_department_fills_it(world_at: At, said: dict[str, str]) -> None:
    world = world_at("begun_entry")
    assert pointers(put(world, "registrar", f"/assignments/{FIRST}/entry", said)) == ["#/code"]


def test_an_entry_fills_no_line_with_another_code(world_at: At) -> None:
    world = world_at("begun_entry")
    assert answer(world, "AS-2026-000002", answer="claimed").status_code == 201
    said = {"code": "307001/000001"}
    other = put(world, "registrar", "/assignments/AS-2026-000002/entry", said)
    assert pointers(other) == ["#/code"]
    assert other.json()["errors"][0]["code"] == "other_upper_code"


def test_the_board_counts_by_facts_and_divides_nothing_by_nothing(world_at: At) -> None:
    world = world_at("begun_entry")
    board = get(world, "data_admin", "/assignments/board").json()
    rows = {each["code"]: each for each in board["items"]}
    assert rows[EDUCATION] | {"claimed": 1, "registered": 1, "open": 1} == rows[EDUCATION]
    assert board["compiled"] == {"numerator": 1, "denominator": 1}
    assert board["attached"] == {"numerator": 0, "denominator": 0}
    page = shown(client(world, "data_admin"), "/assignments/board")
    assert "不适用" in page
    assert "<svg" in page
    own = get(world, "registrar", "/assignments/board").json()["items"]
    assert [each["code"] for each in own] == [EDUCATION], "others' figures are theirs"
    none = get(world, "data_admin", "/assignments/board?area=640000").json()
    assert (none["items"], none["compiled"]["denominator"]) == ([], 0)
    file = client(world, "data_admin").get("/assignments/board/export").text
    assert "内蒙古自治区教育厅" in file
    answers = client(world, "data_admin").get("/assignments/export?format=csv").text
    assert UPPER in answers


def test_a_successor_takes_over_what_is_assigned_and_what_is_planned(world_at: At) -> None:
    world = world_at("begun_entry")
    body = {
        "title": "下一份",
        "lines": [{"title": "教师名录", "department": EDUCATION}],
    }
    draft = send(world, "data_admin", "/list-templates", body).json()["template_no"]
    act_no = act(world, "merged", ["education"], ["civil"])
    path = f"/reorganisations/{act_no}/succession"
    left = get(world, "data_admin", path).json()["left"]
    kinds = sorted(each["kind"] for each in left)
    assert kinds == ["assignment", "assignment", "entry", "list_template"]
    ruling = {"document_no": "内机编〔2026〕1号", "article": "第三条"}
    for kind in ("assignment", "list_template"):
        said = {**ruling, "kind": kind, "successor": "111500000099000483"}
        moved = send(world, "data_admin", path, said)
        assert moved.status_code == 201, moved.text
    assert get(world, "data_admin", f"/assignments/{FIRST}").json()["department_code"] == (
        "111500000099000483"
    )
    assert trail(FIRST)[-1] == "assignment:succeeded"
    with unit_of_work() as session:
        world.template_no = draft
        assert template(session, world).version == 2
    (line,) = get(world, "data_admin", f"/list-templates/{draft}").json()["lines"]
    assert line["department"] == "内蒙古自治区民政厅"
