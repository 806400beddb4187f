"""From JSON Schema to rows that people read: one line a field, nested
ones with their path (``items[].name``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shuqiao.i18n import Message, _

#: Deeper than anything we send; a schema that names itself stops here.
DEPTH_LIMIT: Final = 4


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One line: path of the field, its type in words, what it may be, whether it must be there."""

    path: str
    depth: int
    type: Message
    about: str
    choices: tuple[str, ...]
    is_required: bool


def rows(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[FieldShown]:
    """The fields of an object, those of the objects inside following their parent."""
    return list(_rows(schema, schemas, "", 0, ()))


def _rows(
    schema: Mapping[str, Any],
    schemas: Mapping[str, Any],
    before: str,
    depth: int,
    seen: tuple[str, ...],
) -> Iterator[FieldShown]:
    names = seen + ((schema["$ref"],) if "$ref" in schema else ())
    found = resolved(schema, schemas)
    required = found.get("required", ())
    for name, property_ in found.get("properties", {}).items():
        whole = resolved(property_, schemas)
        path = f"{before}{name}"
        yield FieldShown(
            path,
            depth,
            type_of(property_, schemas),
            str(property_.get("description", whole.get("description", ""))),
            choices(property_, schemas),
            name in required,
        )
        inner, suffix = _inner(property_, schemas)
        if inner is not None and inner.get("$ref") not in names and depth < DEPTH_LIMIT:
            yield from _rows(inner, schemas, f"{path}{suffix}.", depth + 1, names)


def _inner(
    schema: Mapping[str, Any], schemas: Mapping[str, Any]
) -> tuple[Mapping[str, Any] | None, str]:
    """The object inside: of the field itself or of its entries; None when there is none."""
    bare = _without_null(schema)
    whole = resolved(bare, schemas)
    if whole.get("type") == "array":
        inner, suffix = _inner(whole.get("items", {}), schemas)
        return inner, "[]" + suffix
    return (bare, "") if "properties" in whole else (None, "")


def resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema behind a reference, and behind "or null"."""
    bare = _without_null(schema)
    name = bare.get("$ref", "").rpartition("/")[2]
    return resolved(schemas[name], schemas) if name else bare


def _without_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    options = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return options[0] if len(options) == 1 else schema


def is_nullable(schema: Mapping[str, Any]) -> bool:
    return any(each.get("type") == "null" for each in schema.get("anyOf", ()))


def choices(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> tuple[str, ...]:
    """The values that are accepted, when they are few and known."""
    whole = resolved(schema, schemas)
    if whole.get("type") == "array":
        return choices(whole.get("items", {}), schemas)
    if "const" in whole:
        return (str(whole["const"]),)
    return tuple(map(str, whole.get("enum", ())))


def type_of(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Message:
    """The type in words, with its bounds."""
    whole = resolved(schema, schemas)
    kind = _array(whole, schemas) if whole.get("type") == "array" else _scalar(whole)
    return _("%(kind)s or null", kind=kind) if is_nullable(schema) else kind


def _array(whole: Mapping[str, Any], schemas: Mapping[str, Any]) -> Message:
    inner = type_of(whole.get("items", {}), schemas)
    if (most := whole.get("maxItems")) is not None:
        return _("list of at most %(count)s: %(kind)s", count=most, kind=inner)
    return _("list: %(kind)s", kind=inner)


def _scalar(whole: Mapping[str, Any]) -> Message:
    if named := _FORMATS.get(whole.get("format", "")):
        return named
    kind = whole.get("type", "")
    if kind == "string" and "maxLength" in whole and "enum" not in whole:
        return _("text, at most %(count)s characters", count=whole["maxLength"])
    if kind in ("integer", "number") and "minimum" in whole and whole.get("maximum", 10**9) < 10**9:
        return _("number from %(least)s to %(most)s", least=whole["minimum"], most=whole["maximum"])
    return _TYPES.get(kind, _ANYTHING)


_ANYTHING: Final = _("any JSON")
_TYPES: Final[Mapping[str, Message]] = {
    "string": _("text"),
    "integer": _("whole number"),
    "number": _("decimal number"),
    "boolean": _("true or false"),
    "object": _("object"),
    "array": _("list"),
    "null": _("null"),
}
_FORMATS: Final[Mapping[str, Message]] = {
    "date": _("date, 2026-02-11"),
    "date-time": _("time, 2026-02-11T09:00:00+08:00"),
    "uuid": _("identifier (UUID)"),
    "binary": _("file content"),
}
