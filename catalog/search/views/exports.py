"""What a search found, as a file: every hit, never capped."""

from collections.abc import Iterator, Sequence
from typing import IO, Final

from sqlmodel import Session

from catalog.resources import repository as resources
from catalog.resources.models import DataResource
from catalog.search import repository, service
from catalog.search.repository import Search
from shuqiao.i18n import _
from shuqiao.subject import Subject
from shuqiao.web.downloads import Cell, FileKind, TitledColumn, jsonl_file, table_file

_RESOURCES: Final[Sequence[TitledColumn]] = (
    TitledColumn(_("Resource code"), 18),
    TitledColumn(_("Catalogue name"), 36),
    TitledColumn(_("Abstract"), 48),
    TitledColumn(_("Provider"), 24),
    TitledColumn(_("Credit code of the provider"), 22),
    TitledColumn(_("Share type"), 14),
    TitledColumn(_("Sharing condition"), 30),
    TitledColumn(_("Way of sharing"), 12),
    TitledColumn(_("Use conditions"), 30),
    TitledColumn(_("Data format"), 14),
    TitledColumn(_("Update cycle"), 10),
    TitledColumn(_("Category"), 20),
    TitledColumn(_("Level"), 16),
    TitledColumn(_("Open to the public"), 12),
    TitledColumn(_("Keywords"), 20),
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
    comma = str(_(", "))
    return (
        row.code,
        row.title,
        row.abstract,
        provider,
        provider_code,
        str(row.share_type.label),
        row.share_condition,
        str(row.share_way.label) if row.share_way else "",
        row.use_condition,
        str(row.format.label) if row.format else "",
        str(row.update_cycle.label) if row.update_cycle else "",
        row.category,
        str(row.security_level.label) if row.security_level else "",
        row.is_open,
        comma.join(row.keywords),
        len(items),
        comma.join(items),
        row.published_version,
        row.published_at,
    )
