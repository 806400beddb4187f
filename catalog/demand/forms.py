"""A typed demand: what is wanted stands one a line in one field."""

import re
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlmodel import Session

from catalog.demand.repository import cases
from catalog.demand.schemas import DemandCreate
from catalog.elements import repository as elements
from shuqiao.web.forms import Form, FormInvalid

#: Between name, definition, element and reason in a line: as a table is pasted, or typed.
_BETWEEN: Final = re.compile(r"[\t|｜]")
_PARTS: Final = ("name", "definition", "element", "why")


def demand_of(form: Form) -> DemandCreate:
    """Raises ``FormInvalid`` with the form as typed and its errors."""
    values = {name: texts for name, texts in form.values.items() if name != "items"}
    lines = enumerate(_lines(form.text("items")))
    for place, line in lines:
        parts = [part.strip() for part in _BETWEEN.split(line, 3)]
        for name, part in zip(_PARTS, parts, strict=False):
            values[f"items.{place}.{name}"] = (part,)
    shaped = replace(form, values=MappingProxyType(values))
    try:
        return shaped.parse(DemandCreate)
    except FormInvalid as invalid:
        raise FormInvalid(replace(form, errors=invalid.form.errors).gathered("items")) from None


def _lines(text: str) -> Iterator[str]:
    yield from (line for line in text.splitlines() if line.strip())


def first_values(session: Session, title: str, item_id: UUID | None) -> dict[str, object]:
    """A new form: the words of the search as its title, or the item that is aimed at."""
    found = cases.item_named(session, item_id) if item_id else None
    if found is None:
        return {"title": title, "items": title} if title else {}
    item, entry = found
    bound = [item.element_id] if item.element_id else []
    element = next(iter(elements.identifiers_by_id(session, bound).values()), "")
    line = f"{item.name} | {item.description} | {element}".rstrip(" |")
    return {"title": title or f"{entry.title}：{item.name}", "items": line, "item": item.id}
