"""Examples of data elements."""

from fixtures.example import Example, sample

from catalog.elements.schemas import ElementCreate

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
    "elements_show": Example(
        world="adopted_element",
        who="applicant",
        visibility="all_departments",
        path={"identifier": lambda world: world.element_identifier},
    ),
}
