"""The catalogue of the region into which the story comes: elements, entries and sources of many
departments, entered by their own people over HTTP.
"""

import csv
import io
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from server.demo.actors import Actor
from server.demo.plot import Plot

ACCOUNTS: Final = "region_accounts.toml"
_ELEMENTS: Final = "region_elements.csv"
_ENTRIES: Final = "region_entries.csv"
#: What files keep as one text.
_APART: Final = ";"
_SOURCES_APART: Final = "/"
#: Of every entry alike: the region's departments serve their data by interfaces of their own.
_ALIKE: Final = {
    "format": "service",
    "share_way": "service",
    "use_condition": "不得向第三方提供；用途实现后按要求销毁",
    "is_open": False,
}
_SAID: Final = ("class_code", "title", "abstract", "category", "share_type", "update_cycle")
_CONDITIONS: Final = {
    "conditional": "面向因履行职责需要的政府部门，按批准的用途使用",
    "unconditional": "",
}
#: Whose the elements of the story are.
_STORY_SOURCES: Final = {"行政区划代码": "civil_affairs", "学校代码": "education"}
_PERSONAL: Final = ("自然人", "学生", "参保人", "患者", "受种者", "救助对象", "残疾人", "婚姻登记")
_ASSESSED_ON: Final = "2026-01-22"


class Region:
    """Played before the story; ``cast``: key of a department and part → who plays it."""

    def __init__(self, plot: Plot, cast: Mapping[tuple[str, str], Actor]) -> None:
        self._plot, self._cast = plot, cast
        self._admin = plot.people["data_admin"]
        self._elements = _rows(plot.samples / _ELEMENTS)
        self._entries = _rows(plot.samples / _ENTRIES)
        self._identifiers: dict[str, str] = {}
        #: Number of the claim of an element and a department.
        self._claims: dict[tuple[str, str], str] = {}
        self._sources = {row["name"]: _sources(row["source"]) for row in self._elements}
        self._kinds = {row["name"]: row for row in self._elements}

    def play(self) -> None:
        for actor in self._cast.values():
            if not actor.csrf_token:
                actor.sign_in()
        for step in (self.adopt, self.claim, self.publish, self.dispute):
            step()

    def adopt(self) -> None:
        """The elements, beside those that the story has adopted."""
        for entry in self._plot.script["element"]:
            self._identifiers[entry["name"]] = entry["identifier"]
            self._sources[entry["name"]] = [(_STORY_SOURCES[entry["name"]], "")]
            self._kinds[entry["name"]] = {**entry, "object_class": entry.get("object_class", "")}
        made = self._admin.post(
            "/api/v1/elements/files?status=standard",
            files={"file": (_ELEMENTS, self._list(), "text/csv")},
        )
        names = [row["name"] for row in self._elements]
        self._identifiers |= dict(zip(names, made["identifiers"], strict=True))
        self._tell(f"采用全区数据元 {len(self._elements)} 个", self._admin, "/elements")

    def _list(self) -> bytes:
        """The elements as the list that is imported: whose they are is said in claims."""
        written = io.StringIO(newline="")
        kept = [name for name in self._elements[0] if name != "source"]
        table = csv.DictWriter(written, kept, extrasaction="ignore")
        table.writeheader()
        table.writerows(self._elements)
        return written.getvalue().encode()

    def publish(self) -> None:
        for row in self._entries:
            registrar, head = (self._cast[row["department"], part] for part in ("bianmu", "fuze"))
            made = registrar.post("/api/v1/resources", self._entry(row))
            path = f"/api/v1/resources/{made['code'].replace('/', '-')}"
            made = registrar.post(f"{path}/submissions", version=made["version"])
            version = head.get(path)["version"]
            made = head.post(f"{path}/consents", {"outcome": "consented"}, version=version)
            version = self._admin.get(path)["version"]
            self._admin.post(f"{path}/reviews", {"outcome": "published"}, version=version)
        count = len({row["department"] for row in self._entries})
        what = f"{count} 个部门登记目录 {len(self._entries)} 项，部门负责人同意，审核并发布"
        self._tell(what, self._admin, "/catalog")

    def claim(self) -> None:
        """Whoever collects an element claims it; where it has parts, each its own."""
        claimed = self._plot.script["source"]["element"]
        for name, sources in self._sources.items():
            if self._identifiers[name] == claimed:
                continue
            path = f"/api/v1/elements/{self._identifiers[name]}"
            for department, scope in sources:
                if self._plot.departments[department]["line"] == "vertical":
                    continue
                if scope:
                    told = {"name": scope, "belongs": f"由其登记管理机关登记的{scope}"}
                    self._admin.post(f"{path}/source/scopes", told)
                said = self._basis(department) | ({"scope": scope} if scope else {})
                made = self._cast[department, "bianmu"].post(f"{path}/source-claims", said)
                self._name(made)
                self._claims[name, department] = made["claim_no"]
        page = f"/elements/{self._identifiers['统一社会信用代码']}/source"
        self._tell(f"各部门认领数源，确认 {len(self._claims)} 项", self._admin, page)

    def dispute(self) -> None:
        """Two sources are disputed: one conflict is decided, one waits for the other side."""
        decided = self._open("死亡日期", "public_security", "health")
        head = self._cast["health", "fuze"]
        said = "死亡医学证明由医疗机构签发，死亡日期由此产生。"
        head.post(f"{decided}/statements", {"statement": said, **self._basis("health")})
        named = {
            "named": self._claims["死亡日期", "health"],
            "reasons": "死亡日期以死亡医学证明为准。",
        }
        self._admin.post(
            f"{decided}/decisions", named | {"basis": self._basis("health")["document"]}
        )
        self._tell("“死亡日期”数源冲突：双方陈述，决定", self._admin, _page(decided))
        waiting = self._open("经营地址", "civil_affairs", "market")
        opener = self._cast["civil_affairs", "bianmu"]
        self._tell("“经营地址”数源冲突：待对方陈述", opener, _page(waiting))

    def _open(self, name: str, opener: str, rival: str) -> str:
        """A department disputes the claim of another one; gives where the conflict is."""
        body = {
            "against": self._claims[name, rival],
            "statement": f"{name}由本部门在办理业务时直接采集。",
            **self._basis(opener),
        }
        path = f"/api/v1/elements/{self._identifiers[name]}/source-conflicts"
        made = self._cast[opener, "bianmu"].post(path, body)
        return f"/api/v1/source-conflicts/{made['conflict_no']}"

    def _name(self, claim: Mapping[str, Any]) -> None:
        """Whoever collects it too agrees first: each speaks for its own objects."""
        path, keys = f"/api/v1/source-claims/{claim['claim_no']}", self._plot.departments
        named = {said["name"]: key for key, said in keys.items()}
        for sign in claim["countersigns"]:
            head = self._cast[named[sign["department"]], "fuze"]
            number = sign["countersign_no"].rpartition("#")[2]
            head.post(f"{path}/countersigns/{number}/answers", {"answer": "agreed", "reason": ""})
        reason = "各对象范围由其登记管理机关采集" if claim["countersigns"] else ""
        version = self._admin.get(path)["version"]
        self._admin.post(f"{path}/confirmations", {"reason": reason}, version=version)

    def _basis(self, department: str) -> dict[str, str]:
        duty = self._plot.departments[department]["duty"][0]
        return {"document": duty["document"], "article": duty["article"]}

    def _entry(self, row: Mapping[str, str]) -> dict[str, Any]:
        items = [self._item(name, row) for name in row["items"].split(_APART)]
        unit = self._plot.departments[row["department"]]["sharing_unit"]
        is_personal = any(item["is_personal"] for item in items)
        concluded = "acceptable" if is_personal else "no_personal_information"
        assessed = {"assessor": unit, "assessed_on": _ASSESSED_ON}
        return {
            **_ALIKE,
            **{name: row[name] for name in _SAID},
            "share_condition": _CONDITIONS[row["share_type"]],
            "keywords": row["items"].split(_APART)[:3],
            "security_level": "general_3" if is_personal else "general_1",
            "secrecy_assessment": {"conclusion": "no_secret", **assessed},
            "privacy_assessment": {"conclusion": concluded, **assessed},
            "items": items,
        }

    def _item(self, name: str, row: Mapping[str, str]) -> dict[str, Any]:
        """Collected by whoever is its source, or where none is; else a copy of the source's."""
        element = self._kinds[name]
        sources = [department for department, _scope in self._sources[name]]
        origin: dict[str, Any] = {"kind": "collected"}
        if len(sources) != 1:
            origin["reason"] = "各部门依职责就各自对象采集"
        if sources and row["department"] not in sources:
            code = self._plot.codes[sources[0]]
            origin = {"kind": "copied", "department": code, "cycle": row["update_cycle"]}
            origin["way"] = "service"
        return {
            "name": name,
            "column_name": element["name_en"].replace(" ", "_").replace(".", "_"),
            "data_type": element["data_type"],
            "element": self._identifiers[name],
            "is_personal": element["object_class"].startswith(_PERSONAL),
            "origin": origin,
        }

    def _tell(self, what: str, actor: Actor, page: str) -> None:
        self._plot.tell(what, actor, page)


def cast_of(samples: Path) -> dict[tuple[str, str], str]:
    """Department and part of every account of the region."""
    accounts = tomllib.loads((samples / ACCOUNTS).read_text(encoding="utf-8"))["account"]
    return {
        (entry["department"], entry["account"].rpartition(".")[2]): entry["account"]
        for entry in accounts
    }


def _page(path: str) -> str:
    """The page of what the interface has under ``path``."""
    return path.removeprefix("/api/v1")


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _sources(said: str) -> Sequence[tuple[str, str]]:
    """``market/经营主体;civil_affairs/社会组织`` as departments, each with its object scope."""
    found = []
    for each in filter(None, said.split(_APART)):
        department, _, scope = each.partition(_SOURCES_APART)
        found.append((department, scope))
    return found
