"""Examples of data elements."""

from collections.abc import Mapping

from fixtures.example import Example, FromWorld, sample

from catalog.elements.schemas import ElementCreate

_ELEMENT: Mapping[str, FromWorld] = {"identifier": lambda world: world.element_identifier}

EXAMPLES = {
    "elements_adopt": Example(
        world="accounts",
        who="data_admin",
        visibility="all_departments",
        forbidden="registrar",
        body=sample(ElementCreate),
        event="catalog:element:adopted",
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
