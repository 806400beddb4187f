"""One line that says what of the trail is wanted, and the filter it stands for.

    action:exchange:* actor:wangqiang result:deny stream:REQ-2026-000001 object:GR-2026-000001
    resource:307001/000001 grant:GR-2026-000001 org:市教育局 ip:10.1.2.3 columns:学校代码
    from:2026-02-01 -action:audit:*

Words are joined by *and*, one behind a minus sign is left out; a value with blanks stands between
quotation marks. ``action`` may end in ``*``; ``actor`` is an account or a person's name; ``from``
and ``to`` are Beijing days (``to`` included) or moments with their zone. Full-width letters, digits
and signs are read as plain ones.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from ipaddress import ip_address
from typing import Any, Final

from audit.events import Event
from audit.queries import TrailFilter
from server.trail.errors import QueryRefused
from server.trail.schemas import LONGEST, NAMES, Asked
from server.trail.words.asked import RESULTS
from shuqiao.clock import BEIJING, today
from shuqiao.errors import FieldError
from shuqiao.i18n import Message, _

#: The words of the line, in the order in which they are written; also
#: the names of the form's fields.
KEYS: Final = (
    *("action", "actor", "result", "stream", "object"),
    *("resource", "grant", "org", "ip", "columns", "from", "to"),
)
#: Months that are shown unless the reader says otherwise.
WINDOW_MONTHS: Final = 3

_ACTION: Final = re.compile(r"[a-z_]+(:[a-z_]+){0,2}(:?\*)?|\*", re.ASCII)
_PLAIN: Final = re.compile(r"[^\x00-\x1f\x7f]{1,120}")
_WORD: Final = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
_MARKS: Final = str.maketrans("“”", '""')


def words_of(line: str) -> list[tuple[str, str, bool]]:
    """The words of ``line``: key, value, and whether it is to be left out.

    Raises :class:`QueryRefused` (pointer ``/q``).
    """
    text = unicodedata.normalize("NFKC", line).translate(_MARKS)
    if len(text) > LONGEST:
        raise QueryRefused(
            errors=[_at_line("too_long", _("The query is too long"), _("Use fewer words."))]
        )
    found: list[tuple[str, str, bool]] = []
    errors: list[FieldError] = []
    for word in _WORD.findall(text):
        is_out = word.startswith("-")
        key, colon, value = word.removeprefix("-").partition(":")
        value = value.replace('"', "").strip()
        if key not in KEYS or not colon or not value:
            keys = ", ".join(KEYS)
            detail = _("“%(word)s” is not understood", word=word[:60])
            fix = _("Write key:value with one of the keys %(keys)s.", keys=keys)
            errors.append(_at_line("unknown_word", detail, fix))
        elif not is_out and (key, False) in {(each[0], each[2]) for each in found}:
            errors.append(
                _at_line(
                    "repeated_word", _("“%(key)s” is given twice", key=key), _("Keep one of them.")
                )
            )
        else:
            found.append((key, value, is_out))
    if errors:
        raise QueryRefused(errors=errors)
    return found


def parts_of(line: str) -> dict[str, str]:
    """What ``line`` wants, by key, without what is to be left out. Raises :class:`QueryRefused`."""
    return {key: value for key, value, is_out in words_of(line) if not is_out}


def line_of(parts: Mapping[str, str]) -> str:
    """The line that says ``parts``."""
    said = {key: " ".join(value.replace('"', "").split()) for key, value in parts.items()}
    return " ".join(f"{key}:{_marked(said[key])}" for key in KEYS if said.get(key))


def _marked(value: str) -> str:
    return f'"{value}"' if " " in value else value


def asked(parts: Mapping[str, str], *, pointer: str = "/{key}") -> Asked:
    """What ``parts`` stand for.

    ``pointer`` says where a mistake is told. Raises :class:`QueryRefused`.
    """
    found: dict[str, Any] = {}
    names: dict[str, str] = {}
    errors: list[FieldError] = []
    for key, value in parts.items():
        if not value:
            continue
        try:
            read = _READERS[key](value)
        except _Mistake as mistake:
            errors.append(FieldError(pointer.format(key=key), "bad_value", *mistake.words))
        else:
            if key in NAMES:
                names[key] = read
            elif read is not None:
                found[_FIELDS[key]] = read
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
    return Asked(TrailFilter(**found), names)


def parse(line: str) -> Asked:
    """What a whole line says, mistakes told at ``/q``. Raises :class:`QueryRefused`."""
    said = words_of(line)
    wanted = asked({key: value for key, value, is_out in said if not is_out}, pointer="/q")
    left_out = [asked({key: value}, pointer="/q") for key, value, is_out in said if is_out]
    return replace(wanted, without=left_out)


def usual_line(account: str) -> str:
    """What is shown to ``account``, who asks for nothing: the last three months of business time,
    without its own reading of the trail.
    """
    day = today()
    months = day.year * 12 + day.month - 1 - WINDOW_MONTHS
    year, month = divmod(months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    since = date(year, month + 1, min(day.day, last))
    return f"from:{since.isoformat()} -stream:trail:{account}"


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


def _address(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        fix = _("Write it as 10.1.2.3 or 2001:db8::1.")
        raise _Mistake(_("“%(value)s” is no network address", value=value[:60]), fix) from None


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
    "result": "result",
    "stream": "stream",
    "object": "object_id",
    "ip": "ip",
    "columns": "column",
    "from": "since",
    "to": "until",
}
_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "action": _action,
    "actor": _name,
    "result": _result,
    "stream": _name,
    "object": _name,
    "resource": _name,
    "grant": _name,
    "org": _name,
    "ip": _address,
    "columns": _name,
    "from": _since,
    "to": _until,
}


def with_left_out(parts: Mapping[str, str], without: str) -> Asked:
    """What a program asks for: by field, and a line of what is to be left out.

    Raises :class:`QueryRefused` naming each field.
    """
    try:
        left_out = [asked({key: value}) for key, value, _out in words_of(without)]
    except QueryRefused as refused:
        raise QueryRefused(
            errors=[replace(each, pointer="/without") for each in refused.errors]
        ) from None
    return replace(asked(parts), without=left_out)
