"""A quarter of an hour of a clerk, an applicant, an approver and a reviewer, told as they live it in a browser.

Each story is played twice: with the keyboard only, and with scripts switched off. Work of the worker is done in between
by calling its tasks.
"""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from fixtures.browser import OpenPage, served
from fixtures.callers import bearer, client, control_app, data_client
from fixtures.desks import MANNERS, Desk
from fixtures.states import STATES
from fixtures.worlds import World
from openpyxl import Workbook

from catalog.resources.tasks import make_snapshot

At = Callable[[str], World]
AtDesk = Callable[[World, str], Desk]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with served(control_app()) as address:
        yield address


@pytest.fixture(params=MANNERS)
def at_desk(request: pytest.FixtureRequest, open_page: OpenPage, origin: str) -> AtDesk:
    """``at_desk(world, "registrar")``: that person, signed in, at the home page."""
    manner = MANNERS[request.param]

    def sits_down(world: World, who: str) -> Desk:
        desk = manner(open_page(origin, scripts=manner.scripts))
        desk.signs_in(world.account(who), world.password(who))
        return desk

    return sits_down


# The clerk: from an empty form to a published entry


def test_a_clerk_registers_a_resource(committed_world: At, at_desk: AtDesk) -> None:
    world = committed_world("adopted_element")
    clerk, head = at_desk(world, "registrar"), at_desk(world, "head")
    opens_a_draft(clerk)
    writes_what_it_is_with_one_mistake(clerk)
    leaves_and_finds_the_draft_again(clerk)
    attaches_a_workbook(clerk)
    takes_the_columns_over_as_items(clerk, world)
    stores_the_rows(clerk)
    says_how_it_is_shared(clerk)
    writes_down_the_two_assessments(clerk)
    submits(clerk)
    head_returns_it(head)
    clerk_corrects_and_submits_again(clerk)
    head_consents(head)
    administrator_sees_what_changed_and_publishes(at_desk(world, "data_admin"))
    clerk.opens("资源目录")
    clerk.sees("中小学校名录")


def opens_a_draft(clerk: Desk) -> None:
    clerk.opens("数据登记")
    clerk.follow("新建登记")
    clerk.fill("目录名称", "中小学校名录")
    clerk.fill("分类代码", "307001")
    clerk.tick("有条件共享")
    clerk.press("建立草稿")
    clerk.headed("中小学校名录")
    clerk.sees("307001/000001", "尚不能提交")


def writes_what_it_is_with_one_mistake(clerk: Desk) -> None:
    """The mistake is named at its field, nothing typed is lost, and the draft keeps even the mistake."""
    clerk.follow("基本信息")
    clerk.fill("摘要", "全区中小学校的名称、代码、地址与位置。")
    clerk.fill("数据分类", "教育/基础教育")
    clerk.choose("数据格式", "电子表格")
    clerk.choose("更新频率", "每年")
    clerk.fill("相关资源", "307001")
    clerk.press("保存并返回", status=422)
    clerk.is_told_of_a_mistake("相关资源", "资源代码")
    clerk.holds("摘要", "全区中小学校的名称、代码、地址与位置。")
    clerk.holds("相关资源", "307001")
    clerk.keeps_draft()
    clerk.sees("草稿已保存")


def leaves_and_finds_the_draft_again(clerk: Desk) -> None:
    clerk.opens("数据登记")
    clerk.follow("继续填写")
    clerk.follow("基本信息")
    clerk.sees("保存的草稿")
    clerk.holds("摘要", "全区中小学校的名称、代码、地址与位置。")
    clerk.holds("相关资源", "307001")
    clerk.fill("相关资源", "")
    clerk.press("保存并返回")
    clerk.sees("已完成")


def attaches_a_workbook(clerk: Desk) -> None:
    """The head is found below the title and the line about who filled it in; the clerk can see why."""
    clerk.follow("数据")
    clerk.attach("文件", "学校.xlsx", workbook())
    clerk.press("上传并预览")
    clerk.sees("学校.xlsx", "表头以上的 2 行不读入", "解放路3号")
    clerk.unfold("换一种方式读取")
    clerk.is_chosen("第 3 行")


def takes_the_columns_over_as_items(clerk: Desk, world: World) -> None:
    """What the file calls its columns becomes the items; one of them follows a data element of the standards."""
    clerk.press("采用文件中的列")
    clerk.holds_in_cell("信息项名称", 1, "学校代码")
    clerk.fill_cell("数据元", 1, world.element_identifier)
    clerk.choose_in_cell("数据类型", 4, "双精度型B")
    clerk.press("保存并返回")
    clerk.sees("已完成 2/5 部分")


def stores_the_rows(clerk: Desk) -> None:
    """That “无” stands for no value the clerk has to say; then longitudes are numbers."""
    clerk.follow("数据")
    clerk.unfold("换一种方式读取")
    clerk.fill("表示“无值”的文字", "无")
    clerk.press("按此方式读取")
    clerk.press("确认并存入")
    clerk.sees("正在存入")
    make_snapshot(clerk.page.url.rpartition("=")[2])
    clerk.sees_in_time("已存为快照")
    clerk.follow("返回登记清单")


def says_how_it_is_shared(clerk: Desk) -> None:
    clerk.follow("共享属性")
    clerk.is_chosen("有条件共享")
    clerk.fill("共享条件", "限履行校园安全职责的部门使用。")
    clerk.tick("批量交换")
    clerk.fill("使用条件", "不得提供给第三方。")
    clerk.press("保存并返回")
    clerk.sees("已完成 4/5 部分")


def writes_down_the_two_assessments(clerk: Desk) -> None:
    """The full-width digits of an input method are digits."""
    clerk.follow("安全与评估")
    clerk.choose("数据分级", "一般数据2级")
    clerk.tick("不涉及国家秘密")
    clerk.fill("评估单位", "王敏", within="保密风险评估")
    clerk.fill("评估日期", "２０２６－０１－２０", within="保密风险评估")
    clerk.tick("不含个人信息")
    clerk.fill("评估单位", "王敏", within="个人信息保护影响评估")
    clerk.fill("评估日期", "2026-01-20", within="个人信息保护影响评估")
    clerk.press("保存并返回")
    clerk.sees("已完成 5/5 部分")


def submits(clerk: Desk) -> None:
    clerk.follow("检查并提交")
    clerk.sees("学校代码", "不得提供给第三方。")
    clerk.press("提交审核")
    clerk.sees("已提交审核", "307001/000001", "head 同志")


def head_returns_it(head: Desk) -> None:
    """The remark is needed; without one the page says so."""
    head.opens("登记审核")
    head.follow("中小学校名录")
    head.sees("首次", "学校.xlsx")
    head.press("退回修改", status=422)
    head.is_told_of_a_mistake("意见", "退回时须填写意见")
    head.fill("意见", "摘要请写明截至时间。")
    head.press("退回修改")
    head.press("确认退回")
    head.sees("没有其他待审登记")


def clerk_corrects_and_submits_again(clerk: Desk) -> None:
    clerk.opens("待办")
    clerk.follow("修改目录“中小学校名录”")
    clerk.sees("摘要请写明截至时间。")
    clerk.follow("基本信息")
    clerk.fill("摘要", "全区中小学校的名称、代码、地址与位置，截至2025年12月31日。")
    clerk.press("保存并返回")
    clerk.sees("退回后已修改")
    clerk.follow("检查并提交")
    clerk.press("提交审核")
    clerk.sees("已提交审核")


def head_consents(head: Desk) -> None:
    """Only what has changed since the return has to be read."""
    head.opens("登记审核")
    head.follow("中小学校名录")
    head.sees("变化内容", "截至2025年12月31日")
    head.press("同意")
    head.press("确认同意")


def administrator_sees_what_changed_and_publishes(administrator: Desk) -> None:
    administrator.opens("登记审核")
    administrator.follow("中小学校名录")
    administrator.press("发布")
    administrator.press("确认发布")


def workbook() -> bytes:
    """A sheet as offices keep them: a title, who filled it in, and only then the names of the columns."""
    book, content = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for line in (
        ["全区中小学校名录（2026年）"], ["填报单位", "教育厅", "填报人", "王敏"],
        ["学校代码", "学校名称", "地址", "经度"],
        ["0101", "一小", "西湖区文一路1号", "120.31"], ["0102", "二小", "西湖区文二路2号", "120.19"],
        ["0103", "三中", "上城区解放路3号", "120.25"], ["0104", "四中", "上城区庆春路4号", "无"],
    ):  # fmt: skip
        sheet.append(line)
    book.save(content)
    return content.getvalue()


# The applicant: from an item's name to the data


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
    """From the request's page, where every step stands with who and when, to the grant and its code."""
    applicant.opens("共享申请")
    applicant.follow(world.request_no)
    applicant.sees("已同意", "办理过程", "consumer_head 同志", "provider_head 同志", "2026-02-11 09:00")
    applicant.follow("打开授权")
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
    applicant.opens("授权与交付")
    applicant.follow(world.grant_no)
    applicant.follow(delivery_no)
    applicant.sees("已完成", "交付回执", "4 行")


# The approver: from the queue to a reply, and what the sharing head does with it


def test_an_approver_replies(committed_world: At, at_desk: AtDesk) -> None:
    world = committed_world("submitted_request")
    first = world.request_no
    happens(world, "draft_request", "asked_request", "submitted_request")
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
    approver.opens("审批")
    approver.sees("待我处理（2）", "2026-03-03")
    approver.follow(f"处理下一件：{first}")
    if "decision" not in approver.page.url:
        approver.follow("拟定答复")


def reads_the_facts(approver: Desk) -> None:
    approver.sees("核对学龄人口就学情况", "情况属实", "自动核验", "首次申请")


def decides_item_by_item_with_one_mistake(approver: Desk) -> None:
    """A prefix without its length: the page names the item and the field, the other answers stay."""
    approver.tick("同意", within="学校代码")
    approver.choose("“学校代码”的脱敏方式", "替换为该部门专用假名")
    approver.tick("同意", within="学校名称")
    approver.tick("同意", within="地址")
    approver.choose("“地址”的脱敏方式", "保留前几位")
    approver.tick("不同意", within="经度")
    approver.choose("不同意提供“经度”的理由", "超出履职必需")
    approver.fill("说明", "核对就学情况不需要位置。")
    approver.choose("条件1：信息项", "经度")
    approver.choose("比较方式", "大于等于")
    approver.fill("取值", "120.2")
    approver.press("核对办理意见", status=422)
    approver.is_told_of_a_mistake("地址", "该脱敏方式必须填写此项")
    approver.is_chosen("不同意", within="经度")


def mends_the_mistake_and_confirms(approver: Desk) -> None:
    approver.fill("保留前几位", "6", within="地址")
    approver.press("核对办理意见")
    approver.sees("部分同意", "经度 ≥ 120.2", "核对就学情况不需要位置。")
    approver.press("确认拟定答复")
    approver.sees("答复已拟定")


def goes_on_to_the_next_case(approver: Desk) -> None:
    approver.follow("处理下一件")
    approver.sees("核对学龄人口就学情况")


def head_releases_the_reply(head: Desk, first: str) -> None:
    head.opens("审批")
    head.follow(first)
    head.sees("经度 ≥ 120.2", "approver 同志")
    head.press("核发答复")
    head.sees("核发")
    head.press("确认核发")
    head.sees("部分同意")


def finds_it_among_what_is_dealt_with(approver: Desk, first: str) -> None:
    approver.opens("审批")
    approver.follow("我已处理")
    approver.follow(first)
    approver.sees("部分同意")


def head_revokes_the_grant(head: Desk) -> None:
    head.follow("打开授权")
    head.follow("收回授权")
    head.fill("原因", "使用目的已经实现")
    head.press("收回授权")
    head.headed("已收回")


# The reviewer: from a question to the record of having asked it


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
    reviewer.holds("查询语句", "actor:applicant result:deny")
    reviewer.sees("applicant 同志", "拒绝")


def finds_the_refusal_by_the_query_line(reviewer: Desk) -> None:
    reviewer.search("查询语句", "result:deny action:audit:trail:*")
    reviewer.sees("applicant 同志", "audit:trail:read")


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
    """Every line of the file bears the leaf hash of its bytes; that it was taken stands in the trail."""
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
    reviewer.sees("catalog:resource")


def happens(world: World, *states: str) -> None:
    """What other people do meanwhile."""
    for state in states:
        STATES[state][1](world)
