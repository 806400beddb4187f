"""What the reference pages show of the document: its groups, and one operation at a time."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from server.reference import shapes
from server.reference.shapes import FieldShown

METHODS: Final = ("get", "post", "put", "patch", "delete")
_TONES: Final = {
    "GET": "info",
    "POST": "success",
    "PUT": "warning",
    "PATCH": "warning",
    "DELETE": "danger",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One operation in a list."""

    id: str
    method: str
    tone: str
    path: str
    summary: str


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of one job of a user."""

    name: str
    title: str
    about: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ParameterShown:
    name: str
    where: str
    field: FieldShown
    example: str


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """One success: its fields, or the media type of what is no JSON."""

    status: str
    about: str
    media: str
    headers: tuple[tuple[str, str], ...]
    fields: tuple[FieldShown, ...]


@dataclass(frozen=True, slots=True)
class ErrorShown:
    """One error status; ``code`` is the most general one of its kind, which has a page."""

    status: str
    about: str
    code: str


@dataclass(frozen=True, slots=True)
class OperationShown:
    """Everything the page of one operation says."""

    line: Line
    group: str
    about: str
    action: str
    ways: tuple[str, ...]
    #: Any of these a service token needs.
    scopes: tuple[str, ...]
    parameters: tuple[ParameterShown, ...]
    body_media: str
    body: tuple[FieldShown, ...]
    sample: str
    answers: tuple[AnswerShown, ...]
    errors: tuple[ErrorShown, ...]
    origin: str


def groups(document: Mapping[str, Any], wanted: str = "") -> list[Group]:
    """The groups in the document's order; with words only operations that have all of them."""
    words = wanted.casefold().split()
    lines = list(_operations(document))
    made = []
    for tag in document["tags"]:
        found = tuple(
            line
            for line, operation in lines
            if tag["name"] in operation["tags"] and _matches(line, operation, words)
        )
        if found:
            title = tag["x-displayName"]
            about = tag["description"].removeprefix(title).lstrip(" –")
            made.append(Group(tag["name"], title, about, found))
    return made


def operation(document: Mapping[str, Any], operation_id: str) -> OperationShown | None:
    """One operation, None when there is none of this id."""
    found = next((pair for pair in _operations(document) if pair[0].id == operation_id), None)
    if found is None:
        return None
    line, stated = found
    schemas = document["components"]["schemas"]
    media, body = _first(stated.get("requestBody", {}).get("content", {}))
    sample = body.get("examples", {}).get("example", {}).get("value")
    origin = next((server["url"] for server in stated.get("servers", ())), "")
    return OperationShown(
        line=line,
        group=next(
            tag["x-displayName"] for tag in document["tags"] if tag["name"] in stated["tags"]
        ),
        about=stated.get("description", ""),
        action=stated.get("x-action", ""),
        ways=tuple(name for way in stated.get("security", ()) for name in way),
        scopes=tuple(name for way in stated.get("security", ()) for name in way.get("bearer", ())),
        parameters=tuple(_parameter(each, schemas) for each in stated.get("parameters", ())),
        body_media=media,
        body=tuple(shapes.rows(body.get("schema", {}), schemas)),
        sample="" if sample is None else json.dumps(sample, ensure_ascii=False, indent=2),
        answers=tuple(_answers(stated, document)),
        errors=tuple(_errors(stated, document)),
        origin=origin,
    )


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[Line, Mapping[str, Any]]]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                stated = methods[method]
                name = method.upper()
                yield (
                    Line(stated["operationId"], name, _TONES[name], path, stated["summary"]),
                    stated,
                )


def _matches(line: Line, stated: Mapping[str, Any], words: list[str]) -> bool:
    text = " ".join(
        (line.id, line.method, line.path, line.summary, stated.get("description", ""))
    ).casefold()
    return all(word in text for word in words)


def _parameter(stated: Mapping[str, Any], schemas: Mapping[str, Any]) -> ParameterShown:
    schema = stated["schema"]
    field = FieldShown(
        stated["name"],
        0,
        shapes.type_of(schema, schemas),
        stated.get("description", ""),
        shapes.choices(schema, schemas),
        stated["required"],
    )
    example = stated.get("example")
    told = example if isinstance(example, str) else json.dumps(example, ensure_ascii=False)
    return ParameterShown(stated["name"], stated["in"], field, "" if example is None else told)


def _answers(stated: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[AnswerShown]:
    schemas, headers = document["components"]["schemas"], document["components"]["headers"]
    for status, answer in stated["responses"].items():
        if "$ref" in answer or int(status) >= 400:
            continue
        media, content = _first(answer.get("content", {}))
        named = tuple((name, headers[name]["description"]) for name in answer.get("headers", ()))
        fields = tuple(shapes.rows(content.get("schema", {}), schemas))
        yield AnswerShown(status, answer["description"], media, named, fields)


def _first(content: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The media type of a body or answer, and what is said of it; there is never a second one."""
    for media, stated in content.items():
        return media, stated
    return "", {}


def _errors(stated: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[ErrorShown]:
    for status, answer in sorted(stated["responses"].items()):
        if int(status) >= 400:
            name = answer.get("$ref", "").rpartition("/")[2]
            whole = document["components"]["responses"][name] if name else answer
            content = next(iter(whole["content"].values()))
            example = content.get("examples", {}).get("problem", {}).get("value", {})
            yield ErrorShown(status, whole["description"], example.get("code", ""))
