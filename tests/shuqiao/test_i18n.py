"""Every text people see is there in Chinese, with the same placeholders; a text counts, tells its
context, and comes back as it was kept.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import nodes

from server.wiring import wire
from shuqiao.context import working_on
from shuqiao.i18n import Message, _, catalogue
from shuqiao.web.engine import environment, template_folders

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("server", "exchange", "catalog", "auth", "policies", "audit", "shuqiao")
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
#: Shown as they are: a template that only puts other texts together has no words of its own.
_WORDLESS = re.compile(r"[\W\d_]*")
#: Marker → the places of its context and of its id; `Message` is a marker nowhere, but is seen.
_MARKERS = {
    "_": (None, 0),
    "Message": (None, 0),
    "ngettext": (None, 0),
    "pgettext": (0, 1),
    "npgettext": (0, 1),
}


def in_code() -> Iterator[tuple[str, str, str]]:
    """(where, context, message id) of every marked text in the packages, found by the syntax tree:
    another way than the one that wrote the files.
    """
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    given = [
                        arg.value if isinstance(arg, ast.Constant) else None for arg in node.args
                    ]
                    for context, msgid in marked(node.func.id, given):
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", context, msgid


def in_templates() -> Iterator[tuple[str, str, str]]:
    """The same for the templates."""
    wire()
    for folder in template_folders():
        for path in sorted(folder.rglob("*.html")):
            tree = environment().parse(path.read_text(encoding="utf-8"))
            for call in tree.find_all(nodes.Call):
                if isinstance(call.node, nodes.Name):
                    given = [
                        arg.value if isinstance(arg, nodes.Const) else None for arg in call.args
                    ]
                    for context, msgid in marked(call.node.name, given):
                        yield str(path.relative_to(ROOT)), context, msgid


def marked(function: str, given: list[object]) -> Iterator[tuple[str, str]]:
    """Context and id of a call, if it marks a text."""
    if function in _MARKERS:
        context, msgid = (
            given[place] if place is not None and place < len(given) else ""
            for place in _MARKERS[function]
        )
        if isinstance(context, str) and isinstance(msgid, str) and msgid:
            yield context, msgid


def test_every_text_is_translated_with_the_same_placeholders() -> None:
    chinese = catalogue("zh_CN")
    missing, differing = [], []
    texts = [*in_code(), *in_templates()]
    for where, context, msgid in texts:
        if _WORDLESS.fullmatch(_PLACEHOLDER.sub("", msgid)):
            continue
        if (context, msgid) not in chinese:
            missing.append(f"{where}: {msgid}")
        elif not set(_PLACEHOLDER.findall(chinese[context, msgid])) <= set(
            _PLACEHOLDER.findall(msgid)
        ):
            differing.append(f"{where}: {msgid} → {chinese[context, msgid]}")
    assert len(texts) > 2_500
    assert sorted(set(missing)) == []
    assert sorted(set(differing)) == []


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
