"""Departments as everybody reads them, and as administrators write them on pages."""

from collections.abc import Callable

import pytest
from fixtures import callers
from fixtures.page_forms import PAGE, actions, shown
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from starlette.testclient import TestClient

from shuqiao.ids import uuid7
from tests.auth.conftest import events, scalar

At = Callable[[str], World]
CODE = {key: code for key, (_name, code) in DEPARTMENTS.items()}
EDUCATION = f"/departments/{CODE['education']}"
BUREAU = f"/departments/{CODE['bureau']}"


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("organised")


def send(client: TestClient, path: str, **fields: str) -> tuple[int, str]:
    """A form as the browser sends it: status, and where it leads or what it shows."""
    sent = fields | {"csrf_token": client.headers["x-csrf-token"], "once_key": uuid7().hex}
    answer = client.post(path, data=sent, headers=PAGE)
    return answer.status_code, answer.headers.get("location", answer.text)


def test_everybody_reads_and_each_is_offered_what_is_theirs(world: World) -> None:
    tree = shown(callers.client(world, "applicant"), "/departments")
    assert "2 个部门的情况待补" in tree and "省（自治区）级" in tree
    assert tree.index(DEPARTMENTS["education"][0]) < tree.index(DEPARTMENTS["civil"][0])
    page = shown(callers.client(world, "applicant"), EDUCATION)
    assert actions(page) == {"/sign-out"} and f"{EDUCATION}/description" not in page
    assert "负责全区基础教育学籍" in page and "DU-2026-000001" in page and "head 同志" in page
    described = shown(callers.client(world, "data_admin"), EDUCATION)
    assert f"{EDUCATION}/description" in described and f"{EDUCATION}/duties/new" in described
    assert "/admin/departments/" in shown(callers.client(world, "system_admin"), EDUCATION)
    api = callers.client(world, "applicant").get("/api/v1/departments", params={"area": "150000"})
    rows = api.json()["items"]
    assert {row["code"] for row in rows} == {CODE["education"], CODE["police"]}
    assert {(row["accounts"], row["vacant"]) for row in rows} == {(None, None)}
    staffed = callers.client(world, "audit_admin").get(f"/api/v1{BUREAU}").json()
    assert staffed["accounts"] == 5 and "registrar" in staffed["vacant"]


def test_what_the_credit_code_points_to_is_a_proposal_only(world: World) -> None:
    client = callers.client(world, "data_admin")
    page = shown(client, f"{BUREAU}/description")
    assert "按统一社会信用代码，应为内蒙古自治区，省（自治区）级" in page
    assert scalar("SELECT level FROM department WHERE code = :code", code=CODE["bureau"]) is None
    form = {"version": "1", "level": "city", "area_code": "150000"}
    status, text = send(client, f"{BUREAU}/description", **form)
    assert status == 422 and "与层级“市（盟）级”不符" in text and 'value="150000"' in text
    form |= {"level": "province", "line": "territorial", "regime": "by_reference"}
    assert send(client, f"{BUREAU}/description", **form) == (303, f"{BUREAU}?done=described")
    assert "参照条例执行（第四十三条）" in shown(client, BUREAU)
    assert events(f"auth:department:{CODE['bureau']}")[-1] == "auth:department:described"
    assert send(client, f"{BUREAU}/description", **form, sharing_unit="专班")[0] == 412


def test_a_merger_links_both_ways(world: World) -> None:
    client = callers.client(world, "system_admin")
    form = {"kind": "merged", "document_no": "内党发〔2026〕2号", "effective_on": "2026-02-10"}
    sides = {"before": f"{CODE['civil']} 民政厅", "after": CODE["police"]}
    status, text = send(client, "/reorganisations/new", **form, before="不是代码", after="x")
    assert status == 422 and "这不是代码" in text
    assert send(client, "/reorganisations/new", **form | sides)[0] == 303
    ended = shown(client, f"/departments/{CODE['civil']}")
    assert "该部门已终止" in ended and f'href="/departments/{CODE["police"]}"' in ended
    assert f'href="/departments/{CODE["civil"]}"' in shown(client, f"/departments/{CODE['police']}")
    assert CODE["civil"] not in shown(client, "/admin/users/new")
