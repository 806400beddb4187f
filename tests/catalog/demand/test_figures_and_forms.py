"""The month in figures; the ways to the form; what is kept of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fixtures import demanding
from fixtures.callers import client
from fixtures.demanding import ask
from fixtures.page_forms import PAGE, filled
from fixtures.worlds import World

from catalog.demand.repository import cases
from catalog.demand.service.figures import figures as counted
from shuqiao.db import reading
from shuqiao.settings import settings

At = Callable[[str], World]
MONTH = "2026-02"


def figures(world: World, who: str = "data_admin", month: str = MONTH) -> Any:
    return client(world, who).get(f"/api/v1/demands/figures?month={month}").json()


class TestFigures:
    def test_nothing_to_count_is_no_rate(self, world_at: At) -> None:
        world = world_at("filed_demand")
        found = figures(world)
        assert (found["filed"], found["answers_due"]) == (1, 0)
        assert found["answered_in_time_percent"] is found["met_percent"] is None
        page = client(world, "data_admin").get(f"/demands/figures?month={MONTH}").text
        assert page.count("n/a") == 2

    def test_lawful_refusals_are_counted_apart(self, world_at: At) -> None:
        world = world_at("refused_demand")
        ask(world, "applicant", "closings", {"reason": "withheld_by_law"})
        other = demanding.file_it(world, "stranger")
        ask(world, "data_admin", "closings", {"reason": "nobody_has"}, other)
        found = figures(world)
        assert (found["filed"], found["met"], found["unmet"]) == (2, 0, 1)
        assert (found["withheld_by_law"], found["met_percent"]) == (1, 0.0)
        assert found["unmet_by_reason"] == {"withheld_by_law": 1, "nobody_has": 1}

    def test_what_is_due_and_still_open_is_late(
        self, world_at: At, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = world_at("refused_demand")
        due = figures_due(world)
        assert due.strftime("%Y-%m") in ("2026-02", "2026-03")
        month = due.strftime("%Y-%m")
        assert figures(world, month=month)["answered_in_time_percent"] == 100.0
        other = demanding.file_it(world, "stranger")
        demanding.assign_it(world, other)
        assert figures(world, month=month)["answers_due"] == 1
        monkeypatch.setattr(settings(), "clock", "2026-03-31T09:00:00+08:00")
        with reading() as session:
            late = counted(session, world.subjects["data_admin"], month)
        assert (late.answers_due, late.answered_in_time) == (2, 1)
        assert late.answered_in_time_percent == 50.0

    def test_are_those_of_what_the_reader_may_see(self, world_at: At) -> None:
        world = world_at("filed_demand")
        assert figures(world, "stranger")["filed"] == 0

    def test_as_a_file(self, world_at: At) -> None:
        world = world_at("filed_demand")
        path = f"/demands/figures/export?month={MONTH}"
        assert "n/a" in client(world, "data_admin").get(path).text
        refused = client(world, "data_admin").get("/api/v1/demands/figures?month=2026-13")
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "bad_month")


def figures_due(world: World) -> date:
    with reading() as session:
        found = cases.by_no(session, world.demand_no)
        assert found is not None
        due = cases.answers_of(session, found.id)[0].due_on
    assert due is not None
    return due


class TestTheForm:
    def test_is_one_click_from_a_search_without_result(self, world_at: At) -> None:
        world = world_at("published_resource")
        with client(world, "applicant") as caller:
            page = caller.get("/catalog?q=婚姻登记", headers=PAGE).text
            href = "/demands/new?title=%E5%A9%9A%E5%A7%BB%E7%99%BB%E8%AE%B0"
            assert f'href="{href}"' in page
            assert 'value="婚姻登记"' in caller.get(href, headers=PAGE).text
            assert "/demands/new" not in caller.get("/catalog?q=学校", headers=PAGE).text
        unseen = client(world, "approver").get("/catalog?q=婚姻登记", headers=PAGE).text
        assert "/demands/new" not in unseen

    def test_files_lines_as_they_are_pasted(self, world_at: At) -> None:
        world = world_at("adopted_element")
        said = {name: value for name, value in demanding.WANTED.items() if name != "items"}
        lines = f"学校代码\t唯一代码\t{world.element_identifier}\n学校名称｜法定名称"
        with client(world, "applicant") as caller:
            done = filled(caller, "/demands/new", "/demands/new", {**said, "items": lines})
            assert done.status_code == 303, done.text
            no = done.headers["location"].split("/")[2].partition("?")[0]
            wanted = caller.get(f"/api/v1/demands/{no}").json()["wanted"]
        assert [(each["name"], each["definition"], each["element"]) for each in wanted] == [
            ("学校代码", "唯一代码", world.element_identifier),
            ("学校名称", "法定名称", None),
        ]

    def test_an_answer_that_is_not_whole_is_shown_again_as_typed(self, world_at: At) -> None:
        world = world_at("claimed_demand")
        at = f"/demands/{world.demand_no}"
        said = {"kind": "refuse", "reason": "工作需要，不便提供。"}
        with client(world, "provider_head") as caller:
            refused = filled(caller, at, f"{at}/answers", said)
            assert refused.status_code == 422
            assert (
                "工作需要，不便提供。" in refused.text
                and 'id="f-legal_article-error"' in refused.text
            )
            done = filled(caller, at, f"{at}/answers", demanding.REFUSAL)
        assert (done.status_code, done.headers["location"]) == (303, f"{at}?done=refused")

    def test_each_act_has_its_form(self, world_at: At) -> None:
        world = world_at("two_demands")
        at = f"/demands/{world.demand_no}"
        with client(world, "data_admin") as caller:
            into = {"into": world.other_demand_no}
            merged = filled(caller, f"{at}?act=merge", f"{at}/mergers", into)
            assert merged.headers["location"] == f"{at}?done=merged"
            page = caller.get(merged.headers["location"], headers=PAGE).text
            assert world.other_demand_no in page and f"{at}/assignments" not in page

    def test_keeps_what_was_typed_when_it_is_refused(self, world_at: At) -> None:
        world = world_at("adopted_element")
        said = {"title": "学校名录", "items": "学校代码 | | DE-999999"}
        with client(world, "applicant") as caller:
            refused = filled(caller, "/demands/new", "/demands/new", said)
            assert refused.status_code == 422
            assert "DE-999999" in refused.text and 'value="学校名录"' in refused.text
            assert "DE-999999" in caller.get("/demands/new", headers=PAGE).text
