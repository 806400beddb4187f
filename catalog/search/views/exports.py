"""What a search found, as a file: every hit, never capped."""

from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Final

from sqlmodel import Session

from catalog.resources import repository as resources
from catalog.resources.fields.field import Field
from catalog.resources.fields.system import from_system
from catalog.resources.fields.table import FIELDS
from catalog.resources.models import DataResource
from catalog.search import service
from catalog.search.repository import hits
from catalog.search.repository.hits import Search
from catalog.systems import repository as systems
from shuqiao.i18n import _
from shuqiao.subject import Subject
from shuqiao.web.downloads import Cell, FileKind, TitledColumn, jsonl_file, table_file
from shuqiao.words import as_list

_FIELDS: Final = [each for each in FIELDS if each.export_width]
#: What stands beside the name of the provider.
_BESIDE: Final = {"provider": (TitledColumn(_("Credit code of the provider"), 22),)}
_RESOURCES: Final[Sequence[TitledColumn]] = (
    TitledColumn(_("Resource code"), 18),
    *(
        column
        for each in _FIELDS
        for column in (TitledColumn(each.label, each.export_width), *_BESIDE.get(each.name, ()))
    ),
    TitledColumn(_("Number of items"), 10),
    TitledColumn(_("Information items"), 48),
    TitledColumn(_("Version"), 8),
    TitledColumn(_("Published at"), 20),
)


def catalogue_file(session: Session, subject: Subject, search: Search, kind: FileKind) -> IO[bytes]:
    """Everything ``search`` finds for ``subject``; JSON lines have the shape of the API's hits.

    Never capped.
    """
    if kind is FileKind.JSONL:
        return jsonl_file(
            hit.model_dump(mode="json")
            for page in service.everything(session, subject, search)
            for hit in page
        )
    return table_file(kind, _("Catalogue"), _RESOURCES, _rows(session, subject, search))


def _rows(session: Session, subject: Subject, search: Search) -> Iterator[Sequence[Cell]]:
    search = service.settled(session, subject, search)
    for page in hits.everything(session, subject, search):
        providers = {
            each.id: each for each in hits.departments(session, {row.provider_id for row in page})
        }
        items = resources.item_names(session, {row.id for row in page})
        came_from = systems.named(session, {row.system_id for row in page if row.system_id})
        for row in page:
            provider = providers[row.provider_id]
            system = came_from.get(row.system_id) if row.system_id else None
            told = system and {"name": system.name, "system_no": system.system_no}
            named = {"provider": (provider.name, provider.code), "system": (from_system(told),)}
            yield _row(row, named, items.get(row.id, []))


def _row(
    row: DataResource, named: Mapping[str, Sequence[Cell]], items: Sequence[str]
) -> Sequence[Cell]:
    """``named``: what stands in other tables, by its field."""
    return (
        row.code,
        *(cell for each in _FIELDS for cell in named.get(each.name) or (_cell(row, each),)),
        len(items),
        as_list(items),
        row.published_version,
        row.published_at,
    )


def _cell(row: DataResource, each: Field) -> Cell:
    value = getattr(row, each.name)
    return value if isinstance(value, bool) else each.words(value)
