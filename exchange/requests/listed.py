"""Several names in a sentence, as the reader's language separates them."""

from collections.abc import Iterable
from typing import Any

from shuqiao.context import Locale
from shuqiao.i18n import Message


class Listed(Message):
    """``Listed(["甲", "乙"])``: 甲、乙 in Chinese, 甲, 乙 in English."""

    def __init__(self, names: Iterable[Any]) -> None:
        super().__init__("\n".join(map(str, names)))

    def render(self, language: Locale) -> str:
        return ("、" if language == "zh_CN" else ", ").join(self.msgid.split("\n"))
