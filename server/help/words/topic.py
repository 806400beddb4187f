"""What a page of the help is made of."""

from dataclasses import dataclass

from shuqiao.i18n import Message


@dataclass(frozen=True, slots=True)
class Section:
    """A task within a topic: its steps in order, or, ``is_ordered`` False, facts side by side."""

    title: Message
    lines: tuple[Message, ...]
    is_ordered: bool = True


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of the help. ``door``: the page where the work is done."""

    title: Message
    intro: Message
    sections: tuple[Section, ...]
    door: tuple[str, Message] | None = None
