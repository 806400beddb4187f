"""Examples of sources of data elements: claims, countersigning, the naming."""

from dataclasses import replace

from fixtures.example import CLAIM, ELEMENT, Example, sample

from catalog.sources.schemas import (
    ClaimCreate,
    ClaimDecision,
    ClaimReason,
    CountersignAnswer,
    ExceptedArea,
    ScopeRegister,
)

_SOURCE = Example(
    world="adopted_element", who="applicant", visibility="all_departments", path=ELEMENT
)
_SCOPE = replace(
    _SOURCE,
    who="data_admin",
    forbidden="registrar",
    body=sample(ScopeRegister),
    event="catalog:source:scoped",
)
_CLAIM = replace(
    _SOURCE,
    who="registrar",
    forbidden="applicant",
    body=sample(ClaimCreate),
    event="catalog:source:claimed",
)
_CLAIM_FORM = replace(_SOURCE, who="registrar", forbidden="applicant")
_LIST = Example(world="claimed_source", who="applicant", visibility="all_departments")
_SHOW = replace(_LIST, path=CLAIM)
_WITHDRAW = replace(
    _SHOW, who="registrar", forbidden="data_admin", event="catalog:source:withdrawn"
)
_NAME = replace(_SHOW, who="data_admin", forbidden="registrar")
_ASK = replace(_NAME, world="other_collector", event="catalog:source:countersign_asked")
_SIGN = Example(
    world="countersigned_source",
    who="provider_head",
    visibility="all_departments",
    forbidden="registrar",
    path={**CLAIM, "number": "1"},
    body=sample(CountersignAnswer),
    event="catalog:source:countersigned",
)
_CONFIRM = replace(
    _NAME, if_match=True, body=sample(ClaimDecision), event="catalog:source:confirmed"
)
_REFUSE = replace(_NAME, if_match=True, body=sample(ClaimReason), event="catalog:source:refused")
_END_SCOPE = replace(
    _SCOPE,
    world="scoped_element",
    path={**ELEMENT, "number": lambda world: str(world.scope_number)},
    body=sample(ClaimReason),
    event="catalog:source:scope_ended",
)
_EXCEPT = replace(_NAME, body=sample(ExceptedArea), event="catalog:source:excepted")
_END = replace(_NAME, world="named_source", body=sample(ClaimReason), event="catalog:source:ended")

EXAMPLES = {
    "sources_of_element": _SOURCE,
    "sources_register_scope": _SCOPE,
    "sources_end_scope": _END_SCOPE,
    "source_claims_propose": _CLAIM,
    "source_claims_list": _LIST,
    "sources_coverage": _LIST,
    "source_claims_show": _SHOW,
    "source_claims_withdraw": _WITHDRAW,
    "source_claims_ask": _ASK,
    "source_claims_countersign": _SIGN,
    "source_claims_confirm": _CONFIRM,
    "source_claims_refuse": _REFUSE,
    "source_claims_except": _EXCEPT,
    "source_claims_end": _END,
    "GET /elements/{identifier}/source": _SOURCE,
    "POST /elements/{identifier}/source/scopes": _SCOPE,
    "POST /elements/{identifier}/source/scopes/{number}/ends": _END_SCOPE,
    "GET /elements/{identifier}/source/claim": _CLAIM_FORM,
    "POST /elements/{identifier}/source/claim": _CLAIM,
    "GET /source-claims": _LIST,
    "GET /source-coverage": _LIST,
    "GET /source-coverage/export": _LIST,
    "GET /source-claims/{no}": _SHOW,
    "POST /source-claims/{no}/withdrawals": _WITHDRAW,
    "POST /source-claims/{no}/countersigns": _ASK,
    "POST /source-claims/{no}/countersigns/{number}/answers": _SIGN,
    "POST /source-claims/{no}/decisions": replace(
        _CONFIRM, body={"outcome": "confirmed", "reason": ""}
    ),
    "POST /source-claims/{no}/exceptions": replace(_EXCEPT, world="named_source"),
    "GET /source-claims/{no}/end": replace(_NAME, world="named_source"),
    "POST /source-claims/{no}/end": _END,
}
