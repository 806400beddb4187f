"""What becomes of the published items that follow an element, when it says something else."""

from collections.abc import Iterator
from typing import Final

from sqlmodel import Session

from catalog.elements.checks import NUMBERS, TEXTS
from catalog.elements.models import DataElement
from catalog.elements.schemas import ElementContent
from catalog.proposals.schemas import Effect, Misfit
from catalog.publication.repository import followers as repository
from catalog.resources.models import ResourceItem
from shuqiao.i18n import Message, _

#: So many items that would no longer fit are named; the count is exact.
NAMED: Final = 100


def effect(session: Session, element: DataElement, said: ElementContent | None) -> Effect:
    """How many published items follow ``element``, and which of them would no longer fit what is
    ``said`` of it; None: it ends, and every one needs another.
    """
    rows = repository.following(session, element.id)
    misfits = [
        Misfit(
            code=resource.code,
            title=resource.title,
            department=department,
            item=item.name,
            why=" ".join(str(each) for each in found),
        )
        for department, resource, item in rows
        if (found := list(_misfits(element, item, said)))
    ]
    return Effect(
        items=len(rows),
        entries=len({resource.id for _name, resource, _item in rows}),
        departments=list(dict.fromkeys(name for name, _resource, _item in rows)),
        misfits=misfits[:NAMED],
        misfit_count=len(misfits),
    )


def _misfits(
    element: DataElement, item: ResourceItem, said: ElementContent | None
) -> Iterator[Message]:
    if said is None:
        yield _("It follows an element that ends.")
        return
    if item.data_type is not said.data_type:
        yield _(
            "Its type is %(type)s, the element's would be %(other)s.",
            type=item.data_type.label,
            other=said.data_type.label,
        )
    for name, kinds, words in _NARROWER:
        before, after = getattr(element, name), getattr(said, name)
        if item.data_type in kinds and after is not None and (before is None or after < before):
            yield words.filled({"count": after})


#: Sizes that may shrink, of which types, and what is said then: whether its values are longer is
#: seen when data arrives.
_NARROWER: Final = (
    ("max_length", TEXTS, _("Texts longer than %(count)s characters would no longer fit.")),
    ("precision", NUMBERS, _("Numbers of more than %(count)s digits would no longer fit.")),
    ("scale", NUMBERS, _("More than %(count)s digits after the point would no longer fit.")),
)
