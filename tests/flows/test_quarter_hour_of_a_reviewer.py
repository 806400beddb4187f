"""A reviewer's quarter of an hour: from a question to the record of it,
by keyboard only and without scripts.
"""

import pytest
from fixtures.callers import client
from fixtures.desks import Desk
from fixtures.worlds import World
from flows.conftest import At, AtDesk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]


def test_a_reviewer_looks_back(committed_world: At, at_desk: AtDesk) -> None:
    world = committed_world("finished_delivery")
    client(world, "applicant").get("/trail")
    reviewer = at_desk(world, "reviewer")
    asks_by_the_form(reviewer)
    finds_the_refusal_by_the_query_line(reviewer)
    opens_the_event(reviewer)
    follows_a_case_from_end_to_start(reviewer, world)
    takes_an_export_that_is_itself_recorded(reviewer)
    may_change_nothing_and_is_told_who_may(reviewer)
    finds_that_refusal_too(reviewer)


def asks_by_the_form(reviewer: Desk) -> None:
    reviewer.opens("审计")
    reviewer.unfold("用表单填写")
    reviewer.choose("结果", "拒绝")
    reviewer.fill("账号", "applicant")
    reviewer.press("生成语句并查询")
    reviewer.holds("查询语句", "actor:applicant result:deny from:2025-11-11")
    reviewer.sees("applicant 同志", "拒绝")


def finds_the_refusal_by_the_query_line(reviewer: Desk) -> None:
    reviewer.search("查询语句", "result:deny action:auth:action:denied")
    reviewer.sees("applicant 同志", "操作被拒绝")


def opens_the_event(reviewer: Desk) -> None:
    reviewer.follow("2026-02-11")
    reviewer.sees("记录内容与叶哈希一致", "RFC 9162")


def follows_a_case_from_end_to_start(reviewer: Desk, world: World) -> None:
    reviewer.opens("审计")
    reviewer.search("查询语句", f"stream:{world.request_no}")
    told = reviewer.main.get_by_role("table").inner_text()
    steps = ["approved", "reply_prepared", "submitted", "consent_asked", "created"]
    places = [told.index(f"exchange:request:{step}") for step in steps]
    assert places == sorted(places)


def takes_an_export_that_is_itself_recorded(reviewer: Desk) -> None:
    """Every line of the file bears the leaf hash of its bytes; that it
    was taken stands in the trail.
    """
    taken = reviewer.download("导出全部轨迹")
    assert taken["name"].endswith(".jsonl")
    assert "leaf_hash" in taken["text"].splitlines()[1]
    reviewer.follow("轨迹导出")
    reviewer.sees("reviewer 同志", "audit:trail:exported")


def may_change_nothing_and_is_told_who_may(reviewer: Desk) -> None:
    reviewer.goes_to("/resources/new", status=403)
    reviewer.sees("编目员")


def finds_that_refusal_too(reviewer: Desk) -> None:
    reviewer.opens("审计")
    reviewer.search("查询语句", "actor:reviewer result:deny")
    reviewer.sees("reviewer 同志", "操作被拒绝")
