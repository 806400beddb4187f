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
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("This is required", "Fill it in."),
    "extra_forbidden": ("This field is not known here", "Leave it out or correct its name."),
    "string_too_short": ("Too short", "Give at least %(min_length)s characters."),
    "string_too_long": ("Too long", "Give at most %(max_length)s characters."),
    "string_type": ("This must be text", "Send a text."),
    "text_refused_character": (
        "Character %(position)s (%(code_point)s) cannot be seen and is not accepted",
        "Remove it; text copied from other programs often carries such characters.",
    ),
    "code_malformed": ("This is not a code", "Use letters, digits and . _ / - only."),
    "string_pattern_mismatch": ("This is not in the expected form", "Write it as the hint shows."),
    "int_type": ("This must be a whole number", "Send a number without quotes or decimals."),
    "int_parsing": ("This must be a whole number", "Write digits only."),
    "int_from_float": ("This must be a whole number", "Write digits only."),
    "float_type": ("This must be a number", "Send a number without quotes."),
    "float_parsing": ("This must be a number", "Write digits and at most one decimal point."),
    "decimal_parsing": ("This must be a number", "Write digits and at most one decimal point."),
    "bool_type": ("This must be true or false", "Send true or false."),
    "bool_parsing": ("This must be yes or no", "Choose yes or no."),
    "greater_than": ("Too small", "Give a number greater than %(gt)s."),
    "greater_than_equal": ("Too small", "Give at least %(ge)s."),
    "less_than": ("Too large", "Give a number less than %(lt)s."),
    "less_than_equal": ("Too large", "Give at most %(le)s."),
    "too_short": ("Too few entries", "Give at least %(min_length)s."),
    "too_long": ("Too many entries", "Give at most %(max_length)s."),
    "enum": ("This is not one of the choices", "Choose one of the listed values."),
    "literal_error": ("This is not one of the choices", "Choose one of the listed values."),
    "uuid_parsing": (
        "This is not an identifier",
        "Copy it from the page or the answer that named it.",
    ),
    "uuid_type": (
        "This is not an identifier",
        "Copy it from the page or the answer that named it.",
    ),
    "list_type": ("This must be a list", "Send a list."),
    "model_type": ("This must be an object", "Send an object with named fields."),
    "model_attributes_type": ("This must be an object", "Send an object with named fields."),
    "dict_type": ("This must be an object", "Send an object with named fields."),
    "date_from_number": ("This is not a date", "Write it as 2026-02-11."),
    "timezone_aware": (
        "The time has no zone",
        "Write it with its zone, for example 2026-02-11T09:00:00+08:00.",
    ),
}
_DATE_WORDS: Final = ("This is not a date", "Write it as 2026-02-11.")
_TIME_WORDS: Final = (
    "This is not a time",
    "Write it with its zone, for example 2026-02-11T09:00:00+08:00.",
)
_OTHER: Final = ("This entry is not accepted", "Correct it as the hint says.")


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
        detail, fix = (*own.args, Message(_OTHER[1]))[:2]
        return FieldError(pointer(error["loc"]), "value_error", detail, fix)
    facts = {name: value for name, value in context.items() if isinstance(value, int | float | str)}
    detail_id, fix_id = _words(kind)
    return FieldError(
        pointer(error["loc"]), kind, _filled(detail_id, facts), _filled(fix_id, facts)
    )


def _words(kind: str) -> tuple[str, str]:
    if kind in _WORDS:
        return _WORDS[kind]
    if kind.startswith("date_"):
        return _DATE_WORDS
    return _TIME_WORDS if kind.startswith(("datetime_", "time_", "timezone_")) else _OTHER


def _filled(msgid: str, facts: Mapping[str, Any]) -> Message:
    return Message(msgid, {name: value for name, value in facts.items() if f"%({name})s" in msgid})


def messages() -> list[Message]:
    """Every text of this module, so that the translation test can see them."""
    pairs = [*_WORDS.values(), _DATE_WORDS, _TIME_WORDS, _OTHER]
    return [_(msgid) for pair in pairs for msgid in pair]
