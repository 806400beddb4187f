"""Jobs for those who run the service: by state, in pages, with the reasons of failed tries."""

from collections.abc import Callable

import pytest
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.exchanging import trail
from fixtures.page_forms import filled
from fixtures.worlds import World
from sqlalchemy import text

from server import tasks
from server.jobs.words import TASKS
from shuqiao.db import reading, unit_of_work
from shuqiao.ids import uuid7
from shuqiao.jobs import JobState, enqueue, job, jobs, list_jobs
from shuqiao.jobs.sweeps import SWEEPS
from tests.server.conftest import Visiting

At = Callable[[str], World]


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("stored_resource")


def newest() -> int:
    with reading() as session:
        return list_jobs(session)[0].id


def park(number: int, reason: str) -> None:
    with unit_of_work() as session:
        run = session.connection().execute
        run(
            text(
                "UPDATE jobs.procrastinate_jobs SET status = 'failed', attempts = 5 WHERE id = :id"
            ),
            {"id": number},
        )
        run(
            text(
                "INSERT INTO job_error (id, job_id, attempt, error, reason, created_at)"
                " VALUES (:id, :job, 5, 'OSError', :reason, now())"
            ),
            {"id": uuid7(), "job": number, "reason": reason},
        )


def test_jobs_are_listed_and_open(world: World, visiting: Visiting) -> None:
    client = visiting(world, "system_admin")
    listed = client.get("/jobs").text
    assert "存储挂接文件" in listed
    task = "catalog.resources.make_snapshot"
    with reading() as session:
        number = list_jobs(session, task=task)[0].id
    shown = client.get(f"/jobs/{number}").text
    assert task in shown
    assert str(world.attachment_id) in shown


def test_a_job_that_is_not_over_asks_again_and_a_parked_one_does_not(
    world: World, visiting: Visiting
) -> None:
    client, number = visiting(world, "system_admin"), newest()
    waiting = client.get(f"/jobs/{number}", headers={"hx-request": "true"})
    assert 'hx-trigger="every 2s"' in waiting.text
    assert "<html" not in waiting.text
    park(number, "磁盘已满 <script>")
    parked = client.get(f"/jobs/{number}").text
    assert "hx-trigger" not in parked
    assert "失败，已搁置" in parked
    assert "磁盘已满 &lt;script&gt;" in parked


def test_every_task_has_a_name_in_both_languages() -> None:
    assert tasks.MODULES  # importing them is what registers their tasks
    known = {*jobs.tasks, *SWEEPS}
    own = {name for name in known if "builtin" not in name and not name.startswith("test.")}
    assert own == set(TASKS)
    for words in TASKS.values():
        assert words.name.render("zh_CN") != words.name.render("en")


def test_a_parked_job_is_tried_again_by_the_system_administrator_only(
    world_at: At, visiting: Visiting
) -> None:
    world = world_at("parked_job")
    page, number = f"/jobs/{world.job_number}", world.job_number
    assert f'action="{page}/retries"' not in visiting(world, "data_admin").get(page).text
    answer = filled(client(world, "system_admin"), page, f"{page}/retries")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}?done=retried")
    with reading() as session:
        assert job(session, number).state is JobState.QUEUED
    shown = visiting(world, "system_admin").get(answer.headers["location"]).text
    assert "任务已重新排队" in shown
    assert 'hx-trigger="every 2s"' in shown
    assert trail(f"job:{number}") == ["job:retried"]
    again = client(world, "system_admin").post(f"/api/v1/jobs/{number}/retries", headers=once())
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


def test_a_job_leads_to_what_its_reader_may_open(world_at: At, visiting: Visiting) -> None:
    world = world_at("pending_grant")
    with reading() as session:
        (found,) = list_jobs(session, task="exchange.deliveries.prove")
    for who, leads_on in (("data_admin", True), ("system_admin", False)):
        html = visiting(world, who).get(f"/jobs/{found.id}").text
        assert "共享授权试运行" in html
        assert world.grant_no in html
        assert (f'href="/grants/{world.grant_no}"' in html) is leads_on
        grant = visiting(world, who).get(f"/grants/{world.grant_no}")
        assert grant.status_code == (200 if leads_on else 404)
        assert "等待执行" in html


def test_the_list_is_narrowed_by_state_and_paged(
    world: World, visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = visiting(world, "system_admin")
    assert "没有这种状态的任务" in client.get("/jobs?state=failed").text
    park(newest(), "磁盘已满")
    assert "磁盘已满" in client.get("/jobs?state=failed").text
    monkeypatch.setattr("server.jobs.pages.PAGE", 1)
    before = newest()
    with unit_of_work() as session:
        enqueue(session, "desk.outbox.hand_over", outbox_id=str(uuid7()))
    first = client.get("/jobs").text
    assert f'href="/jobs?before={newest()}"' in first
    assert f'href="/jobs/{newest()}"' in first
    second = client.get(f"/jobs?before={newest()}").text
    assert f'href="/jobs/{before}"' in second
    assert f'href="/jobs/{newest()}"' not in second


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 303),
        ("registrar", 403),
        ("applicant", 403),
        ("data_admin", 200),
        ("system_admin", 200),
    ],
)
def test_only_those_who_run_the_service_see_jobs(
    world: World, visiting: Visiting, who: str | None, status: int
) -> None:
    assert visiting(world, who).get("/jobs").status_code == status
    assert visiting(world, who).get(f"/jobs/{newest()}").status_code == status


@pytest.mark.parametrize(
    ("path", "status"),
    [("/jobs/999999", 404), ("/jobs/0", 422), ("/jobs/x", 422), ("/jobs?state=x", 422)],
)
def test_what_is_no_job_is_refused_in_words(
    world: World, visiting: Visiting, path: str, status: int
) -> None:
    answer = visiting(world, "system_admin").get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


def test_of_what_recurs_only_what_fails_is_told_and_when_it_was_cleaned_up(
    world: World, visiting: Visiting
) -> None:
    """The reason, since when and the next try, on the page and to programs."""
    reader, parts = visiting(world, "system_admin"), ("磁盘已满", "未能完成的周期性任务")
    assert "尚未清理过" in reader.get("/jobs").text
    rows = (
        "INSERT INTO sweep (task, tries, next_at, ended_at, failing_since, error, reason) VALUES"
        " ('exchange.grants.expire', 3, now(), NULL, now(), 'OSError', '磁盘已满'),"
        " ('server.process.upkeep', 0, now(), now(), NULL, NULL, NULL)"
    )
    run_sql(rows)
    shown = reader.get("/jobs").text
    assert all(part in shown for part in (*parts, "处理到期的共享授权", "最近一次清理")), shown
    told = client(world, "system_admin").get("/api/v1/jobs").json()
    (failing,) = told["failing_sweeps"]
    assert (failing["task"], failing["tries"], failing["reason"]) == (
        "exchange.grants.expire",
        3,
        "磁盘已满",
    )
    assert told["upkeep_at"]
    run_sql("UPDATE sweep SET failing_since = NULL, tries = 0")
    assert not any(part in reader.get("/jobs").text for part in parts)
