"""A data administrator's morning: a defective list of codes, three elements, a rival claim and the
conflict that comes of it, a form that is checked before it is filled in.
"""

import pytest
from fixtures.desks import Desk
from fixtures.worlds import World
from flows.conftest import At, AtDesk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

EDUCATION = "内蒙古自治区教育厅"
#: 03 stands twice: a list that was published so is not taken in unnoticed.
DEFECTIVE = "代码,名称\n01,小学\n02,初级中学\n03,九年一贯制学校\n03,完全中学\n"
MENDED = DEFECTIVE.replace("03,完全中学", "04,完全中学")
ELEMENTS = (
    "数据元名称,定义,数据类型\n办学许可证号,办学许可证上载明的编号,字符型C\n"
    "在校生数,学年初在校学生的人数,整型I\n建校日期,学校批准设立的日期,日期型D\n"
)


def test_a_data_administrator_keeps_one_standard_and_one_source(
    committed_world: At, at_desk: AtDesk
) -> None:
    world = committed_world("named_source")
    administrator = at_desk(world, "data_admin")
    refuses_a_defective_list(administrator)
    takes_the_mended_one(administrator)
    takes_in_three_elements(administrator)
    disputes_the_source(at_desk(world, "consumer_registrar"), world)
    states_its_side(at_desk(world, "provider_head"))
    decides_who_it_is(administrator, world)
    checks_a_form_before_it_is_filled_in(at_desk(world, "applicant"))


def refuses_a_defective_list(administrator: Desk) -> None:
    administrator.opens("标准")
    administrator.follow("值域")
    administrator.fill("值域名称", "办学类型代码")
    administrator.press("建立值域并导入代码表")
    administrator.fill("版本名称", "2026")
    administrator.fill("代码表来源", "教育厅数据标准")
    administrator.fill("生效日期", "2026-01-01")
    administrator.attach("代码表文件", "办学类型.csv", DEFECTIVE.encode())
    administrator.press("导入版本", status=422)
    administrator.sees("代码表检查报告", "完全中学", "九年一贯制学校")


def takes_the_mended_one(administrator: Desk) -> None:
    administrator.holds("版本名称", "2026")
    administrator.attach("代码表文件", "办学类型.csv", MENDED.encode())
    administrator.press("导入版本")
    administrator.sees("办学类型代码", "2026")


def takes_in_three_elements(administrator: Desk) -> None:
    administrator.opens("标准")
    administrator.follow("导入清单")
    administrator.attach("数据元清单文件", "数据元.csv", ELEMENTS.encode())
    administrator.tick("已发布")
    administrator.press("导入清单")
    administrator.sees("办学许可证号", "在校生数", "建校日期")


def disputes_the_source(registrar: Desk, world: World) -> None:
    registrar.goes_to(f"/elements/{world.element_identifier}")
    registrar.follow("提出数源冲突")
    registrar.choose("被争议的认领", f"{EDUCATION} · 已确认数源")
    registrar.fill("陈述", "公安部门自2019年起在户政业务中采集。")
    registrar.fill("文件", "公安厅职能配置规定")
    registrar.fill("条款", "第五条")
    registrar.press("提出数源冲突")
    registrar.sees("CF-2026-000001", "待对方陈述")


def states_its_side(head: Desk) -> None:
    head.opens("待办")
    head.follow("陈述本部门作为")
    head.fill("陈述", "学校代码由教育部门编制。")
    head.fill("文件", "教育厅职能配置规定")
    head.fill("条款", "第三条")
    head.press("提交陈述")
    head.sees("待决定", "学校代码由教育部门编制。")


def decides_who_it_is(administrator: Desk, world: World) -> None:
    administrator.goes_to("/source-conflicts/CF-2026-000001")
    administrator.tick(EDUCATION)
    administrator.fill("理由", "代码由教育部门编制，公安部门共享取得。")
    administrator.fill("依据", "教育厅职能配置规定第三条")
    administrator.press("作出决定")
    administrator.sees("已决定")
    administrator.goes_to(f"/elements/{world.element_identifier}/source")
    administrator.sees(EDUCATION)
    administrator.misses("待对方陈述")


def checks_a_form_before_it_is_filled_in(applicant: Desk) -> None:
    applicant.goes_to("/collection-checks/new")
    applicant.fill("表、报表或系统名称", "民办学校年检表")
    applicant.tick("登记表")
    applicant.fill("字段（每行一个）", "办学许可证号\n举办者")
    applicant.press("开始核查")
    applicant.sees("CK-2026-000001", "办学许可证号", "举办者", "可采集")
