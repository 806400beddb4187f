"""The closed words of the search: how hits are sorted, by which facets they are narrowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement

from catalog.resources.fields.table import LABELS
from catalog.resources.models import DataResource
from catalog.resources.words import Format, SecurityLevel, ShareType, ShareWay, UpdateCycle
from shuqiao.db import column
from shuqiao.i18n import Message, _
from shuqiao.words import Word


class Sort(Word):
    """The order of the hits."""

    RELEVANCE = "relevance", _("Best match first")
    NEWEST = "newest", _("Newest first")
    TITLE = "title", _("By name")


class Widening(Word):
    """How a search was widened because nothing fits it as typed."""

    APART = "apart", _("Nothing says it in one piece; these say all of its parts.")
    SOUND = "sound", _("Nothing is spelt so; these names are read so.")
    NEAR = "near", _("Nothing is called so; these differ in one character.")
    ANY = "any", _("Nothing says all of it; these say one of the words.")


@dataclass(frozen=True, slots=True)
class FacetField:
    """One thing to narrow by.

    ``name``: its parameter; ``words``: its closed set of values, None for other values.
    """

    name: str
    title: Message
    column: ColumnElement[object]
    words: type[Word] | None = None


class Openness(Word):
    """Whether a resource is also open to the public, as a value in addresses."""

    YES = "true", _("Open to the public")
    NO = "false", _("Not open to the public")


PROVIDER: Final = "provider"


OPEN: Final = "is_open"


#: In the order of the page. The resource's format is ``data_format``:
#: ``format`` is that of an export.
FACETS: Final[Sequence[FacetField]] = (
    FacetField("share_type", LABELS["share_type"], column(DataResource.share_type), ShareType),
    FacetField(PROVIDER, LABELS["provider"], column(DataResource.provider_id)),
    FacetField("data_format", LABELS["format"], column(DataResource.format), Format),
    FacetField("share_way", LABELS["share_way"], column(DataResource.share_way), ShareWay),
    FacetField(
        "update_cycle", LABELS["update_cycle"], column(DataResource.update_cycle), UpdateCycle
    ),
    FacetField(
        "security_level",
        LABELS["security_level"],
        column(DataResource.security_level),
        SecurityLevel,
    ),
    FacetField(OPEN, _("Openness"), column(DataResource.is_open), Openness),
)
