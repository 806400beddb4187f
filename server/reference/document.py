"""The OpenAPI 3.1 document, once a language: what FastAPI reads from
the routes, and what it cannot know beside it.

Identifiers of operations and names of schemas never change within v1 (a kept list says so); texts
follow the reader.
"""

from functools import lru_cache
from typing import Any, Final

from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from fastapi.openapi.utils import get_openapi

from auth.identify import cookie_name
from server.reference import data_role, fields, headers, problems, samples, words
from server.reference.facts import RouteFacts, facts_of
from shuqiao.context import Locale, working_on
from shuqiao.i18n import Message
from shuqiao.settings import settings

VERSION: Final = "1"
LICENCE: Final = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
_KEY_SCHEMA: Final = {
    "type": "string",
    "minLength": 8,
    "maxLength": 255,
    "pattern": "^[!-~]{8,255}$",
}
_VERSION_SCHEMA: Final = {"type": "string", "pattern": '^"v[0-9]{1,10}"$'}
#: FastAPI's own form of a 422, which we never send.
_FOREIGN: Final = ("HTTPValidationError", "ValidationError")


@lru_cache(maxsize=4)
def document(app: FastAPI, language: Locale) -> dict[str, Any]:
    """The document of ``app`` in ``language``. Not to be changed by the caller: it is made once."""
    with working_on(locale=language):
        made = get_openapi(
            title=str(words.TITLE),
            version=VERSION,
            description=str(words.ABOUT),
            routes=app.routes,
            tags=[_group(name, *texts) for name, texts in words.GROUPS.items()],
            servers=[{"url": "/"}],
            license_info=LICENCE,
        )
        for facts in facts_of(app).values():
            _complete(made["paths"][facts.path][facts.method.lower()], facts)
        made["paths"][data_role.PATH] = {
            "get": data_role.operation(language, settings().data_origin)
        }
        _components(made["components"], language)
        fields.describe(made["components"]["schemas"])
        if language != "en":
            fields.drop_docstrings(made["components"]["schemas"])
        return dict(_in_language(jsonable_encoder(made), language))


def _group(name: str, title: Message, about: Message) -> dict[str, str]:
    return {"name": name, "description": f"{title} – {about}", "x-displayName": str(title)}


def _complete(operation: dict[str, Any], facts: RouteFacts) -> None:
    """Add to FastAPI's operation what is known of the route."""
    if facts.action is not None:
        operation["x-action"] = str(facts.action)
    operation.pop("description", None)  # what a docstring says is for who reads the code
    if note := words.NOTES.get(facts.operation_id):
        operation["description"] = str(note)
    operation["security"] = _security(facts)
    for parameter in operation.get("parameters", []):
        _parameter(parameter, facts)
    if "requestBody" in operation:
        _body(operation["requestBody"], facts)
    _responses(operation, facts)


def _security(facts: RouteFacts) -> list[dict[str, list[str]]]:
    if facts.is_public:
        return []
    tokens: list[dict[str, list[str]]] = [{"bearer": [str(scope)]} for scope in facts.scopes] or [
        {"bearer": []}
    ]
    browser: dict[str, list[str]] = (
        {"session": []} if facts.is_safe else {"session": [], "csrf": []}
    )
    return [browser, *tokens] if facts.takes_token else [browser]


def _parameter(parameter: dict[str, Any], facts: RouteFacts) -> None:
    name, example = parameter["name"], samples.of_parameter(facts.path, parameter)
    if name == "idempotency-key":
        parameter.update(name="Idempotency-Key", required=True, schema=dict(_KEY_SCHEMA))
        parameter["description"] = str(words.IDEMPOTENCY_KEY)
    if name == "if-match":
        parameter.update(name="If-Match", required=True, schema=dict(_VERSION_SCHEMA))
    if name == "if-none-match":
        parameter["name"] = "If-None-Match"
    parameter.setdefault("description", fields.label(name))
    if example is not None:
        parameter["example"] = example


def _body(body: dict[str, Any], facts: RouteFacts) -> None:
    for media, content in body["content"].items():
        fields.describe({media: content["schema"]})
        if facts.body is not None:
            content["examples"] = {"example": {"value": samples.of_body(facts.body)}}


def _responses(operation: dict[str, Any], facts: RouteFacts) -> None:
    kept = {status: found for status, found in operation["responses"].items() if int(status) < 400}
    operation["responses"] = kept
    success = kept[str(facts.success)]
    if success.get("description") in (None, "Successful Response"):
        success["description"] = str(words.DONE)
    named = headers.of(facts)
    success["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in named}
    if facts.operation_id == "catalog_show":
        kept["304"] = {
            "description": str(words.NOT_CHANGED),
            "headers": _header_references("ETag", "X-Request-Id"),
        }
    has_parameters = any(each["in"] != "header" for each in operation.get("parameters", []))
    for status in problems.statuses(
        facts, has_body="requestBody" in operation, has_parameters=has_parameters
    ):
        kept[str(status)] = problems.reference(status)


def _header_references(*names: str) -> dict[str, dict[str, str]]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _components(components: dict[str, Any], language: Locale) -> None:
    for name in _FOREIGN:
        components["schemas"].pop(name, None)
    components["schemas"].update(problems.schemas())
    components["responses"] = problems.components(language)
    components["headers"] = {
        name: {"description": str(text), "schema": {"type": "string"}}
        for name, text in words.HEADERS.items()
    }
    components["securitySchemes"] = {
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie_name(),
            "description": str(words.SESSION),
        },
        "csrf": {
            "type": "apiKey",
            "in": "header",
            "name": "X-CSRF-Token",
            "description": str(words.CSRF),
        },
        "bearer": {"type": "http", "scheme": "bearer", "description": str(words.BEARER)},
    }


def _in_language(made: Any, language: Locale) -> Any:
    """``made`` with the texts that routes and fields brought along in ``language``."""
    if isinstance(made, list):
        return [_in_language(part, language) for part in made]
    if not isinstance(made, dict):
        return made
    return {
        name: _text(part, language) if _is_text(name, part) else _in_language(part, language)
        for name, part in made.items()
    }


def _is_text(name: str, part: Any) -> bool:
    return name in ("summary", "description") and isinstance(part, str)


def _text(text: str, language: Locale) -> str:
    return Message(text).render(language)
