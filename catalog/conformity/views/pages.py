"""The page of a check, the page of the values that break a rule, and the same as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Final

from sqlmodel import Session

from auth.guard import is_allowed
from catalog.conformity import repository
from catalog.conformity.schemas import ColumnRead, FailureRead
from catalog.conformity.views import standing
from catalog.conformity.views.standing import Standing
from catalog.editions.models import Edition
from catalog.resources.models import DataResource
from policies.actions import Action
from shuqiao.errors import NotFound
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.downloads import FileKind, TitledColumn, table_file
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

_COLUMNS: Final = (
    TitledColumn(_("Row number"), 10),
    TitledColumn(_("Item"), 24),
    TitledColumn(_("What is wrong"), 40),
    TitledColumn(_("Value (identity numbers masked)"), 30),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is looked at: an edition, or the data of what is worked on (``edition`` None)."""

    resource: DataResource
    edition: Edition | None
    standing: Standing

    @property
    def address(self) -> str:
        base = f"/resources/{self.resource.url_code}"
        return (
            f"{base}/editions/{self.edition.number}/conformity"
            if self.edition
            else (f"{base}/conformity")
        )

    @property
    def title(self) -> Message:
        if self.edition is None:
            return _("Data against its standards")
        return _("Edition %(number)s against its standards", number=self.edition.number)


@dataclass(frozen=True, slots=True)
class ConformityPage(Page):
    """``may_see_values``: whether the reader may look at the failing values."""

    template = "conformity/report.html"
    block = "state"
    checked: Checked
    columns: Sequence[ColumnRead]
    may_see_values: bool


@dataclass(frozen=True, slots=True)
class FailuresPage(Page):
    """The failing values, all or those of one ``item``."""

    template = "conformity/failures.html"
    checked: Checked
    item: str
    items: Sequence[str]
    rows: Sequence[FailureRead]
    is_first: bool
    next_href: str


def checked_edition(session: Session, edition: Edition) -> Checked:
    return Checked(edition.resource, edition, standing.of_edition(session, edition))


def checked_row(session: Session, row: DataResource) -> Checked:
    """Raises ``NotFound`` where there is no data."""
    found = standing.of_row(session, row)
    if found is None:
        raise NotFound
    return Checked(row, None, found)


def conformity_page(subject: Subject, checked: Checked) -> ConformityPage:
    columns = sorted(checked.standing.read.columns, key=lambda each: not each.failed)
    return ConformityPage(checked, columns, may_see_values(subject, checked.resource))


def may_see_values(subject: Subject, resource: DataResource) -> bool:
    """Values are data: whoever attaches the data of the entry sees those that fail."""
    return is_allowed(subject, Action.RESOURCE_ATTACH, resource)


def failures(
    session: Session, checked: Checked, wanted: PageRequest, item: str = ""
) -> tuple[Sequence[FailureRead], str | None]:
    """One page of the failing values by row. Raises ``NotFound`` before there is a report."""
    found = list(enumerate(_all(session, checked, item)))
    after = wanted.after[0] if wanted.after else -1
    rows, following = wanted.cut(
        [each for each in found if each[0] > after][: wanted.limit + 1], lambda each: (each[0],)
    )
    return [row for _place, row in rows], following


def failures_page(
    session: Session, checked: Checked, wanted: PageRequest, item: str
) -> FailuresPage:
    rows, following = failures(session, checked, wanted, item)
    return FailuresPage(
        checked=checked,
        item=item,
        items=[each.item for each in checked.standing.read.columns if each.failed],
        rows=rows,
        is_first=wanted.after is None,
        next_href=wanted.href(following) if following else "",
    )


def failures_file(session: Session, checked: Checked) -> IO[bytes]:
    rows = ((each.row, each.item, each.detail, each.value) for each in _all(session, checked))
    return table_file(FileKind.CSV, _("Failing values"), _COLUMNS, rows)


def _all(session: Session, checked: Checked, item: str = "") -> list[FailureRead]:
    if checked.standing.report_id is None:
        raise NotFound
    kept = repository.failures(session, checked.standing.report_id)
    return [FailureRead.kept(each) for each in kept if item in ("", each[1])]
