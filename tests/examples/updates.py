"""Examples of changes of law or duties, and of more time for updating the entry."""

from fixtures.example import CHANGE, RESOURCE, Example, sample

from catalog.updates.schemas import (
    ChangeCreate,
    Dismissal,
    EntryNaming,
    ExtensionAsk,
    ExtensionDecision,
)

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

_BOARD = Example(world="changed_law", who="registrar", visibility="all_departments")
_REACH = Example(
    world="published_resource", who="registrar", visibility="owner", forbidden="applicant"
)
_CAUSE = Example(
    world="published_resource",
    who="data_admin",
    visibility="owner",
    forbidden="applicant",
    body=lambda world: {
        "kind": "law",
        "on": "2026-02-10",
        "basis": "《义务教育法》修改",
        "codes": [world.resource_code],
    },
    event="catalog:update:recorded",
)
_DATA = Example(
    world="published_resource",
    who="registrar",
    visibility="owner",
    forbidden="applicant",
    body={
        "kind": "new_data",
        "on": "2026-02-10",
        "basis": "校车管理系统上线",
        "data.0.name": "校车运行信息",
    },
    event="catalog:update:recorded",
)
_CAUSE_SHOW = Example(
    world="new_data",
    who="registrar",
    visibility="parties",
    stranger="applicant",
    path={"no": lambda world: world.cause_no},
)
_NAME = Example(
    world="new_data",
    who="registrar",
    visibility="parties",
    forbidden="data_admin",
    stranger="applicant",
    path=CHANGE,
    body=sample(EntryNaming),
    event="catalog:update:entry_named",
)
_DISMISS = Example(
    world="changed_law",
    who="data_admin",
    visibility="parties",
    forbidden="registrar",
    stranger="applicant",
    path=CHANGE,
    body=sample(Dismissal),
    event="catalog:update:dismissed",
)

EXAMPLES = {
    "updates_list": _BOARD,
    "updates_figures": _BOARD,
    "GET /updates": _BOARD,
    "GET /updates/export": _BOARD,
    "update_causes_reach": _REACH,
    "GET /update-causes/new": _REACH,
    "GET /update-causes/new-data": _REACH,
    "update_causes_record": _CAUSE,
    "POST /update-causes/new": _CAUSE,
    "POST /update-causes/new-data": _DATA,
    "update_causes_show": _CAUSE_SHOW,
    "GET /update-causes/{no}": _CAUSE_SHOW,
    "change_events_name_entry": _NAME,
    "POST /change-events/{no}/entry": _NAME,
    "change_events_dismiss": _DISMISS,
    "POST /change-events/{no}/dismissal": _DISMISS,
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
