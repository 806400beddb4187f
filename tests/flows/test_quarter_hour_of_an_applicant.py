"""An applicant's quarter of an hour: from an item's name to the data,
by keyboard only and without scripts.
"""

import pytest
from fixtures.callers import bearer, data_client
from fixtures.desks import Desk
from fixtures.worlds import World
from flows.conftest import At, AtDesk, happens

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]


def test_an_applicant_gets_the_data(committed_world: At, at_desk: AtDesk) -> None:
    world = committed_world("published_resource")
    applicant = at_desk(world, "applicant")
    finds_the_resource_by_an_item(applicant)
    reads_it_part_by_part(applicant)
    writes_the_request_in_two_sittings(applicant, world)
    checks_the_answers_changes_one_and_asks(applicant)
    world.request_no = applicant.page.url.rpartition("/")[2].partition("?")[0]
    sharing_head_consents(at_desk(world, "consumer_head"), world)
    happens(world, "prepared_request", "pending_grant", "active_grant")
    hears_of_the_grant(applicant, world)
    token = makes_a_token(applicant)
    delivery_no = fetches(world, token)
    sees_the_delivery(applicant, world, delivery_no)


def finds_the_resource_by_an_item(applicant: Desk) -> None:
    applicant.opens("资源目录")
    applicant.search("搜索资源名称、信息项、资源代码或提供部门", "经度")
    applicant.sees("匹配的信息项", "经度")
    applicant.narrow("有条件共享")
    applicant.sees("清除全部")
    applicant.follow("中小学校名录")
    applicant.headed("中小学校名录")


def reads_it_part_by_part(applicant: Desk) -> None:
    applicant.sees("限履行校园安全职责的部门使用。", "10 个工作日")
    applicant.follow("信息项")
    applicant.sees("双精度型B")
    applicant.follow("标准")
    applicant.sees("学校的唯一标识代码")
    applicant.follow("变更历史")
    applicant.sees("首次发布")
    applicant.follow("申请共享")


def writes_the_request_in_two_sittings(applicant: Desk, world: World) -> None:
    """The window closes half way; what was typed, right or wrong, is there again."""
    for item in ("学校代码", "学校名称", "地址"):
        applicant.tick(item)
    applicant.fill("使用依据", "《中华人民共和国义务教育法》第十一条")
    applicant.fill("使用期限至", "明年年底")
    applicant.leaves_it_as_a_draft()
    applicant.closes_the_window_and_comes_back(f"/requests/new?resource={world.resource_code}")
    applicant.sees("保存的草稿")
    applicant.is_chosen("地址")
    applicant.holds("使用依据", "《中华人民共和国义务教育法》第十一条")
    applicant.holds("使用期限至", "明年年底")
    applicant.tick("经度")
    applicant.fill("使用场景", "核对学龄人口就学情况")
    applicant.tick("批量交换")
    applicant.fill("使用范围", "治安管理支队内部使用")
    applicant.press("继续", status=422)
    applicant.is_told_of_a_mistake("使用期限至", "日期")
    applicant.fill("使用期限至", "2026-12-31")
    applicant.press("继续")


def checks_the_answers_changes_one_and_asks(applicant: Desk) -> None:
    applicant.sees("核对学龄人口就学情况", "consumer_head 同志")
    applicant.follow("修改 使用场景")
    applicant.fill("使用场景", "核对学龄人口就学情况，每学期一次")
    applicant.press("继续")
    applicant.sees("每学期一次")
    applicant.press("提请负责人同意")
    applicant.sees("待本部门同意", "REQ-2026-000001")


def sharing_head_consents(head: Desk, world: World) -> None:
    head.opens("待办")
    head.follow(f"请审核本部门的共享申请{world.request_no}")
    head.sees("每学期一次")
    head.fill("意见", "情况属实")
    head.press("同意发出")
    head.sees("已受理", "2026-03-03")


def hears_of_the_grant(applicant: Desk, world: World) -> None:
    """From the request's page, where every step stands with who and
    when, to the grant and its code.
    """
    applicant.opens("共享申请")
    applicant.follow(world.request_no)
    applicant.sees(
        "已同意", "办理过程", "consumer_head 同志", "provider_head 同志", "2026-02-11 09:00"
    )
    applicant.follow("打开共享授权")
    applicant.headed("有效")
    applicant.sees("学校代码", "from shuqiao")
    applicant.follow("curl")
    applicant.sees(f"/api/v1/grants/{world.grant_no}/data")


def makes_a_token(applicant: Desk) -> str:
    """Shown once: leaving the page and coming back does not show it again."""
    applicant.follow("查看我的令牌")
    applicant.follow("新建令牌")
    applicant.fill("令牌名称", "夜间取数")
    applicant.fill("有效天数", "30")
    applicant.press("签发令牌", status=201)
    token = applicant.reads_code("令牌")
    assert token.startswith("sq_")
    applicant.follow("查看我的令牌")
    applicant.sees("夜间取数")
    applicant.misses(token)
    return token


def fetches(world: World, token: str) -> str:
    """What the code on the grant's page does, by the program it is for."""
    with data_client(world, None) as program:
        answer = program.get(f"/api/v1/grants/{world.grant_no}/data", headers=bearer(token))
    assert answer.status_code == 200, answer.text
    return str(answer.headers["shuqiao-delivery"])


def sees_the_delivery(applicant: Desk, world: World, delivery_no: str) -> None:
    applicant.opens("共享授权与交付")
    applicant.follow(world.grant_no)
    applicant.follow(delivery_no)
    applicant.sees("已完成", "交付回执", "4 行")
