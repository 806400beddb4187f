"""Departments (部门), as everybody signed in reads them."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote

from shuqiao_client.http import Connection
from shuqiao_client.reading import Record


@dataclass(frozen=True, kw_only=True)
class Duty(Record):
    """A duty (职责) of a department, cited by its number."""

    COLUMNS = ("duty_no", "text", "document", "document_no", "article", "valid_from", "valid_until")
    duty_no: str
    text: str
    document: str
    document_no: str = ""
    article: str = ""
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Department(Record):
    """A department; what is not stated yet is None."""

    COLUMNS = ("code", "name", "level", "area_name", "line", "regime", "parent_code", "ended_on")
    code: str
    name: str
    former_names: list[str] = field(default_factory=list)
    parent_code: str | None = None
    level: str | None = None
    area_code: str | None = None
    area_name: str | None = None
    line: str | None = None
    regime: str | None = None
    ended_on: date | None = None
    duties: list[Duty] = field(default_factory=list)

    @property
    def credit_code(self) -> str:
        """Its unified social credit code (GB 32100)."""
        return self.code


class Departments:
    """The register of departments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self, words: str = "", *, area: str = "", parent: str = "", level: str = ""
    ) -> list[Department]:
        """Those that are like that, ended ones too; ``words`` fit former names as well."""
        asked = {"q": words, "area": area, "parent": parent, "level": level}
        query = {name: value for name, value in asked.items() if value}
        found = self._connection.get("/departments", query).get("items", [])
        return [Department.from_json(raw) for raw in found]

    def get(self, code: str) -> Department:
        """The department of this credit code, with its duties."""
        path = f"/departments/{quote(code.strip().upper(), safe='')}"
        return Department.from_json(self._connection.get(path))
