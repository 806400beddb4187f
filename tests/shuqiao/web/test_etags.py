from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from fixtures import callers
from starlette.requests import Request
from starlette.responses import Response

from shuqiao.errors import ShuqiaoError
from shuqiao.web.etags import IfMatchDep, etag, is_known
from shuqiao.web.problem import problem_response


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()

    @app.put("/thing")
    def change(version: IfMatchDep) -> int:
        return version

    @app.exception_handler(ShuqiaoError)
    def refused(request: Request, error: ShuqiaoError) -> Response:
        return problem_response(error)

    return callers.sharing(TestClient(app))


def test_the_version_seen_is_handed_over(client: TestClient) -> None:
    assert client.put("/thing", headers={"If-Match": etag(3)}).json() == 3


def test_missing_is_428(client: TestClient) -> None:
    answer = client.put("/thing")
    assert (answer.status_code, answer.json()["code"]) == (428, "if_match_required")


@pytest.mark.parametrize(
    "tag", ["*", 'W/"v3"', "v3", '"3"', '"v3", "v4"', '"v-1"', '"v３"', '"v99999999999999"', ""]
)
def test_anything_but_one_strong_tag_is_400(client: TestClient, tag: Any) -> None:
    assert client.put("/thing", headers={"If-Match": tag.encode()}).status_code == 400


@pytest.mark.parametrize(
    ("header", "known"),
    [
        (None, False),
        ("*", True),
        ('"v3"', True),
        ('W/"v3"', True),
        ('"v1", "v3"', True),
        ('"v33"', False),
    ],
)
def test_if_none_match(header: str | None, known: bool) -> None:
    assert is_known(header, 3) is known
