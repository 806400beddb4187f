"""Examples of changes of law or duties, and of more time for updating the entry."""

from fixtures.example import CHANGE, RESOURCE, Example, sample

from catalog.updates.schemas import ChangeCreate, ExtensionAsk, ExtensionDecision

_RECORD = Example(
    world="published_resource",
    who="registrar",
    visibility="all_departments",
    forbidden="applicant",
    path=RESOURCE,
    body=sample(ChangeCreate),
    event="catalog:update:recorded",
)
_FORM = Example(
    world="published_resource",
    who="registrar",
    visibility="all_departments",
    forbidden="applicant",
    path=RESOURCE,
)
_SHOW = Example(
    world="changed_law",
    who="registrar",
    visibility="parties",
    stranger="applicant",
    path=CHANGE,
)
_ASK = Example(
    world="changed_law",
    who="registrar",
    visibility="parties",
    forbidden="data_admin",
    stranger="applicant",
    path=CHANGE,
    body=sample(ExtensionAsk),
    event="catalog:update:extension_asked",
)
_DECIDE = Example(
    world="asked_extension",
    who="data_admin",
    visibility="parties",
    forbidden="registrar",
    stranger="applicant",
    path=CHANGE,
    body=sample(ExtensionDecision),
    event="catalog:update:extended",
)

EXAMPLES = {
    "change_events_record": _RECORD,
    "GET /resources/{code}/change-events": _FORM,
    "POST /resources/{code}/change-events": _RECORD,
    "change_events_show": _SHOW,
    "GET /change-events/{no}": _SHOW,
    "change_events_ask": _ASK,
    "POST /change-events/{no}/extensions": _ASK,
    "change_events_decide": _DECIDE,
    "POST /change-events/{no}/decisions": _DECIDE,
}
