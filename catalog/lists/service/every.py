"""All lines of any of the three lists."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session

from catalog.lists.repository import demands as demand_rows
from catalog.lists.repository import lines as item_rows
from catalog.lists.repository.lines import Wanted
from catalog.lists.schemas import DemandLine
from catalog.lists.service import demands
from catalog.lists.service import lines as items
from catalog.lists.service.lines import AnyLine
from catalog.lists.words import By, ListKind
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

ListLine = AnyLine | DemandLine


def page(
    session: Session, subject: Subject, wanted: Wanted, asked: PageRequest, by: By
) -> tuple[Sequence[ListLine], str | None]:
    """One page of a list."""
    if wanted.kind is ListKind.DEMAND:
        return demands.page(session, subject, wanted, asked)
    return items.page(session, subject, wanted, asked, by)


def lines(
    session: Session, subject: Subject, wanted: Wanted, by: By = By.ITEM
) -> Iterator[ListLine]:
    """Every line in the order of the list; never capped."""
    if wanted.kind is ListKind.DEMAND:
        yield from demands.everything(session, subject, wanted)
    else:
        yield from items.everything(session, subject, wanted, by)


def count(session: Session, subject: Subject, wanted: Wanted, by: By = By.ITEM) -> int:
    """How many lines there are."""
    if wanted.kind is ListKind.DEMAND:
        return demand_rows.count(session, subject, wanted)
    return item_rows.count(session, subject, wanted, by)
