"""An approver's quarter of an hour: from the queue to the reply, by
keyboard only and without scripts.
"""

import pytest
from fixtures.desks import Desk
from flows.conftest import At, AtDesk, happens

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]


def test_an_approver_replies(committed_world: At, at_desk: AtDesk) -> None:
    world = committed_world("submitted_request")
    first = world.request_no
    happens(world, "other_draft", "asked_request", "submitted_request")
    world.request_no = first
    approver = at_desk(world, "approver")
    opens_the_first_of_the_queue(approver, first)
    reads_the_facts(approver)
    decides_item_by_item_with_one_mistake(approver)
    mends_the_mistake_and_confirms(approver)
    goes_on_to_the_next_case(approver)
    head = at_desk(world, "provider_head")
    head_releases_the_reply(head, first)
    finds_it_among_what_is_dealt_with(approver, first)
    head_revokes_the_grant(head)


def opens_the_first_of_the_queue(approver: Desk, first: str) -> None:
    approver.opens("申请审核")
    approver.sees("待我处理（2）", "2026-03-03")
    approver.follow(f"处理下一件：{first}")
    if "decision" not in approver.page.url:
        approver.follow("拟定答复")


def reads_the_facts(approver: Desk) -> None:
    approver.sees("核对学龄人口就学情况", "情况属实", "自动核验", "首次申请")


def decides_item_by_item_with_one_mistake(approver: Desk) -> None:
    """A prefix without its length: the page names the item and the
    field, the other answers stay.
    """
    approver.tick("同意", within="学校代码")
    approver.choose("“学校代码”的脱敏方式", "替换为该部门专用假名")
    approver.tick("同意", within="学校名称")
    approver.tick("同意", within="地址")
    approver.choose("“地址”的脱敏方式", "保留前几位")
    approver.tick("不同意", within="经度")
    approver.choose("不同意提供“经度”的理由", "所申请的信息项或者范围超出履行职责所必需。")
    approver.fill("说明", "核对就学情况不需要位置。")
    approver.choose("条件1：信息项", "经度 · 双精度型B")
    approver.choose("比较方式", "大于等于")
    approver.fill("取值", "120.2")
    approver.press("核对办理意见", status=422)
    approver.is_told_of_a_mistake("地址", "该脱敏方式必须填写此项")
    approver.is_chosen("不同意", within="经度")


def mends_the_mistake_and_confirms(approver: Desk) -> None:
    approver.fill("保留前几位", "6")
    approver.press("核对办理意见")
    approver.sees("部分同意", "经度 ≥ 120.2", "核对就学情况不需要位置。")
    approver.press("确认拟定答复")
    approver.sees("答复已拟定")


def goes_on_to_the_next_case(approver: Desk) -> None:
    approver.follow("处理下一件")
    approver.sees("核对学龄人口就学情况")


def head_releases_the_reply(head: Desk, first: str) -> None:
    head.opens("申请审核")
    head.follow(first)
    head.sees("经度 ≥ 120.2", "approver 同志")
    head.press("核发答复")
    head.sees("核发")
    head.press("确认核发")
    head.sees("部分同意")


def finds_it_among_what_is_dealt_with(approver: Desk, first: str) -> None:
    approver.opens("申请审核")
    approver.follow("我已处理")
    approver.follow(first)
    approver.sees("部分同意")


def head_revokes_the_grant(head: Desk) -> None:
    head.follow("打开共享授权")
    head.follow("终止共享")
    head.fill("原因", "使用目的已经实现")
    head.press("终止共享")
    head.headed("已终止共享")
