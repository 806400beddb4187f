import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir, extract_from_file
from jinja2 import UndefinedError
from starlette.requests import Request
from starlette.responses import Response

from server.wiring import wire
from shuqiao import context
from shuqiao.errors import Forbidden, Invalid, NotFound, Unavailable
from shuqiao.i18n import _, catalogue
from shuqiao.subject import Subject
from shuqiao.web import engine, formats
from shuqiao.web.error_pages import error_page
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.static import FOLDER, static

HOUSE = Path(__file__).parents[3]
WEB = HOUSE / "shuqiao" / "web"


@dataclass(frozen=True, slots=True)
class BarePage(Page):
    template = "x.html"


@dataclass(frozen=True, slots=True)
class WordsPage(Page):
    template = "x.html"
    words: str
    form: Form


@dataclass(frozen=True, slots=True)
class PartPage(Page):
    template = "x.html"
    block = "part"


def request_of(
    path: str = "/", query: str = "", headers: dict[str, str] | None = None, **state: object
) -> Request:
    raw = [
        (name.lower().encode(), value.encode())
        for name, value in {"host": "h", **(headers or {})}.items()
    ]
    return Request(
        {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": raw,
            "state": state,
            "scheme": "http",
            "server": ("h", 80),
            "root_path": "",
        }
    )


def text_of(answer: Response) -> str:
    return bytes(answer.body).decode()


@pytest.fixture
def templates(tmp_path: Path) -> Iterator[Path]:
    engine.register(tmp_path)
    yield tmp_path
    engine._EXTRA.remove(tmp_path)


def test_texts_are_escaped_also_inside_macros(templates: Path) -> None:
    (templates / "x.html").write_text(
        "{{ ui.tag(words) }}{{ ui.input(form, 'a', words, hint=words) }}"
        "{{ _('%(field)s: %(error)s', field=words, error=1) }}"
    )
    html = text_of(engine.show(request_of(), WordsPage("<b>&'\"", Form.of({"a": '"><b>'}))))
    assert "<b>" not in html
    assert '"><b' not in html


def test_unknown_name_is_an_error(templates: Path) -> None:
    (templates / "x.html").write_text("{{ nobody }}")
    with pytest.raises(UndefinedError):
        engine.show(request_of(), BarePage())


def test_fragment_is_sent_only_when_htmx_swaps_a_part(templates: Path) -> None:
    (templates / "x.html").write_text(
        "{% extends 'layout.html' %}{% block content %}<h1>all</h1>"
        "{% block part %}{{ ui.tag('part') }}{% endblock %}{% endblock %}"
    )
    swap = {"HX-Request": "true", "HX-Request-Type": "partial"}

    def body(headers: dict[str, str]) -> str:
        answer = engine.show(request_of(headers=headers), PartPage())
        assert "HX-Request" in answer.headers["Vary"]
        return text_of(answer)

    assert body(swap) == '<span class="sq-tag sq-neutral">part</span>'
    for whole in (
        {},
        {**swap, "HX-Request-Type": "full"},
        {**swap, "HX-History-Restore-Request": "true"},
    ):
        assert "<h1>all</h1>" in body(whole)


def test_layout_knows_who_is_there() -> None:
    signed_in = Subject(None, "a", "<甲>", None, "公安厅", frozenset({"applicant"}), "session")
    html = text_of(error_page(request_of(subject=signed_in, csrf_token="tok"), NotFound()))
    assert "&lt;甲&gt;" in html
    assert "公安厅" in html
    assert 'href="/me"' in html
    assert 'value="tok"' in html
    assert 'action="/sign-out"' in html
    anonymous = text_of(error_page(request_of(subject=Subject.anonymous()), NotFound()))
    assert 'href="/sign-in"' in anonymous
    assert "/sign-out" not in anonymous


@pytest.mark.parametrize("error", [Forbidden(_("Clock stopped")), Unavailable(), Invalid()])
def test_error_page_says_what_to_do_and_the_request_id(error: Forbidden) -> None:
    with context.working_on(request_id="abc123"):
        answer = error_page(request_of(), error)
    assert answer.status_code == error.status
    assert "abc123" in text_of(answer)
    assert "处理办法" in text_of(answer)


def test_preferences_reach_the_page() -> None:
    html = text_of(
        error_page(request_of(headers={"Cookie": "type=large; contrast=high"}), NotFound())
    )
    assert '<html lang="zh-CN" class="large contrast">' in html
    with context.working_on(locale="en"):
        english = text_of(error_page(request_of("/catalog", "q=学&page=2"), NotFound()))
    assert '<html lang="en">' in english
    assert 'href="/catalog?q=%E5%AD%A6&amp;page=2&amp;lang=zh_CN"' in english


def test_addresses_of_static_files_follow_their_content() -> None:
    assert re.fullmatch(r"/static/shuqiao\.css\?v=[0-9a-f]{16}", static("shuqiao.css"))
    with pytest.raises(FileNotFoundError):
        static("vendor/nothing.js")


def test_times_are_beijing_times() -> None:
    moment = datetime(2026, 2, 10, 16, 5, 7, 123000, tzinfo=UTC)
    assert (
        formats.moment(moment)
        == '<time datetime="2026-02-11T00:05:07+08:00">2026-02-11 00:05</time>'
    )
    assert formats.exact_moment(moment).endswith(">2026-02-11 00:05:07.123 +08:00</time>")
    assert formats.day(moment) == formats.day(date(2026, 2, 11))
    assert (
        formats.number(1234567),
        formats.number(None),
        formats.size(1536),
        formats.percent(0.83),
    ) == ("1,234,567", "—", "1.5 KB", "83%")


def test_pages_hold_nothing_inline_and_nothing_that_is_evaluated() -> None:
    """`hx-on`, `js:` and filters in triggers need eval; style and on…
    attributes need unsafe-inline.
    """
    forbidden = re.compile(
        r"""\sstyle=|<style|hx-on|["']js:|javascript:|hx-live|\son[a-z]+=|<script(?![^>]*\bsrc=)"""
        r"""|hx-trigger="[^"]*\[|https?://"""
    )
    wire()
    templates = [each for folder in engine.template_folders() for each in folder.rglob("*.html")]
    assert len(templates) > 50
    for template in templates:
        found = forbidden.search(template.read_text(encoding="utf-8"))
        assert found is None, f"{template}: {found}"


def test_script_is_small_and_evaluates_nothing() -> None:
    script = (FOLDER / "shuqiao.js").read_text(encoding="utf-8")
    assert len(script.encode()) < 4_096
    assert not re.search(r"\beval\b|new Function|innerHTML|setTimeout\(\s*[\"']", script)


def test_every_text_of_the_pages_is_translated() -> None:
    found: set[str] = set()
    for row in extract_from_dir(
        WEB, method_map=[("**.py", "python"), ("templates/**.html", "jinja2")], keywords={"_": None}
    ):
        found.add(str(row[2]))
    found |= {
        str(row[1])
        for row in extract_from_file(
            "python", HOUSE / "shuqiao" / "strict_json.py", keywords={"_": None}
        )
    }
    assert len(found) > 100
    chinese = {msgid: text for (_context, msgid), text in catalogue("zh_CN").items()}
    assert sorted(found - set(chinese)) == []
    for msgid in found:
        assert set(re.findall(r"%\((\w+)\)s", msgid)) == set(
            re.findall(r"%\((\w+)\)s", chinese[msgid])
        ), msgid
