"""Registering (登记): an entry as its department works on it, the data attached to it, its review.

Needs a token with ``catalog:write`` or ``catalog:review``. The consent of the department head is no
program's to give: there is nothing for it here.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from shuqiao_client.attaching import AttachmentHandle, attached
from shuqiao_client.duplicates import BindingProposals, bindings
from shuqiao_client.editions import (
    ChangeEvent,
    Conformity,
    Edition,
    EditionHandle,
    FailingValue,
    Renewal,
)
from shuqiao_client.entries import Entry, EntryNow
from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing

#: What the service says of an entry, and of a change to it, beyond what is written. Everything else
#: is sent back as it came, so that a change of one field never empties another.
READ_ONLY: Final = frozenset(
    {
        "code",
        "class_code",
        "provider",
        "status",
        "review_step",
        "version",
        "published_version",
        "published_at",
        "updated_at",
        "working_copy",
        "attachments",
        "acts",
        "waiting_for",
        "reviews",
        "event_id",
        "leaf_hash",
        "events",
    }
)
#: The identity of an item is sent back too, so that it stays the same when it is renamed.
ITEM_READ_ONLY: Final = frozenset({"position"})
#: An item without one of these takes that of its resource, and follows it.
INHERITED: Final = ("share_type", "security_level")
_FLAGS: Final = ("is_personal", "is_key")
_ORIGIN: Final = "origin."
_BETWEEN: Final = re.compile(r"[、，,；;\s]+")


class Entries:
    """Data resources (数据资源) as they are registered, beside what is published of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def register(self, entry: Mapping[str, Any]) -> "EntryHandle":
        """Register a draft of one's own department. Raises ``Invalid`` naming the fields."""
        made = EntryNow.from_json(self._connection.post("/resources", dict(entry)))
        return EntryHandle(self._connection, made.code, made)

    def list(
        self, *, mine: bool = False, status: str | None = None, limit: int | None = None
    ) -> Listing[Entry]:
        """Those I may see, last changed first. ``mine``: only of my own department."""
        query = {"status": status, "mine": "true" if mine else None}
        return Listing(self._connection, "/resources", Entry, query, limit=limit)

    def waiting(self, *, limit: int | None = None) -> Listing[Entry]:
        """Those that wait for my review, the longest waiting first."""
        return Listing(self._connection, "/reviews", Entry, limit=limit)

    def get(self, code: str) -> "EntryHandle":
        """The entry of this code, in either spelling."""
        return EntryHandle(self._connection, code)


class EntryHandle:
    """One entry, or its working copy while one is open: what is worked on has one code.

    ``metadata`` is as it was when last loaded; what is changed is that version.
    """

    def __init__(self, connection: Connection, code: str, loaded: EntryNow | None = None) -> None:
        self.code = code.strip().replace("/", "-")
        self._connection, self._loaded = connection, loaded

    def __repr__(self) -> str:
        return f"EntryHandle({self.code!r})"

    @property
    def metadata(self) -> EntryNow:
        """The entry as last loaded."""
        return self._loaded or self.refresh()

    def refresh(self) -> EntryNow:
        """Load what is worked on as it is now."""
        found = EntryNow.from_json(self._connection.get(self._path()))
        if found.raw.get("working_copy"):
            found = EntryNow.from_json(self._connection.get(f"{self._path()}/working-copy"))
        self._loaded = found
        return found

    def written(self) -> dict[str, Any]:
        """The entry as it would be written: to be changed and put back."""
        raw = self.metadata.raw
        entry = {name: value for name, value in raw.items() if name not in READ_ONLY}
        entry["items"] = [_written_item(item, raw) for item in raw["items"]]
        return entry

    def edit(self, changes: Mapping[str, Any]) -> "EntryHandle":
        """Replace the members that ``changes`` names; what it does not name stays.

        Raises ``Changed`` when somebody else changed the entry meanwhile, ``Invalid``.
        """
        body = {**self.written(), **changes}
        answer = self._connection.put(self._path(), body, version=self.metadata.version)
        return self._now(answer)

    def describe(self, rows: Sequence[Mapping[str, str]]) -> "EntryHandle":
        """Replace the items by ``rows`` of texts, as a table has them. An item of the same name
        keeps what the table has no column for: its identity, its element, its basis.
        """
        old = {item["name"]: item for item in self.written()["items"]}
        items = [_described(row, old.get(row["name"].strip(), {})) for row in rows]
        return self.edit({"items": items})

    def choose_class(self, class_code: str) -> "EntryHandle":
        """Give a draft that was never published another class, and with it the next code of that;
        the old code is not given again.
        """
        body = {"class_code": class_code}
        path, version = f"{self._path()}/class", self.metadata.version
        answer = self._connection.put(path, body, version=version)
        self.code = str(answer["code"]).replace("/", "-")
        return self._now(answer)

    def change(self) -> "EntryHandle":
        """Open a working copy of a published entry, which stays in force meanwhile."""
        return self._step("working-copy", None)

    def recall(self) -> "EntryHandle":
        """Take a submission back, as long as it was neither published nor returned."""
        return self._step("recalls", None)

    def drop(self) -> dict[str, Any]:
        """Throw the working copy away, or a draft that was never reviewed."""
        version = self.metadata.version
        is_copy = self.metadata.published_version > 0
        path = f"{self._path()}/working-copy" if is_copy else self._path()
        self._loaded = None
        return self._connection.delete(path, version=version)

    def submit(self) -> "EntryHandle":
        """Hand it to the department head. Raises ``Invalid`` with all that is missing."""
        return self._step("submissions", None)

    def publish(self, remark: str = "", *, version: int | None = None) -> "EntryHandle":
        """Publish an entry under review. ``version``: the one that was read, if not this one."""
        return self._step("reviews", {"outcome": "published", "remark": remark}, version)

    def send_back(self, remark: str, *, version: int | None = None) -> "EntryHandle":
        """Return an entry under review; the remark says what must be corrected."""
        return self._step("reviews", {"outcome": "returned", "remark": remark}, version)

    def attach(
        self, file: str | Path, options: Mapping[str, Any] | None = None
    ) -> AttachmentHandle:
        """Upload a file; nothing of it is stored before its reading is confirmed. To a published
        entry that nobody changes it brings new rows: once stored, the next of its ``editions``.

        ``options``: as for ``read_again``; a ``problem`` says that others have to be stated.
        """
        return attached(self._connection, self.code, Path(file), options)

    def attachment(self, attachment_id: str) -> AttachmentHandle:
        """The attached file of this identifier."""
        return AttachmentHandle(self._connection, self.code, attachment_id)

    def take_down(self, reason: str) -> "EntryHandle":
        """Take the published entry out of the catalogue; its working copy goes with it."""
        entry = EntryNow.from_json(self._connection.get(self._path()))  # whatever is worked on
        return self._step("takedowns", {"reason": reason}, entry.version)

    @property
    def editions(self) -> Listing[Edition]:
        """The editions of its data, the latest first; reports are for its own registrars."""
        return Listing(self._connection, f"{self._path()}/editions", Edition)

    def edition(self, number: int) -> EditionHandle:
        """The edition of this number."""
        return EditionHandle(self._connection, self._path(), number)

    @property
    def conformity(self) -> Conformity:
        """How far the data of what is worked on keeps to its standards; of a published entry that
        nobody changes the current edition's.
        """
        return Conformity.from_json(self._connection.get(f"{self._path()}/conformity"))

    @property
    def failures(self) -> Listing[FailingValue]:
        """Its values that break a rule, the first 1,000; for registrars of the provider."""
        return Listing(self._connection, f"{self._path()}/conformity/failures", FailingValue)

    @property
    def proposals(self) -> BindingProposals:
        """Which data elements its unbound items are likely to be, and why."""
        return BindingProposals.from_json(self._connection.get(f"{self._path()}/binding-proposals"))

    def bind(self, pairs: Sequence[tuple[str, str]], *, takes_name: bool = False) -> dict[str, Any]:
        """Bind items, by id or name, to elements, all or none."""
        now = self.refresh()
        ids = {item.name: str(item.id) for item in now.items}
        named = [(ids.get(item, item), element) for item, element in pairs]
        body = bindings(named, takes_name=takes_name)
        path = f"{self._path()}/bindings"
        return dict(self._connection.post(path, dict(body), version=now.version))

    @property
    def renewal(self) -> Renewal:
        """Whether its connected table is copied anew by its update cycle."""
        return Renewal.from_json(self._connection.get(f"{self._path()}/refresh"))

    def renew(self, *, is_on: bool) -> Renewal:
        """Switch that. Raises ``Conflict`` when its data is no copy of a connected table."""
        seen = self.renewal.version
        answer = self._connection.put(f"{self._path()}/refresh", {"is_on": is_on}, version=seen)
        return Renewal.from_json(answer)

    def record_change(self, on: date | str, kind: str, basis: str) -> ChangeEvent:
        """Record that a law or the duties changed ``on`` that day: the limit for updating it runs.

        ``kind``: ``law``, ``administrative_regulation``, ``state_council_decision``, ``duty``.
        """
        body = {"on": str(on), "kind": kind, "basis": basis}
        answer = self._connection.post(f"{self._path()}/change-events", body)
        return ChangeEvent.from_json(answer)

    def _step(
        self, name: str, body: dict[str, Any] | None, version: int | None = None
    ) -> "EntryHandle":
        seen = self.metadata.version if version is None else version
        return self._now(self._connection.post(f"{self._path()}/{name}", body, version=seen))

    def _now(self, answer: Mapping[str, Any]) -> "EntryHandle":
        self._loaded = EntryNow.from_json(answer)
        return self

    def _path(self) -> str:
        return f"/resources/{quote(self.code, safe='')}"


def _described(row: Mapping[str, str], old: Mapping[str, Any]) -> dict[str, Any]:
    """The row as an item; 是/yes/true/1 is read as a flag, an empty cell is left out. Columns
    ``origin.…`` make its origin anew.
    """
    item: dict[str, Any] = {name: value for name, value in old.items() if name not in row}
    told = {name: text.strip() for name, text in row.items() if text.strip()}
    origin = {n.removeprefix(_ORIGIN): t for n, t in told.items() if n.startswith(_ORIGIN)}
    item |= {name: text for name, text in told.items() if not name.startswith(_ORIGIN)}
    if any(name.startswith(_ORIGIN) for name in row):
        item["origin"] = _origin(origin) if origin else None
    for name in _FLAGS:
        if isinstance(item.get(name), str):
            item[name] = _flag(item[name])
    return item


def _origin(told: Mapping[str, str]) -> dict[str, Any]:
    lineage = told.get("lineage")
    return {**told, "lineage": _BETWEEN.split(lineage)} if lineage else dict(told)


def _flag(text: str) -> bool | str:
    """What is neither yes nor no goes to the service as it is, which says what is wrong."""
    word = text.casefold()
    if word in ("是", "yes", "y", "true", "1"):
        return True
    return False if word in ("否", "no", "n", "false", "0") else text


def _written_item(item: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    written = {name: value for name, value in item.items() if name not in ITEM_READ_ONLY}
    for name in INHERITED:
        if written.get(name) == entry.get(name):
            written.pop(name, None)
    if origin := written.get("origin"):
        written["origin"] = {k: v for k, v in origin.items() if k != "department_name"}
    return written
