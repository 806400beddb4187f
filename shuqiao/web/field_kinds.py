"""Of which type a field of a model is, by the name that a form gives it."""

import types
from collections.abc import Sequence
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import BaseModel

MANY: Final = (list, tuple, set, frozenset)


def kind_of(annotation: Any, path: Sequence[str]) -> Any:
    """The type of the field at ``path`` below a model or a list; None for a name it does not have,
    which the model refuses.
    """
    kind = bare(annotation)
    if get_origin(kind) in MANY or kind in MANY:
        inner = (get_args(kind) or (str,))[0]
        return kind_of(inner, path[1:] if path else path)
    if not path:
        return kind
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return None
    known = kind.model_fields.get(path[0])
    return None if known is None else kind_of(known.annotation, path[1:])


def bare(annotation: Any) -> Any:
    """The type without ``Annotated`` and ``| None``; a union of several types counts as text."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        kinds: Sequence[Any] = [part for part in get_args(annotation) if part is not type(None)]
        return bare(kinds[0]) if len(kinds) == 1 else str
    return annotation
