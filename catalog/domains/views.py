"""What is shown of value domains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from catalog.domains import repository, service
from catalog.domains.checks import Defect, Findings
from catalog.domains.models import ValueDomain
from catalog.domains.schemas import (
    DomainCodeRead,
    DomainDifferences,
    DomainRead,
    DomainShown,
    DomainVersionRead,
)
from catalog.domains.words import DefectKind
from shuqiao.clock import today
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form
from shuqiao.web.page import Page

LABELS: Final[Mapping[str, Message]] = {
    "name": _("Name of the value domain"),
    "name_en": _("English name"),
    "standard_no": _("Number of the standard"),
    "owner": _("Keeper of the list (credit code)"),
    "label": _("Name of the edition"),
    "source": _("Where the list was published"),
    "in_force_from": _("In force from"),
    "in_force_until": _("No longer in force from"),
    "file": _("File of the list"),
    "code_column": _("Column of the code"),
    "label_column": _("Column of the label"),
    "parent_column": _("Column of the code above"),
    "from_column": _("Column of the first valid day"),
    "until_column": _("Column of the first day without"),
    "revoked_column": _("Column of what was given up"),
    "reported": _("File that was reported"),
    **{kind.value: kind.label for kind in DefectKind},
}


@dataclass(frozen=True, slots=True)
class DomainsPage(Page):
    """All domains, and the form that makes one."""

    template = "domains/list.html"
    form: Form
    labels: Mapping[str, Message]
    domains: Sequence[DomainRead]
    next_href: str
    may_import: bool


@dataclass(frozen=True, slots=True)
class DomainPage(Page):
    """One domain with its editions."""

    template = "domains/show.html"
    shown: DomainShown
    may_import: bool
    done: str


@dataclass(frozen=True, slots=True)
class EditionPage(Page):
    """The codes of one edition, searched."""

    template = "domains/edition.html"
    domain: DomainRead
    edition: DomainVersionRead
    codes: Sequence[DomainCodeRead]
    kinds: Mapping[str, Message]
    q: str
    next_href: str
    has_validity: bool
    has_parents: bool


@dataclass(frozen=True, slots=True)
class DifferencesPage(Page):
    """What changed between two editions."""

    template = "domains/differences.html"
    domain: DomainShown
    found: DomainDifferences
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class ImportPage(Page):
    """The form that imports an edition, and what was found wrong with the list that was sent."""

    template = "domains/import.html"
    form: Form
    labels: Mapping[str, Message]
    domain: DomainRead
    findings: Findings | None
    reported: str
    #: The defects for which a reason can be given.
    asked: Sequence[Defect]


def read_models(session: Session, domains: Sequence[ValueDomain]) -> list[DomainRead]:
    """Domains as the API and the pages show them."""
    current = repository.in_force(session, [each.id for each in domains], today())
    owners = repository.department_names(session, {d.owner_id for d in domains if d.owner_id})
    return [
        DomainRead(
            **each.model_dump(include={"identifier", "name", "name_en", "standard_no"}),
            owner=owners.get(each.owner_id) if each.owner_id else None,
            current=DomainVersionRead.of(found) if (found := current.get(each.id)) else None,
        )
        for each in domains
    ]


def shown(session: Session, domain: ValueDomain) -> DomainShown:
    """A domain with its editions."""
    (read,) = read_models(session, [domain])
    editions = [DomainVersionRead.of(row) for row in repository.versions(session, domain.id)]
    return DomainShown(**dict(read), editions=editions)


def differences_page(
    session: Session, domain: ValueDomain, before: int, after: int
) -> DifferencesPage:
    """Raises ``NotFound``."""
    found = service.differences(session, domain, before, after)
    whole = shown(session, domain)
    names = {each.number: each.label for each in whole.editions}
    return DifferencesPage(domain=whole, found=found, names=names)


def kinds() -> Mapping[str, Any]:
    """What each kind of defect is called."""
    return {kind.value: kind.label for kind in DefectKind}
