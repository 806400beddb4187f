"""What one page shows: a frozen dataclass whose fields are the names its template knows.

A room keeps it among its ``views``, beside the function that fills it::

    @dataclass(frozen=True, slots=True)
    class WithdrawalPage(Page):
        template = "requests/withdrawal.html"
        form: Form
        row: ShareRequest

So mypy reads what a page is given, and ``tests/pages/test_page_values.py`` what its template takes.
"""

from dataclasses import fields
from typing import Any, ClassVar


class Page:
    """Base of every page."""

    __slots__ = ()

    #: Below a room's ``templates``.
    template: ClassVar[str]
    #: The part that is sent when htmx asks; None: always the whole.
    block: ClassVar[str | None] = None
    #: The answer's status when the page is not shown because of a refusal.
    http_status: ClassVar[int] = 200

    def values(self) -> dict[str, Any]:
        """The names of the template."""
        return {each.name: getattr(self, each.name) for each in fields(self)}  # type: ignore[arg-type]
