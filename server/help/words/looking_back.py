"""Help for reviewers: the audit trail."""

from typing import Final

from server.help.words.topic import Section, Topic
from shuqiao.i18n import _

LOOK_BACK: Final = Topic(
    _("Read and verify the audit trail"),
    _(
        "For security reviewers and audit administrators: who did what to which case, and whether "
        "the record is whole."
    ),
    (
        Section(
            _("Search"),
            (
                _(
                    "Open “Audit”. Write a query, or open “Choose in a form”, which writes it for "
                    "you. Filters stay in "
                    "the address."
                ),
                _("A line opens the record: who, from where, by which rule, and what changed."),
                _("Every look at the trail is an event of the trail itself."),
            ),
        ),
        Section(
            _("Verify without this service"),
            (
                _("Export the events you found, or the whole trail."),
                _(
                    "On a machine of your own, run: shuqiao audit verify FILE. It names the first "
                    "record that does not fit."
                ),
                _(
                    "The trail is tamper-evident once a checkpoint is kept elsewhere: keep an "
                    "export outside this service."
                ),
            ),
        ),
    ),
    ("/trail", _("Audit")),
)
