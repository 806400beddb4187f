"""What the record of an event tells, in words: names for ids, states and grounds by the words of
the room whose case it is, rules by their own sentence, ways on.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, EnumType
from functools import cache
from typing import Any, Final, TypeGuard
from urllib.parse import quote

from sqlmodel import Session

from audit.models import AuditEvent
from auth.guard import is_allowed
from auth.roles import Role
from catalog.resources.words import ShareType, ShareWay
from exchange.deliveries.words import EndReason
from policies.actions import Action
from policies.rulebook import rulebook
from server.lifecycles import LIFECYCLES
from server.trail import repository
from server.trail.views.rows import ID
from server.trail.words.facts import FACTS
from server.trail.words.things import WAYS
from shuqiao.clock import BEIJING
from shuqiao.context import locale
from shuqiao.errors import known_codes
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject

Text = Message | str
#: Words that records of many kinds use.
_COMMON: Final[tuple[type[Enum], ...]] = (Role, ShareType, ShareWay, EndReason)
_CASE: Final = re.compile(r"[A-Z]{2,4}-\d{4}-\d{6}")
_CREDIT_CODE: Final = re.compile(r"[0-9A-HJ-NP-RT-UW-Y]{18}")
_WORD: Final = re.compile(r"[a-z][a-z_]*")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
#: Facts that are for programs: in the record below, not among the words.
UNTOLD: Final = frozenset({"policy"})
#: Told in the reader's language by the code or the rules beside it.
_SAID_BY: Final = ("code", "rules")


@dataclass(frozen=True, slots=True)
class Value:
    """One value as people read it; ``href`` leads on, empty: nowhere."""

    text: Text
    href: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its values."""

    name: Text
    values: Sequence[Value]


def facts_of(
    session: Session, subject: Subject, event: AuditEvent, record: Mapping[str, Any]
) -> Iterator[Fact]:
    actor, why = _part(record, "actor"), _part(record, "why")
    if roles := _list(actor.get("role")):
        yield Fact(FACTS["roles"], [Value(_common(str(each)) or str(each)) for each in roles])
    if (way := str(actor.get("auth", ""))) in WAYS:
        yield Fact(_("How"), [Value(WAYS[way])])
    if address := record.get("ip"):
        yield Fact(_("Network address"), [Value(str(address), f"/trail?q=ip:{address}")])
    rules = [*_list(why.get("rules")), *_list(_part(record, "policy").get("rules"))]
    if rules:
        yield Fact(FACTS["rules"], [Value(_rule(each)) for each in dict.fromkeys(map(str, rules))])
    names = repository.names(session, _identities(why))
    for key, value in why.items():
        is_said = key == "reason" and any(each in why for each in _SAID_BY)
        if key not in UNTOLD and key != "rules" and not is_said:
            yield from _told(session, subject, event, names, key, value)


def _told(
    session: Session,
    subject: Subject,
    event: AuditEvent,
    names: Mapping[str, str],
    key: str,
    value: Any,
) -> Iterator[Fact]:
    if isinstance(value, dict):
        for inner, each in value.items():
            yield from _told(session, subject, event, names, inner, each)
        return
    parts = value if isinstance(value, list) else [value]
    flat = [part for part in parts if not isinstance(part, dict | list) and not _is_digest(part)]
    shown = [
        Value(_said(event, names, key, each), _way_on(session, subject, key, each)) for each in flat
    ]
    if shown:
        yield Fact(FACTS.get(key, key), shown)
    for part in parts:
        if isinstance(part, dict):
            yield from _told(session, subject, event, names, key, part)


def _is_digest(value: Any) -> bool:
    """What only a program can compare stays in the record."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def _said(event: AuditEvent, names: Mapping[str, str], key: str, value: Any) -> Text:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if not isinstance(value, str):
        return str(value)
    if value in names:
        return names[value]
    if key == "code" and value in known_codes():
        return known_codes()[value].title
    if _WORD.fullmatch(value):
        return _near(event, value) or _common(value) or value
    return _moment(value)


def _moment(value: str) -> str:
    """A moment as Beijing reads it; any other text as it is."""
    if "T" not in value or not value[:4].isdigit():
        return value
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}" if at.tzinfo else value


def _way_on(session: Session, subject: Subject, key: str, value: Any) -> str:
    if not isinstance(value, str):
        return ""
    kind = {"grant": "Grant", "request": "ShareRequest", "resource": "DataResource"}.get(key)
    if kind:
        return lead(session, subject, kind, value)
    return f"/trail?q=stream:{value}" if _CASE.fullmatch(value) else ""


def lead(session: Session, subject: Subject, kind: str, name: str) -> str:
    """The page of a thing where the reader may open it, else all events about it."""
    if page := _page_of(session, subject, kind, name):
        return page
    key = {"Grant": "grant", "DataResource": "resource"}.get(kind, "object")
    return f"/trail?q={key}:{quote(name)}" if name else ""


def _page_of(session: Session, subject: Subject, kind: str, name: str) -> str:
    """The page of a thing, as far as the reader may open it."""
    found = repository.thing(session, kind, name)
    if found is None or not is_allowed(subject, _READING[kind], found):
        return ""
    return _PAGES[kind] + name.replace("/", "-")


_READING: Final[Mapping[str, Action]] = {
    "DataResource": Action.RESOURCE_READ,
    "ShareRequest": Action.REQUEST_READ,
    "Grant": Action.GRANT_READ,
    "Delivery": Action.DELIVERY_READ,
}
_PAGES: Final[Mapping[str, str]] = {
    "DataResource": "/catalog/",
    "ShareRequest": "/requests/",
    "Grant": "/grants/",
    "Delivery": "/deliveries/",
}


def change_of(event: AuditEvent, record: Mapping[str, Any]) -> tuple[Text, Text] | None:
    """The state before and after, in words; None where none was told."""
    told = _part(record, "chg")
    if not told:
        return None
    first, last = (str(told.get(each, "")) for each in ("from", "to"))
    return _near(event, first) or first or "—", _near(event, last) or last or "—"


def _near(event: AuditEvent, value: str) -> Text | None:
    """A word of the room whose case the event is of: a state, a ground, an outcome."""
    states = _rooms().get(event.action.rpartition(":")[0])
    if states is None:
        return None
    near = (states, *vars(sys.modules[states.__module__]).values())
    return _label([each for each in near if _is_vocabulary(each)], value)


def _is_vocabulary(found: Any) -> TypeGuard[type[Enum]]:
    """Where the state of a case is several words, what it is made of stands beside it."""
    return isinstance(found, EnumType)


def _common(value: str) -> Text | None:
    return _label(_COMMON, value)


def _label(vocabularies: Sequence[type[Enum]], value: str) -> Text | None:
    for each in vocabularies:
        word: Any = each._value2member_map_.get(value)
        if word is not None and hasattr(word, "label"):
            return word.label  # type: ignore[no-any-return]
    return None


@cache
def _rooms() -> Mapping[str, type]:
    """Kind of action → what the states of the cases are that it is about."""
    found: dict[str, type] = {}
    for lifecycle in LIFECYCLES:
        for _before, step, after in lifecycle.moves():
            found.setdefault(step.event_at(after).rpartition(":")[0], type(after))
    return found


def _rule(name: str) -> Text:
    rule = rulebook().rules.get(name)
    return name if rule is None else f"{rule.en if locale() == 'en' else rule.zh} ({name})"


def _identities(value: Any) -> set[str]:
    """Every id and credit code in it."""
    if isinstance(value, dict):
        return set().union(*map(_identities, value.values()))
    if isinstance(value, list):
        return set().union(*map(_identities, value))
    is_one = isinstance(value, str) and (ID.fullmatch(value) or _CREDIT_CODE.fullmatch(value))
    return {value} if is_one else set()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _part(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = record.get(name)
    return found if isinstance(found, dict) else {}
