"""The typed form of a proposal and what it stands for."""

import re
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from catalog.negative.schemas import EntryCreate
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.web.forms import Form

_BETWEEN: Final = re.compile(r"[\s、,，;；]+")
_LINE: Final = re.compile(r"\s*(\S+)\s+(\S.*?)\s*")


def proposal_of(form: Form) -> EntryCreate:
    """The proposal as typed: elements one after the other, items one a line, as code and name.

    Raises ``Invalid``.
    """
    elements = tuple(part for part in _BETWEEN.split(form.text("elements").strip()) if part)
    lines = [line for line in form.text("items").splitlines() if line.strip()]
    values = {name: texts for name, texts in form.values.items() if name != "items"}
    values["elements"] = elements
    for place, line in enumerate(lines):
        match = _LINE.fullmatch(line)
        if match is None:
            detail = _("This line is no code with a name")
            fix = _("Write each line as 307001-000001 and the name of the item.")
            raise Invalid(errors=[FieldError("/items", "no_item", detail, fix)])
        values[f"items.{place}.resource"] = (match[1],)
        values[f"items.{place}.name"] = (match[2],)
    return replace(form, values=MappingProxyType(values)).parse(EntryCreate)
