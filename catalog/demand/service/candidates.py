"""What may serve a demand, the best first, and the demands that seem to want the same.

Nothing is scored anew that another room scores: items are matched as a form is before collecting,
elements as the detector of duplicates does, entries are found by the search's own words.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlmodel import Session

from auth.departments import repository as departments
from catalog.collection import repository as fields
from catalog.collection.checks import distinct, key
from catalog.collection.service.matching import matched
from catalog.demand import checks
from catalog.demand.checks import Fit
from catalog.demand.models import Demand, DemandItem
from catalog.demand.repository import cases, matching
from catalog.demand.words import CandidateKind
from catalog.elements import repository as elements
from catalog.elements.models import DataElement
from catalog.resources import repository as resources
from catalog.resources.models import DataResource
from catalog.resources.words import ResourceStatus, ShareType
from catalog.sources import repository as sources
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject

#: So many of each kind are shown.
SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may serve, with the reasons. ``name``: code, identifier or credit code."""

    kind: CandidateKind
    name: str
    title: str
    department: str
    score: int
    is_withheld: bool
    why: Sequence[Message]


@dataclass(frozen=True, slots=True)
class Similar:
    """A demand that seems to want the same."""

    demand: Demand
    score: int
    why: Sequence[Message]


@dataclass(slots=True)
class _Asked:
    """What is looked for: words of the title, wanted names, the elements that these are."""

    title: str
    words: Sequence[str]
    names: Sequence[str]
    elements: Mapping[UUID, DataElement]
    called: Mapping[UUID, set[str]]
    sources: Mapping[UUID, set[UUID]] = field(default_factory=dict)


def candidates(session: Session, subject: Subject, demand: Demand) -> list[Candidate]:
    """Entries, elements and departments that the reader may know of, the best first."""
    asked = _asked(session, subject, demand)
    entries = _entries(session, subject, asked)
    found = [*entries, *_elements(session, asked), *_departments(session, demand, asked, entries)]
    return sorted(found, key=lambda each: (-each.score, list(CandidateKind).index(each.kind)))


def similar(session: Session, subject: Subject, demand: Demand) -> list[Similar]:
    """Open demands with words of the title, elements or items in common, the most alike first."""
    own = cases.items_of(session, [demand.id])
    bound = {each.element_id for each in own if each.element_id}
    words = checks.spoken(resources.search_words(demand.title))
    names = {each.name for each in own}
    rows = matching.alike(session, subject, demand, words, bound, names)
    items: dict[UUID, list[DemandItem]] = {}
    for each in cases.items_of(session, {row.id for row in rows}):
        items.setdefault(each.demand_id, []).append(each)
    found = [_likeness(demand, own, row, items.get(row.id, [])) for row in rows]
    alike = [each for each in found if each.score >= checks.ALIKE]
    return sorted(alike, key=lambda each: (-each.score, each.demand.demand_no))[:SHOWN]


def _likeness(
    demand: Demand, own: Sequence[DemandItem], row: Demand, other: Sequence[DemandItem]
) -> Similar:
    one, two = (checks.spoken(resources.search_words(each.title)) for each in (demand, row))
    mine, theirs = ({_same(each): each.name for each in items} for items in (own, other))
    same = [name for which, name in mine.items() if which in theirs]
    why = []
    if set(one) & set(two):
        words = "、".join(word for word in one if word in two)
        why.append(_("Both titles say: %(words)s", words=words))
    if same:
        why.append(_("Both want: %(names)s", names="、".join(same)))
    score = checks.alike(one, two, same, min(len(mine), len(theirs)))
    return Similar(row, score, why)


def _same(item: DemandItem) -> str:
    return str(item.element_id) if item.element_id else key(item.name)


def _asked(session: Session, subject: Subject, demand: Demand) -> _Asked:
    items = cases.items_of(session, [demand.id])
    names = distinct(each.name for each in items)
    likely = {
        str(match.told["element"]): match.name
        for match in matched(session, subject, names)
        if match.told["element"]
    }
    ids = elements.ids_by_identifier(session, likely)
    called: dict[UUID, set[str]] = {}
    for identifier, name in likely.items():
        called.setdefault(ids[identifier], set()).add(name)
    for each in items:
        if each.element_id:
            called.setdefault(each.element_id, set()).add(each.name)
    holders: dict[UUID, set[UUID]] = {}
    for claim in sources.confirmed(session, called):
        holders.setdefault(claim.department_id, set()).add(claim.element_id)
    words = checks.spoken(resources.search_words(demand.title))
    known = elements.by_ids(session, called)
    return _Asked(demand.title, words, names, known, called, holders)


def _entries(session: Session, subject: Subject, asked: _Asked) -> list[Candidate]:
    """Published entries: by the words of the title, and by their items."""
    said = resources.sharing_words(session, subject, " ".join([asked.title, *asked.names]))
    rows = {row.id: row for row in said if row.status is ResourceStatus.PUBLISHED}
    held: dict[UUID, set[str]] = {}
    for name, entry in _items(session, subject, asked):
        rows.setdefault(entry.id, entry)
        held.setdefault(entry.id, set()).add(name)
    homes = departments.names(session, {row.provider_id for row in rows.values()})
    found = [
        _entry(row, homes[row.provider_id], _fit(row, held.get(row.id, set()), asked))
        for row in rows.values()
    ]
    found = [each for each in found if each.score > 0]
    return sorted(found, key=lambda each: (-each.score, each.name))[:SHOWN]


def _items(session: Session, subject: Subject, asked: _Asked) -> list[tuple[str, DataResource]]:
    """(wanted name, entry) for each item of a published entry that is one."""
    by_key = {key(name): name for name in asked.names}
    found = []
    for item, entry, _home in fields.items_called(session, subject, by_key, list(asked.called)):
        bound = asked.called.get(item.element_id, set()) if item.element_id else set()
        own = {by_key[key(item.name)]} if key(item.name) in by_key else set()
        found += [(name, entry) for name in bound | own]
    return found


def _fit(row: DataResource, items: Collection[str], asked: _Asked) -> Fit:
    title = row.title.casefold()
    said = sum(word in title for word in asked.words)
    is_source = row.provider_id in asked.sources
    return Fit(said, len(asked.words), items, len(asked.names), is_source)


def _entry(row: DataResource, home: str, fit: Fit) -> Candidate:
    is_withheld = row.share_type is ShareType.WITHHELD
    why = fit.why
    if is_withheld:
        why.append(_("It is not shared: %(basis)s", basis=row.withheld_basis or "—"))
    score = fit.score
    return Candidate(CandidateKind.ENTRY, row.code, row.title, home, score, is_withheld, why)


def _elements(session: Session, asked: _Asked) -> list[Candidate]:
    """The data elements that the wanted items are, or are likely to be."""
    holders = departments.names(session, asked.sources.keys())
    found = []
    for element_id, names in asked.called.items():
        element = asked.elements[element_id]
        home = "、".join(
            holders[each] for each, held in asked.sources.items() if element_id in held
        )
        why = [_("“%(names)s” is likely to be it", names="、".join(sorted(names)))]
        if home:
            why.append(_("Its confirmed source is %(department)s", department=home))
        score = 50 * len(names) // max(len(asked.names), 1) + (10 if home else 0)
        found.append(
            Candidate(
                CandidateKind.ELEMENT, element.identifier, element.name, home, score, False, why
            )
        )
    return sorted(found, key=lambda each: (-each.score, each.name))[:SHOWN]


def _departments(
    session: Session, demand: Demand, asked: _Asked, entries: Sequence[Candidate]
) -> list[Candidate]:
    """Departments that are the source, or whose duties speak of it; none that wants it itself."""
    words = checks.spoken(
        [word for text in (asked.title, *asked.names) for word in resources.search_words(text)]
    )
    words = list(dict.fromkeys(words))
    said: dict[UUID, set[str]] = {}
    cited: dict[UUID, str] = {}
    for duty, _name in matching.duties_saying(session, words):
        said.setdefault(duty.department_id, set()).update(w for w in words if w in duty.text)
        cited.setdefault(duty.department_id, duty.duty_no)
    found = []
    for home in departments.of_ids(session, {*said, *asked.sources} - set(demand.voice_ids)):
        why, score = [], 0
        if home.id in asked.sources:
            score += 10 + 50 * len(asked.sources[home.id]) // max(len(asked.called), 1)
            why.append(_("It is the confirmed source of a wanted item"))
        if home.id in said:
            score += checks.duty_score(said[home.id], words)
            why.append(
                _(
                    "Its duty %(duty)s says: %(words)s",
                    duty=cited[home.id],
                    words="、".join(sorted(said[home.id])),
                )
            )
        if score:
            kind = CandidateKind.DEPARTMENT
            found.append(Candidate(kind, home.code, home.name, home.name, score, False, why))
    return sorted(found, key=lambda each: (-each.score, each.name))[:SHOWN]
