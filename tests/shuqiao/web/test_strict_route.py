import pytest
from fastapi import APIRouter, FastAPI, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.testclient import TestClient
from starlette.responses import Response

from shuqiao.errors import Invalid, ShuqiaoError
from shuqiao.texts import Count, Name, Strict
from shuqiao.web.problem import problem_response
from shuqiao.web.strict_route import StrictRoute
from shuqiao.web.validation import field_errors


class Body(Strict):
    name: Name
    rows: Count = 0


@pytest.fixture
def client() -> TestClient:
    router = APIRouter(prefix="/api", route_class=StrictRoute)

    @router.post("/things")
    def make(body: Body) -> dict[str, object]:
        return body.model_dump()

    @router.post("/files")
    def upload(file: UploadFile) -> int:
        return len(file.file.read())

    @router.post("/nothing")
    def nothing() -> str:
        return "done"

    app = FastAPI()
    app.include_router(router, prefix="/v1")

    @app.exception_handler(ShuqiaoError)
    def refused(request: Request, error: ShuqiaoError) -> Response:
        return problem_response(error)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        return problem_response(Invalid(errors=field_errors(error.errors())))

    return TestClient(app)


def test_good_body_reaches_the_endpoint(client: TestClient) -> None:
    answer = client.post("/v1/api/things", json={"name": " 名录 ", "rows": 3})
    assert answer.status_code == 200
    assert answer.json() == {"name": "名录", "rows": 3}


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gb18030", None]
)
def test_other_content_types_are_415(client: TestClient, media: str | None) -> None:
    answer = client.post("/v1/api/things", content=b'{"name":"a"}', headers={"content-type": media} if media else {})
    assert answer.status_code == 415
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"name":"a","name":"b"}', 400),
        (b'{"name":NaN}', 400),
        (b"\xff", 400),
        (b'{"name":"\\u0000"}', 422),
        (b"", 422),
    ],
)
def test_strict_reader_decides(client: TestClient, body: bytes, status: int) -> None:
    answer = client.post("/v1/api/things", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status


def test_field_errors_name_pointer_and_fix_without_echo(client: TestClient) -> None:
    answer = client.post("/v1/api/things", json={"name": "机密" * 200, "rows": "机密", "机密x": 1})
    assert answer.status_code == 422
    assert "机密机密" not in answer.text
    errors = {error["pointer"]: error for error in answer.json()["errors"]}
    assert errors["#/name"]["detail"] == "太长"
    assert errors["#/name"]["fix"] == "请最多填写 100 个字。"
    assert errors["#/rows"]["code"] == "int_type"


def test_uploads_and_bodyless_posts_pass(client: TestClient) -> None:
    assert client.post("/v1/api/files", files={"file": ("a.csv", b"abc")}).json() == 3
    assert client.post("/v1/api/nothing", content=b"whatever").json() == "done"


def test_openapi_still_describes_the_body(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert "application/json" in document["paths"]["/v1/api/things"]["post"]["requestBody"]["content"]
