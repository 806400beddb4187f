"""The story, step by step, over HTTP: standard → resource → request →
reply → data → revocation → look back.
"""

import csv
import json
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.demo.actors import Actor, Ledger, StoryFailed
from server.demo.fetching import Fetched, fetch

Say = Callable[[str, str, str, str], None]
_TRIES_SECONDS = 0.1


@dataclass(slots=True)
class Facts:
    """What the story came to know; numbers for the closing line, addresses for a reader."""

    resource_code: str = ""
    attachment_id: str = ""
    item_ids: dict[str, str] = field(default_factory=dict)
    request_no: str = ""
    grant_no: str = ""
    token: str = ""
    due_on: str = ""
    steps: int = 0
    rows: int = 0
    bytes: int = 0
    export: Path | None = None
    audit_events: int = 0


class Story:
    """Plays with eight people. ``say(step, who, page, note)`` tells a reader what happened."""

    def __init__(
        self, people: Mapping[str, Actor], samples: Path, workplace: Path, ledger: Ledger, say: Say
    ) -> None:
        self.people, self.samples, self.workplace, self.ledger = people, samples, workplace, ledger
        self._say, self.facts = say, Facts()
        self.script = tomllib.loads((samples / "story.toml").read_text(encoding="utf-8"))
        departments = tomllib.loads((samples / "departments.toml").read_text(encoding="utf-8"))[
            "department"
        ]
        self.codes = {entry["key"]: entry["code"] for entry in departments}

    def play(self, *, meanwhile: Callable[[], None] = lambda: None) -> Facts:
        """Every step in order; ``meanwhile`` is played before the
        reviewer looks back at all of it.
        """
        for actor in self.people.values():
            actor.sign_in()
        for step in (
            self.adopt_elements,
            self.register,
            self.attach,
            self.submit,
            self.consent_to_entry,
            self.publish,
            self.search,
            self.apply,
            self.consent_to_request,
            self.reply,
            self.release,
            self.fetch,
            self.ask_too_much,
            self.revoke,
            self.fetch_again,
            meanwhile,
            self.look_back,
        ):
            step()
        return self.facts

    # 1. the standard ------------------------------------------------------------------------------

    def adopt_elements(self) -> None:
        admin = self.people["data_admin"]
        for entry in self.script["element"]:
            body = {name: value for name, value in entry.items() if name != "domain"}
            body["source_department"] = self.codes[entry["source_department"]]
            if "domain" in entry:
                body["value_domain"] = self._domain(entry["domain"])
            made = admin.post("/api/v1/elements", body)
            self.tell(f"采用数据元 {made['identifier']} {made['name']}", admin, "/catalog")

    def _domain(self, given: Mapping[str, str]) -> dict[str, Any]:
        with (self.samples / given["file"]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        entries = [
            {"code": row[given["code_column"]], "label": row[given["label_column"]]} for row in rows
        ]
        return {
            "name": given["name"],
            "edition": given["edition"],
            "source": given["source"],
            "entries": entries,
        }

    # 2. the resource ------------------------------------------------------------------------------

    def register(self) -> None:
        registrar = self.people["registrar"]
        body = json.loads(json.dumps(self.script["resource"], default=str))
        made = registrar.post("/api/v1/resources", body)
        self.facts.resource_code = made["code"].replace("/", "-")
        self.tell(
            f"登记数据资源 {made['code']} {made['title']}",
            registrar,
            f"/catalog/{self.facts.resource_code}",
        )

    def attach(self) -> None:
        registrar, code = self.people["registrar"], self.facts.resource_code
        file = self.samples / self.script["attachment"]["file"]
        made = registrar.post(
            f"/api/v1/resources/{code}/attachments",
            files={"file": ("中小学校名录.csv", file.read_bytes(), "text/csv")},
        )
        self.facts.attachment_id = made["id"]
        note = (
            f"{made['reading_options'].get('encoding', '')} · {made['row_count']} 行 · "
            f"{len(made['columns'])} 列"
        )
        self.tell("挂接数据文件并预览", registrar, f"/catalog/{code}", note=note)
        path = f"/api/v1/resources/{code}/attachments/{made['id']}"
        registrar.post(f"{path}/snapshots", {}, success=202)
        stored = registrar.wait(path, "stored")
        if stored["rows"] != self.script["attachment"]["rows"]:
            raise StoryFailed(
                f"{stored['rows']} rows stored, {self.script['attachment']['rows']} expected"
            )
        self.tell(
            "数据存为快照",
            registrar,
            f"/catalog/{code}",
            note=f"{stored['rows']} 行 · {stored['snapshot_id']}",
        )

    def submit(self) -> None:
        registrar, code = self.people["registrar"], self.facts.resource_code
        registrar.post(f"/api/v1/resources/{code}/submissions", version=self._version(registrar))
        self.tell("提交审核", registrar, f"/catalog/{code}")

    # 3. consent, publication, search --------------------------------------------------------------

    def consent_to_entry(self) -> None:
        head, code = self.people["head"], self.facts.resource_code
        head.post(
            f"/api/v1/resources/{code}/consents",
            {"outcome": "consented"},
            version=self._version(head),
        )
        self.tell("部门负责人同意目录（第十三条）", head, f"/catalog/{code}")

    def publish(self) -> None:
        admin, code = self.people["data_admin"], self.facts.resource_code
        version = self._version(admin)
        made = admin.post(
            f"/api/v1/resources/{code}/reviews", {"outcome": "published"}, version=version
        )
        self.facts.item_ids = {item["name"]: item["id"] for item in made["items"]}
        self.tell(f"审核并发布第 {made['published_version']} 版", admin, f"/catalog/{code}")

    def _version(self, actor: Actor) -> int:
        """The version of the resource that ``actor`` sees."""
        return int(actor.get(f"/api/v1/resources/{self.facts.resource_code}")["version"])

    def search(self) -> None:
        applicant = self.people["applicant"]
        for words in (self.script["search"]["by_title"], self.script["search"]["by_item"]):
            found = applicant.get("/api/v1/catalog", q=words)
            if self.facts.resource_code not in [
                hit["code"].replace("/", "-") for hit in found["items"]
            ]:
                raise StoryFailed(f"a search for {words} does not find the resource")
            self.tell(
                f"检索“{words}”，共 {found['total']} 条", applicant, f"/catalog?q={words}", event=""
            )

    # 4. the request -------------------------------------------------------------------------------

    def apply(self) -> None:
        applicant, wanted = self.people["applicant"], self.script["request"]
        body = json.loads(
            json.dumps(
                {name: value for name, value in wanted.items() if name != "items"}, default=str
            )
        )
        body |= {
            "resource_code": self.facts.resource_code,
            "item_ids": [self.facts.item_ids[name] for name in wanted["items"]],
        }
        made = applicant.post("/api/v1/requests", body)
        self.facts.request_no = made["request_no"]
        self.tell(f"起草共享申请 {made['request_no']}", applicant, self._request_page())
        applicant.post(
            f"/api/v1/requests/{made['request_no']}/submissions", version=made["version"]
        )
        self.tell("提请本部门共享工作机构负责人同意", applicant, self._request_page())

    def consent_to_request(self) -> None:
        head = self.people["consumer_head"]
        path = f"/api/v1/requests/{self.facts.request_no}"
        made = head.post(
            f"{path}/consents", {"outcome": "consented"}, version=head.get(path)["version"]
        )
        clock = next(clock for clock in made["clocks"] if clock["kind"] == "reply")
        self.facts.due_on = clock["due_on"] or ""
        note = (
            f"{clock['limit_days']} 个工作日，答复期限 {self.facts.due_on}，条例第 "
            f"{clock['article']} "
            "条"
        )
        self.tell("同意申请，到达统一受理，开始计时", head, self._request_page(), note=note)
        if self.facts.due_on != str(self.script["clock"]["reply_due_on"]):
            raise StoryFailed(
                f"due on {self.facts.due_on}, not {self.script['clock']['reply_due_on']}"
            )

    # 5. the reply ---------------------------------------------------------------------------------

    def reply(self) -> None:
        approver, said = self.people["approver"], self.script["reply"]
        path = f"/api/v1/requests/{self.facts.request_no}"
        ids = self.facts.item_ids
        items = [
            {"item_id": ids[name], "outcome": "granted", "mask": said["masks"].get(name)}
            for name in said["granted"]
        ] + [
            {
                "item_id": ids[no["item"]],
                "outcome": "refused",
                "reason": no["reason"],
                "remark": no["remark"],
            }
            for no in said["refused"]
        ]
        rows = {**said["row_filter"], "item": ids[said["row_filter"]["item"]]}
        body = {"items": items, "row_filter": rows, "remark": said["remark"]}
        approver.post(f"{path}/decisions", body, version=approver.get(path)["version"])
        self.tell(
            "拟定答复：部分信息项、行过滤、脱敏", approver, f"{self._request_page()}/decision"
        )

    def release(self) -> None:
        head = self.people["provider_head"]
        path = f"/api/v1/requests/{self.facts.request_no}"
        made = head.post(
            f"{path}/releases", {"outcome": "released"}, version=head.get(path)["version"]
        )
        self.facts.grant_no = made["grant_no"]
        self.tell(
            f"签发答复：{made['status_label']}，生成授权 {made['grant_no']}",
            head,
            self._request_page(),
        )
        applicant = self.people["applicant"]
        applicant.wait(f"/api/v1/grants/{self.facts.grant_no}", "active")
        self.tell(
            "试运行通过，授权生效",
            applicant,
            f"/grants/{self.facts.grant_no}",
            event="",
            who="后台任务",
        )

    # 6. the data ----------------------------------------------------------------------------------

    def fetch(self) -> None:
        applicant, said = self.people["applicant"], self.script["reply"]
        self.facts.token = applicant.post("/api/v1/tokens", {"name": "演示取数", "days": 7})[
            "token"
        ]
        self.tell("签发服务令牌", applicant, "/")
        fetched = self._fetch()
        if fetched.columns != said["granted"] or fetched.rows != said["rows"]:
            raise StoryFailed(f"fetched {fetched.rows} rows of {fetched.columns}")
        if not fetched.is_same_everywhere:
            raise StoryFailed("polars, pandas and DuckDB do not see the same rows")
        self.facts.rows, self.facts.bytes = fetched.rows, fetched.bytes
        size = f"{fetched.rows} 行 × {len(fetched.columns)} 列，{fetched.bytes} 字节"
        note = f"{size}；polars、pandas、DuckDB 一致；回执相符"
        self.note_fetched(fetched)
        self.tell("用 SDK 取数", applicant, f"/grants/{self.facts.grant_no}", note=note)

    def ask_too_much(self) -> None:
        refused = self._fetch(columns=["纬度"])
        if refused.status != 403 or refused.code != "column_not_granted":
            raise StoryFailed(f"asking for 纬度 was answered {refused.status} {refused.code}")
        self._refused("索取未授权的“纬度”被拒绝", refused)

    def revoke(self) -> None:
        head, path = self.people["provider_head"], f"/api/v1/grants/{self.facts.grant_no}"
        head.post(
            f"{path}/revocations",
            {"reason": "演示：使用目的已经实现"},
            version=head.get(path)["version"],
        )
        self.tell("收回授权", head, f"/grants/{self.facts.grant_no}")

    def fetch_again(self) -> None:
        refused = self._fetch()
        if refused.status != 403 or refused.code != "grant_not_live":
            raise StoryFailed(
                f"fetching after the revocation was answered {refused.status} {refused.code}"
            )
        self._refused("收回后再次取数被拒绝", refused)

    def _fetch(self, columns: list[str] | None = None) -> Fetched:
        return fetch(
            self.people["applicant"].origin, self.facts.token, self.facts.grant_no, columns
        )

    def _refused(self, what: str, refused: Fetched) -> None:
        self.tell(
            what,
            self.people["applicant"],
            f"/grants/{self.facts.grant_no}",
            note=refused.detail,
            event="",
        )

    def note_fetched(self, fetched: Fetched) -> None:
        self.ledger.events[fetched.event_id] = fetched.leaf_hash
        self.people["applicant"].last_event = fetched.event_id

    # 7. look back ---------------------------------------------------------------------------------

    def look_back(self) -> None:
        reviewer, path = self.people["reviewer"], "/api/v1/audit-events"
        denied = reviewer.get(path, result="deny")
        self.tell(
            f"筛选被拒绝的操作，共 {len(denied['items'])} 条", reviewer, "/trail?q=result:deny"
        )
        if len(denied["items"]) < 2:
            raise StoryFailed("the refusals are not in the trail")
        self._settle(reviewer)
        answer = reviewer.send("/api/v1/audit-exports", {})
        if answer.status_code not in (200, 201):
            raise StoryFailed(f"the export was answered {answer.status_code}")
        self.facts.export = self.workplace / "trail.jsonl"
        self.facts.export.write_bytes(answer.content)
        self.tell("导出审计轨迹", reviewer, "/trail", note=str(self.facts.export))

    def _settle(self, reviewer: Actor) -> None:
        """List the whole trail until two readings differ by the
        readings' own events only; then count.
        """
        deadline, before = time.monotonic() + 30, -1
        while True:
            counts, own = self._list_all(reviewer)
            others = sum(counts.values()) - counts.get(own, 0)
            if others == before or time.monotonic() > deadline:
                break
            before = others
            time.sleep(_TRIES_SECONDS)
        self.ledger.counts = counts
        self.facts.audit_events = sum(counts.values())

    def _list_all(self, reviewer: Actor) -> tuple[dict[str, int], str]:
        """Counts by stream as the reviewer sees them over HTTP, and the reviewer's own stream."""
        counts: dict[str, int] = {}
        cursor: str | None = None
        own = f"trail:{reviewer.account}"
        reads = 0
        while True:
            query = {"limit": 200} | ({"cursor": cursor} if cursor else {})
            page = reviewer.get("/api/v1/audit-events", **query)
            reads += 1
            for row in page["items"]:
                counts[row["stream"]] = counts.get(row["stream"], 0) + 1
                self.ledger.events[row["event_id"]] = row["leaf_hash"]
            cursor = page["next"]
            if cursor is None:
                break
        # every page read was itself recorded after it was counted, the
        # first one before the rows were read
        counts[own] = max(counts.get(own, 0), self._own_events(reviewer, own))
        return counts, own

    def _own_events(self, reviewer: Actor, own: str) -> int:
        """Highest number of the reviewer's own stream after this very reading."""
        page = reviewer.get("/api/v1/audit-events", stream=own, limit=1)
        return int(page["items"][0]["seq"]) if page["items"] else 0

    def tell(
        self,
        what: str,
        actor: Actor,
        page: str,
        *,
        note: str = "",
        event: str | None = None,
        who: str = "",
    ) -> None:
        self.facts.steps += 1
        shown = actor.last_event if event is None else event
        self._say(
            f"{self.facts.steps:>2}. {what}" + (f"（{note}）" if note else ""),
            who or actor.name,
            page,
            shown,
        )

    def _request_page(self) -> str:
        return f"/requests/{self.facts.request_no}"
