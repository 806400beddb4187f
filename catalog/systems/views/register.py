"""Systems as lists, their pages and programs show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from auth.cases import possible
from auth.departments.models import Department
from auth.duties import repository as duties
from auth.duties.schemas import DutyRead
from auth.guard import Authorized
from catalog.systems import repository
from catalog.systems.lifecycle import EDIT, LIFECYCLE, MOVES, REGISTER
from catalog.systems.models import DAYS, InformationSystem
from catalog.systems.schemas import SystemRead, SystemSummary, WantedSystems
from catalog.systems.words import Build, Network, Protection, SystemStatus
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest
from shuqiao.web.slots import PageSlot, ShownPanel

LABELS: Final[Mapping[str, Message]] = {
    "name": _("Name of the system"),
    "purpose": _("Business that it supports"),
    "build": _("Way of building"),
    "network": _("Network"),
    "protection": _("Level of classified protection"),
    "filing_no": _("Filing number of the level"),
    "contractor": _("Contractor"),
    "contract_no": _("Number of the contract"),
    "contract_until": _("Last day of the contract"),
    "contact": _("Contact"),
    "duties": _("Duties that it serves"),
    "status": _("Where it stands"),
    "since": _("From which day"),
    "on": _("From which day"),
}
#: What higher stages show on the page of a system.
PAGE: PageSlot[InformationSystem] = PageSlot()


@dataclass(frozen=True, slots=True)
class SystemsPage(Page):
    """The systems the reader may see, and how many stand where."""

    template = "systems/list.html"
    systems: Sequence[SystemSummary]
    wanted: WantedSystems
    counts: Mapping[SystemStatus, int]
    statuses: Sequence[SystemStatus]
    next_href: str
    may_register: bool


@dataclass(frozen=True, slots=True)
class SystemPage(Page):
    """One system. ``days``: those that have come; ``moves``: where it may go next."""

    template = "systems/system.html"
    form: Form
    labels: Mapping[str, Message]
    system: InformationSystem
    owner: Department
    duties: Sequence[DutyRead]
    days: Sequence[tuple[Message, object]]
    may_edit: bool
    moves: Sequence[tuple[str, Message]]
    done: Message | None
    panels: Sequence[ShownPanel]


@dataclass(frozen=True, slots=True)
class SystemFormPage(Page):
    """The form of a new system, or of one that is there."""

    template = "systems/form.html"
    form: Form
    labels: Mapping[str, Message]
    system: InformationSystem | None
    duties: Sequence[tuple[str, str]]
    builds: Sequence[tuple[str, Message]]
    networks: Sequence[tuple[str, Message]]
    protections: Sequence[tuple[str, Message]]
    beginnings: Sequence[tuple[str, Message]]


def systems_page(
    session: Session,
    subject: Subject,
    wanted: PageRequest,
    like: WantedSystems,
    *,
    may_register: bool,
) -> SystemsPage:
    rows, following = repository.page(session, subject, wanted, like)
    return SystemsPage(
        systems=summaries(session, rows),
        wanted=like,
        counts=repository.counts_by_status(session, subject),
        statuses=list(SystemStatus),
        next_href=wanted.href(following) if following else "",
        may_register=may_register,
    )


def system_page(
    session: Session, found: Authorized[InformationSystem], form: Form, done: str = ""
) -> SystemPage:
    system, acts = found.object, possible(found.subject, found.object, LIFECYCLE)
    confirmed = LIFECYCLE.done(done)
    days = [(status.label, system.day_of(status)) for status in DAYS]
    served = repository.duties_of(session, {system.id}).get(system.id, ())
    return SystemPage(
        form=form,
        labels=LABELS,
        system=system,
        owner=repository.owners(session, {system.owner_id})[system.owner_id],
        duties=[DutyRead.of(duty) for duty in served],
        days=[(label, day) for label, day in days if day is not None],
        may_edit=EDIT in acts,
        moves=[(status.value, status.label) for status, step in MOVES.items() if step in acts],
        done=confirmed.title if confirmed else None,
        panels=PAGE.shown(session, found.subject, system),
    )


def form_page(
    session: Session, subject: Subject, form: Form, system: InformationSystem | None = None
) -> SystemFormPage:
    home = system.owner_id if system is not None else subject.department_id
    known = duties.of_department(session, home) if home is not None else ()
    chosen = form.all("duties")
    return SystemFormPage(
        form=form,
        labels=LABELS,
        system=system,
        duties=[
            (duty.duty_no, duty.text)
            for duty in known
            if duty.valid_until is None or duty.duty_no in chosen
        ],
        builds=[(each.value, each.label) for each in Build],
        networks=[(each.value, each.label) for each in Network],
        protections=[(each.value, each.label) for each in Protection],
        beginnings=[(each.value, each.label) for each in REGISTER.to],
    )


def summaries(session: Session, rows: Sequence[InformationSystem]) -> list[SystemSummary]:
    """Systems as lists show them."""
    homes = repository.owners(session, {row.owner_id for row in rows})
    return [SystemSummary(**_summary(row, homes[row.owner_id])) for row in rows]


def read_model(session: Session, system: InformationSystem) -> SystemRead:
    """A system with everything that is said of it."""
    home = repository.owners(session, {system.owner_id})[system.owner_id]
    served = repository.duties_of(session, {system.id}).get(system.id, ())
    own = set(SystemRead.model_fields) - set(SystemSummary.model_fields) - {"duties"}
    return SystemRead(
        **_summary(system, home),
        **system.model_dump(include=own),
        duties=[DutyRead.of(duty) for duty in served],
    )


def _summary(row: InformationSystem, home: Department) -> dict[str, Any]:
    told = set(SystemSummary.model_fields) - {"owner", "owner_code", "status_label", "since"}
    return {
        **row.model_dump(include=told),
        "owner": home.name,
        "owner_code": home.code,
        "status_label": str(row.status.label),
        "since": row.since,
    }
