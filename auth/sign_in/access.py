"""One try to sign in, and the cookie it leads to."""

from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Final

from fastapi import Depends, Request, Response
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from audit.receipts import receipt
from auth.identify import check_origin, cookie_name
from auth.sessions.errors import SignInLocked, SignInRefused
from auth.sessions.service import sessions, throttle
from shuqiao import deadline
from shuqiao.db import beside, unit_of_work
from shuqiao.errors import Unavailable
from shuqiao.settings import settings
from shuqiao.web.threads import Threads

#: Signing in goes on when pages and programs have used up the threads and connections of all.
THREADS: Final = Threads("sign-in", 4)
_CONNECTIONS: Final = ("sign-in", 2)
#: How much longer than its time a try takes to be taken back.
_TAKING_BACK_SECONDS: Final = 0.3


async def _own_origin(request: Request) -> None:
    check_origin(request)


async def _had(request: Request) -> str | None:
    return request.cookies.get(cookie_name())


# What is asked before the try waits for no thread either.
#: Nobody is signed in yet, so no form token tells our own page from another site's.
OwnOrigin = Annotated[None, Depends(_own_origin)]
#: The cookie of the session that this browser has already, perhaps of one that has ended.
HadCookie = Annotated[str | None, Depends(_had)]


def attempt(account: str, password: str, had: str | None = None) -> sessions.SignedIn:
    """Try to sign in; success and failure are both committed before anything is answered.

    ``had``: the browser's cookie; success ends its session. A try that we could not answer counts
    as none.
    """
    own = beside(*_CONNECTIONS)
    with unit_of_work(own) as session:
        is_known = throttle.admit(session, account)
    try:
        with unit_of_work(own) as session:
            signed_in = sessions.sign_in(session, account=account, password=password, had=had)
            if signed_in is not None:
                signed_in = replace(signed_in, receipt=receipt(session))
            seconds = throttle.seconds_left(session, account)
    except Exception:
        _take_back(own, account, is_known=is_known)
        raise
    if signed_in is None:
        raise SignInLocked(seconds) if seconds else SignInRefused
    return signed_in


def _take_back(own: Engine | None, account: str, *, is_known: bool) -> None:
    """Of a try without an answer. Where that fails too, it stays counted."""
    with (
        suppress(SQLAlchemyError, Unavailable),
        deadline.apart(_TAKING_BACK_SECONDS),
        unit_of_work(own) as session,
    ):
        throttle.take_back(session, account, is_known=is_known)


def set_cookie(response: Response, cookie: str) -> None:
    """The session cookie: unreadable to scripts, never sent from other sites, gone when the browser
    closes.
    """
    is_secure = not settings().has_plain_cookie
    response.set_cookie(
        cookie_name(), cookie, path="/", httponly=True, samesite="lax", secure=is_secure
    )


def drop_cookie(response: Response) -> None:
    is_secure = not settings().has_plain_cookie
    response.delete_cookie(cookie_name(), path="/", httponly=True, samesite="lax", secure=is_secure)
