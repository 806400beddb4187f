"""The first act: a standard, a resource with its data, consent, publication, search."""

import json
from urllib.parse import urlencode

from server.demo.actors import Actor, StoryFailed
from server.demo.plot import Plot


class CatalogueAct(Plot):
    """Steps 1 to 3 of the story."""

    # 1. the standard ------------------------------------------------------------------------------

    def import_domains(self) -> None:
        """The lists of codes, each with its editions; once."""
        if self.facts.domains:
            return
        admin = self.people["data_admin"]
        for entry in self.script["domain"]:
            body = {name: value for name, value in entry.items() if name != "editions"}
            if "owner" in body:
                body["owner"] = self.codes[body["owner"]]
            made = admin.post("/api/v1/domains", body)
            identifier = self.facts.domains[entry["name"]] = made["identifier"]
            for edition in entry["editions"]:
                file = self.samples / edition["file"]
                query = urlencode({k: str(v) for k, v in edition.items() if k != "file"})
                path = f"/api/v1/domains/{identifier}/editions/files?{query}"
                sent = {"file": (file.name, file.read_bytes(), "text/csv")}
                imported = admin.post(path, files=sent)
            note = f"{len(entry['editions'])} 版，现行版 {imported['code_count']} 个代码"
            self.tell(f"导入值域 {made['name']}", admin, f"/domains/{identifier}", note=note)

    def adopt_elements(self) -> None:
        self.import_domains()
        admin = self.people["data_admin"]
        for entry in self.script["element"]:
            body = dict(entry)
            if "domain" in entry:
                body["domain"] = self.facts.domains[entry["domain"]]
            made = admin.post("/api/v1/elements", body)
            self.tell(f"采用数据元 {made['identifier']} {made['name']}", admin, "/catalog")

    def name_source(self) -> None:
        registrar, admin = self.people["registrar"], self.people["data_admin"]
        body = dict(self.script["source"])
        element = body.pop("element")
        page = f"/elements/{element}/source"
        claimed = registrar.post(f"/api/v1/elements/{element}/source-claims", body)
        claim, version = claimed["claim_no"], claimed["version"]
        self.tell(f"认领数源 {claim}", registrar, page)
        made = admin.post(f"/api/v1/source-claims/{claim}/confirmations", {}, version=version)
        self.tell(f"确认数源：{made['department']}（第十九条）", admin, page)

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
