"""How a reader wants the pages: language, large type, high contrast.

Cookies, set by plain links that work everywhere.

``?lang=en``, ``?type=large`` and ``?contrast=high`` on any page store the choice and lead back to
the same address without the question, so nothing flashes and no script is needed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from babel.core import negotiate_locale
from starlette.datastructures import Headers, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shuqiao.context import Locale

YEAR_SECONDS: Final = 365 * 24 * 3600
#: Query name and cookie name → accepted values, the first being the default.
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "lang": ("zh_CN", "en"),
    "type": ("normal", "large"),
    "contrast": ("normal", "high"),
}


@dataclass(frozen=True, slots=True)
class Preferences:
    """The reader's choices for one request."""

    locale: Locale = "zh_CN"
    is_large: bool = False
    is_contrast: bool = False


def preferences_of(scope: Scope) -> Preferences:
    """The choices of the request: cookie, else ``Accept-Language`` for
    the language, else Chinese.
    """
    headers = Headers(scope=scope)
    cookies = cookie_parser(headers.get("cookie", ""))
    chosen = cookies.get("lang")
    locale = chosen if chosen in CHOICES["lang"] else _accepted(headers.get("accept-language", ""))
    return Preferences(
        locale="en" if locale == "en" else "zh_CN",
        is_large=cookies.get("type") == "large",
        is_contrast=cookies.get("contrast") == "high",
    )


def store(answer: Response, chosen: Mapping[str, str], *, secure: bool) -> None:
    """Keep choices in this browser for a year."""
    for name, value in chosen.items():
        answer.set_cookie(
            name, value, max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="lax"
        )


class PreferenceLinks:
    """Pure ASGI middleware answering the links that store a choice; the API is left alone."""

    def __init__(self, app: ASGIApp, secure: bool = False) -> None:
        self.app = app
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        query = QueryParams(scope["query_string"])
        chosen = {
            name: query[name] for name, values in CHOICES.items() if query.get(name) in values
        }
        if not chosen:
            await self.app(scope, receive, send)
            return
        await self._stored(scope["path"], query, chosen)(scope, receive, send)

    def _stored(self, path: str, query: QueryParams, chosen: Mapping[str, str]) -> RedirectResponse:
        rest = urlencode([pair for pair in query.multi_items() if pair[0] not in chosen])
        # never "//host": a path is always of this service
        answer = RedirectResponse(
            "/" + path.lstrip("/\\") + (f"?{rest}" if rest else ""), status_code=303
        )
        store(answer, chosen, secure=self.secure)
        return answer


def _accepted(header: str) -> str | None:
    """The language the browser prefers among ours; any Chinese is ours."""
    wanted = sorted((_weighed(part) for part in header.split(",")[:20]), key=lambda pair: -pair[1])
    tags = [
        "zh_CN" if tag.lower().startswith("zh") else tag.replace("-", "_")
        for tag, weight in wanted
        if weight > 0
    ]
    return negotiate_locale(tags, ["zh_CN", "en"], sep="_") if tags else None


def _weighed(part: str) -> tuple[str, float]:
    tag, _, weight = part.strip().partition(";q=")
    try:
        return (tag if tag.replace("-", "").isalnum() else "", float(weight or 1))
    except ValueError:
        return tag, 0.0
