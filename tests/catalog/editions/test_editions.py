"""Editions of the data of a published entry: how they come, are checked, held and give way."""

from collections.abc import Callable

from sqlmodel import Session

from catalog.editions import repository
from catalog.editions.words import EditionStatus
from catalog.resources import repository as resources
from tests.catalog.conftest import Story


def test_what_an_entry_is_published_with_is_its_first_edition(
    story: Story, session: Session, trail: Callable[[str], list[str]]
) -> None:
    code = story.published_with_data()
    resource = resources.by_code(session, code)
    assert resource is not None
    edition = repository.current(session, resource.id)
    assert edition is not None
    assert (edition.number, edition.rows, edition.status) == (1, 3, EditionStatus.CURRENT)
    assert edition.snapshot_id and edition.live_id is None
    assert edition.current_from == resource.published_at
    assert trail(resource.code)[-2:] == ["catalog:edition:current", "catalog:resource:published"]


def test_an_entry_without_data_has_no_edition(story: Story, session: Session) -> None:
    code = story.published(format="service")
    resource = resources.by_code(session, code)
    assert resource is not None
    assert repository.current(session, resource.id) is None
