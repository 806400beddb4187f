"""Examples of working copies, of taking back and of throwing away."""

from fixtures.example import RESOURCE, Example

EXAMPLES = {
    "resources_change": Example(
        world="published_resource",
        who="registrar",
        visibility="all_departments",
        forbidden="head",
        path=RESOURCE,
        if_match=True,
        event="catalog:resource:change_opened",
    ),
    "resources_show_working_copy": Example(
        world="changing_resource",
        who="registrar",
        visibility="owner",
        stranger="applicant",
        path=RESOURCE,
    ),
    "resources_discard_working_copy": Example(
        world="changing_resource",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=RESOURCE,
        if_match=True,
        event="catalog:resource:discarded",
    ),
    "resources_discard": Example(
        world="stored_resource",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=RESOURCE,
        if_match=True,
        event="catalog:resource:discarded",
    ),
    "resources_recall": Example(
        world="submitted_resource",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=RESOURCE,
        if_match=True,
        event="catalog:resource:recalled",
    ),
}
