"""What changed between two states of one thing, for pages, the API and the trail.

Pure. Two states – what was kept as JSON, or the dump of a schema – and the table of their fields
give rows in the order of the table. A room declares only its table: ``Value`` for what is stated,
``Several`` for a list of names, ``Members`` for nested things that are found again by a key.
Nothing stated – None, no, an empty text, an empty list – is the same however it is kept. Rows hold
values; they turn into words where they are read, in the reader's language.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, TypeVar

from shuqiao.i18n import Message, _
from shuqiao.words import Word, as_list, as_text

Thing = TypeVar("Thing")
State = Mapping[str, Any]
Text = str | Message
Reading = Callable[[Any], Text]


class Kind(Word):
    """What became of a field or of a member."""

    ADDED = "added", _("Added")
    REMOVED = "removed", _("Removed")
    CHANGED = "changed", _("Changed")
    #: The same in another order.
    MOVED = "moved", _("Changed")

    @property
    def tone(self) -> str:
        return {Kind.ADDED: "success", Kind.REMOVED: "danger"}.get(self, "warning")


class Field(Protocol):
    """A row of a table: the member of the state, what it is called, how its values read."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> Text: ...
    @property
    def words(self) -> Reading: ...


@dataclass(frozen=True, slots=True)
class Value:
    """What is stated as a whole."""

    name: str
    label: Text
    words: Reading = as_text


@dataclass(frozen=True, slots=True)
class Several(Value):
    """A list of which only what was taken out and what was put in is told; where ``is_ordered``,
    another order of the same too. ``words`` read a list.
    """

    is_ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Nested things of one kind.

    ``keys``: one is found again by the first of these members that says who it was. ``called``:
    one by its ``%(name)s``, which is its member ``name_in``. ``words``: one that came or went.
    ``order``: what their order is called; None: it says nothing. ``counted``: how many came, went,
    changed, as ``%(count)s``.
    """

    name: str
    label: Message
    called: Message
    keys: Sequence[str]
    fields: Sequence[Field]
    words: Reading
    counted: Mapping[Kind, Message]
    order: Message | None = None
    name_in: str = "name"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. Of a member it has the ``group``, the ``member``'s name as it was and its
    ``key``; where it came or went as a whole, ``field`` is the group itself.
    """

    kind: Kind
    field: Field
    old: Any = None
    new: Any = None
    group: Members | None = None
    member: str = ""
    key: Any = None

    @property
    def name(self) -> str:
        """The member of the state that differs."""
        return (self.group or self.field).name

    @property
    def where(self) -> Text:
        """What it is about: the field, with the name of the member it belongs to."""
        if self.group is None or not self.member:
            return self.field.label
        called = self.group.called.filled({"name": self.member})
        return called if self.field is self.group else f"{called} · {self.field.label}"

    @property
    def before(self) -> Text:
        return "" if self.old is None else self.field.words(self.old)

    @property
    def after(self) -> Text:
        return "" if self.new is None else self.field.words(self.new)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many members came, went, and are there with another content."""

    added: int = 0
    removed: int = 0
    changed: int = 0

    def words(self, counted: Mapping[Kind, Message]) -> list[Message]:
        """Each number that is not 0."""
        numbers = {
            Kind.ADDED: self.added,
            Kind.REMOVED: self.removed,
            Kind.CHANGED: self.changed,
        }
        return [counted[kind].filled({"count": count}) for kind, count in numbers.items() if count]


_FIELDS_CHANGED: Final = _("fields changed: %(count)s")


def compare(fields: Iterable[Field], before: State | None, after: State) -> list[Change]:
    """Every difference; None before: all of it is new."""
    return [change for each in fields for change in _differences(each, before or {}, after)]


def apart(before: Iterable[Thing], after: Iterable[Thing]) -> tuple[list[Thing], list[Thing]]:
    """What was taken out of a set and what was put in, each in its own order."""
    was, now = dict.fromkeys(before), dict.fromkeys(after)
    return [each for each in was if each not in now], [each for each in now if each not in was]


def names(found: Iterable[Change]) -> list[str]:
    """The members of the state that differ, each once: what the trail keeps."""
    return list(dict.fromkeys(each.name for each in found))


def tally(found: Iterable[Change], group: Members) -> Tally:
    """Of the members of ``group`` how many came, went and differ."""
    own = [each for each in found if each.group is group and each.member]
    came = sum(each.field is group and each.kind is Kind.ADDED for each in own)
    went = sum(each.field is group and each.kind is Kind.REMOVED for each in own)
    return Tally(came, went, len({each.key for each in own if each.field is not group}))


def in_a_line(found: Sequence[Change]) -> str:
    """``found`` as one line for lists: how many fields, how many members of each group."""
    groups = {each.name: each.group for each in found if each.group is not None and each.member}
    own = sum(not each.member for each in found)
    parts = [_FIELDS_CHANGED.filled({"count": own})] if own else []
    for group in groups.values():
        parts += tally(found, group).words(group.counted)
    return str(_("; ")).join(map(str, parts)) or str(_("Nothing changed"))


def _differences(of: Field, before: State, after: State) -> Iterator[Change]:
    old, new = before.get(of.name), after.get(of.name)
    if isinstance(of, Members):
        yield from _of_members(of, old or (), new or ())
        return
    if isinstance(of, Several):
        if of.is_ordered and old and new and old != new and set(old) == set(new):
            yield Change(Kind.MOVED, of, old, new)
        old, new = apart(old or (), new or ())
    if old != new and (old or new):
        old, new = _given(old), _given(new)
        kind = Kind.ADDED if old is None else Kind.REMOVED if new is None else Kind.CHANGED
        yield Change(kind, of, old, new)


def _given(value: Any) -> Any:
    return None if value == "" or value == [] else value


def _of_members(
    group: Members, before: Sequence[State], after: Sequence[State]
) -> Iterator[Change]:
    became = _found_again(group.keys, before, after)
    for place, new in enumerate(after):
        if place not in became:
            yield _whole(Kind.ADDED, group, new)
            continue
        old = before[became[place]]
        for each in group.fields:
            for change in _differences(each, old, new):
                yield replace(change, group=group, **_who(group, old))
    kept = set(became.values())
    for place, old in enumerate(before):
        if place not in kept:
            yield _whole(Kind.REMOVED, group, old)
    places = list(became.values())
    if group.order is not None and places != sorted(places):
        was = [as_text(before[place].get(group.name_in)) for place in sorted(places)]
        now = [as_text(after[place].get(group.name_in)) for place in became]
        yield Change(Kind.MOVED, Value(group.name, group.order, as_list), was, now, group)


def _whole(kind: Kind, group: Members, state: State) -> Change:
    old, new = (None, state) if kind is Kind.ADDED else (state, None)
    return Change(kind, group, old, new, group, **_who(group, state))


def _who(group: Members, state: State) -> dict[str, Any]:
    key = next((state[key] for key in group.keys if state.get(key)), None)
    return {"member": as_text(state.get(group.name_in)), "key": key}


def _found_again(
    keys: Sequence[str], before: Sequence[State], after: Sequence[State]
) -> dict[int, int]:
    """The place before of each place after whose member was there: by the first key, what is left
    by the next.
    """
    found: dict[int, int] = {}
    for key in keys:
        free: dict[Any, deque[int]] = defaultdict(deque)
        taken = set(found.values())
        for place, old in enumerate(before):
            if place not in taken:
                free[old.get(key)].append(place)
        for place, new in enumerate(after):
            if place not in found and new.get(key) and free[new[key]]:
                found[place] = free[new[key]].popleft()
    return dict(sorted(found.items()))
