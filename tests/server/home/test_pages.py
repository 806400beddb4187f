"""The start page shows each role its doors, tasks and messages; every
error code has a page that explains it.
"""

from collections.abc import Callable

import pytest
from fixtures import callers
from fixtures.database import run_sql
from fixtures.worlds import World
from sqlalchemy import text
from sqlmodel import Session

from server.doors import DOORS
from server.help.words.topics import TOPICS
from server.home.views import start_page as home_pages
from shuqiao.context import working_on
from shuqiao.errors import known_codes
from shuqiao.i18n import catalogue
from shuqiao.settings import settings
from shuqiao.subject import Subject
from tests.server.conftest import Visiting

At = Callable[[str], World]
FIND, KEEP, REVIEW, DECIDE = (
    'href="/catalog"',
    'href="/resources"',
    'href="/reviews"',
    'href="/tasks"',
)
FOLLOW, LOOK_BACK, ORGANISE, RUN = (
    'href="/requests"',
    'href="/trail"',
    'href="/admin/users"',
    'href="/jobs"',
)


def doors_of(html: str) -> set[str]:
    shown = html.split('class="sq-doors"', 1)[1].split("</ul>", 1)[0]
    return {
        door
        for door in (FIND, KEEP, REVIEW, DECIDE, FOLLOW, LOOK_BACK, ORGANISE, RUN)
        if door in shown
    }


@pytest.mark.parametrize(
    ("who", "doors"),
    [
        ("applicant", {FIND, FOLLOW}),
        ("registrar", {FIND, KEEP}),
        ("head", {FIND, REVIEW}),
        ("approver", {FIND, DECIDE, FOLLOW}),
        ("provider_head", {FIND, DECIDE, FOLLOW}),
        ("data_admin", {FIND, REVIEW, FOLLOW}),
        ("reviewer", {FIND, LOOK_BACK}),
        ("system_admin", {ORGANISE, RUN}),
        ("security_admin", {ORGANISE}),
        ("audit_admin", {FIND, LOOK_BACK, ORGANISE}),
    ],
)
def test_everybody_sees_their_own_doors(
    world_at: At, visiting: Visiting, who: str, doors: set[str]
) -> None:
    answer = visiting(world_at("accounts"), who).get("/")
    assert answer.status_code == 200
    assert doors_of(answer.text) == doors


def test_strangers_read_what_this_is_and_where_to_sign_in(world_at: At, visiting: Visiting) -> None:
    answer = visiting(world_at("accounts"), None).get("/")
    assert answer.status_code == 200
    assert "政务数据目录与受控共享" in answer.text
    assert 'href="/sign-in"' in answer.text
    assert doors_of(answer.text) == set()
    assert "待办" not in answer.text


def test_tasks_and_their_number_are_shown_to_whom_they_wait_for(
    world_at: At, visiting: Visiting
) -> None:
    world = world_at("submitted_resource")
    head, registrar = (visiting(world, who).get("/").text for who in ("head", "registrar"))
    assert f'href="/catalog/{world.resource_code}"' in head.split('id="tasks-title"', 1)[1]
    assert "（1 件待办）" in head
    assert "没有待办事项" in registrar
    assert "件待办）" not in registrar


def test_what_is_under_way_is_shown_to_its_department_only(
    world_at: At, visiting: Visiting
) -> None:
    world = world_at("draft_resource")
    assert "正在办理的目录" in visiting(world, "registrar").get("/").text
    for who in ("data_admin", "applicant", "reviewer"):
        assert "正在办理的目录" not in visiting(world, who).get("/").text, who


def test_messages_reach_the_start_page(world_at: At, visiting: Visiting) -> None:
    html = visiting(world_at("published_resource"), "registrar").get("/").text
    assert "“中小学校名录”已发布" in html
    assert "1 条未读" in html


def test_every_error_code_has_a_page_in_words(world_at: At, visiting: Visiting) -> None:
    client = visiting(world_at("accounts"), None)
    known = known_codes()
    assert {
        "not_found",
        "not_allowed",
        "changed_meanwhile",
        "audit_unavailable",
        "sign_in_locked",
    } <= set(known)
    for code, kind in known.items():
        answer = client.get(f"/problems/{code}")
        assert answer.status_code == 200, code
        assert kind.title.render("zh_CN") in answer.text, code
        assert ("", kind.title.msgid) in catalogue("zh_CN"), code


def test_the_type_of_a_problem_opens(world_at: At, visiting: Visiting) -> None:
    client = visiting(world_at("accounts"), None)
    problem = client.get("/api/v1/me", headers={"accept": "application/json"}).json()
    assert client.get(problem["type"]).status_code == 200
    assert client.get("/problems/no_such_code").status_code == 404


def test_english_readers_get_english(world_at: At, visiting: Visiting) -> None:
    visitor = visiting(world_at("accounts"), None)
    with working_on(locale="en"):
        html = visitor.get("/", headers={"accept-language": "en"}).text
    assert "Find data and apply" in html
    assert 'lang="en"' in html


def test_what_was_published_this_week_and_what_the_catalogue_holds(
    world_at: At, visiting: Visiting
) -> None:
    world = world_at("published_resource")
    html = visiting(world, "applicant").get("/").text
    assert "中小学校名录" in html.split('id="changed-title"', 1)[1]
    assert "目录现有 1 个部门的 1 个数据资源、4 个信息项" in html


def test_a_week_without_news_says_so(world_at: At, visiting: Visiting) -> None:
    assert "近七日内没有新发布的目录" in visiting(world_at("accounts"), "applicant").get("/").text


@pytest.mark.parametrize(
    ("today", "words"),
    [("2026-12-01", "剩余 30 天"), ("2026-12-31", "今日到期"), ("2026-11-30", "")],
)
def test_grants_that_end_soon_are_shown_to_the_department_that_uses_them(
    world_at: At, visiting: Visiting, monkeypatch: pytest.MonkeyPatch, today: str, words: str
) -> None:
    """The grant of the story ends on 31 December."""
    world = world_at("active_grant")
    monkeypatch.setenv("SHUQIAO_CLOCK", f"{today}T09:00:00+08:00")
    settings.cache_clear()
    shown = visiting(world, "applicant").get("/").text
    assert ("即将到期的共享授权" in shown) == bool(words)
    assert words in shown
    assert "即将到期的共享授权" not in visiting(world, "approver").get("/").text, (
        "the provider has none to renew"
    )


def test_a_box_whose_source_fails_says_so_and_the_page_lives(
    world_at: At, visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(session: Session, subject: Subject) -> None:
        session.connection().execute(text("SELECT * FROM no_such_table"))

    monkeypatch.setattr(home_pages, "changed_lately", broken)
    answer = visiting(world_at("published_resource"), "registrar").get("/")
    assert answer.status_code == 200
    assert answer.text.count("此项暂时无法显示") == 1
    assert "“中小学校名录”已发布" in answer.text, (
        "what is asked after the failure is still answered"
    )


def test_who_has_no_role_yet_is_told_what_to_do(world_at: At, visiting: Visiting) -> None:
    world = world_at("accounts")
    run_sql("UPDATE app_user SET roles = '{}' WHERE account = 'stranger'")
    html = visiting(world, "stranger").get("/").text
    assert "您的账号尚未分配角色" in html
    assert doors_of(html) == {FIND}


class TestHelp:
    @pytest.mark.parametrize("account", [None, "applicant"])
    @pytest.mark.parametrize("language", ["zh-CN", "en"])
    def test_every_topic_opens_for_everybody(
        self, world_at: At, visiting: Visiting, account: str | None, language: str
    ) -> None:
        client = visiting(world_at("accounts"), account)
        client.headers["accept-language"] = language
        overview = client.get("/help").text
        for slug, topic in TOPICS.items():
            assert f'href="/help/{slug}"' in overview
            html = client.get(f"/help/{slug}").text
            assert html.count("<h2 id=") == len(topic.sections)
            assert (topic.title.render("en") in html) == (language == "en")

    def test_doors_of_the_help_exist(self) -> None:
        pages = {door.href for door in DOORS}
        assert {topic.door[0] for topic in TOPICS.values() if topic.door} <= pages

    def test_it_can_be_searched(self, world_at: At, visiting: Visiting) -> None:
        client = visiting(world_at("accounts"), None)
        assert 'href="/help/apply#s3"' in client.get("/help", params={"q": "服务令牌 PYTHON"}).text
        assert "帮助中没有相关内容" in client.get("/help", params={"q": "<b>无此词"}).text
        assert client.get("/help/nothing").status_code == 404


class TestErrors:
    def test_a_refusal_names_the_roles_that_could(self, world_at: At, visiting: Visiting) -> None:
        world = world_at("submitted_request")
        client = visiting(world, "applicant")
        html = client.get(f"/requests/{world.request_no}/decision").text
        assert "提供部门的审核人" in html
        program = client.get("/api/v1/jobs", headers={"accept": "application/json"}).json()
        assert program["who_can_help"] == ["数据管理员", "系统管理员"]

    def test_what_must_not_be_known_names_nobody(self, world_at: At, visiting: Visiting) -> None:
        answer = visiting(world_at("accounts"), "registrar").get("/admin/users/applicant")
        assert answer.status_code == 404
        assert "可办理此事的角色" not in answer.text

    def test_a_wrong_method_is_a_page_in_words(self, world_at: At, visiting: Visiting) -> None:
        answer = visiting(world_at("accounts"), "applicant").post("/help", data={})
        assert answer.status_code == 405
        assert "该地址仅接收表单提交的内容" in answer.text

    def test_a_fault_of_ours_has_language_request_id_and_policy(
        self, world_at: At, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object, **__: object) -> None:
            raise ZeroDivisionError("secret")

        monkeypatch.setattr(home_pages, "doors", broken)
        client = callers.client(world_at("accounts"), "applicant", raising=False)
        answer = client.get(
            "/",
            headers={"accept": "text/html", "accept-language": "en", "x-request-id": "abc-12345"},
        )
        assert answer.status_code == 500
        assert answer.headers["x-request-id"] == "abc-12345"
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "abc-12345" in answer.text
        assert "Something went wrong on our side" in answer.text
        assert "secret" not in answer.text
