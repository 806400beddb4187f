"""The data shared most in a month, as a page and as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Final
from urllib.parse import urlencode

from sqlmodel import Session

from catalog.lists.schemas import FrequentLine, Scope
from catalog.lists.service import frequent
from catalog.lists.views.exports import scope_words
from catalog.lists.views.pages import Narrowing, narrowing
from shuqiao.clock import now
from shuqiao.i18n import _
from shuqiao.subject import Subject
from shuqiao.web.downloads import FileKind, TitledColumn, table_file
from shuqiao.web.page import Page

_COLUMNS: Final[Sequence[tuple[str, TitledColumn]]] = (
    ("rank", TitledColumn(_("Place"), 6)),
    ("code", TitledColumn(_("Resource code"), 18)),
    ("title", TitledColumn(_("Catalogue name"), 32)),
    ("department", TitledColumn(_("Department"), 24)),
    ("department_code", TitledColumn(_("Credit code"), 22)),
    ("share_type", TitledColumn(_("Share type"), 14)),
    ("requests", TitledColumn(_("Requests"), 10)),
    ("voices", TitledColumn(_("Voices of demands"), 12)),
    ("departments", TitledColumn(_("Departments that use it"), 12)),
    ("grants", TitledColumn(_("Grants"), 10)),
    ("deliveries", TitledColumn(_("Finished deliveries"), 12)),
)


@dataclass(frozen=True, slots=True)
class FrequentPage(Page):
    """What was asked for most in a month, with the counts it is ranked by."""

    template = "lists/frequent.html"
    month: str
    lines: Sequence[FrequentLine]
    narrowing: Narrowing
    scope_words: str
    query: str


def frequent_page(session: Session, subject: Subject, scope: Scope, first: date) -> FrequentPage:
    month = f"{first:%Y-%m}"
    return FrequentPage(
        month=month,
        lines=frequent.ranked(session, subject, scope, first),
        narrowing=narrowing(session, scope, {"month": month}),
        scope_words=scope_words(session, scope),
        query=urlencode(scope.query | {"month": month}),
    )


def frequent_file(
    session: Session, subject: Subject, scope: Scope, first: date, kind: FileKind
) -> IO[bytes]:
    """The same as a file."""
    lines = frequent.ranked(session, subject, scope, first)
    title = _("Data shared most")
    cover = (
        (_("List"), str(title)),
        (_("Scope"), scope_words(session, scope)),
        (_("Month"), f"{first:%Y-%m}"),
        (_("Number of lines"), len(lines)),
        (_("Made at"), now()),
    )
    rows = ([getattr(line, name) for name, _column in _COLUMNS] for line in lines)
    return table_file(kind, title, [column for _name, column in _COLUMNS], rows, cover)
