"""Every text people see is there in Chinese, with the same placeholders, once."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import nodes

from server.wiring import wire
from shuqiao.context import working_on
from shuqiao.i18n import LOCALE_FOLDER, Message, _, catalogue
from shuqiao.web import validation
from shuqiao.web.engine import environment, template_folders

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("server", "exchange", "catalog", "auth", "policies", "audit", "shuqiao")
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
#: Shown as they are: a template that only puts other texts together has no words of its own.
_WORDLESS = re.compile(r"[\W\d_]*")


def in_code() -> Iterator[tuple[str, str]]:
    """(where, message id) of every ``_("…")`` and ``Message("…")`` in the packages."""
    for where, node in calls():
        if isinstance(node.func, ast.Name) and node.func.id in ("_", "Message") and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield where, first.value


def in_interface() -> set[str]:
    """Summaries of routes and descriptions of what they take:
    translated in the OpenAPI document, not marked by ``_``.

    That none of them lacks its translation is tested where the document is made.
    """
    return {
        word.value.value
        for _where, node in calls()
        for word in node.keywords
        if word.arg in ("summary", "description") and isinstance(word.value, ast.Constant)
    }


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the packages, with its place."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def in_templates() -> Iterator[tuple[str, str]]:
    """The same for the templates."""
    wire()
    for folder in template_folders():
        for path in sorted(folder.rglob("*.html")):
            tree = environment().parse(path.read_text(encoding="utf-8"))
            for call in tree.find_all(nodes.Call):
                is_ours = isinstance(call.node, nodes.Name) and call.node.name == "_"
                if is_ours and call.args and isinstance(call.args[0], nodes.Const):
                    yield str(path.relative_to(ROOT)), str(call.args[0].value)


def test_every_text_is_translated_with_the_same_placeholders() -> None:
    chinese = catalogue("zh_CN")
    missing, differing = [], []
    for where, msgid in [*in_code(), *in_templates()]:
        if _WORDLESS.fullmatch(_PLACEHOLDER.sub("", msgid)):
            continue
        if msgid not in chinese:
            missing.append(f"{where}: {msgid}")
        elif not set(_PLACEHOLDER.findall(chinese[msgid])) <= set(_PLACEHOLDER.findall(msgid)):
            differing.append(f"{where}: {msgid} → {chinese[msgid]}")
    assert sorted(set(missing)) == []
    assert sorted(set(differing)) == []


def test_one_text_has_one_translation() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((LOCALE_FOLDER / "zh_CN").glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale="zh_CN"):
                if entry.id:
                    assert not entry.fuzzy, f"{path.name}: {entry.id}"
                    assert entry.string, f"{path.name}: {entry.id}"
                    found[str(entry.id)].add(str(entry.string))
    assert len(found) > 1_000
    assert {msgid: texts for msgid, texts in found.items() if len(texts) > 1} == {}


def test_no_translation_is_left_over() -> None:
    used = {msgid for _where, msgid in [*in_code(), *in_templates()]}
    of_tables = {message.msgid for message in validation.messages()}
    assert sorted(set(catalogue("zh_CN")) - used - of_tables - in_interface()) == []


@pytest.mark.parametrize(("language", "text"), [("en", "Please sign in"), ("zh_CN", "请先登录")])
def test_a_text_is_rendered_in_the_language_of_the_request(language: str, text: str) -> None:
    with working_on(locale=language):  # type: ignore[arg-type]
        assert str(_("Please sign in")) == text


def test_a_stored_message_comes_back_in_any_language_with_messages_inside() -> None:
    inner = _("The request was withdrawn; nothing more happens to it.")
    stored = Message("%(outer)s / %(number)s", {"outer": inner, "number": 3}).to_json()
    back = Message.from_json(stored)
    assert back.render("en") == f"{inner.render('en')} / 3"
    assert back.render("zh_CN") == f"{inner.render('zh_CN')} / 3"


def test_a_text_is_filled_with_what_it_names_and_nothing_else() -> None:
    filled = _("The grant %(no)s has expired").filled({"no": "GR-2026-000001", "title": "名录"})
    assert dict(filled.params) == {"no": "GR-2026-000001"}
    assert filled.render("en") == "The grant GR-2026-000001 has expired"
    with pytest.raises(KeyError):
        _("The grant %(no)s has expired").filled({"title": "名录"})
