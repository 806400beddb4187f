"""What the items of an entry have from the elements that they follow, and where they drifted."""

from sqlmodel import Session

from catalog.domains import repository as domains
from catalog.duplicates.schemas import FollowingRead
from catalog.elements import repository as elements
from catalog.resources import repository as resources
from catalog.resources.models import DataResource


def following(session: Session, resource: DataResource) -> list[FollowingRead]:
    """The items that follow an element, in the order of the entry."""
    items = [each for each in resources.items_of(session, resource.id) if each.element_id]
    found = elements.by_ids(session, {each.element_id for each in items if each.element_id})
    lists = domains.domains(
        session, {each.value_domain_id for each in found.values() if each.value_domain_id}
    )
    shown = []
    for item in items:
        assert item.element_id is not None
        element = found[item.element_id]
        domain = lists[element.value_domain_id] if element.value_domain_id else None
        shown.append(
            FollowingRead(
                item=item.identity,
                name=item.name,
                data_type=item.data_type,
                element=element.identifier,
                element_name=element.name,
                element_version=element.published_version,
                element_type=element.data_type,
                max_length=element.max_length,
                domain=domain.identifier if domain else None,
                domain_name=domain.name if domain else None,
                is_in_force=element.is_in_force,
                is_drifted=item.data_type is not element.data_type,
            )
        )
    return shown
