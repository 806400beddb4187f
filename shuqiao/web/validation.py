"""From Pydantic's errors to ours: a pointer, a stable code, what is
wrong and how to mend it; never the input.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from shuqiao.errors import FieldError
from shuqiao.i18n import Message, _

#: Parts of a location that name where the input came from, not a field.
_SOURCES: Final = frozenset({"body", "query", "path", "header", "cookie", "form"})

#: Pydantic error type → (what is wrong, how to mend it); both may use the error's own bounds.
_WORDS: Final[Mapping[str, tuple[Message, Message]]] = {
    "missing": (_("This is required"), _("Fill it in.")),
    "extra_forbidden": (_("This field is not known here"), _("Leave it out or correct its name.")),
    "string_too_short": (_("Too short"), _("Give at least %(min_length)s characters.")),
    "string_too_long": (_("Too long"), _("Give at most %(max_length)s characters.")),
    "string_type": (_("This must be text"), _("Send a text.")),
    "text_refused_character": (
        _("Character %(position)s (%(code_point)s) cannot be seen and is not accepted"),
        _("Remove it; text copied from other programs often carries such characters."),
    ),
    "code_malformed": (_("This is not a code"), _("Use letters, digits and . _ / - only.")),
    "string_pattern_mismatch": (
        _("This is not in the expected form"),
        _("Write it as the hint shows."),
    ),
    "int_type": (_("This must be a whole number"), _("Send a number without quotes or decimals.")),
    "int_parsing": (_("This must be a whole number"), _("Write digits only.")),
    "int_from_float": (_("This must be a whole number"), _("Write digits only.")),
    "float_type": (_("This must be a number"), _("Send a number without quotes.")),
    "float_parsing": (_("This must be a number"), _("Write digits and at most one decimal point.")),
    "decimal_parsing": (
        _("This must be a number"),
        _("Write digits and at most one decimal point."),
    ),
    "bool_type": (_("This must be true or false"), _("Send true or false.")),
    "bool_parsing": (_("This must be yes or no"), _("Choose yes or no.")),
    "greater_than": (_("Too small"), _("Give a number greater than %(gt)s.")),
    "greater_than_equal": (_("Too small"), _("Give at least %(ge)s.")),
    "less_than": (_("Too large"), _("Give a number less than %(lt)s.")),
    "less_than_equal": (_("Too large"), _("Give at most %(le)s.")),
    "too_short": (_("Too few entries"), _("Give at least %(min_length)s.")),
    "too_long": (_("Too many entries"), _("Give at most %(max_length)s.")),
    "enum": (_("This is not one of the choices"), _("Choose one of the listed values.")),
    "literal_error": (_("This is not one of the choices"), _("Choose one of the listed values.")),
    "uuid_parsing": (
        _("This is not an identifier"),
        _("Copy it from the page or the answer that named it."),
    ),
    "uuid_type": (
        _("This is not an identifier"),
        _("Copy it from the page or the answer that named it."),
    ),
    "list_type": (_("This must be a list"), _("Send a list.")),
    "model_type": (_("This must be an object"), _("Send an object with named fields.")),
    "model_attributes_type": (_("This must be an object"), _("Send an object with named fields.")),
    "dict_type": (_("This must be an object"), _("Send an object with named fields.")),
    "date_from_number": (_("This is not a date"), _("Write it as 2026-02-11.")),
    "timezone_aware": (
        _("The time has no zone"),
        _("Write it with its zone, for example 2026-02-11T09:00:00+08:00."),
    ),
}
_DATE_WORDS: Final = (_("This is not a date"), _("Write it as 2026-02-11."))
#: Of a day in the right form.
_NO_DAY_WORDS: Final = (
    _("The calendar has no such day"),
    _("Check month and day; write it as 2026-02-11."),
)
_TIME_WORDS: Final = (
    _("This is not a time"),
    _("Write it with its zone, for example 2026-02-11T09:00:00+08:00."),
)
_OTHER: Final = (_("This entry is not accepted"), _("Correct it as the hint says."))


def field_errors(raw: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """Our errors for ``ValidationError.errors()`` or
    ``RequestValidationError.errors()``, in the same order.

    A body that both a dependency and the endpoint ask for is checked twice; each mistake is told
    once.
    """
    found = [_one(error) for error in raw]
    return list({(error.pointer, error.code): error for error in found}.values())


def pointer(location: Iterable[Any]) -> str:
    """RFC 6901 pointer of a Pydantic location, without its leading
    source: ``("body", "items", 0)`` → ``/items/0``.
    """
    parts = [str(part) for part in location]
    if parts and parts[0] in _SOURCES:
        parts = parts[1:]
    return "".join("/" + part.replace("~", "~0").replace("/", "~1")[:100] for part in parts)


def _one(error: Mapping[str, Any]) -> FieldError:
    kind = str(error["type"])
    context = error.get("ctx") or {}
    own = context.get("error")
    if (
        kind == "value_error"
        and own is not None
        and isinstance(getattr(own, "args", (None,))[0], Message)
    ):
        # a validator of ours: ValueError(_("what is wrong"), _("how to mend it"))
        detail, fix = (*own.args, _OTHER[1])[:2]
        return FieldError(pointer(error["loc"]), "value_error", detail, fix)
    facts = {name: value for name, value in context.items() if isinstance(value, int | float | str)}
    detail, fix = _words("missing" if _is_nothing(kind, context) else kind)
    if kind.startswith("date_") and "outside expected range" in str(own):
        detail, fix = _NO_DAY_WORDS
    return FieldError(pointer(error["loc"]), kind, detail.filled(facts), fix.filled(facts))


def _is_nothing(kind: str, context: Mapping[str, Any]) -> bool:
    """A text of which one character would do: there is none."""
    return kind == "string_too_short" and context.get("min_length") == 1


def _words(kind: str) -> tuple[Message, Message]:
    if kind in _WORDS:
        return _WORDS[kind]
    if kind.startswith("date_"):
        return _DATE_WORDS
    return _TIME_WORDS if kind.startswith(("datetime_", "time_", "timezone_")) else _OTHER
