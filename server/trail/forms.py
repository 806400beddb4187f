"""One line that says what of the trail is wanted, and the filter it stands for.

    action:exchange:* actor:wangqiang result:deny stream:REQ-2026-000001 object:GR-2026-000001
    from:2026-02-01

Words are joined by *and*; ``action`` may end in ``*``; ``from`` and ``to`` are Beijing days (``to``
included) or moments with their zone. Full-width letters, digits and colons are read as plain ones.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final

from pydantic import Field

from audit.events import Event
from audit.queries import TrailFilter
from server.trail.words import RESULTS
from shuqiao.clock import BEIJING, today
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _
from shuqiao.texts import Strict, example

LONGEST: Final = 500
#: The words of the line, in the order in which they are written; also
#: the names of the form's fields.
KEYS: Final = ("action", "actor", "result", "stream", "object", "from", "to")
#: Months that are shown unless the reader says otherwise.
WINDOW_MONTHS: Final = 3

_ACTION: Final = re.compile(r"[a-z_]+(:[a-z_]+){0,2}(:?\*)?|\*", re.ASCII)
_PLAIN: Final = re.compile(r"[^\s\x00-\x1f\x7f]{1,120}")


class QueryRefused(Invalid):
    """A query that cannot be read; every mistake is named."""

    code = "trail_query_refused"
    title = _("The query cannot be read")


def parts_of(line: str) -> dict[str, str]:
    """The words of ``line`` by key. Raises :class:`QueryRefused` (pointer ``/q``)."""
    text = unicodedata.normalize("NFKC", line)
    if len(text) > LONGEST:
        raise QueryRefused(
            errors=[_at_line("too_long", _("The query is too long"), _("Use fewer words."))]
        )
    parts: dict[str, str] = {}
    errors: list[FieldError] = []
    for word in text.split():
        key, colon, value = word.partition(":")
        if key not in KEYS or not colon or not value:
            keys = ", ".join(KEYS)
            detail = _("“%(word)s” is not understood", word=word[:60])
            fix = _("Write key:value with one of the keys %(keys)s.", keys=keys)
            errors.append(_at_line("unknown_word", detail, fix))
        elif key in parts:
            errors.append(
                _at_line(
                    "repeated_word", _("“%(key)s” is given twice", key=key), _("Keep one of them.")
                )
            )
        else:
            parts[key] = value
    if errors:
        raise QueryRefused(errors=errors)
    return parts


def line_of(parts: Mapping[str, str]) -> str:
    """The line that says ``parts``; blanks inside a value would split it and are taken out."""
    return " ".join(
        f"{key}:{''.join(parts[key].split())}" for key in KEYS if parts.get(key, "").strip()
    )


def filter_of(parts: Mapping[str, str], *, pointer: str = "/{key}") -> TrailFilter:
    """The filter ``parts`` stand for.

    ``pointer`` says where a mistake is told. Raises :class:`QueryRefused`.
    """
    found: dict[str, Any] = {}
    errors: list[FieldError] = []
    for key, value in parts.items():
        if not value:
            continue
        try:
            found[_FIELDS[key]] = _READERS[key](value)
        except _Mistake as mistake:
            errors.append(FieldError(pointer.format(key=key), "bad_value", *mistake.words))
    since, until = found.get("since"), found.get("until")
    if since is not None and until is not None and since >= until:
        fix = _("Choose an earlier beginning or a later end.")
        errors.append(
            FieldError(
                pointer.format(key="from"), "bad_period", _("The period ends before it begins"), fix
            )
        )
    if errors:
        raise QueryRefused(errors=errors)
    return TrailFilter(**{name: value for name, value in found.items() if value is not None})


def parse(line: str) -> TrailFilter:
    """The filter of a whole line, mistakes told at ``/q``."""
    return filter_of(parts_of(line), pointer="/q")


def usual_line() -> str:
    """What is shown to who asks for nothing: the last three months of business time."""
    day = today()
    months = day.year * 12 + day.month - 1 - WINDOW_MONTHS
    year, month = divmod(months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return f"from:{date(year, month + 1, min(day.day, last)).isoformat()}"


class _Mistake(Exception):
    def __init__(self, detail: Message, fix: Message) -> None:
        super().__init__(detail.render("en"))
        self.words = (detail, fix)


def _action(value: str) -> str | None:
    if not _ACTION.fullmatch(value):
        fix = _("Write it as exchange:request:submitted or exchange:grant:*.")
        raise _Mistake(_("“%(value)s” is no action", value=value[:60]), fix)
    start = value.removesuffix("*")
    # A misspelt action would find nothing, and nothing found must mean that nothing happened.
    is_known = (
        any(event.startswith(start) for event in Event)
        if value.endswith("*")
        else value in set(Event)
    )
    if not is_known:
        fix = _(
            "Choose one of the actions of the list; an asterisk at the end stands for the rest."
        )
        raise _Mistake(_("There is no action “%(value)s”", value=value[:60]), fix)
    return value if start else None


def _result(value: str) -> str:
    if value not in RESULTS:
        raise _Mistake(
            _("“%(value)s” is no result", value=value[:60]), _("Write allow, deny or error.")
        )
    return value


def _name(value: str) -> str:
    if not _PLAIN.fullmatch(value):
        raise _Mistake(_("The value is too long"), _("Give at most 120 characters."))
    return value


def _since(value: str) -> datetime:
    return _moment(value, days=0)


def _until(value: str) -> datetime:
    return _moment(value, days=1)


def _moment(value: str, *, days: int) -> datetime:
    """A day as its Beijing midnight plus ``days``, or a moment as it is."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            return datetime.combine(
                date.fromisoformat(value) + timedelta(days=days), time.min, BEIJING
            )
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None and "T" in value:
            return moment
    except (ValueError, OverflowError):
        pass
    fix = _("Write it as 2026-02-11, or as 2026-02-11T09:00:00+08:00.")
    raise _Mistake(_("“%(value)s” is no day", value=value[:60]), fix)


def _at_line(code: str, detail: Message, fix: Message) -> FieldError:
    return FieldError("/q", code, detail, fix)


_FIELDS: Final[Mapping[str, str]] = {
    "action": "action",
    "actor": "actor",
    "result": "result",
    "stream": "stream",
    "object": "object_id",
    "from": "since",
    "to": "until",
}
_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "action": _action,
    "actor": _name,
    "result": _result,
    "stream": _name,
    "object": _name,
    "from": _since,
    "to": _until,
}


class AuditExportCreate(Strict):
    """Which events to take out; nothing: the whole trail, which alone
    can be checked for gaps at the ends.
    """

    model_config = example()

    action: Annotated[str, Field(max_length=120)] = ""
    actor: Annotated[str, Field(max_length=120)] = ""
    result: Annotated[str, Field(max_length=120)] = ""
    stream: Annotated[str, Field(max_length=120)] = ""
    object: Annotated[str, Field(max_length=120)] = ""
    since: Annotated[str, Field(max_length=120, alias="from")] = ""
    until: Annotated[str, Field(max_length=120, alias="to")] = ""

    def to_filter(self) -> TrailFilter:
        """Raises ``QueryRefused`` naming each field."""
        return filter_of(self.model_dump(by_alias=True))
