"""The way from an item that is not to be asked for to a demand for the data."""

from urllib.parse import urlencode

from catalog.resources.models import DataResource, ResourceItem


def demand_href(resource: DataResource, item: ResourceItem) -> str:
    """The form of a demand that is aimed at the item."""
    title = f"{resource.title}：{item.name}"
    return f"/demands/new?{urlencode({'title': title, 'item': item.id})}"
