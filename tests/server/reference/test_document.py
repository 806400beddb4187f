"""The OpenAPI document: valid, stable, complete, true, and in the reader's language."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from fixtures import callers
from fixtures.described import conforms
from fixtures.routes import Call, a_third, calls, send
from fixtures.worlds import World
from httpx2 import Response
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR
from starlette.testclient import TestClient

from policies.actions import Action
from server.reference import data_role, headers, problems, words
from server.reference.document import document
from server.reference.facts import SESSION_ONLY, RouteFacts, facts_of
from shuqiao.errors import ShuqiaoError
from shuqiao.web.problem import MEDIA_TYPE

KEPT = Path(__file__).parents[2] / "data" / "operations.txt"
LANGUAGES = pytest.mark.parametrize("language", ["zh_CN", "en"])
CHINESE = re.compile("[\u4e00-\u9fff]")
At = Callable[[str], World]
API = [
    call
    for call in calls()
    if call.face == "api" and call.path.startswith("/api/") and "openapi" not in call.path
]


def stated(language: str = "en") -> dict[str, Any]:
    return document(callers.control_app(), language)  # type: ignore[arg-type]


def operations(language: str = "en") -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in stated(language)["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def facts() -> dict[str, RouteFacts]:
    return facts_of(callers.control_app())


@LANGUAGES
def test_the_document_is_valid(language: str) -> None:
    assert [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(stated(language))] == []


def test_operations_are_only_ever_added() -> None:
    kept = set(KEPT.read_text(encoding="utf-8").splitlines())
    found = {
        f"{operation['operationId']} {method} {path}" for method, path, operation in operations()
    }
    assert sorted(kept - found) == [], "an operation others call was removed or changed"
    assert sorted(found - kept) == [], f"add the new lines to {KEPT.name}, sorted"


def test_every_operation_says_who_may_and_what_can_go_wrong() -> None:
    for method, path, operation in operations():
        name = operation["operationId"]
        assert operation["tags"][0] in words.GROUPS, name
        statuses = set(operation["responses"])
        if operation["security"] == []:
            continue
        assert {"401", "503"} <= statuses, name
        assert "404" in statuses or "{" not in path, name
        asked = {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}
        if method == "POST" and name != "audit_exports_create":
            assert "Idempotency-Key" in asked, name
        assert ("428" in statuses) == ("If-Match" in asked), name
        if method != "GET" and name not in SESSION_ONLY and not path.startswith("/api/v1/me"):
            assert operation["x-action"], name
            assert {"session": [], "csrf": []} in operation["security"], name


def test_what_a_guard_asks_is_told_of_ones_own_account_too() -> None:
    assert facts()["me_sessions"].action is Action.PROFILE_CHANGE
    assert facts()["tokens_issue"].action is Action.TOKEN_ISSUE


def test_operations_that_ask_inside_are_still_there() -> None:
    assert set(facts()) >= SESSION_ONLY
    assert set(facts()) >= headers.TAGGED | headers.LOCATED | headers.RECORDED
    assert set(words.NOTES) <= set(facts())
    assert set(problems._FURTHER) <= set(facts())


def test_examples_fit_their_schemas() -> None:
    """Bodies and parameters, as they stand in the document."""
    whole = stated()
    for _method, _path, operation in operations():
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body:
            value = body["examples"]["example"]["value"]
            assert faults(body["schema"], value, whole) == [], operation["operationId"]
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                assert "example" in parameter, (operation["operationId"], parameter["name"])
            if "example" in parameter:
                assert faults(parameter["schema"], parameter["example"], whole) == [], parameter


def faults(schema: Any, value: Any, whole: dict[str, Any]) -> list[str]:
    inlined = {**schema, "components": whole["components"]}
    return [
        error.message for error in jsonschema_rs.Draft202012Validator(inlined).iter_errors(value)
    ]


def test_chinese_readers_read_chinese() -> None:
    english = [text for text in texts(stated("zh_CN")) if not CHINESE.search(text)]
    assert english == []


def test_every_field_is_explained() -> None:
    whole = stated("zh_CN")
    sent = [each.get("requestBody", {}).get("content", {}) for _method, _path, each in operations()]
    inline = [content["schema"] for body in sent for content in body.values()]
    bare = {
        name
        for schema in [*whole["components"]["schemas"].values(), *inline]
        for name, field in schema.get("properties", {}).items()
        if not field.get("description")
    }
    assert bare == set(), "give each name a label in server/reference/fields.py"


def texts(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from texts(each)
    if isinstance(part, dict):
        for name, each in part.items():
            if name in ("summary", "description") and isinstance(each, str):
                yield each
            elif name not in ("example", "examples"):
                yield from texts(each)


@pytest.mark.parametrize(("sent", "language"), [({}, "zh-CN"), ({"accept-language": "en"}, "en")])
def test_anybody_may_read_it_in_their_language(sent: dict[str, str], language: str) -> None:
    answer = TestClient(callers.control_app()).get("/api/v1/openapi.json", headers=sent)
    assert answer.status_code == 200
    assert answer.headers["content-language"] == language
    assert "Accept-Language" in answer.headers["vary"]
    assert answer.json()["info"]["title"] == str(
        words.TITLE.render("en" if language == "en" else "zh_CN")
    )


@pytest.mark.parametrize("call", a_third(API))
def test_the_answer_to_the_example_is_as_the_document_says(
    call: Call, world_at: At, committed_world: At
) -> None:
    """Body, media type and headers of the success; headers both ways:
    none unstated, none promised in vain.
    """
    world = (committed_world if "exports" in call.path else world_at)(call.known.world)
    account = None if call.known.visibility == "public" else call.known.who
    answer = send(callers.client(world, account), call, world)
    assert answer.status_code == call.known.success, answer.text
    conforms(call, world, answer)
    (found,) = [
        each for each in facts().values() if (each.method, each.path) == (call.method, call.path)
    ]
    promised = {name.lower() for name in headers.of(found)} - {"idempotency-replayed", "link"}
    watched = {name.lower() for name in words.HEADERS} - {
        "idempotency-replayed",
        "link",
        "retry-after",
    }
    assert promised == watched & set(answer.headers.keys())


@pytest.mark.parametrize("call", a_third(call for call in API if call.known.visibility != "public"))
def test_refusals_are_as_the_document_says(call: Call, world_at: At, committed_world: At) -> None:
    world = (committed_world if "exports" in call.path else world_at)(call.known.world)
    asked = [(None, 401)] + [
        (account, status)
        for account, status in ((call.known.stranger, 404), (call.known.forbidden, 403))
        if account
    ]
    for account, status in asked:
        answer = send(callers.client(world, account), call, world, headers={"if-match": '"v1"'})
        assert answer.status_code == status
        conforms(call, world, answer)


def test_the_data_role_is_described_as_it_is() -> None:
    there = callers.data_app().openapi()["paths"]
    assert list(there) == [data_role.PATH]
    own, ours = there[data_role.PATH]["get"], stated()["paths"][data_role.PATH]["get"]
    assert (own["operationId"], own["summary"]) == (ours["operationId"], ours["summary"])
    named = [(each["name"], each["in"]) for each in own["parameters"] if each["name"] != "accept"]
    assert [(each["name"], each["in"]) for each in ours["parameters"]] == named
    assert own["responses"]["200"]["content"].keys() == ours["responses"]["200"]["content"].keys()


def test_the_headers_of_the_data_are_as_the_document_says(committed_world: At) -> None:
    world = committed_world("active_grant")
    stream = stated()["paths"][data_role.PATH]["get"]["responses"]["200"]
    with callers.data_client(world, "applicant") as client:
        answer = client.get(f"/api/v1/grants/{world.grant_no}/data")
    promised = {name.lower() for name in stream["headers"]}
    watched = {name.lower() for name in words.HEADERS}
    assert promised == watched & set(answer.headers.keys())


def test_a_part_of_the_data_is_refused_as_the_document_says(committed_world: At) -> None:
    world = committed_world("active_grant")
    described = stated()["paths"][data_role.PATH]["get"]["responses"]["416"]
    with callers.data_client(world, "applicant") as client:
        answer = client.get(f"/api/v1/grants/{world.grant_no}/data", headers={"range": "bytes=1-"})
    assert (answer.status_code, answer.headers["content-type"]) == (416, MEDIA_TYPE)
    assert MEDIA_TYPE in described["content"]
    assert faults({"$ref": "#/components/schemas/Problem"}, answer.json(), stated()) == []


def test_a_problem_is_what_its_schema_says() -> None:
    """Every error of the tree as it goes out, with its fields."""
    whole = stated()
    for status, error in problems.KINDS.items():
        assert isinstance(error, ShuqiaoError)
        content = whole["components"]["responses"][problems.name(status)]["content"][MEDIA_TYPE]
        for example in content["examples"].values():
            assert faults({"$ref": "#/components/schemas/Problem"}, example["value"], whole) == []


def test_a_not_acceptable_form_is_a_problem_too(committed_world: At) -> None:
    world = committed_world("active_grant")
    with callers.data_client(world, "applicant") as client:
        answer: Response = client.get(
            f"/api/v1/grants/{world.grant_no}/data", headers={"accept": "text/html"}
        )
    assert (answer.status_code, answer.headers["content-type"]) == (406, MEDIA_TYPE)
