"""The second resource of the story: a table in another department's own
database, tested, registered, fetched live.
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from server.demo.actors import Actor, StoryFailed
from server.demo.department import divisions
from server.demo.fetching import fetch
from server.demo.story import Story

FILE: Final = "second.toml"


def script(samples: Path) -> dict[str, Any]:
    """What is entered."""
    return tomllib.loads((samples / FILE).read_text(encoding="utf-8"))


class LiveStory:
    """Played inside the first story, by two people of the providing
    department and its consumers.
    """

    def __init__(self, story: Story, people: Mapping[str, Actor]) -> None:
        self._story, self._people = story, people
        self._script = script(story.samples)
        self._code = self._request_no = self._grant_no = ""
        self._items: dict[str, str] = {}

    def play(self) -> None:
        for part in ("civil_registrar", "civil_head"):
            self._people[part].sign_in()
        for step in (self.register, self.attach, self.publish, self.apply, self.reply, self.fetch):
            step()

    def register(self) -> None:
        registrar, alias = self._people["civil_registrar"], self._script["connection"]["alias"]
        body = json.loads(json.dumps(self._script["resource"], default=str))
        self._code = registrar.post("/api/v1/resources", body)["code"].replace("/", "-")
        tested = registrar.post(f"/api/v1/connections/{alias}/tests")
        if not tested["is_ok"]:
            raise StoryFailed(f"connection {alias}: {tested['sentence']} {tested['fix']}")
        self._tell(
            "登记第二项资源，测试本部门数据库连接",
            registrar,
            f"/resources/{self._code}/edit/connection",
            note=tested["sentence"],
        )

    def attach(self) -> None:
        registrar, wanted = self._people["civil_registrar"], self._script["connection"]
        path = f"/api/v1/resources/{self._code}/attachments"
        made = registrar.post(
            f"{path}/connections",
            {
                "alias": wanted["alias"],
                "schema_name": "public",
                "table_name": wanted["table"],
                "is_live": True,
            },
        )
        confirmed = registrar.post(f"{path}/{made['id']}/snapshots", {}, success=202)
        if confirmed["status"] != "stored" or confirmed["snapshot_id"] is not None:
            raise StoryFailed(
                f"a live table is {confirmed['status']}, snapshot {confirmed['snapshot_id']}"
            )
        note = f"{wanted['table']}，{made['row_count']} 行，实时提供，本平台不存储"
        self._tell("挂接数据库表", registrar, f"/catalog/{self._code}", note=note)

    def publish(self) -> None:
        registrar, head = self._people["civil_registrar"], self._people["civil_head"]
        admin, path = self._people["data_admin"], f"/api/v1/resources/{self._code}"
        registrar.post(f"{path}/submissions", version=registrar.get(path)["version"])
        head.post(f"{path}/consents", {"outcome": "consented"}, version=head.get(path)["version"])
        made = admin.post(
            f"{path}/reviews", {"outcome": "published"}, version=admin.get(path)["version"]
        )
        self._items = {item["name"]: item["id"] for item in made["items"]}
        self._tell("提交、同意、审核并发布", admin, f"/catalog/{self._code}")

    def apply(self) -> None:
        applicant, head, wanted = (
            self._people["applicant"],
            self._people["consumer_head"],
            self._script["request"],
        )
        body = json.loads(
            json.dumps(
                {name: value for name, value in wanted.items() if name != "items"}, default=str
            )
        )
        body |= {
            "resource_code": self._code,
            "item_ids": [self._items[name] for name in wanted["items"]],
        }
        made = applicant.post("/api/v1/requests", body)
        self._request_no = made["request_no"]
        path = f"/api/v1/requests/{self._request_no}"
        applicant.post(f"{path}/submissions", version=made["version"])
        head.post(f"{path}/consents", {"outcome": "consented"}, version=head.get(path)["version"])
        self._tell(f"申请 {self._request_no}，本部门同意", head, f"/requests/{self._request_no}")

    def reply(self) -> None:
        approver, head, said = (
            self._people["civil_registrar"],
            self._people["civil_head"],
            self._script["reply"],
        )
        path = f"/api/v1/requests/{self._request_no}"
        items = [
            {"item_id": self._items[name], "outcome": "granted"}
            for name in self._script["request"]["items"]
        ]
        rows = {"item": self._items["级别"], "op": "eq", "value": said["level"]}
        body = {"items": items, "row_filter": rows, "remark": said["remark"]}
        approver.post(f"{path}/decisions", body, version=approver.get(path)["version"])
        made = head.post(
            f"{path}/releases", {"outcome": "released"}, version=head.get(path)["version"]
        )
        self._grant_no = made["grant_no"]
        self._people["applicant"].wait(f"/api/v1/grants/{self._grant_no}", "active")
        self._tell(
            f"答复并签发，试运行通过，共享授权 {self._grant_no} 生效",
            head,
            f"/grants/{self._grant_no}",
        )

    def fetch(self) -> None:
        applicant = self._people["applicant"]
        fetched = fetch(applicant.origin, self._story.facts.token, self._grant_no)
        file = self._story.samples / self._script["connection"]["file"]
        expected = sum(row["级别"] == self._script["reply"]["level"] for row in divisions(file))
        if (fetched.rows, fetched.columns) != (expected, self._script["request"]["items"]):
            raise StoryFailed(
                f"fetched {fetched.rows} live rows of {fetched.columns}, {expected} expected"
            )
        if not fetched.is_same_everywhere:
            raise StoryFailed("polars, pandas and DuckDB do not see the same live rows")
        self._story.note_fetched(fetched)
        note = f"{fetched.rows} 行，取自民政厅数据库当前数据；回执相符"
        self._tell("用 SDK 实时取数", applicant, f"/grants/{self._grant_no}", note=note)

    def _tell(self, what: str, actor: Actor, page: str, *, note: str = "") -> None:
        self._story.tell(what, actor, page, note=note)
