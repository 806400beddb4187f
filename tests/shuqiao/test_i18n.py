"""Every text people see is there in Chinese, with the same placeholders; a text counts, tells its
context, and comes back as it was kept.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import nodes
from markupsafe import Markup

from server.wiring import wire
from shuqiao.context import working_on
from shuqiao.i18n import Message, _, catalogue, ngettext, npgettext, pgettext
from shuqiao.limits import Named
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


@pytest.mark.parametrize(
    ("number", "english", "chinese"),
    [
        (0, "0 accounts", "共 0 个账号"),
        (1, "1 account", "共 1 个账号"),
        (2, "2 accounts", "共 2 个账号"),
    ],
)
def test_english_counts_and_chinese_has_one_form(number: int, english: str, chinese: str) -> None:
    text = ngettext("%(count)s account", "%(count)s accounts", number)
    assert (text.render("en"), text.render("zh_CN")) == (english, chinese)
    grouped = ngettext("%(count)s row", "%(count)s rows", 1_000, count="1,000")
    assert grouped.render("en") == "1,000 rows"


def test_the_same_english_is_told_apart_by_its_context() -> None:
    assert pgettext("database", "Table").render("zh_CN") == "表"
    assert _("Table").render("zh_CN") == "表格"
    assert pgettext("database", "Table").render("en") == "Table"


def test_a_counted_text_in_its_context_comes_back_from_where_it_was_kept() -> None:
    kept = npgettext("file", "%(count)s row", "%(count)s rows", 2).to_json()
    assert kept == {
        "msgid": "%(count)s row",
        "params": {"count": 2},
        "context": "file",
        "plural": "%(count)s rows",
        "number": 2,
    }
    assert Message.from_json(kept).render("en") == "2 rows"
    assert set(_("Please sign in").to_json()) == {"msgid", "params"}


def test_a_text_kept_before_it_counted_or_had_a_context_is_read_in_chinese() -> None:
    counted = Message.from_json({"msgid": "%(count)s accounts", "params": {"count": 3}})
    assert counted.render("zh_CN") == "共 3 个账号"
    assert counted.render("en") == "3 accounts"
    in_context = Message.from_json({"msgid": "View", "params": {}})
    assert in_context.render("zh_CN") == "视图"


def test_a_page_keeps_what_a_parameter_marks_up_and_escapes_all_else() -> None:
    day = Markup("<time>2026-02-11</time>")
    said = Message("<i> %(day)s %(title)s %(inner)s", {"day": day, "title": "a<b", "inner": _("A")})
    assert said.__html__() == "&lt;i&gt; <time>2026-02-11</time> a&lt;b A"
    law = Named.of(zh="国务院令第<809>号", en="Order 809")
    assert Message("%(law)s", {"law": law}).__html__() == "国务院令第&lt;809&gt;号"
