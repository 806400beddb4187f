"""Pages of value domains: the lists there are, one with its editions, the codes of an edition,
importing the next one.
"""

from typing import Annotated

from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from auth.guard import is_allowed
from auth.once import OnceDep
from catalog.domains import repository, service
from catalog.domains.access import DOMAINS, EditionNumber, Importer, ReadableDomain, Reader
from catalog.domains.checks import Findings
from catalog.domains.errors import DefectiveList
from catalog.domains.forms import read_list
from catalog.domains.models import ValueDomain
from catalog.domains.schemas import DomainCodeRead, DomainCreate, DomainVersionRead, EditionWrite
from catalog.domains.views import (
    LABELS,
    DifferencesPage,
    DomainPage,
    DomainsPage,
    EditionPage,
    ImportPage,
    differences_page,
    kinds,
    read_models,
    shown,
)
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import Invalid, NotFound
from shuqiao.i18n import _
from shuqiao.subject import Subject
from shuqiao.texts import INT4_MAX
from shuqiao.web.bodies import NO_FILE
from shuqiao.web.engine import show
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep, PageRequest

router = PageRouter()

Number = Annotated[int, Query(ge=1, le=INT4_MAX)]


def domains_page(
    session: Session, subject: Subject, form: Form, wanted: PageRequest | None = None
) -> DomainsPage:
    wanted = wanted or PageRequest()
    rows, following = repository.page(session, wanted)
    return DomainsPage(
        form=form,
        labels=LABELS,
        domains=read_models(session, rows),
        next_href=wanted.href(following) if following else "",
        may_import=is_allowed(subject, Action.DOMAIN_IMPORT, DOMAINS),
    )


def import_page(
    session: Session,
    identifier: str,
    form: Form,
    findings: Findings | None = None,
    reported: str = "",
) -> ImportPage:
    domain = _found(session, identifier)
    (read,) = read_models(session, [domain])
    defects = findings.defects if findings else ()
    return ImportPage(
        form=form,
        labels=LABELS,
        domain=read,
        findings=findings,
        reported=reported,
        asked=[each for each in defects if each.may_be_acknowledged],
    )


@router.page("/domains")
def index(subject: Reader, session: ReadSessionDep, wanted: PageDep) -> DomainsPage:
    """The value domains there are, each with the edition that is in force."""
    return domains_page(session, subject, Form(), wanted)


@router.form("/domains", again=domains_page)
def create(subject: Importer, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    domain = service.create(session, subject, form.parse(DomainCreate))
    return once.go_to(f"/domains/{domain.identifier}/import")


@router.page("/domains/{identifier}")
def one(
    domain: ReadableDomain,
    subject: Reader,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=10)] = "",
) -> DomainPage:
    """A domain with its editions, the newest first."""
    may_import = is_allowed(subject, Action.DOMAIN_IMPORT, DOMAINS)
    return DomainPage(shown=shown(session, domain), may_import=may_import, done=done)


@router.page("/domains/{identifier}/editions/{number}")
def edition(
    domain: ReadableDomain,
    number: EditionNumber,
    session: ReadSessionDep,
    wanted: PageDep,
    q: Annotated[str, Query(max_length=100)] = "",
) -> EditionPage:
    """The codes of one edition; those that a search finds."""
    version = service.edition_of(session, domain, number=number)
    rows, following = repository.codes_page(session, version.id, wanted, q=q.strip())
    (read,) = read_models(session, [domain])
    return EditionPage(
        domain=read,
        edition=DomainVersionRead.of(version),
        codes=[DomainCodeRead.of(row) for row in rows],
        kinds=kinds(),
        q=q,
        next_href=wanted.href(following) if following else "",
        has_validity=any(row.valid_from or row.valid_until or row.is_revoked for row in rows),
        has_parents=any(row.parent_code for row in rows),
    )


@router.page("/domains/{identifier}/differences")
def differences(
    domain: ReadableDomain, session: ReadSessionDep, before: Number, after: Number
) -> DifferencesPage:
    """What changed from one edition to another."""
    return differences_page(session, domain, before, after)


@router.page("/domains/{identifier}/import")
def importing(identifier: str, subject: Importer, session: ReadSessionDep) -> ImportPage:
    """The form that imports an edition."""
    return import_page(session, identifier, Form())


@router.form("/domains/{identifier}/editions/files", again=import_page)
def import_edition(
    request: Request,
    identifier: str,
    subject: Importer,
    session: SessionDep,
    form: FormDep,
    once: OnceDep,
) -> Response:
    """Import an edition, or show what is wrong with its list."""
    body = form.parse(EditionWrite)
    sent = form.files.get("file")
    if sent is None:
        raise Invalid(errors=[NO_FILE])
    read = read_list(sent, body)  # decoding holds no connection
    try:
        accepted = service.judge(read.findings, body, read.sha256)
    except DefectiveList as refused:  # nothing was written: the report stands in place of the form
        again = form.flawed(
            "file", _("The list is defective: see the report, and choose the file again")
        )
        found = import_page(session, identifier, again, read.findings, read.sha256)
        return show(request, found, status=refused.status)
    once.take(service.fingerprint(body, read.sha256))
    domain = service.locked(session, identifier)
    made = service.add_edition(session, subject, domain, body, read.listed, accepted)
    return once.go_to(f"/domains/{identifier}?done={made.number}")


def _found(session: Session, identifier: str) -> ValueDomain:
    found = repository.by_identifier(session, identifier)
    if found is None:
        raise NotFound
    return found
