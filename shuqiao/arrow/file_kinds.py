"""What kind of file was uploaded, by its first bytes: the name is a hint for the wording only. Runs in the child."""

import re
from pathlib import Path
from typing import Final

from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import Message, _

_PAGE_START: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|table|\?xml|!--)", re.IGNORECASE)

#: First bytes of files that are no tables, or not yet read as such.
_FIRST_BYTES: Final = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "excel"),
    (b"ARROW1", "arrow"),
    (b"%PDF-", "document"),
    (b"{\\rtf", "document"),
    (b"\x89PNG", "image"),
    (b"GIF8", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"\x1f\x8b", "zip"),
    (b"7z\xbc\xaf", "zip"),
    (b"Rar!", "zip"),
    (b"BZh", "zip"),
    (b"\x28\xb5\x2f\xfd", "zip"),
    (b"SQLite format 3", "database"),
)


def file_kind(path: Path, file_name: str) -> str:
    """``csv`` or ``parquet``. Raises :class:`DecodeRefused` for what is plainly no table, saying what it is."""
    with path.open("rb") as file:
        head = file.read(4_096)
    if not head:
        raise DecodeRefused("empty", _("The file is empty."))
    if head.startswith(b"PAR1"):
        return "parquet"
    suffix = Path(file_name).suffix.lower()
    found = next((name for first, name in _FIRST_BYTES if head.startswith(first)), None)
    is_workbook = suffix in (".xlsx", ".xlsm", ".ods") or b"[Content_Types].xml" in head or b"opendocument" in head
    if found == "zip" and is_workbook:
        found = "excel"
    if found is None and _PAGE_START.match(head):
        found = "page"
    if found is None and (suffix in (".json", ".geojson") or re.match(rb"\s*(?:\{\s*\"|\[\s*[\[{])", head)):
        found = "json"
    if found is None and suffix == ".parquet":
        raise DecodeRefused("parquet_damaged", _("The file is named .parquet but does not begin like one."))
    if found is not None:
        raise DecodeRefused("not_a_table", _not_a_table(found), found=found)
    return "csv"


def _not_a_table(found: str) -> Message:
    if found == "excel":
        return _("Spreadsheet workbooks are not read yet. Save the sheet as CSV (UTF-8) and upload that.")
    if found == "zip":
        return _("This is a packed archive. Unpack it and upload the table itself, as CSV or Parquet.")
    if found == "page":
        return _("This is a web page or XML document, not a table. Export the table as CSV.")
    if found == "json":
        return _("This is a JSON document. Export the table as CSV or Parquet.")
    if found == "arrow":
        return _("Arrow files are not read yet. Save the table as Parquet or CSV.")
    return _("This is a document, picture or database, not a table. Export the table as CSV.")
