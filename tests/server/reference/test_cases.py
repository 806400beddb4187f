"""Made-up calls, right and wrong ones, over every operation: never a
500, and every answer is as the document says.

Cases are drawn by schemathesis from the document that callers read. The seed is fixed: a failure
can be repeated.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
import requests
from fixtures import callers
from fixtures.counts import tries
from fixtures.described import CHECKS, described
from fixtures.routes import calls
from fixtures.world import Worlds
from fixtures.worlds import World
from httpx2 import Response
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import negative_data_rejection

from server.reference import data_role
from shuqiao import db

#: Who calls: nobody, and one of each kind of right.
PEOPLE: Final = (
    None,
    "applicant",
    "registrar",
    "approver",
    "provider_head",
    "data_admin",
    "reviewer",
    "system_admin",
)
#: End sessions, which the next cases need: played in a world of their own, which may go to pieces.
ENDING: Final = frozenset(
    {
        "sessions_close",
        "me_end_session",
        "me_end_sessions",
        "me_change_password",
        "seat_changes_confirm",
        "users_assign_roles",
        "users_end_sessions",
        "users_reset_password",
        "users_suspend",
    }
)
QUIET: Final = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def operations() -> list[Any]:
    every = [each.ok() for each in described().get_all_operations()]
    return [each for each in every if each.definition.raw["operationId"] != data_role.OPERATION_ID]


def id_of(operation: Any) -> str:
    return str(operation.definition.raw["operationId"])


def in_world(operation: Any, world: World) -> dict[str, str]:
    """Path parameters that name something which is there: those of the route's own example."""
    (call,) = [
        each for each in calls() if each.face == "api" and (each.method, each.path) == of(operation)
    ]
    values = {
        name: str(value) for name, value in call.known.resolved(call.known.path, world).items()
    }
    return values if all(values.values()) else {}


def of(operation: Any) -> tuple[str, str]:
    return operation.method.upper(), operation.path


def sent(case: Case, world: World, account: str | None) -> Response:
    """The case as this person sends it.

    Whoever is signed in has the cookie and the form token, whatever was drawn.
    """
    made = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    client = callers.client(world, account, raising=False)
    own = {"cookie", "x-csrf-token", "authorization", "content-length"}
    headers = [
        (name.lower(), value.encode("latin-1") if isinstance(value, str) else value)
        for name, value in made.headers.items()
        if name.lower() not in own
    ]
    return client.request(str(made.method), str(made.url), content=made.body, headers=headers)


def faults(case: Case, answer: Response) -> list[str]:
    checks = [*CHECKS, negative_data_rejection] if has_wrong_body(case) else CHECKS
    try:
        case.validate_response(answer, checks=checks)
    except FailureGroup as group:
        return [f"{type(one).__name__}: {one.title} {one.message}" for one in group.exceptions]
    except Failure as one:
        return [f"{type(one).__name__}: {one.title} {one.message}"]
    return []


def has_wrong_body(case: Case) -> bool:
    """Only of bodies is it certain: in an address null, "" and absent are the same thing."""
    body = case.meta.components.get(ParameterLocation.BODY) if case.meta else None
    return body is not None and body.mode is GenerationMode.NEGATIVE


def can_be_wrong(operation: Any) -> bool:
    """Whether the document refuses anything at all: a path of any text,
    and nothing else, takes everything.
    """
    stated = operation.definition.raw
    bounds = {"maxLength", "minLength", "pattern", "format", "minimum", "maximum"}
    return "requestBody" in stated or any(
        each["in"] != "path" or bounds & each["schema"].keys()
        for each in stated.get("parameters", ())
    )


@pytest.fixture(scope="module")
def crowd(worlds: Worlds) -> Iterator[World]:
    """Everything of the story at once, in a database of its own that commits."""
    with worlds.cloned("crowded") as world:
        yield world


@pytest.fixture
def stage(operation: Any, crowd: World, worlds: Worlds) -> Iterator[World]:
    """The crowd, or another one for what ends sessions."""
    if id_of(operation) not in ENDING:
        yield crowd
        return
    with worlds.cloned("crowded") as world:
        yield world
    db.configure(worlds.engine(crowd))


def played(operation: Any, world: World, mode: GenerationMode, examples: int) -> None:
    """``examples`` calls of one operation by whoever is drawn; half of
    them name things that exist.
    """
    strategies = [operation.as_strategy(generation_mode=mode)]
    if known := in_world(operation, world):
        strategies.append(operation.as_strategy(generation_mode=mode, path_parameters=known))

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=QUIET,
    )
    @given(case=st.one_of(strategies), account=st.sampled_from(PEOPLE))
    def call(case: Case, account: str | None) -> None:
        answer = sent(case, world, account)
        wrong = faults(case, answer)
        assert wrong == [], (
            account,
            answer.request.method,
            str(answer.request.url),
            case.body,
            answer.text[:500],
        )

    call()


CASES: Final = [
    pytest.param(
        operation,
        mode,
        id=f"{id_of(operation)}-{'right' if mode is GenerationMode.POSITIVE else 'wrong'}",
    )
    for operation in operations()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if mode is GenerationMode.POSITIVE or can_be_wrong(operation)
]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("operation", "mode"), CASES)
def test_made_up_calls_are_answered_as_the_document_says(
    operation: Any, mode: GenerationMode, stage: World
) -> None:
    played(operation, stage, mode, examples=tries(10, long=30))
