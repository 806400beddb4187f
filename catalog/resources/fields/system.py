"""The system that the data of an entry comes from (来源系统)."""

from typing import Annotated, Any, Final

from catalog.resources.fields.field import Field
from shuqiao.i18n import _
from shuqiao.texts import Strict, TextRule
from shuqiao.words import as_text


class SourceSystem(Strict):
    """A system by its number. ``name``: as it is read; not written."""

    system_no: Annotated[str, TextRule(20, code=True)]
    name: Annotated[str, TextRule(100, shortest=0)] = ""


def from_system(value: Any) -> str:
    """Name and number of the system."""
    if not value:
        return ""
    name, number = as_text(value.get("name")), as_text(value.get("system_no"))
    return f"{name}（{number}）" if name else number


#: Its row in the table of fields.
SYSTEM: Final = Field(
    name="system",
    label=_("Source system"),
    words=from_system,
    section="basic",
    parts={"system_no": _("Source system"), "name": _("Name of the source system")},
    export_width=28,
    meaning=_("System that the data comes from"),
)
