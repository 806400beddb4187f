"""A typed form of what an element is to say, and the schema it stands for."""

import re
from types import MappingProxyType
from typing import Any, Final

from shuqiao.web.forms import Form

#: What people put between several names.
_BETWEEN: Final = re.compile("[,，、;；\n]+")
_LIST: Final = "synonyms"


def listed(form: Form) -> Form:
    """The form with its synonyms one by one."""
    typed = [each.strip() for each in _BETWEEN.split(form.text(_LIST))]
    values: dict[str, Any] = {**form.values, _LIST: tuple(each for each in typed if each)}
    return Form(MappingProxyType(values), form.files, form.errors)
