"""Registering and reviewing by ``sq``: the whole way against the real service, and the manners of
each command. The program is called in this process.
"""

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fixtures import callers
from fixtures.bases import BASIS
from fixtures.worlds import World
from fixtures.written import CSV, entry

from catalog.attachments.tasks import make_snapshot
from catalog.editions.tasks import arrive
from catalog.publication.schemas import Reviewed
from catalog.resources.fields.items import ITEM_FIELDS
from catalog.resources.schemas import ItemRead, ItemWrite, ResourceUpdate
from catalog.systems.schemas import SystemCreate
from server.reference.samples import of_body
from shuqiao.i18n import Message
from shuqiao_client import Client, Profile, cli, errors
from shuqiao_client.cli_input import ITEM_COLUMNS
from shuqiao_client.registering import ITEM_READ_ONLY, READ_ONLY
from tests.sdk.conftest import CODE, TOKEN
from tests.sdk.stand_in import Answer, StandIn, answer, problem

Done = subprocess.CompletedProcess[str]
Live = Callable[[str], tuple[World, Profile]]
FILE_ID = "66666666-6666-7666-8666-666666666666"


@pytest.fixture
def sq(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """``sq(profile, …)`` in that person's name, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def run(profile: Profile, *arguments: str, text: str = "") -> Done:
        path = profile.save(tmp_path / "profile.json")
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        status = cli.run(["--profile", str(path), *arguments])
        seen = capsys.readouterr()
        return Done(arguments, status, seen.out, seen.err)

    return run


def of(world: World, endpoint: str, account: str, *scopes: str) -> Profile:
    """A profile with a token that carries ``scopes``."""
    with callers.client(world, account) as browser:
        sent = {"name": "登记程序", "scopes": list(scopes)}
        made = browser.post("/api/v1/tokens", json=sent, headers=callers.once())
    assert made.status_code == 201, made.text
    return Profile(endpoint, made.json()["token"])


def consents(world: World, code: str) -> None:
    """The department head, in person: no token does this."""
    with callers.client(world, "head") as head:
        copy = head.get(f"/api/v1/resources/{code}/working-copy")
        entry_now = head.get(f"/api/v1/resources/{code}")
        seen = (copy if copy.status_code == 200 else entry_now).headers["etag"]
        head.post(
            f"/api/v1/resources/{code}/consents",
            json={"outcome": "consented"},
            headers={"if-match": seen, **callers.once()},
        ).raise_for_status()


def test_from_registration_to_publication(
    live: Live, sq: Callable[..., Done], tmp_path: Path
) -> None:
    world, anybody = live("adopted_element")
    registrar = of(world, anybody.endpoint, "registrar", "catalog:write")
    reviewer = of(world, anybody.endpoint, "data_admin", "catalog:review")
    reader = of(world, anybody.endpoint, "registrar", "catalog:read")
    complete = entry()
    first = {name: complete[name] for name in ("class_code", "title", "share_type")}
    (tmp_path / "登记.json").write_text(json.dumps(first), encoding="utf-8")

    refused = sq(reader, "resource", "register", "登记.json")
    assert (refused.returncode, refused.stdout) == (5, "")
    assert "catalog:write" in refused.stderr and "新建令牌" in refused.stderr

    made = sq(registrar, "resource", "register", "登记.json", "--title", "学校名录", "--json")
    assert made.returncode == 0, made.stderr
    code = json.loads(made.stdout)["code"].replace("/", "-")
    early = sq(registrar, "resource", "submit", code)
    assert early.returncode == 7
    assert "items: " in early.stderr

    rest = {name: value for name, value in complete.items() if name not in ("class_code", "items")}
    (tmp_path / "其余.json").write_text(json.dumps(rest), encoding="utf-8")
    assert sq(registrar, "resource", "edit", code, "其余.json").returncode == 0
    rows = (
        "信息项名称,数据列名,数据类型,个人信息",
        "学校代码,代码,C,否",
        "学校名称,名称,C,",
        "经度,经度,B,",
    )
    (tmp_path / "信息项.csv").write_bytes("\n".join(rows).encode("gb18030"))
    listed = sq(registrar, "resource", "items", code, "信息项.csv")
    assert listed.stdout.splitlines()[1] == "学校名称\t名称\tC"

    (tmp_path / "学校.csv").write_bytes(CSV)
    found = sq(registrar, "resource", "attach", code, "学校.csv")
    assert "sq resource confirm" in found.stderr
    assert "经度\tfloat" in found.stdout or "经度\tdecimal" in found.stdout
    attachment = found.stdout.split("\t")[0]
    begun = sq(registrar, "resource", "confirm", code, attachment, "--no-wait", "--json")
    assert json.loads(begun.stdout)["status"] == "confirmed", begun.stderr
    make_snapshot(str(UUID(attachment)))  # what the worker does
    assert "stored\t4" in sq(registrar, "resource", "show", code, "--now").stdout

    submitted = sq(registrar, "resource", "submit", code)
    assert "状态\tin_review\n" in submitted.stdout and "轮到\tdepartment_head\n" in submitted.stdout
    assert sq(registrar, "resource", "submit", code).returncode == 6
    assert sq(reviewer, "review", "list").stdout == ""
    consents(world, code)

    [waiting] = json.loads(sq(reviewer, "review", "list", "--json").stdout)
    assert waiting["code"].replace("/", "-") == code
    assert "学校代码\t代码\tC" in sq(reviewer, "review", "show", code).stdout
    stale = sq(reviewer, "review", "publish", code, "--version", str(waiting["version"] - 1))
    assert stale.returncode == 6
    mine = sq(registrar, "review", "publish", code)
    assert mine.returncode == 5 and "catalog:review" in mine.stderr
    done = sq(reviewer, "review", "publish", code, "--version", str(waiting["version"]), "--json")
    assert json.loads(done.stdout)["status"] == "published", done.stderr
    assert sq(anybody, "resource", "show", code).stdout.startswith(f"资源代码\t{code[:6]}/")
    own = sq(registrar, "resource", "list", "--mine", "--json")
    assert [each["code"] for each in json.loads(own.stdout)] == [code.replace("-", "/")]


@pytest.mark.slow
def test_a_returned_entry_is_corrected_and_elements_are_read(
    live: Live, sq: Callable[..., Done]
) -> None:
    world, anybody = live("consented_resource")
    registrar = of(world, anybody.endpoint, "registrar", "catalog:write")
    reviewer = of(world, anybody.endpoint, "data_admin", "catalog:review")
    code = world.resource_code
    assert sq(reviewer, "review", "return", code).returncode == 2  # a remark is needed
    back = sq(reviewer, "review", "return", code, "--remark", "请补充摘要")
    assert "状态\treturned\n" in back.stdout, back.stderr
    with Client(registrar) as client:
        handle = client.resources.get(code)
        before, written = handle.metadata.raw, handle.written()["items"]
    mended = sq(registrar, "resource", "edit", code, "-", "--json", text='{"abstract": "学校"}')
    after = json.loads(mended.stdout)
    changed = {name for name, value in after.items() if before.get(name, value) != value}
    assert changed - {"version", "updated_at", "items"} == {"abstract"}
    assert after["items"] == before["items"]
    heads, element = "信息项名称,来源方式,加工来源,加工方法", world.element_identifier
    table = f"{heads}\n学校代码,processed,{element},重编\n"
    told = json.loads(sq(registrar, "resource", "items", code, "-", "--json", text=table).stdout)
    made = {"kind": "processed", "lineage": [element], "method": "重编"}
    assert made.items() <= told["items"][0]["origin"].items()
    assert told["items"][0]["element"] == after["items"][0]["element"]
    collected = "信息项名称,来源方式\n学校代码,collected\n"
    assert sq(registrar, "resource", "items", code, "-", text=collected).returncode == 0
    table = "信息项名称,数据列名\n学校代码,编号\n"
    [item] = json.loads(sq(registrar, "resource", "items", code, "-", "--json", text=table).stdout)[
        "items"
    ]
    first = after["items"][0]
    assert item == {**first, "column_name": "编号"} and first["element"]
    for each in written:  # three of these items are gone: as new ones they have no identity yet
        del each["id"]
    back_again = json.dumps({"items": written})
    assert sq(registrar, "resource", "edit", code, "-", text=back_again).returncode == 0
    wrong = sq(registrar, "resource", "edit", code, "-", text='{"share_type": "geheim"}')
    assert wrong.returncode == 7 and "share_type: " in wrong.stderr
    assert sq(registrar, "resource", "submit", code).returncode == 0
    listed = sq(registrar, "element", "list", "学校").stdout
    assert listed.startswith(f"{world.element_identifier}\t学校代码\t")
    assert sq(registrar, "element", "list", "没有这个").stdout == ""
    shown = sq(registrar, "element", "show", world.element_identifier.lower())
    assert "定义\t学校的唯一标识代码" in shown.stdout
    [line] = sq(registrar, "department", "list", "教育").stdout.splitlines()
    assert line.startswith("11150000009900021B\t内蒙古自治区教育厅\t")
    asked = sq(registrar, "department", "show", "11150000009900021b").stdout
    assert "统一社会信用代码\t11150000009900021B" in asked
    system = json.dumps(of_body(SystemCreate))
    made = sq(registrar, "system", "register", "-", text=system)
    assert "登记号\tIS-2026-000001" in made.stdout
    renamed = sq(registrar, "system", "edit", "is-2026-000001", "-", text='{"name": "学籍系统"}')
    assert "名称\t学籍系统" in renamed.stdout and "受托方\t某某信息技术" in renamed.stdout
    moved = sq(registrar, "system", "move", "IS-2026-000001", "stopping", "--on", "2026-02-10")
    assert "状态\tstopping" in moved.stdout
    [line] = sq(registrar, "system", "list", "学籍", "--status", "stopping").stdout.splitlines()
    assert line.startswith("IS-2026-000001\t学籍系统\tstopping\t")
    assert "\t0\t1\t学籍系统" in sq(registrar, "system", "coverage").stdout
    assert sq(registrar, "system", "confirm", "IS-2026-000001").returncode == 6, "no census yet"
    admin = of(world, anybody.endpoint, "data_admin", "catalog:review")
    with Client(admin) as client:
        client.systems._connection.post("/systems/census", {"year": 2026})
    said = sq(registrar, "system", "confirm", "IS-2026-000001")
    assert "结果\tconfirmed" in said.stdout
    assert "已填报部门\t1" in sq(registrar, "system", "report", "2026").stdout
    assert sq(registrar, "system", "census").stdout.startswith("2026\topen\t")


@pytest.mark.slow
def test_a_published_entry_is_changed_in_a_working_copy(
    live: Live, sq: Callable[..., Done]
) -> None:
    world, anybody = live("published_resource")
    registrar = of(world, anybody.endpoint, "registrar", "catalog:write")
    reviewer = of(world, anybody.endpoint, "data_admin", "catalog:review")
    code = world.resource_code
    assert sq(registrar, "resource", "edit", code, "-", text="{}").returncode == 6  # published
    assert "状态\tdraft\n" in sq(registrar, "resource", "change", code).stdout
    assert sq(registrar, "resource", "change", code).returncode == 6
    changed = sq(registrar, "resource", "edit", code, "-", "--json", text='{"title": "学校新名录"}')
    assert json.loads(changed.stdout)["title"] == "学校新名录", changed.stderr
    assert sq(registrar, "resource", "submit", code).returncode == 0
    assert "状态\tdraft\n" in sq(registrar, "resource", "recall", code).stdout
    assert sq(registrar, "resource", "drop", code).returncode == 2
    gone = sq(registrar, "resource", "drop", code, "--yes", "--json")
    assert json.loads(gone.stdout)["is_published"] is True, gone.stderr
    assert "学校新名录" not in sq(registrar, "resource", "show", code, "--now").stdout

    sq(registrar, "resource", "change", code)
    sq(registrar, "resource", "edit", code, "-", text='{"title": "学校新名录"}')
    assert sq(registrar, "resource", "submit", code).returncode == 0
    consents(world, code)
    [waiting] = json.loads(sq(reviewer, "review", "list", "--json").stdout)
    assert (waiting["title"], waiting["published_version"]) == ("学校新名录", 1)
    done = sq(reviewer, "review", "publish", code, "--json")
    assert json.loads(done.stdout)["published_version"] == 2, done.stderr
    assert "学校新名录" in sq(anybody, "resource", "show", code).stdout


def renewed(sq: Callable[..., Done], registrar: Profile, code: str, file: str) -> str:
    """New rows of an entry, uploaded, confirmed and stored: what the worker does is done here."""
    begun = sq(registrar, "resource", "attach", code, file, "--confirm", "--no-wait", "--json")
    attachment: str = json.loads(begun.stdout)["id"]
    make_snapshot(attachment)
    arrive(attachment)
    return attachment


@pytest.mark.slow
def test_new_rows_of_a_published_entry_reach_those_who_follow_until_it_is_taken_down(
    live: Live, sq: Callable[..., Done], tmp_path: Path
) -> None:
    world, consumer = live("active_grant")
    registrar = of(world, consumer.endpoint, "registrar", "catalog:write")
    reviewer = of(world, consumer.endpoint, "data_admin", "catalog:review")
    code, grant_no = world.resource_code, world.grant_no

    def fetched(*arguments: str) -> Done:
        return sq(consumer, "resource", "get", grant_no, "-o", "学校.parquet", *arguments)

    def table(who: Profile) -> list[list[str]]:
        found = sq(who, "resource", "editions", code)
        return [line.split("\t") for line in found.stdout.splitlines()]

    assert json.loads(fetched("--json").stdout)["edition_no"] == 1
    (tmp_path / "新.csv").write_bytes(CSV + "0105,五中,杭州市,120.4\n0106,六中,杭州市,\n".encode())
    renewed(sq, registrar, code, "新.csv")
    new, old = table(registrar)
    assert new[:7] == ["2", "current", "6", "2", "0", "0", "0"] and new[7].startswith("2026-")
    assert old[:3] == ["1", "kept", "4"]
    assert table(consumer)[0][:7] == ["2", "current", "6", "", "", "", ""], "counts are its own"
    report = json.loads(sq(registrar, "resource", "edition", code, "2", "--json").stdout)["report"]
    assert (report["compared_with"], report["added"], report["removed"]) == (1, 2, 0)
    assert "新增行数\t2\n" in sq(registrar, "resource", "edition", code, "2").stdout
    facts = json.loads(fetched("--json").stdout)
    assert (facts["edition_no"], facts["rows"]) == (2, 6)
    shown = sq(consumer, "grant", "show", grant_no).stdout
    assert "跟随更新\t是\n数据更新批次\t2\n" in shown
    with Client(consumer) as client:
        delivery = client.deliveries.get(facts["delivery_no"])
        assert delivery.edition_no == 2 and delivery.snapshot_id

    law = ["--on", "2026-02-10", "--kind", "law", "--basis", "《测绘法》第四十七条"]
    assert "目录更新编号\tCE-2026-" in sq(registrar, "resource", "change-event", code, *law).stdout
    assert sq(registrar, "resource", "change", code).returncode == 0
    with Client(registrar) as client:
        items = client.resources.get(code).written()["items"]
    items[3] |= {"share_type": "withheld", "withholding": dict(BASIS)}
    edited = sq(registrar, "resource", "edit", code, "-", text=json.dumps({"items": items}))
    assert edited.returncode == 0, edited.stderr
    renewed(sq, registrar, code, "新.csv")
    assert len(table(registrar)) == 2, "what is attached to a working copy waits for its review"
    assert sq(registrar, "resource", "submit", code).returncode == 0
    consents(world, code)
    done = sq(reviewer, "review", "publish", code)
    assert done.returncode == 0, done.stdout
    assert table(registrar)[0][:3] == ["3", "current", "6"]
    row = sq(consumer, "grant", "show", grant_no).stdout.splitlines()[-1].split("\t")
    assert row[0] == "经度" and row[2]
    assert "数据更新批次\t3\n" in fetched().stdout
    assert fetched("--columns", "经度").returncode == 6

    sq(registrar, "resource", "change", code)
    sq(registrar, "resource", "edit", code, "-", text='{"title": "学校新名录"}')
    sq(registrar, "resource", "attach", code, "新.csv")
    down = ["resource", "takedown", code, "--reason", "职责已划转"]
    mine = sq(registrar, *down)
    assert mine.returncode == 5 and "catalog:review" in mine.stderr
    assert "状态\ttaken_down\n" in sq(reviewer, *down).stdout
    assert sq(reviewer, *down).returncode == 6
    assert sq(consumer, "catalog", "search", "学校").stdout == ""
    assert fetched().returncode == 0, "grants are told, not ended"


@pytest.mark.slow
def test_a_held_edition_is_checked_again_or_dropped(live: Live, sq: Callable[..., Done]) -> None:
    world, anybody = live("held_edition")
    registrar = of(world, anybody.endpoint, "registrar", "catalog:write")
    held = [world.resource_code, "2"]
    shown = sq(registrar, "resource", "edition", *held).stdout
    assert "状态\theld\n" in shown and "超出范围声明行数\t4\n" in shown
    assert sq(anybody, "resource", "edition", *held).returncode == 3
    assert "状态\tarriving\n" in sq(registrar, "resource", "check", *held).stdout
    assert sq(registrar, "resource", "drop-edition", *held).returncode == 6
    arrive(str(world.attachment_id))
    assert "状态\tremoved\n" in sq(registrar, "resource", "drop-edition", *held).stdout
    assert sq(registrar, "resource", "check", *held).returncode == 6


@pytest.mark.slow
def test_the_renewal_of_a_connected_table_is_switched(live: Live, sq: Callable[..., Done]) -> None:
    world, anybody = live("copied_table")
    registrar = of(world, anybody.endpoint, "registrar", "catalog:write")
    refresh = ["resource", "refresh", world.resource_code]
    assert "定期更新\t否\n下次复制时间\t\n" in sq(registrar, *refresh).stdout
    assert "下次复制时间\t2027-" in sq(registrar, *refresh, "--on").stdout
    assert "定期更新\t是\n" in sq(registrar, *refresh).stdout
    assert "定期更新\t否\n" in sq(registrar, *refresh, "--off").stdout
    assert sq(anybody, *refresh).returncode == 5


@pytest.fixture
def profile(service: StandIn) -> Profile:
    return Profile(service.origin, TOKEN)


def attached(status: str, **members: Any) -> Answer:
    found = {"id": FILE_ID, "file_name": "学校.csv", "bytes": 9, "status": status, "kind": "csv"}
    column = {"name": "代码", "proposed_type": "string", "null_count": 0}
    return answer({**found, "row_count": 4, "columns": [column], **members})


NOW = {
    "code": CODE,
    "title": "学校",
    "provider": "教育厅",
    "share_type": "conditional",
    "status": "draft",
    "review_step": None,
    "version": 3,
    "published_version": 0,
    "updated_at": "2026-02-11T09:00:00+08:00",
    "items": [],
}


def test_attaching_waits_until_the_data_is_stored_and_says_why_it_is_not(
    service: StandIn, profile: Profile, sq: Callable[..., Done], tmp_path: Path
) -> None:
    (tmp_path / "学校.csv").write_bytes(CSV)
    path = f"/resources/{CODE}/attachments"
    service.on("POST", path, problem(503, "unavailable"), attached("previewed"))
    service.on("POST", f"{path}/{FILE_ID}/snapshots", attached("confirmed"))
    service.on("GET", f"{path}/{FILE_ID}", attached("confirmed"), attached("stored", rows=4))
    types = ["--type", "代码=string", "--confirm", "--json"]
    done = sq(profile, "resource", "attach", CODE, "学校.csv", *types)
    assert json.loads(done.stdout)["rows"] == 4, done.stderr
    first, second = service.requests(path)
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert CSV in first.body and CSV in second.body
    [sent] = service.requests(f"{path}/{FILE_ID}/snapshots")
    assert json.loads(sent.body) == {"types": {"代码": "string"}}

    service.on("GET", f"{path}/{FILE_ID}", attached("refused", refusal="第 3 行不是数字"))
    refused = sq(profile, "resource", "confirm", CODE, FILE_ID)
    assert (refused.returncode, refused.stdout) == (7, "")
    assert "第 3 行不是数字" in refused.stderr


def test_an_encoding_that_is_not_certain_is_asked_for(
    service: StandIn, profile: Profile, sq: Callable[..., Done], tmp_path: Path
) -> None:
    (tmp_path / "学校.csv").write_bytes(CSV)
    path = f"/resources/{CODE}/attachments"
    readings = [{"encoding": name, "names": ["㎡"], "values": []} for name in ("gb18030", "big5")]
    service.on("POST", path, attached("previewed", readings=readings, warnings=["第 2 行为空"]))
    seen = sq(profile, "resource", "attach", CODE, "学校.csv")
    assert seen.returncode == 0
    assert "--encoding" in seen.stderr and "  big5: ㎡" in seen.stderr
    assert "第 2 行为空" in seen.stderr
    assert not service.requests(f"{path}/{FILE_ID}/snapshots")


def test_a_change_goes_over_the_version_that_was_read_and_is_not_sent_twice(
    service: StandIn, profile: Profile, sq: Callable[..., Done]
) -> None:
    service.on("GET", f"/resources/{CODE}", answer(NOW))
    service.on("PUT", f"/resources/{CODE}", Answer(200, [b"{"], {}, is_cut=True))
    lost = sq(profile, "resource", "edit", CODE, "-", text='{"title": "学校名录"}')
    assert lost.returncode == 1
    [sent] = [seen for seen in service.requests(f"/resources/{CODE}") if seen.method == "PUT"]
    assert sent.headers["if-match"] == '"v3"'
    assert json.loads(sent.body) == {"title": "学校名录", "share_type": "conditional", "items": []}
    service.on("PUT", f"/resources/{CODE}", problem(412, "changed_meanwhile"))
    assert sq(profile, "resource", "edit", CODE, "-", text="{}").returncode == 6


def test_wrong_input_is_refused_before_anything_is_sent(
    service: StandIn, profile: Profile, sq: Callable[..., Done]
) -> None:
    for arguments, text in (
        (["resource", "register"], ""),
        (["resource", "register", "-"], "[1]"),
        (["resource", "edit", CODE, "-"], "{"),
        (["resource", "items", CODE, "-"], "信息项名称,备注二\n甲,乙\n"),
        (["resource", "items", CODE, "-"], "数据列名\n甲\n"),
        (["resource", "confirm", CODE, FILE_ID, "--type", "整数"], ""),
        (["review", "return", CODE], ""),
        (["resource", "takedown", CODE], ""),
        (["resource", "edition", CODE, "0"], ""),
        (["resource", "change-event", CODE, "--on", "2026-02-10", "--kind", "law"], ""),
    ):
        assert sq(profile, *arguments, text=text).returncode == 2, arguments
    assert service.seen == []


def test_what_takes_too_long_is_left_and_named(service: StandIn, profile: Profile) -> None:
    service.on("GET", f"/resources/{CODE}/attachments/{FILE_ID}", attached("confirmed"))
    with Client(profile) as client, pytest.raises(errors.ShuqiaoError) as late:
        client.resources.get(CODE).attachment(FILE_ID).wait(0)
    assert late.value.code == "still_storing"


def test_the_client_knows_what_is_written_and_what_is_only_read() -> None:
    """What it did not know it would send back, and the service would refuse it: nothing is lost."""
    assert set(Reviewed.model_fields) - set(ResourceUpdate.model_fields) == READ_ONLY
    assert set(ItemRead.model_fields) - set(ItemWrite.model_fields) == ITEM_READ_ONLY


def test_the_head_of_a_table_of_items_is_that_of_the_pages() -> None:
    def chinese(label: Message) -> str:
        return label.render("zh_CN")

    named = {each.name: chinese(each.label) for each in ITEM_FIELDS if not each.parts}
    origin = next(each.parts for each in ITEM_FIELDS if each.name == "origin")
    named |= {f"origin.{part}": chinese(label) for part, label in origin.items()}
    assert named == ITEM_COLUMNS


@pytest.mark.slow
def test_fields_are_checked_before_collecting_and_repeated_forms_reported(
    live: Live, sq: Callable[..., Done], tmp_path: Path
) -> None:
    _world, applicant = live("grass_roots")
    (tmp_path / "表.csv").write_text("户主姓名,家庭人口\n张,3\n", encoding="utf-8")
    told = ["--title", "低保家庭登记表"]
    made = sq(applicant, "collection", "check", "--file", "表.csv", *told)
    assert made.returncode == 0, made.stderr
    assert "1\t户主姓名\t可采集" in made.stdout
    assert sq(applicant, "collection", "check", *told).returncode == 2
    assert "CK-2026-000001\t低保家庭登记表" in sq(applicant, "collection", "list").stdout
    done = sq(applicant, "collection", "conclude", "ck-2026-000001", "--json")
    assert json.loads(done.stdout)["status"] == "concluded"
    again = sq(applicant, "collection", "correct", "CK-2026-000001", "1")
    assert again.returncode == 6
    said = ["--asked-by", "市民政局", "--form", "季度报表"]
    assert sq(applicant, "collection", "report", "户主姓名", *said).returncode == 0
    assert "RF-2026-000001\t季度报表" in sq(applicant, "collection", "reports").stdout
    assert "状态\treported" in sq(applicant, "collection", "show-report", "RF-2026-000001").stdout


@pytest.mark.slow
def test_how_data_keeps_to_its_standards_is_shown(live: Live, sq: Callable[..., Done]) -> None:
    world, anybody = live("checked_edition")
    registrar = of(world, anybody.endpoint, "registrar", "catalog:write")
    code = world.resource_code
    shown = sq(registrar, "resource", "conformity", code, "1")
    assert "学校代码\t4\t4\t字符数超出标准规定" in shown.stdout
    values = sq(registrar, "resource", "conformity", code, "1", "--values")
    assert values.stdout.splitlines()[0] == "1\t学校代码\t0101\t字符数超出标准规定"
    assert sq(anybody, "resource", "conformity", code, "1", "--values").returncode == 5
