"""Examples of value domains."""

from dataclasses import replace

from fixtures.example import Example, sample
from fixtures.listed import DIVISIONS, EDITION, csv_of

from catalog.domains.schemas import DomainCreate

_DOMAIN = {"identifier": "VD-000001"}
_TWO = {"before": "1", "after": "2"}
_LIST = Example(world="imported_domain", who="applicant", visibility="all_departments")
_SHOW = replace(_LIST, path=_DOMAIN)
_CREATE = Example(
    world="accounts",
    who="data_admin",
    visibility="all_departments",
    forbidden="registrar",
    body=sample(DomainCreate),
    event="catalog:domain:created",
)
_FORM = replace(_LIST, who="data_admin", path=_DOMAIN, forbidden="registrar")
_IMPORT = replace(
    _FORM,
    files={"file": ("list.csv", csv_of(DIVISIONS), "text/csv")},
    event="catalog:domain:imported",
)
_NEXT = {**EDITION, "label": "2026", "in_force_from": "2026-01-01"}

EXAMPLES = {
    "domains_list": _LIST,
    "GET /domains": _LIST,
    "domains_create": _CREATE,
    "POST /domains": replace(_CREATE, body={"name": "民族代码"}),
    "domains_show": _SHOW,
    "GET /domains/{identifier}": _SHOW,
    "domains_codes": _SHOW,
    "GET /domains/{identifier}/editions/{number}": replace(_SHOW, path={**_DOMAIN, "number": "1"}),
    "domains_differences": replace(_SHOW, query=_TWO),
    "GET /domains/{identifier}/differences": replace(_SHOW, query=_TWO),
    "domains_import": replace(_IMPORT, query=_NEXT),
    "GET /domains/{identifier}/import": _FORM,
    "POST /domains/{identifier}/editions/files": replace(_IMPORT, body=_NEXT),
}
