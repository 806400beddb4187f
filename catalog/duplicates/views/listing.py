"""Suspected duplicates as lists, pages, programs and files show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from sqlmodel import Session

from auth.guard import Authorized, is_allowed
from catalog.domains import repository as domains
from catalog.duplicates.checks.evidence import Evidence
from catalog.duplicates.models import DuplicateSweep
from catalog.duplicates.repository import listed as repository
from catalog.duplicates.repository.listed import Listed
from catalog.duplicates.schemas import SuspicionRead
from catalog.duplicates.service.sweeping import THOUSANDTHS
from catalog.duplicates.views import reasons
from catalog.duplicates.words import TONES, Suspicion
from policies.actions import Action
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.downloads import FileKind, TitledColumn, table_file
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

LABELS: Final = {"reason": _("Reason")}
_COLUMNS: Final = (
    TitledColumn(_("State"), 14),
    TitledColumn(_("Department"), 24),
    TitledColumn(_("Entry"), 30),
    TitledColumn(_("Code"), 18),
    TitledColumn(_("Item"), 24),
    TitledColumn(_("Column of the data"), 18),
    TitledColumn(_("Data element"), 24),
    TitledColumn(_("Identifier"), 14),
    TitledColumn(_("Score"), 8),
    TitledColumn(_("Evidence"), 60),
    TitledColumn(_("Reason"), 30),
)


@dataclass(frozen=True, slots=True)
class ShownSuspicion:
    """One row with its reasons in words: (words, whether against)."""

    found: Listed
    reasons: Sequence[tuple[Message, bool]]

    @property
    def per_cent(self) -> int:
        return self.found.suspicion.score * 100 // THOUSANDTHS

    @property
    def href(self) -> str:
        return f"/duplicates/{self.found.suspicion.id}"


@dataclass(frozen=True, slots=True)
class DuplicatesPage(Page):
    """One page of the list; ``counts``: of each state."""

    template = "duplicates/list.html"
    rows: Sequence[ShownSuspicion]
    states: Sequence[tuple[Suspicion | None, Message, int]]
    state: Suspicion | None
    tones: Mapping[Suspicion, str]
    sweep: DuplicateSweep | None
    export_href: str
    is_first: bool
    next_href: str


@dataclass(frozen=True, slots=True)
class DuplicatePage(Page):
    """One suspicion: the item beside the element, the reasons, and what can be done about it."""

    template = "duplicates/suspicion.html"
    form: Form
    labels: Mapping[str, Message]
    shown: ShownSuspicion
    domain: str
    tones: Mapping[Suspicion, str]
    may_dismiss: bool
    may_bind: bool
    done: bool


def duplicates_page(
    session: Session, subject: Subject, wanted: PageRequest, state: Suspicion | None
) -> DuplicatesPage:
    rows, following = repository.page(session, subject, wanted, state)
    counts = repository.counts(session, subject)
    return DuplicatesPage(
        rows=_shown(session, rows),
        states=[
            *((each, each.label, counts.get(each, 0)) for each in Suspicion),
            (None, _("All"), sum(counts.values())),
        ],
        state=state,
        tones=TONES,
        sweep=repository.last_sweep(session),
        export_href=f"/duplicates/export?state={state.value}" if state else "/duplicates/export",
        is_first=wanted.after is None,
        next_href=wanted.href(following) if following else "",
    )


def duplicate_page(
    session: Session, found: Authorized[Listed], form: Form, done: bool = False
) -> DuplicatePage:
    row, subject = found.object, found.subject
    (shown,) = _shown(session, [row])
    is_open = row.state is Suspicion.OPEN
    return DuplicatePage(
        form=form,
        labels=LABELS,
        shown=shown,
        domain=_domains(session, [row]).get(row.element.identifier, ""),
        tones=TONES,
        may_dismiss=is_open and is_allowed(subject, Action.DUPLICATE_DISMISS, row),
        may_bind=is_open and is_allowed(subject, Action.RESOURCE_EDIT, row.resource),
        done=done,
    )


def read_models(session: Session, rows: Sequence[Listed]) -> list[SuspicionRead]:
    """As programs read them."""
    names = _domains(session, rows)
    return [_read(row, names.get(row.element.identifier, "")) for row in rows]


def duplicates_file(
    session: Session, subject: Subject, state: Suspicion | None, kind: FileKind
) -> IO[bytes]:
    """The whole list as a file."""
    found = _shown(session, repository.everything(session, subject, state))
    rows = ((*_told(each),) for each in found)
    return table_file(kind, _("Suspected duplicates"), _COLUMNS, rows)


def _told(shown: ShownSuspicion) -> Sequence[str | int]:
    row = shown.found
    return (
        str(row.state.label),
        row.provider,
        row.resource.title,
        row.resource.code,
        row.item.name,
        row.item.column_name,
        row.element.name,
        row.element.identifier,
        shown.per_cent,
        str(_("; ")).join(str(words) for words, _is_against in shown.reasons),
        row.ruling.reason if row.ruling else "",
    )


def _shown(session: Session, rows: Sequence[Listed]) -> list[ShownSuspicion]:
    names = _domains(session, rows)
    return [
        ShownSuspicion(
            row,
            [
                (reasons.words(each, names.get(row.element.identifier, "")), each.is_against)
                for each in map(Evidence.of, row.suspicion.evidence)
            ],
        )
        for row in rows
    ]


def _domains(session: Session, rows: Sequence[Listed]) -> Mapping[str, str]:
    """What the value domains of the elements are called, by the element's identifier."""
    ids = {row.element.value_domain_id for row in rows if row.element.value_domain_id}
    found = domains.domains(session, ids)
    return {
        row.element.identifier: found[row.element.value_domain_id].name
        for row in rows
        if row.element.value_domain_id in found
    }


def _read(row: Listed, domain: str) -> SuspicionRead:
    suspicion, ruling = row.suspicion, row.ruling
    return SuspicionRead(
        id=suspicion.id,
        state=row.state,
        state_label=str(row.state.label),
        resource_code=row.resource.code,
        resource_title=row.resource.title,
        provider=row.provider,
        item=row.item.identity,
        item_name=row.item.name,
        column_name=row.item.column_name,
        element=row.element.identifier,
        element_name=row.element.name,
        score=suspicion.score / THOUSANDTHS,
        evidence=[reasons.read(Evidence.of(each), domain) for each in suspicion.evidence],
        found_at=suspicion.found_at,
        reason=ruling.reason if ruling else "",
        ruled_by=row.ruled_by,
        ruled_at=ruling.ruled_at if ruling else None,
    )
