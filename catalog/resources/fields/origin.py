"""Where the values of an item come from (来源方式): what may be said of it, and how it reads."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from catalog.resources.fields.codes import LineageCode, RelatedCode
from catalog.resources.words import OriginKind, ShareWay, UpdateCycle
from shuqiao.i18n import Message, _
from shuqiao.texts import CodeText, Strict, TextRule
from shuqiao.words import as_list, as_text, as_word

Why = Annotated[str, TextRule(500, shortest=0, multiline=True)]


class Origin(Strict):
    """Where the values come from: collected by the department itself, copied from their source, or
    produced by processing others.

    Of what is copied: whose it is, perhaps which resource, and how it is refreshed. Of what is
    processed: from which elements and resources, and how.
    """

    kind: OriginKind
    department: Annotated[
        CodeText | None, Field(description="Copied: credit code of the department it is taken from")
    ] = None
    resource: Annotated[RelatedCode, Field(description="Copied: resource of the source")] = ""
    cycle: Annotated[UpdateCycle | None, Field(description="Copied: how often it is refreshed")] = (
        None
    )
    way: Annotated[ShareWay | None, Field(description="Copied: in which way it is refreshed")] = (
        None
    )
    lineage: Annotated[
        list[LineageCode],
        Field(max_length=20, description="Processed: elements and resources it is made from"),
    ] = Field(default_factory=list)
    method: Annotated[Why, Field(description="Processed: how it is made from them")] = ""
    reason: Annotated[Why, Field(description="Collected: why again, where a source has it")] = ""


class OriginRead(Origin):
    """The same with what the department was called when it was said."""

    department_name: Annotated[
        str, Field(description="Copied: name of that department when it was said")
    ] = ""


#: Its members, as the form names them.
PARTS: Final[Mapping[str, Message]] = {
    "kind": _("Origin"),
    "department": _("Taken from: department"),
    "resource": _("Taken from: resource"),
    "cycle": _("How often it is refreshed"),
    "way": _("How it is refreshed"),
    "lineage": _("Made from: elements, resources"),
    "method": _("Made by: method"),
    "reason": _("Why collected again"),
}
#: What belongs to each kind, and what each cannot do without.
BELONGS: Final[Mapping[OriginKind, frozenset[str]]] = {
    OriginKind.COLLECTED: frozenset({"reason"}),
    OriginKind.COPIED: frozenset({"department", "resource", "cycle", "way"}),
    OriginKind.PROCESSED: frozenset({"lineage", "method"}),
}
NEEDS: Final[Mapping[OriginKind, tuple[str, ...]]] = {
    OriginKind.COLLECTED: (),
    OriginKind.COPIED: ("department",),
    OriginKind.PROCESSED: ("lineage", "method"),
}
#: The same as the database holds it.
SOUND: Final = (
    "origin IS NULL OR CASE origin ->> 'kind' WHEN 'collected' THEN true"
    " WHEN 'copied' THEN coalesce(origin ->> 'department', '') <> ''"
    " WHEN 'processed' THEN coalesce(origin -> 'lineage', '[]') <> '[]'"
    " AND coalesce(origin ->> 'method', '') <> '' ELSE false END"
)


def told(value: Any) -> str:
    """A kept origin in one line: kind, of whom, how refreshed; or from what, and how."""
    if not value:
        return ""
    said = value if isinstance(value, Mapping) else value.model_dump(mode="json")
    parts = [
        as_word(OriginKind)(said.get("kind")),
        as_text(said.get("department_name") or said.get("department")),
        as_text(said.get("resource")),
        as_word(UpdateCycle)(said.get("cycle")),
        as_word(ShareWay)(said.get("way")),
        as_list(said.get("lineage")),
        as_text(said.get("method")),
        as_text(said.get("reason")),
    ]
    return " · ".join(part for part in parts if part)
