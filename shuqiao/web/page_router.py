"""Routes of pages: what an endpoint returns is a :class:`~shuqiao.web.page.Page`, and what a form
is refused for is shown on the page it came from, as it was typed::

    router = PageRouter()

    @router.page("/grants/{no}/revocation")
    def question(found: RevocableGrantSeen, session: ReadSessionDep) -> RevocationPage:
        return revocation_page(session, found, Form())

    @router.form("/grants/{no}/revocations", again=revocation_page)
    def revoke(found: RevocableGrant, session: SessionDep, form: FormDep, once: OnceDep):
        reason = form.parse(Revocation).reason
        service.revoke(session, found.subject, found.object, form.version, reason)
        return once.go_to(f"/grants/{found.object.grant_no}?done={REVOKE.word}")

``again`` takes ``form``, with the errors, and any of the endpoint's own parameters by their names.
It runs after everything the endpoint wrote was taken back; what it writes itself (a draft) stays.
An endpoint may be a coroutine, for work with threads of its own (``shuqiao.web.threads``): it
waits for none of those that pages share. It takes no session, and ``again`` reads nothing.
Headers that belong to the answer are put into a parameter ``response: Response``, as in endpoints
of programs; a refusal has none of them.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar, cast

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from shuqiao.db import start_over
from shuqiao.errors import Conflict, Invalid, PreconditionFailed, ShuqiaoError, TooLarge
from shuqiao.web.engine import show
from shuqiao.web.forms import Form, FormInvalid
from shuqiao.web.page import Page

P = ParamSpec("P")
Shown = TypeVar("Shown", bound=Page | Response | Awaitable[Page | Response])

Refusal = type[FormInvalid] | type[ShuqiaoError]

#: What a form is shown again for, with the present state around it; who may not, and what is not
#: there, are pages of their own.
REFUSED: Final[tuple[Refusal, ...]] = (
    FormInvalid,
    Invalid,
    Conflict,
    PreconditionFailed,
    TooLarge,
)


class PageRouter(APIRouter):
    """The routes of one room's pages."""

    def page(
        self, path: str, *, again: Callable[..., Page] | None = None
    ) -> Callable[[Callable[P, Shown]], Callable[P, Shown]]:
        """A page to read (GET); ``again`` where what is asked for is typed into a form of it."""
        return self._route(path, "GET", 200, again, REFUSED)

    def form(
        self,
        path: str,
        *,
        again: Callable[..., Page] | None = None,
        also: Sequence[type[ShuqiaoError]] = (),
        status_code: int = 303,
    ) -> Callable[[Callable[P, Shown]], Callable[P, Shown]]:
        """Where a form is sent (POST); ``again`` makes the page to correct it on.

        ``also``: what this form is shown again for, beside ``REFUSED``.
        """
        return self._route(path, "POST", status_code, again, (*REFUSED, *also))

    def _route(
        self,
        path: str,
        method: str,
        status: int,
        again: Callable[..., Page] | None,
        refused: tuple[Refusal, ...],
    ) -> Callable[[Callable[P, Shown]], Callable[P, Shown]]:
        def route(endpoint: Callable[P, Shown]) -> Callable[P, Shown]:
            self.add_api_route(
                path,
                _answering(endpoint, again, refused),
                methods=[method],
                status_code=status,
                response_model=None,
            )
            return endpoint

        return route


def _answering(
    endpoint: Callable[..., Page | Response | Awaitable[Page | Response]],
    again: Callable[..., Page] | None,
    refused: tuple[Refusal, ...],
) -> Callable[..., Response | Awaitable[Response]]:
    """``endpoint`` with its page rendered, and with its form shown again when it was refused."""
    own = inspect.signature(endpoint)
    wanted = _by_name(endpoint, own, again) if again else ()
    asks_request = "request" in own.parameters

    def corrected(request: Request, refusal: Any, given: Mapping[str, Any]) -> Response:
        if again is None:
            raise refusal
        form = _with_words(given.get("form") or Form(), refusal)
        for session in given.values():
            if isinstance(session, Session):
                start_over(session)
        page = again(form=form, **{name: given[name] for name in wanted})
        return _shown_again(request, page, refusal)

    @wraps(endpoint)
    def answer(request: Request, **given: Any) -> Response:
        if asks_request:
            given["request"] = request
        try:
            shown = cast("Page | Response", endpoint(**given))
            return _response(request, shown, given.values())
        except refused as refusal:
            return corrected(request, refusal, given)

    @wraps(endpoint)
    async def answer_apart(request: Request, **given: Any) -> Response:
        if asks_request:
            given["request"] = request
        try:
            shown = await cast("Awaitable[Page | Response]", endpoint(**given))
            return _response(request, shown, given.values())
        except refused as refusal:
            return corrected(request, refusal, given)

    parameters = [each for name, each in own.parameters.items() if name != "request"]
    asked = inspect.Parameter(
        "request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request
    )
    signature = own.replace(parameters=[asked, *parameters], return_annotation=Response)
    if inspect.iscoroutinefunction(endpoint):
        answer_apart.__signature__ = signature  # type: ignore[attr-defined]
        return answer_apart
    answer.__signature__ = signature  # type: ignore[attr-defined]
    return answer


def _by_name(
    endpoint: Callable[..., Any], own: inspect.Signature, again: Callable[..., Page]
) -> tuple[str, ...]:
    """The parameters of the endpoint that ``again`` asks for.

    Raises ``TypeError`` when the endpoint has none of that name.
    """
    asked: Mapping[str, inspect.Parameter] = inspect.signature(again).parameters
    if "form" not in asked:
        raise TypeError(f"{again.__qualname__} takes no form")
    unknown = [
        name
        for name, each in asked.items()
        if name not in (*own.parameters, "form") and each.default is each.empty
    ]
    if unknown:
        raise TypeError(f"{endpoint.__qualname__} has no {', '.join(unknown)} to show again")
    return tuple(name for name in asked if name in own.parameters and name != "form")


def _with_words(form: Form, refusal: FormInvalid | ShuqiaoError) -> Form:
    return refusal.form if isinstance(refusal, FormInvalid) else form.refused(refusal)


def _shown_again(request: Request, page: Page, refusal: FormInvalid | ShuqiaoError) -> Response:
    seconds = None if isinstance(refusal, FormInvalid) else refusal.retry_after
    wait = {} if seconds is None else {"Retry-After": str(seconds)}
    return show(request, page, status=refusal.status, headers=wait)


def _response(request: Request, shown: Page | Response, given: Iterable[object]) -> Response:
    """The page rendered, with the headers that the endpoint put into its ``response``."""
    answer = show(request, shown) if isinstance(shown, Page) else shown
    for each in given:
        if isinstance(each, Response):
            answer.headers.raw.extend(each.headers.raw)
    return answer
