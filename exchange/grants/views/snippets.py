"""Code that fetches a grant's data, complete and runnable as it stands
with the reader's own profile file.

The token stays in the profile: it is in no snippet, in no address and on no command line that
others could read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from shuqiao.i18n import Message, _


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code to copy. ``id`` names the tab in the address and the element on the page."""

    id: str
    title: Message
    hint: Message
    text: str


_FRAME: Final = """\
from shuqiao_client import Client

frame = Client.from_profile().grant("{no}").{method}()
print(frame)
"""
_READER: Final = """\
import duckdb
from shuqiao_client import Client

reader = Client.from_profile().grant("{no}").reader()
print(duckdb.sql("SELECT count(*) AS row_count FROM reader"))
"""
_COMMAND: Final = "sq resource get {no} -o {no}.parquet\n"
_SQL: Final = """\
sq resource get {no} -o {no}.parquet
duckdb -c "SELECT * FROM '{no}.parquet' LIMIT 10"
"""
_CURL: Final = """\
python3 -c 'import json, os
path = os.environ.get("SHUQIAO_PROFILE") or os.path.expanduser("~/.config/shuqiao/profile.json")
print("header = \\"Authorization: Bearer %s\\"" % json.load(open(path))["token"])' |
  curl --fail --config - --output {no}.arrows "{url}"
"""
_CLIENT: Final = "shuqiao-client"
_INSTALL: Final = """\
pip install {wheel}
sq auth login --endpoint {origin}
"""


def snippets(grant_no: str, data_url: str) -> Sequence[Snippet]:
    """One snippet a tool, the first one for most readers."""
    checked = _(
        "Everything is compared with the receipt; a stream that was cut raises an error and gives "
        "no frame."
    )
    return (
        Snippet(
            "polars", _("Python: polars"), checked, _FRAME.format(no=grant_no, method="to_polars")
        ),
        Snippet(
            "pandas", _("Python: pandas"), checked, _FRAME.format(no=grant_no, method="to_pandas")
        ),
        Snippet(
            "duckdb",
            _("Python: DuckDB"),
            _("Reads while the rows arrive, in constant memory."),
            _READER.format(no=grant_no),
        ),
        Snippet(
            "sq",
            _("Command line: sq"),
            _("Also .arrow and .csv; the file appears only when it agrees with the receipt."),
            _COMMAND.format(no=grant_no),
        ),
        Snippet(
            "sql",
            _("DuckDB SQL"),
            _("The file is fetched and checked first, then queried."),
            _SQL.format(no=grant_no),
        ),
        Snippet(
            "curl",
            _("curl"),
            _("For programs of your own. The page of the transfer shows how to check the file."),
            _CURL.format(no=grant_no, url=data_url),
        ),
    )


def install(origin: str) -> str:
    """How a machine gets the client and its profile, once: two lines."""
    try:
        release = version(_CLIENT)
    except PackageNotFoundError:  # the pages may run without it; programs still need it
        release = "*"
    return _INSTALL.format(wheel=f"shuqiao_client-{release}-py3-none-any.whl", origin=origin)
