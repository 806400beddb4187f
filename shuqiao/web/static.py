"""Style sheets and scripts: those of every page and the few vendor files
here, those of a room in its own ``static/<room>/``. Addresses carry the content's
hash and may be kept; comments of style sheets and of our own scripts stay here.
"""

import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from shuqiao.web.floors import folders_above

FOLDER: Final = Path(__file__).parent / "static"
PREFIX: Final = "/static"
#: None that begins with an exclamation mark: it names a licence.
_COMMENT: Final = re.compile(rb"/\*(?!!).*?\*/\n?", re.DOTALL)
#: Blanks around what separates rules and declarations: none of ours stand in a text.
_AROUND: Final = re.compile(rb"\s*([{};])\s*")
#: Of a script only what fills its lines: within one, ``//`` may stand in a text.
_LINES: Final = re.compile(rb"^[ \t]*(?://[^\n]*|/\*(?!!).*?\*/)[ \t]*\n", re.DOTALL | re.MULTILINE)
#: No text of our scripts goes over more than one line.
_INDENT: Final = re.compile(rb"^[ \t]+", re.MULTILINE)
_MEDIA: Final = {".css": "text/css", ".js": "text/javascript"}


def folders() -> tuple[Path, ...]:
    """Ours first, then those of the floors above (``shuqiao.web.floors``)."""
    return (FOLDER, *folders_above("static"))


def static(path: str) -> str:
    """The address of a file below a folder ``static/``.

    Raises ``FileNotFoundError`` naming the set-up for a missing file.
    """
    for folder in folders():
        file = folder / path
        try:
            found = file.stat()
        except FileNotFoundError:
            continue
        return f"{PREFIX}/{path}?v={_digest(file, found.st_mtime_ns, found.st_size)}"
    raise FileNotFoundError(f"{path} is in no static/; `python -m shuqiao.web.assets install`")


@lru_cache(maxsize=256)
def _digest(file: Path, changed_ns: int, length: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


@lru_cache(maxsize=16)
def _as_it_travels(file: str, changed_ns: int, length: int) -> bytes:
    body = Path(file).read_bytes()
    if not file.endswith(".css"):
        return _INDENT.sub(b"", _LINES.sub(b"", body))
    bare = _COMMENT.sub(b"", body)
    return bare if Path(file).parent.name == "vendor" else _AROUND.sub(rb"\1", bare)


class StaticApp(StaticFiles):
    """Mount at ``/static``.

    With ``?v=`` a file may be kept for a year, without it is asked for again.
    """

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)
        self.all_directories = [*folders()]

    def file_response(
        self,
        full_path: "str | os.PathLike[str]",
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        answer = super().file_response(full_path, stat_result, scope, status_code)
        path = Path(full_path)
        is_ours = path.suffix == ".css" or (path.suffix == ".js" and path.parent.name != "vendor")
        if is_ours and not isinstance(answer, NotModifiedResponse):
            told = {name: answer.headers[name] for name in ("etag", "last-modified")}
            changed, length = stat_result.st_mtime_ns, stat_result.st_size
            body = _as_it_travels(str(full_path), changed, length)
            answer = Response(body, status_code, told, media_type=_MEDIA[path.suffix])
        is_named = scope["query_string"].startswith(b"v=")
        answer.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if is_named else "no-cache"
        )
        return answer
