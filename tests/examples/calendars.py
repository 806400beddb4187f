"""Examples of working-day calendars."""

from fixtures.announced import NOTICE, csv_of, days
from fixtures.example import Example

_YEAR = {"year": "2026"}
_NEW = {"year": "2027"}
_LIST = Example(world="accounts", who="system_admin", visibility="all_departments")
_SHOW = Example(world="accounts", who="applicant", visibility="all_departments", path=_YEAR)
_FILE = {"file": ("2027.csv", csv_of(days()), "text/csv")}

EXAMPLES = {
    "calendars_list": _LIST,
    "GET /calendars": _LIST,
    "calendars_show": _SHOW,
    "GET /calendars/{year}": _SHOW,
    "calendars_load": Example(
        world="accounts",
        who="system_admin",
        visibility="all_departments",
        forbidden="data_admin",
        path=_NEW,
        body={**NOTICE, "days": days()},
        event="desk:calendar:loaded",
    ),
    "calendars_load_file": Example(
        world="accounts",
        who="system_admin",
        visibility="all_departments",
        forbidden="data_admin",
        path=_NEW,
        query=NOTICE,
        files=_FILE,
        event="desk:calendar:loaded",
    ),
    "POST /calendars/files": Example(
        world="accounts",
        who="system_admin",
        visibility="all_departments",
        forbidden="data_admin",
        body={**NOTICE, "year": "2027"},
        files=_FILE,
        event="desk:calendar:loaded",
    ),
}
