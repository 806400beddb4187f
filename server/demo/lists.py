"""What stands on the three lists of the region: entries of the negative list, demands in every
state, and a list template that departments claim from. Entered by their own people over HTTP.
"""

import json
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from server.demo.actors import Actor, StoryFailed
from server.demo.plot import Plot

_SAMPLE: Final = "lists.toml"
_UNTIL: Final = "2026-12-31"
#: What the demo alone decides about; the script says it, the interface is not told.
_BASIS: Final = (
    *("basis_kind", "basis_name", "basis_number", "basis_article", "basis_text"),
    *("reason", "business", "review_on"),
)
_ANSWER: Final = (
    *("answer", "part", "rest", "refusal", "reason"),
    *("rest_department", "belongs_to"),
)


class Lists:
    """``cast``: key of a department and part → who plays it."""

    def __init__(self, plot: Plot, cast: Mapping[tuple[str, str], Actor]) -> None:
        self._plot, self._cast = plot, cast
        self._admin = plot.people["data_admin"]
        script = tomllib.loads((plot.samples / _SAMPLE).read_text(encoding="utf-8"))
        #: Days as the interface takes them.
        self._script: dict[str, Any] = json.loads(json.dumps(script, default=str))
        #: Department → number of its entry of the negative list.
        self._negative: dict[str, str] = {}
        #: Title of a demand → its number.
        self._demands: dict[str, str] = {}

    def play(self) -> None:
        for step in (self.withhold, self.contest, self.demand, self.issue, self.claim):
            step()

    # the negative list ----------------------------------------------------------------------------

    def withhold(self) -> None:
        for said in self._script["negative"]:
            registrar, head = (self._cast[said["department"], part] for part in ("bianmu", "fuze"))
            body = {name: said[name] for name in _BASIS if name in said} | self._named(said)
            made = registrar.post("/api/v1/negative-entries", body)
            path = f"/api/v1/negative-entries/{made['entry_no']}"
            head.post(f"{path}/consents", {"outcome": "consented"})
            made = self._admin.post(f"{path}/reviews", {"outcome": "published"})
            if made["status"] != "in_force" or not made["struck"]:
                raise StoryFailed(f"{made['entry_no']} strikes nothing")
            self._negative[said["department"]] = made["entry_no"]
        what = f"{len(self._negative)} 个部门提出负面清单条目，部门负责人同意，审核后生效"
        self._plot.tell(what, self._admin, "/lists/negative")

    def _named(self, said: Mapping[str, Any]) -> dict[str, Any]:
        items = [
            {"resource": self._code(each["entry"]), "name": each["name"]}
            for each in said.get("items", ())
        ]
        return {"items": items, "elements": [self._element(n) for n in said.get("elements", ())]}

    def contest(self) -> None:
        for said in self._script["negative"]:
            if "contest" in said:
                opener = self._cast[said["contest"]["department"], "fuze"]
                number = self._negative[said["department"]]
                path = f"/api/v1/negative-entries/{number}/contests"
                opener.post(path, {"reasons": said["contest"]["reasons"]})
                self._plot.tell(f"对 {number} 申请依据复核", opener, f"/negative-entries/{number}")

    # demands --------------------------------------------------------------------------------------

    def demand(self) -> None:
        told = [said for said in self._script["demand"] if not self._is_of_story(said)]
        for said in told:
            self._file(said)
        self._plot.tell(f"各部门登记需求 {len(told)} 件，认领、答复、并案", self._admin, "/demands")

    def ask(self) -> None:
        """The demands of the story's applicant, once its entry is published."""
        for said in self._script["demand"]:
            if self._is_of_story(said):
                self._file(said)
        applicant, head = self._plot.people["applicant"], self._plot.people["consumer_head"]
        body = self._plot.request_for(self._served("being_shared"), self._wanted("being_shared"))
        body["demand_no"] = self._number("being_shared")
        made = applicant.post("/api/v1/requests", body)
        path = f"/api/v1/requests/{made['request_no']}"
        applicant.post(f"{path}/submissions", version=made["version"])
        version = head.get(path)["version"]
        head.post(f"{path}/consents", {"outcome": "consented"}, version=version)
        self._plot.facts.demand_no = self._number("met")
        self._plot.tell(
            "登记需求两件，提供部门答复由已有目录满足，就其中一件申请", applicant, "/demands"
        )

    def _file(self, said: Mapping[str, Any]) -> None:
        filer = self._filer(said["consumer"])
        document, article = self._duty(said["consumer"])
        body = {
            "title": said["title"],
            "need": said["need"],
            "items": [{"name": name} for name in said["wanted"]],
            "basis_kind": "duty",
            "basis_document": document,
            "basis_article": article,
            "scenario": said["need"],
            "scope": "本部门内部使用",
            "until": _UNTIL,
        }
        if "provider" in said:
            body["provider"] = self._plot.codes[said["provider"]]
        number = filer.post("/api/v1/demands", body)["demand_no"]
        self._demands[said["title"]] = number
        for step, body in self._steps(said):
            self._take(self._who(step, said), number, step, body)
        self._check(number, said["state"])

    def _steps(self, said: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """What becomes of a demand, in order."""
        state, steps = said["state"], []
        if "into" in said:
            steps.append(("mergers", {"into": self._demands[said["into"]]}))
        elif "unmet" in said:
            steps.append(("closings", said["unmet"]))
        elif "withdrawn" in said:
            steps.append(("withdrawals", {"reason": said["withdrawn"]}))
        elif state != "filed":
            steps.append(("claims", {}))
            if state != "claimed":
                steps.append(("answers", self._answer(said)))
            if "contest" in said:
                steps.append(("contests", {"reason": said["contest"]}))
        return steps

    def _answer(self, said: Mapping[str, Any]) -> dict[str, Any]:
        reason = said.get("answer", "")
        if "negative" in said:
            number = self._negative[said["negative"]]
            return {"kind": "refuse", "negative_no": number, "reason": reason}
        if "collect_by" in said:
            return {"kind": "collect", "collect_by": said["collect_by"], "reason": reason}
        return {"kind": "share", "entry": self._entry_of(said)}

    def _take(self, actor: Actor, number: str, step: str, body: Mapping[str, Any]) -> None:
        path = f"/api/v1/demands/{number}"
        actor.post(f"{path}/{step}", body or None, version=actor.get(path)["version"])

    def _who(self, step: str, said: Mapping[str, Any]) -> Actor:
        if step in ("mergers", "closings"):
            return self._admin
        if step in ("claims", "answers"):
            if said["provider"] == "education":
                return self._plot.people["provider_head"]
            return self._cast[said["provider"], "fuze"]
        return self._filer(said["consumer"])

    def _filer(self, department: str) -> Actor:
        if department == "public_security":
            return self._plot.people["applicant"]
        return self._cast[department, "bianmu"]

    def _check(self, number: str, state: str) -> None:
        """A demand of the story goes on by its request and its delivery."""
        wanted = "answered" if state in ("being_shared", "met") else state
        found = self._admin.get(f"/api/v1/demands/{number}")["status"]
        if found != wanted:
            raise StoryFailed(f"{number} is {found}, not {wanted}")

    def _is_of_story(self, said: Mapping[str, Any]) -> bool:
        return said["state"] in ("being_shared", "met")

    def _said(self, state: str) -> Mapping[str, Any]:
        return next(each for each in self._script["demand"] if each["state"] == state)

    def _number(self, state: str) -> str:
        return self._demands[self._said(state)["title"]]

    def _served(self, state: str) -> str:
        return self._entry_of(self._said(state))

    def _wanted(self, state: str) -> list[str]:
        return list(self._said(state)["wanted"])

    def _entry_of(self, said: Mapping[str, Any]) -> str:
        return (
            self._code(said["served_by"]) if "served_by" in said else self._plot.facts.resource_code
        )

    # 认领与填报 -----------------------------------------------------------------------------------

    def issue(self) -> None:
        said = self._script["template"]
        lines = [
            {
                **{name: line[name] for name in ("title", "upper_code", "items_text")},
                "department": self._plot.codes[line["department"]],
            }
            for line in said["lines"]
        ]
        made = self._admin.post("/api/v1/list-templates", {**said, "lines": lines})
        path = f"/api/v1/list-templates/{made['template_no']}"
        self._admin.post(f"{path}/issues", version=made["version"])
        page = f"/list-templates/{made['template_no']}"
        self._plot.tell(f"下发清单模板 {made['template_no']}，{len(lines)} 行", self._admin, page)

    def claim(self) -> None:
        """Departments answer; what one refuses is assigned to whom it names."""
        for line in self._script["template"]["lines"]:
            if "answer" in line:
                self._respond(line)
        self._plot.tell(
            "各部门认领、部分认领、不认领，不认领的转派", self._admin, "/assignments/board"
        )

    def _respond(self, line: Mapping[str, Any]) -> None:
        registrar = self._cast[line["department"], "bianmu"]
        mine = registrar.get("/api/v1/assignments", q=line["title"])["items"][0]
        path = f"/api/v1/assignments/{mine['assignment_no']}"
        body = {name: line[name] for name in _ANSWER if name in line}
        for name in ("rest_department", "belongs_to"):
            if name in body:
                body[name] = self._plot.codes[body[name]]
        made = registrar.post(f"{path}/answers", body, version=mine["version"])
        if "entry" in line:
            code = self._code(line["entry"])
            registrar.put(f"{path}/entry", {"code": code}, version=made["version"])
        if line["answer"] == "refused":
            self._admin.post(f"{path}/reassignments", {}, version=made["version"])

    # what is known --------------------------------------------------------------------------------

    def _code(self, title: str) -> str:
        """The code of a published entry."""
        found = self._admin.get("/api/v1/catalog", q=title)["items"]
        return next(str(each["code"]) for each in found if each["title"] == title)

    def _element(self, name: str) -> str:
        found = self._admin.get("/api/v1/elements", q=name)["items"]
        return next(str(each["identifier"]) for each in found if each["name"] == name)

    def _duty(self, department: str) -> tuple[str, str]:
        duty = self._plot.departments[department]["duty"][0]
        return duty["document"], duty["article"]
