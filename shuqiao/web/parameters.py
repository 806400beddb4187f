"""The parameters of an address, as strict as a body: what a route does
not know is refused, never passed over.

A filter with a slip in its name would otherwise hold nothing back, and more would leave than was
asked for. The names are the route's own, read from its declaration and those of its dependencies.
"""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from starlette.datastructures import QueryParams

from shuqiao.errors import BadRequest, FieldError
from shuqiao.i18n import Message, _
from shuqiao.web.validation import pointer

#: Faults that are named; a longer list helps nobody.
_NAMED: Final = 20
_LISTS: Final = (list, set, frozenset, tuple)


class ParametersRefused(BadRequest):
    """The address names a parameter that the route does not take, or a single one twice."""

    code = "parameters_refused"
    title = _("The address has parameters that are not taken here")


def declared(dependant: Dependant) -> Mapping[str, bool]:
    """Name of each query parameter of a route → whether it may be repeated."""
    return dict(_declared(dependant))


def _declared(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    for field in dependant.query_params:
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from (_one(name, inner) for name, inner in kind.model_fields.items())
        else:
            yield _one(field.name, field.field_info)
    for inner in dependant.dependencies:
        yield from _declared(inner)


def _one(name: str, field: FieldInfo) -> tuple[str, bool]:
    return field.alias or name, _is_list(field.annotation)


def _is_list(kind: Any) -> bool:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return any(map(_is_list, get_args(kind)))
    return (origin or kind) in _LISTS


def refuse_others(sent: QueryParams, known: Mapping[str, bool]) -> None:
    """Raises ``ParametersRefused`` for names not in ``known`` and
    single ones that are repeated; values stay unsaid.
    """
    errors = [
        _fault(name, known)
        for name in sent
        if name not in known or not (known[name] or _is_single(sent, name))
    ]
    if errors:
        raise ParametersRefused(errors=errors[:_NAMED])


def _is_single(sent: QueryParams, name: str) -> bool:
    return len(sent.getlist(name)) == 1


def _fault(name: str, known: Mapping[str, bool]) -> FieldError:
    where = pointer(("query", "".join(sign for sign in name if sign.isprintable())))
    if name in known:
        return FieldError(
            where, "repeated_parameter", _("This parameter is named twice"), _("Give it one value.")
        )
    return FieldError(
        where, "unknown_parameter", _("This address takes no such parameter"), _fix(name, known)
    )


def _fix(name: str, known: Collection[str]) -> Message:
    if not known:
        return _("Leave it out; this address takes no parameters.")
    taken = ", ".join(sorted(known))
    if close := get_close_matches(name[:100], known, n=1):
        return _("Write %(name)s? This address takes: %(taken)s.", name=close[0], taken=taken)
    return _("Leave it out. This address takes: %(taken)s.", taken=taken)
