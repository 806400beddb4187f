"""``docs/sq.md`` against the real service: every command on it is run, in its order, as it stands;
the head's consent between two of its parts is given in person. The program is called in this
process.
"""

import io
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from fixtures import callers
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from fixtures.written import CSV, entry

from catalog.attachments.repository import attachments_of
from catalog.attachments.tasks import make_snapshot
from catalog.attachments.words import AttachmentStatus
from catalog.demand.schemas import DemandCreate
from catalog.editions.tasks import arrive
from catalog.negative.schemas import EntryCreate
from catalog.resources import repository as resources
from catalog.systems.schemas import SystemCreate
from server.reference.samples import of_body
from shuqiao.db import reading
from shuqiao_client import Profile, cli
from tests.sdk.test_registering import consents, of

CODE = "307001-000001"
EDUCATION = DEPARTMENTS["education"][1]
ITEMS = (
    "name,column_name,data_type,origin.kind\n"
    "学校代码,代码,C,collected\n学校名称,名称,C,\n地址,地址,C,\n经度,经度,B,\n"
)


def parts(page: str) -> dict[str, list[str]]:
    """Heading → the commands below it."""
    found = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return {
        title: re.findall(r"^    (sq .+)$", text, re.MULTILINE)
        for title, text in zip(found[1::2], found[2::2], strict=True)
    }


def store_what_was_confirmed() -> None:
    """What the worker does."""
    with reading() as session:
        resource = resources.by_code(session, CODE)
        assert resource is not None
        files = attachments_of(session, resource.id)
        waiting = [row.id for row in files if row.status is AttachmentStatus.CONFIRMED]
    for each in waiting:
        make_snapshot(str(each))
        arrive(str(each))


def test_the_page_runs(
    live: Callable[[str], tuple[World, Profile]],
    checkout: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = (checkout / "docs" / "sq.md").read_text(encoding="utf-8")
    signing, registering, reviewing, changing, renewing, _errors = parts(page).values()
    world, anybody = live("adopted_element")
    registrar = of(world, anybody.endpoint, "registrar", "catalog:write")
    reviewer = of(world, anybody.endpoint, "data_admin", "catalog:review", "desk:read")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHUQIAO_PROFILE", str(tmp_path / "profile.json"))
    rest = {name: value for name, value in entry().items() if name not in ("class_code", "items")}
    for name, content in (
        ("登记.json", json.dumps(entry(items=[]))),
        ("其余.json", json.dumps(rest)),
        ("系统.json", json.dumps(of_body(SystemCreate))),
        ("清单.json", '{"title": "自治区目录清单", "deadline_on": "2026-03-06"}'),
        (
            "事项.csv",
            f"名称,上级目录代码,责任部门\n学校名录,JY-1,{EDUCATION}\n旧名录,JY-2,{EDUCATION}\n",
        ),
        ("路径.json", '{"matter": "学校设立审批", "table_name": "school"}'),
        ("需求.json", json.dumps(of_body(DemandCreate))),
        ("条目.json", json.dumps(of_body(EntryCreate))),
        ("改动.json", '{"contact": "信息中心"}'),
        ("信息项.csv", ITEMS),
        ("数据元.csv", "数据元名称,定义,数据类型\n学段名称,学段的名称,C\n"),
        ("内容.json", '{"name": "在校生数", "definition": "学年初的人数", "data_type": "I"}'),
    ):
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "学校.csv").write_bytes(CSV)
    stages = "代码,名称\n1,小学\n2,初级中学\n"
    (tmp_path / "学段.csv").write_text(stages, encoding="utf-8")

    def run(command: str, text: str = "") -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        arguments = shlex.split(command.replace("$SHUQIAO", anybody.endpoint))[1:]
        assert cli.run(arguments) == 0, command

    for command in signing:
        run(command, registrar.token)
    assert len(registering) >= 9
    for command in registering:
        if " submit " in command:
            store_what_was_confirmed()
        run(command)
    consents(world, CODE)
    reviewer.save()
    for command in reviewing:
        run(command)
    registrar.save()
    for command in changing:
        run(command)
    for command in renewing:
        if " editions " in command:
            store_what_was_confirmed()
        run(command)
    (python,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(python, "docs/sq.md", "exec"), names)
    names["client"].close()  # type: ignore[attr-defined]
    with callers.client(world, "stranger") as browser:
        assert browser.get(f"/api/v1/catalog/{CODE}").json()["title"] == entry()["title"]
