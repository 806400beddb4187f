"""The lists as of a day, their versions with their causes, what differs, files as pages."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from fixtures import changing, renewing, sourcing
from fixtures.callers import client
from fixtures.database import run_sql
from fixtures.exchanging import WITHHOLD, change_entry, change_items
from fixtures.page_forms import shown
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from openpyxl import load_workbook
from sqlalchemy.exc import DBAPIError

from catalog.editions.service import editions
from catalog.lists.fields import COLUMNS
from catalog.lists.words import ListKind
from catalog.sources.schemas import ClaimReason
from catalog.sources.service import naming
from shuqiao.db import unit_of_work
from shuqiao.settings import settings
from tests.catalog.negative import deeds

At = Callable[[str], World]
LISTS = "/api/v1/lists"
EDUCATION = DEPARTMENTS["education"][1]
_ENTRY = """
INSERT INTO negative_entry (id, entry_no, department_id, proposer_id, status, basis_kind,
    basis_name, basis_number, basis_article, basis_text, reason, business, reach_clause,
    reaches_all, is_self_reviewed, approver_id, in_force_at, review_on, end_reason, version,
    created_at)
SELECT '01a22c60-0000-7000-8000-000000000001', 'NE-2026-000001', r.provider_id, r.registrar_id,
    'in_force', 'law', '测绘法', '主席令第六十七号', '第四十七条', '不得公开', '位置敏感', '', '',
    false, false, p.published_by, p.published_at, '2027-01-01', '', 1, p.published_at
FROM data_resource r JOIN publication p ON p.resource_id = r.id LIMIT 1
"""
_COVER = """
INSERT INTO negative_cover (id, entry_id, item_id, since)
VALUES (gen_random_uuid(), '01a22c60-0000-7000-8000-000000000001', :item, :since)
"""


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Move the clock to the morning of a day."""

    def move(day: str) -> None:
        monkeypatch.setenv("SHUQIAO_CLOCK", f"{day}T09:00:00+08:00")
        settings.cache_clear()

    return move


def read(world: World, path: str, who: str = "applicant", **query: object) -> Any:
    answer = client(world, who).get(f"{LISTS}{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def strike(world: World, place: int, since: str) -> None:
    """A negative entry is in force, and strikes one item."""
    run_sql(_ENTRY)
    run_sql(_COVER, item=world.item_ids[place], since=since)


def test_the_list_of_yesterday_is_reproduced_after_changes(
    committed_world: At, on: Callable[[str], None]
) -> None:
    world = committed_world("reviewed_change")
    for path, query in (
        ("/responsibility", {}),
        ("/negative", {}),
        ("/responsibility", {"by": "entry"}),
    ):
        assert read(world, path, **query)["items"] or path == "/negative"
    before = read(world, "/responsibility")["items"]
    totals = read(world, "")["departments"]
    on("2026-02-13")
    changing.changed_entry(world)
    on("2026-02-24")
    changing.taken_down(world)
    assert read(world, "/responsibility")["items"] == []
    between = read(world, "/responsibility", on="2026-02-13")["items"]
    assert {line["version"] for line in between} == {2}
    assert read(world, "/responsibility", on="2026-02-12")["items"] == before
    assert read(world, "", on="2026-02-12")["departments"] == totals
    assert read(world, "/responsibility", department=EDUCATION, version=1)["items"] == before
    assert read(world, "/responsibility", on="2026-02-10")["items"] == []
    assert "历史时点" in shown(client(world, "applicant"), "/lists/responsibility?on=2026-02-12")


def test_a_change_of_a_list_shows_with_its_cause(
    committed_world: At, on: Callable[[str], None]
) -> None:
    world = committed_world("reviewed_change")
    on("2026-02-13")
    changing.changed_entry(world)
    on("2026-02-24")
    changing.taken_down(world)
    found = read(world, "/versions", kind="responsibility")["items"]
    assert [(each["number"], each["cause"]) for each in found] == [
        *((3, "taken_down"), (2, "changed"), (1, "published")),
    ]
    trail = client(world, "reviewer").get("/api/v1/audit-events", params={"limit": 200}).json()
    acts = {each["event_id"]: each["event"] for each in trail["items"]}
    for each, tag in zip(found, ("taken_down", "published", "published"), strict=True):
        event = acts[each["event_id"]]
        assert event["act"] == f"catalog:resource:{tag}"
        assert event["obj"]["id"] == each["reference"]
    page = shown(client(world, "applicant"), "/lists/versions")
    assert "目录变更发布" in page and "撤销目录" in page


def test_two_states_are_compared_by_day_and_by_version(
    committed_world: At, on: Callable[[str], None]
) -> None:
    world = committed_world("reviewed_change")
    on("2026-02-13")
    changing.changed_entry(world)
    by_day = read(world, "/responsibility/comparison", since="2026-02-12")
    named = {"department": EDUCATION, "since_version": 1, "version": 2}
    by_version = read(world, "/responsibility/comparison", **named)
    assert by_day["changes"] == by_version["changes"]
    assert (by_day["added"], by_day["removed"]) == (1, 1)
    told = {(each["kind"], each["item"]) for each in by_day["changes"]}
    assert {("added", "学校全称"), ("removed", "学校名称"), ("changed", "学校代码")} <= told
    (code,) = (each for each in by_day["changes"] if each["item"] == "学校代码")
    assert "限履行校园安全和消防安全职责的部门使用。" in code["fields"][0]["after"]
    assert code["fields"][0]["field"] == "condition"
    page = shown(client(world, "applicant"), "/lists/responsibility/comparison?since=2026-02-12")
    assert "学校全称" in page and "消防安全" in page
    notice = shown(client(world, "applicant"), "/lists/notice?since=2026-02-12")
    assert "第十六条" in notice and "新增 1 项，移出 1 项" in notice and "公示" not in notice


def test_a_notice_names_the_demands_only_on_purpose(world_at: At) -> None:
    world = world_at("claimed_demand")
    plain = shown(client(world, "data_admin"), "/lists/notice?since=2026-02-01")
    assert "附件2：负面清单" in plain and "需求清单的" not in plain and "附件3" not in plain
    whole = shown(client(world, "data_admin"), "/lists/notice?since=2026-02-01&lists=all")
    assert "附件3：需求清单" in whole and 'id="part-demand"' in whole
    (demand,) = read(world, "/demand", "data_admin")["items"]
    assert demand["code"] in whole and demand["code"] not in plain


def test_a_source_named_and_ended_makes_a_version_with_its_event(
    committed_world: At, on: Callable[[str], None]
) -> None:
    world = committed_world("published_resource")
    on("2026-02-13")
    sourcing.claimed_source(world)
    before = read(world, "/versions")["items"]
    sourcing.named_source(world)
    assert "sourced" in differing(world, since="2026-02-12")
    with unit_of_work() as session:
        ended = ClaimReason.model_validate({"reason": "职责划出"})
        naming.end(session, world.subjects["data_admin"], sourcing.claim(session, world), ended)
    found = read(world, "/versions")["items"]
    new = [each for each in found if each not in before]
    assert [(each["kind"], each["cause"]) for each in new] == [("responsibility", "sourced")] * 2
    assert {each["reference"] for each in new} == {world.claim_no}
    tags = ["catalog:source:ended", "catalog:source:confirmed"]
    assert [tag_of(world, each["event_id"]) for each in new] == tags
    page = shown(client(world, "applicant"), "/lists/versions")
    assert f'href="/source-claims/{world.claim_no}"' in page


def test_data_that_comes_and_ends_makes_a_version_and_new_rows_make_none(
    committed_world: At, on: Callable[[str], None]
) -> None:
    world = committed_world("published_resource")
    before = read(world, "/versions")["items"]
    on("2026-02-13")
    renewing.renew(world, renewing.rows_now(world))
    assert read(world, "/versions")["items"] == before
    with unit_of_work() as session:
        editions.give_way(session, renewing.SYSTEM, world.resource_id)
    assert read(world, "/responsibility")["items"][0]["mounting"] == "unmounted"
    new = [each for each in read(world, "/versions")["items"] if each not in before]
    assert [(each["kind"], each["cause"]) for each in new] == [("responsibility", "unmounted")]
    assert tag_of(world, new[0]["event_id"]) == "catalog:edition:kept"
    assert new[0]["reference"].endswith("#2")
    page = shown(client(world, "applicant"), "/lists/versions")
    assert f'href="/catalog/{world.resource_code}"' in page
    versions = {"department": EDUCATION, "since_version": 1, "version": 2}
    assert differing(world, **versions) == {"mounting"}


def differing(world: World, **query: object) -> set[str]:
    changes = read(world, "/responsibility/comparison", **query)["changes"]
    return {field["field"] for each in changes for field in each["fields"]}


def tag_of(world: World, event: str) -> str:
    trail = client(world, "reviewer").get("/api/v1/audit-events", params={"limit": 200}).json()
    acts = {each["event_id"]: each["event"]["act"] for each in trail["items"]}
    return str(acts[event])


@pytest.mark.parametrize("by", ["item", "entry"])
def test_files_have_what_pages_show(world_at: At, by: str) -> None:
    world = world_at("suspended_item")
    for kind in (ListKind.RESPONSIBILITY, ListKind.NEGATIVE):
        lines = read(world, f"/{kind}", by=by)["items"]
        caller = client(world, "applicant")
        text = caller.get(f"/lists/{kind}/export?format=csv&by={by}").text
        head, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
        assert head == ["序号", *(str(each.label.render("zh_CN")) for each in COLUMNS[kind])]
        assert [(row[4:7] if kind is ListKind.RESPONSIBILITY else row[3:6]) for row in rows] == [
            [line["code"], line["title"], "、".join(line["items"])] for line in lines
        ]
        book = load_workbook(
            io.BytesIO(caller.get(f"/lists/{kind}/export?format=xlsx&by={by}").content)
        )
        cover, sheet = book.worksheets
        facts = {row[0].value: row[1].value for row in cover.rows}
        assert facts["行数"] == len(lines) == sheet.max_row - 1
        assert facts["版本"] == f"第 {1 + (kind is not ListKind.NEGATIVE)} 次变更后"


def test_a_scope_by_area_has_those_below_it(world_at: At) -> None:
    world = world_at("published_resource")
    stated = "UPDATE department SET level = 'county', area_code = '150203' WHERE code = :code"
    run_sql(
        "INSERT INTO area (code, name, kind, basis, registered_at) VALUES"
        " ('150203', '昆都仑区', 'division', '', now()),"
        " ('150300', '乌海市', 'division', '', now()),"
        " ('150200', '包头市', 'division', '', now()) ON CONFLICT DO NOTHING"
    )
    run_sql(stated, code=EDUCATION)
    for area, count in (("150203", 4), ("150200", 4), ("100000", 4), ("150300", 0)):
        assert read(world, "/responsibility", area=area)["total"] == count
        assert read(world, "", area=area)["responsibility"] == count
    assert read(world, "/responsibility", level="county")["total"] == 4
    assert read(world, "/responsibility", level="city")["total"] == 0
    assert read(world, "/versions", area="150300")["items"] == []


def test_what_was_published_without_an_entry_says_its_basis(world_at: At) -> None:
    """Published as not shared before there were negative entries, as a whole or one item of it."""
    world = world_at("published_resource")
    later = {"struck_at": datetime(2026, 3, 1, tzinfo=UTC)}
    change_items(world, WITHHOLD, item=world.item_ids[3], **later)
    (line,) = read(world, "/negative")["items"]
    assert (line["items"], line["ground"], line["entry_no"]) == (["经度"], "as_published", "")
    assert "经度" not in str(read(world, "/responsibility")["items"])
    said = {"kind": "law", "basis": "《测绘法》第四十七条", "reason": "位置不得公开"}
    told = {f"withheld_{name}": value for name, value in said.items()}
    change_entry(world, share_type="withheld", **told, **later)
    lines = read(world, "/negative")["items"]
    assert len(lines) == 4 and read(world, "/responsibility")["items"] == []
    assert {(line["basis_kind"], line["basis_name"], line["reason"]) for line in lines} == {
        ("law", "《测绘法》第四十七条", "位置不得公开")
    }
    assert "按目录原文" in shown(client(world, "applicant"), "/lists/negative")


def test_what_an_entry_strikes_is_in_the_negative_list_with_its_basis(world_at: At) -> None:
    world = world_at("published_resource")
    strike(world, 3, "2026-02-11T09:00:00+08:00")
    (line,) = read(world, "/negative")["items"]
    assert (line["items"], line["ground"]) == (["经度"], "in_force")
    assert line["basis_article"] == "第四十七条" and line["review_on"] == "2027-01-01"
    assert read(world, "/responsibility")["total"] == 3
    assert read(world, "/responsibility", on="2026-02-10")["total"] == 0
    causes = {(each["kind"], each["cause"]) for each in read(world, "/versions")["items"]}
    assert ("negative", "withheld") in causes
    run_sql("UPDATE negative_entry SET review_on = '2026-02-11', status = 'review_due'")
    assert read(world, "/negative")["items"][0]["ground"] == "review_due"
    run_sql(
        "UPDATE negative_entry SET status = 'lapsed', ended_at = '2026-02-11T09:00:00+08:00',"
        " end_kind = 'basis_repealed'"
    )
    assert read(world, "/negative")["items"][0]["ground"] == "lapsed"
    assert "依据已失效·待更新" in shown(client(world, "applicant"), "/lists/negative")
    run_sql("UPDATE negative_cover SET until = '2026-02-11T09:00:00+08:00'")
    assert read(world, "/negative")["items"] == []


def test_a_struck_item_makes_a_version_of_both_lists(committed_world: At) -> None:
    world = committed_world("published_resource")
    strike(world, 3, "2026-02-11T09:00:00+08:00")
    found = read(world, "/versions")["items"]
    told = {(each["kind"], each["number"], each["cause"], each["reference"]) for each in found}
    assert {
        ("responsibility", 2, "withheld", "NE-2026-000001"),
        ("negative", 1, "withheld", "NE-2026-000001"),
    } < told


def test_a_publication_strikes_and_makes_one_version_of_each_list_at_once(
    committed_world: At,
) -> None:
    world = committed_world("adopted_element")
    code = deeds.draft(world, deeds.item("从业人员数", stated={}), deeds.item("营业收入"))
    for step in (deeds.submit, deeds.consent):
        step(world, code)
    before = read(world, "/versions")["items"]
    deeds.review(world, code)
    assert [item for item, by in deeds.struck(code).items() if by] == ["从业人员数"]
    found = read(world, "/versions")["items"]
    new = [each for each in found if each not in before]
    assert sorted(each["kind"] for each in new) == ["negative", "responsibility"]
    same = (
        "SELECT 1 FROM publication p, negative_cover c, negative_entry e, list_version v"
        " WHERE p.xmin = c.xmin AND p.xmin = e.xmin AND v.xmin = p.xmin"
    )
    assert run_sql(same) == len(new)


def test_nobody_types_a_version(world_at: At) -> None:
    world_at("published_resource")
    with pytest.raises(DBAPIError, match="permission denied"):
        run_sql("UPDATE list_version SET number = number + 1")
    with pytest.raises(DBAPIError, match="permission denied"):
        run_sql("SELECT list_version_add('negative', NULL, NULL, 'published', '')")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"on": "2026-02-12"}, "#/on"),
        ({"version": 1}, "#/version"),
        ({"department": EDUCATION, "version": 9}, "#/version"),
        ({"department": "1"}, "#/department"),
        ({"area": "999999"}, "#/area"),
    ],
)
def test_what_there_is_not_is_named(world_at: At, query: dict[str, Any], pointer: str) -> None:
    world = world_at("published_resource")
    answer = client(world, "applicant").get(f"{LISTS}/responsibility", params=query)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


def test_pages_of_the_list_follow_each_other(world_at: At) -> None:
    world = world_at("published_resource")
    first = read(world, "/responsibility", limit=3)
    second = read(world, "/responsibility", limit=3, cursor=first["next"])
    assert second["next"] is None and first["total"] == 4
    assert first["items"] + second["items"] == read(world, "/responsibility")["items"]


def test_the_source_of_an_item_is_marked(world_at: At) -> None:
    world = world_at("published_resource")
    first = read(world, "/responsibility")["items"][0]
    assert (first["sourced"], first["source"]) == ("unnamed", "")
    run_sql(
        "INSERT INTO source_claim (id, claim_no, element_id, element_name, department_id,"
        " area_code, document, article, collected_by, is_upper, is_by_administration, is_rival,"
        " status, ground, is_self_reviewed, reason, confirmed_on, end_reason, version, created_at)"
        " SELECT gen_random_uuid(), 'SC-2026-000001', e.id, e.name, d.id, '150000', '教育法',"
        " '第十五条', '', false, false, false, 'confirmed', 'adopted', false, '', '2026-02-11', '',"
        " 1, now() FROM data_element e, department d WHERE d.code = :code",
        code=EDUCATION,
    )
    first = read(world, "/responsibility")["items"][0]
    assert (first["sourced"], first["duty"]) == ("source", "教育法 第十五条")


def test_a_month_before_everything_is_refused(world_at: At) -> None:
    world = world_at("published_resource")
    answer = client(world, "data_admin").get("/api/v1/lists/frequent?month=0001-01")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/month")


def test_what_a_form_leaves_empty_narrows_nothing(world_at: At) -> None:
    """A version of nought is a mistake, an empty one is none."""
    caller = client(world_at("published_resource"), "data_admin")
    path = "/api/v1/lists/responsibility"
    blank = {"on": "", "version": "", "level": "", "department": ""}
    assert caller.get(path, params=blank).json() == caller.get(path).json()
    compared = {"since": "", "since_version": "", **blank}
    assert caller.get(f"{path}/comparison", params=compared).status_code in (200, 422)
    for wrong in ("0", "-1", "x", "99999999999"):
        assert caller.get(path, params={"version": wrong}).status_code == 422
