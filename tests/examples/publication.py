"""Examples of consent, review and what is published."""

from fixtures.example import RESOURCE, Example, sample

from catalog.publication.schemas import ConsentCreate, ReviewCreate, TakedownCreate

_ENTRY = Example(
    world="published_resource", who="applicant", visibility="all_departments", path=RESOURCE
)

_SELF_REVIEWS = Example(
    world="published_resource", who="reviewer", visibility="owner", forbidden="registrar"
)

EXAMPLES = {
    "self_reviews_list": _SELF_REVIEWS,
    "GET /self-reviews": _SELF_REVIEWS,
    "GET /self-reviews/export": _SELF_REVIEWS,
    "resources_consent": Example(
        world="submitted_resource",
        who="head",
        visibility="owner",
        forbidden="registrar",
        stranger="applicant",
        path=RESOURCE,
        body=sample(ConsentCreate),
        if_match=True,
        event="catalog:resource:consented",
    ),
    "resources_review": Example(
        world="consented_resource",
        who="data_admin",
        visibility="owner",
        forbidden="registrar",
        stranger="applicant",
        path=RESOURCE,
        body=sample(ReviewCreate),
        if_match=True,
        event="catalog:resource:published",
    ),
    "catalog_show": _ENTRY,
    "GET /catalog/{code}": _ENTRY,
    "GET /catalog/{code}/items.{ending}": Example(
        world="published_resource",
        who="applicant",
        visibility="all_departments",
        path={**RESOURCE, "ending": "csv"},
    ),
    "reviews_list": Example(world="consented_resource", who="data_admin", visibility="self"),
    "GET /reviews": Example(world="consented_resource", who="data_admin", visibility="self"),
    "GET /resources/{code}/review": Example(
        world="consented_resource",
        who="data_admin",
        visibility="owner",
        stranger="applicant",
        path=RESOURCE,
    ),
    "POST /catalog/{code}/consents": Example(
        world="submitted_resource",
        who="head",
        visibility="owner",
        forbidden="registrar",
        stranger="applicant",
        path=RESOURCE,
        body={**sample(ConsentCreate), "confirmed": "yes"},
        if_match=True,
        event="catalog:resource:consented",
    ),
    "POST /catalog/{code}/reviews": Example(
        world="consented_resource",
        who="data_admin",
        visibility="owner",
        forbidden="registrar",
        stranger="applicant",
        path=RESOURCE,
        body={**sample(ReviewCreate), "confirmed": "yes"},
        if_match=True,
        event="catalog:resource:published",
    ),
    "resources_take_down": Example(
        world="published_resource",
        who="data_admin",
        visibility="all_departments",
        forbidden="registrar",
        path=RESOURCE,
        body=sample(TakedownCreate),
        if_match=True,
        event="catalog:resource:taken_down",
    ),
    "GET /catalog/{code}/takedown": Example(
        world="published_resource",
        who="data_admin",
        visibility="all_departments",
        forbidden="registrar",
        path=RESOURCE,
    ),
    "POST /catalog/{code}/takedown": Example(
        world="published_resource",
        who="data_admin",
        visibility="all_departments",
        forbidden="registrar",
        path=RESOURCE,
        body=sample(TakedownCreate),
        if_match=True,
        event="catalog:resource:taken_down",
    ),
}
