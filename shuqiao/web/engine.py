"""Pages: templates found in every stage's own folder, rendered with what every page needs.

A stage ``catalog/resources`` keeps ``templates/resources/show.html``, named by the
:class:`~shuqiao.web.page.Page` that is shown with it; a script of its own lies in
``static/resources/`` beside. Macros are one global, ``ui`` (``ui.input``,
``ui.table`` …): nothing to import, and they work inside fragments too.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from shuqiao import clock, context
from shuqiao.i18n import _, ngettext, npgettext, pgettext
from shuqiao.ids import uuid7
from shuqiao.subject import Subject
from shuqiao.web import formats, nav
from shuqiao.web.floors import folders_above
from shuqiao.web.forms import anchor
from shuqiao.web.page import Page
from shuqiao.web.preferences import preferences_of
from shuqiao.web.static import static

TEMPLATES: Final = Path(__file__).parent / "templates"
_EXTRA: Final[list[Path]] = []
#: The token of the session whose page is being rendered: forms write it, macros know no page.
_form_token: ContextVar[str] = ContextVar("form_token", default="")
#: Files whose macros make up ``ui``.
_MACROS: Final = ("fields", "choices", "words", "lists", "data", "clocks", "actions")


def template_folders() -> tuple[Path, ...]:
    """Ours first, then those of the floors above (``shuqiao.web.floors``)."""
    return (TEMPLATES, *folders_above("templates"), *_EXTRA)


def register(folder: Path) -> None:
    """Also look for templates in ``folder`` (for packages outside this house, and for tests)."""
    if folder not in _EXTRA:
        _EXTRA.append(folder)


def environment() -> Environment:
    """The one Jinja environment of the process: autoescape always, an unknown name is an error."""
    return _environment(template_folders())


@cache
def _environment(folders: tuple[Path, ...]) -> Environment:
    env = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(_=_, ngettext=ngettext, pgettext=pgettext, npgettext=npgettext)
    env.globals.update(static=static, field_id=anchor, now=clock.now)
    env.globals.update(form_token=_form_token.get, once_key=lambda: uuid7().hex)
    env.filters.update(
        moment=formats.moment,
        business=formats.business,
        exact_moment=formats.exact_moment,
        day=formats.day,
        clock_time=formats.clock_time,
        number=formats.number,
        percent=formats.percent,
        size=formats.size,
    )
    env.globals["ui"] = _macros(env)
    return env


def _macros(env: Environment) -> SimpleNamespace:
    """Every public macro of ``macros/*.html``; they may call each other
    through ``ui`` as pages do.
    """
    ui = SimpleNamespace()
    env.globals["ui"] = ui
    for name in _MACROS:
        for macro, function in vars(env.get_template(f"macros/{name}.html").module).items():
            if not macro.startswith("_"):
                setattr(ui, macro, function)
    return ui


def show(
    request: Request,
    page: Page,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Render ``page``; ``status`` when it is not the page's own. Where the page names a block and
    htmx asked, only that block is sent.

    Every template gets ``subject`` (None when nobody is signed in), ``nav``, ``locale``,
    ``here``, and ``is_refused`` when the ``form`` it shows has errors.
    """
    found, status = environment().get_template(page.template), status or page.http_status
    _form_token.set(getattr(request.state, "csrf_token", None) or "")
    values = page.values()
    is_refused = bool(getattr(values.get("form"), "errors", ()))
    given = {**_every_page(request, status), "is_refused": is_refused, **values}
    if page.block is not None and wants_fragment(request):
        html = "".join(found.blocks[page.block](found.new_context(given)))
    else:
        html = found.render(given)
    answer = HTMLResponse(html, status, dict(headers or {}))
    if page.block is not None:
        answer.headers["Vary"] = "HX-Request, HX-Request-Type"
    return answer


def wants_fragment(request: Request) -> bool:
    """Whether htmx swaps a part of the page; restoring history or a
    boosted link needs the whole.
    """
    asked = request.headers
    return (
        asked.get("HX-Request") == "true"
        and asked.get("HX-History-Restore-Request") != "true"
        and asked.get("HX-Request-Type", "partial") != "full"
    )


def _every_page(request: Request, status: int) -> dict[str, Any]:
    subject: Subject | None = getattr(request.state, "subject", None)
    if subject is not None and subject.auth == "anonymous":
        subject = None
    return {
        "subject": subject,
        "nav": nav.bar(subject, request.url.path, getattr(request.state, "todo_count", None)),
        "locale": context.locale(),
        "preferences": preferences_of(request.scope),
        "here": lambda **changes: _here(request, changes),
        "is_failed": status >= 400,
    }


def _here(request: Request, changes: Mapping[str, Any]) -> str:
    """This page's address with query values changed; None removes one."""
    url = request.url.remove_query_params(
        [name for name, value in changes.items() if value is None]
    )
    url = url.include_query_params(
        **{name: value for name, value in changes.items() if value is not None}
    )
    return f"{url.path}?{url.query}" if url.query else url.path
