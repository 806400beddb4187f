"""Lines of the lists with all that stands beside the entry."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from auth.departments.models import Department
from catalog.lists.repository import facts, lines
from catalog.lists.repository.facts import Source
from catalog.lists.repository.lines import Line, Wanted
from catalog.lists.schemas import NegativeLine, ResponsibilityLine
from catalog.lists.words import By, Ground, ListKind, Mounting, Sourced
from catalog.negative.models import NegativeEntry
from catalog.resources.words import (
    Format,
    PrivacyConclusion,
    SecrecyConclusion,
    SecurityLevel,
    ShareType,
    ShareWay,
    UpdateCycle,
)
from policies.clocks import Clock
from policies.deadlines import deadlines
from shuqiao.clock import day_of
from shuqiao.i18n import _
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest
from shuqiao.words import as_text, as_word

AnyLine = ResponsibilityLine | NegativeLine


def page(
    session: Session, subject: Subject, wanted: Wanted, asked: PageRequest, by: By
) -> tuple[list[AnyLine], str | None]:
    """One page of a list."""
    found, following = lines.page(session, subject, wanted, asked, by)
    return read(session, wanted, found, by), following


def everything(
    session: Session, subject: Subject, wanted: Wanted, by: By = By.ITEM
) -> Iterator[AnyLine]:
    """All lines of a list; never capped."""
    for found in lines.everything(session, subject, wanted, by):
        yield from read(session, wanted, found, by)


def read(session: Session, wanted: Wanted, found: Sequence[Line], by: By) -> list[AnyLine]:
    """These lines in full; by entry, one line has all its items of this list."""
    if by is By.ENTRY:
        inside = lines.items_of(session, wanted, found) if found else {}
        groups = [inside.get(line.publication_id, []) for line in found]
    else:
        groups = [[line] for line in found]
    groups = [group for group in groups if group]
    if wanted.kind is ListKind.NEGATIVE:
        return list(_negative(session, wanted, groups))
    return list(_responsible(session, wanted, groups))


def _responsible(
    session: Session, wanted: Wanted, groups: Sequence[Sequence[Line]]
) -> Iterator[ResponsibilityLine]:
    every = [line for group in groups for line in group]
    named = {item["element"] for line in every if (item := line.item) and item.get("element")}
    sources = facts.sources(session, named, day_of(wanted.at)) if named else {}
    mounted = facts.mounted(session, {line.resource_id for line in every}, wanted.at)
    for group in groups:
        line, entry = group[0], group[0].entry
        share_type = _share_type(group)
        told = _Sources.of(group, sources)
        yield ResponsibilityLine(
            **_head(group),
            contact=_contact(line.department),
            sourced=told.flag,
            source=told.names,
            share_type=share_type,
            share_type_label=as_word(ShareType)(share_type),
            condition=" ".join(
                filter(None, (entry.get("share_condition"), entry.get("use_condition")))
            ),
            share_way=as_word(ShareWay)(entry.get("share_way")),
            update_cycle=as_word(UpdateCycle)(entry.get("update_cycle")),
            format=as_word(Format)(entry.get("format")),
            level=_level(group),
            promise=_promise(share_type),
            mounting=Mounting.MOUNTED if line.resource_id in mounted else Mounting.UNMOUNTED,
            duty=told.basis,
        )


def _negative(
    session: Session, wanted: Wanted, groups: Sequence[Sequence[Line]]
) -> Iterator[NegativeLine]:
    ids = [UUID(item["id"]) for group in groups for line in group if (item := line.item)]
    struck = facts.struck_by(session, ids, wanted.at)
    approvers = {entry.approver_id for entry in struck.values() if entry.approver_id}
    publishers = {group[0].published_by for group in groups}
    reviewers = facts.homes(session, publishers | approvers)
    for group in groups:
        bases = [
            _of_entry(struck[_identity(line)], wanted.at, reviewers)
            if _identity(line) in struck
            else _as_published(line, reviewers)
            for line in group
        ]
        assessment = _assessed(group[0].entry)
        yield NegativeLine(**_head(group), **_together(bases), assessment=assessment)


def _together(bases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What is said of the bases of several items: each text once, the state that asks for most."""
    said = {
        name: "、".join(dict.fromkeys(filter(None, (each[name] for each in bases))))
        for name in _TEXTS
    }
    worst = max((each["ground"] for each in bases), key=list(Ground).index)
    kinds = {each["basis_kind"] for each in bases}
    return bases[0] | said | {"ground": worst, "basis_kind": kinds.pop() if len(kinds) == 1 else ""}


def _as_published(line: Line, reviewers: Mapping[UUID, str]) -> dict[str, Any]:
    """The basis as the catalogue entry states it: of the item, else of the whole."""
    item = line.item or {}
    stated = item.get("withholding") or line.entry.get("withholding") or {}
    return {
        "reason": as_text(stated.get("reason")),
        "basis_kind": as_text(stated.get("kind")),
        "basis_name": as_text(stated.get("basis")),
        "basis_number": as_text(stated.get("number")),
        "basis_article": as_text(stated.get("article")),
        "basis_text": as_text(stated.get("text")),
        "reviewed_by": reviewers.get(line.published_by, ""),
        "reviewed_on": day_of(line.published_at),
        "review_on": None,
        "ground": Ground.AS_PUBLISHED,
        "entry_no": "",
    }


def _of_entry(entry: NegativeEntry, at: datetime, reviewers: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "reason": entry.reason,
        "basis_kind": entry.basis_kind.value,
        "basis_name": entry.basis_name,
        "basis_number": entry.basis_number,
        "basis_article": entry.basis_article,
        "basis_text": entry.basis_text,
        "reviewed_by": reviewers.get(entry.approver_id, "") if entry.approver_id else "",
        "reviewed_on": day_of(entry.in_force_at) if entry.in_force_at else None,
        "review_on": entry.review_on,
        "ground": _ground(entry, at),
        "entry_no": entry.entry_no,
    }


def _ground(entry: NegativeEntry, at: datetime) -> Ground:
    if entry.ended_at is not None and entry.ended_at <= at:
        return Ground.LAPSED
    return Ground.REVIEW_DUE if entry.review_on <= day_of(at) else Ground.IN_FORCE


def _head(group: Sequence[Line]) -> dict[str, Any]:
    line = group[0]
    inside = [each.item for each in group if each.item]
    review = _("Published after a review of the own department") if line.is_self_reviewed else None
    return {
        "department": as_text(line.entry.get("provider")) or line.department.name,
        "department_code": line.department.code,
        "code": line.code,
        "title": as_text(line.entry.get("title")),
        "items": [as_text(item.get("name")) for item in inside],
        "item_ids": [as_text(item.get("id")) for item in inside],
        "version": line.version,
        "effective_on": day_of(line.published_at),
        "published_at": line.published_at,
        "review": str(review or _("Reviewed and published")),
    }


@dataclass(frozen=True, slots=True)
class _Sources:
    """What is said of the sources of the items of a line."""

    flag: Sourced | None
    names: str
    basis: str

    @classmethod
    def of(cls, group: Sequence[Line], known: Mapping[str, Sequence[Source]]) -> "_Sources":
        own = group[0].department
        flags: list[Sourced] = []
        names: dict[str, None] = {}
        basis: dict[str, None] = {}
        for line in group:
            element = (line.item or {}).get("element")
            found = [each for each in known.get(element or "", ()) if each.covers(own.area_code)]
            flags.append(_flag(element, found, own.id))
            names |= {each.department: None for each in found}
            basis |= {each.basis: None for each in found if each.department_id == own.id}
        flag = flags[0] if len(set(flags)) == 1 else None
        return cls(flag, "、".join(names), "；".join(basis))


def _flag(element: str | None, found: Sequence[Source], own: UUID) -> Sourced:
    if element is None:
        return Sourced.NO_ELEMENT
    if not found:
        return Sourced.UNNAMED
    return Sourced.SOURCE if own in {each.department_id for each in found} else Sourced.OTHER


def _share_type(group: Sequence[Line]) -> str:
    """That of the item; of an entry the one that asks for most."""
    stated = {as_text((line.item or line.entry).get("share_type")) for line in group}
    return next((word for word in _STRICTEST if word in stated), "")


def _level(group: Sequence[Line]) -> str:
    stated = {
        as_text((line.item or {}).get("security_level") or line.entry.get("security_level"))
        for line in group
    }
    ordered = [word.value for word in SecurityLevel if word.value in stated]
    return as_word(SecurityLevel)(ordered[-1]) if ordered else ""


def _identity(line: Line) -> UUID:
    return UUID((line.item or {})["id"])


def _contact(department: Department) -> str:
    return " ".join(filter(None, (department.sharing_unit, department.sharing_contact)))


def _promise(share_type: str) -> str:
    if share_type == ShareType.WITHHELD:
        return ""
    reply = deadlines().reply(share_type=share_type).working_days
    return str(
        _(
            "Reply within %(reply)s working days, data within %(delivery)s after it",
            reply=reply,
            delivery=deadlines()[Clock.DELIVERY].working_days,
        )
    )


def _assessed(entry: Mapping[str, Any]) -> str:
    parts = (
        as_word(kind)((entry.get(name) or {}).get("conclusion"))
        for name, kind in (
            ("secrecy_assessment", SecrecyConclusion),
            ("privacy_assessment", PrivacyConclusion),
        )
    )
    return "；".join(filter(None, parts))


_STRICTEST: Final = (ShareType.WITHHELD, ShareType.CONDITIONAL, ShareType.UNCONDITIONAL)
_TEXTS: Final = (
    *("reason", "basis_name", "basis_number", "basis_article", "basis_text", "reviewed_by"),
    "entry_no",
)
