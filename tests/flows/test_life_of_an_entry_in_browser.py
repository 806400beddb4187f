"""What becomes of a published entry, in a browser before real processes: its data is renewed by
hand and on schedule, the entry is changed, what the change withholds is suspended where it is
granted.

What leads there – the entry, the requests, the replies – is done through the API.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fixtures import department_database
from fixtures.browser import OpenPage
from fixtures.database import Cluster
from fixtures.service import Service, connected, running_service
from fixtures.service_desk import ServiceDesk as Desk
from fixtures.written import LIVE_ITEMS
from playwright.sync_api import expect
from sqlalchemy import make_url

from server.demo.fetching import Fetched, fetch
from shuqiao.roles import administering

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
STRANGE = "用途实现后三十日内按要求销毁"
STATED = {
    "basis": "《中华人民共和国测绘法》",
    "number": "主席令第67号",
    "article": "第四十七条",
    "text": "属于国家秘密的地理信息，应当遵守保密法律的规定。",
    "reason": "位置不得公开",
    "review_on": "2027-02-11",
}
NEXT_DAY = "2026-02-12T09:00:00+08:00"


@pytest.fixture(scope="module")
def service(cluster: Cluster) -> Iterator[Service]:
    """The school list published and granted twice: GR-…1 follows its editions, GR-…2 is pinned."""
    with running_service(cluster) as running:
        story = running.story
        for actor in running.people.values():
            actor.sign_in()
        story.adopt_elements()
        for step in (story.register, story.attach, story.submit):
            step()
        for step in (story.consent_to_entry, story.publish, story.apply, story.consent_to_request):
            step()
        for step in (story.reply, story.release, story.fetch):
            step()
        yield running


def pinned_grant(service: Service) -> str:
    """A second grant of the applicant, for another purpose, on the current edition alone."""
    people, facts, said = service.people, service.story.facts, service.story.script["request"]
    body = {**json.loads(json.dumps(said, default=str)), "scenario": "校园周边道路规划"}
    ids = [facts.item_ids[name] for name in body.pop("items")]
    made = people["applicant"].post(
        "/api/v1/requests", {**body, "resource_code": facts.resource_code, "item_ids": ids}
    )
    path = f"/api/v1/requests/{made['request_no']}"
    people["applicant"].post(f"{path}/submissions", version=made["version"])

    def step(who: str, name: str, said: dict[str, Any]) -> dict[str, Any]:
        actor = people[who]
        return actor.post(f"{path}/{name}", said, version=actor.get(path)["version"])

    step("consumer_head", "consents", {"outcome": "consented"})
    items = [{"item_id": each, "outcome": "granted"} for each in ids]
    step("approver", "decisions", {"items": items, "follows_editions": False, "remark": "同意"})
    grant_no = str(step("provider_head", "releases", {"outcome": "released"})["grant_no"])
    people["applicant"].wait(f"/api/v1/grants/{grant_no}", "active")
    return grant_no


def test_a_published_entry_is_renewed_and_changed(service: Service, open_page: OpenPage) -> None:
    pinned = pinned_grant(service)
    registrar, applicant, administrator = (
        Desk(service, open_page, who) for who in ("registrar", "applicant", "data_admin")
    )
    brings_the_file_of_this_year(registrar, service)
    who_follows_gets_the_new_rows(applicant, service, pinned)
    writes_a_change(registrar, service)
    nobody_outside_sees_it(applicant, administrator, service=service)
    submits(registrar)
    head_consents(Desk(service, open_page, "head"), service)
    nobody_outside_sees_it(applicant, service=service)
    administration_compares_and_publishes(administrator, service)
    everybody_compares_the_versions(applicant, service)
    approver_settles_what_is_suspended(Desk(service, open_page, "approver"), service)
    assert fetched(service, service.story.facts.grant_no).columns == [
        "学校代码",
        "学校名称",
        "经度",
    ]
    administration_takes_it_down(administrator, service)
    nobody_finds_it(applicant, service)


def entry(service: Service) -> str:
    return service.story.facts.resource_code


def fetched(service: Service, grant_no: str) -> Fetched:
    return fetch(service.people["applicant"].origin, service.story.facts.token, grant_no)


def brings_the_file_of_this_year(desk: Desk, service: Service) -> None:
    """No review: the same columns, counted by their key against last year's."""
    desk.opened.go(f"/catalog/{entry(service)}")
    desk.follow("数据更新批次、挂接新数据")
    desk.follow("挂接新数据")
    name = service.story.script["edition"]["file_name"]
    content = service.story.file_of_this_year()
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    desk.main.get_by_label("文件", exact=True).set_input_files([file])
    desk.press("上传并预览")
    expect(desk.main).to_contain_text(name)
    desk.sound()
    desk.press("确认并存入")
    expect(desk.main).to_contain_text("已存为快照", timeout=20_000)
    desk.follow("查看数据更新批次")
    row = desk.main.get_by_role("row").filter(has_text="第 2 批")
    for _time in range(50):
        if "现行批次" in row.inner_text():
            break
        desk.page.wait_for_timeout(200)
        desk.page.reload()
    expect(row).to_contain_text("现行批次")
    expect(row).to_contain_text("新增 2 行，减少 1 行，变更 2 行")
    expect(row).to_contain_text("按“学校代码”核对")
    desk.sound()


def who_follows_gets_the_new_rows(desk: Desk, service: Service, pinned: str) -> None:
    following, said = service.story.facts.grant_no, service.story.script
    service.people["applicant"].wait(f"/api/v1/grants/{following}", 2, "edition_no")
    desk.opened.go(f"/grants/{following}")
    expect(desk.main).to_contain_text("现为第2批")
    desk.opened.go(f"/grants/{pinned}")
    expect(desk.main).to_contain_text("第1批")
    desk.sound()
    assert fetched(service, following).rows == said["edition"]["granted_rows"]
    assert fetched(service, pinned).rows == said["attachment"]["rows"]


def writes_a_change(desk: Desk, service: Service) -> None:
    """A use condition is tightened, and an item withheld by law, in a working copy."""
    desk.opened.go(f"/catalog/{entry(service)}")
    desk.follow("变更目录")
    desk.sound()
    desk.press("变更目录")
    expect(desk.main).to_contain_text("已发布目录的变更稿")
    desk.sound()
    desk.follow("数据")
    expect(desk.main).to_contain_text("已发布目录的变更稿")
    expect(desk.main).to_contain_text("沿用现行数据")
    desk.sound()
    desk.follow("登记清单")
    desk.follow("共享属性")
    desk.main.get_by_label(re.compile("^使用条件")).fill(STRANGE)
    desk.press("保存并返回")
    desk.follow("信息项")
    place = [item["name"] for item in service.story.script["resource"]["items"]].index("地址")
    cell = f"items.{place}"
    desk.main.locator(f"[name='{cell}.share_type']").select_option("withheld")
    basis = desk.main.locator(f"#f-items-{place}-withholding")
    if basis.get_attribute("open") is None:
        basis.locator("summary").click()
    desk.main.locator(f"[name='{cell}.withholding.kind']").select_option("law")
    for part, said in STATED.items():
        desk.main.locator(f"[name='{cell}.withholding.{part}']").fill(said)
    desk.press("保存并返回")
    expect(desk.main).to_contain_text("可以提交")


def nobody_outside_sees_it(*desks: Desk, service: Service) -> None:
    for desk in desks:
        for path in (f"/catalog/{entry(service)}", f"/catalog?q={STRANGE}"):
            assert desk.opened.go(path) == 200
            expect(desk.main).not_to_contain_text("变更稿")
        desk.opened.go(f"/catalog/{entry(service)}")
        expect(desk.main).not_to_contain_text(STRANGE)


def submits(desk: Desk) -> None:
    desk.follow("检查并提交")
    expect(desk.main).to_contain_text(STRANGE)
    desk.sound()
    desk.press("提交审核")
    expect(desk.main).to_contain_text("已提交审核")
    desk.sound()


def head_consents(desk: Desk, service: Service) -> None:
    desk.opened.go("/reviews")
    desk.follow("中小学校名录")
    expect(desk.main).to_contain_text("与已发布的第 1 版比较")
    desk.press("同意")
    desk.press("确认同意")
    expect(desk.main).to_contain_text("没有其他待审登记")


def administration_compares_and_publishes(desk: Desk, service: Service) -> None:
    desk.opened.go(f"/resources/{entry(service)}/review")
    changes = desk.main.locator("#changes")
    expect(changes.locator("ins").filter(has_text=STRANGE)).to_be_visible()
    expect(changes.locator("ins").filter(has_text="不予共享")).to_be_visible()
    desk.sound()
    desk.press("发布")
    desk.press("确认发布")
    expect(desk.main).to_contain_text("没有其他待审登记")


def everybody_compares_the_versions(desk: Desk, service: Service) -> None:
    """The version before is read as it was, and compared with what is in force."""
    desk.opened.go(f"/catalog/{entry(service)}")
    expect(desk.main).to_contain_text(STRANGE)
    desk.opened.go(f"/catalog/{entry(service)}?tab=versions")
    desk.follow("与第 1 版比较")
    expect(desk.main.locator("#changes ins").filter(has_text=STRANGE)).to_be_visible()
    desk.sound()
    desk.opened.go(f"/catalog/{entry(service)}?version=1")
    expect(desk.main).to_contain_text("这是当时发布的第 1 版")
    expect(desk.main).not_to_contain_text(STRANGE)
    desk.sound()


def approver_settles_what_is_suspended(desk: Desk, service: Service) -> None:
    """Nothing of the item leaves any more; the task says so and leads there."""
    suspended = f"^{service.story.facts.grant_no}.*已暂停.*地址"
    for _time in range(50):
        desk.opened.go("/desk")
        if desk.main.get_by_role("link", name=re.compile(suspended)).count():
            break
        desk.page.wait_for_timeout(200)
    desk.main.get_by_role("link", name=re.compile(suspended)).first.click()
    granted = desk.main.get_by_role("row", name=re.compile("^地址"))
    expect(granted).to_contain_text("已停用")
    expect(granted).to_contain_text("该信息项已列入负面清单")
    desk.sound()
    desk.press("继续暂停")
    expect(granted).to_contain_text("已停用")
    desk.opened.go("/desk")
    expect(desk.main.get_by_role("link", name=re.compile(suspended))).to_have_count(0)
    expect(desk.main.get_by_role("link", name=re.compile("协商.*地址")).first).to_be_visible()


def administration_takes_it_down(desk: Desk, service: Service) -> None:
    """With a reason, which is asked for."""
    desk.opened.go(f"/catalog/{entry(service)}")
    desk.follow("撤销目录")
    desk.sound()
    desk.press("撤销目录")
    expect(desk.main.locator(".sq-error-summary")).to_contain_text("原因")
    desk.opened.complaints.clear()  # the browser's own line about the 422 that was asked for
    desk.main.get_by_label(re.compile("^原因")).fill("职责已划转，由新部门重新编目")
    desk.press("撤销目录")
    expect(desk.main).to_contain_text("本目录已于 2026-02-11 撤销")
    desk.sound()


def nobody_finds_it(desk: Desk, service: Service) -> None:
    """It is read as it was, by its address, and applied for no more."""
    desk.opened.go("/catalog?q=中小学校名录")
    expect(desk.main.get_by_role("link", name="中小学校名录", exact=True)).to_have_count(0)
    desk.opened.go(f"/catalog/{entry(service)}")
    expect(desk.main).to_contain_text("职责已划转，由新部门重新编目")
    expect(desk.main.get_by_role("link", name="申请共享")).to_have_count(0)
    desk.sound()


def test_a_connected_table_is_renewed_on_schedule(
    service: Service, cluster: Cluster, open_page: OpenPage
) -> None:
    database = department_database.of_cluster(cluster, "dept_schedule")
    connected(service, database, service.story.codes["education"])
    code = publish_a_daily_table(service)
    desk = Desk(service, open_page, "registrar")
    desk.opened.go(f"/resources/{code}/editions")
    desk.press("开启")
    expect(desk.main).to_contain_text(re.compile(r"下次复制时间\s*2026-02-12 09:00"))
    desk.sound()
    database.do("INSERT INTO school (code, name) VALUES ('0199', '新校')")
    service.goes_on(NEXT_DAY, meanwhile=lambda: begin_a_period(cluster, service))
    desk = Desk(service, open_page, "registrar")
    row = desk.main.get_by_role("row").filter(has_text="第 2 批")
    for _time in range(100):
        desk.opened.go(f"/resources/{code}/editions")
        if row.count() and "现行批次" in row.inner_text():
            break
        desk.page.wait_for_timeout(200)
    expect(row).to_contain_text("现行批次")
    expect(row).to_contain_text("5")
    expect(row).to_contain_text("新增 1 行，减少 0 行，变更 0 行")
    expect(row).to_contain_text("2026-02-12 09:00")
    expect(desk.main).to_contain_text(re.compile(r"下次复制时间\s*2026-02-13 09:00"))
    desk.sound()


def publish_a_daily_table(service: Service) -> str:
    """Through the API: the department's table, copied once and published."""
    people, said = service.people, dict(service.story.script["resource"])
    said |= {"class_code": "307002", "title": "学校基本情况", "format": "database"}
    said |= {"update_cycle": "daily", "items": [{**LIVE_ITEMS[0], "is_key": True}, *LIVE_ITEMS[1:]]}
    registrar, head, admin = (people[who] for who in ("registrar", "head", "data_admin"))
    made = registrar.post("/api/v1/resources", json.loads(json.dumps(said, default=str)))
    code = str(made["code"]).replace("/", "-")
    path = f"/api/v1/resources/{code}"
    table = {"alias": department_database.ALIAS, "schema_name": "public", "table_name": "school"}
    attached = registrar.post(f"{path}/attachments/connections", {**table, "is_live": False})
    registrar.post(f"{path}/attachments/{attached['id']}/snapshots", {}, success=202)
    registrar.wait(f"{path}/attachments/{attached['id']}", "stored")
    registrar.post(f"{path}/submissions", version=registrar.get(path)["version"])
    head.post(f"{path}/consents", {"outcome": "consented"}, version=head.get(path)["version"])
    admin.post(f"{path}/reviews", {"outcome": "published"}, version=admin.get(path)["version"])
    return code


def begin_a_period(cluster: Cluster, service: Service) -> None:
    """What recurs has its turn at once, not only when the present minute is over."""
    name = make_url(service.environment["SHUQIAO_DATABASE_URL"]).database
    with administering(cluster.superuser_url.set(database=name)) as superuser:
        superuser.execute(b"DELETE FROM jobs.procrastinate_periodic_defers")
