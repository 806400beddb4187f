"""Examples of the three lists."""

from fixtures.example import Example

_READ = Example(world="published_resource", who="applicant", visibility="all_departments")


def _of(kind: str) -> Example:
    return Example(
        world="published_resource",
        who="applicant",
        visibility="all_departments",
        path={"kind": kind},
    )


#: What came back: the heads of the list, and no line of it.
_SHEET = ("责任清单.csv", "资源代码,信息项\n307001/000009,没有\n".encode(), "text/csv")
_RETURNED = Example(
    world="published_resource",
    who="applicant",
    visibility="all_departments",
    path={"kind": "responsibility"},
    files={"file": _SHEET},
)

EXAMPLES = {
    "lists_summary": _READ,
    "lists_responsibility": _READ,
    "lists_negative": _READ,
    "lists_demand": _READ,
    "lists_frequent": _READ,
    "lists_versions": _READ,
    "lists_compare": _of("responsibility"),
    "lists_check_sheet": _RETURNED,
    "GET /lists": _READ,
    "GET /lists/responsibility": _READ,
    "GET /lists/negative": _READ,
    "GET /lists/demand": _READ,
    "GET /lists/frequent": _READ,
    "GET /lists/frequent/export": _READ,
    "GET /lists/versions": _READ,
    "GET /lists/notice": _READ,
    "GET /lists/{kind}/comparison": _of("negative"),
    "GET /lists/{kind}/export": _of("responsibility"),
    "GET /lists/{kind}/returned": _of("responsibility"),
    "POST /lists/{kind}/returned": _RETURNED,
}
