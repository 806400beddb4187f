"""Demands as programs read them."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.departments import repository as departments
from catalog.demand.models import Demand, DemandAnswer, DemandVoice
from catalog.demand.repository import cases
from catalog.demand.schemas import (
    AnswerRead,
    CandidateRead,
    CandidatesRead,
    DemandRead,
    DemandShown,
    SimilarRead,
    VoiceRead,
    WantedRead,
)
from catalog.demand.service.aiming import withheld_by
from catalog.demand.service.candidates import candidates, similar
from catalog.elements import repository as elements
from shuqiao.desk import clocks
from shuqiao.subject import Subject

_PLAIN: Final = {
    *("demand_no", "title", "status", "is_urgent", "until", "version", "filed_at"),
}
_DETAILS: Final = {
    *("need", "basis_kind", "basis_document", "basis_article", "duty_no", "matter", "scenario"),
    *("scope", "share_way", "update_cycle", "collect_by", "unmet_reason", "end_note"),
    *("delivery_no", "ended_at"),
}


def read_models(session: Session, rows: Sequence[Demand]) -> list[DemandRead]:
    """Demands without what was said."""
    homes = {each for row in rows for each in (row.consumer_id, row.provider_id) if each}
    names = departments.names(session, homes)
    entries = cases.codes(session, {row.resource_id for row in rows if row.resource_id})
    running = clocks.clocks_of_all(session, {row.demand_no for row in rows})
    return [
        DemandRead(
            **row.model_dump(include=_PLAIN),
            status_label=str(row.status.label),
            consumer=names[row.consumer_id],
            provider=names[row.provider_id] if row.provider_id else None,
            voices=len(row.voice_ids),
            entry=entries[row.resource_id][0] if row.resource_id else None,
            due_on=next((c.due_on for c in running[row.demand_no] if not c.closed_on), None),
        )
        for row in rows
    ]


def read_model(session: Session, demand: Demand) -> DemandShown:
    """A demand with its wants, voices and answers."""
    (shown,) = read_models(session, [demand])
    aimed = cases.item_named(session, demand.item_id) if demand.item_id else None
    proposed = {demand.proposed_id} if demand.proposed_id else set()
    return DemandShown(
        **dict(shown),
        **demand.model_dump(include=_DETAILS),
        wanted=_wanted(session, demand),
        proposed=next(iter(departments.names(session, proposed).values()), None),
        responsible=accounts.user_name(session, demand.filer_id),
        withheld_item=f"{aimed[1].code} {aimed[0].name}" if aimed else None,
        withheld_by=withheld_by(session, demand),
        heard=_voices(session, cases.voices_of(session, demand.id)),
        answers=_answers(session, cases.answers_of(session, demand.id)),
        into=cases.by_id(session, demand.into_id).demand_no if demand.into_id else None,
        merged=cases.merged_into(session, demand.id),
    )


def read_candidates(session: Session, subject: Subject, demand: Demand) -> CandidatesRead:
    """What may serve it, and what may be merged, in the reader's language."""
    alike = similar(session, subject, demand)
    names = departments.names(session, {each.demand.consumer_id for each in alike})
    return CandidatesRead(
        candidates=[
            CandidateRead(
                kind=each.kind,
                name=each.name,
                title=each.title,
                department=each.department,
                score=each.score,
                is_withheld=each.is_withheld,
                why=[str(word) for word in each.why],
            )
            for each in candidates(session, subject, demand)
        ],
        similar=[
            SimilarRead(
                demand_no=each.demand.demand_no,
                title=each.demand.title,
                consumer=names[each.demand.consumer_id],
                status=each.demand.status,
                score=each.score,
                why=[str(word) for word in each.why],
            )
            for each in alike
        ],
    )


def _wanted(session: Session, demand: Demand) -> list[WantedRead]:
    items = cases.items_of(session, [demand.id])
    ids = {each.element_id for each in items if each.element_id}
    identifiers = elements.identifiers_by_id(session, ids)
    return [
        WantedRead(
            name=each.name,
            definition=each.definition,
            element=identifiers[each.element_id] if each.element_id else None,
            why=each.why,
        )
        for each in items
    ]


def _voices(session: Session, rows: Sequence[DemandVoice]) -> list[VoiceRead]:
    names = departments.names(session, {each.department_id for each in rows})
    hidden = {"demand_id", "filed_as_id", "department_id", "speaker_id"}
    return [
        VoiceRead(department=names[each.department_id], **each.model_dump(exclude=hidden))
        for each in rows
    ]


def _answers(session: Session, rows: Sequence[DemandAnswer]) -> list[AnswerRead]:
    homes: set[UUID] = {each.department_id for each in rows}
    homes |= {each.suggested_id for each in rows if each.suggested_id}
    names = departments.names(session, homes)
    people = accounts.user_names(session, {each.answerer_id for each in rows})
    entries = cases.codes(session, {each.resource_id for each in rows if each.resource_id})
    plain = {
        *("kind", "reason", "collect_by", "legal_kind", "legal_document", "legal_number"),
        *("legal_article", "negative_no", "answered_at", "due_on"),
    }
    return [
        AnswerRead(
            **each.model_dump(include=plain),
            kind_label=str(each.kind.label),
            department=names[each.department_id],
            entry=entries[each.resource_id][0] if each.resource_id else None,
            suggested=names[each.suggested_id] if each.suggested_id else None,
            answered_by=people[each.answerer_id],
        )
        for each in rows
    ]
