"""Proposals for the unbound items of all drafts of a department: a page, and what programs read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session

from auth.guard import Authorized, Place
from catalog.duplicates.checks.scoring import THRESHOLD
from catalog.duplicates.repository import drafts as repository
from catalog.duplicates.schemas import DraftProposals, DraftsProposals
from catalog.duplicates.service.proposing import Proposal, Proposed, proposals_of
from catalog.duplicates.views import reasons
from catalog.duplicates.views.proposals import read_item
from catalog.resources.models import DataResource, ResourceItem
from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page

#: Items on one page, as whole drafts as fit.
AT_ONCE: Final = 60


@dataclass(frozen=True, slots=True)
class DraftRow:
    """An item and the best element for it; ``value``: of the box that adopts it."""

    item: ResourceItem
    value: str
    proposal: Proposal
    per_cent: int
    reasons: Sequence[tuple[Message, bool]]


@dataclass(frozen=True, slots=True)
class ShownDraft:
    """A draft with the rows that have a proposal; ``silent``: how many items have none."""

    resource: DataResource
    rows: Sequence[DraftRow]
    silent: int


@dataclass(frozen=True, slots=True)
class DraftsPage(Page):
    """``likely``: items at or above the threshold, in all ``drafts`` drafts with one; ``chosen``:
    those on this page. ``next_href``: of the drafts after these.
    """

    template = "duplicates/drafts.html"
    form: Form
    shown: Sequence[ShownDraft]
    threshold: int
    likely: int
    drafts: int
    chosen: int
    next_href: str
    after: str
    done: int


def drafts_page(
    session: Session, found: Authorized[Place], form: Form, *, after: str = "", done: int = 0
) -> DraftsPage:
    """Drafts by code, from the one after ``after`` on."""
    rows, proposed = _proposed(session, found.subject)
    told = [row for row in rows if any(each.proposals for each in proposed[row.id])]
    wanted = [row for row in told if row.code > after.replace("-", "/")]
    shown: list[ShownDraft] = []
    for row in wanted:
        draft = _shown(row, proposed[row.id])
        if shown and sum(len(each.rows) for each in shown) + len(draft.rows) > AT_ONCE:
            break
        shown.append(draft)
    likely = [sum(each.likely is not None for each in proposed[row.id]) for row in rows]
    is_more = len(shown) < len(wanted)
    return DraftsPage(
        form=form,
        shown=shown,
        threshold=round(THRESHOLD * 100),
        likely=sum(likely),
        drafts=sum(count > 0 for count in likely),
        chosen=sum(row.proposal.is_likely for draft in shown for row in draft.rows),
        next_href=f"/bindings?after={shown[-1].resource.url_code}" if is_more else "",
        after=after,
        done=done,
    )


def again(session: Session, found: Authorized[Place], form: Form) -> DraftsPage:
    """The page of the drafts that were chosen from, as they are now."""
    return drafts_page(session, found, form, after=form.text("after"))


def read_model(session: Session, subject: Subject) -> DraftsProposals:
    rows, proposed = _proposed(session, subject)
    return DraftsProposals(
        threshold=THRESHOLD,
        entries=[
            DraftProposals(
                resource_code=row.code,
                title=row.title,
                version=row.version,
                items=[read_item(each) for each in proposed[row.id]],
            )
            for row in rows
        ],
    )


def _proposed(
    session: Session, subject: Subject
) -> tuple[Sequence[DataResource], Mapping[UUID, Sequence[Proposed]]]:
    assert subject.department_id is not None
    rows = repository.with_unbound(session, subject.department_id)
    return rows, proposals_of(session, rows)


def _shown(resource: DataResource, proposed: Sequence[Proposed]) -> ShownDraft:
    rows = []
    for each in proposed:
        if not each.proposals:
            continue
        best = each.proposals[0]
        identity, element = each.item.identity, best.element
        rows.append(
            DraftRow(
                item=each.item,
                value=f"{resource.url_code}/{resource.version}/{identity}/{element.identifier}",
                proposal=best,
                per_cent=round(best.score * 100),
                reasons=[
                    (reasons.words(told, element.domain), told.is_against) for told in best.evidence
                ],
            )
        )
    return ShownDraft(resource, rows, len(proposed) - len(rows))
