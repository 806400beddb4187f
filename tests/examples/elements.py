"""Examples of data elements."""

from collections.abc import Mapping
from dataclasses import replace

from fixtures.example import Example, FromWorld, sample

from catalog.elements.schemas import ElementCreate

_ELEMENT: Mapping[str, FromWorld] = {"identifier": lambda world: world.element_identifier}

_LIST = "数据元名称,定义,数据类型\n在校生数,学年初的人数,I\n"
_IMPORT = Example(
    world="adopted_element",
    who="data_admin",
    visibility="all_departments",
    forbidden="registrar",
    query={"status": "standard"},
    files={
        "file": (
            "list.csv",
            "数据元名称,定义,数据类型\n在校生数,学年初的人数,I\n".encode(),
            "text/csv",
        )
    },
    event="catalog:element:adopted",
)
EXAMPLES = {
    "elements_adopt": Example(
        world="accounts",
        who="data_admin",
        visibility="all_departments",
        forbidden="registrar",
        body=sample(ElementCreate),
        event="catalog:element:adopted",
    ),
    "elements_import": _IMPORT,
    "GET /elements/import": Example(
        world="adopted_element",
        who="data_admin",
        visibility="all_departments",
        forbidden="registrar",
    ),
    "POST /elements/files": replace(_IMPORT, query={}, body={"status": "standard"}),
    "GET /elements/template": Example(
        world="adopted_element",
        who="data_admin",
        visibility="all_departments",
        forbidden="registrar",
    ),
    "elements_list": Example(
        world="adopted_element", who="applicant", visibility="all_departments"
    ),
    "GET /elements/export": Example(
        world="adopted_element", who="applicant", visibility="all_departments"
    ),
    "GET /elements": Example(
        world="adopted_element", who="applicant", visibility="all_departments"
    ),
    "GET /elements/{identifier}": Example(
        world="adopted_element",
        who="applicant",
        visibility="all_departments",
        path={"identifier": lambda world: world.element_identifier},
    ),
    **{
        name: Example(
            world="published_change",
            who="applicant",
            visibility="all_departments",
            path={**_ELEMENT, **more},
            query=query,
        )
        for name, more, query in (
            ("elements_versions", {}, {}),
            ("elements_version", {"number": "2"}, {}),
            ("elements_differences", {}, {"before": "1", "after": "2"}),
            ("GET /elements/{identifier}/versions", {}, {}),
            ("GET /elements/{identifier}/versions/{number}", {"number": "1"}, {}),
        )
    },
    "elements_show": Example(
        world="adopted_element",
        who="applicant",
        visibility="all_departments",
        path={"identifier": lambda world: world.element_identifier},
    ),
}
