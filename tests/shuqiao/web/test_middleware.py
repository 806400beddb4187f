"""Body limit, security headers and preference links, as pure ASGI around a real application."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Form, Request, UploadFile
from fastapi.testclient import TestClient
from fixtures import callers
from starlette.responses import JSONResponse, Response

from shuqiao.errors import ShuqiaoError
from shuqiao.settings import settings
from shuqiao.web import bodies
from shuqiao.web.body_limit import BodyLimit
from shuqiao.web.preferences import PreferenceLinks, preferences_of
from shuqiao.web.problem import problem_response
from shuqiao.web.security_headers import CONTENT_SECURITY_POLICY, SecurityHeaders
from shuqiao.web.slots import Slot
from shuqiao.web.strict_route import StrictRoute

touched: list[str] = []


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("SHUQIAO_BODY_LIMIT_BYTES", "2000")
    monkeypatch.setenv("SHUQIAO_UPLOAD_LIMIT_BYTES", "50000")
    settings.cache_clear()
    touched.clear()
    monkeypatch.setattr(bodies, "UPLOADS", Slot(re.compile(r"/attachments$")))
    app = FastAPI()
    app.router.route_class = StrictRoute

    @app.post("/things")
    def make(body: dict[str, str]) -> int:
        touched.append("things")
        return len(str(body))

    @app.post("/resources/1/attachments")
    def attach(file: UploadFile) -> int:
        touched.append("attachments")
        return len(file.file.read())

    @app.post("/sign-in")
    def sign_in(account: str = Form()) -> str:
        touched.append("sign-in")
        return account

    @app.get("/page")
    def shown(request: Request, lang: str = "") -> dict[str, object]:
        chosen = preferences_of(request.scope)
        return {"locale": chosen.locale, "large": chosen.is_large, "contrast": chosen.is_contrast}

    @app.get("/api/v1/page")
    def api(lang: str = "") -> str:
        return lang

    @app.get("/own")
    def own() -> Response:
        return JSONResponse(
            1, headers={"Cache-Control": "private", "Content-Security-Policy": "own"}
        )

    @app.exception_handler(ShuqiaoError)
    def refused(request: Request, error: ShuqiaoError) -> Response:
        return problem_response(error)

    yield callers.sharing(
        TestClient(SecurityHeaders(PreferenceLinks(BodyLimit(app))), follow_redirects=False)
    )
    settings.cache_clear()


def chunks(size: int) -> Iterator[bytes]:
    yield b'{"a":"'
    for _ in range(size // 500):
        yield b"x" * 500
    yield b'"}'


@pytest.mark.parametrize("is_streamed", [True, False])
def test_large_json_is_413_and_nothing_runs(client: TestClient, is_streamed: bool) -> None:
    body = chunks(3_000) if is_streamed else b"".join(chunks(3_000))
    answer = client.post("/things", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer.headers["content-type"] == "application/problem+json"
    assert touched == []
    assert (
        client.post(
            "/things", content=chunks(1_500), headers={"content-type": "application/json"}
        ).json()
        > 1_500
    )


@pytest.mark.parametrize("is_streamed", [True, False])
def test_uploads_have_their_own_limit(client: TestClient, is_streamed: bool) -> None:
    def send(size: int) -> Response:
        request = client.build_request(
            "POST", "/resources/1/attachments", files={"file": ("a", b"x" * size)}
        )
        body = request.read()
        headers = {"content-type": request.headers["content-type"]}
        content = (
            iter([body[i : i + 999] for i in range(0, len(body), 999)]) if is_streamed else body
        )
        return client.post("/resources/1/attachments", content=content, headers=headers)  # type: ignore[return-value]

    assert send(40_000).json() == 40_000  # type: ignore[attr-defined]
    assert send(60_000).status_code == 413
    assert touched == ["attachments"]


def test_multipart_elsewhere_has_the_small_limit(client: TestClient) -> None:
    assert client.post("/sign-in", files={"account": ("a", b"x" * 3_000)}).status_code == 413
    assert client.post("/sign-in", data={"account": "a"}).json() == "a"


def test_every_answer_carries_the_policy(client: TestClient) -> None:
    for path in ("/page", "/nowhere"):
        headers = client.get(path).headers
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["referrer-policy"] == "same-origin"
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_what_signed_in_people_get_is_not_stored(client: TestClient) -> None:
    assert "cache-control" not in client.get("/page").headers
    assert client.get("/page", headers={"Cookie": "sq=1"}).headers["cache-control"] == "no-store"
    assert (
        client.get("/page", headers={"Authorization": "Bearer x"}).headers["cache-control"]
        == "no-store"
    )
    kept = client.get("/own", headers={"Cookie": "sq=1"}).headers
    assert (kept["cache-control"], kept["content-security-policy"]) == ("private", "own")


def test_choice_is_stored_and_the_question_leaves_the_address(client: TestClient) -> None:
    answer = client.get("/page?q=学校&lang=en&type=large")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/page?q=%E5%AD%A6%E6%A0%A1"
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie for cookie in cookies)
    assert client.get("/page").json() == {"locale": "en", "large": True, "contrast": False}


@pytest.mark.parametrize("path", ["//evil.example/?lang=en", "/\\evil.example?lang=en"])
def test_stored_choice_never_leads_elsewhere(client: TestClient, path: str) -> None:
    answer = client.get("http://testserver" + path)
    assert not answer.headers["location"].startswith(("//", "/\\"))
    assert answer.headers["location"].startswith("/")


def test_unknown_choices_and_the_api_are_left_alone(client: TestClient) -> None:
    assert client.get("/page?lang=de").status_code == 200
    assert client.get("/api/v1/page?lang=en").json() == "en"


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "zh_CN"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-TW,en;q=0.5", "zh_CN"),
        ("de", "zh_CN"),
        ("en;q=0.1,zh;q=0.2", "zh_CN"),
        ("en;q=x", "zh_CN"),
        (",;q=,\u00ff" * 50, "zh_CN"),
    ],
)
def test_language_of_the_browser_counts_when_nothing_was_chosen(
    client: TestClient, header: str, locale: str
) -> None:
    assert (
        client.get("/page", headers={b"accept-language": header.encode("latin-1")}).json()["locale"]
        == locale
    )
