"""Pages of reviews: the queue, the entry beside what was looked at before, and the decision in two
steps.
"""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures import callers
from fixtures.database import run_sql
from fixtures.page_forms import hidden
from fixtures.worlds import World
from fixtures.written import entry
from sqlalchemy import text
from starlette.testclient import TestClient

from auth.sessions.service import sessions
from catalog.publication import service
from catalog.publication.schemas import ConsentCreate, ReviewCreate
from catalog.registration import service as registration
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.schemas import ResourceUpdate
from shuqiao.db import reading, unit_of_work
from shuqiao.ids import uuid7

At = Callable[[str], World]


def visiting(world: World, account: str | None) -> TestClient:
    client = callers.client(world, account)
    client.headers["accept"] = "text/html"
    client.headers.pop("x-csrf-token", None)  # a browser has the hidden field
    return client


def main_of(html: str) -> str:
    return html.split("<main", 1)[1].split("</main>", 1)[0]


def review_of(world: World) -> str:
    return f"/resources/{world.resource_code}/review"


def step(world: World, account: str, path: str, **fields: str) -> Any:
    """Send the form as the page would, already confirmed."""
    sent = {
        "csrf_token": sessions.csrf_token(world.cookies[account]),
        "once_key": uuid7().hex,
        "confirmed": "yes",
        "version": str(scalar("SELECT version FROM data_resource")),
        **fields,
    }
    return visiting(world, account).post(f"/catalog/{world.resource_code}/{path}", data=sent)


def scalar(statement: str) -> Any:
    with reading() as session:
        return session.connection().execute(text(statement)).scalar()


def correct(world: World, **changes: Any) -> None:
    """Return the entry from the administration, correct it, hand it in and consent again."""
    subjects = world.subjects
    with unit_of_work() as session:
        row = resources.by_code(session, world.resource_code, lock=True)
        assert row is not None
        said = ReviewCreate.model_validate({"outcome": "returned", "remark": "请更正"})
        service.review(session, subjects["data_admin"], row, said)
        body = {name: value for name, value in entry(**changes).items() if name != "class_code"}
        registering.edit(
            session,
            subjects["registrar"],
            row,
            ResourceUpdate.model_validate(body),
            version=row.version,
        )
        registration.submit(session, subjects["registrar"], row)
        service.consent(session, subjects["head"], row, ConsentCreate())


def test_the_queue_shows_what_waits_for_the_reader_and_nothing_else(world_at: At) -> None:
    world = world_at("submitted_resource")
    html = main_of(visiting(world, "head").get("/reviews").text)
    assert f'href="{review_of(world)}"' in html
    assert "新登记，信息项 4 项" in html
    assert "部门负责人同意" in html
    for who in ("data_admin", "registrar", "applicant", "approver"):
        assert "没有待审登记" in visiting(world, who).get("/reviews").text, who


def test_the_queue_of_the_administration_has_the_due_date_and_the_last_decisions(
    world_at: At,
) -> None:
    world = world_at("consented_resource")
    html = main_of(visiting(world, "data_admin").get("/reviews").text)
    assert "2026-02-13" in html
    assert "剩余 2 个工作日" in html
    done = main_of(visiting(world, "head").get("/reviews").text)
    assert "没有待审登记" in done
    assert "您最近办理的" in done
    assert "已同意" in done


def test_the_door_is_there_for_those_who_review(world_at: At) -> None:
    world = world_at("submitted_resource")
    for who, is_shown in (
        ("head", True),
        ("data_admin", True),
        ("registrar", False),
        ("applicant", False),
    ):
        assert ('<a href="/reviews"' in visiting(world, who).get("/catalog").text) is is_shown, who


def test_the_task_leads_to_the_review_and_back_to_the_registrar(world_at: At) -> None:
    world = world_at("submitted_resource")
    assert review_of(world) in visiting(world, "head").get("/desk").text
    assert step(world, "head", "consents", outcome="returned", remark="请更正").status_code == 303
    assert (
        f"/resources/{world.resource_code}/edit" in visiting(world, "registrar").get("/desk").text
    )


def test_the_first_review_shows_the_whole_entry_the_checks_and_the_file(world_at: At) -> None:
    world = world_at("consented_resource")
    html = main_of(visiting(world, "data_admin").get(review_of(world)).text)
    assert "首次审核" in html
    assert "变化内容" not in html
    for words in (
        "学校.csv",
        "自动检查",
        "目录要素填写完整",
        "4 个信息项中有 3 个没有引用数据元",
        "审核过程",
        "2026-02-13",
        "法定时限：《政务数据共享条例》（国务院令第809号）第十七条，2个工作日",
        f"/catalog/{world.resource_code}/reviews",
    ):
        assert words in html, words
    assert "不通过" not in html


def test_the_next_review_shows_what_changed_since_this_step_was_last_taken(world_at: At) -> None:
    world = world_at("consented_resource")
    items = [
        *entry()["items"][:2],
        {"name": "纬度", "column_name": "经度", "data_type": "B", "is_personal": True},
    ]
    privacy = {"conclusion": "acceptable", "assessor": "王敏", "assessed_on": "2026-01-20"}
    correct(world, use_condition="仅用于校园安全检查。", items=items, privacy_assessment=privacy)
    html = main_of(visiting(world, "data_admin").get(review_of(world)).text)
    assert "与本环节上次审核时的内容比较" in html
    assert "<del>不得提供给第三方。</del>" in html
    assert "<ins>仅用于校园安全检查。</ins>" in html
    assert "<del>经度</del>" in html and "<ins>纬度</ins>" in html
    assert "信息项“地址”" in html
    assert "删除信息项 1 项" in html
    assert "删除信息项 1 项" in main_of(visiting(world, "data_admin").get("/reviews").text)
    assert "含个人信息：纬度" in html


def test_what_was_looked_at_is_kept_with_the_decision(world_at: At) -> None:
    world_at("consented_resource")
    assert (
        scalar("SELECT entry ->> 'use_condition' FROM publication_review") == "不得提供给第三方。"
    )
    assert scalar("SELECT entry ->> 'version' = version::text FROM publication_review") is True


def test_a_fault_is_named_with_its_field(world_at: At) -> None:
    world = world_at("consented_resource")
    run_sql(
        "UPDATE data_resource SET use_condition = '', title = '学籍管理系统', title_skeleton = "
        "'学籍管理系统'"
    )
    html = main_of(visiting(world, "data_admin").get(review_of(world)).text)
    assert "不通过" in html
    assert "使用条件：请填写使用条件" in html
    assert "名称像是信息系统的名称" in html


def test_the_step_is_offered_to_whose_turn_it_is(world_at: At) -> None:
    world = world_at("submitted_resource")
    action, catalogue = (
        f'action="/catalog/{world.resource_code}/consents"',
        f"/catalog/{world.resource_code}",
    )
    assert action in visiting(world, "head").get(review_of(world)).text
    assert review_of(world) in visiting(world, "head").get(catalogue).text
    assert visiting(world, "data_admin").get(review_of(world)).status_code == 404
    for who in ("registrar", "approver"):
        html = visiting(world, who).get(review_of(world)).text
        assert "<form" not in main_of(html), who
        assert "等待办理：部门负责人" in html
        assert review_of(world) not in main_of(visiting(world, who).get(catalogue).text), who


@pytest.mark.parametrize(
    ("who", "status"), [("applicant", 404), ("reviewer", 404), ("consumer_head", 404)]
)
def test_others_do_not_know_of_it(world_at: At, who: str, status: int) -> None:
    world = world_at("submitted_resource")
    assert visiting(world, who).get(review_of(world)).status_code == status


def test_who_wrote_the_entry_reads_why_another_person_decides(world_at: At) -> None:
    world = world_at("submitted_resource")
    both = "UPDATE app_user SET roles = '{registrar,department_head}' WHERE account = :who"
    run_sql(both, who="registrar")
    page = visiting(world, "registrar").get(review_of(world)).text
    assert "编制、修改、提交过本版目录的人员，不得同意或者审核发布该目录。" in page
    assert "可由以下人员办理：head 同志。" in page
    assert 'name="outcome"' not in page
    assert 'name="outcome"' in visiting(world, "head").get(review_of(world)).text


def test_after_publication_others_are_led_to_the_catalogue(world_at: At) -> None:
    world = world_at("published_resource")
    answer = visiting(world, "applicant").get(review_of(world))
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/catalog/{world.resource_code}",
    )
    assert "目前不在审核中" in visiting(world, "data_admin").get(review_of(world)).text


def test_a_decision_is_asked_about_before_it_is_taken(world_at: At) -> None:
    world = world_at("submitted_resource")
    asked = step(world, "head", "consents", outcome="consented", remark="情况属实", confirmed="")
    assert asked.status_code == 200
    assert "同意“中小学校名录”？" in asked.text
    assert "审核期限自今日起计算" in asked.text
    assert scalar("SELECT review_step FROM data_resource") == "head_consent"
    sent = hidden(asked.text, f"/catalog/{world.resource_code}/consents")
    assert sent["remark"] == "情况属实"
    client = visiting(world, "head")
    back = client.post(f"/catalog/{world.resource_code}/consents", data={**sent, "confirmed": "no"})
    assert (back.status_code, "情况属实</textarea>" in back.text) == (200, True)
    done = client.post(
        f"/catalog/{world.resource_code}/consents", data={**sent, "confirmed": "yes"}
    )
    assert done.status_code == 303
    assert scalar("SELECT remark FROM publication_review") == "情况属实"


def test_consent_and_publication_by_form(world_at: At) -> None:
    world = world_at("submitted_resource")
    consented = step(world, "head", "consents", outcome="consented")
    assert consented.status_code == 303
    assert consented.headers["location"] == f"{review_of(world)}?done=consented"
    after = visiting(world, "head").get(consented.headers["location"]).text
    assert "已同意，转数据主管部门审核" in after
    assert "没有其他待审登记" in after
    published = step(world, "data_admin", "reviews", outcome="published")
    assert published.status_code == 303
    assert "目录已发布" in visiting(world, "data_admin").get(published.headers["location"]).text
    assert scalar("SELECT status FROM data_resource") == "published"
    assert (
        scalar("SELECT count(*) FROM audit_event WHERE action = 'catalog:resource:published'") == 1
    )


@pytest.mark.parametrize(
    ("state", "who", "path"),
    [("submitted_resource", "head", "consents"), ("consented_resource", "data_admin", "reviews")],
)
def test_returning_needs_a_remark_and_keeps_what_was_typed(
    world_at: At, state: str, who: str, path: str
) -> None:
    world = world_at(state)
    refused = step(world, who, path, outcome="returned", remark="  ", confirmed="")
    assert refused.status_code == 422
    assert 'href="#f-remark"' in refused.text
    assert scalar("SELECT status FROM data_resource") == "in_review"
    too_long = step(world, who, path, outcome="returned", remark="更正" * 300)
    assert (too_long.status_code, "更正更正" in too_long.text) == (422, True)
    returned = step(world, who, path, outcome="returned", remark="请更正摘要")
    assert returned.status_code == 303
    html = visiting(world, "registrar").get(f"/catalog/{world.resource_code}").text
    assert "请更正摘要" in html
    assert "等待办理：编目员" in html


def test_publishing_what_is_incomplete_says_so_on_the_page(world_at: At) -> None:
    world = world_at("consented_resource")
    run_sql("UPDATE data_resource SET use_condition = ''")
    refused = step(world, "data_admin", "reviews", outcome="published", remark="同意发布")
    assert refused.status_code == 422
    assert "同意发布</textarea>" in refused.text
    assert scalar("SELECT status FROM data_resource") == "in_review"


def test_a_second_click_ends_on_the_same_page_and_has_no_second_effect(world_at: At) -> None:
    world = world_at("submitted_resource")
    same = {"once_key": uuid7().hex, "version": str(scalar("SELECT version FROM data_resource"))}
    first, again = (step(world, "head", "consents", outcome="consented", **same) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert scalar("SELECT count(*) FROM publication_review") == 1


def test_nobody_decides_on_what_the_page_did_not_show(world_at: At) -> None:
    world = world_at("submitted_resource")
    stale = step(world, "head", "consents", outcome="consented", version="1")
    assert stale.status_code == 412
    assert f'href="{review_of(world)}"' in main_of(stale.text)
    assert "重新查看" in stale.text
    assert step(world, "head", "consents", outcome="consented", version="").status_code == 428
    assert step(world, "head", "consents", outcome="consented", once_key="").status_code == 400
    assert step(world, "head", "consents", outcome="consented", csrf_token="x").status_code == 403
    assert scalar("SELECT count(*) FROM publication_review") == 0


def test_a_step_out_of_turn_is_refused(world_at: At) -> None:
    world = world_at("submitted_resource")
    for confirmed in ("", "yes"):
        answer = step(world, "data_admin", "reviews", outcome="published", confirmed=confirmed)
        assert answer.status_code == 404
    assert scalar("SELECT count(*) FROM publication_review") == 0


def test_a_step_that_was_taken_already_is_refused(world_at: At) -> None:
    world = world_at("consented_resource")
    for confirmed, words in (("", "资源的当前状态不允许此操作"), ("yes", "当前环节为")):
        answer = step(world, "head", "consents", outcome="consented", confirmed=confirmed)
        assert answer.status_code == 409
        assert words in main_of(answer.text)  # above the entry as it is now
        assert "自动检查" in main_of(answer.text)
    assert scalar("SELECT count(*) FROM publication_review") == 1


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("registrar", "consents", 403),
        ("data_admin", "consents", 404),
        ("applicant", "consents", 404),
        ("head", "reviews", 403),
    ],
)
def test_steps_of_others_are_refused_and_recorded(
    world_at: At, who: str, path: str, status: int
) -> None:
    world = world_at("submitted_resource")
    outcome = "consented" if path == "consents" else "published"
    assert step(world, who, path, outcome=outcome).status_code == status
    assert scalar("SELECT status FROM data_resource") == "in_review"
    assert scalar("SELECT count(*) FROM audit_event WHERE action = 'auth:action:denied'") == 1
