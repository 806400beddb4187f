"""Proposals for the unbound items of an entry: the panel beside a form, the page of all, and what
programs read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from sqlmodel import Session

from auth.guard import Authorized
from catalog.duplicates.checks.scoring import THRESHOLD
from catalog.duplicates.schemas import BindingProposals, FollowingRead, ProposalRead, ProposedItem
from catalog.duplicates.service.proposing import Proposal, Proposed, proposals
from catalog.duplicates.views import reasons
from catalog.duplicates.views.following import following
from catalog.resources import service as registering
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.views import is_editable
from shuqiao.i18n import Message
from shuqiao.web.forms import Form
from shuqiao.web.page import Page

#: Items with proposals beside a form, and on one page of all.
BESIDE: Final = 3
AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """``value``: of the button that binds; ``is_chosen``: bound together with the others that are,
    if nothing is taken out; ``has_other_name``: the item is called otherwise.
    """

    value: str
    proposal: Proposal
    per_cent: int
    reasons: Sequence[tuple[Message, bool]]
    is_chosen: bool
    has_other_name: bool


@dataclass(frozen=True, slots=True)
class ShownItem:
    """``new_href``: where a new element is proposed, filled with what the item says."""

    item: ResourceItem
    proposals: Sequence[ShownProposal]
    new_href: str


@dataclass(frozen=True, slots=True)
class ProposalsPanel:
    """The first items with likely elements, of ``likely`` in all. ``back``: the section that the
    panel stands on.
    """

    resource: DataResource
    rows: Sequence[ShownItem]
    likely: int
    back: str

    @property
    def address(self) -> str:
        return f"/resources/{self.resource.url_code}/bindings"


@dataclass(frozen=True, slots=True)
class BindingsPage(Page):
    """Every unbound item; ``likely``: how many are chosen on this page; ``rest``: items that come
    when these are done. ``silent``: items that no element is like.
    """

    template = "duplicates/bindings.html"
    form: Form
    resource: DataResource
    address: str
    rows: Sequence[ShownItem]
    likely: int
    rest: int
    silent: Sequence[ShownItem]
    threshold: int
    following: Sequence[FollowingRead]
    done: bool


def panel(
    session: Session, resource: DataResource, back: str, *, beside: int = BESIDE
) -> ProposalsPanel | None:
    """None where nothing can be changed, or nothing is proposed. ``beside``: so many items with
    their proposals, 0 where only their number is told.
    """
    if not is_editable(resource):
        return None
    found = [each for each in proposals(session, resource) if each.likely]
    if not found:
        return None
    shown = [_shown(resource, each) for each in found[:beside]]
    return ProposalsPanel(resource, shown, len(found), back)


def bindings_page(
    session: Session, found: Authorized[DataResource], form: Form, done: bool = False
) -> BindingsPage:
    """Those with a likely element first, each group in the order of the entry."""
    rows = proposals(session, found.object)
    told = sorted((each for each in rows if each.proposals), key=lambda each: each.likely is None)
    shown = [_shown(found.object, each) for each in told[:AT_ONCE]]
    return BindingsPage(
        form=form,
        resource=found.object,
        address=registering.edit_href(found.object),
        rows=shown,
        likely=sum(any(each.is_chosen for each in row.proposals) for row in shown),
        rest=len(told) - len(shown),
        silent=[_shown(found.object, each) for each in rows if not each.proposals],
        threshold=round(THRESHOLD * 100),
        following=following(session, found.object),
        done=done,
    )


def read_model(session: Session, resource: DataResource) -> BindingProposals:
    """What programs read; items without a proposal are there too."""
    return BindingProposals(
        resource_code=resource.code,
        version=resource.version,
        threshold=THRESHOLD,
        items=[read_item(each) for each in proposals(session, resource)],
        following=following(session, resource),
    )


def _new_href(resource: DataResource, item: ResourceItem) -> str:
    known = {
        "name": item.name,
        "data_type": item.data_type.value,
        "definition": item.description,
        "next": f"/resources/{resource.url_code}/bindings",
    }
    return f"/elements/new?{urlencode(known)}"


def _shown(resource: DataResource, found: Proposed) -> ShownItem:
    likely, item = found.likely, found.item
    return ShownItem(
        item,
        [
            ShownProposal(
                value=f"{item.identity}/{each.element.identifier}",
                proposal=each,
                per_cent=round(each.score * 100),
                reasons=[
                    (reasons.words(reason, each.element.domain), reason.is_against)
                    for reason in each.evidence
                ],
                is_chosen=each is likely,
                has_other_name=each.element.name != item.name,
            )
            for each in found.proposals
        ],
        _new_href(resource, item),
    )


def read_item(found: Proposed) -> ProposedItem:
    item = found.item
    return ProposedItem(
        item=item.identity,
        name=item.name,
        column_name=item.column_name,
        proposals=[
            ProposalRead(
                element=each.element.identifier,
                name=each.element.name,
                data_type=each.element.data_type,
                max_length=each.element.max_length,
                domain=each.element.domain,
                score=round(each.score, 3),
                is_likely=each.is_likely,
                evidence=[reasons.read(told, each.element.domain) for told in each.evidence],
            )
            for each in found.proposals
        ],
    )
