"""Examples of list templates and assignments."""

from dataclasses import replace

from fixtures.example import ASSIGNMENT, TEMPLATE, Example, sample

from catalog.assignments.schemas.assignments import (
    AnswersWrite,
    AnswerWrite,
    EntryChoice,
    EntryOpen,
    Reassigning,
    WayWrite,
)
from catalog.assignments.schemas.templates import Assigning, TemplateHead, TemplateWrite

_LINE = {**TEMPLATE, "position": "3"}
_FILE = {"file": ("lines.csv", "名称,上级目录代码\n学籍信息,150000-JY-0009\n".encode(), "text/csv")}

_TEMPLATES = Example(world="issued_template", who="registrar", visibility="parties")
_WRITE = Example(
    world="organised",
    who="data_admin",
    visibility="parties",
    forbidden="registrar",
    body=sample(TemplateWrite),
    event="catalog:list_template:written",
)
_TEMPLATE = replace(_TEMPLATES, stranger="applicant", path=TEMPLATE)
_EDIT = Example(
    world="drafted_template",
    who="data_admin",
    visibility="parties",
    stranger="registrar",
    forbidden="reviewer",
    path=TEMPLATE,
    body=sample(TemplateWrite),
    if_match=True,
    event="catalog:list_template:edited",
)
_IMPORT = replace(_EDIT, body=None, files=_FILE)
_ISSUE = replace(_EDIT, body=None, event="catalog:assignment:made")
_ASSIGN = replace(
    _EDIT,
    world="issued_template",
    stranger="applicant",
    forbidden="registrar",
    path=_LINE,
    body=sample(Assigning),
    if_match=False,
    event="catalog:assignment:made",
)
_CLOSE = replace(
    _ASSIGN, path=TEMPLATE, body=None, if_match=True, event="catalog:list_template:closed"
)
_LIST = _TEMPLATES
_SHOW = replace(_LIST, stranger="consumer_registrar", path=ASSIGNMENT)
_ANSWER = replace(
    _SHOW,
    forbidden="head",
    body=sample(AnswerWrite),
    if_match=True,
    event="catalog:assignment:claimed",
)
_ALL = replace(
    _ANSWER,
    stranger="applicant",
    forbidden=None,
    path={},
    body=sample(AnswersWrite),
    if_match=False,
)
_REASSIGN = replace(
    _SHOW,
    world="refused_assignment",
    who="data_admin",
    forbidden="registrar",
    body=sample(Reassigning),
    if_match=True,
    event="catalog:assignment:reassigned",
)
_ACCEPT = replace(_REASSIGN, body=None, event="catalog:assignment:accepted")
_TAKE_BACK = replace(_ACCEPT, world="issued_template", event="catalog:assignment:withdrawn")
_DESCRIBE = replace(
    _ANSWER,
    world="claimed_assignment",
    body=sample(WayWrite),
    event="catalog:assignment:described",
)
_OPEN = replace(_DESCRIBE, body=sample(EntryOpen), event="catalog:assignment:registered")
_BIND = replace(
    _OPEN, world="begun_entry", body=sample(EntryChoice), event="catalog:assignment:bound"
)
_AT = "POST /assignments/{no}"
_PAGE = "/list-templates/{no}"

EXAMPLES = {
    "list_templates_list": _TEMPLATES,
    "GET /list-templates": _TEMPLATES,
    "GET /list-templates/sheet": _TEMPLATES,
    "list_templates_write": _WRITE,
    "GET /list-templates/new": replace(_WRITE, body=None, event=None),
    "POST /list-templates/new": replace(_WRITE, body=sample(TemplateHead)),
    "list_templates_show": _TEMPLATE,
    f"GET {_PAGE}": _TEMPLATE,
    "list_templates_edit": _EDIT,
    f"GET {_PAGE}/edit": replace(_EDIT, body=None, if_match=False, event=None),
    f"POST {_PAGE}/edit": replace(_EDIT, body=sample(TemplateHead)),
    "list_templates_import": _IMPORT,
    f"POST {_PAGE}/files": replace(_IMPORT, body={"text": ""}),
    "list_templates_issue": _ISSUE,
    f"POST {_PAGE}/issues": _ISSUE,
    "list_templates_assign": _ASSIGN,
    f"POST {_PAGE}/lines/{{position}}/assignments": replace(
        _ASSIGN, body={"departments": sample(Assigning)["departments"][0]}
    ),
    "list_templates_close": _CLOSE,
    f"POST {_PAGE}/closings": _CLOSE,
    "assignments_list": _LIST,
    "GET /assignments": _LIST,
    "GET /assignments/export": _LIST,
    "assignments_board": _LIST,
    "GET /assignments/board": _LIST,
    "GET /assignments/board/export": _LIST,
    "assignments_answer_all": _ALL,
    "POST /assignments/answers": _ALL,
    "assignments_show": _SHOW,
    "GET /assignments/{no}": _SHOW,
    "assignments_answer": _ANSWER,
    f"{_AT}/answers": _ANSWER,
    "assignments_reassign": _REASSIGN,
    f"{_AT}/reassignments": _REASSIGN,
    "assignments_accept": _ACCEPT,
    f"{_AT}/acceptances": _ACCEPT,
    "assignments_take_back": _TAKE_BACK,
    f"{_AT}/withdrawals": _TAKE_BACK,
    "assignments_describe": _DESCRIBE,
    f"{_AT}/way": _DESCRIBE,
    "assignments_bind": _BIND,
    f"{_AT}/entry": _BIND,
    "assignments_open_entry": _OPEN,
    f"{_AT}/entries": _OPEN,
}
