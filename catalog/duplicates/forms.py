"""What is chosen among proposals: a button for one, boxes for several. Each stands for an item and
an element, ``<id>/DE-000001``.
"""

from typing import Any, Final

from catalog.duplicates.schemas import BindingsWrite, DraftsBindingsWrite
from shuqiao.i18n import _
from shuqiao.web.forms import Form, FormInvalid

#: Buttons count before boxes: which are checked does not matter to one that binds one.
_STALE: Final = _("This is no proposal of the page; load it again and choose anew.")
_BUTTONS: Final = (("bind", False), ("bind_and_rename", True), ("chosen", False))


def chosen(form: Form) -> BindingsWrite:
    """The bindings that the form asks for. Raises ``FormInvalid``."""
    for name, takes_name in _BUTTONS:
        texts = form.all(name)
        if texts:
            return _parsed(form, texts, takes_name=takes_name)
    raise FormInvalid(form.flawed("", _("Choose at least one proposal.")))


def chosen_of_drafts(form: Form) -> DraftsBindingsWrite:
    """What was chosen among many drafts, ``<code>/<version>/<item>/DE-000001`` each. Raises
    ``FormInvalid``.
    """
    texts = form.all("chosen")
    if not texts:
        raise FormInvalid(form.flawed("", _("Choose at least one proposal.")))
    entries: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for text in texts:
        code, version, item, element, *_rest = [*text.split("/"), "", "", ""]
        entries.setdefault((code, version), []).append((item, element))
    values: dict[str, Any] = {}
    for place, ((code, version), pairs) in enumerate(entries.items()):
        values[f"entries.{place}.resource_code"] = code
        values[f"entries.{place}.version"] = version
        for number, (item, element) in enumerate(pairs):
            values[f"entries.{place}.bindings.{number}.item"] = item
            values[f"entries.{place}.bindings.{number}.element"] = element
    try:
        return Form.of(values).parse(DraftsBindingsWrite)
    except FormInvalid:
        raise FormInvalid(form.flawed("", _STALE)) from None


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
        raise FormInvalid(form.flawed("", _STALE)) from None
