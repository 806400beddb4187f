"""The table of fields says all that the schemas and the tables have, and nothing else."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from catalog.publication.schemas import CatalogEntry
from catalog.registration.forms.sections import MODELS
from catalog.resources.fields.items import ITEM_FIELDS
from catalog.resources.fields.table import FIELDS, GROUPS, PLAIN
from catalog.resources.models import DataResource
from catalog.resources.schemas import ItemWrite, ResourceUpdate


def test_every_field_that_can_be_written_is_a_row_and_is_asked_for_in_a_section() -> None:
    asked = {each.name for each in FIELDS if each.section is not None}
    assert asked == set(ResourceUpdate.model_fields)
    assert {name for model in MODELS.values() for name in model.model_fields} == asked
    said = set(ItemWrite.model_fields) - {"id"}  # which item it is, nothing that it says
    assert {each.name for each in ITEM_FIELDS} == said


def leaves(group: Any) -> Iterator[str]:
    """The members of a group, those of groups inside of it by their dotted names."""
    for name, told in group.model_fields.items():
        inner = getattr(told.annotation, "__args__", (None,))[0]
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from (f"{name}.{each}" for each in leaves(inner))
        else:
            yield name


def test_plain_fields_are_columns_of_the_table_and_groups_name_their_members() -> None:
    assert set(PLAIN) <= set(DataResource.model_fields)
    assert set(PLAIN) | set(GROUPS) | {"items", "provider"} == {each.name for each in FIELDS}
    for each in FIELDS:
        if each.parts:
            shape = CatalogEntry.model_fields[each.name].annotation
            members = next(part for part in shape.__args__ if part is not type(None))  # type: ignore[union-attr]
            assert set(each.parts) == set(leaves(members))


def test_a_section_takes_what_the_whole_takes() -> None:
    for model in MODELS.values():
        for name, told in model.model_fields.items():
            whole = ResourceUpdate.model_fields[name]
            assert (told.annotation, told.metadata, told.default) == (
                whole.annotation,
                whole.metadata,
                whole.default,
            )


def test_the_nine_are_nine() -> None:
    assert sorted(each.nine[0] for each in FIELDS if each.nine) == list(range(1, 10))
