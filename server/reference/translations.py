"""The translations: ``<room>/locale/zh_CN.po`` beside what shows their words.

``python -m server.reference.translations`` reads code and templates with Babel's extractors and
writes every file anew: new texts come in without Chinese, what nobody shows any more goes. A test
compares the files with what it would write.

A room is a folder below a package (``exchange/requests``, ``shuqiao/web``); what lies in the
package itself is the package's own. A text that several rooms show stands in each of them, with the
same Chinese; a new one takes over what another room has.
"""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po

from shuqiao.i18n import packages, translations

HOUSE: Final = Path(__file__).parents[2]
LANGUAGE: Final = "zh_CN"
#: The header without dates and people: a file is the same whenever and by whomever it is written.
HEAD: Final = b"""msgid ""
msgstr ""
"Language: zh_CN\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
_KEYWORDS: Final = {
    "_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
#: The first that fits. Settings and parameters of pages are described for who reads the code.
_METHODS: Final = (
    ("settings.py", "python"),
    ("**/pages.py", "python"),
    ("**/pages/**.py", "python"),
    ("**.py", f"{__package__}.translations:extract_interface"),
    ("**/templates/**.html", "jinja2.ext:babel_extract"),
)
_OPTIONS: Final = {"**.html": {"silent": "false"}}
#: A text: (context, id or ids of singular and plural).
Key = tuple[str | None, str | tuple[str, ...]]


def extract_interface(
    source: BinaryIO, keywords: Mapping[str, Any], tags: Collection[str], options: Any
) -> Iterator[Any]:
    """Extraction method: Python's, and what a route or field tells about itself. FastAPI takes
    ``summary`` and ``description`` as plain strings; the interface reference translates them.
    """
    yield from extract_python(source, keywords, tags, options)
    source.seek(0)
    for node in ast.walk(ast.parse(source.read())):
        if isinstance(node, ast.Call):
            for word in node.keywords:
                told = word.value.value if isinstance(word.value, ast.Constant) else None
                if word.arg in ("summary", "description") and isinstance(told, str):
                    yield word.value.lineno, "_", told, []


def found() -> dict[Path, dict[Key, list[str]]]:
    """Every room's texts with the files that show them, in the order of files, then of texts."""
    places: dict[Path, dict[Key, set[str]]] = {}
    for package in packages():
        for name, _line, text, _comments, context in extract_from_dir(
            package, _METHODS, _OPTIONS, _KEYWORDS
        ):
            room = package / name.split("/")[0] if "/" in name else package
            texts = places.setdefault(room / "locale" / f"{LANGUAGE}.po", {})
            texts.setdefault((context, text), set()).add(f"{package.name}/{name}")
    ordered = {}
    for path, texts in sorted(places.items()):
        listed = [(key, sorted(files)) for key, files in texts.items()]
        ordered[path] = dict(sorted(listed, key=_order))
    return ordered


def _order(listed: tuple[Key, list[str]]) -> tuple[str, tuple[str, ...], str]:
    (context, text), files = listed
    return files[0], (text,) if isinstance(text, str) else text, context or ""


def kept() -> dict[Path, dict[Key, Message]]:
    """What the files hold now."""
    return {path: entries(path.read_bytes()) for path in translations(LANGUAGE)}


def entries(content: bytes) -> dict[Key, Message]:
    """What one file holds, without its header."""
    catalog = read_po(BytesIO(content), locale=LANGUAGE)
    return {(entry.context, _hashable(entry.id)): entry for entry in catalog if entry.id}


def is_translated(entry: Message) -> bool:
    strings = [entry.string] if isinstance(entry.string, str) else entry.string or [""]
    return all(strings) and not entry.fuzzy


def written() -> dict[Path, bytes]:
    """Every file as it has to be."""
    held = kept()
    anywhere = {key: entry for texts in held.values() for key, entry in texts.items()}
    return {
        path: _file(texts, {**anywhere, **held.get(path, {})}) for path, texts in found().items()
    }


def _file(texts: Mapping[Key, Iterable[str]], known: Mapping[Key, Message]) -> bytes:
    catalog = Catalog(locale=LANGUAGE)
    for (context, text), files in texts.items():
        entry = known.get((context, text))
        catalog.add(
            text,
            entry.string if entry else None,
            locations=[(name, 0) for name in files],
            flags={"fuzzy"} if entry and entry.fuzzy else (),
            user_comments=entry.user_comments if entry else (),
            context=context,
        )
    lines = BytesIO()
    write_po(lines, catalog, width=0, omit_header=True, include_lineno=False)
    return HEAD + lines.getvalue().rstrip(b"\n") + b"\n"


def _hashable(text: str | Iterable[str]) -> str | tuple[str, ...]:
    return text if isinstance(text, str) else tuple(text)


def main() -> None:
    """Write the files, and say which texts want their Chinese."""
    files = written()
    for path in set(translations(LANGUAGE)) - set(files):
        path.unlink()
    for path, content in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        for entry in entries(content).values():
            if not is_translated(entry):
                print(f"{path.relative_to(HOUSE)}: {entry.id}")


if __name__ == "__main__":
    main()
