"""Making a domain, and importing an edition of it: whole, or not at all."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import pyarrow as pa
from sqlmodel import Session

from audit.append import append
from audit.events import Event
from catalog.domains import checks, repository
from catalog.domains.checks import Findings
from catalog.domains.errors import DefectiveList, DomainExists, ValueDomainExists
from catalog.domains.models import DomainVersion, ValueDomain
from catalog.domains.schemas import (
    CodeDifference,
    DomainCreate,
    DomainDifferences,
    EditionWrite,
)
from shuqiao.clock import today
from shuqiao.db import insert_once
from shuqiao.errors import FieldError, Invalid, NotFound
from shuqiao.i18n import _
from shuqiao.subject import Subject

#: Codes of a comparison that are named.
DIFFERENCES_NAMED: Final = 1_000


def create(session: Session, subject: Subject, body: DomainCreate) -> ValueDomain:
    """Make a domain without editions. Raises ``DomainExists``, ``Invalid``."""
    owner = None
    if body.owner is not None:
        owner = repository.department_by_code(session, body.owner)
        if owner is None:
            fix = _("Use the unified social credit code of a registered department.")
            raise Invalid(errors=[FieldError("/owner", "unknown", _("No such department"), fix)])
    if repository.by_name(session, body.name) is not None:
        raise DomainExists
    domain = ValueDomain(
        identifier=repository.next_identifier(session),
        owner_id=owner.id if owner else None,
        **body.model_dump(exclude={"owner"}),
    )
    insert_once(session, domain, DomainExists())
    append(
        session,
        subject,
        Event.DOMAIN_CREATED,
        stream=domain.identifier,
        obj=domain.audit_ref(),
        why={"standard_no": domain.standard_no},
    )
    return domain


def judge(findings: Findings, edition: EditionWrite, sha256: str) -> dict[str, Any]:
    """What was acknowledged of a list: kind → count and reason.

    Raises ``DefectiveList`` unless every defect is acknowledged, each with a reason, for this file.
    """
    is_reported = edition.reported == sha256
    left = tuple(
        each
        for each in findings.defects
        if not (each.may_be_acknowledged and is_reported and edition.reason(each.kind))
    )
    if left:
        raise DefectiveList(errors=checks.said(left))
    if not findings.rows:
        fix = _("Choose the file that holds the codes.")
        raise Invalid(errors=[FieldError("/file", "empty", _("The list has no codes"), fix)])
    return {
        each.kind.value: {"count": each.count, "reason": edition.reason(each.kind)}
        for each in findings.defects
    }


def add_edition(
    session: Session,
    subject: Subject,
    domain: ValueDomain,
    edition: EditionWrite,
    listed: pa.Table,
    acknowledged: Mapping[str, Any],
) -> DomainVersion:
    """Import an edition of ``domain`` (locked). The one in force before ends as it begins; one of
    earlier days ends as the next begins.

    Raises ``ValueDomainExists``, ``Invalid``.
    """
    others = repository.versions(session, domain.id)
    if any(other.label == edition.label for other in others):
        raise ValueDomainExists
    until = _until(edition, others)
    kept = checks.without_repeated(listed)
    number = max((other.number for other in others), default=0) + 1
    made = DomainVersion(
        domain_id=domain.id,
        reference=f"{domain.identifier}#{number}",
        number=number,
        label=edition.label,
        source=edition.source,
        in_force_from=edition.in_force_from,
        in_force_until=until,
        digest=checks.digest(kept),
        code_count=kept.num_rows,
        acknowledged=dict(acknowledged),
    )
    for other in others:
        if other.in_force_until is None and other.in_force_from <= made.in_force_from:
            _end(session, subject, domain, other, made.in_force_from)
    session.add(made)
    session.flush()
    repository.add_entries(session, made.id, kept)
    domain.version += 1
    append(
        session,
        subject,
        Event.DOMAIN_IMPORTED,
        stream=domain.identifier,
        obj=made.audit_ref(),
        why={
            "edition": made.label,
            "source": made.source,
            "codes": made.code_count,
            "digest": made.digest,
            "in_force_from": made.in_force_from,
            "acknowledged": made.acknowledged,
        },
    )
    return made


def differences(
    session: Session, domain: ValueDomain, before: int, after: int
) -> DomainDifferences:
    """What changed between two editions. Raises ``NotFound``."""
    one = repository.version(session, domain.id, before)
    other = repository.version(session, domain.id, after)
    if one is None or other is None:
        raise NotFound
    found = repository.differences(session, one.id, other.id)
    added = sum(each["before"] is None for each in found)
    removed = sum(each["after"] is None for each in found)
    return DomainDifferences(
        before=before,
        after=after,
        added=added,
        removed=removed,
        renamed=len(found) - added - removed,
        codes=[CodeDifference(**each) for each in found[:DIFFERENCES_NAMED]],
    )


def edition_of(
    session: Session, domain: ValueDomain, *, number: int | None = None, on: date | None = None
) -> DomainVersion:
    """The edition of this number, else that of the day, today without one. Raises ``NotFound``."""
    if number is not None:
        found = repository.version(session, domain.id, number)
    else:
        found = repository.in_force(session, [domain.id], on or today()).get(domain.id)
    if found is None:
        raise NotFound(_("The domain has no such edition"))
    return found


def locked(session: Session, identifier: str) -> ValueDomain:
    """The domain; its editions change one by one. Raises ``NotFound``."""
    found = repository.by_identifier(session, identifier, lock=True)
    if found is None:
        raise NotFound
    return found


def fingerprint(edition: EditionWrite, sha256: str) -> bytes:
    """What makes two imports the same."""
    return hashlib.sha256(f"{edition.model_dump_json()}{sha256}".encode()).digest()


def _until(edition: EditionWrite, others: Sequence[DomainVersion]) -> date | None:
    """The day on which the edition ends. Raises ``Invalid`` where its days are those of others."""
    begin, end = edition.in_force_from, edition.in_force_until
    if end is not None and end <= begin:
        detail = _("The edition ends before it begins")
        fix = _("Give the first day on which it is no longer in force.")
        raise Invalid(errors=[FieldError("/in_force_until", "ends_early", detail, fix)])
    if end is None:
        end = min((o.in_force_from for o in others if o.in_force_from > begin), default=None)
    for other in others:
        ends_by_itself = other.in_force_until is None and other.in_force_from <= begin
        ends = begin if ends_by_itself else other.in_force_until
        if (end is None or other.in_force_from < end) and (ends is None or begin < ends):
            detail = _("Edition “%(label)s” is in force on these days", label=other.label)
            fix = _("Give days on which no other edition is in force.")
            raise Invalid(errors=[FieldError("/in_force_from", "overlaps", detail, fix)])
    return end


def _end(
    session: Session, subject: Subject, domain: ValueDomain, version: DomainVersion, on: date
) -> None:
    version.in_force_until = on
    session.flush()
    append(
        session,
        subject,
        Event.DOMAIN_ENDED,
        stream=domain.identifier,
        obj=version.audit_ref(),
        why={"edition": version.label, "in_force_until": on},
    )
