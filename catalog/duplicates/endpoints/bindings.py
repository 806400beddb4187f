"""HTTP of proposals and of binding."""

from fastapi import APIRouter, Response

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.duplicates.access import BindableResource, BindableResourceSeen, DraftsEditor
from catalog.duplicates.schemas import (
    BindingProposals,
    BindingsWrite,
    DraftsBindingsWrite,
    DraftsBound,
    DraftsProposals,
    EntryBound,
    ItemsBound,
    SimilarEntries,
)
from catalog.duplicates.service import binding
from catalog.duplicates.service import drafts as many
from catalog.duplicates.views import drafts, elsewhere
from catalog.duplicates.views.following import following
from catalog.duplicates.views.proposals import read_model
from catalog.resources.access import ReadableInWork
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["duplicates"], route_class=StrictRoute)


@router.get(
    "/resources/{code}/binding-proposals",
    operation_id="binding_proposals_list",
    summary="List the data elements that the unbound items of an entry are likely to be",
)
def proposals(
    found: BindableResourceSeen, session: ReadSessionDep, response: Response
) -> BindingProposals:
    response.headers["ETag"] = etag(found.object.version)
    return read_model(session, found.object)


@router.post(
    "/resources/{code}/bindings",
    status_code=201,
    operation_id="bindings_make",
    summary="Bind items of an entry to data elements",
)
def bind(
    found: BindableResource,
    body: BindingsWrite,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> ItemsBound:
    resource = found.object
    binding.bind(session, found.subject, resource, body.bindings, version=version)
    response.headers["ETag"] = etag(resource.version)
    now_bound = {each.item for each in body.bindings}
    bound = ItemsBound(
        resource_code=resource.code,
        version=resource.version,
        bound=len(body.bindings),
        filled=[each for each in following(session, resource) if each.item in now_bound],
        **receipt(session),
    )
    return once.keep(bound)


@router.get(
    "/resources/{code}/similar-entries",
    operation_id="similar_entries_list",
    summary="List entries of other departments that seem to hold the same",
)
def similar_entries(found: ReadableInWork, session: ReadSessionDep) -> SimilarEntries:
    return elsewhere.read_model(session, found.subject, found.object)


@router.get(
    "/binding-proposals",
    operation_id="drafts_binding_proposals",
    summary="List the data elements that the unbound items of all drafts are likely to be",
)
def proposals_of_drafts(found: DraftsEditor, session: ReadSessionDep) -> DraftsProposals:
    return drafts.read_model(session, found.subject)


@router.post(
    "/bindings",
    status_code=201,
    operation_id="drafts_bind",
    summary="Bind items of many drafts to data elements",
)
def bind_drafts(
    found: DraftsEditor, body: DraftsBindingsWrite, session: SessionDep, once: OnceDep
) -> DraftsBound:
    bound = many.bind(session, found.subject, body.entries)
    return once.keep(
        DraftsBound(
            bound=sum(count for _row, count in bound),
            entries=[
                EntryBound(resource_code=row.code, version=row.version, bound=count)
                for row, count in bound
            ],
            **receipt(session),
        )
    )
