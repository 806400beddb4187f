"""A unit at the grass roots reports a form that it fills in again and again; it is answered."""

from collections.abc import Callable

from fixtures.callers import client, once
from fixtures.exchanging import clock_of, task_kinds, told, trail
from fixtures.page_forms import filled, shown
from fixtures.worlds import World

At = Callable[[str], World]
NO = "RF-2026-000001"
SAID = {"asked_by": "市民政局", "form_name": "低保家庭季度报表", "fields": "户主姓名\n家庭人口"}


def test_a_repeated_form_is_reported_and_answered(world_at: At) -> None:
    world = world_at("grass_roots")
    applicant, admin = client(world, "applicant"), client(world, "data_admin")
    sent = filled(applicant, "/repeated-forms/new", "/repeated-forms/new", SAID)
    assert sent.status_code == 303 and sent.headers["location"].startswith(f"/repeated-forms/{NO}")
    assert "answer_repeated_form" in task_kinds(world, "data_admin")
    clock = clock_of(NO)
    assert (clock.kind, clock.limit_days) == ("repeated_form", 10)
    path = f"/repeated-forms/{NO}"
    assert "户主姓名、家庭人口" in shown(admin, path)
    refused = filled(admin, path, f"{path}/answers", {"outcome": "prefilled", "answer": ""})
    assert refused.status_code == 422
    done = filled(
        admin, path, f"{path}/answers", {"outcome": "prefilled", "answer": "由共享数据预填"}
    )
    assert done.status_code == 303
    assert "answer_repeated_form" not in task_kinds(world, "data_admin")
    assert any("was answered" in each for each in told(world, "applicant"))
    page = shown(applicant, path)
    assert "由共享数据预填" in page and "已答复" in page
    assert trail(NO) == ["repeat:reported", "repeat:answered"]


def test_other_departments_are_told_who_reports(world_at: At) -> None:
    world = world_at("accounts")
    body = {**SAID, "fields": ["户主姓名"]}
    refused = client(world, "applicant").post("/api/v1/repeated-forms", json=body, headers=once())
    assert (refused.status_code, refused.json()["code"]) == (409, "not_grass_roots")
    page = shown(client(world, "applicant"), "/repeated-forms/new")
    assert "不是街道、乡镇" in page
