"""A typed statement: the codes of its entries stand one after the other in one field."""

import re
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeVar

from catalog.conflicts.schemas import StatementCreate
from shuqiao.web.forms import Form, FormInvalid

Statement = TypeVar("Statement", bound=StatementCreate)

_BETWEEN: Final = re.compile(r"[、，,；;\s]+")


def statement_of(form: Form, model: type[Statement]) -> Statement:
    """Raises ``FormInvalid`` with the form as typed and its errors."""
    codes = tuple(code for code in _BETWEEN.split(form.text("entries")) if code)
    shaped = replace(form, values=MappingProxyType({**form.values, "entries": codes}))
    try:
        return shaped.parse(model)
    except FormInvalid as invalid:
        raise FormInvalid(replace(form, errors=invalid.form.errors).gathered("entries")) from None
