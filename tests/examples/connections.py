"""Examples of connections to databases of departments."""

from fixtures.example import Example

_TABLE = {"alias": "edu", "schema_name": "public", "table_name": "school"}

EXAMPLES = {
    "connections_list": Example(
        world="connected", who="registrar", visibility="owner", forbidden="applicant"
    ),
    "connections_test": Example(
        world="connected",
        who="registrar",
        visibility="owner",
        stranger="consumer_registrar",
        path={"alias": "edu"},
        event="catalog:connection:tested",
    ),
    "connections_relations": Example(
        world="connected",
        who="registrar",
        visibility="owner",
        stranger="consumer_registrar",
        path={"alias": "edu"},
    ),
    "connections_relation": Example(
        world="connected",
        who="registrar",
        visibility="owner",
        stranger="consumer_registrar",
        path=_TABLE,
    ),
}
