"""What kind of file was uploaded, by its bytes: the name is a hint where bytes say nothing.

Runs in the child.
"""

import re
from pathlib import Path
from typing import Final

from shuqiao.arrow.intake.archives import Archive, damaged_archive, protected
from shuqiao.arrow.intake.options import DecodeLimits, FileKind
from shuqiao.arrow.intake.workbook_parts import main_part
from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge
from shuqiao.i18n import Message, _

_MARK: Final = rb"(?:\xef\xbb\xbf)?"
_PAGE_START: Final = re.compile(
    _MARK + rb"\s*<(?:!doctype|html|head|body|table|meta|style|div|\?xml|!--)", re.IGNORECASE
)
_JSON_START: Final = re.compile(_MARK + rb"\s*(?:\{\s*[\"}]|\[\s*[\[{\]])")
_JSON_NAMES: Final = (".json", ".geojson", ".jsonl", ".ndjson")
_ARROW_NAMES: Final = (".arrow", ".arrows", ".feather", ".ipc")

#: An XLS sheet has 65,536 × 256 cells at most.
_COMPOUND_BYTES: Final = 128 * 1_048_576

#: First bytes of files that say what they are.
_FIRST_BYTES: Final = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
    (b"\xff\xff\xff\xff", "arrow"),
    (b"FEA1", "feather1"),
    (b"%PDF-", "document"),
    (b"{\\rtf", "document"),
    (b"\x89PNG", "image"),
    (b"GIF8", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"BM", "bitmap"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"BZh", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"SQLite format 3", "database"),
)


def file_kind(path: Path, file_name: str, limits: DecodeLimits) -> FileKind:
    """The kind of a file we read.

    Raises :class:`DecodeRefused` for what is plainly no table, saying what it is.
    """
    with path.open("rb") as file:
        head = file.read(4_096)
    if not head:
        raise DecodeRefused("empty", _("The file is empty."))
    suffix = Path(file_name).suffix.lower()
    found = next((name for first, name in _FIRST_BYTES if head.startswith(first)), None)
    if found == "bitmap":  # two letters that a text may begin with too
        found = "image" if b"\0" in head[:16] else None
    if found == "zip":
        return _packed_kind(path, limits)
    if found == "ole":
        return _compound_kind(path)
    if found == "parquet":
        return "parquet"
    if found == "arrow":
        return "arrow"
    if found is None and _PAGE_START.match(head):
        found = "page"
    if found is not None:
        raise _not_a_table(found)
    if suffix in _JSON_NAMES or _JSON_START.match(head):
        return "json"
    _check_name(suffix)
    return "csv"


def _check_name(suffix: str) -> None:
    """Refuse text that is named as if it were something else: the file
    was cut, or saved by the wrong program.
    """
    if suffix == ".parquet":
        raise DecodeRefused(
            "parquet_damaged", _("The file is named .parquet but does not begin like one.")
        )
    if suffix in _ARROW_NAMES:
        raise DecodeRefused(
            "arrow_damaged", _("The file is named like an Arrow file but does not begin like one.")
        )


def _packed_kind(path: Path, limits: DecodeLimits) -> FileKind:
    archive = Archive(path, limits)
    if main_part(archive) is not None:
        is_with_macros = any(
            name.endswith("vbaProject.bin") for name in archive.names
        ) or b"macroEnabled" in archive.read("[Content_Types].xml")
        return "xlsm" if is_with_macros else "xlsx"
    if "xl/workbook.bin" in archive:
        raise _not_a_table("xlsb")
    if "mimetype" in archive and "content.xml" in archive:
        kind = archive.read("mimetype").strip()
        if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read(
                "META-INF/manifest.xml"
            ):
                raise protected()
            return "ods"
        raise _not_a_table("document")
    if any(name.startswith(("word/", "ppt/")) for name in archive.names):
        raise _not_a_table("document")
    if "[Content_Types].xml" in archive:
        raise damaged_archive()
    raise _not_a_table("archive")


def _compound_kind(path: Path) -> FileKind:
    """The older Office files share one container; the names of its streams tell which it is."""
    if path.stat().st_size > _COMPOUND_BYTES:
        limit = _COMPOUND_BYTES // 1_048_576
        detail = _(
            "Workbooks of the old format (XLS) may have at most %(limit)s MB. Save it as CSV.",
            limit=limit,
        )
        raise DecodeTooLarge("file_size", detail)
    data = path.read_bytes()
    holds = {
        name
        for name in ("EncryptedPackage", "Workbook", "Book", "WORKBOOK", "BOOK")
        if _stream_name(name) in data
    }
    if "EncryptedPackage" in holds:
        raise protected()
    if not holds:
        raise _not_a_table("document")
    return "xls"


def _stream_name(name: str) -> bytes:
    """A directory entry of the container: the name in UTF-16, filled up
    with zeros to 64 bytes, then its length.
    """
    text = name.encode("utf-16-le")
    return text.ljust(64, b"\0") + (len(text) + 2).to_bytes(2, "little")


def _not_a_table(found: str) -> DecodeRefused:
    return DecodeRefused("not_a_table", _words(found), found=found)


def _words(found: str) -> Message:
    if found == "xlsb":
        return _("Binary workbooks (XLSB) are not read. Save the workbook as XLSX and upload that.")
    if found == "feather1":
        return _(
            "This is a Feather file of the first version. Save the table as Arrow, Parquet or CSV."
        )
    if found == "archive":
        return _("This is a packed archive. Unpack it and upload the table itself.")
    if found == "page":
        return _(
            "This is a web page or XML document, not a table. Export the table as XLSX or CSV."
        )
    return _(
        "This is a document, picture or database, not a table. Export the table as XLSX or CSV."
    )
