"""Examples of information systems."""

from fixtures.example import SYSTEM, Example, sample

from catalog.systems.schemas import SystemCreate, SystemMove, SystemUpdate

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

EXAMPLES = {
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
