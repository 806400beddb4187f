"""A control application of accounts, pages of sign-in and failures, and the trail of a world."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fixtures import callers
from fixtures.database import run_sql
from fixtures.worlds import World
from sqlalchemy import text
from starlette.testclient import TestClient

import auth.profile.endpoints.tokens
import auth.sign_in.endpoints
import auth.sign_in.pages
from auth.identify import cookie_name
from auth.sessions.service import sessions
from server.desk import endpoints
from server.process import failures
from server.process.context import RequestContext
from shuqiao.db import reading

Caller = Callable[[World, str | None], TestClient]


@pytest.fixture(scope="session")
def accounts_app() -> FastAPI:
    app = FastAPI()
    for stage in (auth.sign_in.endpoints, auth.profile.endpoints.tokens, endpoints):
        app.include_router(stage.router, prefix="/api/v1")
    app.include_router(auth.sign_in.pages.router)
    failures.install(app)
    app.add_middleware(RequestContext)
    return app


@pytest.fixture
def calling(accounts_app: FastAPI) -> Caller:
    """``calling(world, "applicant")``: a client with that person's
    cookie; the form token is the test's to send.
    """

    def as_person(world: World, account: str | None) -> TestClient:
        cookies = {cookie_name(): world.cookies[account]} if account else {}
        return callers.sharing(
            TestClient(
                accounts_app,
                client=callers.ON_THIS_MACHINE,
                cookies=cookies,
                follow_redirects=False,
            )
        )

    return as_person


def form_token(world: World, account: str) -> dict[str, str]:
    """The header that a page's own script or form field stands for."""
    return {"x-csrf-token": sessions.csrf_token(world.cookies[account])}


def scalar(statement: str, **values: Any) -> Any:
    with reading() as session:
        return session.connection().execute(text(statement), values).scalar()


def change(statement: str, **values: Any) -> None:
    """Move a row's time or flag, as if it had been so."""
    run_sql(statement, **values)


def events(stream: str) -> list[str]:
    with reading() as session:
        query = text("SELECT action FROM audit_event WHERE stream = :stream ORDER BY seq")
        return list(session.connection().execute(query, {"stream": stream}).scalars())
