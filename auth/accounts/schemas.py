"""The name of a person, as everybody may write it."""

from typing import Annotated

from shuqiao.texts import Strict, TextRule

PersonName = Annotated[str, TextRule(40)]


class PersonNamed(Strict):
    """A person's name by itself, as the command line takes it."""

    name: PersonName
