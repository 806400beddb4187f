"""The client is a package of its own; what it knows of an entry is checked against the table."""

from collections.abc import Sequence
from dataclasses import fields

from catalog.publication.schemas import CatalogEntry
from catalog.resources.fields.field import Field
from catalog.resources.fields.items import ITEM_FIELDS
from catalog.resources.fields.table import FIELDS
from catalog.resources.schemas import ItemRead
from shuqiao_client import records


def named(record: type[records.Record]) -> set[str]:
    return {each.name for each in fields(record)} - {"raw"}


def marked(rows: Sequence[Field]) -> set[str]:
    return {each.name for each in rows if each.in_client}


def test_the_client_knows_the_fields_that_are_marked() -> None:
    assert named(records.CatalogEntry) & {each.name for each in FIELDS} == marked(FIELDS)
    assert named(records.Item) & {each.name for each in ITEM_FIELDS} == marked(ITEM_FIELDS)


def test_the_client_reads_only_what_the_service_says() -> None:
    assert named(records.CatalogEntry) <= set(CatalogEntry.model_fields)
    assert named(records.Item) <= set(ItemRead.model_fields)


def test_the_client_shows_only_what_it_reads() -> None:
    assert set(records.CatalogEntry.COLUMNS) <= named(records.CatalogEntry)
    assert set(records.Item.COLUMNS) <= named(records.Item)
