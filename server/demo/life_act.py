"""The act between two deliveries: this year's file takes the place of the last one, and the entry
itself is changed in a working copy.
"""

import csv
import io
import json
import time
from typing import Any, Final

from server.demo.actors import Actor, StoryFailed
from server.demo.catalogue_act import CatalogueAct
from server.demo.exchange_act import ExchangeAct

#: As the clerk's spreadsheet program saves it.
_ENCODING: Final = "gb18030"
_TRIES_SECONDS: Final = 0.1


class LifeAct(CatalogueAct, ExchangeAct):
    """Steps 7 and 8 of the story: the data is kept current, the entry is kept true."""

    # 7. the data of this year ---------------------------------------------------------------------

    def renew(self) -> None:
        registrar, said = self.people["registrar"], self.script["edition"]
        made = registrar.post(
            f"{self._entry()}/attachments",
            files={"file": (said["file_name"], self.file_of_this_year(), "text/csv")},
        )
        registrar.post(f"{self._entry()}/attachments/{made['id']}/snapshots", {}, success=202)
        edition = self._current_edition(registrar, 2)
        report = edition["report"]
        told = [edition["rows"], report["added"], report["removed"], report["changed"]]
        if told != [said["rows"], len(said["added"]), len(said["removed"]), len(said["changed"])]:
            raise StoryFailed(f"edition 2 is told as {told}")
        note = "{} 行，按学校代码核对：新增 {} 行，减少 {} 行，变更 {} 行".format(*told)
        page = f"/resources/{self.facts.resource_code}/editions"
        self.tell("挂接本年度数据文件，成为第 2 批", registrar, page, note=note)

    def file_of_this_year(self) -> bytes:
        """The file of the first delivery with what the script says has happened since."""
        said, source = self.script["edition"], self.samples / self.script["attachment"]["file"]
        rows = list(csv.DictReader(io.StringIO(source.read_bytes().decode(_ENCODING), newline="")))
        names = list(rows[0])
        key = names[0]
        kept = [row | said["changed"].get(row[key], {}) for row in rows]
        kept = [row for row in kept if row[key] not in said["removed"]]
        written = io.StringIO(newline="")
        table = csv.DictWriter(written, names, restval="")
        table.writeheader()
        table.writerows([*kept, *said["added"]])
        return written.getvalue().encode(_ENCODING)

    def follow(self) -> None:
        """The grant gives the new rows by itself: the entry is renewed every year."""
        applicant, rows = self.people["applicant"], self.script["edition"]["granted_rows"]
        applicant.wait(f"/api/v1/grants/{self.facts.grant_no}", 2, "edition_no")
        fetched = self._fetch()
        if (fetched.columns, fetched.rows) != (self.script["reply"]["granted"], rows):
            raise StoryFailed(f"fetched {fetched.rows} rows of {fetched.columns} of edition 2")
        self.note_fetched(fetched)
        page = f"/grants/{self.facts.grant_no}"
        self.tell("按原共享授权再次取数，得到第 2 批", applicant, page, note=f"{fetched.rows} 行")

    # 8. the entry is changed ----------------------------------------------------------------------

    def change(self) -> None:
        registrar, path = self.people["registrar"], f"{self._entry()}/working-copy"
        registrar.post(path, version=self._version(registrar))
        body = json.loads(json.dumps(self.script["resource"], default=str))
        del body["class_code"]
        said = {**body, **self.script["change"]}
        registrar.put(self._entry(), said, version=registrar.get(path)["version"])
        note = "已发布版本继续有效"
        page = f"/resources/{self.facts.resource_code}/edit"
        self.tell("新建变更稿，修改摘要和使用条件", registrar, page, note=note)

    def submit_change(self) -> None:
        """Two of the three people that it takes; outsiders see the first version."""
        self._step(self.people["registrar"], "submissions")
        self._step(self.people["head"], "consents", {"outcome": "consented"})
        seen = self.people["applicant"].get(f"/api/v1/catalog/{self.facts.resource_code}")
        if seen["published_version"] != 1 or seen["abstract"] == self.script["change"]["abstract"]:
            raise StoryFailed("a change that is not published is seen from outside")
        page = f"/resources/{self.facts.resource_code}/review"
        self.tell("变更稿送审，部门负责人同意", self.people["head"], page)

    def publish_change(self) -> None:
        admin = self.people["data_admin"]
        made = self._step(admin, "reviews", {"outcome": "published"})
        if made["published_version"] != 2:
            raise StoryFailed(f"published as version {made['published_version']}")
        page = f"/catalog/{self.facts.resource_code}?tab=versions&before=1&after=2"
        self.tell("对照审核变化内容，发布第 2 版", admin, page)

    def _step(self, actor: Actor, step: str, body: Any = None) -> dict[str, Any]:
        version = actor.get(f"{self._entry()}/working-copy")["version"]
        return actor.post(f"{self._entry()}/{step}", body, version=version)

    def _entry(self) -> str:
        return f"/api/v1/resources/{self.facts.resource_code}"

    def _current_edition(self, registrar: Actor, number: int) -> dict[str, Any]:
        """The edition once its check has made it the current one."""
        deadline = time.monotonic() + 60
        while True:
            found: dict[str, Any] = registrar.get(f"{self._entry()}/editions")["items"][0]
            if found["number"] == number and found["status"] != "arriving":
                break
            if time.monotonic() > deadline:
                raise StoryFailed(f"edition {number} does not come")
            time.sleep(_TRIES_SECONDS)
        if found["status"] != "current":
            raise StoryFailed(f"edition {number} is {found['status']}")
        return found
