"""A form that is refused comes back as it was typed, and nothing of it was done."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from fixtures import callers
from sqlalchemy import text
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shuqiao.db import SessionDep
from shuqiao.desk.drafts import Draft
from shuqiao.errors import (
    Conflict,
    FieldError,
    Invalid,
    NotFound,
    PreconditionFailed,
    ShuqiaoError,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
)
from shuqiao.i18n import _
from shuqiao.texts import Name, Strict
from shuqiao.web import engine
from shuqiao.web.forms import Form, FormDep, FormInvalid
from shuqiao.web.page import Page
from shuqiao.web.page_router import PageRouter

LI = uuid4()
REFUSALS = {
    "invalid": Invalid(errors=[FieldError("/name", "taken", _("Name"), _("Send a text."))]),
    "conflict": Conflict(_("Calendar not loaded")),
    "too_large": TooLarge(),
    "changed": PreconditionFailed(),
    "unseen": NotFound(),
}


class Body(Strict):
    name: Name


@dataclass(frozen=True, slots=True)
class NamePage(Page):
    template = "names.html"
    form: Form
    known: int
    case: str


def known(session: Session) -> int:
    count = text("SELECT count(*) FROM form_draft WHERE form = 'names'")
    return int(session.connection().execute(count).scalar_one())


def name_page(session: Session, case: str, form: Form, hint: str = "") -> NamePage:
    return NamePage(form, known(session), case + hint)


def pages() -> PageRouter:
    router = PageRouter()

    @router.page("/cases/{case}")
    def ask(case: str, session: SessionDep, request: Request) -> NamePage:
        assert request.url.path == f"/cases/{case}"
        return name_page(session, case, Form())

    @router.form("/cases/{case}", again=name_page)
    def give(case: str, session: SessionDep, form: FormDep) -> Response:
        Draft(session, LI, "names", case).keep(form.typed)
        if case in REFUSALS:
            raise REFUSALS[case]
        if case == "changed_here":
            raise FormInvalid(form.flawed("name", _("Name")), 412)
        form.parse(Body)
        return Response("gone on", 303, {"location": f"/cases/{case}"})

    @router.form("/plain")
    def refuse(form: FormDep) -> Response:
        raise REFUSALS["conflict"]

    @router.form("/too-many/{case}", again=name_page, also=[TooManyRequests])
    def wait(case: str, session: SessionDep, form: FormDep) -> Response:
        raise TooManyRequests if case == "often" else Unauthenticated

    @router.page("/found", again=name_page)
    def find(case: str, name: str, session: SessionDep, response: Response) -> NamePage:
        response.headers["x-found"] = name
        if not name:
            raise FormInvalid(Form().flawed("name", _("Name")))
        return name_page(session, case, Form.of({"name": name}))

    return router


@pytest.fixture
def client(session: Session, tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "names.html").write_text(
        "{{ ui.error_summary(form, {}) }}{{ ui.input(form, 'name', 'Name') }}"
        "<p>{{ known }} known {{ case }}</p>"
    )
    engine.register(tmp_path)
    app = FastAPI()
    app.include_router(pages())

    @app.exception_handler(ShuqiaoError)
    def refused(request: Request, error: ShuqiaoError) -> Response:
        return JSONResponse(error.code, error.status)

    yield callers.sharing(TestClient(app, follow_redirects=False))
    engine._EXTRA.remove(tmp_path)


@pytest.mark.parametrize(
    ("case", "name", "status", "words"),
    [
        ("unread", "", 422, "f-name-error"),
        ("invalid", "甲", 422, "f-name-error"),
        ("conflict", "甲", 409, "日历未加载"),
        ("changed", "甲", 412, "sq-error-summary"),
        ("too_large", "甲", 413, "sq-error-summary"),
        ("changed_here", "甲", 412, "f-name-error"),
    ],
)
def test_what_is_refused_is_shown_again_and_nothing_of_it_is_done(
    client: TestClient, case: str, name: str, status: int, words: str
) -> None:
    answer = client.post(f"/cases/{case}", data={"name": name})
    assert answer.status_code == status
    assert words in answer.text
    assert f'value="{name}"' in answer.text
    assert f"0 known {case}" in answer.text


def test_what_is_right_goes_on_and_stays(client: TestClient) -> None:
    assert client.post("/cases/right", data={"name": "甲"}).status_code == 303
    shown = client.get("/cases/right")
    assert shown.status_code == 200
    assert "1 known right" in shown.text


@pytest.mark.parametrize(("path", "status"), [("/cases/unseen", 404), ("/plain", 409)])
def test_other_refusals_and_forms_without_a_page_are_the_services_answer(
    client: TestClient, path: str, status: int
) -> None:
    assert client.post(path, data={"name": "甲"}).status_code == status
    assert "0 known" in client.get("/cases/x").text


def test_a_form_is_shown_again_for_what_it_names_and_says_how_long_to_wait(
    client: TestClient,
) -> None:
    often = client.post("/too-many/often", data={"name": "甲"})
    assert (often.status_code, often.headers["retry-after"]) == (429, "5")
    assert 'value="甲"' in often.text
    assert client.post("/too-many/once", data={"name": "甲"}).json() == "not_signed_in"


def test_an_answer_has_the_headers_of_its_endpoint(client: TestClient) -> None:
    found = client.get("/found", params={"case": "x", "name": "a"})
    assert (found.status_code, found.headers["x-found"]) == (200, "a")
    assert 'value="a"' in found.text
    assert found.headers.get_list("content-length") == [str(len(found.content))]


def test_what_is_asked_for_by_a_form_is_shown_again_too(client: TestClient) -> None:
    refused = client.get("/found", params={"case": "x", "name": ""})
    assert refused.status_code == 422
    assert "f-name-error" in refused.text
    assert "x-found" not in refused.headers


def test_a_page_that_asks_for_what_the_endpoint_has_not_is_refused_at_start() -> None:
    def other(session: Session, resource: str, form: Form) -> NamePage:
        raise AssertionError

    def without(session: Session) -> NamePage:
        raise AssertionError

    def give(session: SessionDep, form: FormDep) -> Response:
        raise AssertionError

    with pytest.raises(TypeError, match="resource"):
        PageRouter().form("/x", again=other)(give)
    with pytest.raises(TypeError, match="no form"):
        PageRouter().form("/x", again=without)(give)
