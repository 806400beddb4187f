"""Reading the trail is itself recorded; a part of it as a file."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import IO, Any, Final
from uuid import UUID

from fastapi import Response
from sqlmodel import Session
from starlette.responses import StreamingResponse

from audit.append import ObjectRef, Recorded, append
from audit.events import Event
from audit.export import export_lines, record_export
from audit.models import AuditEvent
from audit.queries import About, TrailFilter, names
from audit.queries import page as page_of_events
from auth.accounts import repository as accounts
from auth.departments import repository as departments
from server.trail import repository
from server.trail.errors import QueryRefused
from server.trail.repository import Received
from server.trail.schemas import Asked
from shuqiao.clock import BEIJING, now
from shuqiao.db import let_go, reading, unit_of_work
from shuqiao.errors import FieldError
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

MEDIA_TYPE: Final = "application/jsonl"


#: An export is made whole before its first byte leaves; up to here it never touches the disk.
IN_MEMORY_BYTES: Final = 4 * 1_048_576


_CHUNK: Final = 256 * 1_024
_DELIVERIES: Final = "exchange:delivery:*"


def settled(session: Session, asked: Asked, *, pointer: str = "/{key}") -> TrailFilter:
    """What is asked for, with the accounts, department and cases that its names stand for.

    A name that nothing bears is a mistake, since nothing found must mean that nothing happened.
    Raises ``QueryRefused``; ``pointer`` says where a mistake is told. The connection of ``session``
    is given back: what is recorded next has one of its own, never two at once.
    """
    try:
        return _settled(session, asked, pointer)
    finally:
        let_go(session)


def _settled(session: Session, asked: Asked, pointer: str) -> TrailFilter:
    found: dict[str, Any] = {}
    about: list[About] = []
    known: object
    for key, name in asked.names.items():
        match key:
            case "actor":
                found["actor"] = known = _accounts(session, name)
            case "org":
                known = departments.id_of(session, name) or departments.id_named(session, name)
                found["department_id"] = known
            case "resource":
                code = name.replace("-", "/", 1)
                # one that was thrown away lives on in the trail alone
                known = repository.has_resource(session, code) or names(session, code)
                about.append(About(key, code, repository.cases_of_resource(code)))
            case _:
                known = repository.has_grant(session, name)
                about.append(About(key, name, repository.cases_of_grant(name)))
        if not known:
            words = _UNKNOWN[key]
            mistake = FieldError(
                pointer.format(key=key), "unknown_name", words(name[:60]), _FIX[key]
            )
            raise QueryRefused(errors=[mistake])
    without = tuple(_settled(session, each, pointer) for each in asked.without)
    return replace(asked.chosen, **found, about=tuple(about), without=without)


def _accounts(session: Session, name: str) -> str | tuple[str, ...]:
    """The account, or those of all who are called so; what acts by itself has no person."""
    if name.startswith("system:") or accounts.by_account(session, name) is not None:
        return name
    return tuple(accounts.named(session, name))


def _unknown(key: str, name: str, pointer: str) -> QueryRefused:
    words = _UNKNOWN[key](name[:60])
    return QueryRefused(
        errors=[FieldError(pointer.format(key=key), "unknown_name", words, _FIX[key])]
    )


#: What is told of a name that nothing bears, and what to do.
_UNKNOWN: Final[Mapping[str, Callable[[str], Message]]] = {
    "actor": lambda name: _("There is no account and no person “%(name)s”", name=name),
    "org": lambda name: _("There is no department “%(name)s”", name=name),
    "resource": lambda name: _("There is no data resource “%(name)s”", name=name),
    "grant": lambda name: _("There is no share grant “%(name)s”", name=name),
}
_FIX: Final[Mapping[str, Message]] = {
    "actor": _("Write the account, or the person's whole name."),
    "org": _("Write the whole name, or the unified social credit code."),
    "resource": _("Write the code of the entry, as 307001/000001."),
    "grant": _("Write the number, as GR-2026-000001."),
}


def events_on(
    session: Session, chosen: TrailFilter, wanted: PageRequest
) -> tuple[Sequence[AuditEvent], str | None]:
    """One page of events, newest first, and the cursor of the next."""
    after: UUID | None = wanted.after[0] if wanted.after else None
    rows = page_of_events(session, chosen, limit=wanted.limit + 1, after=after)
    return wanted.cut(rows, lambda row: (row.id,))


def record_read(subject: Subject, chosen: TrailFilter, event_id: UUID | None = None) -> Recorded:
    """That the trail was read, by whom and how narrowly, in a short
    transaction of its own: no record, no reading.
    """
    seen = ObjectRef("AuditEvent", str(event_id)) if event_id else ObjectRef("Trail", "trail")
    with unit_of_work() as session:
        return append(
            session,
            subject,
            Event.TRAIL_READ,
            stream=f"trail:{subject.account}",
            obj=seen,
            why={"filter": chosen.to_json()} if not event_id else None,
        )


def received(
    session: Session, subject: Subject, code: str, column: str, wanted: PageRequest
) -> tuple[Sequence[Received], str | None, Recorded]:
    """One page of what was delivered of the data resource ``code``, that it was looked at recorded
    first. Raises ``QueryRefused``.
    """
    asked = Asked(TrailFilter(action=_DELIVERIES, column=column or None), {"resource": code})
    chosen = settled(session, asked)
    recorded = record_read(subject, chosen)
    rows, following = repository.received(session, chosen.about[0].name, column, wanted)
    return rows, following, recorded


def export_file(subject: Subject, chosen: TrailFilter) -> Response:
    """The chosen events as a download.

    It is made whole first: a failure is an error, never a file cut short.
    """
    with unit_of_work() as session:
        recorded = record_export(session, subject, chosen)
    # Closed by the answer.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115
    try:
        with reading() as session:
            for line in export_lines(session, chosen, recorded):
                file.write(line.encode("ascii"))
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    name = f"audit-{now().astimezone(BEIJING):%Y%m%d-%H%M%S}.jsonl"
    headers = {"content-disposition": f'attachment; filename="{name}"', "content-length": str(size)}
    return StreamingResponse(
        _chunks(file), media_type=MEDIA_TYPE, headers={**headers, **recorded.headers}
    )


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
