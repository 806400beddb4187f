"""Examples of registering data resources."""

from fixtures.example import ATTACHMENT, RESOURCE, Example, sample

from catalog.resources.schemas import ClassChoice, ResourceCreate, ResourceUpdate

_CSV = "代码,名称\n0101,一小\n".encode()
_TABLE = {"alias": "edu", "schema_name": "public", "table_name": "school"}
_SECTION = {**RESOURCE, "section": "basic"}

_SUBMIT = Example(
    world="stored_resource",
    who="registrar",
    visibility="owner",
    forbidden="head",
    stranger="applicant",
    path=RESOURCE,
    if_match=True,
    event="catalog:resource:submitted",
)
_CHOOSE_CLASS = Example(
    world="draft_resource",
    who="registrar",
    visibility="owner",
    forbidden="head",
    stranger="applicant",
    path=RESOURCE,
    body=sample(ClassChoice),
    if_match=True,
    event="catalog:resource:class_chosen",
)
_SECTION_PAGE = Example(
    world="draft_resource",
    who="registrar",
    visibility="owner",
    forbidden="head",
    stranger="applicant",
    path=_SECTION,
)

EXAMPLES = {
    "resources_register": Example(
        world="accounts",
        who="registrar",
        visibility="owner",
        forbidden="applicant",
        body=sample(ResourceCreate),
        event="catalog:resource:registered",
    ),
    "resources_list": Example(
        world="published_resource", who="registrar", visibility="all_departments"
    ),
    "resources_show": Example(
        world="draft_resource",
        who="registrar",
        visibility="owner",
        stranger="applicant",
        path=RESOURCE,
    ),
    "resources_edit": Example(
        world="draft_resource",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=RESOURCE,
        body=sample(ResourceUpdate),
        if_match=True,
        event="catalog:resource:edited",
    ),
    "resources_choose_class": _CHOOSE_CLASS,
    "GET /resources/{code}/class": Example(
        world="draft_resource",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=RESOURCE,
    ),
    "POST /resources/{code}/class": _CHOOSE_CLASS,
    "resources_submit": _SUBMIT,
    "POST /resources/{code}/submissions": _SUBMIT,
    "GET /resources/{code}/edit/connection": Example(
        world="connected",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=RESOURCE,
        query=_TABLE,
    ),
    "POST /resources/{code}/edit/connection/test": Example(
        world="connected",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=RESOURCE,
        body={"alias": "edu"},
        event="catalog:connection:tested",
    ),
    "POST /resources/{code}/edit/connection": Example(
        world="connected",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=RESOURCE,
        body={**_TABLE, "is_live": "true"},
        event="catalog:resource:attached",
    ),
    "GET /resources/{code}/edit/data": Example(
        world="attached_resource",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=RESOURCE,
    ),
    "POST /resources/{code}/attachments": Example(
        world="draft_resource",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=RESOURCE,
        files={"file": ("学校.csv", _CSV, "text/csv")},
        event="catalog:resource:attached",
    ),
    "POST /resources/{code}/attachments/{attachment_id}/readings": Example(
        world="attached_resource",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=ATTACHMENT,
        body={"header_row": "1"},
        event="catalog:resource:attached",
    ),
    "POST /resources/{code}/attachments/{attachment_id}/snapshots": Example(
        world="attached_resource",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=ATTACHMENT,
        event="catalog:resource:attached",
    ),
    "GET /resources": Example(
        world="draft_resource", who="registrar", visibility="all_departments"
    ),
    "GET /resources/new": Example(
        world="draft_resource", who="registrar", visibility="owner", forbidden="applicant"
    ),
    "POST /resources/new": Example(
        world="draft_resource",
        who="registrar",
        visibility="owner",
        forbidden="applicant",
        body={"title": "幼儿园名录", "class_code": "307001", "share_type": "conditional"},
        event="catalog:resource:registered",
    ),
    "GET /resources/{code}/edit": Example(
        world="draft_resource",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=RESOURCE,
    ),
    "GET /resources/{code}/edit/check": Example(
        world="stored_resource",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=RESOURCE,
    ),
    "GET /resources/{code}/edit/{section}": _SECTION_PAGE,
    "POST /resources/{code}/edit/{section}/discard": _SECTION_PAGE,
    "POST /resources/{code}/edit/{section}": Example(
        world="draft_resource",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=_SECTION,
        body={"title": "中小学校名录（新）", "abstract": "名称和地址"},
        if_match=True,
        event="catalog:resource:edited",
    ),
    "POST /resources/{code}/edit/items/source": Example(
        world="second_collector",
        who="consumer_registrar",
        visibility="owner",
        stranger="registrar",
        path=RESOURCE,
        body={"item": "0"},
        if_match=True,
        event="catalog:resource:edited",
    ),
    "POST /resources/{code}/edit/{section}/draft": Example(
        world="draft_resource",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=_SECTION,
        body={"title": "中小学校名", "abstract": ""},
    ),
}
