"""Pages of what went wrong: what happened, what to do, the request's id."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from shuqiao import clock, context
from shuqiao.errors import ShuqiaoError
from shuqiao.i18n import Message, _
from shuqiao.web.engine import show, wants_fragment
from shuqiao.web.page import Page


@dataclass(frozen=True, slots=True)
class ErrorPage(Page):
    """The error in words."""

    template = "error.html"
    error: ShuqiaoError
    advice: Message
    request_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ErrorPart(Page):
    """The words alone, for a part of a page that a script asks for."""

    template = "error-part.html"
    error: ShuqiaoError
    advice: Message


@dataclass(frozen=True, slots=True)
class EndedPart(Page):
    """The session has ended; what was typed stays around these words."""

    template = "ended.html"
    http_status = 401


def error_page(
    request: Request, error: ShuqiaoError, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """``error`` as a page, or as words where a part of a page was asked for."""
    said = error.advice or advice(error.status)
    page: Page = (
        ErrorPart(error, said)
        if wants_fragment(request)
        else ErrorPage(error, said, context.request_id(), clock.now())
    )
    return show(request, page, status=error.status, headers=headers)


def advice(status: int) -> Message:
    """What a person can do about an error of this HTTP status."""
    return _ADVICE.get(status, _ADVICE[500 if status >= 500 else 400])


_ADVICE: Final[Mapping[int, Message]] = {
    400: _("Go back, check the address or the form, and try again."),
    401: _("Sign in; you will come back to this page."),
    403: _("If this is part of your work, ask the security administrator for the role it takes."),
    404: _("Check the number or the address. It may also be something your role is not shown."),
    405: _(
        "Open the page from the bar above or from a link; this address only takes what a form "
        "sends."
    ),
    406: _("Ask for the page itself, or for one of the formats that the help names."),
    409: _("Load the page again to see the present state, then decide what to do."),
    412: _("Load the page again; what you typed can be copied from this browser's previous page."),
    413: _("Send a smaller file or text."),
    415: _("Send the form from the page itself, or the file in one of the listed formats."),
    416: _("Fetch the whole again, without Range; what arrived before is of no use."),
    422: _("Go back and correct the entries named here."),
    428: _("Open the page first, then change what you saw."),
    429: _("Wait a little, then try again."),
    500: _(
        "Nothing you did was lost beyond this step. Try again; if it stays, give the request id to "
        "the operators."
    ),
    503: _("Wait a minute and try again; nothing was changed."),
}
