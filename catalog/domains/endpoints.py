"""HTTP of value domains: their editions, the codes of each, and importing one."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.domains import repository, service
from catalog.domains.access import Importer, ReadableDomain, Reader
from catalog.domains.forms import read_list
from catalog.domains.schemas import (
    DomainCodeRead,
    DomainCreate,
    DomainCreated,
    DomainDifferences,
    DomainImported,
    DomainRead,
    DomainShown,
    DomainVersionRead,
    EditionWrite,
)
from catalog.domains.views import read_models, shown
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.texts import INT4_MAX
from shuqiao.web.bodies import FILE_BODY, FileDep
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["domains"], route_class=StrictRoute)

Number = Annotated[int, Query(ge=1, le=INT4_MAX, description="Number of an edition.")]
Day = Annotated[
    date | None,
    Query(description="The edition of this day, instead of today's.", examples=["2026-02-11"]),
]


@router.post(
    "/domains", status_code=201, operation_id="domains_create", summary="Make a value domain"
)
def create(
    subject: Importer, body: DomainCreate, session: SessionDep, once: OnceDep, response: Response
) -> DomainCreated:
    domain = service.create(session, subject, body)
    response.headers["Location"] = f"/api/v1/domains/{domain.identifier}"
    (made,) = read_models(session, [domain])
    return once.keep(DomainCreated(**dict(made), **receipt(session)))


@router.get("/domains", operation_id="domains_list", summary="List value domains")
def list_domains(subject: Reader, session: ReadSessionDep, wanted: PageDep) -> Page[DomainRead]:
    rows, following = repository.page(session, wanted)
    return Page(items=read_models(session, rows), next=following)


@router.get(
    "/domains/{identifier}",
    operation_id="domains_show",
    summary="Show a value domain with its editions",
)
def show(domain: ReadableDomain, session: ReadSessionDep) -> DomainShown:
    return shown(session, domain)


@router.get(
    "/domains/{identifier}/codes",
    operation_id="domains_codes",
    summary="Look codes up in an edition, or as of a day",
)
def codes(
    domain: ReadableDomain,
    session: ReadSessionDep,
    wanted: PageDep,
    edition: Number | None = None,
    on: Day = None,
    code: Annotated[
        str, Query(max_length=100, description="This code only.", examples=["410307"])
    ] = "",
    q: Annotated[
        str,
        Query(
            max_length=100, description="Begins a code, or stands in its label.", examples=["洛龙"]
        ),
    ] = "",
) -> Page[DomainCodeRead]:
    version = service.edition_of(session, domain, number=edition, on=on)
    rows, following = repository.codes_page(session, version.id, wanted, q=q, code=code)
    return Page(items=[DomainCodeRead.of(row) for row in rows], next=following)


@router.get(
    "/domains/{identifier}/differences",
    operation_id="domains_differences",
    summary="What changed between two editions",
)
def differences(
    domain: ReadableDomain,
    session: ReadSessionDep,
    before: Annotated[Number, Query(examples=[1])],
    after: Annotated[Number, Query(examples=[2])],
) -> DomainDifferences:
    return service.differences(session, domain, before, after)


@router.post(
    "/domains/{identifier}/editions/files",
    status_code=201,
    operation_id="domains_import",
    summary="Import an edition from a file",
    openapi_extra=FILE_BODY,
)
def import_edition(
    identifier: str,
    subject: Importer,
    edition: Annotated[EditionWrite, Query()],
    file: FileDep,
    once: OnceDep,
    session: SessionDep,
) -> DomainImported:
    read = read_list(file, edition)  # decoding holds no connection
    accepted = service.judge(read.findings, edition, read.sha256)
    once.take(service.fingerprint(edition, read.sha256))
    domain = service.locked(session, identifier)
    made = service.add_edition(session, subject, domain, edition, read.listed, accepted)
    shown = DomainVersionRead.of(made)
    return once.keep(DomainImported(**dict(shown), **receipt(session)))
