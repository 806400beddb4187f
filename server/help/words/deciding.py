"""Help for sharing heads and approvers."""

from typing import Final

from server.help.words.topic import Section, Topic
from shuqiao.i18n import _

DECIDE: Final = Topic(
    _("Consent, review and decide"),
    _(
        "For department heads, the data administration, approvers and sharing heads: every "
        "decision has a clock and a "
        "name."
    ),
    (
        Section(
            _("Entries of the catalogue"),
            (
                _(
                    "“Reviews” lists the entries that wait for you. The page shows what changed "
                    "since the last edition, "
                    "and the checks."
                ),
                _(
                    "A department head consents; then a data administrator publishes. Either may "
                    "return the entry, saying "
                    "what to correct."
                ),
            ),
        ),
        Section(
            _("Requests"),
            (
                _(
                    "“Approvals” lists what waits for you, the most urgent first, and what you "
                    "have dealt with."
                ),
                _("A sharing head of the applying department consents before a request leaves it."),
                _(
                    "An approver of the providing department prepares the reply item by item: "
                    "granted, granted with a "
                    "mask or a row filter, or refused with a coded reason."
                ),
                _(
                    "The providing department's sharing head releases the reply. Only then is "
                    "anything granted."
                ),
            ),
        ),
        Section(
            _("What the rules see to"),
            (
                _("Nobody decides a request of their own or of their own department."),
                _(
                    "Silence approves nothing: what is not acted on becomes overdue and is called "
                    "up."
                ),
                _(
                    "A grant can be revoked on its page, with a reason; a transfer that is running "
                    "stops within a second."
                ),
            ),
            is_ordered=False,
        ),
    ),
    ("/tasks", _("Approvals")),
)
