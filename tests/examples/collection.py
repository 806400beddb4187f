"""Examples of checks before collecting, and of reports of repeated forms."""

from dataclasses import replace

from fixtures.example import Example, sample

from catalog.collection.schemas import (
    CheckCreate,
    CheckHead,
    FieldCorrect,
    RepeatAnswer,
    RepeatCreate,
)

_NO = {"no": "CK-2026-000001"}
_REPORT_NO = {"no": "RF-2026-000001"}
_FILE = {"file": ("表.csv", "学校代码,家庭年收入\n1,2\n".encode(), "text/csv")}
_MAKE = Example(
    world="published_resource",
    who="applicant",
    visibility="parties",
    forbidden="approver",
    body=sample(CheckCreate),
    event="catalog:collection:checked",
)
_LIST = Example(world="checked_form", who="applicant", visibility="parties")
_SHOW = Example(
    world="checked_form", who="applicant", visibility="parties", stranger="registrar", path=_NO
)
_CONCLUDE = replace(
    _SHOW, forbidden="data_admin", if_match=True, event="catalog:collection:concluded"
)
_FIELD = {**_NO, "position": "2"}
_CORRECT = replace(
    _CONCLUDE,
    path=_FIELD,
    body={**sample(FieldCorrect), "resource_code": lambda world: world.resource_code},
    versioned="/collection-checks/{no}",
    event="catalog:collection:corrected",
)
_REPORT = Example(
    world="grass_roots",
    who="applicant",
    visibility="parties",
    forbidden="approver",
    body=sample(RepeatCreate),
    event="catalog:repeat:reported",
)
_REPEATS = Example(world="repeated_form", who="applicant", visibility="parties")
_REPEAT = replace(_REPEATS, path=_REPORT_NO, stranger="registrar")
_ANSWER = replace(
    _REPEAT,
    who="data_admin",
    forbidden="applicant",
    if_match=True,
    body=sample(RepeatAnswer),
    event="catalog:repeat:answered",
)

EXAMPLES = {
    "collection_checks_list": _LIST,
    "GET /collection-checks": _LIST,
    "collection_checks_make": _MAKE,
    "collection_checks_make_of_file": replace(
        _MAKE, body=None, files=_FILE, query=sample(CheckHead)
    ),
    "GET /collection-checks/new": replace(_MAKE, body=None, event=None),
    "POST /collection-checks/files": replace(
        _MAKE, body={"title": "登记表", "kind": "form", "fields": ""}, files=_FILE
    ),
    "collection_checks_show": _SHOW,
    "GET /collection-checks/{no}": _SHOW,
    "collection_checks_correct": _CORRECT,
    "GET /collection-checks/{no}/fields/{position}": replace(
        _SHOW, path=_FIELD, forbidden="data_admin"
    ),
    "POST /collection-checks/{no}/fields/{position}": replace(
        _CORRECT, body={"resource_code": "", "item": ""}
    ),
    "collection_checks_conclude": _CONCLUDE,
    "POST /collection-checks/{no}/conclusions": replace(_CONCLUDE, body={}),
    "repeated_forms_list": _REPEATS,
    "GET /repeated-forms": _REPEATS,
    "repeated_forms_report": _REPORT,
    "GET /repeated-forms/new": replace(_REPORT, body=None, event=None),
    "POST /repeated-forms/new": replace(
        _REPORT, body={"asked_by": "市民政局", "form_name": "季度报表", "fields": "户主姓名"}
    ),
    "repeated_forms_show": _REPEAT,
    "GET /repeated-forms/{no}": _REPEAT,
    "repeated_forms_answer": _ANSWER,
    "POST /repeated-forms/{no}/answers": _ANSWER,
}
