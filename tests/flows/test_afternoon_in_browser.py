"""A data administrator's afternoon: a list template that two departments answer, two demands that
become one and are met by a delivery, an entry of the negative list, the lists and their notice.
"""

import pytest
from fixtures.browser import OpenPage
from fixtures.demanding import EDUCATION as EDUCATION_CODE
from fixtures.desks import Desk
from fixtures.manners import KEYBOARD, MANNERS, SCRIPTLESS
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from flows.conftest import At, AtDesk, happens
from playwright.sync_api import expect

from exchange.deliveries.tasks import meet_demand

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

EDUCATION, POLICE = DEPARTMENTS["education"][0], DEPARTMENTS["police"][0]
POLICE_CODE, CIVIL = DEPARTMENTS["police"][1], DEPARTMENTS["civil"][0]
TEMPLATE, REFUSED, MOVED = "LT-2026-000001", "AS-2026-000004", "AS-2026-000005"
DEMAND, OTHER, ENTRY = "DM-2026-000001", "DM-2026-000002", "NE-2026-000001"
#: The last line suggests nobody.
LINES = "\n".join(
    [
        "名称\t上级目录代码\t要求的信息项\t建议责任部门",
        f"中小学校名录\t150000-JY-0001\t学校代码、学校名称\t{EDUCATION_CODE}",
        f"学生资助信息\t150000-JY-0002\t\t{EDUCATION_CODE}",
        f"教师资格信息\t150000-JY-0003\t\t{EDUCATION_CODE}",
        f"户籍人口信息\t150000-GA-0001\t\t{EDUCATION_CODE}",
        "婚姻登记信息\t150000-MZ-0001\t\t",
    ]
)
#: A name of a column that is none.
DEFECTIVE = LINES.replace("建议责任部门", "归口")
#: Wide as the offices have it, and a telephone.
WIDTHS = (1366, 390)
PATHS = (
    f"/list-templates/{TEMPLATE}",
    "/assignments/board",
    f"/assignments/{REFUSED}",
    "/demands",
    f"/demands/{DEMAND}",
    f"/negative-entries/{ENTRY}",
    "/lists",
    "/lists/responsibility",
    "/lists/negative",
    "/lists/demand",
    "/lists/notice",
    "/updates",
)


@pytest.mark.parametrize("at_desk", [KEYBOARD], indirect=True)
def test_a_data_administrator_has_lists_drawn_up_and_demands_met(
    committed_world: At, at_desk: AtDesk, open_page: OpenPage, origin: str
) -> None:
    world = committed_world("published_resource")
    administrator = at_desk(world, "data_admin")
    draws_up_a_list_template(administrator)
    issues_it(administrator)
    claims_and_refuses(without_scripts(open_page, origin, world, "registrar"))
    assigns_again_with_one_click(administrator)
    sees_who_is_behind(administrator)
    applicant, stranger = at_desk(world, "applicant"), at_desk(world, "stranger")
    files_a_demand_from_a_search(applicant)
    files_the_same_for_another_department(stranger)
    merges_the_two(administrator)
    claims_and_shares(at_desk(world, "provider_head"), world)
    applies_from_the_demand(applicant, world)
    is_met_by_deliveries_alone(applicant, stranger, world)
    registrar = at_desk(world, "registrar")
    proposes_a_negative_entry(registrar, world)
    head_consents(at_desk(world, "head"))
    puts_it_in_force(administrator)
    cannot_apply_for_it_any_more(applicant, world)
    the_three_lists_show_it(administrator, world)
    prints_the_notice(administrator)
    fit_into_both_widths(administrator)


def without_scripts(open_page: OpenPage, origin: str, world: World, who: str) -> Desk:
    desk = MANNERS[SCRIPTLESS](open_page(origin, scripts=False))
    desk.signs_in(world.account(who), world.password(who))
    return desk


def draws_up_a_list_template(administrator: Desk) -> None:
    """Pasted once with a head that nobody knows: what was typed is there again."""
    administrator.opens("三张清单")
    administrator.goes_to("/list-templates")
    administrator.follow("编制清单模板")
    administrator.fill("名称", "自治区基础库责任清单（2026年版）")
    administrator.fill("上级文件", "关于编制责任清单的通知")
    administrator.fill("认领截止日期", "2026-03-06")
    administrator.press("保存")
    administrator.fill("粘贴事项", DEFECTIVE)
    administrator.press("导入事项", status=422)
    administrator.is_told_of_a_mistake("粘贴事项", "第 4 列无法识别")
    administrator.holds("粘贴事项", DEFECTIVE)
    administrator.fill("粘贴事项", LINES)
    administrator.press("导入事项")
    administrator.sees("中小学校名录", "婚姻登记信息", EDUCATION)


def issues_it(administrator: Desk) -> None:
    administrator.press_twice("下发清单模板")
    administrator.sees("清单模板已下发，已要求各部门认领", "缺口：无部门认领", "待认领")


def claims_and_refuses(registrar: Desk) -> None:
    """One by its task, two at once, one is another department's; where no script runs."""
    registrar.opens("待办")
    registrar.follow("认领“中小学校名录”")
    registrar.tick("认领")
    registrar.press("答复")
    registrar.sees("已认领，请接着编制目录")
    registrar.goes_to("/assignments")
    registrar.tick("选择“学生资助信息”")
    registrar.tick("选择“教师资格信息”")
    registrar.tick("认领")
    registrar.press("答复")
    registrar.sees("已答复 2 项")
    registrar.follow("户籍人口信息")
    registrar.tick("不认领")
    registrar.choose("不认领原因", "无此职责，应归其他部门")
    registrar.fill("应归部门", POLICE_CODE)
    registrar.press("答复", status=422)
    registrar.is_told_of_a_mistake("理由说明", "此项必填")
    registrar.holds("应归部门", POLICE_CODE)
    registrar.fill("理由说明", "三定规定未列此项。")
    registrar.press("答复")
    registrar.sees("答复已送数据主管部门", POLICE)


def assigns_again_with_one_click(administrator: Desk) -> None:
    administrator.opens("待办")
    administrator.follow("转派“户籍人口信息”")
    administrator.sees("无此职责，应归其他部门", "三定规定未列此项。")
    administrator.press(f"转派给{POLICE}")
    administrator.headed("户籍人口信息")
    administrator.sees("清单事项已分派", POLICE, MOVED, REFUSED)


def sees_who_is_behind(administrator: Desk) -> None:
    administrator.goes_to("/assignments")
    administrator.follow("各部门进展")
    administrator.sees("缺口：无部门认领的事项", "婚姻登记信息")
    assert figures(administrator, EDUCATION)[:2] == ["3", "3"]
    assert figures(administrator, POLICE)[:5] == ["1", "0", "0", "0", "1"]


def figures(desk: Desk, department: str) -> list[str]:
    return desk.row(department).get_by_role("cell").all_inner_texts()


def files_a_demand_from_a_search(applicant: Desk) -> None:
    applicant.opens("资源目录")
    applicant.search("搜索资源名称、信息项、资源代码或提供部门", "校园坐标")
    applicant.follow("登记需求")
    applicant.holds("所需数据", "校园坐标")
    states_a_need(applicant, "核对校园周边警务站的位置。")
    applicant.choose("提供部门", EDUCATION)
    applicant.press("登记需求")
    applicant.sees(DEMAND, "需求已登记", "待分派")


def files_the_same_for_another_department(stranger: Desk) -> None:
    stranger.goes_to("/demands")
    stranger.follow("登记需求")
    stranger.fill("所需数据", "学校位置")
    states_a_need(stranger, "核对困境儿童就学。")
    stranger.press("登记需求")
    stranger.sees(OTHER)


def states_a_need(desk: Desk, need: str) -> None:
    desk.fill("需求说明", need)
    desk.fill("所需信息项", "学校名称\n经度 | 学校所在地的经度")
    desk.tick("部门职责")
    desk.fill("文件", "职能配置规定")
    desk.fill("使用场景", need)
    desk.fill("使用范围", "业务处室内部使用")
    desk.fill("使用时限", "2026-12-31")


def merges_the_two(administrator: Desk) -> None:
    administrator.goes_to("/demands")
    administrator.follow("待分派 2")
    administrator.follow(OTHER)
    administrator.sees("疑似相同的需求", DEMAND)
    administrator.follow("并入另一需求")
    administrator.fill("另一需求编号", DEMAND)
    administrator.press("并入另一需求")
    administrator.sees("需求已合并")
    administrator.follow(DEMAND)
    administrator.sees(CIVIL, "核对困境儿童就学。")


def claims_and_shares(head: Desk, world: World) -> None:
    """Of the department that was named as the one that may have it."""
    head.goes_to("/demands")
    head.follow(DEMAND)
    head.press("认领需求")
    head.opens("待办")
    head.follow(f"答复需求 {DEMAND}")
    head.tick("共享：已有目录满足")
    head.fill("目录代码", world.resource_code)
    head.press("答复需求")
    head.sees("需求已答复", "已答复，待申请")


def applies_from_the_demand(applicant: Desk, world: World) -> None:
    """What the demand says stands in the request; what others do to it, other stories tell."""
    applicant.goes_to(f"/demands/{DEMAND}")
    applicant.follow("就该目录申请共享")
    applicant.is_chosen("学校名称")
    applicant.is_chosen("经度")
    applicant.holds("使用场景", "核对校园周边警务站的位置。")
    applicant.holds("使用范围", "业务处室内部使用")
    applicant.holds("使用期限至", "2026-12-31")
    applicant.press("继续")
    applicant.press("提请负责人同意")
    world.request_no = applicant.page.url.rpartition("/")[2].partition("?")[0]
    _code, name, _address, longitude = world.item_ids
    world.item_ids = (name, longitude)


def is_met_by_deliveries_alone(applicant: Desk, stranger: Desk, world: World) -> None:
    """Of two departments: one has its rows, the other no longer wants them."""
    happens(world, "submitted_request")
    applicant.goes_to(f"/demands/{DEMAND}")
    applicant.headed("对接中")
    happens(world, "prepared_request", "pending_grant", "active_grant")
    applicant.goes_to(f"/demands/{DEMAND}")
    applicant.headed("对接中")
    happens(world, "finished_delivery")
    meet_demand(world.delivery_no)
    applicant.goes_to(f"/demands/{DEMAND}")
    applicant.headed("已答复")
    applicant.sees(world.delivery_no)
    stranger.goes_to(f"/demands/{DEMAND}")
    stranger.follow("撤回")
    stranger.fill("原因", "已由其他渠道核对。")
    stranger.press("撤回")
    applicant.goes_to(f"/demands/{DEMAND}")
    applicant.headed("已满足")
    applicant.sees(world.delivery_no)


def proposes_a_negative_entry(registrar: Desk, world: World) -> None:
    registrar.goes_to("/negative-entries")
    registrar.follow("提出负面清单条目")
    registrar.tick("法律")
    registrar.fill("依据名称", "《中华人民共和国测绘法》")
    registrar.fill("条款", "第四十七条")
    registrar.fill("条文原文", "涉及国家秘密的测绘成果不得公开。")
    registrar.fill("不予共享的理由", "可以推知涉密位置")
    registrar.fill("下次复核日期", "2027-02-10")
    registrar.fill("信息项", "经度")
    registrar.press("提出负面清单条目", status=422)
    registrar.is_told_of_a_mistake("信息项", "此行不是“代码加名称”")
    registrar.fill("信息项", f"{world.resource_code} 经度")
    registrar.press("提出负面清单条目")
    registrar.sees("负面清单条目已提出", ENTRY)


def head_consents(head: Desk) -> None:
    head.opens("待办")
    head.follow("同意负面清单条目")
    head.tick("同意")
    head.press("提交")
    head.sees("该条目已送数据主管部门")


def puts_it_in_force(administrator: Desk) -> None:
    administrator.opens("待办")
    administrator.follow("审核负面清单条目")
    administrator.tick("予以生效")
    administrator.press("提交")
    administrator.sees("负面清单条目已生效", "经度", "所属部门尚未标明不予共享")


def cannot_apply_for_it_any_more(applicant: Desk, world: World) -> None:
    """The form says which entry it is, and the way on."""
    applicant.goes_to(f"/requests/new?resource={world.resource_code}")
    applicant.sees("已列入负面清单，不能申请", "测绘法", "登记对该信息项的需求")
    assert applicant.main.get_by_label("经度").count() == 0
    applicant.follow(ENTRY)
    applicant.headed("已生效")
    applicant.goes_to(f"/requests/new?resource={world.resource_code}")
    applicant.follow("登记对该信息项的需求")
    applicant.holds("所需信息项", "经度")


def the_three_lists_show_it(administrator: Desk, world: World) -> None:
    administrator.opens("三张清单")
    administrator.follow("责任清单")
    administrator.sees("学校名称")
    administrator.misses("经度")
    administrator.follow("负面清单")
    administrator.sees("经度", ENTRY)
    administrator.follow("需求清单")
    administrator.sees(DEMAND, "校园坐标", "已满足")


def prints_the_notice(administrator: Desk) -> None:
    """On paper there is the notice alone, and it names what came and what went."""
    administrator.opens("三张清单")
    administrator.goes_to("/lists/notice?since=2026-02-01")
    administrator.sees("关于政务数据共享责任清单、负面清单的通告", "经度")
    page = administrator.page
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="主导航")).to_be_hidden()
    expect(administrator.main.get_by_role("button", name="显示")).to_be_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF-")
    page.emulate_media(media="screen")


def fit_into_both_widths(administrator: Desk) -> None:
    for path in PATHS:
        administrator.goes_to(path)
        for width in WIDTHS:
            administrator.opened.resize(width)
            assert administrator.opened.overflow() <= 0, (path, width)
