"""The second act: a request, the reply, the data, the revocation."""

import json

from server.demo.actors import StoryFailed
from server.demo.fetching import Fetched, fetch
from server.demo.plot import Plot


class ExchangeAct(Plot):
    """Steps 4 to 6 of the story."""

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
        if self.facts.demand_no:
            body["demand_no"] = self.facts.demand_no
        made = applicant.post("/api/v1/requests", body)
        self.facts.request_no = made["request_no"]
        self.tell(f"起草共享申请 {made['request_no']}", applicant, self.request_page())
        applicant.post(
            f"/api/v1/requests/{made['request_no']}/submissions", version=made["version"]
        )
        self.tell("提请本部门共享工作机构负责人同意", applicant, self.request_page())

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
        self.tell("同意申请，到达统一受理，开始计时", head, self.request_page(), note=note)
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
        self.tell("拟定答复：部分信息项、行过滤、脱敏", approver, f"{self.request_page()}/decision")

    def release(self) -> None:
        head = self.people["provider_head"]
        path = f"/api/v1/requests/{self.facts.request_no}"
        made = head.post(
            f"{path}/releases", {"outcome": "released"}, version=head.get(path)["version"]
        )
        self.facts.grant_no = made["grant_no"]
        self.tell(
            f"签发答复：{made['status_label']}，生成共享授权 {made['grant_no']}",
            head,
            self.request_page(),
        )
        applicant = self.people["applicant"]
        applicant.wait(f"/api/v1/grants/{self.facts.grant_no}", "active")
        self.tell(
            "试运行通过，共享授权生效",
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
        if number := self.facts.demand_no:
            applicant.wait(f"/api/v1/demands/{number}", "met")
            page = f"/demands/{number}"
            self.tell(f"{number} 因交付完成而满足", applicant, page, event="", who="后台任务")

    def ask_too_much(self) -> None:
        refused = self._fetch(columns=["纬度"])
        if refused.status != 403 or refused.code != "column_not_granted":
            raise StoryFailed(f"asking for 纬度 was answered {refused.status} {refused.code}")
        self._refused("索取共享授权之外的“纬度”被拒绝", refused)

    def revoke(self) -> None:
        head, path = self.people["provider_head"], f"/api/v1/grants/{self.facts.grant_no}"
        head.post(
            f"{path}/revocations",
            {"reason": "演示：使用目的已经实现"},
            version=head.get(path)["version"],
        )
        self.tell("终止共享", head, f"/grants/{self.facts.grant_no}")

    def fetch_again(self) -> None:
        refused = self._fetch()
        if refused.status != 403 or refused.code != "grant_not_live":
            raise StoryFailed(
                f"fetching after the revocation was answered {refused.status} {refused.code}"
            )
        self._refused("终止共享后再次取数被拒绝", refused)

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
