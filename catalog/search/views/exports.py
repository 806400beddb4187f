"""What a search found, as a file: every hit, never capped."""

from collections.abc import Iterator, Sequence
from typing import IO, Final

from sqlmodel import Session

from catalog.resources import repository as resources
from catalog.resources.fields.field import Field
from catalog.resources.fields.table import FIELDS
from catalog.resources.models import DataResource
from catalog.search import repository, service
from catalog.search.repository import Search
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
    for page in repository.everything(session, subject, search):
        providers = {
            each.id: each
            for each in repository.departments(session, {row.provider_id for row in page})
        }
        items = resources.item_names(session, {row.id for row in page})
        for row in page:
            provider = providers[row.provider_id]
            yield _row(row, provider.name, provider.code, items.get(row.id, []))


def _row(
    row: DataResource, provider: str, provider_code: str, items: Sequence[str]
) -> Sequence[Cell]:
    return (
        row.code,
        *(
            cell
            for each in _FIELDS
            for cell in (
                (provider, provider_code) if each.name == "provider" else (_cell(row, each),)
            )
        ),
        len(items),
        as_list(items),
        row.published_version,
        row.published_at,
    )


def _cell(row: DataResource, each: Field) -> Cell:
    value = getattr(row, each.name)
    return value if isinstance(value, bool) else each.words(value)
