"""Before data is collected (采集前核查): who has the fields of a form already; repeated forms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing
from shuqiao_client.reading import Record


@dataclass(frozen=True, kw_only=True)
class CheckedField(Record):
    """One field and its ``answer``: own, shareable, withheld or collectable."""

    COLUMNS = ("position", "name", "answer_label", "resource_code", "item_name", "provider")
    position: int
    name: str
    answer: str
    answer_label: str
    resource_code: str = ""
    resource_title: str = ""
    item_name: str = ""
    provider: str = ""
    basis: str = ""
    is_collected: bool
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CollectionCheck(Record):
    """A check before collecting; ``fields`` only of one check."""

    COLUMNS = ("check_no", "title", "kind", "status", "owner", "made_at", "concluded_at")
    check_no: str
    title: str
    kind: str
    status: str
    owner: str
    made_at: datetime
    concluded_at: datetime | None = None
    version: int
    fields: list[CheckedField] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class RepeatedForm(Record):
    """The report of a form that is asked for again and again."""

    COLUMNS = ("report_no", "form_name", "asked_by", "owner", "status", "outcome", "answer")
    report_no: str
    owner: str
    asked_by: str
    form_name: str
    fields: list[str] = field(default_factory=list)
    remark: str = ""
    status: str
    outcome: str | None = None
    answer: str = ""
    reported_at: datetime
    version: int


class CollectionChecks:
    """Checks before collecting, of one's own department."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, limit: int | None = None) -> Listing[CollectionCheck]:
        """The newest first."""
        return Listing(self._connection, "/collection-checks", CollectionCheck, limit=limit)

    def get(self, check_no: str) -> CollectionCheck:
        return CollectionCheck.from_json(self._connection.get(self._path(check_no)))

    def make(self, title: str, kind: str, fields: Sequence[str]) -> CollectionCheck:
        """Look for ``fields`` in what is published. ``kind``: form, report or system."""
        body = {"title": title, "kind": kind, "fields": list(fields)}
        return CollectionCheck.from_json(self._connection.post("/collection-checks", body))

    def make_of_file(self, title: str, kind: str, file: str | Path) -> CollectionCheck:
        """The same of the header of a table, or of a file with one field a line."""
        query = {"title": title, "kind": kind}
        answer = self._connection.upload("/collection-checks/files", Path(file), query)
        return CollectionCheck.from_json(answer)

    def correct(
        self,
        check_no: str,
        position: int,
        *,
        resource_code: str = "",
        item: str = "",
        is_collected: bool = False,
        reason: str = "",
    ) -> CollectionCheck:
        """Name the item that answers a field, or none; say why it is collected all the same."""
        body = {
            "resource_code": resource_code,
            "item": item,
            "is_collected": is_collected,
            "reason": reason,
        }
        path, version = f"{self._path(check_no)}/fields/{position}", self.get(check_no).version
        return CollectionCheck.from_json(self._connection.put(path, body, version=version))

    def conclude(self, check_no: str) -> CollectionCheck:
        """From now on the opinion stays as it is."""
        path, version = f"{self._path(check_no)}/conclusions", self.get(check_no).version
        return CollectionCheck.from_json(self._connection.post(path, None, version=version))

    def _path(self, check_no: str) -> str:
        return f"/collection-checks/{quote(check_no.strip().upper(), safe='')}"


class RepeatedForms:
    """Reports of repeated forms. They are answered by people, on the page."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, limit: int | None = None) -> Listing[RepeatedForm]:
        """The newest first."""
        return Listing(self._connection, "/repeated-forms", RepeatedForm, limit=limit)

    def get(self, report_no: str) -> RepeatedForm:
        path = f"/repeated-forms/{quote(report_no.strip().upper(), safe='')}"
        return RepeatedForm.from_json(self._connection.get(path))

    def report(
        self, asked_by: str, form_name: str, fields: Sequence[str], remark: str = ""
    ) -> RepeatedForm:
        """For streets, townships and using points. Raises ``Conflict`` for others."""
        body = {
            "asked_by": asked_by,
            "form_name": form_name,
            "fields": list(fields),
            "remark": remark,
        }
        return RepeatedForm.from_json(self._connection.post("/repeated-forms", body))
