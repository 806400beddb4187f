"""A clerk's quarter of an hour: from an empty form to a published
entry, by keyboard only and without scripts.
"""

from io import BytesIO

import pytest
from fixtures.desks import Desk
from fixtures.worlds import World
from flows.conftest import At, AtDesk
from openpyxl import Workbook

from catalog.attachments.tasks import make_snapshot

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_clerk_registers_a_resource(committed_world: At, at_desk: AtDesk) -> None:
    world = committed_world("adopted_element")
    clerk, head = at_desk(world, "registrar"), at_desk(world, "head")
    opens_a_draft(clerk)
    writes_what_it_is_with_one_mistake(clerk)
    leaves_and_finds_the_draft_again(clerk)
    attaches_a_workbook(clerk)
    says_how_it_is_to_be_read(clerk)
    takes_the_columns_over_as_items(clerk, world)
    stores_the_rows(clerk)
    says_how_it_is_shared(clerk)
    writes_down_the_two_assessments(clerk)
    submits(clerk)
    head_returns_it(head)
    clerk_corrects_and_submits_again(clerk)
    head_consents(head)
    administrator_reads_the_checks_and_publishes(at_desk(world, "data_admin"))
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
    """The mistake is named at its field, nothing typed is lost, and the
    draft keeps even the mistake.
    """
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
    """The head is found below the title and the line about who filled
    it in; the clerk can see why.
    """
    clerk.follow("数据")
    clerk.attach("文件", "学校.xlsx", workbook())
    clerk.press("上传并预览")
    clerk.sees("学校.xlsx", "表头以上的 2 行不读入", "解放路3号")
    clerk.unfold("换一种方式读取")
    clerk.is_chosen("第 3 行")


def says_how_it_is_to_be_read(clerk: Desk) -> None:
    """That “无” stands for no value the clerk has to say; then longitudes are numbers."""
    clerk.fill("表示“无值”的文字", "无")
    clerk.press("按此方式读取")
    clerk.sees("经度")


def takes_the_columns_over_as_items(clerk: Desk, world: World) -> None:
    """What the file calls its columns becomes the items; one of them
    follows a data element of the standards.
    """
    clerk.press("采用文件中的列")
    clerk.holds_in_cell("信息项名称", 1, "学校代码")
    clerk.fill_cell("数据元", 1, world.element_identifier)
    clerk.choose_in_cell("来源方式", 1, "本部门采集产生")
    clerk.holds_in_cell("数据类型", 4, "N")
    clerk.press("保存并返回")
    clerk.sees("已完成 2/5 部分")


def stores_the_rows(clerk: Desk) -> None:
    """As it was to be read before: the page has kept it."""
    clerk.follow("数据")
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


def administrator_reads_the_checks_and_publishes(administrator: Desk) -> None:
    administrator.opens("登记审核")
    administrator.follow("中小学校名录")
    administrator.sees(
        "首次审核，没有可供比较的内容", "4 个信息项中有 3 个没有引用数据元", "摘要请写明截至时间。"
    )
    administrator.press("发布")
    administrator.press("确认发布")


def workbook() -> bytes:
    """A sheet as offices keep them: a title, who filled it in, and only
    then the names of the columns.
    """
    book, content = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for line in (
        ["全区中小学校名录（2026年）"],
        ["填报单位", "教育厅", "填报人", "王敏"],
        ["学校代码", "学校名称", "地址", "经度"],
        ["0101", "一小", "西湖区文一路1号", "120.31"],
        ["0102", "二小", "西湖区文二路2号", "120.19"],
        ["0103", "三中", "上城区解放路3号", "120.25"],
        ["0104", "四中", "上城区庆春路4号", "无"],
    ):
        sheet.append(line)
    book.save(content)
    return content.getvalue()
