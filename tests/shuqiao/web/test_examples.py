from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from shuqiao.web.examples import Example, example, example_of

DECLARED = Example(
    world="submitted_request",
    who="approver",
    success=201,
    visibility="parties",
    path={"no": lambda world: world["number"]},
    body={"items": lambda world: [world["number"]], "remark": "同意"},
    forbidden="applicant",
    stranger="outsider",
    event="exchange:request:approved",
)


def test_example_stays_on_the_endpoint_and_out_of_the_document() -> None:
    router = APIRouter()

    @router.post("/requests/{no}/decisions", status_code=201)
    @example(DECLARED)
    def decide(no: str) -> str:
        return no

    @router.get("/plain")
    def plain() -> str:
        return ""

    routes = {route.path: route for route in router.routes if isinstance(route, APIRoute)}
    assert example_of(routes["/requests/{no}/decisions"]) is DECLARED
    assert example_of(decide) is DECLARED
    assert example_of(routes["/plain"]) is None
    app = FastAPI()
    app.include_router(router)
    text = TestClient(app).get("/openapi.json").text
    assert "submitted_request" not in text
    assert "outsider" not in text


def test_values_come_from_the_world() -> None:
    world = {"number": "REQ-2026-000001"}
    assert DECLARED.resolved(DECLARED.path, world) == {"no": "REQ-2026-000001"}
    assert DECLARED.resolved(DECLARED.body, world) == {
        "items": ["REQ-2026-000001"],
        "remark": "同意",
    }
    assert DECLARED.resolved(lambda given: given["number"], world) == "REQ-2026-000001"
