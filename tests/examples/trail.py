"""Examples of reading the trail and taking it out."""

from fixtures.example import Example, sample

from server.trail.schemas import AuditExportCreate

_EVENTS = Example(
    world="accounts",
    who="reviewer",
    visibility="all_departments",
    forbidden="applicant",
    event="audit:trail:read",
)

_RECEIVED = Example(
    world="active_grant",
    who="reviewer",
    visibility="all_departments",
    forbidden="applicant",
    query={"resource": lambda world: world.resource_code},
    event="audit:trail:read",
)

EXAMPLES = {
    "audit_receipts_list": _RECEIVED,
    "GET /trail/received": _RECEIVED,
    "audit_events_list": _EVENTS,
    "GET /trail": _EVENTS,
    "audit_exports_create": Example(
        world="accounts",
        who="reviewer",
        visibility="all_departments",
        forbidden="applicant",
        body=sample(AuditExportCreate),
        event="audit:trail:exported",
    ),
    "GET /trail/{event_id}": Example(
        world="accounts",
        who="reviewer",
        visibility="all_departments",
        forbidden="applicant",
        path={"event_id": lambda world: str(world.event_id)},
        event="audit:trail:read",
    ),
    "POST /trail/exports": Example(
        world="accounts",
        who="reviewer",
        visibility="all_departments",
        forbidden="applicant",
        body={"q": ""},
        event="audit:trail:exported",
    ),
}
