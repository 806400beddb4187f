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
"""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

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
Shown = TypeVar("Shown", bound=Page | Response)

#: What a form is shown again for, with the present state around it; who may not, and what is not
#: there, are pages of their own.
REFUSED: Final = (FormInvalid, Invalid, Conflict, PreconditionFailed, TooLarge)


class PageRouter(APIRouter):
    """The routes of one room's pages."""

    def page(self, path: str) -> Callable[[Callable[P, Shown]], Callable[P, Shown]]:
        """A page to read (GET)."""
        return self._route(path, "GET", 200, None)

    def form(
        self, path: str, *, again: Callable[..., Page] | None = None, status_code: int = 303
    ) -> Callable[[Callable[P, Shown]], Callable[P, Shown]]:
        """Where a form is sent (POST); ``again`` makes the page to correct it on."""
        return self._route(path, "POST", status_code, again)

    def _route(
        self, path: str, method: str, status: int, again: Callable[..., Page] | None
    ) -> Callable[[Callable[P, Shown]], Callable[P, Shown]]:
        def route(endpoint: Callable[P, Shown]) -> Callable[P, Shown]:
            self.add_api_route(
                path,
                _answering(endpoint, again),
                methods=[method],
                status_code=status,
                response_model=None,
            )
            return endpoint

        return route


def _answering(
    endpoint: Callable[..., Page | Response], again: Callable[..., Page] | None
) -> Callable[..., Response]:
    """``endpoint`` with its page rendered, and with its form shown again when it was refused."""
    own = inspect.signature(endpoint)
    wanted = _by_name(endpoint, own, again) if again else ()
    asks_request = "request" in own.parameters

    @wraps(endpoint)
    def answer(request: Request, **given: Any) -> Response:
        if asks_request:
            given["request"] = request
        try:
            return _response(request, endpoint(**given))
        except REFUSED as refusal:
            if again is None:
                raise
            form = _with_words(given.get("form") or Form(), refusal)
            for session in given.values():
                if isinstance(session, Session):
                    start_over(session)
            page = again(form=form, **{name: given[name] for name in wanted})
            return show(request, page, status=refusal.status)

    parameters = [each for name, each in own.parameters.items() if name != "request"]
    asked = inspect.Parameter(
        "request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request
    )
    answer.__signature__ = own.replace(  # type: ignore[attr-defined]
        parameters=[asked, *parameters], return_annotation=Response
    )
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


def _response(request: Request, shown: Page | Response) -> Response:
    return show(request, shown) if isinstance(shown, Page) else shown
