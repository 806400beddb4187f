"""Values that travel as JSON, and how what is stated of them is refused."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.errors import FieldError
from shuqiao.i18n import Message, _


class Plain:
    """A frozen value whose members travel as JSON under their names."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[Mapping[str, Any]]

    def to_json(self) -> dict[str, Any]:
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}


def _plain(value: Any) -> Any:
    if isinstance(value, Plain | Message):
        return value.to_json()
    if isinstance(value, Mapping):
        return dict(value)
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def are_texts(values: Any) -> bool:
    """Whether ``values`` is a list or a mapping of texts."""
    if not isinstance(values, Mapping | Sequence) or isinstance(values, str):
        return False
    texts = [*values, *(values.values() if isinstance(values, Mapping) else ())]
    return all(type(text) is str for text in texts)


def refuse_unless(holds: bool, pointer: str, fix: Message) -> None:
    """Refuse reading options at ``pointer``, saying what to state instead."""
    if not holds:
        detail = _("The reading options cannot be used.")
        raise DecodeRefused("options", detail, errors=[FieldError(pointer, "options", detail, fix)])
