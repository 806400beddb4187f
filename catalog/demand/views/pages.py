"""Pages of demands: the list with its queues, the form, one demand, a month in figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final
from urllib.parse import urlencode

from sqlmodel import Session

from auth.cases import possible
from auth.departments import repository as departments
from auth.guard import Authorized, is_allowed
from catalog.demand.lifecycle.ending import LIFECYCLE
from catalog.demand.models import DEMANDS, Demand
from catalog.demand.repository import cases
from catalog.demand.schemas import CandidatesRead, DemandRead, DemandShown, FiguresRead
from catalog.demand.service.meeting import items_to_ask
from catalog.demand.views.course import course
from catalog.demand.views.reading import read_candidates, read_model, read_models
from catalog.demand.words import (
    AnswerKind,
    DemandStatus,
    Queue,
    SettleOutcome,
    UnmetReason,
    UseBasis,
)
from catalog.resources import repository as resources
from catalog.resources.words import ShareWay, UpdateCycle, WithheldKind
from policies.actions import Action
from policies.roles import Role
from shuqiao.desk import clocks
from shuqiao.desk.drafts import Draft, Kept
from shuqiao.desk.due import Due, dues_of
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.downloads import FileKind, TitledColumn, table_file
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

LABELS: Final[Mapping[str, Message]] = {
    "title": _("What is needed"),
    "need": _("The need in words"),
    "items": _("Wanted items, one a line"),
    "basis_kind": _("Kind of basis"),
    "basis_document": _("Document"),
    "basis_article": _("Article"),
    "duty_no": _("Number of the duty"),
    "matter": _("Name of the matter"),
    "scenario": _("Scene of use"),
    "scope": _("Scope of use"),
    "share_way": _("Way of sharing"),
    "update_cycle": _("Update cycle that is needed"),
    "until": _("Term of use"),
    "is_urgent": _("Urgent"),
    "provider": _("Department that provides the data"),
    "item": _("Item that is aimed at"),
    "kind": _("Answer"),
    "reason": _("Reason"),
    "entry": _("Code of the entry"),
    "collect_by": _("Day of collection"),
    "suggested": _("Whose it is"),
    "legal_kind": _("Kind of legal basis"),
    "legal_document": _("Name of the legal basis"),
    "legal_number": _("Number of the document"),
    "legal_article": _("Article of the legal basis"),
    "negative_no": _("Number on the negative list"),
    "into": _("Number of the other demand"),
    "outcome": _("Outcome"),
    "note": _("Remark"),
}
#: The acts that have a form, the one first shown before the others.
_FORMS: Final = (*("offer", "assign", "uphold", "contest", "claim", "merge", "close", "withdraw"),)
#: What ends a demand is not put before anybody who has not asked for it.
_ENDING: Final = frozenset({"close", "withdraw"})
_DRAFT: Final = "demand/new"


@dataclass(frozen=True, slots=True)
class DemandsPage(Page):
    """The demands that the reader may see. ``queues``: word, label, how many; ``begun``: what was
    typed and not sent.
    """

    template = "demand/list.html"
    rows: Sequence[DemandRead]
    queues: Sequence[tuple[str, Message, int]]
    queue: str
    statuses: Sequence[tuple[str, Message]]
    status: str
    is_first: bool
    next_href: str
    may_file: bool
    begun: Kept | None


@dataclass(frozen=True, slots=True)
class NewDemandPage(Page):
    """``kept``: what was typed and not sent; ``is_kept_shown``: the form is filled with it."""

    template = "demand/new.html"
    form: Form
    labels: Mapping[str, Message]
    kept: Kept | None
    is_kept_shown: bool
    bases: Sequence[tuple[str, Message]]
    ways: Sequence[tuple[str, Message]]
    cycles: Sequence[tuple[str, Message]]
    homes: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SavedDemandPage(Page):
    """What keeping the form by itself answers."""

    template = "demand/saved.html"
    kept: Kept | None


@dataclass(frozen=True, slots=True)
class DemandPage(Page):
    """One demand. ``acts``: what the reader may do, by the names of steps; ``act``: whose form is
    shown; ``apply_href``: the request that is filled in already.
    """

    template = "demand/demand.html"
    form: Form
    labels: Mapping[str, Message]
    demand: DemandShown
    found: CandidatesRead
    due: Due | None
    acts: Sequence[tuple[str, Message]]
    act: str
    effect: Message | None
    apply_href: str
    course: Sequence[Mapping[str, Any]]
    homes: Sequence[tuple[str, str]]
    kinds: Sequence[tuple[str, Message]]
    legal_kinds: Sequence[tuple[str, Message]]
    outcomes: Sequence[tuple[str, Message]]
    reasons: Sequence[tuple[str, Message]]
    done: Message | None


@dataclass(frozen=True, slots=True)
class FiguresPage(Page):
    """A month in figures, each rate with its numerator and denominator."""

    template = "demand/figures.html"
    figures: FiguresRead
    reasons: Sequence[tuple[Message, int]]


def demands_page(
    session: Session,
    subject: Subject,
    wanted: PageRequest,
    status: DemandStatus | None,
    queue: Queue | None,
) -> DemandsPage:
    rows, following = cases.page(session, subject, wanted, status, queue)
    is_administration = Role.DATA_ADMIN in subject.roles
    may_file = is_allowed(subject, Action.DEMAND_FILE, DEMANDS)
    shown = [each for each in Queue if each is not Queue.TO_ASSIGN or is_administration]
    return DemandsPage(
        rows=read_models(session, rows),
        queues=[(each.value, each.label, cases.count(session, subject, each)) for each in shown],
        queue=queue.value if queue else "",
        statuses=words(DemandStatus),
        status=status.value if status else "",
        is_first=wanted.after is None,
        next_href=wanted.href(following) if following else "",
        may_file=may_file,
        begun=draft_of(session, subject).kept() if may_file else None,
    )


def draft_of(session: Session, subject: Subject) -> Draft:
    return Draft.of(session, subject, _DRAFT, "DM")


def new_page(
    session: Session, subject: Subject, form: Form, *, is_kept_shown: bool = False
) -> NewDemandPage:
    return NewDemandPage(
        form=form.gathered("items"),
        labels=LABELS,
        kept=draft_of(session, subject).kept(),
        is_kept_shown=is_kept_shown,
        bases=words(UseBasis),
        ways=words(ShareWay),
        cycles=words(UpdateCycle),
        homes=_homes(session),
    )


def demand_page(
    session: Session, found: Authorized[Demand], form: Form, done: str = "", act: str = ""
) -> DemandPage:
    demand, subject = found.object, found.subject
    shown = read_model(session, demand)
    steps = {step.name: step for step in possible(subject, demand, LIFECYCLE)}
    acts = [(name, steps[name].label) for name in _FORMS if name in steps]
    names = [name for name, _label in acts]
    asked = form.text("intent") or act
    chosen = asked if asked in names else next((n for n in names if n not in _ENDING), "")
    if not form.values and shown.withheld_by:
        form = Form.of({"negative_no": shown.withheld_by[0]})
    confirmed = LIFECYCLE.done(done, demand.status)
    running = [each for each in clocks.clocks_of(session, demand.demand_no) if not each.closed_on]
    return DemandPage(
        form=form,
        labels=LABELS,
        demand=shown,
        found=read_candidates(session, subject, demand),
        due=next(iter(dues_of(session, running)), None),
        acts=[(name, _acts()[name]) for name, _label in acts],
        act=chosen,
        effect=steps[chosen].effect if chosen else None,
        apply_href=_apply_href(session, subject, demand),
        course=course(session, demand),
        homes=_homes(session),
        kinds=words(AnswerKind),
        legal_kinds=words(WithheldKind),
        outcomes=words(SettleOutcome),
        reasons=words(UnmetReason),
        done=confirmed.title if confirmed else None,
    )


def figures_page(figures: FiguresRead) -> FiguresPage:
    return FiguresPage(
        figures=figures,
        reasons=[(each.label, figures.unmet_by_reason.get(each, 0)) for each in UnmetReason],
    )


def figures_file(figures: FiguresRead) -> IO[bytes]:
    """The same as a CSV file: what, numerator, denominator, rate."""
    columns = (
        TitledColumn(_("Figure")),
        TitledColumn(_("Number")),
        TitledColumn(_("Out of")),
        TitledColumn(_("Rate (%)")),
    )
    lines: list[tuple[str | int | None, ...]] = [
        (str(_("Filed")), figures.filed, None, None),
        (
            str(_("Answered in time")),
            figures.answered_in_time,
            figures.answers_due,
            _rate(figures.answered_in_time_percent),
        ),
        (
            str(_("Met by a delivery")),
            figures.met,
            figures.met + figures.unmet,
            _rate(figures.met_percent),
        ),
        *(
            (str(reason.label), figures.unmet_by_reason.get(reason, 0), None, None)
            for reason in UnmetReason
        ),
    ]
    return table_file(FileKind.CSV, _("Demands in figures"), columns, lines)


def _rate(percent: float | None) -> str:
    return "n/a" if percent is None else f"{percent:.1f}"


def _acts() -> Mapping[str, Message]:
    """What the ways to the forms are called."""
    named = {step.name: step.label for step in LIFECYCLE.steps}
    return {**named, "offer": _("Answer the demand"), "uphold": _("Settle the dispute")}


def _apply_href(session: Session, subject: Subject, demand: Demand) -> str:
    """The request for the entry that serves it, filled in, for whoever may apply."""
    if demand.resource_id is None or subject.department_id not in demand.voice_ids:
        return ""
    if demand.status not in (DemandStatus.ANSWERED, DemandStatus.BEING_SHARED):
        return ""
    entry = resources.by_id(session, demand.resource_id)
    if not is_allowed(subject, Action.REQUEST_CREATE, entry):
        return ""
    asked = [("resource", entry.url_code), ("demand", demand.demand_no)]
    asked += [("item", each) for each in items_to_ask(session, demand, entry)]
    return f"/requests/new?{urlencode(asked)}"


def _homes(session: Session) -> list[tuple[str, str]]:
    listed = departments.listed(session)
    return [(each.code, each.name) for each in listed if each.ended_on is None]


def words(kind: Any) -> list[tuple[str, Message]]:
    return [(each.value, each.label) for each in kind]
