"""Refusals of the trail."""

from shuqiao.errors import Invalid
from shuqiao.i18n import _


class QueryRefused(Invalid):
    """A query that cannot be read; every mistake is named."""

    code = "trail_query_refused"
    title = _("The query cannot be read")
