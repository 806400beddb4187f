"""Examples of what departments keep on the disk."""

from fixtures.example import Example

_SHOW = Example(world="active_grant", who="system_admin", visibility="owner", forbidden="registrar")

EXAMPLES = {"storage_show": _SHOW, "GET /storage": _SHOW}
