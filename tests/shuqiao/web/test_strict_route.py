from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, Query, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.testclient import TestClient
from fixtures import callers
from pydantic import BaseModel
from starlette.responses import Response

from shuqiao.errors import Invalid, ShuqiaoError
from shuqiao.texts import Count, Name, Strict
from shuqiao.web.problem import problem_response
from shuqiao.web.strict_route import StrictRoute
from shuqiao.web.validation import field_errors


class Narrowed(BaseModel):
    limit: int = 10
    word: list[str] = []


def ordered(sort: Annotated[str, Query()] = "id") -> str:
    return sort


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

    @router.get("/things")
    def find(
        narrowed: Annotated[Narrowed, Query()],
        wanted: Annotated[str, Depends(ordered)],
        request: Request,
        column: Annotated[list[str] | None, Query(alias="columns")] = None,
    ) -> list[object]:
        return [narrowed.limit, wanted, column]

    app = FastAPI()
    app.include_router(router, prefix="/v1")

    @app.exception_handler(ShuqiaoError)
    def refused(request: Request, error: ShuqiaoError) -> Response:
        return problem_response(error)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        return problem_response(Invalid(errors=field_errors(error.errors())))

    return callers.sharing(TestClient(app))


def test_good_body_reaches_the_endpoint(client: TestClient) -> None:
    answer = client.post("/v1/api/things", json={"name": " 名录 ", "rows": 3})
    assert answer.status_code == 200
    assert answer.json() == {"name": "名录", "rows": 3}


@pytest.mark.parametrize(
    "media",
    ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gb18030", None],
)
def test_other_content_types_are_415(client: TestClient, media: str | None) -> None:
    answer = client.post(
        "/v1/api/things", content=b'{"name":"a"}', headers={"content-type": media} if media else {}
    )
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
    answer = client.post(
        "/v1/api/things", content=body, headers={"content-type": "application/json"}
    )
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
    assert (
        "application/json" in document["paths"]["/v1/api/things"]["post"]["requestBody"]["content"]
    )


def faults(answer: Response) -> dict[str, tuple[str, str]]:
    assert answer.status_code == 400, answer.text
    assert (answer.headers["content-type"], answer.json()["code"]) == (
        "application/problem+json",
        "parameters_refused",
    )
    return {error["pointer"]: (error["code"], error["fix"]) for error in answer.json()["errors"]}


def test_declared_parameters_reach_the_endpoint(client: TestClient) -> None:
    """Also those of a dependency and of a model, those with another
    name, and lists as often as they are given.
    """
    sent = "limit=3&sort=name&columns=a&columns=b&word=x&word=y"
    assert client.get(f"/v1/api/things?{sent}").json() == [3, "name", ["a", "b"]]
    assert client.get("/v1/api/things").json() == [10, "id", None]
    assert client.get("/v1/api/things?word=x").status_code == 200


def test_a_parameter_nobody_declared_is_named_with_those_that_are(client: TestClient) -> None:
    found = faults(client.get("/v1/api/things?column=MARK&is_admin=MARK&columns=a"))
    assert found == {
        "#/column": (
            "unknown_parameter",
            "请改为 columns。本地址接受的参数：columns, limit, sort, word。",
        ),
        "#/is_admin": (
            "unknown_parameter",
            "请去掉该参数。本地址接受的参数：columns, limit, sort, word。",
        ),
    }
    assert "MARK" not in client.get("/v1/api/things?column=MARK").text
    assert faults(client.post("/v1/api/nothing?force=1", content=b"")) == {
        "#/force": ("unknown_parameter", "请去掉该参数；本地址不接受任何参数。")
    }


@pytest.mark.parametrize("sent", ["limit=1&limit=2", "sort=a&sort=a", "limit=1&sort=a&limit=1"])
def test_a_single_parameter_is_not_repeated(client: TestClient, sent: str) -> None:
    name = sent.partition("=")[0]
    assert faults(client.get(f"/v1/api/things?{sent}")) == {
        f"#/{name}": ("repeated_parameter", "请只给一个值。")
    }


@pytest.mark.parametrize(
    "sent", ["=x", "%00=1", "Limit=1", "limit%5B%5D=1", " limit=1", "%E2%80%AElimit=1", "~1/=2"]
)
def test_what_only_looks_like_a_parameter_is_none(client: TestClient, sent: str) -> None:
    answer = client.get(f"/v1/api/things?{sent}")
    assert [code for code, _fix in faults(answer).values()] == ["unknown_parameter"]
    assert "\u202e" not in answer.text


def test_a_flood_of_parameters_is_answered_shortly(client: TestClient) -> None:
    answer = client.get(
        "/v1/api/things?" + "&".join(f"p{number}={number}" for number in range(2_000))
    )
    assert len(faults(answer)) == 20
    assert len(answer.text) < 8_000


def test_parameters_are_looked_at_before_the_body(client: TestClient) -> None:
    answer = client.post(
        "/v1/api/things?dry_run=true", content=b"{", headers={"content-type": "application/json"}
    )
    assert set(faults(answer)) == {"#/dry_run"}
