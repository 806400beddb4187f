"""Examples of attaching files and tables, by program."""

from fixtures.example import ATTACHMENT, RESOURCE, Example, sample

from catalog.attachments.schemas import ReadingCreate, RelationAttach

_READING = Example(
    world="attached_resource",
    who="registrar",
    visibility="owner",
    forbidden="head",
    stranger="applicant",
    path=ATTACHMENT,
    body=sample(ReadingCreate),
    event="catalog:resource:attached",
)

_CSV = "code,name\n0101,一小\n0102,二小\n".encode()

EXAMPLES = {
    "resources_attach": Example(
        world="draft_resource",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=RESOURCE,
        files={"file": ("学校.csv", _CSV, "text/csv")},
        event="catalog:resource:attached",
    ),
    "resources_show_attachment": Example(
        world="attached_resource",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=ATTACHMENT,
    ),
    "resources_read_again": _READING,
    "resources_make_snapshot": _READING,
    "resources_attach_table": Example(
        world="connected",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=RESOURCE,
        # Made for each world: it holds no text that a second body could differ in.
        body=lambda _world: sample(RelationAttach),
        event="catalog:resource:attached",
    ),
}
