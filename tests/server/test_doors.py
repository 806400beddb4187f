"""The top bar: who sees which doors, and in which one the reader stands."""

import pytest

import server.pages  # noqa: F401 - it has the slots filled
from shuqiao.subject import Subject
from shuqiao.web import nav


def test_bar_shows_doors_by_role() -> None:
    def doors(*roles: str) -> list[str]:
        subject = Subject(None, "a", "甲", None, "", frozenset(roles), "session")
        return [item.href for item in nav.bar(subject, "/catalog/x", 3)]

    assert [item.href for item in nav.bar(None, "/")] == ["/catalog"]
    assert doors("applicant") == [
        *("/catalog", "/elements", "/lists", "/requests", "/grants", "/desk", "/departments"),
    ]
    assert doors("registrar") == [
        *("/catalog", "/elements", "/lists", "/resources", "/systems", "/desk", "/departments"),
    ]
    assert doors("security_reviewer") == [
        *("/catalog", "/elements", "/lists", "/desk", "/departments", "/trail"),
    ]
    assert doors("system_admin") == ["/desk", "/departments", "/jobs", "/calendars", "/admin/users"]
    assert doors("security_admin") == ["/desk", "/departments", "/admin/users"]
    assert doors() == ["/catalog", "/elements", "/lists", "/desk", "/departments"]
    assert len(doors("data_admin")) == 9
    items = nav.bar(
        Subject(None, "a", "甲", None, "", frozenset({"approver"}), "session"), "/catalog/x", 3
    )
    assert next((item.href, item.is_current, item.badge) for item in items) == (
        "/catalog",
        True,
        None,
    )
    assert [item.badge for item in items if item.href == "/desk"] == [3]
    at_delivery = nav.bar(
        Subject(None, "a", "甲", None, "", frozenset({"applicant"}), "session"), "/deliveries/DL-1"
    )
    assert [item.href for item in at_delivery if item.is_current] == ["/grants"]


@pytest.mark.parametrize(
    ("roles", "path", "current"),
    [
        ({"approver"}, "/requests/REQ-2026-000001/decision", ["/tasks"]),
        ({"approver"}, "/requests/REQ-2026-000001", ["/requests"]),
        ({"applicant"}, "/requests/REQ-2026-000001/decision", ["/requests"]),
        ({"registrar", "department_head"}, "/resources/307001-000001/review", ["/reviews"]),
        ({"registrar"}, "/resources/307001-000001/edit", ["/resources"]),
        ({"system_admin"}, "/jobs/17", ["/jobs"]),
        ({"data_admin"}, "/jobs/17", ["/desk"]),
        ({"system_admin"}, "/storage", ["/jobs"]),
        ({"data_admin"}, "/storage", ["/desk"]),
        ({"applicant"}, "/", []),
    ],
)
def test_the_reader_stands_in_the_nearest_door(
    roles: set[str], path: str, current: list[str]
) -> None:
    subject = Subject(None, "a", "甲", None, "", frozenset(roles), "session")
    assert [item.href for item in nav.bar(subject, path) if item.is_current] == current
