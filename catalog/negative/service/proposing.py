"""What an entry of the catalogue proposes: one entry of the negative list for each basis that its
items state.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from auth.cases import take
from catalog.negative.checks import basis_of
from catalog.negative.lifecycle import entries as lifecycle
from catalog.negative.models import NegativeEntry, NegativeTarget
from catalog.negative.repository import covers, entries
from catalog.negative.words import LIVE, EndKind, EntryStatus
from catalog.resources import repository as resources
from catalog.resources.fields.withholding import Withholding
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import ShareType
from shuqiao.clock import now, today
from shuqiao.numbers import next_number
from shuqiao.skeletons import skeleton
from shuqiao.subject import Subject

#: When it is looked at again what states no day: such an entry was published before days were
#: stated.
_NEXT_LOOK: Final = timedelta(days=365)
#: The states of entries that a catalogue entry still stands for.
STANDING: Final = (*LIVE, EntryStatus.LAPSED)


@dataclass(frozen=True, slots=True)
class Named:
    """What a statement names: an item by its identity, or the whole resource."""

    item_id: UUID | None
    resource_id: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One basis, with everything that is withheld by it."""

    stated: Withholding
    named: tuple[Named, ...]

    @property
    def basis(self) -> tuple[str, ...]:
        """By what two statements are about the same basis."""
        said = self.stated
        return (said.kind, said.basis, said.number, said.article, said.business)


def statements(resource: DataResource, items: Sequence[ResourceItem]) -> list[Statement]:
    """What the entry states: of a resource that is not shared its one basis, else one for each
    basis of its items; items that state the same article are one, with their reasons together.
    """
    if resource.share_type is ShareType.WITHHELD:
        stated = Withholding.of(resource)
        whole = Named(None, resource.entry_id, resource.title)
        return [Statement(stated, (whole,))] if stated else []
    found: dict[tuple[str, ...], Statement] = {}
    for item in items:
        stated = Withholding.of(item) if item.share_type is ShareType.WITHHELD else None
        if stated is None:
            continue
        said = Statement(stated, (Named(item.identity, None, item.name),))
        before = found.get(said.basis)
        found[said.basis] = said if before is None else _together(before, said)
    return list(found.values())


def propose(
    session: Session, subject: Subject, resource: DataResource, proposer_id: UUID
) -> list[NegativeEntry]:
    """Propose what an entry or its working copy states, and drop what was proposed and is stated
    no longer; gives what is proposed now. What is in force and states the same stays.
    """
    wanted = statements(resource, resources.items_of(session, resource.id))
    before = entries.of_resource(session, resource.entry_id, (EntryStatus.PROPOSED,), lock=True)
    standing = entries.of_resource(session, resource.entry_id, STANDING)
    named = covers.targets(session, [each.id for each in (*before, *standing)])
    alike = {
        place: next(
            (each for each in (*standing, *before) if _says(each, named[each.id], said)), None
        )
        for place, said in enumerate(wanted)
    }
    kept = {each.id for each in alike.values() if each is not None}
    for row in before:
        if row.id not in kept:
            _end(session, subject, row)
    proposed = [each for each in before if each.id in kept]
    for place, said in enumerate(wanted):
        if alike[place] is None:
            about = next((each for each in standing if is_about(each, said)), None)
            proposed.append(_open(session, subject, resource, said, proposer_id, about))
    return proposed


def drop(session: Session, subject: Subject, resource: DataResource) -> None:
    """A draft or a working copy is thrown away: what it proposed goes with it."""
    for row in entries.of_resource(session, resource.entry_id, (EntryStatus.PROPOSED,), lock=True):
        _end(session, subject, row)


def unwanted(session: Session, resource: DataResource) -> list[NegativeEntry]:
    """The entries that stand for a published entry of the catalogue and that it states no more."""
    wanted = statements(resource, resources.items_of(session, resource.id))
    standing = entries.of_resource(session, resource.id, STANDING, lock=True)
    named = covers.targets(session, [each.id for each in standing])
    return [row for row in standing if not any(_says(row, named[row.id], said) for said in wanted)]


def is_about(entry: NegativeEntry, said: Statement) -> bool:
    """Whether an entry rests on the basis of a statement."""
    held = (entry.basis_kind, entry.basis_name, entry.basis_number, entry.basis_article)
    return (*held, entry.business) == said.basis


def _says(entry: NegativeEntry, targets: Sequence[NegativeTarget], said: Statement) -> bool:
    """Whether an entry says just that; a day of review that lies later is another statement, one
    that lies earlier was stated before the last review. What lapsed says nothing any more.
    """
    if entry.status is EntryStatus.LAPSED or not is_about(entry, said):
        return False
    stated = said.stated
    if (entry.basis_text, entry.reason) != (stated.text, stated.reason[:2_000]):
        return False
    if stated.review_on is not None and stated.review_on > entry.review_on:
        return False
    named = {Named(each.item_id, each.resource_id, each.name) for each in targets}
    return named == set(said.named)


def _together(one: Statement, other: Statement) -> Statement:
    reasons = dict.fromkeys((*one.stated.reason.split("；"), other.stated.reason))
    texts = [each for each in (one.stated.text, other.stated.text) if each]
    days: list[date] = [each for each in (one.stated.review_on, other.stated.review_on) if each]
    stated = one.stated.model_copy(
        update={
            "reason": "；".join(reasons),
            "text": texts[0] if texts else "",
            "review_on": min(days, default=None),
        }
    )
    return Statement(stated, (*one.named, *other.named))


def _open(
    session: Session,
    subject: Subject,
    resource: DataResource,
    said: Statement,
    proposer_id: UUID,
    about: NegativeEntry | None,
) -> NegativeEntry:
    stated = said.stated
    entry = NegativeEntry(
        entry_no=next_number(session, "NE"),
        department_id=resource.provider_id,
        proposer_id=proposer_id,
        resource_id=resource.entry_id,
        basis_kind=stated.kind,
        basis_name=stated.basis,
        basis_number=stated.number,
        basis_article=stated.article,
        basis_text=stated.text,
        reason=stated.reason[:2_000],
        business=stated.business,
        review_on=stated.review_on or today() + _NEXT_LOOK,
        supersedes_id=about.id if about else None,
    )
    session.add(entry)
    session.flush()
    for each in said.named:
        name_target(session, entry, each.name, item_id=each.item_id, resource_id=each.resource_id)
    why = {"basis": basis_of(entry), "resource": resource.code, "named": len(said.named)}
    take(session, subject, entry, lifecycle.PROPOSE, why=why)
    return entry


def name_target(
    session: Session,
    entry: NegativeEntry,
    name: str,
    *,
    item_id: UUID | None = None,
    resource_id: UUID | None = None,
    element_id: UUID | None = None,
) -> None:
    """Write down what an entry names."""
    session.add(
        NegativeTarget(
            entry_id=entry.id,
            item_id=item_id,
            resource_id=resource_id,
            element_id=element_id,
            name=name,
            skeleton=skeleton(name),
        )
    )
    session.flush()


def _end(session: Session, subject: Subject, entry: NegativeEntry) -> None:
    entry.ended_at, entry.end_kind = now(), EndKind.TAKEN_BACK
    take(session, subject, entry, lifecycle.DROP)


def ended(
    session: Session, rows: Sequence[DataResource]
) -> dict[UUID, dict[tuple[str, ...], NegativeEntry]]:
    """The bases of these entries of the catalogue that have ended, by row, as their items may still
    state them.
    """
    found: dict[UUID, dict[tuple[str, ...], NegativeEntry]] = {}
    lapsed = entries.of_resources(session, {row.entry_id for row in rows}, EntryStatus.LAPSED)
    for row in rows:
        found[row.id] = {
            (each.basis_kind, each.basis_name, each.basis_number, each.basis_article): each
            for each in lapsed
            if each.resource_id == row.entry_id
        }
    return found
