"""One resource of the catalogue as its page shows it: a tab, below what stands above every tab."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from auth.cases import possible
from auth.guard import Authorized, is_allowed
from auth.steps import Step
from catalog.attachments.schemas import AttachmentSummary
from catalog.conformity.views.standing import Standing, of_row
from catalog.editions import lifecycle as editions
from catalog.negative import repository as negative
from catalog.negative.models import NegativeEntry
from catalog.publication.repository import reviews as repository
from catalog.publication.schemas import ReviewRead
from catalog.publication.views import tabs
from catalog.publication.views.entry import TONES, assessments, nine_fields
from catalog.publication.views.programs import Programs, programs
from catalog.publication.views.tabs import Bound, Freshness, KeptVersion, Tab, TabLink
from catalog.publication.views.under_way import done_words, under_way
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.fields.coverage import covered
from catalog.resources.lifecycle import CHANGE, EDIT, LIFECYCLE, TAKE_DOWN, State
from catalog.resources.models import DataResource
from catalog.resources.schemas import ItemRead, ResourceRead
from catalog.resources.words import ShareType
from policies.actions import Action
from policies.clocks import Clock
from policies.deadlines import Deadline, deadlines
from shuqiao.changes import Change
from shuqiao.desk.due import Due
from shuqiao.i18n import Message, _
from shuqiao.web.page import Page
from shuqiao.web.slots import PageSlot, ShownPanel

#: Buttons beside the name, added by higher stages, such as the way to a
#: grant that the reader's department holds.
ACTIONS: PageSlot[DataResource] = PageSlot()
#: Cards beside the overview, added by higher stages.
PAGE: PageSlot[DataResource] = PageSlot()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePage(Page):
    """What stands above every tab: name, state, and what the reader may do."""

    template = "publication/resource.html"
    resource: DataResource
    entry: ResourceRead
    tone: str
    tab: Tab
    tabs: Sequence[TabLink]
    done: Message | None
    edit_href: str
    edit_label: Message
    takedown_href: str
    takedown_label: Message
    may_apply: bool
    actions: Sequence[ShownPanel]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage(ResourcePage):
    """The nine fields, the assessments, who keeps it, how fresh it is, what applying means; and
    what is under way.
    """

    template = "publication/tab_overview.html"
    nine: Sequence[Mapping[str, Any]]
    assessments: Sequence[Mapping[str, Any]]
    provider_code: str
    registrar: str
    freshness: Freshness | None
    editions_href: str
    coverage: str
    reply: Deadline
    delivery: Deadline
    sources: Message
    waiting_for: Message | None
    files: Sequence[AttachmentSummary]
    step: Step[State] | None
    reviews: Sequence[ReviewRead]
    dues: Sequence[Due]
    panels: Sequence[ShownPanel]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsPage(ResourcePage):
    """``q``: the words that ``items`` are narrowed by; ``struck``: by item the negative entries
    that strike it now.
    """

    template = "publication/tab_items.html"
    version: int | None
    q: str
    items: Sequence[ItemRead]
    struck: Mapping[UUID, Sequence[NegativeEntry]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardsPage(ResourcePage):
    """``unbound``: names of items that follow no data element; ``standing``: how the data keeps to
    its standards, None without data.
    """

    template = "publication/tab_standards.html"
    bound: Sequence[Bound]
    unbound: Sequence[str]
    standing: Standing | None
    standing_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsPage(ResourcePage):
    """``compared``: changes from ``before`` to ``after``, None when not asked for."""

    template = "publication/tab_versions.html"
    kept: Sequence[KeptVersion]
    before: int | None
    after: int | None
    compared: Sequence[Change] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramsPage(ResourcePage):
    template = "publication/tab_api.html"
    programs: Programs


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says beyond the resource; only the tab it is meant for looks at it."""

    version: int | None
    tab: Tab
    words: str
    before: int | None
    after: int | None
    done: str


def resource_page(
    session: Session, found: Authorized[DataResource], entry: ResourceRead, asked: Asked
) -> ResourcePage:
    """The tab asked for. Raises ``NotFound`` for versions to compare that there are not."""
    resource = found.object
    above = _above(session, found, entry, asked)
    if asked.tab is Tab.OVERVIEW:
        return _overview(session, found, entry, above)
    if asked.tab is Tab.ITEMS:
        shown = tabs.items_saying(entry, asked.words)
        return ItemsPage(
            **above,
            version=asked.version,
            q=asked.words.strip(),
            items=shown,
            struck=negative.covers_of(session, [item.id for item in shown]),
        )
    if asked.tab is Tab.STANDARDS:
        unbound = [item.name for item in entry.items if not item.element]
        standing = of_row(session, resource)
        edition = f"/editions/{standing.edition}" if standing and standing.edition else ""
        return StandardsPage(
            **above,
            bound=tabs.bound_elements(session, entry),
            unbound=unbound,
            standing=standing,
            standing_href=f"/resources/{resource.url_code}{edition}/conformity",
        )
    if asked.tab is Tab.VERSIONS:
        kept, compared = tabs.versions(session, resource, asked.before, asked.after)
        return VersionsPage(
            **above, kept=kept, before=asked.before, after=asked.after, compared=compared
        )
    return ProgramsPage(**above, programs=programs(resource, entry))


def _above(
    session: Session, found: Authorized[DataResource], entry: ResourceRead, asked: Asked
) -> dict[str, Any]:
    resource, subject = found.object, found.subject
    edit_href, edit_label = _way_to_edit(session, found)
    may_take_down = TAKE_DOWN in possible(subject, resource, LIFECYCLE)
    return {
        "resource": resource,
        "entry": entry,
        "tone": TONES[entry.share_type],
        "tab": asked.tab,
        "tabs": tabs.tabs(entry, asked.version),
        "done": done_words(asked.done),
        "edit_href": edit_href,
        "edit_label": edit_label,
        "takedown_href": f"{registering.href(resource)}/takedown" if may_take_down else "",
        "takedown_label": TAKE_DOWN.label,
        "may_apply": resource.code in registering.applicable(session, subject, [resource.code]),
        "actions": ACTIONS.shown(session, subject, resource),
    }


def _way_to_edit(session: Session, found: Authorized[DataResource]) -> tuple[str, Message]:
    """Where the reader works on the entry, or opens its working copy; empty for who may not."""
    resource, steps = found.object, possible(found.subject, found.object, LIFECYCLE)
    copies = resources.working_copies(session, found.subject, [resource])
    if CHANGE in steps and resource.id in copies:
        return registering.edit_href(resource), _("Go on with the working copy")
    if CHANGE in steps:
        return f"/resources/{resource.url_code}/{CHANGE.name}", CHANGE.label
    return (registering.edit_href(resource) if EDIT in steps else ""), _("Go on editing")


def _overview(
    session: Session,
    found: Authorized[DataResource],
    entry: ResourceRead,
    above: dict[str, Any],
) -> OverviewPage:
    resource, subject = found.object, found.subject
    code, registrar = repository.contact(session, resource)
    way = under_way(session, subject, resource)
    reply, delivery = deadlines()[_reply_clock(entry.share_type)], deadlines()[Clock.DELIVERY]
    return OverviewPage(
        **above,
        nine=nine_fields(entry),
        assessments=assessments(entry),
        provider_code=code,
        registrar=registrar,
        freshness=tabs.freshness(session, resource, entry.update_cycle),
        editions_href=_editions_href(found),
        coverage=covered(entry.coverage.model_dump(mode="json") if entry.coverage else None),
        reply=reply,
        delivery=delivery,
        sources=_(
            "Reply: %(reply)s; delivery: %(delivery)s",
            reply=reply.given.source,
            delivery=delivery.given.source,
        ),
        waiting_for=way.waiting_for,
        files=way.files,
        step=way.step,
        reviews=way.reviews,
        dues=way.dues,
        panels=PAGE.shown(session, subject, resource),
    )


def _editions_href(found: Authorized[DataResource]) -> str:
    """Where the registrars of the provider work on the data of what is published."""
    resource, subject = found.object, found.subject
    if not resource.published_version or not is_allowed(subject, Action.RESOURCE_ATTACH, resource):
        return ""
    return editions.PAGE.format_map(resource.told())


def _reply_clock(share_type: ShareType) -> Clock:
    """Working days the provider has to reply (Order 809, Art. 21)."""
    is_free = share_type is ShareType.UNCONDITIONAL
    return Clock.REQUEST_REPLY_UNCONDITIONAL if is_free else Clock.REQUEST_REPLY_CONDITIONAL
