"""One field of an entry or of an item: what is told of it, once, and how its values read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from shuqiao.i18n import Message
from shuqiao.words import Words, as_text


def _always(_entry: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field. ``words`` gives the text of a kept value in the reader's language."""

    name: str
    label: Message
    words: Words = as_text
    #: Section of the registration that asks for it; None: nobody types it.
    section: Literal["basic", "items", "sharing", "assessment"] | None = None
    #: What the members of a group are called; a field without is a column of its own.
    parts: Mapping[str, Message] = field(default_factory=dict)
    #: Of which entries it is asked, and how to mend it when one of them is without.
    asked_of: Callable[[Any], bool] = _always
    fix: Message | None = None
    #: Width of its column in exports; 0: not exported.
    export_width: int = 0
    is_searched: bool = False
    #: Place among the nine of Order 809 Art. 13, and what the Order calls it.
    nine: tuple[int, Message] | None = None
    #: What the interface reference says; without it the label.
    meaning: Message | None = None
    #: Whether the client (``shuqiao_client``) knows it.
    in_client: bool = False
