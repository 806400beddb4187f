"""Values for the examples of the document.

A body's example stands on its schema (:func:`shuqiao.texts.example`), a parameter's on the
parameter, where it has one of its own. What is called the same everywhere has its values here, and
so has what an address names.
"""

from copy import deepcopy
from typing import Any, Final

from pydantic import BaseModel

GRANT_NO: Final = "GR-2026-000001"
_REQUEST_NO: Final = "REQ-2026-000001"
#: The part of an address that names one thing → such a name.
_PLACES: Final = {
    "/seat-changes/{no}": "SE-2026-000001",
    "/departments/{code}": "11150000009900021B",
    "/duties/{duty_no}": "DU-2026-000001",
    "/areas/{code}": "150271",
    "/lists/{kind}": "responsibility",
    "/users/{account}": "applicant",
    "/tokens/{token_id}": "019a9e5c-0000-7000-8000-000000000031",
    "/sessions/{session_id}": "00000000-0000-7000-8000-000000000000",
    "/domains/{identifier}": "VD-000001",
    "/elements/{identifier}": "DE-000001",
    "/systems/census/{year}": 2026,
    "/reorganisations/{act_no}": "RO-2026-000001",
    "/systems/{no}": "IS-2026-000001",
    "/collection-checks/{no}": "CK-2026-000001",
    "/fields/{position}": 1,
    "/repeated-forms/{no}": "RF-2026-000001",
    "/connections/{alias}": "edu",
    "/relations/{schema_name}": "public",
    "/{schema_name}/{table_name}": "school",
    "/resources/{code}": "307001-000001",
    "/catalog/{code}": "307001-000001",
    "/attachments/{attachment_id}": "019a9e5c-0000-7000-8000-000000000021",
    "/editions/{number}": 2,
    "/duplicates/{suspicion}": "019a9e5c-0000-7000-8000-000000000041",
    "/list-templates/{no}": "LT-2026-000001",
    "/lines/{position}": 1,
    "/assignments/{no}": "AS-2026-000001",
    "/source-claims/{no}": "SC-2026-000001",
    "/demands/{no}": "DM-2026-000001",
    "/source-conflicts/{no}": "CF-2026-000001",
    "/negative-entries/{no}": "NE-2026-000001",
    "/negative-contests/{no}": "NC-2026-000001",
    "/countersigns/{number}": 1,
    "/source/scopes/{number}": 3,
    "/change-events/{no}": "CE-2026-000001",
    "/update-causes/{no}": "UC-2026-000001",
    "/element-proposals/{no}": "EP-2026-000001",
    "/versions/{number}": 1,
    "/calendars/{year}": 2026,
    "/requests/{no}": _REQUEST_NO,
    "/grants/{no}": GRANT_NO,
    "/consultations/{no}": "CO-2026-000001",
    "/deliveries/{no}": "DL-2026-000001",
    "/jobs/{number}": 1,
}
#: Other parameters by their name.
PARAMETERS: Final[dict[str, Any]] = {
    "limit": 50,
    "q": "学校",
    "if-none-match": '"v1"',
    "version": 1,
    "idempotency-key": "20261122-0001",
    "if-match": '"v1"',
    "grant_no": GRANT_NO,
    "from": "2026-02-01",
    "to": "2026-02-28",
    "action": "exchange:request:approved",
    "actor": "gongan.shenqing",
    "result": "allow",
    "stream": _REQUEST_NO,
    "object": GRANT_NO,
    "provider": ["11150000009900021B"],
    "share_type": ["conditional"],
    "unread": True,
    "column": ["学校名称"],
    "month": "2026-02",
}


def of_body(model: type[BaseModel]) -> dict[str, Any]:
    """The example of a body, in the order in which its schema tells it."""
    stated: Any = model.model_config.get("json_schema_extra")
    return deepcopy(dict(stated["examples"][0]))


def of_parameter(path: str, parameter: dict[str, Any]) -> Any:
    """An example for a parameter of the operation at ``path``; None when none would help.

    ``parameter`` is as FastAPI describes it.
    """
    name = parameter["name"]
    if parameter["in"] == "path":
        end = "/{" + name + "}"
        return next(
            value for place, value in _PLACES.items() if place in path and place.endswith(end)
        )
    own = parameter["schema"].get("examples")
    return own[0] if own else PARAMETERS.get(name)
