"""Examples of information systems and their census."""

from fixtures.example import SYSTEM, Example, sample
from fixtures.people import DEPARTMENTS

from catalog.systems.schemas import CensusOpen, SystemCreate, SystemMove, SystemUpdate

_REGISTER = Example(
    world="organised",
    who="registrar",
    visibility="parties",
    forbidden="applicant",
    body=sample(SystemCreate),
    event="catalog:system:registered",
)
_LIST = Example(world="registered_system", who="registrar", visibility="parties")
_SHOW = Example(
    world="registered_system",
    who="registrar",
    visibility="parties",
    stranger="applicant",
    path=SYSTEM,
)
_EDIT = Example(
    world="registered_system",
    who="registrar",
    visibility="parties",
    forbidden="data_admin",
    stranger="consumer_registrar",
    path=SYSTEM,
    body=sample(SystemUpdate),
    if_match=True,
    event="catalog:system:edited",
)
_MOVE = Example(
    world="registered_system",
    who="registrar",
    visibility="parties",
    forbidden="head",
    stranger="consumer_registrar",
    path=SYSTEM,
    body=sample(SystemMove),
    if_match=True,
    event="catalog:system:stopping",
)

_YEAR = {"year": "2026"}
_DEPARTMENT = {"code": DEPARTMENTS["education"][1]}
_CONFIRM = Example(
    world="open_census",
    who="registrar",
    visibility="parties",
    forbidden="head",
    stranger="consumer_registrar",
    path={"no": "IS-2026-000002"},
    if_match=True,
    event="catalog:system:confirmed",
)
_OPEN = Example(
    world="registered_system",
    who="data_admin",
    visibility="parties",
    forbidden="registrar",
    body=sample(CensusOpen),
    event="catalog:census:asked",
)
_CENSUSES = Example(
    world="open_census", who="registrar", visibility="parties", forbidden="applicant"
)
_CENSUS = Example(
    world="open_census",
    who="registrar",
    visibility="parties",
    forbidden="applicant",
    path=_YEAR,
)
_REPORT = Example(
    world="open_census",
    who="consumer_registrar",
    visibility="parties",
    forbidden="applicant",
    path=_YEAR,
    event="catalog:census:reported",
)
_CLOSE = Example(
    world="open_census",
    who="data_admin",
    visibility="parties",
    forbidden="registrar",
    path=_YEAR,
    event="catalog:census:closed",
)
_SHEET = Example(
    world="registered_system",
    who="data_admin",
    visibility="parties",
    stranger="applicant",
    path=_DEPARTMENT,
)

EXAMPLES = {
    "systems_coverage": _LIST,
    "GET /systems/coverage": _LIST,
    "GET /systems/coverage/export": _LIST,
    "GET /systems/{no}/sheet": _SHOW,
    "GET /systems/{no}/sheet/export": _SHOW,
    "GET /departments/{code}/sheet": _SHEET,
    "GET /departments/{code}/sheet/export": _SHEET,
    "systems_confirm": _CONFIRM,
    "POST /systems/{no}/confirmations": _CONFIRM,
    "census_list": _CENSUSES,
    "GET /systems/census": _CENSUSES,
    "census_open": _OPEN,
    "POST /systems/census": _OPEN,
    "census_show": _CENSUS,
    "GET /systems/census/{year}": _CENSUS,
    "census_report": _REPORT,
    "POST /systems/census/{year}/reports": _REPORT,
    "census_close": _CLOSE,
    "POST /systems/census/{year}/closings": _CLOSE,
    "systems_register": _REGISTER,
    "GET /systems/new": Example(
        world="organised", who="registrar", visibility="parties", forbidden="applicant"
    ),
    "POST /systems/new": _REGISTER,
    "systems_list": _LIST,
    "GET /systems": _LIST,
    "systems_show": _SHOW,
    "GET /systems/{no}": _SHOW,
    "systems_edit": _EDIT,
    "GET /systems/{no}/edit": Example(
        world="registered_system",
        who="registrar",
        visibility="parties",
        forbidden="data_admin",
        stranger="consumer_registrar",
        path=SYSTEM,
    ),
    "POST /systems/{no}/edit": _EDIT,
    "systems_move": _MOVE,
    "POST /systems/{no}/states": _MOVE,
}
