"""The start page shows each role its doors, tasks and messages; every error code has a page that explains it."""

from collections.abc import Callable

import pytest
from fixtures.worlds import World

from server.home_pages import problems
from shuqiao.context import working_on
from shuqiao.i18n import catalogue
from tests.server.conftest import Visiting

At = Callable[[str], World]
FIND, KEEP, DECIDE, FOLLOW = 'href="/catalog"', 'href="/help#register"', 'href="/desk"', 'href="/requests"'
LOOK_BACK, RUN = 'href="/trail"', 'href="/jobs"'


def doors_of(html: str) -> set[str]:
    shown = html.split('class="sq-doors"', 1)[1].split("</ul>", 1)[0]
    return {door for door in (FIND, KEEP, DECIDE, FOLLOW, LOOK_BACK, RUN) if door in shown}


@pytest.mark.parametrize(
    ("who", "doors"),
    [
        ("applicant", {FIND, FOLLOW}),
        ("registrar", {FIND, KEEP}),
        ("head", {FIND, KEEP}),
        ("approver", {FIND, DECIDE, FOLLOW}),
        ("provider_head", {FIND, DECIDE, FOLLOW}),
        ("data_admin", {FIND, KEEP, FOLLOW}),
        ("reviewer", {FIND, LOOK_BACK}),
        ("system_admin", {RUN}),
    ],
)
def test_everybody_sees_their_own_doors(world_at: At, visiting: Visiting, who: str, doors: set[str]) -> None:
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


def test_tasks_and_their_number_are_shown_to_whom_they_wait_for(world_at: At, visiting: Visiting) -> None:
    world = world_at("submitted_resource")
    head, registrar = (visiting(world, who).get("/").text for who in ("head", "registrar"))
    assert f'href="/catalog/{world.resource_code}"' in head.split('id="tasks-title"', 1)[1]
    assert "（1 件待办）" in head
    assert "没有待办事项" in registrar
    assert "件待办）" not in registrar


def test_what_is_under_way_is_shown_to_its_department_only(world_at: At, visiting: Visiting) -> None:
    world = world_at("draft_resource")
    assert "正在办理的目录" in visiting(world, "registrar").get("/").text
    for who in ("data_admin", "applicant", "reviewer"):
        assert "正在办理的目录" not in visiting(world, who).get("/").text, who


def test_messages_reach_the_start_page(world_at: At, visiting: Visiting) -> None:
    html = visiting(world_at("published_resource"), "registrar").get("/").text
    assert "“中小学校名录”已发布" in html
    assert "1 条未读" in html


@pytest.mark.parametrize("account", [None, "applicant"])
def test_help_is_for_everybody(world_at: At, visiting: Visiting, account: str | None) -> None:
    html = visiting(world_at("accounts"), account).get("/help").text
    for anchor in ("find", "register", "decide", "look-back"):
        assert f'id="{anchor}"' in html


def test_every_error_code_has_a_page_in_words(world_at: At, visiting: Visiting) -> None:
    client = visiting(world_at("accounts"), None)
    known = problems()
    assert {"not_found", "not_allowed", "changed_meanwhile", "audit_unavailable", "sign_in_locked"} <= set(known)
    for code, kind in known.items():
        answer = client.get(f"/problems/{code}")
        assert answer.status_code == 200, code
        assert kind.title.render("zh_CN") in answer.text, code
        assert kind.title.msgid in catalogue("zh_CN"), code


def test_the_type_of_a_problem_opens(world_at: At, visiting: Visiting) -> None:
    client = visiting(world_at("accounts"), None)
    problem = client.get("/api/v1/me", headers={"accept": "application/json"}).json()
    assert client.get(problem["type"]).status_code == 200
    assert client.get("/problems/no_such_code").status_code == 404


def test_english_readers_get_english(world_at: At, visiting: Visiting) -> None:
    with working_on(locale="en"):
        html = visiting(world_at("accounts"), None).get("/", headers={"accept-language": "en"}).text
    assert "Find data and apply" in html
    assert 'lang="en"' in html
