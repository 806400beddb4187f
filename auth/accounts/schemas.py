"""The name of a person, as everybody may write it."""

from typing import Annotated

from shuqiao.texts import TextRule

PersonName = Annotated[str, TextRule(40)]
