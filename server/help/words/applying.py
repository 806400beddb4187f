"""Help for applicants: find data, ask for it, fetch it."""

from typing import Final

from server.help.words.topic import Section, Topic
from shuqiao.i18n import _

APPLY: Final = Topic(
    _("Find data and apply"),
    _(
        "For applicants: find what another department holds, ask for what your work needs, fetch "
        "what was granted."
    ),
    (
        Section(
            _("Find"),
            (
                _(
                    "Search in “Catalogue”. All words must be found; the name of an information "
                    "item is enough."
                ),
                _(
                    "Open a resource: its items, share type, conditions, source department and "
                    "update cycle are on its "
                    "tabs."
                ),
            ),
        ),
        Section(
            _("Apply"),
            (
                _(
                    "Press “Apply for sharing”. Choose the items your work needs and no more; "
                    "state basis, scenario, "
                    "scope, way and term."
                ),
                _(
                    "Check your answers and submit. Your department's sharing head consents; from "
                    "then on the statutory "
                    "working days run."
                ),
                _(
                    "The request's page shows who acts next, the due date and how it was counted. "
                    "You can withdraw a "
                    "request until it is decided."
                ),
            ),
        ),
        Section(
            _("Fetch"),
            (
                _(
                    "When the grant is active, its page under “Grants and deliveries” has code to "
                    "copy for Python, sq, "
                    "DuckDB and curl."
                ),
                _(
                    "Programs need a service token: “My account”, “New token”. It is shown once, "
                    "with the profile file "
                    "that Python and sq read."
                ),
                _(
                    "Every delivery has a page with rows, bytes and the receipt by which it can be "
                    "verified."
                ),
            ),
        ),
    ),
    ("/catalog", _("Catalogue")),
)
