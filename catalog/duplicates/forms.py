"""What is chosen among proposals: a button for one, boxes for several. Each stands for an item and
an element, ``<id>/DE-000001``.
"""

from typing import Any, Final

from catalog.duplicates.schemas import BindingsWrite
from shuqiao.i18n import _
from shuqiao.web.forms import Form, FormInvalid

#: Buttons count before boxes: which are checked does not matter to one that binds one.
_BUTTONS: Final = (("bind", False), ("bind_and_rename", True), ("chosen", False))


def chosen(form: Form) -> BindingsWrite:
    """The bindings that the form asks for. Raises ``FormInvalid``."""
    for name, takes_name in _BUTTONS:
        texts = form.all(name)
        if texts:
            return _parsed(form, texts, takes_name=takes_name)
    raise FormInvalid(form.flawed("", _("Choose at least one proposal.")))


def _parsed(form: Form, texts: tuple[str, ...], *, takes_name: bool) -> BindingsWrite:
    values: dict[str, Any] = {}
    for place, text in enumerate(texts):
        item, _slash, element = text.partition("/")
        values[f"bindings.{place}.item"] = item
        values[f"bindings.{place}.element"] = element
        values[f"bindings.{place}.takes_name"] = "true" if takes_name else "false"
    try:
        return Form.of(values).parse(BindingsWrite)
    except FormInvalid:
        stale = _("This is no proposal of the page; load it again and choose anew.")
        raise FormInvalid(form.flawed("", stale)) from None
