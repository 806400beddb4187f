"""From a JSON object to a frozen value, checked by the value's own annotations.

Unknown members are kept in ``raw``: the service may add some.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from types import UnionType
from typing import Any, ClassVar, Self, Union, get_args, get_origin, get_type_hints

from shuqiao_client.errors import ShuqiaoError
from shuqiao_client.words import say


@dataclass(frozen=True, kw_only=True)
class Record:
    """Base of all records.

    ``raw``: the JSON object as it came. ``COLUMNS``: what lists and frames show.
    """

    COLUMNS: ClassVar[tuple[str, ...]] = ()
    raw: Mapping[str, Any] = field(repr=False, compare=False, default_factory=dict)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """Read a JSON object.

        Raises ``ShuqiaoError`` when a member is missing or of another kind.
        """
        hints = _hints(cls)
        try:
            members = {
                each.name: _value(hints[each.name], raw[each.name])
                for each in fields(cls)
                if each.name != "raw" and (each.name in raw or _is_required(each))
            }
        except (KeyError, TypeError, ValueError):
            raise ShuqiaoError(
                say("http.not_ours", host=cls.__name__, status=200), code="not_shuqiao"
            ) from None
        return cls(**members, raw=raw)


_HINTS: dict[type[Record], dict[str, Any]] = {}


def _hints(kind: type[Record]) -> dict[str, Any]:
    """The resolved annotations of a record, looked up once."""
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind)
    return _HINTS[kind]


def types_of(kind: type[Record]) -> dict[str, Any]:
    """Python type by column of a record, without ``| None``."""
    return {name: _present(_hints(kind)[name]) for name in kind.COLUMNS}


def _is_required(each: Any) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _present(hint: Any) -> Any:
    """The type without ``| None``."""
    if get_origin(hint) in (Union, UnionType):
        return next(kind for kind in get_args(hint) if kind is not type(None))
    return hint


def _value(hint: Any, value: Any) -> Any:
    if value is None:
        if _present(hint) is hint:
            raise TypeError("required")
        return None
    kind = _present(hint)
    if get_origin(kind) is list:
        if not isinstance(value, list):
            raise TypeError("a list")
        return [_value(get_args(kind)[0], each) for each in value]
    if issubclass(kind, Record):
        return kind.from_json(value)
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    if not isinstance(value, kind):
        raise TypeError(kind.__name__)
    return value
