"""What fields are called, and what a field is answered: pure judgements."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from catalog.collection.schemas import FIELDS_LIMIT
from catalog.collection.words import Answer
from catalog.resources.words import ShareType
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _

#: What says nothing in a name: blanks, marks, numbers before it, stars of compulsory fields.
_NOTHING: Final = re.compile(r"[\s()（）\[\]【】*＊:：、,，.。_\-·]+")
_NUMBERED: Final = re.compile(r"^[0-9一二三四五六七八九十]{1,3}[、.．)）]")
_LONGEST: Final = 100


def key(name: str) -> str:
    """A name as it is compared: without width, case, blanks and marks."""
    return _NOTHING.sub("", unicodedata.normalize("NFKC", name)).casefold()


def listed(text: str) -> list[str]:
    """The names in a text: one a line, or a row pasted from a table; each once, in their order."""
    names = (_NUMBERED.sub("", part.strip()).strip() for part in re.split(r"[\n\r\t]+", text))
    return distinct(names)


def distinct(names: Iterable[str]) -> list[str]:
    known: dict[str, str] = {}
    for name in names:
        if key(name):
            known.setdefault(key(name), name.strip()[:_LONGEST])
    return list(known.values())


def counted(names: Iterable[str]) -> list[str]:
    """The same for a form that is checked or reported. Raises ``Invalid`` without any, and for more
    than a form has.
    """
    found = distinct(names)
    if not 0 < len(found) <= FIELDS_LIMIT:
        fix = _("Write the names of the fields one a line; a longer form goes in parts.")
        detail = _("A form has 1 to 300 fields")
        raise Invalid(errors=[FieldError("/fields", "wrong_count", detail, fix)])
    return found


def answer(*, is_own: bool, entry: ShareType, item: ShareType) -> Answer:
    """What an item of a published entry means for whoever wants to collect it."""
    if is_own:
        return Answer.OWN
    is_withheld = ShareType.WITHHELD in (entry, item)
    return Answer.WITHHELD if is_withheld else Answer.SHAREABLE
