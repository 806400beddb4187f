"""HTTP of working copies, and of taking back and throwing away what is not published."""

from fastapi import APIRouter, Response
from sqlmodel import Session

from audit.receipts import receipt
from auth.guard import Authorized
from auth.once import OnceDep
from catalog.copies import service
from catalog.copies.access import (
    ChangeableEntry,
    DiscardableCopy,
    ReadableCopy,
    RecallableInWork,
)
from catalog.copies.schemas import Discarded
from catalog.registration import service as registration
from catalog.registration.schemas import ResourceChanged, ResourceShown
from catalog.resources.models import DataResource
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["resources"], route_class=StrictRoute)


@router.post(
    "/resources/{code}/working-copy",
    status_code=201,
    operation_id="resources_change",
    summary="Open a working copy of a published entry",
)
def change(
    found: ChangeableEntry,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> ResourceChanged:
    copy = service.open_copy(session, found.subject, found.object, version)
    response.headers["Location"] = service.address(copy)
    return once.keep(_changed(session, Authorized(found.subject, copy), response))


@router.get(
    "/resources/{code}/working-copy",
    operation_id="resources_show_working_copy",
    summary="Show the working copy of a published entry",
)
def show(found: ReadableCopy, session: ReadSessionDep, response: Response) -> ResourceShown:
    response.headers["ETag"] = etag(found.object.version)
    return registration.shown(session, found.subject, found.object)


@router.delete(
    "/resources/{code}/working-copy",
    operation_id="resources_discard_working_copy",
    summary="Throw a working copy away",
)
def discard_copy(found: DiscardableCopy, session: SessionDep, version: IfMatchDep) -> Discarded:
    return _discarded(session, found, version)


@router.delete(
    "/resources/{code}",
    operation_id="resources_discard",
    summary="Delete a draft that was never published",
)
def discard(found: ChangeableEntry, session: SessionDep, version: IfMatchDep) -> Discarded:
    return _discarded(session, found, version)


@router.post(
    "/resources/{code}/recalls",
    status_code=201,
    operation_id="resources_recall",
    summary="Take a submission back",
)
def recall(
    found: RecallableInWork,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> ResourceChanged:
    service.recall(session, found.subject, found.object, version)
    return once.keep(_changed(session, found, response))


def _changed(
    session: Session, found: Authorized[DataResource], response: Response
) -> ResourceChanged:
    response.headers["ETag"] = etag(found.object.version)
    shown = registration.shown(session, found.subject, found.object)
    return ResourceChanged(**dict(shown), **receipt(session))


def _discarded(session: Session, found: Authorized[DataResource], version: int) -> Discarded:
    code, is_published = found.object.code, found.object.copy_of is not None
    service.throw_away(session, found.subject, found.object, version)
    return Discarded(code=code, is_published=is_published, **receipt(session))
