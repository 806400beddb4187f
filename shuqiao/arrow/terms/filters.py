"""The row filter (行过滤): a small typed tree over items, the only form
in which a condition reaches an engine.

    {"op": "and", "args": [{"item": ID, "op": "ge", "value": 1}, {"item": ID, "op": "not_null"}]}

Operators: and or not · eq ne lt le gt ge · between in (``value`` is a list) · starts_with · is_null
not_null (no ``value``). NULL follows SQL's three-valued logic: a comparison with NULL is unknown,
``and``/``or``/``not`` are Kleene's, and a row stays only where the whole tree is true; so ``ne``
and ``not`` do not find empty values.
Floats: a NaN compares like NULL (but ``is_null`` does not find it), ``-0.0`` equals ``0.0``. Texts
compare by code point, without collation.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.types as pat

from shuqiao.arrow.terms.filter_values import ValueRefused, read_value, write_value
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _

DEEPEST: Final = 8
MOST_NODES: Final = 64
MOST_LISTED: Final = 200

BRANCHES: Final = frozenset({"and", "or", "not"})
COMPARISONS: Final = frozenset({"eq", "ne", "lt", "le", "gt", "ge"})
EMPTINESS: Final = frozenset({"is_null", "not_null"})
LISTS: Final = frozenset({"in", "between"})
LEAVES: Final = COMPARISONS | EMPTINESS | LISTS | {"starts_with"}


@dataclass(frozen=True, slots=True)
class Branch:
    """``and`` or ``or`` of one or more, ``not`` of exactly one."""

    op: str
    args: "tuple[Filter, ...]"


@dataclass(frozen=True, slots=True)
class Condition:
    """One question about one item.

    ``values``: none, one, two (between) or many (in), as Python values.
    """

    op: str
    item: str
    type: pa.DataType
    values: tuple[Any, ...]


Filter = Branch | Condition


class FilterRefused(Invalid):
    """A filter that is not one of ours; its errors point into the document."""

    code = "filter_refused"
    title = _("The row filter needs correction")


def parse_filter(document: Any, items: Mapping[str, pa.DataType], *, pointer: str = "") -> Filter:
    """Read a filter from parsed JSON. ``items``: the types of the items that may be asked, by id.

    Raises :class:`FilterRefused` with one error a mistake, its pointer beginning with ``pointer``.
    """
    reader = _Reader(items)
    tree = reader.node(document, pointer, depth=1)
    if reader.errors or tree is None:
        raise FilterRefused(errors=reader.errors)
    return tree


def filter_document(tree: Filter) -> dict[str, Any]:
    """The JSON form of a tree: what :func:`parse_filter` reads, values in one spelling."""
    if isinstance(tree, Branch):
        return {"op": tree.op, "args": [filter_document(arg) for arg in tree.args]}
    document: dict[str, Any] = {"item": tree.item, "op": tree.op}
    values = [write_value(value) for value in tree.values]
    if tree.op in LISTS:
        document["value"] = values
    elif values:
        document["value"] = values[0]
    return document


def filter_items(tree: Filter) -> Iterator[tuple[str, pa.DataType]]:
    """Each item a tree asks about, with its type, in order, repetitions included."""
    if isinstance(tree, Branch):
        for arg in tree.args:
            yield from filter_items(arg)
    else:
        yield tree.item, tree.type


def allowed_operators(type_: pa.DataType) -> frozenset[str]:
    """The operators an item of ``type_`` can be asked with (for forms and for checks)."""
    if pat.is_null(type_) or pat.is_binary(type_):
        return EMPTINESS
    if pat.is_boolean(type_):
        return EMPTINESS | {"eq", "ne"}
    return LEAVES if pat.is_string(type_) else LEAVES - {"starts_with"}


class _Mistake(Exception):
    def __init__(self, pointer: str, code: str, fix: Message) -> None:
        super().__init__(pointer)
        self.error = FieldError(pointer, code, _("This part of the filter cannot be used."), fix)


class _Reader:
    """Walks the document once, collecting the first mistake of each node."""

    def __init__(self, items: Mapping[str, pa.DataType]) -> None:
        self._items = items
        self._nodes = 0
        self.errors: list[FieldError] = []

    def node(self, raw: Any, pointer: str, *, depth: int) -> Filter | None:
        self._nodes += 1
        if self._nodes > MOST_NODES + 1:
            return None
        try:
            return self._node(raw, pointer, depth)
        except _Mistake as mistake:
            self.errors.append(mistake.error)
            return None

    def _node(self, raw: Any, pointer: str, depth: int) -> Filter | None:
        if self._nodes > MOST_NODES:
            raise _Mistake(
                pointer, "filter_too_large", _("At most %(most)s conditions.", most=MOST_NODES)
            )
        if depth > DEEPEST:
            raise _Mistake(pointer, "filter_too_deep", _("At most %(most)s levels.", most=DEEPEST))
        if not isinstance(raw, Mapping):
            raise _Mistake(pointer, "filter_not_object", _("Write an object with “op”."))
        op = raw.get("op")
        if isinstance(op, str) and op in BRANCHES:
            return self._branch(raw, op, pointer, depth)
        if isinstance(op, str) and op in LEAVES:
            return self._condition(raw, op, pointer)
        raise _Mistake(f"{pointer}/op", "filter_operator", _use_one_of(BRANCHES | LEAVES))

    def _branch(self, raw: Mapping[str, Any], op: str, pointer: str, depth: int) -> Filter | None:
        _only(raw, {"op", "args"}, pointer)
        args = raw["args"]
        if not isinstance(args, list) or not args:
            raise _Mistake(
                f"{pointer}/args", "filter_arguments", _("Give a list of at least one argument.")
            )
        if op == "not" and len(args) != 1:
            raise _Mistake(
                f"{pointer}/args", "filter_arguments", _("“not” takes exactly one argument.")
            )
        parts = [
            self.node(arg, f"{pointer}/args/{place}", depth=depth + 1)
            for place, arg in enumerate(args)
        ]
        return (
            None if None in parts else Branch(op, tuple(part for part in parts if part is not None))
        )

    def _condition(self, raw: Mapping[str, Any], op: str, pointer: str) -> Filter:
        _only(raw, {"item", "op"} if op in EMPTINESS else {"item", "op", "value"}, pointer)
        item = raw["item"]
        type_ = self._items.get(item) if isinstance(item, str) else None
        if type_ is None:
            raise _Mistake(
                f"{pointer}/item", "filter_item", _("Name an item of this resource by its id.")
            )
        if op not in allowed_operators(type_):
            raise _Mistake(
                f"{pointer}/op", "filter_operator", _use_one_of(allowed_operators(type_))
            )
        return Condition(op, item, type_, _values(raw.get("value"), op, type_, f"{pointer}/value"))


def _values(raw: Any, op: str, type_: pa.DataType, pointer: str) -> tuple[Any, ...]:
    if op in EMPTINESS:
        return ()
    if op not in LISTS:
        value = _value(raw, type_, pointer)
        if op == "starts_with" and not value:
            raise _Mistake(pointer, "filter_value", _("Give at least one character."))
        return (value,)
    if op == "between" and (not isinstance(raw, list) or len(raw) != 2):
        raise _Mistake(pointer, "filter_value", _("Give the two bounds as a list."))
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_LISTED:
        raise _Mistake(
            pointer, "filter_value", _("Give a list of 1 to %(most)s values.", most=MOST_LISTED)
        )
    return tuple(_value(value, type_, f"{pointer}/{place}") for place, value in enumerate(raw))


def _value(raw: Any, type_: pa.DataType, pointer: str) -> Any:
    try:
        return read_value(raw, type_)
    except ValueRefused as refused:
        raise _Mistake(pointer, "filter_value", refused.fix) from None


def _only(raw: Mapping[str, Any], names: set[str], pointer: str) -> None:
    if set(raw) != names:
        fix = _("This operator takes exactly: %(names)s.", names=", ".join(sorted(names)))
        raise _Mistake(pointer, "filter_members", fix)


def _use_one_of(operators: frozenset[str]) -> Message:
    return _("Use one of: %(names)s.", names=", ".join(sorted(operators)))


def describe_filter(tree: Filter, names: Mapping[str, str]) -> Message:
    """The filter in words (中文/English). ``names``: what people call the items, by id.

    Where readers would take empty values as found – they differ from every value – it says that
    they are not, so that it is true of a part as of the whole.
    """
    if isinstance(tree, Condition):
        return _describe_condition(tree, names.get(tree.item, tree.item))
    if tree.op == "not":
        part = describe_filter(tree.args[0], names)
        if _is_always_decided(tree):
            return _("not (%(part)s)", part=part)
        return _("not (%(part)s) (what an empty value leaves open does not count)", part=part)
    joined = _joined_by_and if tree.op == "and" else _joined_by_or
    described = [_bracketed(arg, names) for arg in tree.args]
    text = described[0]
    for part in described[1:]:
        text = joined(text, part)
    return text


def _is_always_decided(tree: Filter) -> bool:
    """Whether the answer is known of every row, whatever is empty in it."""
    if isinstance(tree, Condition):
        return tree.op in EMPTINESS
    return all(_is_always_decided(arg) for arg in tree.args)


def _bracketed(tree: Filter, names: Mapping[str, str]) -> Message:
    text = describe_filter(tree, names)
    return _("(%(part)s)", part=text) if isinstance(tree, Branch) and tree.op != "not" else text


def _joined_by_and(left: Message, right: Message) -> Message:
    return _("%(left)s and %(right)s", left=left, right=right)


def _joined_by_or(left: Message, right: Message) -> Message:
    return _("%(left)s or %(right)s", left=left, right=right)


_PHRASES: Final[Mapping[str, Callable[[str, str], Message]]] = {
    "eq": lambda item, value: _("%(item)s = %(value)s", item=item, value=value),
    "ne": lambda item, value: _(
        "%(item)s ≠ %(value)s (an empty value does not count)", item=item, value=value
    ),
    "lt": lambda item, value: _("%(item)s < %(value)s", item=item, value=value),
    "le": lambda item, value: _("%(item)s ≤ %(value)s", item=item, value=value),
    "gt": lambda item, value: _("%(item)s > %(value)s", item=item, value=value),
    "ge": lambda item, value: _("%(item)s ≥ %(value)s", item=item, value=value),
    "in": lambda item, value: _("%(item)s is one of %(value)s", item=item, value=value),
    "starts_with": lambda item, value: _("%(item)s begins with %(value)s", item=item, value=value),
    "is_null": lambda item, _value: _("%(item)s is empty", item=item),
    "not_null": lambda item, _value: _("%(item)s is not empty", item=item),
}


def _describe_condition(tree: Condition, item: str) -> Message:
    shown = [_shown(value) for value in tree.values]
    if tree.op == "between":
        return _("%(item)s from %(low)s to %(high)s", item=item, low=shown[0], high=shown[1])
    return _PHRASES[tree.op](item, ", ".join(shown))


def _shown(value: Any) -> str:
    written = write_value(value)
    if isinstance(written, bool):
        return "true" if written else "false"
    return f"“{written}”" if isinstance(value, str) else str(written)
