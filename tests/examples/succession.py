"""Examples of successions."""

from fixtures.example import Example
from fixtures.people import DEPARTMENTS
from fixtures.succeeding import RULING

_ACT = {"act_no": lambda world: world.act_no}
_SHOW = Example(
    world="merged_provider",
    who="data_admin",
    visibility="parties",
    forbidden="registrar",
    path=_ACT,
)
_NAME = Example(
    world="merged_provider",
    who="data_admin",
    visibility="parties",
    forbidden="reviewer",
    path=_ACT,
    body={**RULING, "kind": "entry", "successor": DEPARTMENTS["civil"][1]},
    event="auth:succession:settled",
)

EXAMPLES = {
    "succession_show": _SHOW,
    "GET /reorganisations/{act_no}/succession": _SHOW,
    "succession_name": _NAME,
    "POST /reorganisations/{act_no}/succession": _NAME,
}
