"""The XML parts of a packed workbook: which of them are read, and what refers to what. Runs in the
child.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final
from xml.parsers import expat

from shuqiao.arrow.intake.archives import Archive, damaged_archive
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import _

_DOCTYPE: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
#: Parts that no reader of tables opens: data models, code of macros, what add-ins keep.
UNREAD: Final = ("customXml/", "Basic/", "Scripts/", "Configurations2/", "Dialogs/", "docProps/")


def refuse_doctype(archive: Archive) -> None:
    """Refuse a workbook with a document type in any XML part that is read: entities have no place
    in one.
    """
    for name in archive.names:
        if not name.endswith((".xml", ".rels")) or name.startswith(UNREAD):
            continue
        rest = b""
        for piece in archive.pieces(name):
            if not rest and piece.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise damaged_archive()  # UTF-16, in which nothing below would be found
            if _DOCTYPE.search(rest + piece):
                raise _with_entities()
            rest = piece[-16:]


def main_part(archive: Archive) -> str | None:
    """The part that holds the workbook, as the relationships of the package say; None when there is
    none.
    """
    if "_rels/.rels" in archive:
        for kind, target in relationships(archive, PurePosixPath(), "").values():
            is_main = kind.endswith("/officeDocument") and target.endswith(".xml")
            if is_main and target in archive and b"workbook" in archive.read(target)[:4_096]:
                return target
    return "xl/workbook.xml" if "xl/workbook.xml" in archive else None


def relationships(archive: Archive, place: PurePosixPath, name: str) -> dict[str, tuple[str, str]]:
    """By their ids the kinds and targets of what a part refers to."""
    part = str(place / "_rels" / f"{name}.rels")
    found: dict[str, tuple[str, str]] = {}
    for tag, at in elements(archive.read(part)) if part in archive else ():
        if tag == "Relationship" and at.get("Id") and at.get("Target"):
            target = at["Target"]
            whole = target.lstrip("/") if target.startswith("/") else str(place / target)
            found[at["Id"]] = (at.get("Type", ""), whole)
    return found


def elements(document: bytes) -> list[tuple[str, dict[str, str]]]:
    """The elements of a small document in order: name without prefix, attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    parse(
        iter([document]),
        lambda tag, at: found.append((tag.rpartition(":")[2], at)),
        lambda _tag: None,
    )
    return found


def parse(pieces: Iterator[bytes], start: Any, end: Any) -> None:
    """Follow the elements of a document; one with a document type is refused."""
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = _refuse_doctype_at
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged_archive() from error


def _refuse_doctype_at(*_declared: object) -> None:
    raise _with_entities()


def _with_entities() -> DecodeRefused:
    detail = _(
        "The workbook holds XML entities, which no spreadsheet program writes. "
        "Open it in one, save it again, and upload the new file."
    )
    return DecodeRefused("entities", detail)
