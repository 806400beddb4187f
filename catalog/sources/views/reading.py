"""Sources as programs read them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import Session

from auth.areas import repository as areas
from auth.areas.words import NATION
from auth.departments import repository as departments
from auth.departments.models import Department
from catalog.elements import repository as elements
from catalog.elements.models import DataElement
from catalog.sources import repository
from catalog.sources.models import ObjectScope, SourceClaim
from catalog.sources.schemas import (
    ClaimRead,
    ClaimShown,
    CountersignRead,
    Coverage,
    CoverageRead,
    ElementSource,
    ExceptionRead,
    HoldingRead,
    ScopeRead,
)
from catalog.sources.service import judging
from shuqiao.desk import clocks
from shuqiao.i18n import _

_PLAIN = {
    *("claim_no", "element_name", "area_code", "document", "article", "collected_by"),
    *("is_upper", "is_by_administration", "is_rival", "status", "ground", "reason"),
    *("is_self_reviewed", "confirmed_on", "ended_on", "end_reason", "version", "created_at"),
}


def read_models(session: Session, claims: Sequence[SourceClaim]) -> list[ClaimRead]:
    """Claims without their parts."""
    places = area_names(session, {claim.area_code for claim in claims})
    known: Mapping[UUID, Department] = {
        each.id: each
        for each in departments.of_ids(session, {claim.department_id for claim in claims})
    }
    names = elements.identifiers_by_id(session, {claim.element_id for claim in claims})
    scopes = repository.scope_names(session, {c.scope_id for c in claims if c.scope_id})
    duties = repository.duty_numbers(session, {c.duty_id for c in claims if c.duty_id})
    replaced = repository.numbers(session, {c.replaces_id for c in claims if c.replaces_id})
    running = clocks.clocks_of_all(session, {claim.claim_no for claim in claims})
    return [
        ClaimRead(
            **claim.model_dump(include=_PLAIN),
            element=names[claim.element_id],
            department=known[claim.department_id].name,
            department_code=known[claim.department_id].code,
            scope=scopes[claim.scope_id] if claim.scope_id else None,
            area=places[claim.area_code],
            duty_no=duties[claim.duty_id] if claim.duty_id else None,
            replaces=replaced[claim.replaces_id] if claim.replaces_id else None,
            status_label=str(claim.status.label),
            due_on=next(
                (c.due_on for c in running.get(claim.claim_no, ()) if c.closed_on is None), None
            ),
        )
        for claim in claims
    ]


def read_model(session: Session, claim: SourceClaim) -> ClaimShown:
    """A claim with its countersignings and exceptions."""
    (shown,) = read_models(session, [claim])
    return ClaimShown(
        **dict(shown),
        countersigns=countersigns(session, claim),
        exceptions=exceptions(session, claim),
        decides=judging.decides(session, claim),
        is_elsewhere=claim.is_elsewhere,
    )


def countersigns(session: Session, claim: SourceClaim) -> list[CountersignRead]:
    signs = repository.countersigns(session, claim.id)
    names = departments.names(session, {sign.department_id for sign in signs})
    running = clocks.clocks_of_all(session, {sign.countersign_no for sign in signs})
    return [
        CountersignRead(
            **sign.model_dump(include={"countersign_no", "status", "reason"}),
            **sign.model_dump(include={"asked_at", "signed_at"}),
            department=names[sign.department_id],
            status_label=str(sign.status.label),
            due_on=next((c.due_on for c in running.get(sign.countersign_no, ())), None),
        )
        for sign in signs
    ]


def exceptions(session: Session, claim: SourceClaim) -> list[ExceptionRead]:
    rows = repository.exceptions(session, [claim.id])
    places = area_names(session, {row.area_code for row in rows})
    return [
        ExceptionRead(
            area=places[row.area_code],
            **row.model_dump(include={"area_code", "reason", "recorded_at"}),
        )
        for row in rows
    ]


def area_names(session: Session, codes: set[str]) -> Mapping[str, str]:
    """Names of areas by code; of one that is not registered its digits."""
    known = areas.of_codes(session, codes)
    whole = {NATION: str(_("The whole country"))}
    return {code: known[code].name if code in known else whole.get(code, code) for code in codes}


def scope_read(scope: ObjectScope) -> ScopeRead:
    assert scope.number is not None, "the database gives each a number"
    told = scope.model_dump(include={"name", "belongs", "ended_on"})
    return ScopeRead(number=scope.number, **told)


def element_source(session: Session, element: DataElement) -> ElementSource:
    """All that is said of the source of one element."""
    sources = repository.confirmed(session, [element.id])
    named = {claim.department_id for claim in sources}
    return ElementSource(
        identifier=element.identifier,
        name=element.name,
        sourcing=element.sourcing,
        sourcing_label=str(element.sourcing.label),
        derivation=element.derivation,
        scopes=[scope_read(scope) for scope in repository.scopes(session, element.id)],
        sources=read_models(session, sources),
        open_claims=read_models(session, repository.open_claims(session, [element.id])),
        holdings=[
            HoldingRead(
                department=department.name,
                department_code=department.code,
                entries=entries,
                items=items,
                copied=copied,
                processed=processed,
                taken_from=list(taken_from),
                is_source=department.id in named,
            )
            for department, entries, items, copied, processed, taken_from in (
                repository.holdings(session, element.id)
            )
        ],
    )


def coverage(session: Session) -> Coverage:
    """How many elements that need a source and are in use have one."""
    *rows, whole = [
        CoverageRead(
            department=name,
            department_code=code,
            elements=elements_held,
            with_source=covered,
            as_source=own,
            share=round(100 * covered / elements_held, 1) if elements_held else None,
        )
        for name, code, elements_held, covered, own in repository.coverage(session)
    ]
    return Coverage(total=whole, departments=rows)


def names_of_sources(session: Session, rows: Sequence[DataElement]) -> Mapping[str, str]:
    """Names of the departments that are a source, by identifier of the element."""
    by_id = {element.id: element.identifier for element in rows}
    claims = repository.confirmed(session, list(by_id)) if by_id else ()
    known = departments.names(session, {claim.department_id for claim in claims})
    found: dict[str, dict[str, None]] = {}
    for claim in claims:
        found.setdefault(by_id[claim.element_id], {})[known[claim.department_id]] = None
    return {identifier: "、".join(names) for identifier, names in found.items()}
