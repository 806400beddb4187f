"""An attached file, from its upload to stored data."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from shuqiao_client.entries import Attachment
from shuqiao_client.errors import Invalid, ShuqiaoError
from shuqiao_client.http import Connection
from shuqiao_client.words import say

#: Seconds from one look at a file that is being stored to the next: the first, the longest.
_FIRST_WAIT, _LONGEST_WAIT = 0.25, 5.0


def attached(
    connection: Connection, code: str, file: Path, options: Mapping[str, Any] | None
) -> "AttachmentHandle":
    """Upload ``file`` to the entry ``code``, read as ``options`` say as far as they do."""
    texts = {"reading": json.dumps(dict(options))} if options else None
    path = f"/resources/{quote(code, safe='')}/attachments"
    found = Attachment.from_json(connection.upload(path, file, texts=texts))
    return AttachmentHandle(connection, code, found.id, found)


class AttachmentHandle:
    """One attached file, from the preview to the stored data."""

    def __init__(
        self,
        connection: Connection,
        code: str,
        attachment_id: str,
        loaded: Attachment | None = None,
    ) -> None:
        self.id = attachment_id
        self._connection, self._code, self._loaded = connection, code, loaded

    def __repr__(self) -> str:
        return f"AttachmentHandle({self.id!r})"

    @property
    def metadata(self) -> Attachment:
        """The file as last loaded."""
        return self._loaded or self.refresh()

    def refresh(self) -> Attachment:
        """Load it as it is now."""
        self._loaded = Attachment.from_json(self._connection.get(self._path()))
        return self._loaded

    def read_again(self, options: Mapping[str, Any]) -> Attachment:
        """Read it another way: ``encoding``, ``delimiter``, ``header_row``, ``sheet``,
        ``null_values``, ``header_rows``, ``skip_last``, ``drop_columns``, ``fill_down``,
        ``skip_hidden_rows``; what is not named is found out anew.
        """
        answer = self._connection.post(f"{self._path()}/readings", dict(options))
        self._loaded = Attachment.from_json(answer)
        return self._loaded

    def confirm(
        self, types: Mapping[str, str] | None = None, options: Mapping[str, Any] | None = None
    ) -> Attachment:
        """Confirm how it is read, and have its data stored.

        ``types``: of columns that are not to follow the data type of their item.
        """
        body = {**(options or {}), "types": dict(types or {})}
        answer = self._connection.post(f"{self._path()}/snapshots", body)
        self._loaded = Attachment.from_json(answer)
        return self._loaded

    def wait(self, seconds: float = 600.0) -> Attachment:
        """Until it is stored. Raises ``Invalid`` with the reason when it cannot be, and
        ``ShuqiaoError`` (``still_storing``) when it takes longer than ``seconds``.
        """
        spent, pause = 0.0, _FIRST_WAIT
        while (found := self.refresh()).status == "confirmed":
            if spent >= seconds:
                text = say("attachment.storing", file=found.file_name)
                raise ShuqiaoError(text, code="still_storing")
            self._connection.sleep(pause)
            spent, pause = spent + pause, min(pause * 2, _LONGEST_WAIT)
        if found.status == "refused":
            raise Invalid(found.refusal or "", code="attachment_refused")
        return found

    def _path(self) -> str:
        return f"/resources/{quote(self._code, safe='')}/attachments/{quote(self.id, safe='')}"
