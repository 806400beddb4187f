"""Examples of background jobs."""

from fixtures.example import JOB, Example

_LIST = Example(world="active_grant", who="system_admin", visibility="owner", forbidden="registrar")
_SHOW = Example(
    world="active_grant", who="system_admin", visibility="owner", forbidden="registrar", path=JOB
)
_RETRY = Example(
    world="parked_job",
    who="system_admin",
    visibility="owner",
    forbidden="data_admin",
    path=JOB,
    event="server:job:retried",
)

EXAMPLES = {
    "jobs_list": _LIST,
    "GET /jobs": _LIST,
    "jobs_show": _SHOW,
    "GET /jobs/{number}": _SHOW,
    "jobs_retry": _RETRY,
    "POST /jobs/{number}/retries": _RETRY,
}
