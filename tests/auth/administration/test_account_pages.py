"""Administration on pages: who sees which button, what a refused form
says, passwords that are shown once.
"""

import re
from collections.abc import Callable

import pytest
from fixtures import callers
from fixtures.page_forms import PAGE, actions, filled, shown
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from starlette.testclient import TestClient

from tests.auth.conftest import scalar

At = Callable[[str], World]
EDUCATION = DEPARTMENTS["education"][1]
CODE = "11150000009900056X"
OF_APPLICANT = "/admin/users/applicant"


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("accounts")


@pytest.fixture
def system_admin(world: World) -> TestClient:
    return callers.client(world, "system_admin")


@pytest.fixture
def security_admin(world: World) -> TestClient:
    return callers.client(world, "security_admin")


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        ("system_admin", {f"{OF_APPLICANT}/password"}),
        ("security_admin", {f"{OF_APPLICANT}/roles", f"{OF_APPLICANT}/sessions"}),
        ("audit_admin", set()),
    ],
)
def test_each_administrator_is_offered_what_is_theirs(
    world: World, who: str, offered: set[str]
) -> None:
    html = shown(callers.client(world, who), OF_APPLICANT)
    assert actions(html) - {"/sign-out"} == offered
    assert (f'href="{OF_APPLICANT}/suspension"' in html) == (who == "system_admin")


@pytest.mark.parametrize("who", ["system_admin", "security_admin"])
def test_the_own_account_is_looked_at_and_not_touched(world: World, who: str) -> None:
    html = shown(callers.client(world, who), f"/admin/users/{who}")
    assert actions(html) == {"/sign-out"}
    assert "这是您本人的账号" in html


def test_an_account_is_made_without_roles_and_its_password_shown_once(
    world: World, system_admin: TestClient
) -> None:
    fields = {
        "name": "赵六",
        "account": "ｚｈａｏ.liu",
        "department_code": EDUCATION,
        "once_key": "k" * 20,
    }
    sent = fields | {"csrf_token": system_admin.headers["x-csrf-token"]}
    made = system_admin.post("/admin/users/new", data=sent, headers=PAGE)
    assert made.status_code == 201
    [password] = set(re.findall(r"\b[a-z2-9]{5}(?:-[a-z2-9]{5}){3}\b", made.text))
    assert made.headers["cache-control"] == "no-store"
    assert scalar("SELECT roles FROM app_user WHERE account = 'zhao.liu'") == []
    again = system_admin.post("/admin/users/new", data=sent, headers=PAGE)
    assert (again.status_code, again.headers["location"]) == (
        303,
        "/admin/users/zhao.liu?done=password",
    )
    assert password not in shown(system_admin, "/admin/users/zhao.liu?done=password")


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"account": "Zhao Liu!"}, 422, "账号"),
        ({"account": "applicant"}, 409, "账号applicant已存在"),
        ({"department_code": CODE}, 422, "请从列表中选择部门"),
        ({"department_code": ""}, 422, "请填写"),
        ({"name": ""}, 422, "姓名"),
    ],
)
def test_a_refused_account_is_named_and_kept_as_typed(
    system_admin: TestClient, changed: dict[str, str], status: int, words: str
) -> None:
    fields = {"name": "赵六", "account": "zhao.liu", "department_code": EDUCATION} | changed
    answer = filled(system_admin, "/admin/users/new", "/admin/users/new", fields)
    assert answer.status_code == status
    assert "<title>错误：" in answer.text
    assert words in answer.text
    if fields["name"]:
        assert 'value="赵六"' in answer.text


def test_roles_are_assigned_by_ticking_and_none_means_none(security_admin: TestClient) -> None:
    action = f"{OF_APPLICANT}/roles"
    answer = filled(security_admin, OF_APPLICANT, action, {"roles": ["applicant", "registrar"]})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{OF_APPLICANT}?done=roles")
    held = "SELECT roles FROM app_user WHERE account = 'applicant'"
    both = {"roles_before": ["applicant", "registrar"]}
    seat = filled(security_admin, OF_APPLICANT, action, both | {"roles": ["approver"]})
    assert (seat.status_code, seat.headers["location"]) == (
        303,
        f"{OF_APPLICANT}/seat-changes/new?kind=roles&roles=approver",
    )
    assert scalar(held) == ["applicant", "registrar"], "a seat is proposed, not assigned"
    one = both | {"roles": ["registrar"]}
    assert filled(security_admin, OF_APPLICANT, action, one).status_code == 303
    assert scalar(held) == ["registrar"]
    assert filled(security_admin, OF_APPLICANT, action).status_code == 303
    assert scalar(held) == []


@pytest.mark.parametrize(
    ("path", "roles", "status", "words"),
    [
        (OF_APPLICANT, ["applicant", "system_admin"], 422, "管理员不得担任业务角色"),
        (OF_APPLICANT, ["applicant"], 409, "账号已处于该状态"),
        (OF_APPLICANT, ["king"], 422, "角色"),
        (
            "/admin/users/audit_admin",
            ["security_reviewer"],
            409,
            "这是最后一个具有该管理员角色的账号",
        ),
    ],
)
def test_refused_roles_are_a_sentence_on_the_page(
    security_admin: TestClient, path: str, roles: list[str], status: int, words: str
) -> None:
    answer = filled(security_admin, path, f"{path}/roles", {"roles": roles})
    assert answer.status_code == status
    assert words in answer.text


def test_roles_changed_meanwhile_are_a_412(security_admin: TestClient) -> None:
    stale = {"roles": ["registrar"], "roles_before": ["approver"]}
    answer = filled(security_admin, OF_APPLICANT, f"{OF_APPLICANT}/roles", stale)
    assert answer.status_code == 412
    assert "角色已被他人变更" in answer.text


def test_suspending_says_what_ends_and_asks_for_a_reason(
    world: World, system_admin: TestClient
) -> None:
    path = f"{OF_APPLICANT}/suspension"
    assert "1 个会话结束" in shown(system_admin, path)
    assert filled(system_admin, path, path, {"reason": " "}).status_code == 422
    assert filled(system_admin, path, path, {"reason": "已调离"}).status_code == 303
    assert filled(system_admin, OF_APPLICANT, f"{OF_APPLICANT}/restoration").status_code == 303
    assert scalar("SELECT is_active FROM app_user WHERE account = 'applicant'") is True


def test_a_lock_is_shown_and_taken_away(world_at: At) -> None:
    world = world_at("locked_account")
    client = callers.client(world, "security_admin")
    assert "登录已锁定" in shown(client, OF_APPLICANT)
    assert filled(client, OF_APPLICANT, f"{OF_APPLICANT}/unlock").status_code == 303
    assert "登录已锁定" not in shown(client, OF_APPLICANT)


def test_accounts_are_looked_for_and_paged(system_admin: TestClient) -> None:
    html = shown(system_admin, "/admin/users?q=教育&role=approver")
    assert re.findall(r'<th scope="row"><a href="/admin/users/([a-z_]+)"', html) == [
        "approver",
        "both",
    ]
    assert "没有符合条件的账号" in shown(system_admin, "/admin/users?q=<b>")
    seen, href = [], "/admin/users?limit=4"
    while href:
        html = shown(system_admin, href)
        seen += re.findall(r'<th scope="row"><a href="/admin/users/([a-z_]+)"', html)
        following = re.search(r'href="([^"]+)" rel="next"', html)
        href = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == scalar("SELECT count(*) FROM app_user")
    assert seen == sorted(seen)


class TestDepartments:
    def test_vacant_roles_stand_out(self, system_admin: TestClient) -> None:
        html = shown(system_admin, "/admin/departments")
        assert "3 个部门存在岗位空缺" in html
        assert "无空缺" in html

    def test_a_department_is_added_and_renamed(self, system_admin: TestClient) -> None:
        new = {"code": f" {CODE.lower().upper()} ", "name": "内蒙古自治区水利厅"}
        assert (
            filled(system_admin, "/admin/departments", "/admin/departments", new).status_code == 303
        )
        path = f"/admin/departments/{CODE}"
        assert filled(system_admin, path, path, {"name": "内蒙古自治区水利局"}).status_code == 303
        assert "内蒙古自治区水利局" in shown(system_admin, "/admin/departments?done=renamed")

    @pytest.mark.parametrize(
        ("code", "name", "status", "words"),
        [
            ("111500000099000560", "甲", 422, "统一社会信用代码"),
            ("123", "甲", 422, "18"),
            (EDUCATION, "甲", 409, "已有使用该代码"),
            (CODE, "内蒙古自治区教育厅", 409, "已有使用该代码或名称的部门"),
            (CODE, "", 422, "名称"),
        ],
    )
    def test_a_refused_department_is_named(
        self, system_admin: TestClient, code: str, name: str, status: int, words: str
    ) -> None:
        answer = filled(
            system_admin, "/admin/departments", "/admin/departments", {"code": code, "name": name}
        )
        assert (answer.status_code, words in answer.text) == (status, True)
        assert "sq-error-summary" in answer.text

    def test_rule_24_a_department_has_the_code_of_an_admitted_kind(
        self, system_admin: TestClient
    ) -> None:
        for code, why in (
            ("91350100M000100Y43", "准入范围"),
            ("11150000000012343A", "校验码"),
            ("11150000000012343O", "I、O、S、V、Z"),
        ):
            body = {"code": code, "name": "内蒙古自治区水利厅"}
            refused = filled(system_admin, "/admin/departments", "/admin/departments", body)
            assert refused.status_code == 422
            assert why in refused.text

    def test_only_the_system_administrator_changes_departments(
        self, security_admin: TestClient
    ) -> None:
        assert actions(shown(security_admin, "/admin/departments")) == {"/sign-out"}
        assert actions(shown(security_admin, f"/admin/departments/{EDUCATION}")) == {"/sign-out"}
