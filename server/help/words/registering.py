"""Help for registrars: resources and their data."""

from typing import Final

from server.help.words.topic import Section, Topic
from shuqiao.i18n import _

REGISTER: Final = Topic(
    _("Register data resources"),
    _(
        "For registrars: a data resource is registered once, by the department it comes from, and "
        "kept current."
    ),
    (
        Section(
            _("Register a resource"),
            (
                _(
                    "Open “Registration” and press “New registration”. The entry gets its code and "
                    "is yours alone until "
                    "you submit it."
                ),
                _(
                    "The entry is a list of tasks: basic facts, information items, sharing, "
                    "assessments, data. Do them in "
                    "any order."
                ),
                _(
                    "What you type is saved as a draft by itself, right or wrong; “Save draft” "
                    "does the same at once."
                ),
                _(
                    "“Check and submit” names what is missing, with links to the place. Then the "
                    "department head consents "
                    "and the data administration reviews."
                ),
            ),
        ),
        Section(
            _("Attach the data"),
            (
                _(
                    "Attach a file – CSV, Excel, Parquet, Arrow and others – or a database of your "
                    "department."
                ),
                _(
                    "Look at the preview: encoding, header row and column types are found and can "
                    "be corrected."
                ),
                _(
                    "Confirm. The rows are kept as a fixed edition; a later file makes a new one "
                    "and leaves the old as it "
                    "was."
                ),
            ),
        ),
        Section(
            _("When an entry comes back"),
            (
                _(
                    "You find it on “To do” with the reviewer's remark, and under “Registration” "
                    "as “Returned”."
                ),
                _(
                    "Correct what the remark names and submit again; the reviewers see what "
                    "changed since they looked."
                ),
            ),
        ),
    ),
    ("/resources", _("Registration")),
)
