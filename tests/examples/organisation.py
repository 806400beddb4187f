"""Examples of departments, duties, acts and areas."""

from fixtures.example import Example, sample
from fixtures.people import DEPARTMENTS

from auth.areas.schemas import AreaEnd, AreaRegister
from auth.departments.schemas import DepartmentDescribe, DepartmentQuota
from auth.duties.schemas import DutyEnd, DutyRecord
from auth.reorganisations.schemas import ReorganisationRecord

_PROVIDER = {"code": DEPARTMENTS["education"][1]}
_DUTY = {**_PROVIDER, "duty_no": "DU-2026-000001"}
_AREA = {"code": "150271"}
_TREE = Example(world="organised", who="applicant", visibility="all_departments", query={"q": "厅"})
_ONE = Example(world="organised", who="applicant", visibility="all_departments", path=_PROVIDER)
_DESCRIBING = Example(
    world="organised",
    who="data_admin",
    visibility="all_departments",
    forbidden="system_admin",
    path=_PROVIDER,
    body=sample(DepartmentDescribe),
    if_match=True,
    versioned="/departments/{code}",
    event="auth:department:described",
)
_QUOTA = Example(
    world="organised",
    who="system_admin",
    visibility="all_departments",
    forbidden="data_admin",
    path=_PROVIDER,
    body=sample(DepartmentQuota),
    if_match=True,
    versioned="/departments/{code}",
    event="auth:department:quota_set",
)
_NEW_DUTY = Example(
    world="organised",
    who="data_admin",
    visibility="all_departments",
    forbidden="system_admin",
    path=_PROVIDER,
    body=sample(DutyRecord),
    event="auth:duty:recorded",
)
_DUTY_END = Example(
    world="organised",
    who="data_admin",
    visibility="all_departments",
    forbidden="registrar",
    path=_DUTY,
    body=sample(DutyEnd),
    event="auth:duty:ended",
)
_ACTS = Example(world="organised", who="reviewer", visibility="all_departments")
_ACT = Example(
    world="organised",
    who="system_admin",
    visibility="all_departments",
    forbidden="data_admin",
    body=sample(ReorganisationRecord),
    event="auth:department:merged",
)
_AREAS = Example(
    world="organised", who="applicant", visibility="all_departments", query={"q": "包头"}
)
_NEW_AREA = Example(
    world="organised",
    who="data_admin",
    visibility="all_departments",
    forbidden="system_admin",
    body=sample(AreaRegister) | {"code": "150272"},
    event="auth:area:registered",
)
_AREA_END = Example(
    world="organised",
    who="data_admin",
    visibility="all_departments",
    forbidden="applicant",
    path=_AREA,
    body=sample(AreaEnd),
    event="auth:area:ended",
)


def _asked(of: Example) -> Example:
    """The form of the same change, before anything is typed."""
    return Example(
        world=of.world,
        who=of.who,
        visibility=of.visibility,
        forbidden=of.forbidden,
        path=of.path,
    )


EXAMPLES = {
    "departments_list": _TREE,
    "GET /departments": _TREE,
    "departments_show": _ONE,
    "GET /departments/{code}": _ONE,
    "departments_describe": _DESCRIBING,
    "GET /departments/{code}/description": _asked(_DESCRIBING),
    "POST /departments/{code}/description": _DESCRIBING,
    "departments_set_quota": _QUOTA,
    "GET /departments/{code}/quota": _asked(_QUOTA),
    "POST /departments/{code}/quota": _QUOTA,
    "duties_list": _ONE,
    "duties_record": _NEW_DUTY,
    "GET /departments/{code}/duties/new": _asked(_NEW_DUTY),
    "POST /departments/{code}/duties/new": _NEW_DUTY,
    "duties_end": _DUTY_END,
    "GET /departments/{code}/duties/{duty_no}/end": _asked(_DUTY_END),
    "POST /departments/{code}/duties/{duty_no}/end": _DUTY_END,
    "reorganisations_list": _ACTS,
    "GET /reorganisations": _ACTS,
    "reorganisations_record": _ACT,
    "GET /reorganisations/new": _asked(_ACT),
    "POST /reorganisations/new": Example(
        world="organised",
        who="system_admin",
        visibility="all_departments",
        forbidden="data_admin",
        body={
            **sample(ReorganisationRecord),
            "before": DEPARTMENTS["civil"][1],
            "after": DEPARTMENTS["police"][1],
        },
        event="auth:department:merged",
    ),
    "areas_list": _AREAS,
    "GET /areas": _AREAS,
    "areas_show": Example(
        world="organised", who="applicant", visibility="all_departments", path=_AREA
    ),
    "areas_register": _NEW_AREA,
    "GET /areas/new": _asked(_NEW_AREA),
    "POST /areas/new": _NEW_AREA,
    "areas_end": _AREA_END,
    "GET /areas/{code}/end": _asked(_AREA_END),
    "POST /areas/{code}/end": _AREA_END,
}
